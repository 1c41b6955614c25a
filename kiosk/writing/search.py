"""Find anything by what its name begins with: 低保申请 by DBSQ, by DIBAO, by 低保. Which names fit what was typed so
far, in the order in which people mean them, and which letters lead on.

It knows names and letters, no dictionary, and keeps nothing of what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from enum import IntEnum, auto
from itertools import accumulate, islice, product
from typing import Generic, TypeVar

from kiosk.writing.readings import ALPHABET, read

T = TypeVar("T")

MOST = 24
"""Letters beyond these change nothing."""
_FEWEST_SHUFFLED = 3
"""Two letters the wrong way round are two other letters."""
_MOST_FORMS = 16
"""Of a name whose characters have several readings: so many ways of putting them together are enough."""
_COUNT = {letter: 1 << 5 * at for at, letter in enumerate(ALPHABET)}
_LETTER = {count: letter for letter, count in _COUNT.items()}
"""Letters as numbers whose sum says how often each is there, whatever their order."""


class Why(IntEnum):
    """Why a name fits, best first. Initials come before whole syllables: who knows pinyin at all types those."""

    WHOLE = auto()  # all its initials, or all its characters
    BEGINS = auto()
    HOLDS = auto()
    OTHERWISE = auto()  # initials, its characters read otherwise: CZ for 长者
    SPELT = auto()  # its pinyin from the beginning, syllables whole or by their initials
    SPELT_INSIDE = auto()
    SCATTERED = auto()  # initials with others between them
    SHUFFLED = auto()  # initials that stand together, in another order; like the next only where nothing fits better
    ALIKE = auto()  # other characters that sound the same: whoever writes by hand may take one for another


@dataclass(frozen=True, slots=True)
class Hit(Generic[T]):
    """Something found. `name`: by which of its names, 0 the first; `why`."""

    thing: T
    name: int
    why: Why


@dataclass(frozen=True, slots=True)
class Look(Generic[T]):
    """What fits, best first, and the letters after which something would still be found."""

    hits: tuple[Hit[T], ...] = ()
    letters: str = ""


class _Sound:
    """What may be typed for one character: a syllable's first letter, ZH, CH, SH, or all of it. One for all characters
    that are read so. An unknown character sounds like any letter: better one hit too many than a name not found."""

    __slots__ = ("firsts", "letters", "parts", "wholes")

    def __init__(self, syllables: tuple[str, ...]) -> None:
        self.wholes = syllables or tuple(ALPHABET)
        short = [one[:many] for one in self.wholes for many in ((1, 2) if one[1:2] == "H" else (1,))]
        self.parts = tuple(dict.fromkeys((*short, *self.wholes)))
        self.firsts = "".join(dict.fromkeys(one[0] for one in self.wholes))
        self.letters = frozenset("".join(self.wholes))


@dataclass(frozen=True, slots=True)
class _Name:
    """`forms`: its initials, as it is usually read and then as it might be; an unknown character is not among them.
    `sums`: of each form, its letters counted up to every place. `letters`: all that any spelling has."""

    text: str
    sounds: tuple[_Sound, ...]
    forms: tuple[str, ...]
    sums: tuple[tuple[int, ...], ...]
    letters: frozenset[str]

    @staticmethod
    def of(text: str, syllables: Sequence[tuple[str, ...]], known: dict[tuple[str, ...], _Sound]) -> _Name:
        sounds = tuple(known.get(each) or known.setdefault(each, _Sound(each)) for each in syllables)
        firsts = [sound.firsts for sound, each in zip(sounds, syllables, strict=True) if each]
        forms = tuple("".join(form) for form in islice(product(*firsts), _MOST_FORMS))
        sums = tuple(tuple(accumulate((_COUNT[letter] for letter in form), initial=0)) for form in forms)
        return _Name(_plain(text), sounds, forms, sums, frozenset().union(*(sound.letters for sound in sounds)))


@dataclass(frozen=True, slots=True)
class Index(Generic[T]):
    """Things to be found, in the order in which equals are shown."""

    _entries: tuple[tuple[T, tuple[_Name, ...]], ...] = field(default=(), repr=False)
    _begin: str = ""

    @staticmethod
    def of(things: Iterable[tuple[T, Sequence[str], str]]) -> Index[T]:
        """From (thing, its Chinese names, the one it is best known by first, its name in Latin letters or ""). That one
        counts as its last name, each of its words like a character."""
        known: dict[tuple[str, ...], _Sound] = {}
        entries = tuple((thing, tuple(_names(names, latin, known))) for thing, names, latin in things)
        return Index(entries, _in_order({letter for sound in known.values() for letter in sound.firsts}))

    def look(self, typed: str) -> Look[T]:
        """What fits the letters or the characters typed. Nothing typed: nothing is found, and the letters are those
        that find something. So it is after characters: a letter begins anew."""
        plain = _plain(typed)
        if not plain:
            return Look((), self._begin)
        if not plain.isascii() or not plain.isalpha():
            written = _Written(plain)
            return Look(self._ranked(written.fits) or self._ranked(written.sounds_like), self._begin)
        letters = _Letters(plain)
        hits = self._ranked(letters.fits)
        return Look(hits, _in_order(letters.onward) if len(plain) < MOST else "")

    def _ranked(self, fits: Callable[[_Name], Why | None]) -> tuple[Hit[T], ...]:
        found = []
        for at, (thing, names) in enumerate(self._entries):
            why = [(fit, name) for name, each in enumerate(names) if (fit := fits(each))]
            if why:
                best, name = min(why)
                found.append((best, min(name, 1), at, Hit(thing, name, best)))
        found.sort(key=lambda each: each[:3])
        if found and found[0][0] < Why.SHUFFLED:
            found = [each for each in found if each[0] < Why.SHUFFLED]
        return tuple(hit for *_order, hit in found)


def _plain(text: str) -> str:
    """As names and what is typed are compared: capitals, no signs."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def _in_order(letters: Set[str]) -> str:
    return "".join(letter for letter in ALPHABET if letter in letters)


