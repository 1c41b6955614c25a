"""The pieces that letters fall into: whole syllables wherever they may stand, the beginning of one at the end, and
where that is not enough, initials anywhere. And how much is looked at along them, for no key may stall the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kiosk.writing.spelling import WEAK_COST, Piece, Spelling, known_sounds

_ALONE_COST, _ONLY_COST = 1.2, 1.8
"""In a word of one syllable nothing else says that a sound was taken for another; less yet if it is all there is."""
_BEGUN_COST, _INITIAL_COST = 3.0, 3.0
_TWO_SIGNS = ("zh", "ch", "sh")
_LONG = 40

Pieces = list[list[tuple[int, Piece]]]
"""From each place: where a piece ends, and the piece."""


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


class Apart(NamedTuple):
    """Letters, apart. `alone`: how much a sound taken for another counts in a word of one syllable; `sounds`: those
    that stand in them (`known_sounds`). Between the same two places there is one whole piece at most, and one that is a
    mere beginning."""

    pieces: Pieces
    alone: float
    care: Care
    sounds: int


def apart(spelling: Spelling, letters: str, cuts: frozenset[int]) -> Apart:
    """No syllable runs over a place in `cuts`."""
    size = len(letters)
    pieces = [list(_whole(spelling, letters, cuts, start)) for start in range(size)]
    _unfinished(spelling, letters, cuts, pieces)
    only = any(end == size and piece.whole for end, piece in pieces[0])
    care, good = _USUAL if size <= _LONG else _HASTY, _good(pieces)
    if not good[0]:
        care = _HASTY if size <= _LONG // 2 else _LEAST
        _initials(spelling, letters, cuts, pieces)
        good = _good(pieces)
    if good[0]:
        pieces = [[(end, piece) for end, piece in here if good[end]] for here in pieces]
    return Apart(pieces, _ONLY_COST if only else _ALONE_COST, care, known_sounds(letters))


def _torn(start: int, end: int, cuts: frozenset[int]) -> bool:
    return bool(cuts) and any(start < cut < end for cut in cuts)


def _whole(spelling: Spelling, letters: str, cuts: frozenset[int], start: int) -> Iterator[tuple[int, Piece]]:
    known = spelling.pieces
    for end in range(min(len(letters), start + spelling.longest), start, -1):
        piece = known.get(letters[start:end])
        if piece is not None and not _torn(start, end, cuts):
            yield end, piece


def _unfinished(spelling: Spelling, letters: str, cuts: frozenset[int], pieces: Pieces) -> None:
    """The last syllable may be the beginning of one."""
    size = len(letters)
    for start in range(max(0, size - spelling.longest + 1), size):
        finished = any(end == size and piece.cost < WEAK_COST for end, piece in pieces[start])
        if not finished and not _torn(start, size, cuts):
            piece = spelling.begun(letters[start:], _BEGUN_COST)
            if piece is not None:
                pieces[start].append((size, piece))


def _initials(spelling: Spelling, letters: str, cuts: frozenset[int], pieces: Pieces) -> None:
    """Letters that do not fall into syllables: any of them may be an initial."""
    made: dict[str, Piece | None] = {}
    for start in range(len(letters)):
        for end in (start + 2, start + 1):
            spelt = letters[start:end]
            if end > len(letters) or _torn(start, end, cuts) or (len(spelt) > 1 and spelt not in _TWO_SIGNS):
                continue
            if any(there == end and not piece.whole for there, piece in pieces[start]):
                continue
            if spelt not in made:
                made[spelt] = spelling.begun(spelt, _INITIAL_COST)
            if (piece := made[spelt]) is not None:
                pieces[start].append((end, piece))


def _good(pieces: Pieces) -> list[bool]:
    """From where the letters can be read to their end."""
    good = [False] * len(pieces) + [True]
    for start in range(len(pieces) - 1, -1, -1):
        good[start] = any(good[end] for end, _ in pieces[start])
    return good
