"""How the dictionary lies in its file: a line that describes it, then columns of numbers, mapped and never read whole.
A word of up to four characters is one number by its text, one by its sounds, so that a search is a bisection.
"""

from __future__ import annotations

import json
import mmap
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.writing.store import DataMissing, checked

NAME = "pinyin.bin"
FORMAT = 2
LONGEST = 4
"""Characters of the longest word."""
BITS = 16
COST_UNIT = 1000
MOST_COST = 65_535
_WHOLE = 1 << (BITS * LONGEST)
_SIZES = {"Q": 8, "I": 4, "H": 2}

Numbers = Sequence[int]


def pack(parts: Iterable[int]) -> int:
    """Up to four numbers as one that sorts as they do; what is shorter comes first."""
    made, left = 0, LONGEST
    for part in parts:
        made, left = (made << BITS) | part, left - 1
    return made << (BITS * left)


def unpack(number: int) -> tuple[int, ...]:
    """The numbers again, up to the first nought."""
    parts = ((number >> 48) & 0xFFFF, (number >> 32) & 0xFFFF, (number >> 16) & 0xFFFF, number & 0xFFFF)
    return parts[: parts.index(0)] if 0 in parts else parts


def pack_text(word: str) -> int:
    return pack(map(ord, word))


def unpack_text(number: int) -> str:
    return "".join(map(chr, unpack(number)))


Long = tuple[str, str, float]
"""A word too long for a number: its text, its syllables by number as characters, the logarithm of its share."""


def joined(syllables: Sequence[str], long: Sequence[Long], parts: Mapping[str, array[int]]) -> bytes:
    """A file's content."""
    listed = {name: [part.typecode, len(part)] for name, part in parts.items()}
    head = {"syllables": list(syllables), "long": list(long), "columns": listed}
    line = json.dumps(head, separators=(",", ":")).encode()
    line += b" " * (-(len(line) + 1) % 8) + b"\n"
    body = b"".join(part.tobytes() + b"\0" * (-len(part.tobytes()) % 8) for part in parts.values())
    return line + body


@dataclass(frozen=True, slots=True)
class Columns:
    """The dictionary, in the order of its sounds; within the same sounds the commonest first."""

    syllables: tuple[str, ...]
    long: tuple[Long, ...]
    sounds: Numbers
    readings: Numbers
    texts: Numbers
    initials: Numbers
    by_text: Numbers
    by_initials: Numbers
    costs: Numbers

    @classmethod
    def load(cls, folder: Path | None = None) -> Columns:
        """Map the file. Raises `DataMissing`."""
        path = checked(folder, NAME, FORMAT)
        try:
            with path.open("rb") as file:
                whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            mapped, end = memoryview(whole), whole.find(b"\n") + 1
            head = json.loads(bytes(mapped[:end]))
            parts: dict[str, Numbers] = {}
            for name, (kind, count) in head["columns"].items():
                size = _SIZES[kind] * count
                parts[name] = mapped[end : end + size].cast(kind)
                end += size + -size % 8
            long = tuple((text, reading, share) for text, reading, share in head["long"])
            return cls(tuple(head["syllables"]), long, **parts)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise DataMissing(NAME, "damaged; run `make setup` once") from error

    def __len__(self) -> int:
        return len(self.texts)

    def share(self, at: int) -> float:
        """The natural logarithm of how much of all writing this word is."""
        return -self.costs[at] / COST_UNIT

    def begun_with(self, prefix: str) -> tuple[int, int]:
        """Where in the order of texts the words with this prefix are."""
        if not 0 < len(prefix) <= LONGEST or max(map(ord, prefix)) > 0xFFFF:
            return (0, 0)
        low = pack_text(prefix)
        high = low + (_WHOLE >> (BITS * len(prefix)))
        order, texts = self.by_text, self.texts
        return (bisect_left(order, low, key=lambda at: texts[at]), bisect_left(order, high, key=lambda at: texts[at]))

    def with_initials(self, kinds: Iterable[int]) -> tuple[int, int]:
        """Where in the order of initials the words with exactly these are."""
        low = pack(kinds)
        return (bisect_left(self.initials, low), bisect_left(self.initials, low + 1))
