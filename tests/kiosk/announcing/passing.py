"""Time that goes by while it is waited."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from kiosk.clock import FakeClock


def until(clock: FakeClock, true: Callable[[], bool], seconds: float = 25.0) -> bool:
    """Wait while the hall's clock goes by, five times as fast as time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
        clock.advance(timedelta(seconds=0.05))
    return True
