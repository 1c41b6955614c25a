"""From letters without tones or separators to what was meant: the readings of the letters, the words along them, and
the best few ways through. A decoder keeps nothing typed: it is the same after a question as before it. What is known of
letters that grow by one with each key is kept by an `Ear`, which belongs to whoever types and goes with them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from kiosk.writing.lattice import Lattice
from kiosk.writing.lexicon import Lexicon

MOST_LETTERS = 64
SENTENCES = 5


class Choice(NamedTuple):
    """A text that may be taken, and how many of the typed letters it eats."""

    text: str
    used: int


class Decoder:
    """Letters to texts."""

    def __init__(self, lexicon: Lexicon) -> None:
        """With these words."""
        self._lexicon = lexicon

    @classmethod
    def load(cls, folder: Path | None = None, words: Iterable[str] = (), *, fuzzy: bool = True) -> Decoder:
        """The dictionary, the shipped list and the hall's own words. Raises `DataMissing`."""
        return cls(Lexicon.load(folder, words, fuzzy=fuzzy))

    def candidates(self, typed: str) -> list[str]:
        """What may be meant, best first."""
        return [choice.text for choice in self.choices(typed)]

    def choices(self, typed: str, before: str = "") -> list[Choice]:
        """Whole sentences, then how the best of them begins, then the words it may begin with; of either the longest
        first. `before`: what stands before it."""
        return self.heard(typed, before)[0]

    def syllables(self, typed: str) -> list[str]:
        """The letters, apart as the best sentence reads them."""
        return self.heard(typed)[1]

    def heard(self, typed: str, before: str = "") -> tuple[list[Choice], list[str]]:
        """Both at the price of one, for a page that shows both after every key."""
        return self.listen().heard(typed, before)

    def listen(self) -> Ear:
        """What is asked with the same letters, and some more or fewer of them, again and again."""
        return Ear(self._lexicon)


class Ear:
    """Hears one row of letters, key by key: what it says is what the decoder would say of them at first sight, only
    sooner. It holds what was typed, so nobody else may hold it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lattice = Lattice(lexicon)

    def heard(self, typed: str, before: str = "") -> tuple[list[Choice], list[str]]:
        """What may be meant, and the letters apart."""
        letters, after, cuts = _asked(typed)
        if not letters:
            return [], []
        lattice = self._lattice
        lattice.read(letters, cuts)
        ways = lattice.ways(before)[:SENTENCES]
        found = {(way.text, len(letters)): None for way in ways}
        begun = ways[0].back if ways else None
        while begun is not None and begun.back is not None:
            found[begun.text, begun.ends[-1]] = None
            begun = begun.back
        found |= dict.fromkeys(lattice.first_words())
        ends = ways[0].ends if ways else ()
        spelt = [letters[start:end] for start, end in zip((0, *ends), ends, strict=False)]
        return [Choice(text, after[end]) for text, end in found], spelt


def _asked(typed: str) -> tuple[str, list[int], frozenset[int]]:
    """The letters that are decoded, how much of what was typed the first so many of them are, and where others stood
    between, over which no syllable runs."""
    letters: list[str] = []
    after, cuts = [0], set()
    for at, sign in enumerate(typed, 1):
        small = "v" if sign in "üÜ" else sign.lower()
        if len(small) == 1 and "a" <= small <= "z":
            if len(letters) == MOST_LETTERS:
                break
            letters.append(small)
            after.append(at)
        else:
            cuts.add(len(letters))
            after[-1] = at
    return "".join(letters), after, frozenset(cuts)
