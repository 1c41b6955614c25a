"""Telephone numbers of China as they are typed digit by digit: mobiles of 11 digits, landlines with their area code.

Sources: 《电信网编号计划》(2017): mobiles 13x-19x; area codes 010, 02x with eight-digit numbers, 0[3-9]xx with seven or
eight; local numbers begin with 2-8.
"""

from __future__ import annotations

from typing import NamedTuple

from kiosk.rules.bar import Bar
from kiosk.rules.masking import area_length

MOBILE = 11
_LOCAL_FIRST = "2345678"
_GAPS = str.maketrans("", "", " -")


class Typed(NamedTuple):
    """What was typed so far. `missing`: the fewest digits that still make a number; `whole`: it is one now; `most`:
    digits of the longest number that begins like this; `problem`: why it can never become one."""

    digits: str
    missing: int
    whole: bool
    most: int
    problem: Bar | None = None


def read(typed: str) -> Typed:
    """Read what was typed. Spaces, hyphens and China's own prefix (+86, 0086) may stand in it; else anything but
    digits is no number. Nothing typed is no problem yet."""
    digits = typed.translate(_GAPS).removeprefix("+86").removeprefix("0086")
    if not digits:
        return Typed(digits, MOBILE, whole=False, most=12)
    if not (digits.isascii() and digits.isdecimal()):
        return Typed(digits, 0, whole=False, most=0, problem=Bar("phone-invalid"))
    if digits[0] == "1":
        return _mobile(digits)
    if digits[0] == "0":
        return _landline(digits)
    return Typed(digits, 0, whole=False, most=len(digits), problem=Bar("phone-needs-area-code"))


def _mobile(digits: str) -> Typed:
    if digits[1:2] in ("0", "1", "2"):
        return Typed(digits, 0, whole=False, most=MOBILE, problem=Bar("phone-mobile-prefix"))
    return _counted(digits, MOBILE, MOBILE)


def _landline(digits: str) -> Typed:
    area = area_length(digits)
    if digits[1:2] == "0" or (digits[1:2] == "1" and digits[2:3] not in ("", "0")):
        return Typed(digits, 0, whole=False, most=12, problem=Bar("phone-area-code"))
    if digits[area : area + 1] and digits[area] not in _LOCAL_FIRST:
        return Typed(digits, 0, whole=False, most=12, problem=Bar("phone-invalid"))
    return _counted(digits, 11, 11 if area == 3 else 12)


def _counted(digits: str, least: int, most: int) -> Typed:
    if len(digits) > most:
        return Typed(digits, 0, whole=False, most=most, problem=Bar("phone-too-long"))
    return Typed(digits, max(0, least - len(digits)), least <= len(digits), most)


def grouped(digits: str) -> str:
    """As people read it: 139 1234 5678, 0431 8888 8888, 010 8888 8888; also when it is not whole yet."""
    first = area_length(digits) or 3
    parts = [digits[:first]] + [digits[at : at + 4] for at in range(first, len(digits), 4)]
    return " ".join(part for part in parts if part)
