"""Which words there are and how common they are: the packed dictionary with the list shipped for service halls, and
what the hall itself adds. What residents write is never added.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from kiosk.writing.columns import LONGEST, Columns, unpack, unpack_text
from kiosk.writing.hallwords import HALLS_OWN, share
from kiosk.writing.pairs import Pairs
from kiosk.writing.spelling import Spelling

_HAN = re.compile(r"[\u3007\u4e00-\u9fff]+")
_MOST_CHARACTERS = 24
_MOST_FIT = 6.0
_LOOK_BACK = 3
_MOST_SCANNED = 400


class Word(NamedTuple):
    """A word that is not in the columns: longer than they take, or the hall's own. Its syllables by number, and the
    logarithm of its share of all writing."""

    text: str
    reading: tuple[int, ...]
    share: float


class Lexicon:
    """Words by text, by sound and by initials."""

    def __init__(self, columns: Columns, pairs: Pairs, words: Iterable[str] = (), *, fuzzy: bool = True) -> None:
        """`words`: what the hall adds, Chinese characters among other signs."""
        self.columns = columns
        self.pairs = pairs
        self.spelling = Spelling(columns.syllables, fuzzy=fuzzy)
        own = {text: Word(text, tuple(map(ord, reading)), much) for text, reading, much in columns.long}
        for given in words:
            for text in _HAN.findall(given):
                word = text[:_MOST_CHARACTERS]
                if reading := self.read(word):
                    known = [own[word].share] if word in own else [much for _, much in self.entries(word)]
                    own[word] = Word(word, reading, max([share(word, HALLS_OWN), *known]))
        self._by_text = [own[text] for text in sorted(own)]
        self._texts = [word.text for word in self._by_text]
        self._by_sound, self._sounds = _keyed(self._by_text, self.spelling.class_of)
        self._by_initials, self._initials = _keyed(self._by_text, self.spelling.initial_of)

    @classmethod
    def load(cls, folder: Path | None = None, words: Iterable[str] = (), *, fuzzy: bool = True) -> Lexicon:
        """The dictionary, the shipped list, and the hall's own words. Raises `DataMissing`."""
        return cls(Columns.load(folder), Pairs.load(folder), words, fuzzy=fuzzy)

    def own_sounding(self, key: str) -> Sequence[Word]:
        """The words outside the columns with exactly these classes of sounds, each a character of the key."""
        low = bisect_left(self._sounds, key)
        return self._by_sound[low : bisect_left(self._sounds, key + "\1", low)] if self._at(low) == key else ()

    def own_begins(self, key: str) -> bool:
        """Is there a word outside the columns that begins with these sounds?"""
        return self._at(bisect_left(self._sounds, key)).startswith(key)

    def own_shortened(self, key: str) -> Sequence[Word]:
        """The words outside the columns with exactly these initials."""
        low = bisect_left(self._initials, key)
        return self._by_initials[low : bisect_left(self._initials, key + "\1", low)]

    def _at(self, place: int) -> str:
        return self._sounds[place] if place < len(self._sounds) else ""

    def entries(self, text: str) -> Iterator[tuple[tuple[int, ...], float]]:
        """The readings of exactly this text in the columns, the commonest first, each with its share."""
        low, high = self.columns.begun_with(text)
        for place in range(low, high):
            at = self.columns.by_text[place]
            if unpack_text(self.columns.texts[at]) != text:
                return
            yield unpack(self.columns.readings[at]), self.columns.share(at)

    def read(self, text: str) -> tuple[int, ...]:
        """The syllables of a text: of the longest words it begins with, one after the other; () if one has none."""
        reading: list[int] = []
        at = 0
        while at < len(text):
            for size in range(min(LONGEST, len(text) - at), 0, -1):
                if (found := next(self.entries(text[at : at + size]), None)) is not None:
                    reading += found[0]
                    at += size
                    break
            else:
                return ()
        return tuple(reading)

    def fit(self, before: str, char: str) -> float:
        """How much likelier a character is after this text than anywhere: a logarithm, 0 where nothing is known."""
        if not before or not char:
            return 0.0
        best = self.pairs.joined(before[-1], char)
        usual = max(self._mass(char), 1e-9)
        for size in range(1, min(_LOOK_BACK, len(before)) + 1):
            begun = before[-size:]
            if after := self._mass(begun + char):
                best = max(best, math.log(after / self._mass(begun) / usual))
        return min(best, _MOST_FIT)

    def following(self, before: str, most: int = 8) -> list[str]:
        """What may come next: the rest of words begun, the longest beginning first; [] where there is none."""
        found: dict[str, None] = {}
        for size in range(min(_LOOK_BACK, len(before)), 0, -1):
            rest: dict[str, float] = {}
            for text, much in self._begun(before[-size:]):
                if len(text) > size:
                    rest[text[size:]] = max(rest.get(text[size:], much), much)
            found |= dict.fromkeys(sorted(rest, key=lambda text: (-rest[text], text)))
            if len(found) >= most:
                break
        return list(found)[:most]

    def _begun(self, prefix: str) -> Iterator[tuple[str, float]]:
        """Words with this prefix and their shares, not endlessly many."""
        columns = self.columns
        low, high = columns.begun_with(prefix)
        for place in range(low, min(high, low + _MOST_SCANNED)):
            at = columns.by_text[place]
            yield unpack_text(columns.texts[at]), columns.share(at)
        place = bisect_left(self._texts, prefix)
        while place < len(self._texts) and self._texts[place].startswith(prefix):
            yield self._texts[place], self._by_text[place].share
            place += 1

    def _mass(self, prefix: str) -> float:
        """How much of all writing words with this prefix are."""
        return sum(math.exp(much) for _, much in self._begun(prefix))


def _keyed(words: Iterable[Word], numbers: Sequence[int]) -> tuple[list[Word], list[str]]:
    """The words in the order of a key, a character for each syllable, and their keys."""
    keyed = sorted(("".join([chr(numbers[part]) for part in word.reading]), word) for word in words)
    return [word for _, word in keyed], [key for key, _ in keyed]
