"""Marks of a Kivy window for a bench outside: a line when a touch reaches the handlers and when a frame is submitted.

The same probe sits in the baseline and in the kiosk, so what it costs is on both sides. It never changes what is drawn.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any


def mark(word: str) -> None:
    sys.stdout.write(f"{word} {time.monotonic_ns()}\n")
    sys.stdout.flush()


def attach(window: Any) -> None:
    """`touch`: Kivy hands a touch to the widgets; `frame`: a frame is submitted to GL; with BENCH_DRAWN also `drawn`:
    GL has finished it (asking makes it wait, so that is a run of its own)."""
    window.bind(on_touch_down=lambda *_: mark("touch"))
    window.bind(on_flip=lambda *_: _frame())


def _frame() -> None:
    mark("frame")
    if os.environ.get("BENCH_DRAWN"):
        from ctypes import CDLL

        CDLL("libGL.so.1").glFinish()
        mark("drawn")
