"""Finds the driver hall.toml names among the entry points and opens its device; what cannot be opened is a state.

A third party's driver is found as ours are. Whatever it raises while loading or opening is caught here and becomes a
stand-in device that says why, refuses politely and never prints.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from importlib.metadata import EntryPoint, entry_points
from typing import cast

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

PRINTERS = "hall_kiosk.printers"
SCANNERS = "hall_kiosk.scanners"
Find = Callable[[str, str], EntryPoint | None]


class StandIn:
    """In the place of a device whose driver could not be loaded or opened; printer and scanner both."""

    def __init__(self, name: str, status: DeviceStatus) -> None:
        self._name, self._status = name, status

    @property
    def name(self) -> str:
        return self._name

    @property
    def status(self) -> DeviceStatus:
        return self._status

    def print(self, job: str, slip: Slip, begun: Callable[[], None] | None = None) -> Future[PrintEnd]:
        del job, slip, begun
        end: Future[PrintEnd] = Future()
        end.set_result(PrintEnd(Ending.FAILED, self._status.reason or "absent"))
        return end

    def probe(self) -> Future[DeviceStatus]:
        end: Future[DeviceStatus] = Future()
        end.set_result(self._status)
        return end

    def close(self) -> None:
        """Nothing is held."""


def find(group: str, driver: str) -> EntryPoint | None:
    """The installed entry point `driver` of `group`."""
    return next(iter(entry_points(group=group, name=driver)), None)


def open_printer(plan: DevicePlan, changed: Changed, find: Find = find) -> Printer:
    """The printer `plan` describes, or a stand-in that says why not."""
    opener, trouble = _load(PRINTERS, plan, find)
    if opener is None:
        return StandIn(plan.name, trouble)
    try:
        return cast("OpenPrinter", opener)(plan, changed)
    except Exception as error:  # noqa: BLE001 - a driver of anyone's may raise anything
        return StandIn(plan.name, _trouble(error))


def open_scanner(plan: DevicePlan, line: Callable[[str], None], changed: Changed, find: Find = find) -> Scanner:
    """The scanner `plan` describes, or a stand-in that says why not."""
    opener, trouble = _load(SCANNERS, plan, find)
    if opener is None:
        return StandIn(plan.name, trouble)
    try:
        return cast("OpenScanner", opener)(plan, line, changed)
    except Exception as error:  # noqa: BLE001
        return StandIn(plan.name, _trouble(error))


def _load(group: str, plan: DevicePlan, find: Find) -> tuple[object | None, DeviceStatus]:
    try:
        point = find(group, plan.driver)
        if point is None:
            return None, DeviceStatus(Health.BROKEN, "driver-missing", plan.driver)
        return point.load(), DeviceStatus(Health.OK)
    except Exception as error:  # noqa: BLE001
        return None, _trouble(error)


def _trouble(error: Exception) -> DeviceStatus:
    reason = "bad-connection" if type(error).__name__ == "BadConnection" else "driver-failed"
    return DeviceStatus(Health.BROKEN, reason, f"{type(error).__name__}: {error}")
