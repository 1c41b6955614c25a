"""The business calendar: what comes before what, when the hall opens next, and when staff are warned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from kiosk.rules.calendar import HallCalendar
from kiosk.rules.holidays import DayKind, by_the_moon, kind_of, statutory
from tests.kiosk.rules import moon
from tests.kiosk.rules.halls import CALENDAR, DEMO, ZONE, at


@dataclass(frozen=True)
class Closure:
    first: date
    last: date
    why: object = ("设备检修", "Maintenance")


@dataclass(frozen=True)
class Extra:
    day: date
    periods: tuple[tuple[time, time], ...] = ((time(9), time(12)),)


def hall(**more: object) -> HallCalendar:
    return HallCalendar(ZONE, DEMO.hall.hours, **more)  # type: ignore[arg-type]


def test_every_published_day_is_open_or_closed_as_the_notices_have_it() -> None:
    """Open exactly on the days that are both Monday to Friday and worked, over all published years we can compare."""
    day = date(2018, 1, 1)
    while day < date(2027, 1, 1):
        wanted = day.weekday() < 5 and chinese_calendar.is_workday(day)
        assert bool(CALENDAR.day(day).periods) == wanted, day
        day += timedelta(days=1)


def test_make_up_days_open_only_if_the_hall_says_so() -> None:
    makeup = date(2026, 2, 14)
    assert kind_of(makeup).makeup
    assert CALENDAR.day(makeup).closed is not None
    assert [span[0].time() for span in hall(makeup_open=True).day(makeup).periods] == [time(9), time(14)]


def test_make_up_days_are_only_for_days_the_hall_has_no_hours_for() -> None:
    """A hall open on Saturdays keeps its Saturday hours; one closed on Wednesdays is not opened by a working day."""
    morning = ((time(9), time(12)),)
    week = {day: hours for day, hours in DEMO.hall.hours.items() if day != 2} | {5: morning}
    own = HallCalendar(ZONE, week, makeup_open=True)
    assert [span[1].time() for span in own.day(date(2026, 2, 14)).periods] == [time(12)]
    wednesday = own.day(date(2026, 11, 25))
    assert wednesday.closed is not None
    assert wednesday.closed.code == "closed"


def test_the_halls_own_days_come_before_everything() -> None:
    holiday, workday = date(2026, 10, 1), date(2026, 11, 24)
    both = hall(closures=[Closure(workday, workday)], extra_days=[Extra(holiday), Extra(date(2026, 11, 25))])
    assert both.day(holiday).periods
    closed = both.day(workday).closed
    assert closed is not None
    assert (closed.code, closed.facts["why"]) == ("closed-by-hall", ("设备检修", "Maintenance"))


def test_an_entered_notice_comes_before_the_library_and_ends_the_warning() -> None:
    off = DayKind(("元旦", "New Year's Day"), makeup=False, published=True)
    entered = hall(entered={2027: {date(2027, 1, 1): off, date(2027, 1, 4): off}})
    assert entered.day(date(2027, 1, 4)).closed is not None
    assert not entered.day(date(2027, 1, 5)).provisional
    assert entered.unpublished(date(2026, 12, 21)) is None


def test_new_years_notice_may_speak_of_the_december_before() -> None:
    """As in 2018: 29 December worked, 31 December off, by the notice for 2019."""
    off = DayKind(("元旦", "New Year's Day"), makeup=False, published=True)
    entered = hall(entered={2027: {date(2026, 12, 31): off, date(2027, 1, 1): off}})
    closed = entered.day(date(2026, 12, 31)).closed
    assert closed is not None
    assert closed.facts["holiday"] == ("元旦", "New Year's Day")
    assert entered.day(date(2026, 12, 30)).periods
    assert entered.day(date(2026, 10, 1)).closed is not None, "the rest of 2026 stays the library's"


def test_an_extra_day_comes_before_a_closure_around_it() -> None:
    """A day that hall.toml both closes and opens is open: the extra day is the more particular word."""
    day = date(2026, 11, 24)
    both = hall(closures=[Closure(date(2026, 11, 1), date(2026, 11, 30))], extra_days=[Extra(day)])
    assert [both.day(at).closed is None for at in (day, date(2026, 11, 25))] == [True, False]


def test_tomb_sweeping_is_the_solar_terms_day() -> None:
    """Our century formula against the library's own table of solar terms, every year there is."""
    for year in range(2004, 2100):
        terms = chinese_calendar.get_solar_terms(date(year, 4, 1), date(year, 4, 10))
        wanted = next(day for day, name in terms if name == "清明")
        assert statutory(year)[wanted][0] == "清明节", year


def test_an_unpublished_year_is_provisional_and_has_no_make_up_days() -> None:
    days = [CALENDAR.day(date(2027, 1, 1) + timedelta(days=n)) for n in range(365)]
    assert all(day.provisional for day in days)
    assert {day.day for day in days if day.closed and day.closed.code == "closed-holiday"} == set(statutory(2027))
    assert not any(day.periods for day in days if day.day.weekday() >= 5)


def test_there_are_thirteen_statutory_days_unless_two_fall_together() -> None:
    for year in range(2024, 2061):
        assert 12 <= len(statutory(year)) <= 13, year
    assert len(statutory(2061)) == 7, "no moon, no guess"


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_statutory_days_are_among_the_published_ones(year: int) -> None:
    eve = by_the_moon(year)[0] - timedelta(days=1)
    for day in statutory(year):
        if (year, day) != (2024, eve):  # a day off by law since 2025
            assert kind_of(day).holiday is not None, day


