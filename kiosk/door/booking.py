"""The values of places and rooms, and what every part of the door shares: names, reasons, refusals, roles, reports.

Nothing here does anything: no clock, no wire, no wording. All times are aware datetimes in the hall's own zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.door.queue import Ticket
    from kiosk.door.requests import Request


class HallAway(Exception):
    """The hall did not answer, or could not. Whether a command took effect is unknown. `reason`: what it said of
    itself, if it said anything."""

    def __init__(self, message: str = "", reason: Reason | None = None) -> None:
        super().__init__(message)
        self.reason = reason


class Role(StrEnum):
    """Who is asking. A manager may do what a clerk may; a kiosk only what a resident may."""

    KIOSK = "kiosk"
    CLERK = "clerk"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as residents read it, in Chinese and (where the hall gave one) in English."""

    zh: str
    en: str = ""


Fact = str | int | datetime | date | time | timedelta | Name
Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something cannot be had: a stable `code` for machines, `facts` for the sentence people read.

    `kiosk.words` turns it into a sentence in the reader's language.
    """

    code: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that works instead of what was refused. `facility` and `start` make it one tap away."""

    reason: Reason
    facility: str | None = None
    start: datetime | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """The hall says no, why, and what can be done instead.

    `kind` decides the HTTP status: "missing" 404, "conflict" 409 (the world says no: full, taken, closed now),
    "rule" 422 (a rule says no), "forbidden" 403, "busy" 429 with `retry_after`, "broken" 503 (the ledger cannot be
    written; nothing was done).
    """

    kind: str
    reason: Reason
    next: tuple[Offer, ...] = ()
    retry_after: timedelta | None = None


class AppointmentState(StrEnum):
    BOOKED = "booked"
    CHECKED_IN = "checked-in"
    DONE = "done"
    CANCELLED = "cancelled"
    NO_SHOW = "no-show"


@dataclass(frozen=True, slots=True)
class Period:
    """Opening hours on one day, [start, end)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the hall's calendar.

    `closed` says why a day without periods is closed. `provisional` marks a day of a year whose holiday notice is not
    yet published (以大厅公告为准).
    """

    day: date
    periods: tuple[Period, ...]
    closed: Reason | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Facility:
    """What can be booked, with its rules in words-ready form.

    `lead` is one of `kiosk.rules.slots`' lead times in its hall.toml form, e.g. {"half_days": 1}; `slot_minutes` is
    None for half-day blocks. `people` is the most that one booking may be for (1: the question is not asked).
    `earliest` is the start of the first bookable slot with a free place, None when there is none within the horizon;
    `earliest_free` says how many places it has left, None where that is not known.
    """

    id: str
    name: Name
    place: Name
    bring: Name
    icon: str
    capacity: int
    unit: str
    slot_minutes: int | None
    lead: Mapping[str, int]
    people: int
    earliest: datetime | None
    earliest_free: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One bookable stretch of a facility. `reason` is None exactly when `bookable` or `walk_in`.

    `bookable`: it may be booked now. `walk_in`: it has begun, has a free place, and may be taken on the spot.
    """

    facility: str
    start: datetime
    end: datetime
    capacity: int
    free: int
    bookable: bool
    walk_in: bool
    reason: Reason | None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class BookableDay:
    """One day of a facility's horizon as the day page shows it: how many places can still be had, or why none."""

    day: date
    free: int
    reason: Reason | None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Booking:
    """An order for a place. `phone` is digits only; without one a clerk is booking, or the place is taken on the
    spot."""

    facility: str
    start: datetime
    phone: str | None = None
    people: int = 1
    walk_in: bool = False


@dataclass(frozen=True, slots=True)
class Appointment:
    """A place that is held. `code` is what the resident carries; `qr` what the slip's QR code says.

    `phone_tail`: the last four digits, None without a telephone. `undo_until`: until then it may be cancelled whatever
    the lead time. `may` lists what can be done with it at this moment: "check-in", "cancel", "reschedule", "reprint".
    `ticket`: for an appointment at a window, once checked in: the number that was given.
    """

    id: str
    code: str
    qr: str
    facility: str
    facility_name: Name
    place: Name
    bring: Name
    start: datetime
    end: datetime
    people: int
    state: AppointmentState
    phone_tail: str | None
    undo_until: datetime
    check_in_from: datetime
    check_in_until: datetime
    may: tuple[str, ...] = ()
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a telephone number finds: day, time and room, nothing else. `ref` is good for check-in only, ten minutes."""

    ref: str
    facility: str
    facility_name: Name
    start: datetime
    end: datetime
    state: AppointmentState
    may: tuple[str, ...] = ()
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class HallFacts:
    """What the waiting page shows, and the hall's own clock.

    `today` is today's calendar day, `opens` the start of the next period (None while open or if unknown);
    `clock_doubt` is set when the hall's clock is not to be believed; nothing is confirmed then.
    """

    name: Name
    address: Name
    now: datetime
    today: Day
    opens: datetime | None
    closes: datetime | None
    facilities: tuple[Facility, ...]
    clock_doubt: Reason | None = None


class DeviceState(StrEnum):
    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """One device's state as staff read it. `since` is when it last changed."""

    name: str
    kind: str
    state: DeviceState
    reason: Reason | None
    since: datetime


class SlipState(StrEnum):
    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_BEGUN = "not-begun"


@dataclass(frozen=True, slots=True)
class SlipReport:
    """The end of one print job. `subject` is the opaque id of what the slip is for, never its code."""

    job: str
    subject: str
    kind: str
    state: SlipState
    reason: Reason | None
    at: datetime


@dataclass(frozen=True, slots=True)
class KioskReport:
    """What a kiosk says about itself every 10 s and on change. `now` is the kiosk's own clock."""

    now: datetime
    devices: tuple[DeviceReport, ...]
    slips: tuple[SlipReport, ...]
    help_wanted: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """What the hall wants of a kiosk: `kind` "reprint" (with the appointment to print, marked 补打) or "help-coming"
    (a clerk pressed 我去帮忙; `help` is the key of the call it answers). A ticket's slip may be what "reprint" is for.
    So may a request's. Acknowledged by `id` in the next report."""

    id: str
    kind: str
    appointment: Appointment | None = None
    help: str | None = None
    ticket: Ticket | None = None
    request: Request | None = None
