"""Finds the driver hall.toml names among the entry points and opens its device; what cannot be opened is a state.

A third party's driver is found as ours are. Whatever it raises while loading or opening is caught here and becomes a
stand-in device that says why, refuses politely and never prints.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar, cast

from devices.paper import Slip
from devices.ports import (
    Changed,
    DevicePlan,
    DeviceStatus,
    Ending,
    Health,
    OpenPrinter,
    OpenScanner,
    PrintEnd,
    Printer,
    Scanner,
)

T = TypeVar("T")

PRINTERS = "hall_kiosk.printers"
SCANNERS = "hall_kiosk.scanners"
Find = Callable[[str, str], EntryPoint | None]


class Absent:
    """In the place of a device whose driver could not be loaded or opened."""

    def __init__(self, name: str, status: DeviceStatus) -> None:
        self._name, self._status = name, status

    @property
    def name(self) -> str:
        return self._name

    @property
    def status(self) -> DeviceStatus:
        return self._status

    def close(self) -> None:
        """Nothing is held."""


class StandIn(Absent):
    """Printer and scanner both."""

    def print(self, job: str, slip: Slip, begun: Callable[[], None] | None = None) -> Future[PrintEnd]:
        del job, slip, begun
        end: Future[PrintEnd] = Future()
        end.set_result(PrintEnd(Ending.FAILED, self._status.reason or "absent"))
        return end

    def probe(self) -> Future[DeviceStatus]:
        end: Future[DeviceStatus] = Future()
        end.set_result(self._status)
        return end


def find(group: str, driver: str) -> EntryPoint | None:
    """The installed entry point `driver` of `group`."""
    return next(iter(entry_points(group=group, name=driver)), None)


def plugged(
    group: str, driver: str, opened: Callable[[object], T], instead: Callable[[DeviceStatus], T], find: Find = find
) -> T:
    """What `opened` makes of the entry point `driver` of `group`; of one that is not there or fails, `instead`."""
    try:
        point = find(group, driver)
        if point is None:
            return instead(DeviceStatus(Health.BROKEN, "driver-missing", driver))
        return opened(point.load())
    except Exception as error:  # noqa: BLE001 - a driver of anyone's may raise anything
        reason = "bad-connection" if type(error).__name__ == "BadConnection" else "driver-failed"
        return instead(DeviceStatus(Health.BROKEN, reason, f"{type(error).__name__}: {error}"))


def open_printer(plan: DevicePlan, changed: Changed, find: Find = find) -> Printer:
    """The printer `plan` describes, or a stand-in that says why not."""

    def opened(driver: object) -> Printer:
        return cast("OpenPrinter", driver)(plan, changed)

    return plugged(PRINTERS, plan.driver, opened, partial(StandIn, plan.name), find)


def open_scanner(plan: DevicePlan, line: Callable[[str], None], changed: Changed, find: Find = find) -> Scanner:
    """The scanner `plan` describes, or a stand-in that says why not."""

    def opened(driver: object) -> Scanner:
        return cast("OpenScanner", driver)(plan, line, changed)

    return plugged(SCANNERS, plan.driver, opened, partial(StandIn, plan.name), find)
