"""How often handwriting is understood: common and less common characters, as they are and spoilt in the ways old
hands spoil them, beside zinnia where it is installed. Strokes come from a second source that the templates never saw
(of KanjiVG the code points in GB 2312; where its form is Japanese, that counts against us), else from the templates'
own, and the row says so.
"""

from __future__ import annotations

import ctypes
import math
import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from bench.figures import Figure, percentile

Points = list[tuple[float, float]]
Drawing = list[Points]
Recognise = Callable[[Drawing], list[str]]

ZINNIA = "libzinnia.so.0"
ZINNIA_MODEL = Path("/usr/share/tegaki/models/zinnia/handwriting-zh_CN.model")
GOALS = {"clean": (90, 98), "mixed": (78, 96), "one stroke missing": (65, 88)}


# ---- the ways of spoiling --------------------------------------------------------------------------------------------

def swapped(drawing: Drawing, chance: Random) -> Drawing:
    """One neighbouring pair in the other order."""
    found = list(drawing)
    if len(found) > 1:
        at = chance.randrange(len(found) - 1)
        found[at], found[at + 1] = found[at + 1], found[at]
    return found


def joined(drawing: Drawing, chance: Random, times: int = 1) -> Drawing:
    """The pen not lifted between two strokes."""
    found = [list(stroke) for stroke in drawing]
    for _ in range(times):
        if len(found) > 1:
            at = chance.randrange(len(found) - 1)
            found[at:at + 2] = [found[at] + found[at + 1]]
    return found


def short(drawing: Drawing, chance: Random) -> Drawing:
    """One stroke missing."""
    gone = chance.randrange(len(drawing)) if len(drawing) > 1 else -1
    return [stroke for at, stroke in enumerate(drawing) if at != gone]


def shaken(drawing: Drawing, chance: Random, much: float = 1.0) -> Drawing:
    """Each stroke shifted by about 4 % of the character, turned by 7°, a tenth longer or shorter, and trembling."""
    found = []
    for stroke in drawing:
        middle = [statistics.fmean(point[axis] for point in stroke) for axis in (0, 1)]
        turn, size = chance.gauss(0, math.radians(7 * much)), math.exp(chance.gauss(0, 0.1 * much))
        to = [value + chance.gauss(0, 0.04 * much) for value in middle]
        found.append([(to[0] + size * (x * math.cos(turn) - y * math.sin(turn)) + chance.gauss(0, 0.012 * much),
                       to[1] + size * (x * math.sin(turn) + y * math.cos(turn)) + chance.gauss(0, 0.012 * much))
                      for x, y in ((point[0] - middle[0], point[1] - middle[1]) for point in stroke)])
    return found


def mixed(drawing: Drawing, chance: Random) -> Drawing:
    found = shaken(drawing, chance, 0.6)
    if chance.random() < 0.3:
        found = swapped(found, chance)
    return joined(found, chance, chance.randint(1, 2)) if chance.random() < 0.4 else found


WAYS: dict[str, Callable[[Drawing, Random], Drawing]] = {
    "clean": lambda drawing, _: drawing, "a pair swapped": swapped, "two strokes joined": joined,
    "one stroke missing": short, "strong jitter": shaken, "mixed": mixed,
}


# ---- where strokes come from -----------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Source:
    """Characters in the unit square, y down. `mark` says it in the table if they are the templates' own."""

    drawings: Mapping[str, Drawing]
    mark: str


def templates_own() -> Source:
    from kiosk.writing.build import sample
    from kiosk.writing.handwriting import MODEL
    from kiosk.writing.store import default_folder

    return Source(sample.drawings(default_folder() / MODEL), " (同源, same source)")


def second_source(folder: Path) -> Source:
    """SVG files named by code point (05b57.svg), a path for each stroke, as KanjiVG has them."""
    found: dict[str, Drawing] = {}
    for file in sorted(folder.rglob("*.svg")):
        if re.fullmatch(r"[0-9a-f]{5}", file.stem):
            text = file.read_text(encoding="utf-8")
            size = float(re.search(r'viewBox="0 0 ([\d.]+)', text)[1])  # type: ignore[index]
            lines = [path_points(each) for each in re.findall(r'<path[^>]*\sd="([^"]+)"', text)]
            found[chr(int(file.stem, 16))] = [[(x / size, y / size) for x, y in line] for line in lines]
    return Source(found, "")


