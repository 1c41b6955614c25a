"""The `Hall` protocol: what residents can ask of a hall, from a kiosk, a test, the tour or the simulation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from kiosk.door.booking import Appointment, BookableDay, Booking, Facility, Found, Slot
from kiosk.door.house import HallFacts, KioskReport, Order
from kiosk.door.queue import Rating, Service, Ticket, TicketOrder
from kiosk.door.requests import HallRequests, Request
from kiosk.door.said import Refusal


class Hall(HallRequests, Protocol):
    """A hall as its kiosks and clerks know it. Every method may raise `HallAway`."""

    async def about(self) -> HallFacts: ...

    async def facilities(self) -> tuple[Facility, ...]: ...

    async def days(self, facility: str) -> tuple[BookableDay, ...] | Refusal: ...

    async def slots(self, facility: str, day: date) -> tuple[Slot, ...] | Refusal: ...

    async def book(self, key: str, booking: Booking) -> Appointment | Refusal: ...

    async def appointment(self, code: str) -> Appointment | Refusal:
        """Look one up by its typed code or by what its QR code says."""
        ...

    async def cancel(self, key: str, code: str) -> Appointment | Refusal: ...

    async def check_in(self, key: str, code_or_ref: str) -> Appointment | Found | Refusal:
        """By code or QR the whole appointment comes back; by `ref` only what the telephone may see."""
        ...

    async def reschedule(self, key: str, code: str, start: datetime) -> Appointment | Refusal: ...

    async def reprint(self, key: str, code: str) -> Appointment | Refusal: ...

    async def find(self, phone: str) -> tuple[Found, ...] | Refusal: ...

    async def call_help(self, key: str, page: str) -> Refusal | None:
        """Ring for a clerk. `page` names the page the resident stands on, never what was typed there."""
        ...

    async def report(self, report: KioskReport, done: tuple[str, ...] = ()) -> tuple[Order, ...]:
        """Tell the hall this kiosk's state; `done` acknowledges orders. Answers with the orders still open."""
        ...

    async def outcome(self, key: str) -> Appointment | Ticket | Request | Refusal | None:
        """What became of a command sent earlier; None if it never took effect."""
        ...

    async def services(self) -> tuple[Service, ...]:
        """The queue lines, in the order of hall.toml."""
        ...

    async def bookable_services(self) -> tuple[Facility, ...]:
        """Services with appointments at the window, as what they are to whoever books: `days`, `slots` and `book` take
        such a service's id where a facility's stands."""
        ...

    async def take_ticket(self, key: str, order: TicketOrder) -> Ticket | Refusal:
        """Take a number. The same telephone, for a service it still waits for, gets the same number (`Ticket.same`)."""
        ...

    async def ticket(self, qr_or_id: str) -> Ticket | Refusal:
        """Look one up by what its slip's QR code says, or by its id; staff also by its number of today."""
        ...

    async def reprint_ticket(self, key: str, qr_or_id: str) -> Ticket | Refusal:
        """Ask for its slip once more (补打)."""
        ...

    async def rate(self, key: str, rating: Rating) -> Refusal | None:
        """Leave the five-level rating of a finished service. Once for each ticket."""
        ...
