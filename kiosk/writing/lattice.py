"""A row of letters with the words along them and the best ways through. Whoever types changes its end, so of the rest
nothing is worked out again: the row is followed as it grows and is shortened, and what is said of it is always what
would be said of it at first sight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from operator import itemgetter
from typing import NamedTuple

from kiosk.writing.apart import Apart, apart
from kiosk.writing.columns import LONGEST
from kiosk.writing.lexicon import Lexicon
from kiosk.writing.pairs import End
from kiosk.writing.runs import AGAIN, Edge, Run, Runs

_LAST, _NEVER_FIRST = frozenset("吗吧呢嘛啊呀哦啦哈喔"), frozenset("的了着吗吧呢嘛们啦")
"""Particles that end a sentence, and those that begin none; elsewhere they cost."""
_NEVER_LAST = frozenset("和与及或但而且若虽因并把被将从向以为第每各很太更最")
"""What wants something after it; it costs less, for somebody may not have written on yet."""
_OPEN = 2.0
_MISPLACED = 3.0
_SPREAD = 8.0
"""Ways so much worse than the best over the same letters are not followed."""
_EDGE_SPREAD = 7.0
"""The same of words, before it is known what they follow."""
_FAR = 1e9
_MOST_RUNS = 120
_LETTER_COST = 25.0


class Way(NamedTuple):
    """A text over the first letters: what it is worth, its last word, where its syllables end, and the way up to it."""

    score: float
    text: str
    last: str
    ends: tuple[int, ...]
    back: Way | None = None
    swapped: int = 0


@dataclass(slots=True, eq=False)
class _Walk:
    """The runs from a place and the words that are worth a way through, both by where they end. `reach`: the last place
    that was looked at; `sound`: no piece up to there has changed since."""

    runs: list[Run]
    reach: int
    to: dict[int, list[Run]]
    edges: dict[int, list[Edge]]
    sound: bool = True


@dataclass(slots=True, eq=False)
class _Spot:
    """A place between two letters, and the best ways up to it. `into`: the spots and the words over which they come;
    `last`: the letters end here; `here`: the ways to go on from, by their last word; `ends`: what follows each of those
    words; `best`: the ways, the best first."""

    at: int
    into: list[tuple[_Spot, list[Edge]]]
    last: bool
    here: dict[str, list[Way]]
    ends: list[End]
    best: list[Way]


@dataclass(slots=True)
class _Known:
    """What was found of the letters so far."""

    runs: Runs
    walks: dict[int, _Walk] = field(default_factory=dict)
    spots: list[_Spot] = field(default_factory=list)
    starts: dict[str, int] = field(default_factory=dict)
    before: str = ""
    firsts: tuple[_Walk | None, list[tuple[str, int]]] = (None, [])


class Lattice:
    """Letters with all their readings."""

    def __init__(self, lexicon: Lexicon) -> None:
        """No letters yet."""
        self._lexicon = lexicon
        self._letters, self._cuts = "", frozenset[int]()
        self._apart: Apart | None = None

    def read(self, letters: str, cuts: frozenset[int]) -> None:
        """These letters stand there now. No syllable runs over a place in `cuts`."""
        was, now = self._apart, apart(self._lexicon.spelling, letters, cuts)
        same, had, size = _same(self._letters, letters), len(self._letters), len(letters)
        if was is None or not same or (was.alone, was.care, self._cuts) != (now.alone, now.care, cuts):
            self._known = _Known(Runs(self._lexicon, now.alone, now.sounds))
        else:
            if same < had:
                self._known.runs.cut(same)
            sound = had + 1 if same == had == size else min(same, _same(was.pieces, now.pieces))
            self._known.walks = {start: walk for start, walk in self._known.walks.items() if start < size}
            for walk in self._known.walks.values():
                walk.sound = walk.sound and walk.reach < sound and was.sounds == now.sounds
            self._known.runs.hear(now.sounds)
        self._letters, self._cuts, self._apart, self._size = letters, cuts, now, size
        self._pieces, self._care = now.pieces, now.care

    def _walk(self, start: int) -> _Walk:
        """The runs from a place, and the words."""
        known, old = self._known, self._known.walks.get(start)
        if old is not None and old.sound:
            return old
        runs, reach = known.runs.walk(start, self._pieces, self._care.runs if start else _MOST_RUNS)
        if old is not None and runs and runs == old.runs:
            old.reach, old.sound = reach, True
            return old
        to: dict[int, list[Run]] = {}
        for run in runs:
            to.setdefault(run.end, []).append(run)
        edges = {end: old.edges[end] if old is not None and old.to.get(end) == those else self._edges(those)
                 for end, those in to.items()}
        if not self._pieces[start]:
            edges[start + 1] = [Edge(-_LETTER_COST, self._letters[start], (start + 1,))]
        known.walks[start] = _Walk(runs, reach, to, edges)
        return known.walks[start]

    def _edges(self, runs: list[Run]) -> list[Edge]:
        """Of the words over the same letters those that are worth a way through."""
        care, known = self._care, self._known.runs
        edges = [edge for run in runs
                 for edge in known.best(run, care.alone if len(run.pieces) == 1 else care.together)]
        least = max(edges).score - _EDGE_SPREAD if edges else 0.0
        return [edge for edge in edges if edge.score >= least]

    def first_words(self) -> list[tuple[str, int]]:
        """Every word it may begin with and where it ends, the longest first."""
        if not self._pieces[0]:
            return [(self._letters[0], 1)]
        walk = self._walk(0)
        if self._known.firsts[0] is not walk:
            best: dict[tuple[str, int], float] = {}
            for run in walk.runs:
                for score, text, _ in self._known.runs.every(run):
                    if best.get((text, run.end), score) <= score:
                        best[text, run.end] = score
            self._known.firsts = walk, sorted(best, key=lambda word: (-len(word[0]), -best[word]))
        return self._known.firsts[1]

    def ways(self, before: str) -> list[Way]:
        """The best few over all letters."""
        known, size = self._known, self._size
        old = known.spots if before == known.before else []
        into: list[list[tuple[_Spot, list[Edge]]]] = [[] for _ in range(size + 1)]
        known.spots, known.before = [], before
        for at in range(size + 1):
            spot = old[at] if at < len(old) else None
            if spot is None or spot.last != (at == size) or not _identical(spot.into, into[at]):
                spot = self._spot(at, into[at], before)
            known.spots.append(spot)
            if spot.here and at < size:
                for end, edges in self._walk(at).edges.items():
                    into[end].append((spot, edges))
        return known.spots[size].best

    def _spot(self, at: int, into: list[tuple[_Spot, list[Edge]]], before: str) -> _Spot:
        pairs, starts, last = self._lexicon.pairs, self._known.starts, at == self._size
        there: dict[str, Way] = {} if at else {"": Way(0.0, "", before[-LONGEST:], ())}
        least = -_FAR
        for spot, edges in into:
            for edge in edges:
                text = edge.text
                if text not in starts:
                    starts[text] = pairs.start(text)
                score = edge.score + _placed(text, spot.at, before, last=last)
                after = pairs.after_each(spot.ends, starts[text])
                for same, together in zip(spot.here.values(), after, strict=True):
                    much = score + together
                    if same[0].score + much >= least:
                        least = max(least, same[0].score + much - _SPREAD)
                        _lengthen(same, edge, much, there)
        best, here = nlargest(self._care.beam, there.values(), key=itemgetter(0)), dict[str, list[Way]]()
        for way in best:
            if way.score >= least:
                here.setdefault(way.last, []).append(way)
        return _Spot(at, into, last, here, [pairs.end(word) for word in here], best)


def _same(one: Sequence[object], other: Sequence[object]) -> int:
    """How long they are the same."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _identical(one: list[tuple[_Spot, list[Edge]]], other: list[tuple[_Spot, list[Edge]]]) -> bool:
    return len(one) == len(other) and all(
        spot is same and edges is those for (spot, edges), (same, those) in zip(one, other, strict=True))


def _placed(word: str, start: int, before: str, *, last: bool) -> float:
    """What it costs a particle to stand where it does."""
    if last:
        return -_OPEN if word in _NEVER_LAST and start else 0.0
    return -_MISPLACED if word in _LAST or (word in _NEVER_FIRST and not start and not before) else 0.0


def _lengthen(ways: Iterable[Way], edge: Edge, much: float, there: dict[str, Way]) -> None:
    """Add ways with a word more; of the same text the best stays."""
    for way in ways:
        text, total = way.text + edge.text, way.score + much
        if edge.swapped & way.swapped:
            total += AGAIN
        known = there.get(text)
        if known is None or known.score < total:
            there[text] = Way(total, text, edge.text, way.ends + edge.ends, way, edge.swapped | way.swapped)