def named(year: int, name: str) -> date:
    return by_the_moon(year)[("春节", "端午节", "中秋节").index(name)]


@pytest.mark.parametrize(("name", "day"), [
    ("春节", "2024-02-10"), ("端午节", "2024-06-10"), ("中秋节", "2024-09-17"), ("春节", "2025-01-29"),
    ("端午节", "2025-05-31"), ("中秋节", "2025-10-06"), ("春节", "2026-02-17"), ("中秋节", "2026-09-25"),
    ("春节", "2027-02-06"), ("春节", "2028-01-26"), ("春节", "2029-02-13"), ("春节", "2030-02-03"),
    ("春节", "2033-01-31"), ("春节", "2034-02-19"),
])  # fmt: skip
def test_days_that_everybody_knows(name: str, day: str) -> None:
    """2027 and 2030 have their new moon within eight minutes of midnight; 2033 is the year that calendars get wrong."""
    assert named(date.fromisoformat(day).year, name).isoformat() == day


@pytest.mark.parametrize(("name", "on", "sun"), [("春节", 1, 330), ("端午节", 5, 90), ("中秋节", 15, 180)])
def test_what_goes_by_the_moon_is_worked_out_again(name: str, on: int, sun: int) -> None:
    """The month begins with a new moon, and the sun passes its mark within it, or, beside a month that holds two marks
    (2033, 2034, 2053), a day off. Another month is thirty days off."""
    for year in range(2024, 2061):
        day = named(year, name)
        begun, ends = moon.month_with(day)
        first, after = moon.as_date(begun), moon.as_date(ends)
        assert first + timedelta(days=on - 1) == day, (year, day)
        assert abs((begun + 0.5) % 1 - 0.5) < 0.5 - moon.NEVER_DOUBTFUL, year
        before, past = ((moon.sun(at.toordinal() + 1721424.5) - sun + 180) % 360 - 180 for at in (first, after))
        assert before < 1.1, (year, day)
        assert past > -1.1, (year, day)


@pytest.mark.parametrize(("day", "provisional"), [
    ("2026-12-28", False), ("2026-12-29", True), ("2026-12-31", True), ("2025-12-31", False),
])  # fmt: skip
def test_the_last_days_of_december_wait_for_the_next_years_notice(day: str, provisional: bool) -> None:
    assert CALENDAR.day(date.fromisoformat(day)).provisional == provisional
    off = DayKind(("元旦", "New Year's Day"), makeup=False, published=True)
    assert not hall(entered={2027: {date(2027, 1, 1): off}}).day(date.fromisoformat(day)).provisional


@pytest.mark.parametrize(
    ("today", "wanted"),
    [
        ("2026-11-30", None), ("2026-12-01", "calendar-unpublished"), ("2026-12-19", "calendar-unpublished"),
        ("2026-12-20", "calendar-unpublished-urgent"), ("2027-01-01", "calendar-unpublished-urgent"),
        ("2025-12-25", None),
    ],
)  # fmt: skip
def test_staff_are_warned_before_the_year_runs_out(today: str, wanted: str | None) -> None:
    warning = CALENDAR.unpublished(date.fromisoformat(today))
    assert (warning.code if warning else None) == wanted


@pytest.mark.parametrize(
    ("now", "is_open", "until"),
    [
        ("2026-11-23 9:00", True, "2026-11-23 12:00"),
        ("2026-11-23 11:59:59", True, "2026-11-23 12:00"),
        ("2026-11-23 12:00", False, "2026-11-23 14:00"),
        ("2026-11-23 17:29", True, "2026-11-23 17:30"),
        ("2026-11-23 17:30", False, "2026-11-24 9:00"),
        ("2026-11-27 17:30", False, "2026-11-30 9:00"),
        ("2026-09-30 18:00", False, "2026-10-08 9:00"),
        ("2026-02-13 18:00", False, "2026-02-24 9:00"),
    ],
)
def test_open_until_or_closed_until(now: str, is_open: bool, until: str) -> None:
    standing = CALENDAR.standing(at(now))
    assert standing.open is is_open
    assert (standing.closes if is_open else standing.opens) == at(until)


def test_the_same_moment_told_abroad_is_the_same_moment() -> None:
    morning = at("2026-11-23 9:30")
    for zone in ("America/New_York", "Pacific/Kiritimati"):
        assert CALENDAR.standing(morning.astimezone(ZoneInfo(zone))) == CALENDAR.standing(morning)


def test_a_hall_that_never_opens_says_so_and_ends() -> None:
    never = hall(closures=[Closure(date(2000, 1, 1), date(2100, 1, 1))])
    assert never.standing(at("2026-11-23 9:30")).opens is None
    assert never.working_day_after(date(2026, 11, 23), 3) > date(2027, 1, 1)


def test_working_days_are_days_the_hall_is_open() -> None:
    assert CALENDAR.working_day_after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert CALENDAR.working_day_after(date(2026, 11, 27), 2) == date(2026, 12, 1)
    assert CALENDAR.working_day_after(date(2026, 11, 27), 0) == date(2026, 11, 27)
