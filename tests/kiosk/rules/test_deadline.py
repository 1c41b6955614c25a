"""The due clock of a request: tables over weekends, holidays, make-up days, closures; and what holds for every day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.rules.calendar import HallCalendar
from kiosk.rules.deadline import AMBER_DAYS, DAYS, due_day, extended, overdue
from kiosk.rules.holidays import DayKind
from tests.kiosk.rules.halls import CALENDAR

MAKEUP = replace(CALENDAR, makeup_open=True)


@dataclass(frozen=True)
class Shut:
    first: date
    last: date
    why: str = "设备检修"


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("calendar", "filed", "days", "due", "why"),
    [
        (CALENDAR, "2026-11-23", 7, "2026-12-02", "Monday; the day of filing does not count"),
        (CALENDAR, "2026-11-23", 1, "2026-11-24", "one day is tomorrow"),
        (CALENDAR, "2026-11-27", 1, "2026-11-30", "from Friday over the weekend"),
        (CALENDAR, "2026-11-28", 1, "2026-11-30", "filed on a Saturday"),
        (CALENDAR, "2025-09-26", 7, "2025-10-15", "over National Day and Mid-autumn (1–8 October), Sundays closed"),
        (MAKEUP, "2025-09-26", 7, "2025-10-13", "the same where make-up days are worked: 28 September, 11 October"),
        (CALENDAR, "2025-01-27", 7, "2025-02-13", "over Spring Festival (28 January to 4 February)"),
        (MAKEUP, "2025-01-27", 7, "2025-02-12", "8 February is worked"),
        (replace(CALENDAR, closures=[Shut(day("2026-11-24"), day("2026-11-26"))]), "2026-11-23", 7, "2026-12-07",
         "three days the hall closes by itself"),
        (replace(CALENDAR, entered={2026: {day("2026-11-24"): DayKind(("测试节", "Test Day"), False, True)}}),
         "2026-11-23", 7, "2026-12-03", "a holiday that a manager entered"),
    ],
)  # fmt: skip
def test_due_days(calendar: HallCalendar, filed: str, days: int, due: str, why: str) -> None:
    assert due_day(calendar, day(filed), days) == day(due), why


@pytest.mark.parametrize(
    ("today", "standing"),
    [
        ("2026-11-23", "fine"),
        ("2026-11-27", "fine"),  # Friday: Monday, Tuesday, Wednesday are left
        ("2026-11-28", "fine"),  # Saturday: the same three
        ("2026-11-29", "fine"),
        ("2026-11-30", "amber"),  # two working days before
        ("2026-12-01", "amber"),
        ("2026-12-02", "amber"),  # the due day itself
        ("2026-12-03", "red"),
        ("2027-12-03", "red"),
    ],
)
def test_amber_two_working_days_before_and_red_after(today: str, standing: str) -> None:
    assert overdue(CALENDAR, day("2026-12-02"), day(today)) == standing


def test_amber_counts_working_days_over_a_holiday() -> None:
    due = day("2025-10-10")  # the second working day after the holiday of 1–8 October
    assert overdue(CALENDAR, due, day("2025-09-29")) == "fine"
    assert overdue(CALENDAR, due, day("2025-09-30")) == "amber"


def test_an_extension_counts_from_the_due_day_and_where_that_is_past_from_today() -> None:
    due = day("2026-12-02")
    assert extended(CALENDAR, due, day("2026-11-25"), 3) == day("2026-12-07")
    assert extended(CALENDAR, due, day("2026-12-02"), 3) == day("2026-12-07")
    assert extended(CALENDAR, due, day("2026-12-10"), 3) == day("2026-12-15")


days_ = st.dates(date(2023, 1, 1), date(2027, 12, 31))
calendars = st.sampled_from([CALENDAR, MAKEUP])


@given(calendars, days_, st.integers(1, 30))
def test_a_due_day_is_the_nth_day_the_hall_is_open(calendar: HallCalendar, filed: date, days: int) -> None:
    due = due_day(calendar, filed, days)
    opened = [at for n in range(1, (due - filed).days + 1) if calendar.day(at := filed + timedelta(days=n)).periods]
    assert len(opened) == days
    assert opened[-1] == due


@given(calendars, days_, st.integers(1, 30), st.integers(0, 90))
def test_standing_never_gets_better_by_waiting(calendar: HallCalendar, filed: date, days: int, waited: int) -> None:
    order = ["fine", "amber", "red"]
    due = due_day(calendar, filed, days)
    today = filed + timedelta(days=waited)
    now, tomorrow = (order.index(overdue(calendar, due, at)) for at in (today, today + timedelta(days=1)))
    assert now <= tomorrow
    assert (now == 2) == (today > due)


@given(calendars, days_, st.integers(1, 30), st.integers(0, 60), st.integers(1, 10))
def test_an_extension_always_gives_days_still_to_come(
    calendar: HallCalendar, filed: date, days: int, waited: int, more: int
) -> None:
    due, today = due_day(calendar, filed, days), filed + timedelta(days=waited)
    later = extended(calendar, due, today, more)
    assert later > due
    assert later > today
    assert more <= AMBER_DAYS or overdue(calendar, later, today) == "fine"


@given(calendars, days_)
def test_reopened_has_the_whole_time_again(calendar: HallCalendar, today: date) -> None:
    assert overdue(calendar, due_day(calendar, today), today) == "fine"
    assert DAYS > AMBER_DAYS