def _names(names: Sequence[str], latin: str, known: dict[tuple[str, ...], _Sound]) -> Iterator[_Name]:
    for name in names:
        yield _Name.of(name, read(name), known)
    words = [word for part in latin.upper().split() if (word := "".join(sign for sign in part if sign in ALPHABET))]
    if words:
        yield _Name.of("", [(word,) for word in words], known)


# ---- by letters ------------------------------------------------------------------------------------------------------


class _Steps(dict[tuple[_Sound, int], tuple[tuple[int, ...], str]]):
    """For a sound that begins at one of the letters typed: where it may end, and which letters may follow if they end
    within it or before it. Each is worked out once, however many names have the sound."""

    def __init__(self, typed: str) -> None:
        super().__init__()
        self._typed = typed

    def __missing__(self, key: tuple[_Sound, int]) -> tuple[tuple[int, ...], str]:
        sound, at = key
        rest = self._typed[at:]
        if not rest:
            step: tuple[tuple[int, ...], str] = (), sound.firsts
        else:
            begun = "".join(one[len(rest)] for one in sound.wholes if len(rest) < len(one) and one.startswith(rest))
            step = tuple(at + len(part) for part in sound.parts if rest.startswith(part)), begun
        self[key] = step
        return step


class _Letters:
    """Letters that were typed. `onward`: after looking at names, those that may follow."""

    def __init__(self, typed: str) -> None:
        self.onward: set[str] = set()
        self._typed, self._steps, self._set = typed, _Steps(typed), frozenset(typed)
        self._count = sum(_COUNT[letter] for letter in typed)

    def fits(self, name: _Name) -> Why | None:
        if not self._set <= name.letters:
            return None
        spelt, scattered, shuffled = self._spelt(name.sounds), self._scattered(name.forms), self._shuffled(name.sums)
        return self._initials(name.forms) or spelt or scattered or shuffled

    def _initials(self, forms: tuple[str, ...]) -> Why | None:
        typed = self._typed
        for form in forms:
            if typed in form:
                if form is not forms[0]:
                    return Why.OTHERWISE
                return Why.WHOLE if form == typed else Why.BEGINS if form.startswith(typed) else Why.HOLDS
        return None

    def _spelt(self, sounds: tuple[_Sound, ...]) -> Why | None:
        """From which character on the letters can be read."""
        first = self._typed[0]
        found = [at for at, sound in enumerate(sounds) if first in sound.firsts and self._reads(sounds[at:])]
        return (Why.SPELT_INSIDE if found[0] else Why.SPELT) if found else None

    def _reads(self, sounds: tuple[_Sound, ...]) -> bool:
        found, here = False, {0}
        for sound in sounds:
            after: set[int] = set()
            for at in here:
                ends, begun = self._steps[sound, at]
                after.update(ends)
                if begun:
                    found = True
                    self.onward.update(begun)
            if not after:
                return found
            here = after
        return found or len(self._typed) in here

    def _scattered(self, forms: tuple[str, ...]) -> Why | None:
        found = None
        for form in forms:
            at = -1
            for letter in self._typed:
                at = form.find(letter, at + 1)
                if at < 0:
                    break
            else:
                found = Why.SCATTERED
                self.onward.update(form[at + 1 :])
        return found

    def _shuffled(self, every: tuple[tuple[int, ...], ...]) -> Why | None:
        """A run's letters are what is counted at its end and was not yet at its beginning."""
        found, many, count = None, len(self._typed), self._count
        for sums in every if many >= _FEWEST_SHUFFLED - 1 else ():
            if many >= _FEWEST_SHUFFLED and any(b - a == count for a, b in zip(sums, sums[many:], strict=False)):
                found = Why.SHUFFLED
            for a, b in zip(sums, sums[many + 1 :], strict=False):
                if (letter := _LETTER.get(b - a - count)) is not None:
                    self.onward.add(letter)
        return found


# ---- by characters ---------------------------------------------------------------------------------------------------


class _Written:
    """Characters that were written, and how they may sound."""

    def __init__(self, text: str) -> None:
        self.text, self.sounds = text, [frozenset(each) for each in read(text)]

    def fits(self, name: _Name) -> Why | None:
        if self.text in name.text:
            if self.text == name.text:
                return Why.WHOLE
            return Why.BEGINS if name.text.startswith(self.text) else Why.HOLDS
        signs = iter(name.text)
        if all(sign in signs for sign in self.text):
            return Why.SCATTERED
        return None

    def sounds_like(self, name: _Name) -> Why | None:
        if not self.sounds:
            return None
        first, *others = self.sounds
        for at in range(len(name.sounds) - len(others)):
            if not first.isdisjoint(name.sounds[at].wholes):
                run = zip(others, name.sounds[at + 1 :], strict=False)
                if not any(own.isdisjoint(sound.wholes) for own, sound in run):
                    return Why.ALIKE
        return None
