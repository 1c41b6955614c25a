"""Finds the printer hall.toml names among the entry points and opens it; what cannot be opened is a state, and never
prints."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import cast

from devices.paper import Slip
from devices.plugs import Absent, Find, find, plugged
from devices.ports import Changed, DevicePlan, DeviceStatus
from devices.printers.port import Ending, OpenPrinter, PrintEnd, Printer

PRINTERS = "hall_kiosk.printers"


class NoPrinter(Absent):
    """In the place of a printer that could not be loaded or opened."""

    def print(self, job: str, slip: Slip, begun: Callable[[], None] | None = None) -> Future[PrintEnd]:
        del job, slip, begun
        end: Future[PrintEnd] = Future()
        end.set_result(PrintEnd(Ending.FAILED, self._status.reason or "absent"))
        return end

    def probe(self) -> Future[DeviceStatus]:
        end: Future[DeviceStatus] = Future()
        end.set_result(self._status)
        return end


def open_printer(plan: DevicePlan, changed: Changed, find: Find = find) -> Printer:
    """The printer `plan` describes, or a stand-in that says why not."""

    def opened(driver: object) -> Printer:
        return cast("OpenPrinter", driver)(plan, changed)

    return plugged(PRINTERS, plan.driver, opened, partial(NoPrinter, plan.name), find)
