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


_MOON = {
    2024: "0210 0610 0917", 2025: "0129 0531 1006", 2026: "0217 0619 0925", 2027: "0206 0609 0915",
    2028: "0126 0528 1003", 2029: "0213 0616 0922", 2030: "0203 0605 0912", 2031: "0123 0624 1001",
    2032: "0211 0612 0919", 2033: "0131 0601 0908", 2034: "0219 0620 0927", 2035: "0208 0610 0916",
    2036: "0128 0530 1004", 2037: "0215 0618 0924", 2038: "0204 0607 0913", 2039: "0124 0527 1002",
    2040: "0212 0614 0920", 2041: "0201 0603 0910", 2042: "0122 0622 0928", 2043: "0210 0611 0917",
    2044: "0130 0531 1005", 2045: "0217 0619 0925", 2046: "0206 0608 0915", 2047: "0126 0529 1004",
    2048: "0214 0615 0922", 2049: "0202 0604 0911", 2050: "0123 0623 0930", 2051: "0211 0613 0919",
    2052: "0201 0601 0907", 2053: "0219 0620 0926", 2054: "0208 0610 0916", 2055: "0128 0530 1005",
    2056: "0215 0617 0924", 2057: "0204 0606 0913", 2058: "0124 0625 1002", 2059: "0212 0614 0921",
    2060: "0202 0603 0909",
}  # fmt: skip
"""Year → month and day of 春节 (1st of the first month), 端午 (5th of the fifth), 中秋 (15th of the eighth), worked out
from the times of new moon and solar terms in Beijing; the tests work them out again (tests/kiosk/rules/moon.py)."""


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
    New Year's Eve), 清明 1, 劳动节 2, 端午 1, 中秋 1, 国庆 3. Those that go by the moon are known from 2024 to 2060 and
    missing outside."""
    days = {
        date(year, 1, 1): "New Year's Day",
        date(year, 5, 1): "Labour Day",
        date(year, 5, 2): "Labour Day",
        **{date(year, 10, at): "National Day" for at in (1, 2, 3)},
    }
    days[_tomb_sweeping(year)] = "Tomb-sweeping Day"
    if year in _MOON:
        spring, boat, autumn = by_the_moon(year)
        days.update(dict.fromkeys((spring + timedelta(days=at) for at in range(-1, 3)), "Spring Festival"))
        days.setdefault(boat, "Dragon Boat Festival")
        days.setdefault(autumn, "Mid-autumn Festival")
    return {day: (_NAMES[name], name) for day, name in days.items()}


def by_the_moon(year: int) -> tuple[date, ...]:
    """春节, 端午, 中秋 of a year. Raises `KeyError` outside 2024-2060."""
    return tuple(date(year, int(at[:2]), int(at[2:])) for at in _MOON[year].split())


def _tomb_sweeping(year: int) -> date:
    """清明 by the usual century formula, right for 2000-2099; it falls on 4 or 5 April (or 6, long ago)."""
    short = year % 100
    return date(year, 4, min(6, max(4, int(short * 0.2422 + 4.81) - short // 4)))
