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
_TRUST = 0.7
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
        0 where nothing is known."""
        if not first:
            return 0.0
        for number in (pair(first, second), pair(first)):
            at = bisect_left(self.numbers, number)
            if at < len(self.numbers) and self.numbers[at] == number:
                return (self.worth[at] / _UNIT + _LEAST) * _TRUST
        return 0.0
