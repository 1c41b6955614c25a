"""Displays to test with: a driver on virtual boards."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from devices.displays.plug import open_displays
from devices.displays.port import DisplayPlan, Displays, Face, Showing
from devices.displays.virtual import VirtualDisplays
from tests.devices.helpers import until

PROTOCOLS = ("modbus-led485", "ascii-dollar", "binary4", "cd5220")
SENT_ONLY = PROTOCOLS[1:]
THREE = {"1": 1, "2": 2, "3": 3}
A023 = Showing(Face.NUMBER, "A023")
A024 = Showing(Face.NUMBER, "A024")
PAUSED = Showing(Face.PAUSED)
CLOSED = Showing(Face.CLOSED)
FREE = Showing(Face.FREE)


def plan(protocol: str, port: Path | str, windows: dict[str, int], baud: int = 9600, **options: str) -> DisplayPlan:
    return DisplayPlan("窗口屏", protocol, str(port), baud, windows, options)


@contextlib.contextmanager
def driving(made: DisplayPlan) -> Iterator[Displays]:
    driver = open_displays(made, lambda: None)
    try:
        yield driver
    finally:
        driver.close()


def windows_of(protocol: str) -> dict[str, int]:
    return {"2": 0} if protocol == "cd5220" else THREE


@contextlib.contextmanager
def bench(
    tmp_path: Path, protocol: str, *, baud: int = 0, **options: str
) -> Iterator[tuple[VirtualDisplays, Displays]]:
    """Boards and their driver, the port open."""
    windows = windows_of(protocol)
    path = tmp_path / "by-id"
    with VirtualDisplays(path, protocol, windows.values(), baud=baud) as boards, \
            driving(plan(protocol, path, windows, baud or 9600, **options)) as driver:
        assert until(lambda: driver.status.reason is None)
        yield boards, driver


def shows(boards: VirtualDisplays, protocol: str, number: str, window: str = "2") -> bool:
    """Whether the window's board shows this number, as its protocol can."""
    text = boards.text(windows_of(protocol)[window])
    return text == str(int(number[1:])) if protocol == "binary4" else number in text
