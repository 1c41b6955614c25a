"""Runs of pieces along which there are words, and those words. What is known of a run depends on its own letters only,
so it is found once, and stays for as long as they do: until whoever typed them deletes them or goes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from heapq import heappush, heapreplace, nlargest
from operator import itemgetter
from typing import NamedTuple

from kiosk.writing.apart import Pieces
from kiosk.writing.columns import BITS, COST_UNIT, LONGEST, unpack, unpack_text
from kiosk.writing.lexicon import Lexicon
from kiosk.writing.spelling import KNOWN_COST, Piece

AGAIN = 2.0
"""Who does not hear one sound from another never does: how much less it costs the next time."""
_LEAST = 0.2
_MOST_SYLLABLES = 24
_SHORTENED = 60
_EVERY = 1 << 20


class Found(NamedTuple):
    """What a word is worth, its text, and whether a sound of it was taken for another."""

    score: float
    text: str
    swapped: int


class Edge(NamedTuple):
    """A word over some letters, and where its syllables end."""

    score: float
    text: str
    ends: tuple[int, ...]
    swapped: int = 0


@dataclass(slots=True, eq=False)
class Run:
    """Pieces one after the other, where they end, and where in the columns words begin so. `number`: their classes as
    one number; `key`: the same as characters; `exact`: the syllables as spelt, 0 if a piece is none. `longer`: the runs
    by one piece longer, by where they end and what kind of piece that is, None where no word begins so; `best`,
    `every`: the words along it, once they were asked for."""

    end: int
    pieces: tuple[Piece, ...] = ()
    ends: tuple[int, ...] = ()
    number: int = 0
    key: str = ""
    exact: int = 0
    low: int = 0
    high: int = 0
    whole: bool = True
    longer: dict[tuple[int, bool, float], Run | None] = field(default_factory=dict)
    best: list[Edge] | None = None
    every: list[Found] | None = None

    def cut(self, most: int) -> None:
        """Forget what is longer than so many letters."""
        self.longer = {how: run for how, run in self.longer.items() if how[0] <= most}
        for run in self.longer.values():
            if run is not None:
                run.cut(most)

    def forget(self, sounds: int) -> None:
        """Forget what is longer by a piece in which one of these sounds may be meant."""
        self.longer = {how: run for how, run in self.longer.items() if run is None or not run.pieces[-1].meant & sounds}
        for run in self.longer.values():
            if run is not None:
                run.forget(sounds)


class Runs:
    """The runs of one row of letters. `alone`: how much a sound taken for another counts in a word of one syllable;
    `sounds`: those that stand in the letters (`spelling.known_sounds`)."""

    def __init__(self, lexicon: Lexicon, alone: float, sounds: int) -> None:
        self._lexicon, self._columns, self._spelling = lexicon, lexicon.columns, lexicon.spelling
        self._alone, self._heard = alone, sounds
        self._from: dict[int, Run] = {}

    def cut(self, most: int) -> None:
        """Only so many letters are left of those that were."""
        self._from = {start: run for start, run in self._from.items() if start <= most}
        for run in self._from.values():
            run.cut(most)

    def hear(self, sounds: int) -> None:
        """These sounds stand in the letters now: what is told by them is found anew."""
        if changed := sounds ^ self._heard:
            self._heard = sounds
            for run in self._from.values():
                run.forget(changed)

    def walk(self, start: int, pieces: Pieces, most: int) -> tuple[list[Run], int]:
        """Runs from a place along which there are words, or longer words begin; and the last place looked at."""
        if start not in self._from:
            self._from[start] = Run(start, high=len(self._columns))
        found: list[Run] = []
        waiting, reach, size = [self._from[start]], start, len(pieces)
        for _ in range(most):
            if not waiting:
                break
            run = waiting.pop()
            end = run.end
            reach = max(reach, end)
            if run.pieces:
                found.append(run)
            if end < size and len(run.pieces) < _MOST_SYLLABLES:
                known = run.longer
                for there, piece in pieces[end]:
                    how = (there, piece.whole, piece.cost)
                    if how not in known:
                        known[how] = self._longer(run, there, piece)
                    if (longer := known[how]) is not None:
                        waiting.append(longer)
        return found, reach

    def best(self, run: Run, most: int) -> list[Edge]:
        """The best words along a run; of one run it is always as many that are asked for."""
        if run.best is None:
            run.best = [Edge(score, text, run.ends, swapped) for score, text, swapped in self._words(run, most)]
        return run.best

    def every(self, run: Run) -> list[Found]:
        """All words along a run, the best first."""
        if run.every is None:
            run.every = self._words(run, _EVERY)
        return run.every

    def _longer(self, run: Run, end: int, piece: Piece) -> Run | None:
        pieces, ends = (*run.pieces, piece), (*run.ends, end)
        if not (run.whole and piece.whole):
            short = len(pieces) <= LONGEST
            return Run(end, pieces, ends, whole=False) if short or self._shortened(pieces) else None
        number = (run.number << BITS) | piece.kind
        exact = (run.exact << BITS) | piece.exact if piece.exact and (run.exact or not run.pieces) else 0
        key = run.key + chr(piece.kind)
        low = high = 0
        if run.low < run.high and len(pieces) <= LONGEST:
            sounds, free = self._columns.sounds, BITS * (LONGEST - len(pieces))
            low = bisect_left(sounds, number << free, run.low, run.high)
            high = bisect_left(sounds, (number + 1) << free, low, run.high)
        if low < high or self._lexicon.own_begins(key):
            return Run(end, pieces, ends, number, key, exact, low, high)
        return None

    def _shortened(self, pieces: tuple[Piece, ...]) -> bool:
        return bool(self._lexicon.own_shortened(self._initial_key(pieces)))

    def _initial_key(self, pieces: tuple[Piece, ...]) -> str:
        initial_of = self._spelling.initial_of
        return "".join([chr(initial_of[next(iter(piece.costs))]) for piece in pieces])

    def _words(self, run: Run, most: int) -> list[Found]:
        """The words along a run, the best first."""
        fixed = sum(piece.cost for piece in run.pieces)
        lexicon = self._lexicon
        own = lexicon.own_sounding(run.key) if run.whole else lexicon.own_shortened(self._initial_key(run.pieces))
        found = {word.text: Found(word.share - cost[0] - fixed, word.text, cost[1]) for word in own
                 if (cost := self._cost(run.pieces, word.reading)) is not None}
        if len(run.pieces) <= LONGEST:
            for score, number, swapped in self._in_columns(run, most):
                text = unpack_text(number)
                if text not in found:
                    found[text] = Found(score - fixed, text, swapped)
        return sorted(found.values(), key=itemgetter(0), reverse=True)[:most]

    def _in_columns(self, run: Run, most: int) -> list[tuple[float, int, int]]:
        """The best packed words along a run: what they are worth without the run, the text, and whether a sound of it
        was taken for another."""
        costs, readings, texts = self._columns.costs, self._columns.readings, self._columns.texts
        exact = run.exact << BITS * (LONGEST - len(run.pieces))
        found: dict[int, tuple[float, int, int]] = {}
        best: list[float] = []
        for at in self._places(run):
            score, swapped = -costs[at] / COST_UNIT, 0
            if len(best) == most and score <= best[0]:
                break
            reading = readings[at]
            if reading != exact or not exact:
                might = self._cost(run.pieces, unpack(reading))
                if might is None:
                    continue
                swapped = might[1]
                score -= might[0]
            number = texts[at]
            if number not in found or found[number][0] < score:
                found[number] = (score, number, swapped)
                if len(best) < most:
                    heappush(best, score)
                elif score > best[0]:
                    heapreplace(best, score)
        return nlargest(most, found.values())

    def _places(self, run: Run) -> range | list[int]:
        """Where in the columns words along a run may be."""
        columns = self._columns
        if run.whole:
            free = BITS * (LONGEST - len(run.pieces))
            return range(run.low, bisect_right(columns.sounds, run.number << free, run.low, run.high))
        low, high = columns.with_initials(map(ord, self._initial_key(run.pieces)))
        return list(columns.by_initials[low : min(high, low + _SHORTENED)])

    def _cost(self, pieces: tuple[Piece, ...], reading: tuple[int, ...]) -> tuple[float, int] | None:
        """What it costs to mean these syllables, and which sounds are then taken for another; None where they cannot be
        meant."""
        total, taken = 0.0, 0
        for piece, syllable in zip(pieces, reading, strict=True):
            cost = piece.costs.get(syllable)
            if cost is None:
                return None
            if swapped := piece.swapped.get(syllable, 0):
                cost += KNOWN_COST * (swapped & self._heard).bit_count()
                cost = max(cost - AGAIN, _LEAST) if swapped & taken else cost
                taken |= swapped
            total += cost
        return total if len(pieces) > 1 else total * self._alone, taken
