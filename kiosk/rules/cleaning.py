"""What people write, made fit to keep: one way of writing each sign, no control characters, no noise of a bad line.

Pure. It never judges what is said; emoji stay. Lengths are characters after cleaning.
"""

from __future__ import annotations

import re
import unicodedata

_NOISE = frozenset({"Cc", "Cf", "Cs", "Co"})
_REPLACEMENT = "\ufffd"  # what a decoder leaves where bytes made no sense
_MOST_MARKS = 2  # combining marks on one sign: two are enough for every language that is written here
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")  # what a terminal would take for orders (ECMA-48)
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n ?")
_EMPTY_LINES = re.compile(r"\n{3,}")


def clean(text: str, *, lines: bool = True) -> str:
    """Composed (NFC), without control and formatting characters, lone surrogates and replacement characters, blanks
    run together, no more than one empty line at a time. `lines` False: everything on one line."""
    kept = []
    marks = 0
    text = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    for sign in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if marks > _MOST_MARKS or sign == _REPLACEMENT or (kind in _NOISE and sign != "\n"):
            continue
        kept.append(sign)
    joined = _LINES.sub("\n", _BLANKS.sub(" ", "".join(kept)))
    joined = _EMPTY_LINES.sub("\n\n", joined).strip()
    # Composed once more: what was taken out may have stood between a letter and its mark.
    return unicodedata.normalize("NFC", joined if lines else " ".join(joined.split()))


def says_something(text: str) -> bool:
    """Whether there is a letter, a figure or a picture in it, and not only dots and dashes."""
    return any(unicodedata.category(sign)[0] in "LN" or unicodedata.category(sign) == "So" for sign in text)
