"""The queue's part of hall.toml as questions: which line has which letter, which windows there are, what a day's hours
let one do. It knows no ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from kiosk.config import Settings
from kiosk.door import Day, Matter, Name, Offer, Reason

BEFORE_OPENING = timedelta(minutes=30)
"""Numbers are given from so long before the day's first opening until its last closing, lunch included."""


@dataclass(frozen=True, slots=True)
class Line:
    """A service as a queue line. `bookable`: appointments at the window can be made. `also`: its other names."""

    id: str
    name: Name
    letter: str
    matters: tuple[Matter, ...]
    bookable: bool
    also: tuple[str, ...] = ()

    def matter(self, wanted: str) -> Matter | None:
        """What a resident comes for, by its name in either language or what people call it."""
        return next((m for m in self.matters if wanted in (m.name.zh, m.name.en, *m.also)), None)


@dataclass(frozen=True, slots=True)
class Counter:
    """A window as hall.toml has it. `services`: what it serves unless told otherwise."""

    id: str
    name: Name
    services: tuple[str, ...]


class Lines:
    """A hall's lines and windows. `day` gives a day of the hall's calendar."""

    def __init__(self, settings: Settings, day: Callable[[date], Day]) -> None:
        self.all = tuple(
            Line(s.id, s.name, s.letter, tuple(Matter(m.name, m.also) for m in s.matters), s.bookable is not None,
                 s.also)
            for s in settings.services
        )  # fmt: skip
        every = tuple(line.id for line in self.all)
        self.windows = tuple(Counter(w.id, w.name, w.services or every) for w in settings.windows)
        self._by_id = {line.id: line for line in self.all}
        self._windows = {window.id: window for window in self.windows}
        self._letters = frozenset(line.letter for line in self.all)
        self._day = day

    def line(self, service: str) -> Line | None:
        """A line by its service's id."""
        return self._by_id.get(service)

    def window(self, window: str) -> Counter | None:
        """A window by its id."""
        return self._windows.get(window)

    def letters(self, services: tuple[str, ...]) -> tuple[str, ...]:
        """The letters of these services, those that are unknown left out."""
        return tuple(line.letter for service in services if (line := self._by_id.get(service)) is not None)

    def is_number(self, text: str) -> bool:
        """Whether this is written as a number of ours is (A023)."""
        letter, digits = text[:1], text[1:]
        return 3 <= len(digits) <= 6 and digits.isascii() and digits.isdigit() and letter in self._letters

    def hours(self, day: date) -> tuple[datetime, datetime] | None:
        """From when until when numbers are given on a day; None on a day the hall is closed."""
        periods = self._day(day).periods
        return (periods[0].start - BEFORE_OPENING, periods[-1].end) if periods else None

    def resting(self, now: datetime) -> bool:
        """Between two opening hours of a day (lunch): nobody is called for an unknown while."""
        periods = self._day(now.date()).periods
        return any(before.end <= now < after.start for before, after in pairwise(periods))

    def rests_between(self, first: datetime, last: datetime) -> bool:
        """Whether the hall was shut at some time between two moments of a day."""
        if first.date() != last.date():
            return True
        ends = [period.end for period in self._day(first.date()).periods]
        return any(first < end <= last for end in ends)

    def through(self, now: datetime, span_ms: float) -> float:
        """How long so much time at the windows takes from `now` on this day's clock: lunch does not count, and what
        is left at closing is added as it is."""
        at, left = now, timedelta(milliseconds=span_ms)
        for period in self._day(now.date()).periods:
            if at >= period.end:
                continue
            at = max(at, period.start)
            if left <= period.end - at:
                break
            left -= period.end - at
            at = period.end
        return (at + left - now) / timedelta(milliseconds=1)

    def no_numbers(self, now: datetime) -> Reason | None:
        """Why no number can be taken now."""
        hours = self.hours(now.date())
        if hours is None:
            return self._day(now.date()).closed or Reason("numbers-over")
        if now < hours[0]:
            return Reason("numbers-not-yet", {"from": hours[0]})
        return Reason("numbers-over") if now >= hours[1] else None

    def next_numbers(self, now: datetime) -> datetime | None:
        """When numbers are given next, within a month."""
        for ahead in range(32):
            hours = self.hours(now.date() + timedelta(days=ahead))
            if hours is not None and hours[0] > now:
                return hours[0]
        return None

    def offers(self, but: str | None = None) -> tuple[Offer, ...]:
        """Some other lines that could be meant."""
        return tuple(
            Offer(Reason("other-service", {"service": line.name}), service=line.id)
            for line in self.all[:3]
            if line.id != but
        )
