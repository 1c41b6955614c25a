"""Virtual scanners, shipped: one in this process (`virtual`), and one behind a real pseudo-terminal for the real
driver.

They scan what they are told to, garbage included, and can be unplugged and plugged in again. They judge
nothing.
"""

from __future__ import annotations

import contextlib
import os
import pty
import tty
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from devices.ports import Changed, DevicePlan, DeviceStatus, Health


class VirtualScanner:
    """A scanner in this process: `scan` is what a resident does with it."""

    def __init__(self, plan: DevicePlan, line: Callable[[str], None]) -> None:
        self._plan, self._line = plan, line

    @property
    def name(self) -> str:
        return self._plan.name

    @property
    def status(self) -> DeviceStatus:
        return DeviceStatus(Health.OK)

    def scan(self, text: str) -> None:
        self._line(text)

    def probe(self) -> Future[DeviceStatus]:
        end: Future[DeviceStatus] = Future()
        end.set_result(self.status)
        return end

    def close(self) -> None:
        """Nothing is held."""


class PtyScanner:
    """A scanner plugged in at `path`, a link to a pseudo-terminal as /dev/serial/by-id has them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ends: tuple[int, int] | None = None
        self.plug_in()

    def plug_in(self) -> None:
        """Appear, under a new device name each time as USB does."""
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        os.set_blocking(ours, False)
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(theirs))
        self._ends = (ours, theirs)

    def unplug(self) -> None:
        if self._ends is not None:
            self.path.unlink(missing_ok=True)
            for end in self._ends:
                os.close(end)
            self._ends = None

    def scan(self, text: str) -> None:
        self.send(text.encode() + b"\r\n")

    def send(self, data: bytes) -> int:
        """Bytes as they are; how many the port took (nobody may be reading)."""
        assert self._ends is not None
        with contextlib.suppress(BlockingIOError):
            return os.write(self._ends[0], data)
        return 0


def open_scanner(plan: DevicePlan, line: Callable[[str], None], changed: Changed) -> VirtualScanner:
    """The entry point `virtual`."""
    del changed  # it never changes
    return VirtualScanner(plan, line)
