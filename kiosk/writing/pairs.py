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
FORMAT = 1
_UNIT = 20
_MOST = 255
_TRUST = 0.7
"""Other people's texts: what they say counts for so much."""


def pair(first: str, second: str) -> int:
    """Two words as one number; that two pairs share theirs is as good as never."""
    return (crc32(first.encode()) << 32) | crc32(second.encode())


def packed(found: Mapping[int, float]) -> bytes:
    """The file's content: pairs as numbers, in order, then what each is worth."""
    order = sorted(found)
    worth = array("B", [min(_MOST, round(found[number] * _UNIT)) for number in order])
    return array("Q", order).tobytes() + worth.tobytes()


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
        count = len(mapped) // 9
        return cls(mapped[: 8 * count].cast("Q"), mapped[8 * count :])

    def joined(self, first: str, second: str) -> float:
        """How much likelier the second is after the first: a logarithm, 0 where nothing is known."""
        number = pair(first, second)
        at = bisect_left(self.numbers, number)
        return self.worth[at] * _TRUST / _UNIT if at < len(self.numbers) and self.numbers[at] == number else 0.0
