"""Finds the display driver hall.toml names among the entry points and opens its port; what cannot be opened is a state.

Whatever a third party's driver raises while loading or opening is caught here and becomes a stand-in that says why and
shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

from devices.displays.port import DisplayPlan, Displays, Hears, OpenDisplays, Showing
from devices.plugs import Absent, Find, find, plugged
from devices.ports import DeviceStatus

DISPLAYS = "hall_kiosk.displays"


class NoDisplays(Absent):
    """In the place of a port whose driver could not be loaded or opened."""

    def __init__(self, plan: DisplayPlan, status: DeviceStatus) -> None:
        super().__init__(plan.name, status)
        self._plan = plan

    @property
    def hears(self) -> Mapping[str, Hears]:
        return dict.fromkeys(self._plan.addresses, Hears.UNKNOWN)

    def show(self, window: str, showing: Showing, *, call: bool = False) -> None:
        """Nothing is there to show it."""


def open_displays(plan: DisplayPlan, changed: Callable[[], None], find: Find = find) -> Displays:
    """The port `plan` describes, or a stand-in that says why not."""

    def opened(driver: object) -> Displays:
        return cast("OpenDisplays", driver)(plan, changed)

    return plugged(DISPLAYS, plan.driver, opened, partial(NoDisplays, plan), find)
