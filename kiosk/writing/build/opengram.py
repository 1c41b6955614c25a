"""Takes the commonest pairs of words out of the model of Debian's sunpinyin-data (open-gram, CC BY-SA 3.0). The result
is a derivative under the same terms, so it is a file of its own with them beside it.
"""

from __future__ import annotations

import hashlib
import math
import struct
from pathlib import Path

from kiosk.writing import pairs
from kiosk.writing.columns import LONGEST
from kiosk.writing.store import DataMissing, checked, keep, made_of

SOURCES = Path("/usr/lib")
LICENCE = Path("/usr/share/doc/sunpinyin-data/copyright")
_HOW = "apt install sunpinyin-data, then run `make setup` again"
_MODEL, _WORDS = "lm_sc.t3g", "pydict_sc.bin"
_PROBABILITIES, _BACK_OFFS = 1 << 16, 1 << 14
_LEVELS = 3
_KEPT = 900_000
_LEAST = 0.3
"""A pair somewhat likelier than chance."""


def build(folder: Path, sources: Path = SOURCES, licence: Path = LICENCE) -> None:
    """Write the pairs there, unless they are there already. Raises `DataMissing` with what to install."""
    try:
        data = next(sources.glob(f"**/sunpinyin/data/{_MODEL}")).parent
        model, words, terms = (data / _MODEL).read_bytes(), (data / _WORDS).read_bytes(), licence.read_bytes()
    except (OSError, StopIteration) as error:
        raise DataMissing("sunpinyin-data", _HOW) from error
    made_from = {"package": "sunpinyin-data", "sha256": hashlib.sha256(model).hexdigest(), "licence": "CC BY-SA 3.0"}
    if made_of(folder / pairs.NAME).get("from") == made_from:
        try:
            checked(folder, pairs.NAME, pairs.FORMAT)
        except DataMissing:
            pass
        else:
            return
    keep(folder, pairs.NAME, pairs.packed(read(model, words)), pairs.FORMAT, made_from)
    (folder / f"{pairs.NAME}.licence.txt").write_bytes(terms)


def read(model: bytes, lexicon: bytes) -> dict[int, float]:
    """The pairs that tell most. A node of the model is twelve bytes: 18 bits of the word's number, 14 of its back-off,
    16 of its probability, 16 + 7 of its first child with other things between."""
    import numpy as np  # noqa: PLC0415 - set-up only

    if struct.unpack_from("<I", model.ljust(4, b"\0")) != (_LEVELS,):
        raise DataMissing("sunpinyin-data", f"not a model of this kind; {_HOW}")
    try:
        _, _, roots, singles, doubles = struct.unpack_from("<5I", model)
        start = 4 * (_LEVELS + 3)
        chances = np.frombuffer(model, "<f4", _PROBABILITIES, start).astype(np.float64)
        backs = np.frombuffer(model, "<f4", _BACK_OFFS, start + 4 * _PROBABILITIES).astype(np.float64)
        start += 4 * (_PROBABILITIES + _BACK_OFFS) + 12 * roots
        one = np.frombuffer(model, "<u4", 3 * singles, start).reshape(-1, 3)
        two = np.frombuffer(model, "<u4", 3 * doubles, start + 12 * singles).reshape(-1, 3)[:-1]
        count, _, texts = struct.unpack_from("<3I", lexicon)
        words = lexicon[texts:].decode("utf-32-le").split("\0")[:count]
    except (struct.error, ValueError) as error:
        raise DataMissing("sunpinyin-data", f"not a model of this kind; {_HOW}") from error
    numbers = one[:-1, 0] & 0x3FFFF
    children = ((one[:, 2] >> 25) << 16) + (one[:, 1] >> 16)
    usual = np.zeros(1 << 18)
    usual[numbers] = chances[one[:-1, 1] & 0xFFFF]
    known = np.zeros(1 << 18, bool)
    known[[at for at, word in enumerate(words) if 0 < len(word) <= LONGEST and "\u4e00" <= word[0] <= "\u9fff"]] = True
    first = np.repeat(numbers, children[1:].astype(np.intp) - children[:-1].astype(np.intp))
    second, chance = two[:, 0] & 0x3FFFF, chances[two[:, 1] & 0xFFFF]
    fine = known[first] & known[second] & (usual[second] > 0) & (chance > 0)
    first, second, chance = first[fine], second[fine], chance[fine]
    worth = np.log(chance / usual[second])
    tells = usual[first] * chance * worth
    others = np.zeros(1 << 18)
    others[numbers] = backs[one[:-1, 0] >> 18]
    strong = np.flatnonzero(worth >= _LEAST)
    best = strong[np.argsort(-tells[strong], kind="stable")[:_KEPT]]
    alone = {pairs.pair(words[at]): math.log(others[at]) for at in np.flatnonzero(known & (others > 0))}
    return alone | {pairs.pair(words[one], words[other]): float(value)
                    for one, other, value in zip(first[best], second[best], worth[best], strict=True)}
