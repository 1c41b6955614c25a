"""The hall as its kiosks know it, and they as it knows them: its public facts, their reports of devices and slips, its
orders to them. As frozen and as still as the rest of the door. All times are aware datetimes in the hall's own zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.door.booking import Appointment, Day, Facility
from kiosk.door.queue import Ticket
from kiosk.door.requests import Request
from kiosk.door.said import Name, Reason


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
