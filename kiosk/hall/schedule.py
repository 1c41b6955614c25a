"""The hall's settings and calendar as one set of questions: what slots there are, and why something cannot be had now.

Joins `config` with the pure `rules` and gives their answers the door's form. It knows no ledger: whether a place is
free is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from kiosk.config import BookingRules, Settings
from kiosk.config.settings import Closure
from kiosk.door import Day, Fact, Name, Period, Reason
from kiosk.hall.answers import Held, moment
from kiosk.rules import codes, phone, slots
from kiosk.rules.bar import Bar
from kiosk.rules.calendar import CalendarDay, HallCalendar
from kiosk.rules.holidays import DayKind
from kiosk.rules.lead import Lead
from kiosk.rules.slots import SlotTime as Stretch

_REMEMBERED_DAYS = 800
_REMEMBERED_SPANS = 10_000

AT_WINDOW = Name("窗口", "Window")

# Of several reasons why a day has no place left, the first of these is the one that helps.
_TELLING = ("full", "lead", "already-begun", "over", "beyond-horizon")


class Span(NamedTuple):
    """An appointment's times in the hall's zone."""

    start: datetime
    end: datetime
    check_in_from: datetime
    check_in_until: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A facility with its rules. `lead` is in hall.toml's form."""

    id: str
    name: Name
    where: Name
    bring: Name
    icon: str
    unit: str
    rules: BookingRules

    @property
    def capacity(self) -> int:
        return self.rules.capacity

    @property
    def slot_minutes(self) -> int | None:
        return self.rules.slot_minutes

    @property
    def lead(self) -> Mapping[str, int]:
        return self.rules.lead.as_table()

    @property
    def people(self) -> int:
        """The most people one booking may be for."""
        return self.rules.people

    def places(self, people: int) -> int:
        """How many places a booking for so many takes."""
        return people if self.rules.takes_people else 1


