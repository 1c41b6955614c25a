"""Packs the dictionary of Debian's rime-data-pinyin-simp (Apache-2.0) into columns that need no reading, only mapping.
Where libime's model is installed, it says how common words are, and adds words that came up since. Same sources, same
bytes.
"""

from __future__ import annotations

import hashlib
import math
from array import array
from collections.abc import Iterable, Mapping
from pathlib import Path

from kiosk.writing import columns, hallwords
from kiosk.writing.build import libime
from kiosk.writing.spelling import Spelling
from kiosk.writing.store import DataMissing, checked, keep, made_of

SOURCE = Path("/usr/share/rime-data/pinyin_simp.dict.yaml")
LICENCE = Path("/usr/share/doc/rime-data-pinyin-simp/copyright")
_HOW = "apt install rime-data-pinyin-simp, then run `make setup` again"
_LAST_OF_PLANE = 0xFFFF
_ADDED = 60_000
"""The model's words that the dictionary lacks: as many of the commonest."""
_RUDE = frozenset("逼屌婊妓屄肏嫖")
"""Signs of words that a kiosk does not add by itself."""

Row = tuple[str, tuple[int, ...], float]
"""Word, syllables by number, logarithm of its share."""


def build(folder: Path, source: Path = SOURCE, licence: Path = LICENCE, listed: Path = hallwords.SHIPPED,
          model: Path = libime.FOLDER) -> None:  # fmt: skip
    """Write the dictionary with the hall's list there, unless it is there already. Raises `DataMissing` with what to
    install; the model may be missing."""
    try:
        raw, terms = source.read_bytes(), licence.read_bytes()
    except OSError as error:
        raise DataMissing("rime-data-pinyin-simp", _HOW) from error
    own = hallwords.shipped(listed)
    made_from = {"package": "rime-data-pinyin-simp", "sha256": hashlib.sha256(raw).hexdigest(), "licence": "Apache-2.0",
                 "list": hashlib.sha256(listed.read_bytes()).hexdigest()}
    try:
        said, more = libime.find(model), libime.LICENCE.read_bytes()
        made_from |= {"model": libime.PACKAGE, "model sha256": hashlib.sha256(said).hexdigest(),
                      "licence": "Apache-2.0 and LGPL-2.1+"}
    except (DataMissing, OSError):
        said, more = b"", b""
    if made_of(folder / columns.NAME).get("from") == made_from and _whole(folder):
        return
    spelling, rows = read(raw.decode("utf-8"))
    if said:
        rows = with_model(rows, libime.read(said))
    keep(folder, columns.NAME, packed(spelling, with_list(spelling, rows, own)), columns.FORMAT, made_from)
    (folder / f"{columns.NAME}.licence.txt").write_bytes(terms + more)


def with_model(rows: list[Row], model: libime.Model) -> list[Row]:
    """The words as common as the model says, each reading of one by its part in it; and those only the model has."""
    alone = dict(zip(model.words, model.alone.tolist(), strict=True))
    whole: dict[str, float] = {}
    usual: dict[str, tuple[float, tuple[int, ...]]] = {}
    for word, reading, share in rows:
        whole[word] = whole.get(word, 0.0) + math.exp(share)
        usual[word] = max(usual.get(word, (share, reading)), (share, reading))
    made = [(word, reading, alone[word] + share - math.log(whole[word]) if word in alone else share)
            for word, reading, share in rows]
    for at in libime.chinese(model, len(model.words), columns.LONGEST):
        word = model.words[at]
        if len(made) == len(rows) + _ADDED:
            break
        if len(word) > 1 and word not in whole and _RUDE.isdisjoint(word) and (read_as := _read_as(usual, word)):
            made.append((word, read_as, alone[word]))
    return made


def _read_as(usual: Mapping[str, tuple[float, tuple[int, ...]]], word: str) -> tuple[int, ...]:
    """The reading of a word by the longest parts that the dictionary has; () if it lacks one."""
    reading: tuple[int, ...] = ()
    while len(reading) < len(word):
        left = word[len(reading):]
        known = next((left[:size] for size in range(len(left), 0, -1) if left[:size] in usual), None)
        if known is None:
            return ()
        reading += usual[known][1]
    return reading


def with_list(spelling: Spelling, rows: list[Row], own: Iterable[tuple[str, str, int]]) -> list[Row]:
    """The dictionary's words and the list's: where both have one, it is as common as the higher of the two says."""
    found = {(word, reading): share for word, reading, share in rows}
    for word, spelt, level in own:
        reading = tuple(spelling.number[part] for part in spelt.split())
        share = hallwords.share(word, level)
        found[word, reading] = max(share, found.get((word, reading), share))
    return [(word, reading, share) for (word, reading), share in found.items()]


def _whole(folder: Path) -> bool:
    try:
        checked(folder, columns.NAME, columns.FORMAT)
    except DataMissing:
        return False
    return True


def read(text: str) -> tuple[Spelling, list[Row]]:
    """The words of a rime dictionary, a word once for each of its readings."""
    found: dict[tuple[str, tuple[str, ...]], int] = {}
    for line in text.partition("\n...\n")[2].splitlines():
        word, tab, rest = line.partition("\t")
        spelt, _, count = rest.partition("\t")
        reading = tuple(spelt.split())
        fits = tab and len(word) == len(reading) <= columns.LONGEST and max(map(ord, word)) <= _LAST_OF_PLANE
        if fits and all(syllable.isascii() and syllable.islower() for syllable in reading):
            found[word, reading] = found.get((word, reading), 0) + int(count or 0)
    if not found:
        raise DataMissing("rime-data-pinyin-simp", f"not a dictionary of this kind; {_HOW}")
    spelling = Spelling({syllable for _, reading in found for syllable in reading})
    total = sum(found.values())
    rows = [(word, tuple(spelling.number[part] for part in reading), math.log((count + 0.5) / total))
            for (word, reading), count in found.items()]
    return spelling, rows


def packed(spelling: Spelling, rows: list[Row]) -> bytes:
    """The columns: in the order of the sounds, then who comes first by text and by initials."""
    long = sorted((word, "".join(map(chr, reading)), round(share, 3))
                  for word, reading, share in rows if len(word) > columns.LONGEST)
    rows = [row for row in rows if len(row[0]) <= columns.LONGEST]
    sounds = [columns.pack(spelling.class_of[part] for part in reading) for _, reading, _ in rows]
    order = sorted(range(len(rows)), key=lambda at: (sounds[at], -rows[at][2], rows[at][0]))
    rows = [rows[at] for at in order]
    texts = [columns.pack_text(word) for word, _, _ in rows]
    initials = [columns.pack(spelling.initial_of[part] for part in reading) for _, reading, _ in rows]
    costs = [min(columns.MOST_COST, round(-share * columns.COST_UNIT)) for _, _, share in rows]
    by_text = sorted(range(len(rows)), key=lambda at: (texts[at], costs[at], at))
    by_initials = sorted(range(len(rows)), key=lambda at: (initials[at], costs[at], at))
    parts = {
        "sounds": array("Q", [sounds[at] for at in order]),
        "readings": array("Q", [columns.pack(reading) for _, reading, _ in rows]),
        "texts": array("Q", texts),
        "initials": array("Q", [initials[at] for at in by_initials]),
        "by_text": array("I", by_text),
        "by_initials": array("I", by_initials),
        "costs": array("H", costs),
    }
    return columns.joined(spelling.syllables[1:], long, parts)


