"""How long somebody will wait: an expectation with its uncertainty, and the two round numbers that people are told.

From what windows have just shown: how long one call takes them, how many of them serve the line, how long each has been
busy, and how far earlier guesses were off. Fewer than five calls, no window, or the lunch break: nothing is said. All
times are milliseconds; nothing here knows a clock or a ledger. It says in a code and facts what an estimate rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, sqrt
from typing import NamedTuple

from kiosk.rules.bar import Bar
from kiosk.rules.calling import RATES

FEWEST = 5
"""Calls without which nothing is said."""
SPANS = 200
"""The latest calls whose length counts."""
ERRORS = 200
"""The latest guesses whose error counts."""
# A day's errors go together (one slow clerk, one long break), so two hundred of them are worth fewer than they look.
_DOUBTED = 300
_STEP_MIN = 5
_HALF, _NINE = -0.1, 1.9  # where half and nine of ten waits end, in spreads, over many simulated days


class Server(NamedTuple):
    """A window that serves the line. `busy_ms`: since when it has served somebody, None while it is free; `share`: how
    much of it the line gets, 1 for all."""

    busy_ms: int | None
    share: float


class Past(NamedTuple):
    """A call that was. `since`: from when its waiting counted; `ended` None while it lasts; `guess` and `spread` as
    they were when its number was taken."""

    window: str
    since: int
    called: int
    ended: int | None
    taken: int
    guess: int | None
    spread: int | None


class Pace(NamedTuple):
    """How a line goes: mean and variance of a call's span over so many, how many windows' worth serve it, how many of
    these are free, and when the first of the others is expected to call."""

    mean: float
    variance: float
    calls: int
    power: float
    free: float
    first: float


class Reach(NamedTuple):
    """Where half and nine of ten waits end, in spreads from what was expected."""

    half: float
    nine: float


class Guess(NamedTuple):
    """What is expected, and its standard deviation."""

    mean: int
    spread: int


def learned(calls: Iterable[tuple[str, Past]]) -> dict[str, tuple[list[int], list[float]]]:
    """What past calls of all lines, the newest first, say of each: how long a call keeps a window, and how far guesses
    were off. A window is kept until its next call if that one waited already: its clerk was away, or on the way."""
    lines: dict[str, tuple[list[int], list[float]]] = {}
    following: dict[str, Past] = {}
    for line, past in calls:
        spans, errors = lines.setdefault(line, ([], []))
        after = following.get(past.window)
        if past.ended is not None:
            waited = after is not None and after.since <= past.ended
            spans.append((after.called if waited and after is not None else past.ended) - past.called)
        if past.guess is not None and past.spread and past.since == past.taken:
            errors.append((past.called - past.taken - past.guess) / past.spread)
        following[past.window] = past
    return lines


def pace(spans: Sequence[int], servers: Sequence[Server]) -> Pace | None:
    """How a line goes at a moment; `spans`: from a call to the next one at the same window, the newest first. None when
    the data are thin."""
    power = sum(server.share for server in servers)
    if len(spans) < FEWEST or power <= 0:
        return None
    known = spans[:SPANS]
    mean = sum(known) / len(known)
    variance = sum((span - mean) ** 2 for span in known) / (len(known) - 1)
    free = sum(server.share for server in servers if server.busy_ms is None)
    return Pace(mean, variance, len(known), power, free, _first(known, mean, servers))


def explain(spans: Sequence[int], servers: Sequence[Server]) -> Bar:
    """What a line's estimates rest on, or why there is none."""
    if not servers:
        return Bar("wait-no-window")
    if len(spans) < FEWEST:
        return Bar("wait-thin", {"calls": len(spans), "fewest": FEWEST})
    known = spans[:SPANS]
    minutes = max(1, round(sum(known) / len(known) / 60_000))
    return Bar("wait-why", {"calls": len(known), "minutes": minutes, "windows": len(servers)})


def expect(line: Pace, ahead: float) -> Guess:
    """The wait of one who has `ahead` before them."""
    if line.free > ahead:
        return Guess(0, max(1, round(line.mean / 4)))
    turns = max(0.0, ahead - line.free)
    expected = line.first + turns * line.mean / line.power
    doubt = expected * sqrt(line.variance / line.calls) / line.mean if line.mean else 0.0
    spread = sqrt((turns + 1) * line.variance / line.power**2 + doubt**2)
    return Guess(round(expected), max(1, round(spread)))


def before(ahead: int, kind: str) -> float:
    """Of so many who stand before somebody, how many will be called before them. Whose score grows faster passes those
    who came shortly before: by r times faster, all but one in r, when the line is steady."""
    return ahead / RATES[kind]


def reach(errors: Sequence[float]) -> Reach:
    """Where half and nine of ten waits end. `errors`: (was - guessed) / spread of the latest guesses."""
    half, nine = _HALF, _NINE
    if errors:
        known = sorted(errors[:ERRORS])
        trust = len(known) / (len(known) + _DOUBTED)
        half = trust * _at(known, 0.5) + (1 - trust) * half
        nine = trust * _at(known, 0.9) + (1 - trust) * nine
    return Reach(half, nine)


def bounds(guess: Guess, within: Reach) -> tuple[float, float]:
    """Below which half and nine of ten such waits end."""
    low = max(0.0, guess.mean + within.half * guess.spread)
    return low, max(low, guess.mean + within.nine * guess.spread)


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
