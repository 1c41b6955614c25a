"""Which words go together: how much likelier one is right after another than anywhere, as open-gram counted it. A
machine without these data decodes all the same, a little worse.
"""

from __future__ import annotations

import mmap
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from kiosk.writing.store import DataMissing, checked

NAME = "pairs.bin"
FORMAT = 2
_BYTES = 4
"""Bytes of a pair's number, and then one for what it is worth."""
_UNIT, _LEAST = 20, -3.0
_HALF = 2
_TRUST = 0.6
"""Other people's texts: what they say counts for so much."""


def pair(first: str, second: str = "") -> int:
    """Two words as one number; that two pairs share theirs is rare enough. Without a second: any that makes no pair."""
    return crc32(second.encode(), crc32(first.encode()))


def packed(found: Mapping[int, float]) -> bytes:
    """The file's content: pairs as numbers, in order, then what each is worth."""
    order = sorted(found)
    worth = array("B", [max(0, min(255, round((found[number] - _LEAST) * _UNIT))) for number in order])
    return array("I", order).tobytes() + worth.tobytes()


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of words, and what they are worth."""

    numbers: Sequence[int] = ()
    worth: Sequence[int] = b""

    @classmethod
    def load(cls, folder: Path | None = None) -> Pairs:
        """Map the file; no pairs where it is not there or damaged."""
        try:
            with checked(folder, NAME, FORMAT).open("rb") as file:
                mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except (DataMissing, OSError, ValueError):
            return cls()
        count = len(mapped) // (_BYTES + 1)
        return cls(mapped[: _BYTES * count].cast("I"), mapped[_BYTES * count :])

    def joined(self, first: str, second: str) -> float:
        """How much likelier the second is after the first than anywhere: a logarithm, below 0 where it follows others,
        0 where nothing is known. Of words that are not known themselves the end, or the beginning, counts."""
        return self.after(self.end(first), self.start(second)) if first else 0.0

    def end(self, word: str) -> tuple[str, float]:
        """The longest end of a word that is known, and what it is worth if what follows makes no pair with it."""
        for end in dict.fromkeys((word, word[-_HALF:], word[-1:])):
            at = self._at(pair(end))
            if at >= 0:
                return end, self._worth(at)
        return word, 0.0

    def start(self, word: str) -> str:
        """A word, or the beginning of one that is not known."""
        return word if len(word) <= _HALF or self._at(pair(word)) >= 0 else word[:_HALF]

    def after(self, end: tuple[str, float], start: str) -> float:
        """What `joined` says of words of which it is known already how they end and start."""
        at = self._at(pair(end[0], start))
        return self._worth(at) if at >= 0 else end[1]

    def _at(self, number: int) -> int:
        at = bisect_left(self.numbers, number)
        return at if at < len(self.numbers) and self.numbers[at] == number else -1

    def _worth(self, at: int) -> float:
        return (self.worth[at] / _UNIT + _LEAST) * _TRUST
