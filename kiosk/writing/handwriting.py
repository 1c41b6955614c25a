"""Which character was drawn: every character's mean in a space where its ways of being written lie together, and the
nearest means win. Strokes may come in any order, joined, or in traditional form. It keeps nothing of what was drawn.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.writing import store
from kiosk.writing.strokes import WIDTH, Stroke, clean, features, ink

import numpy as np  # isort: skip  # after strokes, which tells it to use one thread
from numpy.typing import NDArray

MODEL, FORMAT = "handwriting.npz", 1
HOW = "run `make setup` once, with a network"

NEAREST = 50
"""So many are looked at again with the text before them."""

PARTS = frozenset("丨丿丶亅亠冂冖冫凵勹匚匸卩厶囗夂夊宀屮廴彐彑彡彳忄扌攴攵氵灬爫犭疒癶礻糸纟罒艹虍衤覀讠辶钅饣髟"
                   "丄丂丬乚乛亻刂廾氺禸肀釆㔾龶阝")
"""Parts of characters: nobody writes one by itself, and in the row they would only puzzle."""

_RARE, _FITS = 4.0, 8.0
"""What a unit of the logarithm is worth in squared distance. People differ from the templates more than the templates'
own ways do, so it is 8 to 10 and not 2; how rare a character is counts half of that, for the sake of rare names."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """`says[i]` is what written form `i` gives: one character, or several with the likeliest first."""

    projection: NDArray[np.float32]
    means: NDArray[np.float32]
    offset: NDArray[np.float32]
    says: tuple[str, ...]

    @classmethod
    def load(cls, folder: Path | None = None) -> Matcher:
        """Raises `store.DataMissing`."""
        path = store.checked(folder, MODEL, FORMAT, HOW)
        try:
            with np.load(path, allow_pickle=False) as kept:
                projection = kept["projection"].astype(np.float32)
                means = kept["means"].astype(np.float32)
                rare = kept["rare"].astype(np.float32)
                says = tuple(map(str, kept["says"]))
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise store.DataMissing(MODEL, f"cannot be read ({error}); {HOW}") from None
        shapes = projection.shape[0], means.shape, rare.shape
        if shapes != (WIDTH, (len(says), projection.shape[1]), (len(says),)):
            raise store.DataMissing(MODEL, f"another version's; {HOW}")
        whole = np.array([not PARTS.issuperset(each) for each in says])
        means, rare, says = means[whole], rare[whole], tuple(each for each in says if not PARTS.issuperset(each))
        return cls(projection, means, np.square(means).sum(axis=1) + _RARE * rare, says)

    def candidates(self, strokes: Sequence[Stroke], before: str = "", most: int = 10,
                   fit: Callable[[str, str], float] | None = None) -> list[str]:
        """The `most` likeliest characters, best first, in simplified form; none if nothing usable was drawn. `fit` says
        how well a character follows the text before it: a bonus in the logarithm, 0 for no opinion."""
        lines = clean(strokes)
        if not lines:
            return []
        # einsum and not @: BLAS would wake its threads, if numpy was imported before anyone could tell it to have none
        seen = np.einsum("i,ij->j", features(ink([lines]), 1)[0], self.projection)
        far = self.offset - 2 * np.einsum("ij,j->i", self.means, seen)
        order = np.argpartition(far, NEAREST)[:NEAREST] if len(far) > NEAREST else np.arange(len(far))
        found: dict[str, float] = {}
        for form in order:
            for place, character in enumerate(self.says[form]):
                distance = float(far[form]) + place
                found[character] = min(distance, found.get(character, distance))
        if fit is not None and before:
            found = {each: distance - _FITS * fit(before, each) for each, distance in found.items()}
        return sorted(found, key=lambda each: (found[each], each))[:most]
