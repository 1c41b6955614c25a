"""The hall's business calendar: when it is open on a day, or why not, and when it opens next. Pure: what it knows comes
in when it is made, the present comes in with every question.

What counts, first to last: the hall's own extra days and closures (hall.toml), the holiday notice a manager entered,
the published calendar, and for a year not yet published the statutory days, marked provisional, as are the last days
of December before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk.rules.bar import Bar
from kiosk.rules.holidays import DayKind, kind_of

_SATURDAY = 5
_LOOK_AHEAD_DAYS = 60
_WARN_FROM = (12, 1)
_URGENT_FROM = (12, 20)
_NEXT_YEARS = (12, 29)

Hours = tuple[tuple[time, time], ...]
Span = tuple[datetime, datetime]


class Closed(Protocol):
    """Days the hall closes by itself, both ends included."""

    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...
    @property
    def why(self) -> object: ...


class Extra(Protocol):
    """A day the hall opens by itself."""

    @property
    def day(self) -> date: ...
    @property
    def periods(self) -> Hours: ...


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day: its opening periods, each [start, end), in the hall's zone; `closed` says why there are none."""

    day: date
    periods: tuple[Span, ...]
    closed: Bar | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The hall at one moment: open until `closes`, or closed until `opens` (None if not within 60 days)."""

    open: bool
    opens: datetime | None
    closes: datetime | None


@dataclass(frozen=True, slots=True)
class HallCalendar:
    """A hall's calendar. `hours`: weekday (0 = Monday) → periods. `entered`: the holiday notices managers entered, a
    whole year each: year → day → its kind."""

    zone: ZoneInfo
    hours: Mapping[int, Hours]
    makeup_open: bool = False
    closures: Sequence[Closed] = ()
    extra_days: Sequence[Extra] = ()
    entered: Mapping[int, Mapping[date, DayKind]] = field(default_factory=dict)

    def day(self, day: date) -> CalendarDay:
        """What is known of one day."""
        for extra in self.extra_days:
            if extra.day == day:
                return self._open(day, extra.periods, provisional=False)
        for closure in self.closures:
            if closure.first <= day <= closure.last:
                return CalendarDay(day, (), Bar("closed-by-hall", {"why": closure.why}), provisional=False)
        kind = self._kind(day)
        provisional = not kind.published or self._may_change(day)
        if kind.holiday is not None:
            return CalendarDay(day, (), Bar("closed-holiday", {"holiday": kind.holiday}), provisional)
        usual = self.hours.get(day.weekday(), ())
        if kind.makeup and not usual and self.makeup_open:
            usual = next((self.hours[at] for at in sorted(self.hours) if self.hours[at]), ())
        if not usual:
            weekend = day.weekday() >= _SATURDAY
            return CalendarDay(day, (), Bar("closed-weekend" if weekend else "closed"), provisional)
        return self._open(day, usual, provisional=provisional)

    def standing(self, now: datetime) -> Standing:
        """Open or not at a moment, until when, and when next."""
        now = now.astimezone(self.zone)
        for start, end in self.day(now.date()).periods:
            if start <= now < end:
                return Standing(open=True, opens=None, closes=end)
        return Standing(open=False, opens=self._next_start(now), closes=None)

    def working_day_after(self, day: date, count: int) -> date:
        """The `count`-th day after `day` on which the hall is open; where so many are not to be found within a year and
        as many days again, the last day looked at."""
        at = day
        found = 0
        for _ in range(366 + 7 * count):
            if found >= count:
                break
            at += timedelta(days=1)
            found += bool(self.day(at).periods)
        return at

    def unpublished(self, today: date) -> Bar | None:
        """A warning for staff while next year's holiday notice is missing: from 1 December, urgent from 20 December."""
        if self._kind(today).published and (today.month, today.day) < _WARN_FROM:
            return None
        year = today.year + 1 if self._kind(today).published else today.year
        if self._kind(date(year, 1, 1)).published:
            return None
        urgent = year == today.year or (today.month, today.day) >= _URGENT_FROM
        return Bar("calendar-unpublished-urgent" if urgent else "calendar-unpublished", {"year": year})

    def _kind(self, day: date) -> DayKind:
        for notice in self.entered.values():  # New Year's notice may also speak of the last days of December before
            if day in notice:
                return notice[day]
        return DayKind(None, makeup=False, published=True) if day.year in self.entered else kind_of(day)

    def _may_change(self, day: date) -> bool:
        """The last days of December belong to the next year's notice: 元旦 may reach back to them."""
        return (day.month, day.day) >= _NEXT_YEARS and not self._kind(date(day.year + 1, 1, 1)).published

    def _open(self, day: date, hours: Hours, *, provisional: bool) -> CalendarDay:
        spans = tuple(
            (datetime.combine(day, start, self.zone), datetime.combine(day, end, self.zone)) for start, end in hours
        )
        return CalendarDay(day, spans, None if spans else Bar("closed"), provisional)

    def _next_start(self, now: datetime) -> datetime | None:
        for ahead in range(_LOOK_AHEAD_DAYS):
            for start, _ in self.day(now.date() + timedelta(days=ahead)).periods:
                if start > now:
                    return start
        return None
