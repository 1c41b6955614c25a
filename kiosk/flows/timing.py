"""How long things may stand, by look: idle, warning, finished pages. Numbers only (DESIGN promise 5, WCAG 2.2.1)."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

WARNING = timedelta(seconds=30)
ABOUT_EVERY = timedelta(seconds=15)  # the waiting page's hours and free places
ABOUT_AGAIN = timedelta(seconds=1)  # while the hall does not answer: it heals within a second of coming back
ABOUT_LOST = timedelta(seconds=20)  # an answer that never comes back from our own station
STARTING = timedelta(seconds=15)  # how long a silent hall is "getting ready" rather than away
LOST_SLIP = timedelta(seconds=60)
PAPER_SILENT = timedelta(seconds=30)  # a print job always ends; should its end get lost, the number stays on the screen
CLOCKS_APART = timedelta(seconds=60)


def idle(look: str) -> timedelta:
    """Until the warning."""
    return timedelta(seconds=120 if look == "elder" else 60)


def finished(look: str, paper: str) -> timedelta:
    """How long a finished page stands: without paper the number has to be noted down."""
    return timedelta(seconds=60 if paper == "screen" else 40 if look == "elder" else 20)


def seconds_left(until: datetime, now: datetime) -> int:
    """Whole seconds as a countdown shows them: 20 at the start, 1 in the last second."""
    return max(0, ceil((until - now).total_seconds()))


def next_second(until: datetime, now: datetime) -> datetime:
    """When the countdown's number changes next."""
    return until - timedelta(seconds=max(0, seconds_left(until, now) - 1))
