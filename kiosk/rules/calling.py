"""Who is called next: accumulating priority (Stanford, Taylor, Ziedins 2014), capped so that nobody is passed
over for long.

Everyone's score grows with their waiting: score = rate x (now - since). Priority persons gain 2.0 a minute,
appointments 1.5 from the appointed time, everybody else 1.0. After two calls in a row that went before a waiting
walk-in, a walk-in goes; who has waited half an hour goes before any score. Ties go by number. It says in a code and
facts why it chose.

Within one class and line that is first come, first served, so only the first of each has to be looked at. Times are
epoch milliseconds; nothing here knows a clock or a ledger.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kiosk.rules.bar import Bar

PRIORITY, APPOINTMENT, WALK_IN = "priority", "appointment", "walk-in"
RATES = {PRIORITY: 2.0, APPOINTMENT: 1.5, WALK_IN: 1.0}
MOST_IN_A_ROW = 2
AGE_LIMIT_MS = 30 * 60_000
LATE_MS = 10 * 60_000
"""An appointment later than this waits as a walk-in, from when it came."""
REJOIN_BEHIND = 3
RECALLS = 3


class Candidate(NamedTuple):
    """One who waits. `since`: from when the waiting counts, which for an appointment may still lie ahead."""

    id: str
    line: str
    kind: str
    since: int
    n: int


class Choice(NamedTuple):
    """Who goes, why, and how many calls in a row have now gone before a waiting walk-in."""

    candidate: Candidate
    why: Bar
    streak: int


def score(candidate: Candidate, now: int) -> float:
    """What somebody's waiting weighs at a moment."""
    return RATES[candidate.kind] * (now - candidate.since)


def choose(heads: Sequence[Candidate], now: int, streak: int = 0) -> Choice | None:
    """The next of these; None only when there is nobody. `heads` holds at least the first of each class and line,
    `streak` is the window's own, from its last choice."""
    if not heads:
        return None
    walk_ins = [head for head in heads if head.kind == WALK_IN]
    capped = streak >= MOST_IN_A_ROW and bool(walk_ins)
    pool = walk_ins if capped else heads
    best = min(pool, key=lambda head: (-score(head, now), head.n, head.line, head.since))
    aged = [head for head in pool if now - head.since >= AGE_LIMIT_MS]
    chosen = min(aged, key=_age) if aged else best
    passed = bool(walk_ins) and chosen.kind != WALK_IN
    return Choice(chosen, _why(chosen, heads, now, capped=capped, by_age=bool(aged)), streak + 1 if passed else 0)


def order(waiting: Iterable[Candidate], now: int, streak: int = 0) -> list[Choice]:
    """Everyone in the order in which they would be called if all were called at `now`."""
    lanes: dict[tuple[str, str], deque[Candidate]] = defaultdict(deque)
    for candidate in sorted(waiting, key=_age):
        lanes[candidate.kind, candidate.line].append(candidate)
    called = []
    while lanes:
        choice = choose([lane[0] for lane in lanes.values()], now, streak)
        assert choice is not None
        called.append(choice)
        streak = choice.streak
        own = choice.candidate.kind, choice.candidate.line
        lanes[own].popleft()
        if not lanes[own]:
            del lanes[own]
    return called


def _age(candidate: Candidate) -> tuple[int, int, str]:
    return candidate.since, candidate.n, candidate.line


def _why(chosen: Candidate, heads: Sequence[Candidate], now: int, *, capped: bool, by_age: bool) -> Bar:
    minutes = max(0, now - chosen.since) // 60_000
    if len(heads) == 1:
        return Bar("why-first", {"minutes": minutes})
    if capped and any(head.kind != WALK_IN for head in heads):
        return Bar("why-turn", {"calls": MOST_IN_A_ROW, "minutes": minutes})
    if by_age:
        return Bar("why-age", {"minutes": minutes})
    if chosen.kind == WALK_IN or all(head.since >= chosen.since for head in heads):
        return Bar("why-longest", {"minutes": minutes})
    return Bar(f"why-{chosen.kind}", {"minutes": minutes})
