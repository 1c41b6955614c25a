"""The one source of time. Whoever needs to know what time it is, is handed a `Clock`; nothing else asks the system.

It never judges whether the time is right: that is the hall's business (`kiosk.hall`).
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present, aware, in the hall's zone whatever the process's zone is."""
        ...

    def monotonic(self) -> float:
        """Seconds that only ever grow, from no particular beginning."""
        ...


class SystemClock:
    """The machine's own clock."""

    def __init__(self, zone: str | ZoneInfo = "Asia/Shanghai") -> None:
        """`zone`: an IANA name."""
        self._zone = zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)

    def now(self) -> datetime:
        """The present in the hall's zone."""
        return datetime.now(self._zone)

    def monotonic(self) -> float:
        """Seconds since some start."""
        return time.monotonic()


class FakeClock:
    """A clock that stands until it is moved: for tests, the tour and the simulation."""

    def __init__(self, start: datetime) -> None:
        """`start` must be aware; its zone is kept."""
        if start.tzinfo is None:
            message = "a clock starts at an aware time"
            raise ValueError(message)
        self._now = start
        self._elapsed = 0.0

    def now(self) -> datetime:
        """Where it stands."""
        return self._now

    def monotonic(self) -> float:
        """Seconds it has been advanced by."""
        return self._elapsed

    def advance(self, by: timedelta) -> None:
        """Time passes. `by` may not be negative: a clock set back is `set`."""
        if by < timedelta(0):
            message = "time passes forwards; a clock that is wrong is set"
            raise ValueError(message)
        self._now += by
        self._elapsed += by.total_seconds()

    def set(self, now: datetime) -> None:
        """Somebody changes the clock; no time passes."""
        self._now = now.astimezone(self._now.tzinfo)