def path_points(path: str) -> Points:
    """An SVG path of moves, lines and cubic curves as points."""
    words: list[Any] = re.findall(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?", path)
    points: Points = []
    here, bend, at, letter = (0.0, 0.0), None, 0, "M"
    while at < len(words):
        if words[at].isalpha():
            letter, at = words[at], at + 1
        if letter.upper() not in "MLCS" or at >= len(words):
            break
        count = {"M": 1, "L": 1, "C": 3, "S": 2}[letter.upper()]
        base = here if letter.islower() else (0.0, 0.0)
        given = [(float(words[at + 2 * k]) + base[0], float(words[at + 2 * k + 1]) + base[1]) for k in range(count)]
        at += 2 * count
        if count == 1:
            points.append(given[0])
            bend = None
        else:
            away = here if bend is None else bend
            first = given[0] if count == 3 else (2 * here[0] - away[0], 2 * here[1] - away[1])
            corners = (here, first, given[-2], given[-1])
            points += [curve(corners, step / 8) for step in range(1, 9)]
            bend = given[-2]
        here = given[-1]
    return points


def curve(corners: Sequence[tuple[float, float]], at: float) -> tuple[float, float]:
    shares = ((1 - at) ** 3, 3 * (1 - at) ** 2 * at, 3 * (1 - at) * at * at, at ** 3)
    return (sum(share * corner[0] for share, corner in zip(shares, corners, strict=True)),
            sum(share * corner[1] for share, corner in zip(shares, corners, strict=True)))


def chosen(source: Source) -> dict[str, list[str]]:
    """The 500 commonest characters that the source has, and 500 of the less common. The sample kept with the model has
    these and no others."""
    from kiosk.writing.build import hand, sample

    known, often = [each for each in hand.gb2312() if each in source.drawings], hand.frequencies()
    if source.mark:
        order = sorted(known, key=lambda each: -often.get(each, 0.0))
        return {"common": order[:sample.EACH], "less common": order[sample.EACH:]}
    common, less = sample.ranked(known, often)
    return {"common": common, "less common": less}


# ---- who reads -------------------------------------------------------------------------------------------------------

class Zinnia:
    """Debian's libzinnia0 with the model of tegaki-zinnia-simplified-chinese."""

    def __init__(self) -> None:
        library = ctypes.CDLL(ZINNIA)
        for name in ("recognizer_new", "character_new", "recognizer_classify"):
            getattr(library, f"zinnia_{name}").restype = ctypes.c_void_p
        library.zinnia_result_value.restype = ctypes.c_char_p
        library.zinnia_result_size.restype = ctypes.c_size_t
        self._library = library
        self._reader = ctypes.c_void_p(library.zinnia_recognizer_new())
        if not library.zinnia_recognizer_open(self._reader, str(ZINNIA_MODEL).encode()):
            raise OSError(f"zinnia cannot open {ZINNIA_MODEL}")
        self._paper = ctypes.c_void_p(library.zinnia_character_new())

    def __call__(self, drawing: Drawing) -> list[str]:
        call, paper = self._library, self._paper
        call.zinnia_character_clear(paper)
        call.zinnia_character_set_width(paper, ctypes.c_size_t(1000))
        call.zinnia_character_set_height(paper, ctypes.c_size_t(1000))
        for number, stroke in enumerate(drawing):
            for x, y in stroke:
                call.zinnia_character_add(paper, ctypes.c_size_t(number), int(1000 * x), int(1000 * y))
        result = call.zinnia_recognizer_classify(self._reader, paper, ctypes.c_size_t(10))
        if not result:
            return []
        result = ctypes.c_void_p(result)
        found = [call.zinnia_result_value(result, ctypes.c_size_t(each)).decode()
                 for each in range(call.zinnia_result_size(result))]
        call.zinnia_result_destroy(result)
        return found


def zinnia() -> Recognise | None:
    try:
        return Zinnia()
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class Hits:
    """Where among the ten each character came; None if it did not."""

    places: list[int | None]

    def shares(self) -> tuple[float, float]:
        return (100 * sum(place == 0 for place in self.places) / len(self.places),
                100 * sum(place is not None for place in self.places) / len(self.places))

    def __str__(self) -> str:
        return "{:.1f} / {:.1f} %".format(*self.shares())


def read(recognise: Recognise, drawings: Sequence[Drawing], wanted: Sequence[str]) -> Hits:
    found = (recognise(each) for each in drawings)
    return Hits([ten.index(want) if want in ten else None for ten, want in zip(found, wanted, strict=True)])


def row(name: str, way: str, ours: Hits, theirs: str, goal: tuple[int, int] | None) -> Figure:
    said = "reported" if goal is None else "≥ {} / {} %".format(*goal)
    met = None if goal is None else all(share >= least for share, least in zip(ours.shares(), goal, strict=True))
    return Figure(f"handwriting, {name}, {way}: first / among ten", said, theirs, str(ours), met)


def measure(strokes: Path | None) -> Iterator[Figure]:
    from kiosk.writing.handwriting import Matcher

    begun = time.perf_counter()
    matcher = Matcher.load()
    loaded = time.perf_counter() - begun
    source = second_source(strokes) if strokes else templates_own()
    other = zinnia()
    took: list[float] = []

    def ours(drawing: Drawing) -> list[str]:
        start = time.perf_counter()
        found = matcher.candidates(drawing)
        took.append(1000 * (time.perf_counter() - start))
        return found

    for name, characters in chosen(source).items():
        for way, spoil in WAYS.items():
            chance = Random(f"{name} {way}")
            drawings = [spoil(source.drawings[each], chance) for each in characters]
            hits = read(ours, drawings, characters)
            theirs = "no zinnia" if other is None else f"{read(other, drawings, characters)} (zinnia)"
            goal = GOALS.get(way) if strokes and name == "common" else None
            yield row(f"{len(characters)} {name}{source.mark}", way, hits, theirs, goal)
            if goal:
                yield row("the half of them not tuned on", way, Hits(hits.places[1::2]), "", None)
    forms = traditional(source)
    hits = read(ours, [source.drawings[form] for form in forms], list(forms.values()))
    yield row(f"{len(forms)} traditional forms{source.mark}, their simplified characters", "clean", hits, "", None)
    yield Figure("handwriting: strokes → candidates, p50 / p95", "reported", "",
                 f"{percentile(took, 0.5):.1f} / {percentile(took, 0.95):.1f} ms", None)
    yield Figure("handwriting: the model loads", "≤ 100 ms", "", f"{1000 * loaded:.0f} ms", loaded <= 0.1)


def traditional(source: Source) -> dict[str, str]:
    """Traditional forms of the common characters, and what each should give."""
    from kiosk.writing.build import hand, sample
    from kiosk.writing.handwriting import MODEL
    from kiosk.writing.store import default_folder

    known = set(hand.gb2312())
    pairs = sample.gives(default_folder() / MODEL)
    return {form: to for form, to in pairs.items() if form not in known and form in source.drawings}
