"""One question to the decoder: the pieces that letters fall into, the words along them, and the best ways through. It
is made for one row of letters and thrown away.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from heapq import heappush, heapreplace, nlargest
from operator import itemgetter
from typing import NamedTuple

from kiosk.writing.columns import BITS, COST_UNIT, LONGEST, unpack, unpack_text
from kiosk.writing.lexicon import Lexicon
from kiosk.writing.spelling import SPELT_COST, WEAK_COST, Piece

_MOST_SYLLABLES = 24
_LAST, _NEVER_FIRST = frozenset("吗吧呢嘛啊呀哦啦哈喔"), frozenset("的了着吗吧呢嘛们啦")
"""Particles that end a sentence, and those that begin none; elsewhere they cost."""
_NEVER_LAST = frozenset("和与及或但而且若虽因并把被将从向以为第每各很太更最")
"""What wants something after it; it costs less, for somebody may not have written on yet."""
_OPEN = 2.0
_MISPLACED = 3.0
_ALONE_COST, _ONLY_COST = 1.2, 1.8
"""In a word of one syllable nothing else says that a sound was taken for another; less yet if it is all there is."""
_SPREAD = 8.0
"""Ways so much worse than the best over the same letters are not followed."""
_EDGE_SPREAD = 7.0
"""The same of words, before it is known what they follow."""
_FAR = 1e9
_AGAIN = 1.2
"""Who has taken one sound for another does so again: how much less the next costs."""
_SHORTENED = 60
_EVERY = 1 << 20
_MOST_RUNS = 120
_BEGUN_COST, _INITIAL_COST, _LETTER_COST = 3.0, 3.0, 25.0
_TWO_SIGNS = ("zh", "ch", "sh")


class Found(NamedTuple):
    """What a word is worth, its text, and whether a sound of it was taken for another."""

    score: float
    text: str
    swapped: bool


class Run(NamedTuple):
    """Pieces one after the other, where they end, and where in the columns words begin so. `number`: their classes as
    one number; `key`: the same as characters; `exact`: the syllables as spelt, 0 if a piece is none."""

    end: int
    pieces: tuple[Piece, ...] = ()
    ends: tuple[int, ...] = ()
    number: int = 0
    key: str = ""
    exact: int = 0
    low: int = 0
    high: int = 0
    whole: bool = True


class Way(NamedTuple):
    """A text over the first letters: what it is worth, its last word, where its syllables end, and the way up to it."""

    score: float
    text: str
    last: str
    ends: tuple[int, ...]
    back: Way | None = None
    swapped: bool = False


class Care(NamedTuple):
    """How much is looked at: ways over the same letters, words of one syllable and of more, runs from a place."""

    beam: int
    alone: int
    together: int
    runs: int


_USUAL = Care(16, 12, 6, 60)
_HASTY = Care(5, 5, 3, 24)
_LEAST = Care(3, 3, 2, 10)
"""For long or senseless letters, so that no key stalls the page."""
_LONG = 40


class Edge(NamedTuple):
    """A word over some letters."""

    score: float
    text: str
    ends: tuple[int, ...]
    swapped: bool = False


class Lattice:
    """Letters with all their readings."""

    def __init__(self, lexicon: Lexicon, letters: str, cuts: frozenset[int]) -> None:
        """No syllable runs over a place in `cuts`."""
        self._lexicon, self._columns, self._spelling = lexicon, lexicon.columns, lexicon.spelling
        self._letters, self._cuts, self._size = letters, cuts, len(letters)
        self._pieces = [list(self._whole(start)) for start in range(self._size)]
        self._unfinished()
        only = any(end == self._size and piece.whole for end, piece in self._pieces[0])
        self._alone = _ONLY_COST if only else _ALONE_COST
        self._care = _USUAL if self._size <= _LONG else _HASTY
        if not self._good()[0]:
            self._care = _HASTY if self._size <= _LONG // 2 else _LEAST
            self._initials()
        good = self._good()
        if good[0]:
            self._pieces = [[(end, piece) for end, piece in here if good[end]] for here in self._pieces]

    def _span(self, start: int, end: int) -> bool:
        return end <= self._size and not any(start < cut < end for cut in self._cuts)

    def _whole(self, start: int) -> Iterator[tuple[int, Piece]]:
        known, letters = self._spelling.pieces, self._letters
        for end in range(min(self._size, start + self._spelling.longest), start, -1):
            piece = known.get(letters[start:end])
            if piece is not None and self._span(start, end):
                yield end, piece

    def _unfinished(self) -> None:
        """The last syllable may be the beginning of one."""
        size = self._size
        for start in range(max(0, size - self._spelling.longest + 1), size):
            finished = any(end == size and piece.cost < WEAK_COST for end, piece in self._pieces[start])
            if not finished and self._span(start, size):
                piece = self._spelling.begun(self._letters[start:], _BEGUN_COST)
                if piece is not None:
                    self._pieces[start].append((size, piece))

    def _initials(self) -> None:
        """Letters that do not fall into syllables: any of them may be an initial."""
        made: dict[str, Piece | None] = {}
        for start in range(self._size):
            for end in (start + 2, start + 1):
                spelt = self._letters[start:end]
                if not self._span(start, end) or (len(spelt) > 1 and spelt not in _TWO_SIGNS):
                    continue
                if any(there == end and not piece.whole for there, piece in self._pieces[start]):
                    continue
                if spelt not in made:
                    made[spelt] = self._spelling.begun(spelt, _INITIAL_COST)
                if (piece := made[spelt]) is not None:
                    self._pieces[start].append((end, piece))

    def _good(self) -> list[bool]:
        """From where the letters can be read to their end."""
        good = [False] * self._size + [True]
        for start in range(self._size - 1, -1, -1):
            good[start] = any(good[end] for end, _ in self._pieces[start])
        return good

    def _runs(self, start: int) -> Iterator[Run]:
        """Runs of pieces from a place along which there are words, or longer words begin."""
        waiting = [Run(start, high=len(self._columns))]
        for _ in range(self._care.runs if start else _MOST_RUNS):
            if not waiting:
                return
            run = waiting.pop()
            if run.pieces:
                yield run
            if run.end < self._size and len(run.pieces) < _MOST_SYLLABLES:
                for end, piece in self._pieces[run.end]:
                    longer = self._longer(run, end, piece)
                    if longer is not None:
                        waiting.append(longer)

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
        found = {word.text: Found(word.share - cost - fixed, word.text, cost > SPELT_COST) for word in own
                 if (cost := _cost(run.pieces, word.reading, self._alone)) is not None}
        if len(run.pieces) <= LONGEST:
            for score, number, swapped in self._in_columns(run, most):
                text = unpack_text(number)
                if text not in found:
                    found[text] = Found(score - fixed, text, swapped)
        return sorted(found.values(), key=itemgetter(0), reverse=True)[:most]

    def _in_columns(self, run: Run, most: int) -> list[tuple[float, int, bool]]:
        """The best packed words along a run: what they are worth without the run, the text, and whether a sound of it
        was taken for another."""
        costs, readings, texts = self._columns.costs, self._columns.readings, self._columns.texts
        exact = run.exact << BITS * (LONGEST - len(run.pieces))
        found: dict[int, tuple[float, int, bool]] = {}
        best: list[float] = []
        for at in self._places(run):
            score, cost = -costs[at] / COST_UNIT, 0.0
            if len(best) == most and score <= best[0]:
                break
            reading = readings[at]
            if reading != exact or not exact:
                might = _cost(run.pieces, unpack(reading), self._alone)
                if might is None:
                    continue
                cost = might
                score -= cost
            number = texts[at]
            if number not in found or found[number][0] < score:
                found[number] = (score, number, cost > SPELT_COST)
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

    def _edges(self, start: int) -> dict[int, list[Edge]]:
        """The words from a place that are worth a way through, by where they end."""
        found: dict[int, list[Edge]] = {}
        care = self._care
        for run in self._runs(start):
            for score, text, swapped in self._words(run, care.alone if len(run.pieces) == 1 else care.together):
                found.setdefault(run.end, []).append(Edge(score, text, run.ends, swapped))
        for end, edges in found.items():
            least = max(edges).score - _EDGE_SPREAD
            found[end] = [edge for edge in edges if edge.score >= least]
        if not self._pieces[start]:
            found[start + 1] = [Edge(-_LETTER_COST, self._letters[start], (start + 1,))]
        return found

    def first_words(self) -> list[tuple[str, int]]:
        """Every word it may begin with and where it ends, the longest first."""
        best: dict[tuple[str, int], float] = {}
        for run in self._runs(0):
            for score, text, _ in self._words(run, _EVERY):
                if best.get((text, run.end), score) <= score:
                    best[text, run.end] = score
        if not self._pieces[0]:
            return [(self._letters[0], 1)]
        return sorted(best, key=lambda word: (-len(word[0]), -best[word]))

    def ways(self, before: str) -> list[Way]:
        """The best few over all letters."""
        pairs = self._lexicon.pairs
        there: list[dict[str, Way]] = [{} for _ in range(self._size + 1)]
        there[0][""] = Way(0.0, "", before[-LONGEST:], ())
        least = [-_FAR] * (self._size + 1)
        for start in range(self._size):
            here: dict[str, list[Way]] = {}
            for way in nlargest(self._care.beam, there[start].values(), key=itemgetter(0)):
                if way.score >= least[start]:
                    here.setdefault(way.last, []).append(way)
            there[start] = {}
            ends = [pairs.end(last) for last in here]
            for end, edges in (self._edges(start) if here else {}).items():
                for edge in edges:
                    score = edge.score + self._placed(edge.text, start, end, before)
                    after = pairs.after_each(ends, pairs.start(edge.text))
                    for same, together in zip(here.values(), after, strict=True):
                        much = score + together
                        if same[0].score + much >= least[end]:
                            least[end] = max(least[end], same[0].score + much - _SPREAD)
                            _lengthen(same, edge, much, there[end])
        return nlargest(self._care.beam, there[self._size].values(), key=itemgetter(0))

    def _placed(self, word: str, start: int, end: int, before: str) -> float:
        """What it costs a particle to stand where it does."""
        if end == self._size:
            return -_OPEN if word in _NEVER_LAST and start else 0.0
        return -_MISPLACED if word in _LAST or (word in _NEVER_FIRST and not start and not before) else 0.0


def _lengthen(ways: Iterable[Way], edge: Edge, much: float, there: dict[str, Way]) -> None:
    """Add ways with a word more; of the same text the best stays."""
    for way in ways:
        text, total = way.text + edge.text, way.score + much
        if edge.swapped and way.swapped:
            total += _AGAIN
        known = there.get(text)
        if known is None or known.score < total:
            there[text] = Way(total, text, edge.text, way.ends + edge.ends, way, edge.swapped or way.swapped)


def _cost(pieces: tuple[Piece, ...], reading: tuple[int, ...], alone: float) -> float | None:
    """What it costs to mean these syllables, so many times as much for one alone; None where they cannot be meant."""
    total = 0.0
    for piece, syllable in zip(pieces, reading, strict=True):
        cost = piece.costs.get(syllable)
        if cost is None:
            return None
        total += cost - _AGAIN if cost > SPELT_COST < total else cost
    return total if len(pieces) > 1 else total * alone
