"""A call as it is spoken: 请A零二三号，到二号窗口; and the same in the pieces that a hall may have recorded.

Pure. Digits are read one by one (零二三, not 二十三: the number on the slip is read so), window numbers as numbers.
"""

from __future__ import annotations

from collections.abc import Iterable

from devices.voice.port import Sentence

DIGITS = "零一二三四五六七八九"
_TEN = "十"


def number_pieces(number: str) -> tuple[str, ...]:
    """A ticket's number, sign by sign: b023 → B 零 二 三."""
    return tuple(DIGITS[int(sign)] if sign in "0123456789" else sign.upper() for sign in number if not sign.isspace())


def window_pieces(window: str, name: str) -> tuple[str, ...]:
    """Where to go. `window` is its id: a number up to 99 is read as one (12 → 十二), a longer one digit by digit; any
    other window is called by its name."""
    if not (window.isascii() and window.isdigit()):
        return (name or window,)
    value = int(window)
    if value > 99:
        return (*(DIGITS[int(sign)] for sign in window), "号", "窗口")
    tens, ones = divmod(value, 10)
    read = (*((DIGITS[tens],) if tens > 1 else ()), *((_TEN,) if tens else ()),
            *((DIGITS[ones],) if ones or not tens else ()))
    return (*read, "号", "窗口")


def sentence(number: str, window: str, name: str) -> Sentence:
    """What is said for one call."""
    called, where = number_pieces(number), window_pieces(window, name)
    return Sentence(f"请{''.join(called)}号，到{''.join(where)}", ("请", *called, "号", "到", *where))


def expected(letters: Iterable[str], windows: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Every clip that calls of these letters to these windows (id, name) can need."""
    clips = {"请", "号", "到", *DIGITS, *(letter.upper() for letter in letters)}
    for window, name in windows:
        clips.update(window_pieces(window, name))
    return frozenset(clips)
