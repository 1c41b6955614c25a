"""Simulated days at the windows, to judge the estimates by: residents, clerks, breaks and no-shows from a seed.

Calls by the shipping rules. What the estimator gets is what a ledger would hold: the calls, never why one took long.
Beside it an oracle knows every distribution (not what will be drawn from it) and tries each wait out many times.
"""

from __future__ import annotations

import heapq
import math
import random
from dataclasses import dataclass, field

from kiosk.rules import calling, waiting
from kiosk.rules.calling import PRIORITY, WALK_IN, Candidate
from kiosk.rules.waiting import Past, Server

MINUTE = 60_000
DAY = 8 * 60 * MINUTE
TRIES = 40


@dataclass(frozen=True)
class Nature:
    """What a day is drawn from. Times in milliseconds."""

    windows: int
    mean: float
    cv: float
    load: float
    no_show: float
    break_every: float
    priority: float

    @classmethod
    def of(cls, chance: random.Random) -> Nature:
        return cls(
            windows=chance.choice((1, 2, 3)), mean=chance.uniform(5, 11) * MINUTE, cv=chance.uniform(0.6, 1.0),
            load=chance.uniform(0.85, 1.05), no_show=0.08, break_every=120 * MINUTE, priority=0.1,
        )  # fmt: skip

    def service(self, chance: random.Random) -> float:
        if chance.random() < self.no_show:
            return chance.uniform(1, 2) * MINUTE
        sigma = math.sqrt(math.log(1 + self.cv**2))
        return chance.lognormvariate(math.log(self.mean) - sigma**2 / 2, sigma)

    def pause(self, span: float, chance: random.Random) -> float:
        """A break between two calls, the likelier the longer the last one took."""
        return chance.uniform(5, 12) * MINUTE if chance.random() < span / self.break_every else 0.0

    def left(self, so_far: float, chance: random.Random) -> float:
        """How long one who has been served so long still takes."""
        for _ in range(200):
            span = self.service(chance)
            if span > so_far:
                return span - so_far
        return self.mean / 2

    def arrivals(self, chance: random.Random) -> list[float]:
        gap = (self.mean * (1 - self.no_show) + 1.5 * MINUTE * self.no_show) / self.windows / self.load
        at, found = 0.0, []
        while (at := at + chance.expovariate(1 / gap)) < DAY:
            found.append(at)
        return found


@dataclass
class Told:
    """One resident: what was said, what the oracle thought, what happened."""

    low: float
    high: float
    shown: tuple[int, int]
    oracle: float
    taken: int
    was: float = math.nan


@dataclass
class Hall:
    """One line with its windows, over days."""

    nature: Nature
    chance: random.Random
    past: list[tuple[str, Past]] = field(default_factory=list)
    told: dict[str, Told] = field(default_factory=dict)

    def day(self, start: int, *, judged: bool) -> None:
        """Live a day; the queue is served to its end."""
        crowd: dict[str, tuple[Candidate, waiting.Guess | None]] = {}
        busy: dict[int, tuple[float, int]] = {}  # window → when it was free for the call, place of that in `past`
        streak = dict.fromkeys(range(self.nature.windows), 0)
        happens: list[tuple[float, int, str, int]] = [
            (start + at, n, "comes", n) for n, at in enumerate(self.nature.arrivals(self.chance))
        ]
        heapq.heapify(happens)
        ready = set(range(self.nature.windows))
        while happens:
            now, _, what, who = heapq.heappop(happens)
            if what == "comes":
                kind = PRIORITY if self.chance.random() < self.nature.priority else WALK_IN
                number = Candidate(f"{start}-{who}", "A", kind, round(now), who)
                crowd[number.id] = (
                    number,
                    self._tell(number, waiting.before(len(crowd), kind), now, busy, ready, judged=judged),
                )
            elif what == "ends":
                place = busy.pop(who)[1]
                line, past = self.past[place]
                self.past[place] = line, past._replace(ended=round(now))
                span = now - past.called
                away = self.nature.pause(span, self.chance)
                heapq.heappush(happens, (now + away, -1, "ready", who))
            else:
                ready.add(who)
            while ready and crowd:
                window = min(ready)
                choice = calling.choose([one for one, _ in crowd.values()], round(now), streak[window])
                streak[window] = choice.streak
                number, guess = crowd.pop(choice.candidate.id)
                ready.discard(window)
                if number.id in self.told:
                    self.told[number.id].was = now - number.since
                expected, spread = guess or (None, None)
                self.past.append(
                    ("A", Past(str(window), number.since, round(now), None, number.since, expected, spread))
                )
                busy[window] = now, len(self.past) - 1
                heapq.heappush(happens, (now + self.nature.service(self.chance), -2, "ends", window))

    def _tell(self, number, ahead, now, busy, ready, *, judged) -> waiting.Guess | None:
        spans, errors = waiting.learned(reversed(self.past[-600:])).get("A", ([], []))
        servers = [Server(round(now - busy[w][0]) if w in busy else None, 1.0) for w in range(self.nature.windows)]
        line = waiting.pace(spans, servers)
        if line is None:
            return None
        guess = waiting.expect(line, ahead)
        if judged:
            low, high = waiting.bounds(guess, waiting.reach(errors))
            self.told[number.id] = Told(
                low, high, waiting.rounded(low, high), self._oracle(ahead, now, busy), number.since
            )
        return guess

    def _oracle(self, ahead, now, busy) -> float:
        """The median of many futures, drawn from the true distributions; who is on a break it does not know either."""
        chance = random.Random(self.chance.getrandbits(32))
        waits = []
        for _ in range(TRIES):
            ends = [(self._rest(now - busy[w][0], chance) if w in busy else 0.0) for w in range(self.nature.windows)]
            heapq.heapify(ends)
            for _turn in range(round(ahead)):
                at = ends[0]
                span = self.nature.service(chance)
                heapq.heapreplace(ends, at + span + self.nature.pause(span, chance))
            waits.append(ends[0])
        return sorted(waits)[len(waits) // 2]

    def _rest(self, so_far, chance) -> float:
        left = self.nature.left(so_far, chance)
        return left + self.nature.pause(so_far + left, chance)


@dataclass(frozen=True)
class Verdict:
    """Errors in minutes, and the share of waits within what was said."""

    residents: int
    error: float
    oracle: float
    covered: float
    covered_as_shown: float
    mean_wait: float


def judge(seeds: range) -> Verdict:
    """Live two days for each seed; the second is judged."""
    told: list[Told] = []
    for seed in seeds:
        chance = random.Random(seed)
        hall = Hall(Nature.of(chance), chance)
        hall.day(0, judged=False)
        hall.day(24 * 60 * MINUTE, judged=True)
        told += [one for one in hall.told.values() if not math.isnan(one.was)]
    count = len(told)
    return Verdict(
        count,
        sum(abs(one.low - one.was) for one in told) / count / MINUTE,
        sum(abs(one.oracle - one.was) for one in told) / count / MINUTE,
        sum(one.was <= one.high for one in told) / count,
        sum(one.was <= one.shown[1] * MINUTE for one in told) / count,
        sum(one.was for one in told) / count / MINUTE,
    )
