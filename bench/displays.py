"""From a call to its last byte at the window's board, beyond the frame's own time on the wire.

Real driver, virtual boards behind a pseudo-terminal at 9600 baud, an idle bus where all answer. The baseline is the
same frame written straight to such a port in the same run.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.figures import Figure, median, percentile
from devices.displays.boards import crc16
from devices.displays.plug import open_displays
from devices.displays.port import DisplayPlan, Face, Showing
from devices.displays.virtual import VirtualDisplays

BAUD = 9600
_BYTES = {"modbus-led485": 13, "ascii-dollar": 10}


def calls_on(path: Path, protocol: str, *, calls: int) -> list[float]:
    """Milliseconds beyond the wire's time, one for each call."""
    beyond = []
    with VirtualDisplays(path, protocol, (1, 2), baud=BAUD) as boards:
        plan = DisplayPlan("bench", protocol, str(path), BAUD, {"1": 1, "2": 2}, {"spacing": "0.01"})
        driver = open_displays(plan, lambda: None)
        try:
            _wait(lambda: driver.status.reason is None)
            for at in range(calls):
                number = f"A{at:03}"
                before = len(boards.frame_ends)
                called = time.perf_counter()
                driver.show(str(1 + at % 2), Showing(Face.NUMBER, number), call=True)
                _wait(lambda before=before: len(boards.frame_ends) > before)
                beyond.append((boards.frame_ends[before] - called - _BYTES[protocol] * 10 / BAUD) * 1000)
                time.sleep(0.08)  # idle again: answers and repeats are over
        finally:
            driver.close()
    return beyond


def bare(path: Path, *, calls: int) -> list[float]:
    """The same for a frame written straight to the port."""
    beyond = []
    with VirtualDisplays(path, "modbus-led485", (1,), baud=BAUD) as boards:
        port = os.open(path, os.O_RDWR | os.O_NOCTTY)
        for at in range(calls):
            body = bytes.fromhex("01 10 00 70 00 02 04") + f"A{at:03}".encode()
            frame = body + crc16(body).to_bytes(2, "little")
            before = len(boards.frame_ends)
            called = time.perf_counter()
            os.write(port, frame)
            _wait(lambda before=before: len(boards.frame_ends) > before)
            beyond.append((boards.frame_ends[before] - called - len(frame) * 10 / BAUD) * 1000)
            time.sleep(0.03)
        os.close(port)
    return beyond


def measure(*, calls: int = 100) -> Iterator[Figure]:
    """Both kinds of protocol beside the bare port."""
    with TemporaryDirectory() as folder:
        straight = bare(Path(folder) / "bare", calls=calls)
        for protocol in _BYTES:
            found = calls_on(Path(folder) / protocol, protocol, calls=calls)
            yield Figure(
                f"call to last byte, {protocol}, p50 / p95", "≤ 10 ms beyond the wire's time",
                f"+{median(straight):.1f} / +{percentile(straight, 0.95):.1f} ms",
                f"+{median(found):.1f} / +{percentile(found, 0.95):.1f} ms", percentile(found, 0.95) <= 10)


def _wait(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not true():
        if time.monotonic() > end:
            raise RuntimeError("nothing came")
        time.sleep(0.001)
