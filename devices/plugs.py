"""What all kinds of devices share in finding the driver that hall.toml names and opening it; what cannot be opened is a
state.

A third party's driver is found as ours are. Whatever it raises while loading or opening is caught here and becomes a
stand-in that says why; what that refuses is its kind's own (`devices.printers.plug`, `devices.scanners.plug`, …).
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from typing import TypeVar

from devices.ports import DeviceStatus, Health

T = TypeVar("T")

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
