"""Which words go together: how much likelier one is right after another than anywhere, as a model of other people's
texts says. A machine without these data decodes all the same, a little worse.
"""

from __future__ import annotations

import mmap
import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from kiosk.writing.store import DataMissing, checked

NAME = "pairs.bin"
FORMAT = 3
MOST_WORDS = 0xFFFF
LONGEST = 4
"""Characters of the longest word that is in a pair."""
UNIT, LEAST = 16, -6.0
_HEAD = "<2I"
_TRUST, _TRUST_UNSEEN = 1.2, 0.8
"""How much the model's word counts against how common a word is; and where it never saw the pair."""

End = tuple[int, int, float]
"""Where the words that follow a word begin and end, and what any other costs."""
_NO_END: End = (0, 0, 0.0)


def number(word: str) -> int:
    """A word as a number; that two words share theirs is rare enough."""
    return crc32(word.encode())


def joined(numbers: Sequence[int], begins: Sequence[int], follow: Sequence[int], worth: bytes, unseen: bytes) -> bytes:
    """The file's content. Words by their numbers, in order; where the places of those that follow each begin, and what
    such a pair is worth; and what any other word costs after each: logarithms in steps of 1 / `UNIT` from `LEAST`."""
    head = struct.pack(_HEAD, len(numbers), len(follow))
    columns = (array("I", numbers), array("I", begins), array("H", follow))
    return b"".join([head, *(column.tobytes() for column in columns), worth, unseen])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Words by their numbers, and after each those that follow it, by place."""

    numbers: Sequence[int] = ()
    begins: Sequence[int] = ()
    follow: Sequence[int] = ()
    worth: Sequence[int] = ()
    unseen: Sequence[int] = ()

    @classmethod
    def load(cls, folder: Path | None = None) -> Pairs:
        """Map the file; no pairs where it is not there or damaged."""
        try:
            with checked(folder, NAME, FORMAT).open("rb") as file:
                mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            words, pairs = struct.unpack_from(_HEAD, mapped)
            one = struct.calcsize(_HEAD)
            two = one + 4 * words
            three = two + 4 * (words + 1)
            four = three + 2 * pairs
            five = four + pairs
            return cls(mapped[one:two].cast("I"), mapped[two:three].cast("I"), mapped[three:four].cast("H"),
                       mapped[four:five], mapped[five:five + words])  # fmt: skip
        except (DataMissing, OSError, ValueError, TypeError, struct.error):
            return cls()

    def joined(self, first: str, second: str) -> float:
        """How much likelier the second is after the first than anywhere: a logarithm, below 0 where it follows others,
        0 where nothing is known. Of words that are not known themselves the end, or the beginning, counts."""
        return self.after_each([self.end(first)], self.start(second))[0]

    def end(self, text: str) -> End:
        """What follows the longest end of a text that is a known word."""
        for size in range(min(LONGEST, len(text)), 0, -1):
            if (at := self._at(text[-size:])) >= 0:
                other = (self.unseen[at] / UNIT + LEAST) * _TRUST_UNSEEN
                return self.begins[at], self.begins[at + 1], other
        return _NO_END

    def start(self, text: str) -> int:
        """The place of the longest known word that a text begins with; -1 if there is none."""
        for size in range(min(LONGEST, len(text)), 0, -1):
            if (at := self._at(text[:size])) >= 0:
                return at
        return -1

    def after_each(self, ends: Iterable[End], start: int) -> list[float]:
        """What `joined` says of words of which it is known already how they end and start."""
        if start < 0:
            return [0.0 for _ in ends]
        follow, worth, found = self.follow, self.worth, []
        for low, high, other in ends:
            at = bisect_left(follow, start, low, high)
            if at < high and follow[at] == start:
                found.append((worth[at] / UNIT + LEAST) * _TRUST)
            else:
                found.append(other)
        return found

    def _at(self, word: str) -> int:
        made = number(word)
        at = bisect_left(self.numbers, made)
        return at if at < len(self.numbers) and self.numbers[at] == made else -1
