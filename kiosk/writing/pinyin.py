"""From letters without tones or separators to what was meant: the readings of the letters, the words along them, and the
best few ways through. Nothing typed is kept: a decoder is the same after a question as before it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.writing.columns import BITS, LONGEST, unpack
from kiosk.writing.lexicon import Lexicon, Word
from kiosk.writing.spelling import Piece

MOST_LETTERS = 64
SENTENCES = 5
_BEAM = 8
_MOST_SPAN = 24
"""Syllables of the longest word of a hall."""
_TAKEN = {1: 10}
_TAKEN_LONGER = 5
_SCANNED = 60
_BEGUN_COST = 3.0
_INITIAL_COST = 3.0
_ABBREVIATED_SCANNED = 200
_LETTER_COST = 25.0
_WEAK = frozenset({"n", "m", "ng", "hm"})
_WEAK_COST = 6.0
_MOST_EDGES = 400


@dataclass(frozen=True, slots=True)
class Choice:
    """A text that may be taken, and how many of the typed letters it eats."""

    text: str
    used: int


@dataclass(frozen=True, slots=True)
class _Edge:
    """A word over the letters from where it is asked for to `end`."""

    end: int
    word: Word
    score: float
    ends: tuple[int, ...] = ()
    """Where its syllables end."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """Letters as they are decoded. `after[n]`: how much of what was typed the first n letters are; no syllable runs over
    a place in `cuts`."""

    letters: str
    after: tuple[int, ...]
    cuts: frozenset[int]

    @classmethod
    def of(cls, typed: str) -> _Typed:
        letters: list[str] = []
        after = [0]
        cuts = set()
        for at, sign in enumerate(typed, 1):
            small = sign.lower().replace("ü", "v")
            if len(small) == 1 and "a" <= small <= "z":
                if len(letters) == MOST_LETTERS:
                    break
                letters.append(small)
                after.append(at)
            else:
                cuts.add(len(letters))
                after[-1] = at if letters else 0
        return cls("".join(letters), tuple(after), frozenset(cuts))


class Decoder:
    """Letters to texts."""

    def __init__(self, lexicon: Lexicon) -> None:
        """With these words."""
        self._lexicon = lexicon
        self._columns = lexicon.columns
        self._spelling = lexicon.spelling

    @classmethod
    def load(cls, folder: Path | None = None, words: Iterable[str] = (), *, fuzzy: bool = True) -> Decoder:
        """The dictionary, the shipped list and the hall's own words. Raises `DataMissing`."""
        return cls(Lexicon.load(folder, words, fuzzy=fuzzy))

    def candidates(self, typed: str) -> list[str]:
        """What may be meant, best first."""
        return [choice.text for choice in self.choices(typed)]

    def choices(self, typed: str, before: str = "") -> list[Choice]:
        """Whole sentences, then the words it may begin with, the longest first. `before`: what stands before it."""
        asked = _Typed.of(typed)
        if not asked.letters:
            return []
        lattice = _Lattice(self._lexicon, asked)
        found: dict[tuple[str, int], None] = {}
        for text in lattice.sentences(before):
            found[text, asked.after[len(asked.letters)]] = None
        for edge in lattice.first_words():
            found[edge.word.text, asked.after[edge.end]] = None
        return [Choice(text, used) for text, used in found]

    def syllables(self, typed: str) -> list[str]:
        """The letters, apart as they are read."""
        asked = _Typed.of(typed)
        return _Lattice(self._lexicon, asked).read() if asked.letters else []


