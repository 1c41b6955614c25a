"""Reads the language model of Debian's libime-data-language-model (LGPL-2.1+): words, how common each is, and how
likely one is right after another. The file is KenLM's quantised trie with compressed pointers; no other is understood.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kiosk.writing.store import DataMissing

PACKAGE = "libime-data-language-model"
FOLDER = Path("/usr/lib")
LICENCE = Path(f"/usr/share/doc/{PACKAGE}/copyright")
HOW = f"apt install {PACKAGE}, then run `make setup` again"
_MAGIC = b"mmap lm http://kheafield.com/code format version 5\n\0"
_HEAD = 0x58
"""Where the parameters are, after the magic and numbers that show how this machine lays them out."""
_QUANTISED_ARRAY_TRIE, _TRIPLES = 5, 3
_NATURAL = math.log(10)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Model:
    """Words by number, and what the model says in natural logarithms: of each word how common it is (`alone`) and what
    a word costs that it never saw after this one (`unseen`); of each pair, in the order of second and first, both words
    and how likely the second is then (`after`)."""

    words: tuple[str, ...]
    alone: Floats
    unseen: Floats
    first: Integers
    second: Integers
    after: Floats


def find(folder: Path = FOLDER) -> bytes:
    """The model's file. Raises `DataMissing` with what to install."""
    try:
        return next(path for under in ("", "*/") for path in folder.glob(f"{under}libime/zh_CN.lm")).read_bytes()
    except (OSError, StopIteration) as error:
        raise DataMissing(PACKAGE, HOW) from error


def read(content: bytes) -> Model:
    """Understand the file. Raises `DataMissing` if it is another kind, or cut short."""
    try:
        return _read(content)
    except (struct.error, ValueError, IndexError, UnicodeDecodeError) as error:
        raise DataMissing(PACKAGE, f"not a model of this kind ({error}); {HOW}") from error


def _read(content: bytes) -> Model:
    order, _, kind, vocabulary = struct.unpack_from("<B3xfI?", content, _HEAD)
    if not content.startswith(_MAGIC) or (order, kind, vocabulary) != (_TRIPLES, _QUANTISED_ARRAY_TRIE, True):
        raise ValueError("header")
    singles, pairs, triples = struct.unpack_from("<3Q", content, _HEAD + 20)
    at = _HEAD + 48 + 8 + 8 * singles  # the words' hashes; the words themselves stand at the end
    _, bits, back_bits = struct.unpack_from("<3B", content, at)
    at += 8
    chances = np.frombuffer(content, "<f4", 1 << bits, at).astype(np.float64)
    at += 4 * ((1 << bits) + (1 << back_bits) + (1 << bits))
    nodes = np.dtype([("alone", "<f4"), ("unseen", "<f4"), ("next", "<u8")])
    single = np.frombuffer(content, nodes, singles + 2, at)
    at += nodes.itemsize * (singles + 2)
    table, inline = _pointers(pairs, triples, most=content[at + 1])
    at += 8 * (1 + table) + 7
    of_word = int(singles).bit_length()
    width = of_word + bits + back_bits + inline
    first, chance = _fields(content, at, width, pairs, (0, of_word), (of_word + back_bits, bits))
    at += _long(width, pairs) + _long(of_word + bits, triples)
    words = content[at:].decode("utf-8").split("\0")[:-1]
    begins = single["next"][: singles + 1].astype(np.int64)
    if len(words) != singles or words[0] != "<unk>" or begins[-1] != pairs or first.max() >= singles:
        raise ValueError("sizes")
    return Model(tuple(words), single["alone"][:singles] * _NATURAL, single["unseen"][:singles] * _NATURAL, first,
                 np.repeat(np.arange(singles), np.diff(begins)), chances[chance] * _NATURAL)


def _pointers(pairs: int, triples: int, most: int) -> tuple[int, int]:
    """How pointers from pairs to triples are kept: the size of the table of their upper bits, and how many bits of each
    stand beside the pair. KenLM takes what is smallest, so it follows from the counts."""
    whole = int(triples).bit_length()
    change = {chop: (triples >> (whole - chop)) * 64 - (pairs + 1) * chop for chop in range(min(whole, most) + 1)}
    chop = min(change, key=change.__getitem__)
    return (triples >> (whole - chop)) + 1, whole - chop


def _long(width: int, count: int) -> int:
    """The bytes of so many fields and one more, and room to read over the end."""
    return (width * (count + 1) + 7) // 8 + 8


def _fields(content: bytes, at: int, width: int, count: int, *parts: tuple[int, int]) -> Iterator[Integers]:
    """Numbers within rows of bits without gaps: each from its first bit, so many bits."""
    octets = np.frombuffer(content, np.uint8, _long(width, count), at)
    for skip, bits in parts:
        place = np.arange(count, dtype=np.int64) * width + skip
        number = np.zeros(count, np.int64)
        for step in range((bits + 7) // 8 + 1):
            number |= octets[(place >> 3) + step].astype(np.int64) << (8 * step)
        yield (number >> (place & 7)) & ((1 << bits) - 1)


def chinese(model: Model, most: int, longest: int) -> list[int]:
    """The numbers of the model's commonest words of Chinese characters."""
    order: list[Any] = np.argsort(-model.alone, kind="stable").tolist()
    fits = (at for at in order if len(model.words[at]) <= longest and all(_han(sign) for sign in model.words[at]))
    return [at for at, _ in zip(fits, range(most), strict=False)]


def _han(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff" or sign == "\u3007"
