"""Small words that several pages share: minutes, clock times, due days, numbers as clerks type them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from unicodedata import east_asian_width

from kiosk.rules.deadline import FAR
from kiosk.words import Words, _

MARKS: Mapping[str, str] = {"fine": "off", "amber": "care", "red": "late"}
"""How near a due day is (`kiosk.rules.deadline.overdue`), as the class of its mark."""

_NUMBERED = re.compile(r"(\d+)(\D+)")
_EXCERPT = 88  # half-widths
_NUMBER = re.compile(r"\s*([A-Za-z])\s*0*(\d{1,6})\s*")


def minutes(span: timedelta) -> str:
    """刚刚, 3分钟, 1小时5分钟, 3天."""
    whole = int(span.total_seconds() // 60)
    if whole < 1:
        return "刚刚"
    if whole >= 48 * 60:
        return f"{whole // (24 * 60)}天"
    return f"{whole}分钟" if whole < 60 else f"{whole // 60}小时{whole % 60}分钟"


def near(at: datetime, now: datetime, words: Words) -> str:
    """A clock time; with its day when that is not today."""
    at = at.astimezone(now.tzinfo)
    return words.time(at) if at.date() == now.date() else f"{words.date(at)} {words.time(at)}"


def due_words(left: int, words: Words) -> str:
    """还有 3 个工作日, 今天到期, 过期 2 个工作日. `left`: working days until it is due, below 0 past it."""
    if left >= FAR:
        return words.say(_("还早"))
    if left < 0:
        return words.plural("过期 {n} 个工作日", -left)
    return words.plural("还有 {n} 个工作日", left) if left else words.say(_("今天到期"))


def together(names: Sequence[str]) -> str:
    """1、3、4号窗口 of windows whose names differ in their number only; else one after the other."""
    parts = [_NUMBERED.fullmatch(name) for name in names]
    ends = {part[2] for part in parts if part is not None}
    if len(names) < 2 or None in parts or len(ends) != 1:
        return "、".join(names)
    return "、".join(part[1] for part in parts if part is not None) + ends.pop()


def excerpt(text: str) -> str:
    """As much of a text as a line of a list has room for; a Latin letter takes half of a character's."""
    flat, room = " ".join(text.split()), _EXCERPT
    for at, sign in enumerate(flat):
        room -= 2 if east_asian_width(sign) in "WF" else 1
        if room < 0:
            return f"{flat[: at - 1].rstrip()}…"
    return flat


def kiosk_name(name: str) -> str:
    """kiosk-1 is 自助机1; a name that staff chose stays."""
    number = name.removeprefix("kiosk-")
    return f"自助机{number}" if number != name and number.isdigit() else name or "自助机"


def number_typed(text: str, letters: Sequence[str]) -> str:
    """A number as it is written (b023) from how it was typed (B23, b 023); what is no number stays as it is."""
    read = _NUMBER.fullmatch(text)
    if read is None:
        return text.strip()
    letter = next((one for one in letters if one.lower() == read[1].lower()), read[1].upper())
    return f"{letter}{int(read[2]):03d}"


def time_typed(text: str, now: datetime) -> datetime | None:
    """Today's moment of a clock time as it was typed (11:30, 1130, 11点30); None where it is none."""
    read = re.fullmatch(r"\s*(\d{1,2})\s*[:：点时]?\s*(\d{2})?\s*分?\s*", text)
    if read is None or int(read[1]) > 23 or int(read[2] or 0) > 59:
        return None
    return now.replace(hour=int(read[1]), minute=int(read[2] or 0), second=0, microsecond=0)
