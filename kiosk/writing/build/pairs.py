"""Packs what the model says of pairs of words. The result is a derivative of the model, so it is a file of its own with
the model's terms beside it. Same source, same bytes.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from kiosk.writing import pairs
from kiosk.writing.build import libime
from kiosk.writing.store import DataMissing, checked, keep, made_of

_TELLS = 0.7
"""A pair is kept if it is that much likelier or less likely than a model without it would say."""


def build(folder: Path, source: Path = libime.FOLDER, licence: Path = libime.LICENCE) -> None:
    """Write the pairs there, unless they are there already. Raises `DataMissing` with what to install."""
    content = libime.find(source)
    try:
        terms = licence.read_bytes()
    except OSError as error:
        raise DataMissing(libime.PACKAGE, libime.HOW) from error
    made_from = {"package": libime.PACKAGE, "sha256": hashlib.sha256(content).hexdigest(), "licence": "LGPL-2.1+"}
    if made_of(folder / pairs.NAME).get("from") == made_from:
        try:
            checked(folder, pairs.NAME, pairs.FORMAT)
        except DataMissing:
            pass
        else:
            return
    keep(folder, pairs.NAME, packed(libime.read(content)), pairs.FORMAT, made_from)
    (folder / f"{pairs.NAME}.licence.txt").write_bytes(terms)


def packed(model: libime.Model) -> bytes:
    """The pairs of the model's commonest words that tell something, in the order of the words' numbers."""
    commonest = libime.chinese(model, pairs.MOST_WORDS, pairs.LONGEST)
    by_number = sorted({pairs.number(model.words[at]): at for at in reversed(commonest)}.items())
    chosen = np.array([at for _, at in by_number])
    place = np.full(len(model.words), -1)
    place[chosen] = np.arange(len(chosen))
    worth = model.after - model.alone[model.second]
    kept = (place[model.first] >= 0) & (place[model.second] >= 0)
    kept &= np.abs(worth - model.unseen[model.first]) > _TELLS
    first, second, worth = place[model.first[kept]], place[model.second[kept]], worth[kept]
    order = np.lexsort((second, first))
    begins = np.searchsorted(first[order], np.arange(len(chosen) + 1))
    return pairs.joined([number for number, _ in by_number], begins.tolist(), second[order].tolist(),
                        _steps(worth[order]), _steps(model.unseen[chosen]))  # fmt: skip


def _steps(much: libime.Floats) -> bytes:
    return np.clip(np.rint((much - pairs.LEAST) * pairs.UNIT), 0, 0xFF).astype(np.uint8).tobytes()
