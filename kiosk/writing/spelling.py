"""Pinyin syllables as people spell them: without tones, and with the sounds that dialects do not tell apart. Whatever
is spelled alike by ear falls into one class, so that one look-up finds all of it and what was meant costs the least.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

FUZZY_COST = 2.2
"""What one sound taken for another costs, in natural logarithms: the exact reading stays first."""
KNOWN_COST = 1.4
"""What it costs more where the sound that is meant stands elsewhere in the letters: whoever types it there knows it."""
SPELT_COST = 0.5
"""The same where what was typed is no syllable otherwise, so that nothing else can be meant."""

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"))
_FINALS = (("ing", "in"), ("eng", "en"), ("uang", "uan"), ("iang", "ian"), ("ang", "an"))
_SOUND = {"zh": "zh", "ch": "zh", "sh": "zh", "z": "z", "c": "z", "s": "z", "n": "n", "l": "l", "f": "f", "h": "h",
          "ing": "ing", "eng": "ing", "in": "in", "en": "in", "uang": "ang", "iang": "ang", "ang": "ang",
          "uan": "an", "ian": "an", "an": "an"}  # fmt: skip
"""Which differences go together: who does not hear one of a group hears none of it."""
_STANDS = {name: re.compile(how) for name, how in {
    "zh": "[zcs]h", "z": "[zcs](?!h)", "n": "n(?=[aeiouv])", "l": "l", "f": "f", "h": "(?<![zcs])h",
    "ing": "[ie]ng", "in": "[ie]n(?!g)", "ang": "ang", "an": "an(?!g)",
}.items()}  # fmt: skip
_NUMBERS = {name: at for at, name in enumerate(_STANDS)}
_VOWELS = frozenset("aeiouv")
_OTHERWISE = {
    "lue": "lve", "nue": "nve", "lv": "lyu", "nv": "nyu", "ju": "jv", "qu": "qv", "xu": "xv", "yu": "yv",
    "jue": "jve", "que": "qve", "xue": "xve", "yue": "yve",
}  # fmt: skip
"""Ways of typing ü that are not wrong."""
WEAK = frozenset({"n", "m", "ng", "hm"})
"""Syllables of one who hums; whoever types them mostly means the beginning of another."""
WEAK_COST = 6.0


def initial_of(syllable: str) -> str:
    """The consonant a syllable begins with; the first letter of one that has none."""
    if syllable[:2] in {"zh", "ch", "sh"}:
        return syllable[:2]
    return syllable[:1]


def fold(spelt: str) -> str:
    """The class of a syllable, or of the beginning of one: as it is spelt by who hears no difference."""
    for ours, theirs in _INITIALS:
        if spelt.startswith(ours):
            spelt = theirs + spelt[len(ours) :]
            break
    for ours, theirs in _FINALS:
        if spelt.endswith(ours):
            return spelt[: -len(ours)] + theirs
    return spelt


def bits(sounds: Iterable[str]) -> int:
    """Sounds as one number, a bit for each."""
    return sum({1 << _NUMBERS[sound] for sound in sounds})


def spellings(syllable: str) -> dict[str, tuple[str, ...]]:
    """How a syllable may be typed, and which of its sounds are then taken for another."""
    begin = "" if syllable[0] in _VOWELS else initial_of(syllable)
    rest = syllable[len(begin) :]
    starts: dict[str, tuple[str, ...]] = {begin: ()}
    for pair in _INITIALS:
        for one, other in (pair, pair[::-1]):
            if one == begin:
                starts.setdefault(other, (_SOUND[one],))
    ends: dict[str, tuple[str, ...]] = {rest: ()}
    for pair in _FINALS:
        for one, other in (pair, pair[::-1]):
            if rest.endswith(one) and not (one == "an" and rest in {"ian", "uan"}) and not (
                one == "ang" and rest in {"iang", "uang"}
            ):
                ends.setdefault(rest[: -len(one)] + other, (_SOUND[one],))
    found = {begin + end: swapped + more for begin, swapped in starts.items() for end, more in ends.items()}
    if syllable in _OTHERWISE:
        found[_OTHERWISE[syllable]] = ()
    return found


def known_sounds(letters: str) -> int:
    """The sounds of pairs that stand somewhere in these letters, as `bits`."""
    return bits(name for name, stands in _STANDS.items() if stands.search(letters))


@dataclass(frozen=True, slots=True)
class Piece:
    """A way of typing one syllable: the class it is looked up in, the syllable so spelt (0: none), and what each of the
    class costs (number → cost; one that is not named cannot be meant). `whole` is False for a mere beginning.
    `swapped`: by the same number the sounds (`bits`) that are meant where others were typed; `meant`: all of them."""

    kind: int
    exact: int
    costs: Mapping[int, float]
    whole: bool = True
    cost: float = 0.0
    swapped: Mapping[int, int] = field(default_factory=dict)
    meant: int = 0


class Spelling:
    """All syllables by number, from 1 in the order of the alphabet, and how each may be typed."""

    def __init__(self, syllables: Iterable[str], *, fuzzy: bool = True) -> None:
        """`fuzzy`: sounds taken for another are understood, at a cost."""
        self.syllables = ("", *sorted(syllables))
        self.number = {syllable: at for at, syllable in enumerate(self.syllables) if at}
        self.classes = ("", *sorted({fold(syllable) for syllable in self.number}))
        of_class = {name: at for at, name in enumerate(self.classes)}
        self.class_of = (0, *(of_class[fold(syllable)] for syllable in self.syllables[1:]))
        initials = sorted({fold(initial_of(syllable)) for syllable in self.number})
        self.initials = initials
        of_initial = {name: at for at, name in enumerate(initials, 1)}
        self.initial_of = (0, *(of_initial[fold(initial_of(syllable))] for syllable in self.syllables[1:]))
        swapped: dict[str, dict[int, tuple[str, ...]]] = {}
        for syllable, at in self.number.items():
            for spelt, sounds in spellings(syllable).items():
                if fuzzy or not sounds:
                    swapped.setdefault(spelt, {})[at] = sounds
        self.pieces = {spelt: piece for spelt, each in swapped.items() if (piece := self._piece(spelt, each))}
        self._fuzzy = fuzzy
        self._of_initial = of_initial
        self._sharing: dict[int, list[tuple[str, str, int]]] = {}  # by their initial, each also as it is folded
        for syllable, at in self.number.items():
            self._sharing.setdefault(self.initial_of[at], []).append((syllable, fold(syllable), at))
        self.longest = max(map(len, self.pieces))

    def _piece(self, spelt: str, swapped: Mapping[int, tuple[str, ...]]) -> Piece | None:
        costs = {at: FUZZY_COST * len(sounds) for at, sounds in swapped.items()}
        least = min(costs.values())
        usual = {at: cost if least == 0 else cost - least + SPELT_COST for at, cost in costs.items()}
        kinds = {self.class_of[at] for at in usual}
        if len(kinds) != 1:
            return None
        taken = {at: bits(sounds) for at, sounds in swapped.items() if usual[at] > SPELT_COST}
        weak = WEAK_COST if spelt in WEAK else 0.0
        meant = reduce(or_, taken.values(), 0)
        return Piece(kinds.pop(), self.number.get(spelt, 0), usual, cost=weak, swapped=taken, meant=meant)

    def begun(self, spelt: str, cost: float) -> Piece | None:
        """The beginning of a syllable: what it may become. Its `kind` is the number of its initial."""
        kind = self._of_initial.get(fold(initial_of(spelt)), 0)
        if not kind:
            return None
        near = fold(spelt)
        costs: dict[int, float] = {}
        for syllable, folded, at in self._sharing[kind]:
            if syllable != spelt:
                if syllable.startswith(spelt):
                    costs[at] = 0.0
                elif self._fuzzy and folded.startswith(near):
                    costs[at] = FUZZY_COST
        return Piece(kind, 0, costs, whole=False, cost=cost) if costs else None
