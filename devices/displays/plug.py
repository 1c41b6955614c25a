"""Finds the display driver hall.toml names among the entry points and opens its port; what cannot be opened is a state.

Whatever a third party's driver raises while loading or opening is caught here and becomes a stand-in that says why and
shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from devices.displays.port import DisplayPlan, Displays, Hears, OpenDisplays, Showing
from devices.plugs import Find, find
from devices.ports import DeviceStatus, Health
from devices.transport import BadConnection

DISPLAYS = "hall_kiosk.displays"


class NoDisplays:
    """In the place of a port whose driver could not be loaded or opened."""

    def __init__(self, plan: DisplayPlan, status: DeviceStatus) -> None:
        self._plan, self._status = plan, status

    @property
    def name(self) -> str:
        return self._plan.name

    @property
    def status(self) -> DeviceStatus:
        return self._status

    @property
    def hears(self) -> Mapping[str, Hears]:
        return dict.fromkeys(self._plan.addresses, Hears.UNKNOWN)

    def show(self, window: str, showing: Showing, *, call: bool = False) -> None:
        """Nothing is there to show it."""

    def close(self) -> None:
        """Nothing is held."""


def open_displays(plan: DisplayPlan, changed: Callable[[], None], find: Find = find) -> Displays:
    """The port `plan` describes, or a stand-in that says why not."""
    try:
        point = find(DISPLAYS, plan.driver)
        if point is None:
            return NoDisplays(plan, DeviceStatus(Health.BROKEN, "driver-missing", plan.driver))
        return cast("OpenDisplays", point.load())(plan, changed)
    except Exception as error:  # noqa: BLE001 - a driver of anyone's may raise anything
        reason = "bad-connection" if isinstance(error, BadConnection) else "driver-failed"
        return NoDisplays(plan, DeviceStatus(Health.BROKEN, reason, f"{type(error).__name__}: {error}"))
