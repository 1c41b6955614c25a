"""Which words there are and how common they are: the packed dictionary, the list shipped for service halls, and what the
hall itself adds. What residents write is never added.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.writing.columns import LONGEST, Columns, unpack, unpack_text
from kiosk.writing.spelling import Spelling
from kiosk.writing.store import DataMissing

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "words" / "hall.txt"
"""The list for service halls: word, reading, weight (1 to 9), apart by tabs."""
USUAL, HALLS_OWN = 5, 7
"""The weight of a word of the list that names none, and of what a hall adds."""
_LOWEST, _STEP = -11.0, 0.5
_HAN = re.compile(r"[\u3007\u4e00-\u9fff]+")
_MOST_CHARACTERS = 24
_MOST_FIT = 6.0
_LOOK_BACK = 3
_MOST_SCANNED = 400


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it may be typed: its syllables by number, the logarithm of its share of all writing, and where it stands
    in the dictionary (-1: nowhere)."""

    text: str
    reading: tuple[int, ...]
    share: float
    at: int = -1


class Lexicon:
    """Words by text, by sound and by initials."""

    def __init__(self, columns: Columns, *, fuzzy: bool = True) -> None:
        """The dictionary alone."""
        self.columns = columns
        self.spelling = Spelling(columns.syllables, fuzzy=fuzzy)
        self.own: dict[str, list[Word]] = {}
        """What halls add, by text."""
        self.own_sounds: dict[tuple[int, ...], list[Word]] = {}
        """The same by the classes of their sounds; every beginning is there too, empty where it is no word."""
        self.own_initials: dict[tuple[int, ...], list[Word]] = {}
        self._own_begun: dict[str, dict[str, float]] = {}

    @classmethod
    def load(cls, folder: Path | None = None, words: Iterable[str] = (), *, fuzzy: bool = True) -> Lexicon:
        """The dictionary, the shipped list, and the hall's own words. Raises `DataMissing`."""
        lexicon = cls(Columns.load(folder), fuzzy=fuzzy)
        for text, spelt, level in shipped():
            lexicon.add(text, spelt, level)
        for given in words:
            for text in _HAN.findall(given):
                lexicon.add(text, "", HALLS_OWN)
        return lexicon

    def add(self, text: str, spelt: str = "", level: int = USUAL) -> None:
        """A word of the hall's. Without a reading it gets the dictionary's; one that cannot be read is left out."""
        text = text[:_MOST_CHARACTERS]
        numbers = self.spelling.number
        reading = tuple(numbers.get(part, 0) for part in spelt.split()) or self.read(text)
        if len(reading) != len(text) or not all(reading):
            return
        share, at = _LOWEST + _STEP * level, -1
        for known in self.entries(text):
            if known.reading == reading:
                share, at = max(share, known.share), known.at
        same = self.own.setdefault(text, [])
        if any(word.reading == reading and word.share >= share for word in same):
            return
        word = Word(text, reading, share, at)
        same.append(word)
        kinds = tuple(self.spelling.class_of[part] for part in reading)
        for end in range(1, len(kinds)):
            self.own_sounds.setdefault(kinds[:end], [])
            if end <= _LOOK_BACK:
                begun = self._own_begun.setdefault(text[:end], {})
                begun[text[end]] = begun.get(text[end], 0.0) + math.exp(share)
        self.own_sounds.setdefault(kinds, []).append(word)
        self.own_initials.setdefault(tuple(self.spelling.initial_of[part] for part in reading), []).append(word)

    def entry(self, at: int) -> Word:
        """A word of the dictionary by its place in the order of sounds."""
        columns = self.columns
        return Word(unpack_text(columns.texts[at]), unpack(columns.readings[at]), columns.share(at), at)

    def entries(self, text: str) -> Iterator[Word]:
        """The dictionary's entries of exactly this text, the commonest reading first."""
        low, high = self.columns.begun_with(text)
        for place in range(low, high):
            at = self.columns.by_text[place]
            if unpack_text(self.columns.texts[at]) != text:
                return
            yield self.entry(at)

    def read(self, text: str) -> tuple[int, ...]:
        """The syllables of a text: of the longest words it begins with, one after the other; () if one has none."""
        reading: list[int] = []
        at = 0
        while at < len(text):
            for size in range(min(LONGEST, len(text) - at), 0, -1):
                if (word := next(self.entries(text[at : at + size]), None)) is not None:
                    reading += word.reading
                    at += size
                    break
            else:
                return ()
        return tuple(reading)

    def fit(self, before: str, char: str) -> float:
        """How much likelier a character is after this text than anywhere: a logarithm, 0 where nothing is known."""
        best = 0.0
        for size in range(1, _LOOK_BACK + 1):
            begun = before[-size:]
            if len(begun) < size or not char:
                break
            after = self._mass(begun + char) + self._own_begun.get(begun, {}).get(char, 0.0)
            if after:
                whole = self._mass(begun) + sum(self._own_begun.get(begun, {}).values())
                usual = max(self._mass(char), 1e-9)
                best = max(best, math.log(after / whole / usual))
        return min(best, _MOST_FIT)

    def following(self, before: str, most: int = 8) -> list[str]:
        """What may come next: the rest of words that were begun, the longest beginning first; [] where there is none."""
        found: dict[str, None] = {}
        for size in range(_LOOK_BACK, 0, -1):
            begun = before[-size:]
            if len(begun) < size:
                continue
            rest: dict[str, float] = {}
            low, high = self.columns.begun_with(begun)
            for place in range(low, min(high, low + _MOST_SCANNED)):
                at = self.columns.by_text[place]
                text = unpack_text(self.columns.texts[at])[size:]
                if text:
                    rest[text] = max(rest.get(text, -99.0), self.columns.share(at))
            for text, words in self.own.items():
                if text.startswith(begun) and len(text) > size:
                    rest[text[size:]] = max(rest.get(text[size:], -99.0), words[0].share)
            found |= dict.fromkeys(sorted(rest, key=lambda text: (-rest[text], text)))
            if len(found) >= most:
                break
        return list(found)[:most]

    def _mass(self, prefix: str) -> float:
        """How much of all writing words with this prefix are."""
        low, high = self.columns.begun_with(prefix)
        shares, order = self.columns.share, self.columns.by_text
        return sum(math.exp(shares(order[place])) for place in range(low, min(high, low + _MOST_SCANNED)))


def shipped(path: Path = SHIPPED) -> list[tuple[str, str, int]]:
    """The list for service halls. Raises `DataMissing` where it is not there or not readable."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
        return [(row[0], row[1], int(row[2]) if len(row) > 2 else USUAL) for row in rows]  # noqa: PLR2004
    except (OSError, ValueError, IndexError) as error:
        raise DataMissing(path.name, "the list of words shipped with the kiosk; install it again") from error
