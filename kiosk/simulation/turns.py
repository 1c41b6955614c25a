"""Whose turn it is, as the rule is written down and without the hall's own code: first come, first served within class
and line; two calls in a row at most before a waiting walk-in; whoever has waited half an hour goes first; otherwise the
most weight (2.0 a minute for priority, 1.5 for appointments, 1.0 for everybody else).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

_WEIGHT = {"priority": 2.0, "appointment": 1.5, "walk-in": 1.0}
_IN_A_ROW = 2
_OLD_MS = 30 * 60_000


class Standing(NamedTuple):
    """One who waits. `aim`: the only window that may call it, or ""; `sure`: whether all of this is known."""

    id: str
    line: str
    kind: str
    since: int
    n: int
    aim: str
    sure: bool

    def before(self, other: Standing) -> bool:
        """Whether this one came first."""
        return (self.since, self.n) < (other.since, other.n)


@dataclass(slots=True)
class Turns:
    """Everybody who waits, and every window's part in it. `letters`: of each service."""

    letters: Mapping[str, str]
    waiting: dict[str, Standing] = field(default_factory=dict)
    lines: dict[str, frozenset[str]] = field(default_factory=dict)
    streak: dict[str, int | None] = field(default_factory=dict)
    """Calls in a row before a waiting walk-in, of each window; None where too much happened at once to tell."""

    def wait(self, standing: Standing) -> None:
        """Somebody waits."""
        self.waiting[standing.id] = standing

    def leave(self, id_: str) -> None:
        """Somebody does not wait any more."""
        self.waiting.pop(id_, None)

    def open(self, window: str, services: Sequence[str]) -> None:
        """A window serves these."""
        self.lines[window] = frozenset(self.letters[service] for service in services if service in self.letters)

    def close(self, window: str) -> None:
        """A window is closed: who waited for it alone waits for any."""
        self.streak[window] = 0
        for one in list(self.waiting.values()):
            if one.aim == window:
                self.waiting[one.id] = one._replace(aim="")

    def judge(self, id_: str, window: str, at: int) -> str | None:
        """What is wrong with calling this one now; None if it is right."""
        chosen = self.waiting.get(id_)
        if chosen is None:
            return "it does not wait"
        everybody = [one for one in self.waiting.values() if one.aim == window or not one.aim]
        if not chosen.sure or not all(one.sure for one in everybody):
            self.streak[window] = 0 if chosen.sure and chosen.kind == "walk-in" else None
            return None
        lines = self.lines.get(window, frozenset())
        pool = [one for one in everybody if one.aim or one.line in lines]
        if chosen not in pool:
            return f"its line {chosen.line} is not this window's"
        walk_ins = [one for one in pool if one.kind == "walk-in"]
        streak = self.streak.get(window, 0)
        passed = bool(walk_ins) and chosen.kind != "walk-in"
        self.streak[window] = (None if streak is None else streak + 1) if passed else 0
        if streak is None:  # it may be the walk-ins' turn, or not
            return self._passed_over(chosen, pool, at) and self._passed_over(chosen, walk_ins or pool, at)
        if passed and streak >= _IN_A_ROW:
            return f"call {streak + 1} in a row before a walk-in who waits"
        return self._passed_over(chosen, walk_ins if streak >= _IN_A_ROW and walk_ins else pool, at)

    @staticmethod
    def _passed_over(chosen: Standing, pool: Sequence[Standing], at: int) -> str | None:
        for one in pool:
            if (one.kind, one.line, one.aim) == (chosen.kind, chosen.line, chosen.aim) and one.before(chosen):
                return f"{one.line}{one.n:03d} of the same class came first"
        old = [one for one in pool if at - one.since >= _OLD_MS]
        if old:
            oldest = min(old, key=lambda one: (one.since, one.n))
            return None if chosen.since <= oldest.since else f"{oldest.line}{oldest.n:03d} has waited half an hour"
        heavier = [one for one in pool if _weight(one, at) > _weight(chosen, at)]
        return f"{heavier[0].line}{heavier[0].n:03d} has the greater weight" if heavier else None


def _weight(one: Standing, at: int) -> float:
    return _WEIGHT[one.kind] * (at - one.since)
