"""China's public holidays and make-up workdays of a day: published ones from `chinesecalendar`, and for a year whose
notice is not published yet the statutory days only, said to be provisional. It never guesses a make-up workday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_NAMES = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "Mid-autumn Festival": "中秋节", "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DayKind:
    """What the calendar says of a day. `holiday`: its (Chinese, English) name on a day off by holiday; `makeup`: a
    weekend day that is worked; `published` is False where only the statutory days are known."""

    holiday: tuple[str, str] | None
    makeup: bool
    published: bool


@lru_cache(maxsize=4096)
def kind_of(day: date) -> DayKind:
    """Ask the published calendar; where it has nothing, the statutory days."""
    from chinese_calendar import get_holiday_detail  # noqa: PLC0415 - not on the way to the first page

    try:
        off, name = get_holiday_detail(day)
    except NotImplementedError:
        return DayKind(statutory(day.year).get(day), makeup=False, published=False)
    if off and name is not None:
        return DayKind((_NAMES.get(str(name), str(name)), str(name)), makeup=False, published=True)
    return DayKind(None, makeup=not off and day.weekday() >= 5, published=True)


@lru_cache(maxsize=8)
def statutory(year: int) -> dict[date, tuple[str, str]]:
    """The 13 statutory days of a year (全国年节及纪念日放假办法, 2024 revision, in force 2025): 元旦 1, 春节 4 (from
    New Year's Eve), 清明 1, 劳动节 2, 端午 1, 中秋 1, 国庆 3. Lunar ones by `lunardate`, missing outside 1901-2099."""
    days = {
        date(year, 1, 1): "New Year's Day",
        date(year, 5, 1): "Labour Day",
        date(year, 5, 2): "Labour Day",
        **{date(year, 10, at): "National Day" for at in (1, 2, 3)},
    }
    days[_tomb_sweeping(year)] = "Tomb-sweeping Day"
    spring = _lunar(year, 1, 1)
    if spring is not None:
        days.update(dict.fromkeys((spring + timedelta(days=at) for at in range(-1, 3)), "Spring Festival"))
    for month, on, name in ((5, 5, "Dragon Boat Festival"), (8, 15, "Mid-autumn Festival")):
        at = _lunar(year, month, on)
        if at is not None:
            days.setdefault(at, name)
    return {day: (_NAMES[name], name) for day, name in days.items()}


def _lunar(year: int, month: int, day: int) -> date | None:
    from lunardate import LunarDate  # noqa: PLC0415 - only where a year is not published

    try:
        found = LunarDate(year, month, day).to_solar_date()
    except ValueError:
        return None
    return date(found.year, found.month, found.day)


def _tomb_sweeping(year: int) -> date:
    """清明 by the usual century formula, right for 2000-2099; it falls on 4 or 5 April (or 6, long ago)."""
    short = year % 100
    return date(year, 4, min(6, max(4, int(short * 0.2422 + 4.81) - short // 4)))