class Schedule:
    """A hall's rules. Every time is aware; days are the hall's own."""

    def __init__(self, settings: Settings) -> None:
        hall = settings.hall
        self.hall_id = hall.id
        self.hall_name = hall.name
        self.hall_address = hall.address
        self.personal_for = timedelta(days=settings.privacy.days)
        self.places = tuple(Place(f.id, f.name, f.place, f.bring, f.icon, f.unit, f.rules) for f in settings.facilities)
        self.window_places = tuple(
            Place(s.id, s.name, AT_WINDOW, Name(""), "window", "个", s.bookable)
            for s in settings.services
            if s.bookable is not None
        )
        """Services with appointments at the window, as places to book."""
        self._by_id = {place.id: place for place in (*self.places, *self.window_places)}
        self._noon: time = hall.noon
        self._written = (self.places, self.window_places, _calendar(settings))  # as hall.toml has them
        self.calendar = self._written[2]
        self.zone = self.calendar.zone
        self._days: dict[date, CalendarDay] = {}
        self._stretches: dict[tuple[str, date], tuple[Stretch, ...]] = {}
        self._spans: dict[tuple[int, int], Span] = {}
        self.strays: Mapping[str, tuple[tuple[int, int], ...]] = {}
        """Living bookings whose times are no slot's any more, as (begins, ends) by facility (`kiosk.hall.strays`)."""

    def learn(
        self,
        closures: Sequence[Closure],
        capacities: Mapping[str, int],
        entered: Mapping[int, Mapping[date, DayKind]],
    ) -> None:
        """Take in what managers entered beside hall.toml: closed days, smaller (or larger) rooms, whole years' holiday
        notices. What was learned before is forgotten."""
        rooms, windows, calendar = self._written
        self.calendar = replace(calendar, closures=(*calendar.closures, *closures), entered=entered)
        self.places, self.window_places = _sized(rooms, capacities), _sized(windows, capacities)
        self._by_id = {place.id: place for place in (*self.places, *self.window_places)}
        # New ones, not emptied ones: a reader at work in another thread must not leave an old day in them.
        self._days, self._stretches = {}, {}

    def written_capacity(self, facility: str) -> int | None:
        """A place's capacity as hall.toml has it."""
        return next((place.capacity for places in self._written[:2] for place in places if place.id == facility), None)

    # ---- what there is -----------------------------------------------------------------------------------------------

    def place(self, facility: str) -> Place | None:
        """A facility by its id."""
        return self._by_id.get(facility)

    def day(self, day: date) -> Day:
        """A day of the hall's calendar, as the door shows it."""
        known = self._day(day)
        periods = tuple(Period(start, end) for start, end in known.periods)
        return Day(day, periods, None if known.closed is None else reason_of(known.closed), known.provisional)

    def closed_by_notice(self, year: int, days: Mapping[date, DayKind] | None) -> Callable[[date], bool]:
        """Which days a year's holiday notice (None: taking it back) would close that are open so far."""
        now = self.calendar
        others = {known: kinds for known, kinds in now.entered.items() if known != year}
        then = replace(now, entered=others if days is None else {**others, year: days})
        return lambda day: now.day(day).closed is None and then.day(day).closed is not None

    def days(self, place: Place, now: datetime) -> Iterable[date]:
        """Today and every day of a facility's horizon."""
        return slots.days_ahead(now, place.rules)

    def stretches(self, place: Place, day: date) -> tuple[Stretch, ...]:
        """A day's slots, in order."""
        remembered = self._stretches
        known = remembered.get((place.id, day))
        if known is None:
            if len(remembered) > _REMEMBERED_DAYS:
                remembered.clear()
            known = slots.slots_of(self._day(day), place.rules.slot_minutes, self._noon)
            remembered[place.id, day] = known
        return known

    def stretch(self, place: Place, start: datetime) -> Stretch | None:
        """The slot that begins at a moment."""
        begins = start.astimezone(self.zone)
        return next((s for s in self.stretches(place, begins.date()) if s.start == begins), None)

    def opens_closes(self, now: datetime) -> tuple[datetime | None, datetime | None]:
        """When the hall opens next (None while it is open), and when it closes (None while it is closed)."""
        standing = self.calendar.standing(now)
        return standing.opens, standing.closes

    def warnings(self, now: datetime) -> tuple[Reason, ...]:
        """What staff should know of the calendar: a holiday notice not yet published."""
        bar = self.calendar.unpublished(now.date())
        return () if bar is None else (reason_of(bar),)

    # ---- why not -----------------------------------------------------------------------------------------------------

    def booking_bar(self, place: Place, stretch: Stretch, now: datetime) -> Reason | None:
        """Why a slot cannot be booked now, however many places it has."""
        bar = slots.barred(stretch, now, place.rules, self.calendar, self._noon)
        return None if bar is None else reason_of(bar, facility=place.name)

    def walk_in_bar(self, stretch: Stretch, now: datetime) -> Reason | None:
        """Why a place cannot be taken on the spot now."""
        if slots.may_walk_in(stretch, now):
            return None
        return Reason("not-begun", {"start": stretch.start}) if now < stretch.start else Reason("over")

    def no_stretch_bar(self, place: Place, start: datetime, now: datetime) -> Reason:
        """Why there is no slot at a moment at all."""
        begins = start.astimezone(self.zone)
        day = self._day(begins.date())
        if begins < now:
            return Reason("past")
        if day.closed is not None:
            return reason_of(day.closed)
        if not any(opens <= begins < closes for opens, closes in day.periods):
            return Reason("outside-hours")
        return Reason("not-a-slot", {"facility": place.name})

    def best_bar(self, bars: Iterable[Reason]) -> Reason:
        """Of a day's reasons the one that helps most; with none, that nothing is left of it."""
        found = {bar.code: bar for bar in bars}
        return next((found[code] for code in _TELLING if code in found), Reason("over"))

    def change_bar(self, place: Place, held: Held, now: datetime) -> Reason | None:
        """Why an appointment cannot be moved any more."""
        return self._late(place.rules.change_lead, "change-lead", held, now)

    def cancel_bar(self, place: Place, held: Held, now: datetime) -> Reason | None:
        """Why an appointment cannot be cancelled any more."""
        return self._late(place.rules.cancel_lead, "cancel-lead", held, now)

    def span(self, held: Held) -> Span:
        """An appointment's times; from when until when one may check in, both included. Remembered: many share one."""
        known = self._spans.get((held.begins, held.ends))
        if known is None:
            if len(self._spans) > _REMEMBERED_SPANS:
                self._spans.clear()
            start, end = moment(held.begins, self.zone), moment(held.ends, self.zone)
            known = self._spans[held.begins, held.ends] = Span(start, end, *slots.check_in_window(start, end))
        return known

    def check_in_bar(self, held: Held, now: datetime) -> Reason | None:
        """Why one cannot check in now."""
        _start, _end, first, last = self.span(held)
        if now < first:
            return Reason("too-early-check-in", {"from": first})
        return Reason("too-late-check-in", {"until": last}) if now > last else None

    def grace(self, held: Held) -> timedelta:
        """How long after its beginning an appointment's place is kept for who has not come."""
        start, end = moment(held.begins, self.zone), moment(held.ends, self.zone)
        return slots.no_show_at(start, end) - start

    def phone(self, typed: str) -> tuple[str, Reason | None]:
        """The digits of a telephone number, or why it is none."""
        read = phone.read(typed)
        if read.problem is not None:
            return "", reason_of(read.problem)
        return read.digits, None if read.whole else Reason("phone-invalid")

    def _late(self, lead: Lead, code: str, held: Held, now: datetime) -> Reason | None:
        start = self.span(held).start
        if now <= start and slots.lead_met(lead, start, now, self.calendar, self._noon):
            return None
        return Reason(code, {"lead": _lead(lead)})

    def _day(self, day: date) -> CalendarDay:
        remembered = self._days
        known = remembered.get(day)
        if known is None:
            if len(remembered) > _REMEMBERED_DAYS:
                remembered.clear()
            known = remembered[day] = self.calendar.day(day)
        return known


def new_code(chance: Callable[[int], bytes], length: int = codes.CODE_LENGTH) -> str:
    """A code out of random bytes; whether it is free the ledger knows."""
    return codes.code(chance(8), length)


def reason_of(bar: Bar, **more: Fact) -> Reason:
    """A rule's answer in the door's form."""
    return Reason(bar.code, {**more, **{name: _fact(fact) for name, fact in bar.facts.items()}})


def _fact(fact: object) -> Fact:
    if isinstance(fact, Lead):
        return _lead(fact)
    if isinstance(fact, tuple) and len(fact) == 2:
        return Name(str(fact[0]), str(fact[1]))
    if isinstance(fact, str | int | datetime | date | time | timedelta | Name):
        return fact
    raise TypeError(f"a fact of no known kind: {fact!r}")


def _lead(lead: Lead) -> str:
    return f"{lead.unit}:{lead.amount}"


def _sized(places: tuple[Place, ...], capacities: Mapping[str, int]) -> tuple[Place, ...]:
    return tuple(
        replace(place, rules=replace(place.rules, capacity=capacities[place.id])) if place.id in capacities else place
        for place in places
    )


def _calendar(settings: Settings) -> HallCalendar:
    hall = settings.hall
    return HallCalendar(ZoneInfo(hall.zone), hall.hours, hall.makeup_open, hall.closures, hall.extra_days)
