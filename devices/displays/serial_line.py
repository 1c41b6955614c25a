"""A serial line to displays that never answer: a frame goes out whole within its deadline, then has the wire to itself.

It waits out each frame's own time on the wire, so that nothing queues up in the kernel in front of a call; what comes
in (an adapter's echo, noise) is read and thrown away. Protocols are functions that make frames.
"""

from __future__ import annotations

import contextlib
import termios
import time
from collections.abc import Callable

from devices.displays.bus import Bus, Said
from devices.displays.port import DisplayPlan, Showing
from devices.transport import Wire, open_wire, parse

WRITE_S = 1.0
_OPEN_S = 1.0
_GAP_S = 0.005  # boards tell frames apart by silence

Frame = Callable[[str, int, Showing], bytes]
"""(window id, address on the bus, what to show) → the bytes that say so."""


class SentOnlyLine:
    """See `devices.displays.bus.Line`. `hello` goes out before the first frame."""

    def __init__(self, wire: Wire, frame: Frame, hello: bytes = b"") -> None:
        self._wire, self._frame, self._hello = wire, frame, hello

    def send(self, window: str, address: int, showing: Showing) -> Said:
        data = self._hello + self._frame(window, address, showing)
        self.check()
        self._wire.write_all(data, WRITE_S + self._wire.seconds(len(data)))
        self._hello = b""
        time.sleep(self._wire.seconds(len(data)) + _GAP_S)
        return Said.SENT

    def check(self) -> None:
        """Raises `WireLost`. Bounded: a port that never stops talking is not listened to for long."""
        for _ in range(16):
            if not self._wire.read(0):
                return

    def close(self) -> None:
        # closing a serial port waits for what is still in it: 30 s, if the other end has stopped taking bytes
        with contextlib.suppress(OSError, termios.error):
            termios.tcflush(self._wire.fileno(), termios.TCOFLUSH)
        self._wire.close()


def connection(plan: DisplayPlan) -> str:
    """The plan's port as `devices.transport` reads it: a path, or a whole serial://… or tcp://… (a serial server)."""
    return plan.port if "://" in plan.port else f"serial://{plan.port}?baud={plan.baud}"


def open_sent_only(plan: DisplayPlan, changed: Callable[[], None], frame: Frame, hello: bytes = b"") -> Bus:
    """A bus of displays that never answer. Raises `BadConnection`."""
    address = parse(connection(plan))

    def open_line() -> SentOnlyLine:
        return SentOnlyLine(open_wire(address, _OPEN_S), frame, hello)

    return Bus(plan, open_line, changed)


