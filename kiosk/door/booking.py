"""The values of places and rooms: days, facilities, slots, bookings, appointments. As frozen and as still as the rest
of the door. All times are aware datetimes in the hall's own zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kiosk.door.queue import Ticket
from kiosk.door.said import Name, Reason


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
    `earliest_free` says how many places it has left: 0 when there is no such slot, None where nothing is known.
    `free_now`: places of the slot that runs now which may be taken on the spot.
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
    free_now: int = 0


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
