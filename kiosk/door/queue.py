"""The values of the queue: services, numbers, windows, calls. As frozen and as still as the rest of the door."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kiosk.door.said import Name, Reason

MOST_RATING_TEXT = 200
"""Characters of a rating's own words, after cleaning."""


class TicketState(StrEnum):
    """`waiting` may be called; `called` is at a window; `held` was set aside there; `parked` did not come when called;
    the other three are ends."""

    WAITING = "waiting"
    CALLED = "called"
    HELD = "held"
    PARKED = "parked"
    DONE = "done"
    NO_SHOW = "no-show"
    EXPIRED = "expired"


class WindowState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Wait:
    """How long somebody will wait: half are called within `low` minutes, nine of ten within `high`; rounded up to 5."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Matter:
    """What a resident comes for, with the other names people call it by."""

    name: Name
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A queue line. `open`: numbers are given now; otherwise `reason` says why not. `windows`: those that serve it
    at this moment (open or paused), by id. `waiting`: how many wait. `wait`: for who takes a number now, None when data
    are thin. `past_closing`: that wait would run past closing. `bookable`: appointments at the window can be made.
    `also`: other names people call it by."""

    id: str
    name: Name
    letter: str
    matters: tuple[Matter, ...]
    open: bool
    waiting: int
    wait: Wait | None
    past_closing: bool
    bookable: bool
    reason: Reason | None = None
    windows: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketOrder:
    """An order for a number. `matter`: its Chinese name as hall.toml has it. `priority`: the answer to one plain
    question; why is neither asked nor stored."""

    service: str
    matter: str | None = None
    phone: str | None = None
    priority: bool = False


@dataclass(frozen=True, slots=True)
class Ticket:
    """A number. `ahead`: how many are called before it as things stand; `wait` None when data are thin or it does not
    wait. `window`: where it was called, is held, or (waiting, after a transfer) must be called. `why`: why this one was
    called before others. `appointment`: the appointed time it counts from. `same`: this number had been given before.
    `recalls`: how often it was called again. `rating_bar`: why a finished number is not rated, or not any more."""

    id: str
    number: str
    service: str
    service_name: Name
    state: TicketState
    ahead: int
    wait: Wait | None
    past_closing: bool
    taken_at: datetime
    qr: str
    window: str | None = None
    why: Reason | None = None
    priority: bool = False
    appointment: datetime | None = None
    same: bool = False
    matter: str | None = None
    called_at: datetime | None = None
    recalls: int = 0
    rating_bar: Reason | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A service counter. `services`: what it serves (while closed: what hall.toml would have it serve). `clerk`: the
    name of who opened it. `reason` and `back_at`: while paused, as the public reads them. `served_today`: finished
    there today. `recalls`: how often the one being served was called again."""

    id: str
    name: Name
    state: WindowState
    services: tuple[str, ...]
    clerk: str | None = None
    reason: str | None = None
    back_at: datetime | None = None
    serving: Ticket | None = None
    served_today: int = 0
    recalls: int = 0


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A ticket in a list, with the minutes it has waited (for an appointment: from its time)."""

    ticket: Ticket
    minutes: int


@dataclass(frozen=True, slots=True)
class QueueView:
    """What /staff shows for one window: what it serves, who is next and why, everyone who waits for it in the order of
    calling, who is held or parked, and how many wait for each service of the hall."""

    window: Window
    next: Ticket | None
    waiting: tuple[QueueLine, ...]
    held: tuple[QueueLine, ...]
    parked: tuple[QueueLine, ...]
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One call as everybody hears and sees it. `again`: 0 for the first, then the number of the recall."""

    number: str
    window: str
    window_name: Name
    at: datetime
    again: int = 0


@dataclass(frozen=True, slots=True)
class Pausing:
    """A paused window as the public reads it."""

    window: str
    window_name: Name
    reason: str
    back_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """How many wait for a service, as everybody may know."""

    service: str
    name: Name
    letter: str
    waiting: int
    wait: Wait | None


@dataclass(frozen=True, slots=True)
class BoardView:
    """What /board shows. Public facts only. `calls`: those being served or last called, the newest first."""

    now: datetime
    calls: tuple[Call, ...]
    paused: tuple[Pausing, ...]
    lines: tuple[Line, ...]
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """`subject`: a ticket's QR text or id. `level`: 5 (very good) down to 1. `reasons`: ids of what was ticked; `text`:
    words of one's own, at most 200 characters once cleaned."""

    subject: str
    level: int
    reasons: tuple[str, ...] = ()
    text: str | None = None
