"""How long somebody will wait: an expectation with its uncertainty, and the two round numbers that people are told.

From what windows have just shown: how long one call takes them, how many of them serve the line, how long each has been
busy, and how far earlier guesses were off. Fewer than five calls, no window, or the lunch break: nothing is said. All
times are milliseconds; nothing here knows a clock or a ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt
from typing import NamedTuple

FEWEST = 5
"""Calls without which nothing is said."""
SPANS = 60
"""The latest calls whose length counts."""
ERRORS = 200
"""The latest guesses whose error counts."""
_TRUSTED = 30  # guesses from which their own errors are believed alone
_STEP_MIN = 5
_HALF, _NINE = -0.1, 1.35  # where half and nine of ten of a skewed sum lie, in spreads: before errors are known


class Server(NamedTuple):
    """A window that serves the line. `busy_ms`: since when it has served somebody, None while it is free; `share`: how
    much of it the line gets, 1 for all."""

    busy_ms: int | None
    share: float


class Guess(NamedTuple):
    """What is expected, and its standard deviation."""

    mean: int
    spread: int


def expect(spans: Sequence[int], servers: Sequence[Server], ahead: int) -> Guess | None:
    """The wait of one who has `ahead` before them; `spans`: from a call to the next one at the same window, the newest
    first. None when the data are thin."""
    power = sum(server.share for server in servers)
    if len(spans) < FEWEST or power <= 0:
        return None
    known = spans[:SPANS]
    mean = sum(known) / len(known)
    variance = sum((span - mean) ** 2 for span in known) / (len(known) - 1)
    free = sum(server.share for server in servers if server.busy_ms is None)
    if free > ahead:
        return Guess(0, round(mean / 4))
    first = _first(known, mean, servers)
    turns = max(0.0, ahead - free)
    expected = first + turns * mean / power
    doubt = expected * sqrt(variance / len(known)) / mean if mean else 0.0
    return Guess(round(expected), max(1, round(sqrt((turns + 1) * variance / power**2 + doubt**2))))


def bounds(guess: Guess, errors: Sequence[float]) -> tuple[float, float]:
    """Below which half and nine of ten waits end. `errors`: (was - guessed) / spread of the latest guesses."""
    half, nine = _HALF, _NINE
    if errors:
        known = sorted(errors[:ERRORS])
        trust = min(1.0, len(known) / _TRUSTED)
        half = trust * _at(known, 0.5) + (1 - trust) * half
        nine = trust * _at(known, 0.9) + (1 - trust) * nine
    low = max(0.0, guess.mean + half * guess.spread)
    return low, max(low, guess.mean + nine * guess.spread)


def rounded(low: float, high: float) -> tuple[int, int]:
    """Minutes as people are told them: up to the next five."""
    return _up(low), max(_up(low), _up(high))


def _first(spans: Sequence[int], mean: float, servers: Sequence[Server]) -> float:
    """Until the first of the busy windows calls: each is expected to take what longer calls took beyond where it is."""
    pace = 0.0
    for server in servers:
        so_far = server.busy_ms or 0
        longer = [span - so_far for span in spans if span > so_far]
        left = sum(longer) / len(longer) if longer else mean / 2
        pace += server.share / max(left, 1.0)
    return 1 / pace if pace else mean


def _at(ordered: Sequence[float], share: float) -> float:
    """The quantile, between its neighbours."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _up(ms: float) -> int:
    return max(_STEP_MIN, ceil(ms / 60_000 / _STEP_MIN) * _STEP_MIN)
