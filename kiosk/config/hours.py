"""Opening hours, closures and lead times as hall.toml writes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from itertools import pairwise

from kiosk.config.reader import Table, as_time
from kiosk.config.settings import Closure, ExtraDay, Periods
from kiosk.door import Name
from kiosk.rules.lead import UNITS, Lead

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PERIODS = (
    '如 ["9:00-12:00", "14:00-17:30"]，先早后晚、不重叠'
    ' / like ["9:00-12:00", "14:00-17:30"], in order, not overlapping'
)
_LEAD = (
    "如 { half_days = 1 }；可用 " + " ".join(UNITS) + " / like { half_days = 1 }; one of " + ", ".join(UNITS)
)


def read_periods(raw: object) -> Periods | None:
    """Opening hours of one day; None where they are not a list of spans in order, or overlap."""
    if not isinstance(raw, list):
        return None
    spans = [_span(item) for item in raw]
    whole = [span for span in spans if span is not None]
    if len(whole) != len(spans) or any(before[1] > after[0] for before, after in pairwise(whole)):
        return None
    return tuple(whole)


def _span(raw: object) -> tuple[time, time] | None:
    if not isinstance(raw, str):
        return None
    first, dash, last = raw.replace("–", "-").partition("-")
    start, end = as_time(first.strip()), as_time(last.strip())
    return (start, end) if dash and start is not None and end is not None and start < end else None


def read_hours(table: Table) -> Mapping[int, Periods]:
    """`hours = { mon-fri = [...], sat = [...] }`: weekday → periods. A day named twice, or by no weekday's name, is a
    problem."""
    week: dict[int, Periods] = {}
    before = len(table.problems.all)
    for key in table.keys():  # noqa: SIM118 - asking for the keys is what makes them known
        days = _weekdays(key)
        if days is None:
            table.wrong(key, 'mon tue wed thu fri sat sun，或一段如 "mon-fri" / or a stretch like "mon-fri"')
            continue
        periods = read_periods(table.raw(key))
        if periods is None:
            table.wrong(key, _PERIODS)
            continue
        if any(day in week for day in days):
            table.wrong(key, "每个星期几只写一次 / each weekday once")
        week.update(dict.fromkeys(days, periods))
    if not any(week.values()) and len(table.problems.all) == before:  # what is wrong already draws nothing behind it
        table.problems.add(table.path, table.keys() or None, "至少一天开放 / at least one day with opening hours")
    return week


def _weekdays(key: str) -> tuple[int, ...] | None:
    first, dash, last = key.partition("-")
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        return None
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last if dash else first)
    return tuple(range(start, end + 1)) if start <= end else None


def read_closures(table: Table) -> tuple[Closure, ...]:
    """`closures = [{ from, to?, why?, why_en? }]`."""
    closures = []
    for item in table.tables("closures"):
        first = item.day("from")
        last = item.day("to", needed=False) or first
        why = Name(item.text("why", ""), item.text("why_en", ""))
        item.end()
        if first is not None and last is not None:
            if last < first:
                item.wrong("to", "不早于 from / not before `from`")
            closures.append(Closure(first, last, why))
    return tuple(closures)


def read_extra_days(table: Table, hours: Mapping[int, Periods]) -> tuple[ExtraDay, ...]:
    """`extra_days = [{ day, hours?, why?, why_en? }]`; without hours those of the week's first open day."""
    usual: Periods = next((hours[day] for day in sorted(hours) if hours[day]), ())
    days: list[ExtraDay] = []
    for item in table.tables("extra_days"):
        day = item.day("day")
        periods = item.value("hours", usual, read_periods, _PERIODS)
        why = Name(item.text("why", ""), item.text("why_en", ""))
        item.end()
        if any(other.day == day for other in days):
            item.wrong("day", "每天只写一次 / each day once")
        if day is not None:
            days.append(ExtraDay(day, periods or (), why))
    return tuple(days)


def read_lead(table: Table, key: str, default: Lead | None = None) -> Lead:
    """A lead time: a table with exactly one unit and a whole number that is not negative."""

    def read(found: object) -> Lead | None:
        if not isinstance(found, dict) or len(found) != 1:
            return None
        ((unit, amount),) = found.items()
        if unit not in UNITS or not isinstance(amount, int) or isinstance(amount, bool) or not 0 <= amount <= 100_000:
            return None
        return Lead(unit, amount)

    return table.value(key, default, read, _LEAD) or Lead("minutes", 0)
