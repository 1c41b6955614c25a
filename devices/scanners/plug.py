"""Finds the scanner hall.toml names among the entry points and opens it; what cannot be opened is a state, and reads
nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import cast

from devices.plugs import Absent, Find, find, plugged
from devices.ports import Changed, DevicePlan, DeviceStatus
from devices.scanners.port import OpenScanner, Scanner

SCANNERS = "hall_kiosk.scanners"


class NoScanner(Absent):
    """In the place of a scanner that could not be loaded or opened."""

    def probe(self) -> Future[DeviceStatus]:
        end: Future[DeviceStatus] = Future()
        end.set_result(self._status)
        return end


def open_scanner(plan: DevicePlan, line: Callable[[str], None], changed: Changed, find: Find = find) -> Scanner:
    """The scanner `plan` describes, or a stand-in that says why not."""

    def opened(driver: object) -> Scanner:
        return cast("OpenScanner", driver)(plan, line, changed)

    return plugged(SCANNERS, plan.driver, opened, partial(NoScanner, plan.name), find)
