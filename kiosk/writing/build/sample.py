"""Templates as they were drawn, of some characters, kept in the model's file for whoever tests it: 500 common ones, 500
less common, and the traditional forms of the common. Packages are gone once the model is built. The kiosk reads none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kiosk.writing import store
from kiosk.writing.strokes import Stroke

EACH = 500
LESS = range(1000, 3500)
"""Ranks that the less common are taken from, evenly."""


def ranked(characters: Sequence[str], often: Mapping[str, float]) -> tuple[list[str], list[str]]:
    """Of these characters the commonest and the less common."""
    order = sorted(characters, key=lambda each: -often.get(each, 0.0))
    less = order[LESS.start:LESS.stop]
    return order[:EACH], less[::max(1, len(less) // EACH)][:EACH]


def packed(says: Mapping[str, str], drawn: Mapping[str, Sequence[Stroke]], known: Sequence[str],
           often: Mapping[str, float]) -> dict[str, Any]:
    """Arrays for the model's file."""
    common, less = ranked([each for each in known if each in drawn], often)
    wanted, levels = set(common), set(known)
    forms = [*common, *less, *(form for form in sorted(says) if form not in levels and says[form][0] in wanted)]
    strokes = [(place, stroke) for place, form in enumerate(forms) for stroke in drawn[form]]
    return {"sample_forms": np.array(forms),
            "sample_gives": np.array([says[form] for form in forms]),
            "sample_owner": np.array([place for place, _ in strokes], np.int16),
            "sample_sizes": np.array([len(stroke) for _, stroke in strokes], np.int16),
            "sample_points": np.concatenate([np.asarray(stroke) for _, stroke in strokes]).astype(np.int16)}


def drawings(path: Path) -> dict[str, list[list[tuple[float, float]]]]:
    """The sample in a model's file: strokes of each form, about the unit square, y down."""
    return {form: strokes for form, (_, strokes) in _read(path).items()}


def gives(path: Path) -> dict[str, str]:
    """Which character each form of the sample should give first."""
    return {form: character for form, (character, _) in _read(path).items()}


def _read(path: Path) -> dict[str, tuple[str, list[list[tuple[float, float]]]]]:
    try:
        with np.load(path, allow_pickle=False) as kept:
            points = np.split(kept["sample_points"] / 1024, np.cumsum(kept["sample_sizes"])[:-1])
            pairs = zip(kept["sample_forms"].tolist(), kept["sample_gives"].tolist(), strict=True)
            forms = [(form, says[0]) for form, says in pairs]
            owners = kept["sample_owner"].tolist()
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise store.DataMissing(path.name, f"holds no sample ({error})") from None
    found: dict[str, tuple[str, list[list[tuple[float, float]]]]] = {form: (to, []) for form, to in forms}
    for owner, line in zip(owners, points, strict=True):
        found[forms[owner][0]][1].append([(x, y) for x, y in line.tolist()])
    return found
