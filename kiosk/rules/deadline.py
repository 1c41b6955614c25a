"""The due clock of a request (诉求), in working days of the hall's own calendar: by when an answer is due, what an
extension adds, and how near it is. Pure; it decides nothing and tells nobody.

A working day is one on which the hall is open: weekends, holidays and closed days do not count, make-up days do where
the hall opens on them. The day of filing does not count.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from kiosk.rules.calendar import HallCalendar

DAYS = 7
"""Working days for an answer, unless hall.toml says otherwise for the category."""
AMBER_DAYS = 2
FAR = 99
"""Working days: what lies further away is told as far away."""
MOST_DAYS = 60
"""Working days: the most that hall.toml may give, and that one extension may add."""

Overdue = Literal["fine", "amber", "red"]


def due_day(calendar: HallCalendar, began: date, days: int = DAYS) -> date:
    """The day by which an answer is due to what was filed (or opened again) on `began`."""
    return calendar.working_day_after(began, days)


def extended(calendar: HallCalendar, due: date, today: date, days: int) -> date:
    """The due day once `days` working days are added: to the old one, or to today where that is past, so that an
    extension is never over before it begins."""
    return calendar.working_day_after(max(due, today), days)


def days_left(calendar: HallCalendar, due: date, today: date) -> int:
    """Working days from today to the due day, 0 on the day itself; below 0: so many past it, at least one. Counted no
    further than `FAR`."""
    late = today > due
    at, end = (due, today) if late else (today, due)
    count = 0
    while at < end and count < FAR:
        at += timedelta(days=1)
        count += bool(calendar.day(at).periods)
    return -max(1, count) if late else count


def amber_until(calendar: HallCalendar, today: date) -> date:
    """The last due day that is not "fine" today: what is due by it is amber or red."""
    return calendar.working_day_after(today, AMBER_DAYS + 1) - timedelta(days=1)


def overdue(calendar: HallCalendar, due: date, today: date) -> Overdue:
    """How near the due day is: "amber" from two working days before it, "red" after it."""
    if today > due:
        return "red"
    at, left = today, 0
    while at < due and left <= AMBER_DAYS:
        at += timedelta(days=1)
        left += bool(calendar.day(at).periods)
    return "amber" if left <= AMBER_DAYS else "fine"