class _Lattice:
    """One question: the pieces that letters fall into, and the words along them."""

    def __init__(self, lexicon: Lexicon, asked: _Typed) -> None:
        self._lexicon = lexicon
        self._columns = lexicon.columns
        self._spelling = lexicon.spelling
        self._letters = asked.letters
        self._cuts = asked.cuts
        self._size = len(asked.letters)
        self._pieces = self._whole_pieces()
        self._close()
        self._words: dict[int, list[_Edge]] = {}

    # -- pieces ---------------------------------------------------------------------------------

    def _span(self, start: int, end: int) -> bool:
        return not any(start < cut < end for cut in self._cuts)

    def _whole_pieces(self) -> list[list[tuple[int, Piece]]]:
        known, longest, letters = self._spelling.pieces, self._spelling.longest, self._letters
        found: list[list[tuple[int, Piece]]] = []
        for start in range(self._size):
            here = []
            for end in range(min(self._size, start + longest), start, -1):
                piece = known.get(letters[start:end])
                if piece is not None and (not self._cuts or self._span(start, end)):
                    if letters[start:end] in _WEAK:
                        piece = Piece(piece.kind, piece.costs, cost=_WEAK_COST)
                    here.append((end, piece))
            found.append(here)
        return found

    def _close(self) -> None:
        """Let the last syllable be unfinished; where letters still do not fall into syllables, let any be initials."""
        size, letters, spelling = self._size, self._letters, self._spelling
        for start in range(max(0, size - spelling.longest + 1), size):
            whole = any(end == size and not piece.cost for end, piece in self._pieces[start])
            if not whole and self._span(start, size) and (piece := spelling.begun(letters[start:])) is not None:
                self._pieces[start].append((size, Piece(piece.kind, piece.costs, whole=False, cost=_BEGUN_COST)))
        if self._through():
            return
        for start in range(size):
            for length in (2, 1):
                spelt = letters[start : start + length]
                initial = length == 1 or spelt in {"zh", "ch", "sh"}
                if not initial or len(spelt) < length or not self._span(start, start + length):
                    continue
                if any(end == start + length and not piece.whole for end, piece in self._pieces[start]):
                    continue
                if (piece := spelling.begun(spelt)) is not None:
                    shortened = Piece(piece.kind, piece.costs, whole=False, cost=_INITIAL_COST)
                    self._pieces[start].append((start + length, shortened))

    def _through(self) -> bool:
        """Can the letters be read to the end? Only what lies on such a way is left, if so."""
        good = [False] * self._size + [True]
        for start in range(self._size - 1, -1, -1):
            good[start] = any(good[end] for end, _ in self._pieces[start])
        return good[0]

    def read(self) -> list[str]:
        """The letters apart: along the best sentence where there is one."""
        ways = self._ways("")
        cuts = ways[0][2] if ways else ()
        parts, start = [], 0
        for end in cuts:
            parts.append(self._letters[start:end])
            start = end
        return parts

    # -- words ----------------------------------------------------------------------------------

    def _along(self, start: int) -> Iterator[tuple[int, tuple[Piece, ...], tuple[int, ...]]]:
        """Runs of pieces from a place along which there are words: where they end, the pieces, and all their ends."""
        stack: list[tuple[int, tuple[Piece, ...], tuple[int, ...]]] = [(start, (), ())]
        seen = 0
        while stack and seen < _MOST_EDGES:
            at, pieces, ends = stack.pop()
            if pieces:
                seen += 1
                yield at, pieces, ends
            if at == self._size or len(pieces) == _MOST_SPAN:
                continue
            for end, piece in self._pieces[at]:
                run = (*pieces, piece)
                if self._begun(run):
                    stack.append((end, run, (*ends, end)))

    def _begun(self, run: tuple[Piece, ...]) -> bool:
        """Is there any word along these pieces, or a longer one that begins so?"""
        if not all(piece.whole for piece in run):
            return len(run) <= LONGEST
        kinds = tuple(piece.kind for piece in run)
        if kinds in self._lexicon.own_sounds:
            return True
        if len(run) > LONGEST:
            return False
        low, high = self._sounds(kinds, exact=False)
        return low < high

    def _sounds(self, kinds: tuple[int, ...], *, exact: bool) -> tuple[int, int]:
        number = 0
        for kind in kinds:
            number = (number << BITS) | kind
        free = BITS * (LONGEST - len(kinds))
        low = number << free
        sounds = self._columns.sounds
        first = bisect_left(sounds, low)
        return first, bisect_left(sounds, low + 1 if exact else (number + 1) << free, first)

    def _matching(self, run: tuple[Piece, ...], most: int) -> Iterator[tuple[Word, float]]:
        """Words whose syllables are these pieces, with what they cost; of the dictionary at most `most` are looked at."""
        lexicon, columns = self._lexicon, self._columns
        fixed = sum(piece.cost for piece in run)
        whole = all(piece.whole for piece in run)
        if whole:
            own = lexicon.own_sounds.get(tuple(piece.kind for piece in run), ())
        else:
            initial_of = self._spelling.initial_of
            first = tuple(initial_of[next(iter(piece.costs))] for piece in run)
            own = lexicon.own_initials.get(first, ())
        mine = set()
        for word in own:
            if (cost := _cost(run, word.reading)) is not None:
                mine.add(word.text)
                yield word, word.share - cost - fixed
        if len(run) > LONGEST:
            return
        places: Iterable[int]
        if whole:
            places = range(*self._sounds(tuple(piece.kind for piece in run), exact=True))
        else:
            low, high = columns.with_initials(first)
            places = columns.by_initials[low:high]
        for at in places[:most]:
            cost = _cost(run, unpack(columns.readings[at]))
            if cost is not None and (word := lexicon.entry(at)).text not in mine:
                yield word, word.share - cost - fixed

    def _edges(self, start: int) -> list[_Edge]:
        """The words from a place that are worth a way through."""
        if start in self._words:
            return self._words[start]
        found: list[_Edge] = []
        for end, run, ends in self._along(start):
            scanned = _SCANNED if all(piece.whole for piece in run) else _ABBREVIATED_SCANNED
            here = sorted(self._matching(run, scanned), key=lambda pair: -pair[1])
            found += [_Edge(end, word, score, ends) for word, score in here[: _TAKEN.get(len(run), _TAKEN_LONGER)]]
        if not self._pieces[start]:
            letter = self._letters[start]
            found.append(_Edge(start + 1, Word(letter, (), -_LETTER_COST), -_LETTER_COST, (start + 1,)))
        self._words[start] = found
        return found

    def first_words(self) -> list[_Edge]:
        """Every word it may begin with, the longest first."""
        best: dict[tuple[str, int], _Edge] = {}
        for end, run, _ in self._along(0):
            whole = all(piece.whole for piece in run)
            for word, score in self._matching(run, len(self._columns) if whole else _ABBREVIATED_SCANNED):
                key = (word.text, end)
                if key not in best or best[key].score < score:
                    best[key] = _Edge(end, word, score)
        if not self._pieces[0]:
            return self._edges(0)
        return sorted(best.values(), key=lambda edge: (-len(edge.word.text), -edge.score))

    # -- ways through ---------------------------------------------------------------------------

    def sentences(self, before: str) -> list[str]:
        return [text for _, text, _ in self._ways(before)[:SENTENCES]]

    def _ways(self, before: str) -> list[tuple[float, str, tuple[int, ...]]]:
        """The best few, with where their syllables end."""
        ways: list[dict[str, tuple[float, str, Word | None, tuple[int, ...]]]] = [{} for _ in range(self._size + 1)]
        ways[0][""] = (0.0, "", None, ())
        for start in range(self._size):
            here = sorted(ways[start].values(), key=lambda way: -way[0])[:_BEAM]
            if not here:
                continue
            for edge in self._edges(start):
                there = ways[edge.end]
                for score, text, last, ends in here:
                    longer = text + edge.word.text
                    total = score + edge.score + self._joined(last, edge.word)
                    known = there.get(longer)
                    if known is None or known[0] < total:
                        there[longer] = (total, longer, edge.word, (*ends, *edge.ends))
        done = sorted(ways[self._size].values(), key=lambda way: -way[0])
        return [(score, text, ends) for score, text, _, ends in done]

    def _joined(self, last: Word | None, word: Word) -> float:
        return 0.0


def _cost(run: tuple[Piece, ...], reading: tuple[int, ...]) -> float | None:
    """What it costs to mean these syllables; None where they cannot be meant."""
    total = 0.0
    for piece, syllable in zip(run, reading, strict=True):
        cost = piece.costs.get(syllable)
        if cost is None:
            return None
        total += cost
    return total
