"""The door as it stands inside the hall: `kiosk.door.Hall` made of use cases on the ledger, for one caller.

Each method parses nothing, waits for its commit, and answers with a value or a refusal. When the ledger cannot serve,
what needs no ledger is still answered, and everything else is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from kiosk.door import (
    Appointment,
    BookableDay,
    Booking,
    Facility,
    Found,
    HallAway,
    HallFacts,
    KioskReport,
    Order,
    Reason,
    Refusal,
    Request,
    Slot,
    Ticket,
)
from kiosk.hall import codes, kiosks, queue, register, request_rows
from kiosk.hall.answers import Arrived, Held, Seen, ms
from kiosk.hall.appointments import Appointments
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Commands, Kept, Work, clock_doubt
from kiosk.hall.kiosks import OpenOrder
from kiosk.hall.queue_door import Queue, QueueDoor
from kiosk.hall.request_door import RequestDoor, RequestParts
from kiosk.hall.schedule import Schedule
from kiosk.hall.views import Views
from kiosk.ledger import Tx

_UNKNOWN_FACILITY = Refusal("missing", Reason("unknown-facility"))


class Door(QueueDoor, RequestDoor):
    """See `kiosk.door.Hall`."""

    def __init__(
        self,
        caller: Caller,
        commands: Commands,
        schedule: Schedule,
        appointments: Appointments,
        views: Views,
        lines: Queue,
        requests: RequestParts,
    ) -> None:
        QueueDoor.__init__(self, caller, commands, schedule, views, lines)
        RequestDoor.__init__(self, caller, commands, requests)
        self._appointments = appointments

    # ---- asking ------------------------------------------------------------------------------------------------------

    async def about(self) -> HallFacts:
        now = self._now()
        known = await self._commands.ask(
            lambda tx: self._views.hall(
                tx, now, clock_doubt(tx, now, self._schedule.zone) or self._commands.trouble
            )
        )
        return self._views.hall(None, now, known.reason) if isinstance(known, Refusal) else known

    async def facilities(self) -> tuple[Facility, ...]:
        return (await self.about()).facilities

    async def days(self, facility: str) -> tuple[BookableDay, ...] | Refusal:
        place = self._schedule.place(facility)
        if place is None:
            return _UNKNOWN_FACILITY
        return await self._commands.ask(lambda tx: self._views.days(tx, place, self._now()))

    async def slots(self, facility: str, day: date) -> tuple[Slot, ...] | Refusal:
        place = self._schedule.place(facility)
        if place is None:
            return _UNKNOWN_FACILITY
        return await self._commands.ask(lambda tx: self._views.slots(tx, place, day, self._now()))

    async def appointment(self, code: str) -> Appointment | Refusal:
        now = self._now()

        def look(tx: Tx) -> Appointment | Refusal:
            held = codes.look(tx, self._commands.vault, self._caller, code, now)
            return held if isinstance(held, Refusal) else self._whole(tx, held, now)

        found = await self._commands.ask(look)
        if isinstance(found, Refusal) and codes.is_miss(self._caller, found, code):
            await self._commands.note(self._caller, codes.miss)
        return found

    async def find(self, phone: str) -> tuple[Found, ...] | Refusal:
        digits, bar = self._schedule.phone(phone)
        if bar is not None:
            return Refusal("rule", bar)
        return await self._commands.ask(lambda tx: self._views.find(tx, self._caller, digits, self._now()))

    async def outcome(self, key: str) -> Appointment | Ticket | Request | Refusal | None:
        kept = await self._commands.outcome(self._caller, key)
        shown = None if kept is None else self._show(kept) or self._show_ticket(kept) or self._show_request(kept)
        # What a telephone may see is no appointment; but the number that checking in gave is whoever's who came.
        return shown.ticket if isinstance(shown, Found) else shown

    # ---- commands ----------------------------------------------------------------------------------------------------

    async def book(self, key: str, booking: Booking) -> Appointment | Refusal:
        content = (
            "book",
            booking.facility,
            ms(booking.start),
            booking.phone,
            booking.people,
            booking.walk_in,
        )
        return await self._appointment(key, content, lambda work: self._appointments.book(work, booking))

    async def cancel(self, key: str, code: str) -> Appointment | Refusal:
        return await self._appointment(key, ("cancel", code), lambda work: self._appointments.cancel(work, code))

    async def check_in(self, key: str, code_or_ref: str) -> Appointment | Found | Refusal:
        await self._queue.waits.refresh()

        def body(work: Work) -> Held | Seen | Arrived:
            return self._appointments.check_in(work, code_or_ref)

        shown = self._show(await self._commands.run(self._caller, key, ("check-in", code_or_ref), body))
        assert shown is not None
        return shown

    async def reschedule(self, key: str, code: str, start: datetime) -> Appointment | Refusal:
        begins = ms(start)
        return await self._appointment(
            key, ("reschedule", code, begins), lambda work: self._appointments.reschedule(work, code, begins)
        )

    async def reprint(self, key: str, code: str) -> Appointment | Refusal:
        return await self._appointment(key, ("reprint", code), lambda work: self._appointments.reprint(work, code))

    async def call_help(self, key: str, page: str) -> Refusal | None:
        kept = await self._commands.run(
            self._caller, key, ("help", page), lambda work: kiosks.call_help(work, key, page[:80]), timeless=True
        )
        return kept if isinstance(kept, Refusal) else None

    async def report(self, report: KioskReport, done: tuple[str, ...] = ()) -> tuple[Order, ...]:
        def hear(work: Work) -> tuple[Order, ...]:
            return tuple(
                order for wanted in kiosks.hear(work, report, done) if (order := self._order(work, wanted)) is not None
            )

        orders = await self._commands.note(self._caller, hear)
        if isinstance(orders, Refusal):
            raise HallAway(orders.reason.code, orders.reason)  # what was reported is not known here: tell it again
        return orders

    # ---- showing -----------------------------------------------------------------------------------------------------

    async def _appointment(
        self, key: str, content: tuple[object, ...], body: Callable[[Work], Held]
    ) -> Appointment | Refusal:
        shown = self._show(await self._commands.run(self._caller, key, content, body))
        assert isinstance(shown, Appointment | Refusal)
        return shown

    def _show(self, kept: Kept | Refusal) -> Appointment | Found | Refusal | None:
        if isinstance(kept, Refusal):
            return kept
        match kept.answer:
            case Held() as held:
                return self._views.appointment(held, kept.at, kept.phone)
            case Seen(held, ref):
                return self._views.found(held, ref, kept.at)
            case Arrived(who, numbered):
                ticket = self._queue.views.ticket(numbered)
                if isinstance(who, Seen):
                    return replace(self._views.found(who.held, who.ref, kept.at), ticket=ticket)
                return replace(self._views.appointment(who, kept.at, kept.phone), ticket=ticket)
            case Refusal() as refusal:
                return refusal
        return None

    def _whole(self, tx: Tx, held: Held, now: datetime) -> Appointment:
        """An appointment with the number that its check-in at a window gave: its slip may be all that is at hand."""
        shown = self._views.appointment(held, now, self._phone(tx, held))
        number = self._queue.tickets.admitted(tx, held)
        if number is None:
            return shown
        return replace(shown, ticket=self._queue.views.ticket(self._queue.tickets.shown(tx, number, ms(now))))

    def _order(self, work: Work, wanted: OpenOrder) -> Order | None:
        if wanted.kind == "help-coming":
            return Order(wanted.id, wanted.kind, help=kiosks.help_key(work.tx, wanted.subject))
        held = register.by_id(work.tx, wanted.subject)
        if held is None:
            number = queue.by_id(work.tx, wanted.subject)
            if number is None:
                row = request_rows.by_id(work.tx, wanted.subject)
                if row is None:
                    return None
                lodged = request_rows.whole(work.tx, self._commands.vault, row)
                return Order(wanted.id, wanted.kind, request=self._shown(work.tx, lodged, work.now))
            shown = self._queue.tickets.shown(work.tx, number, work.at)
            return Order(wanted.id, wanted.kind, ticket=self._queue.views.ticket(shown))
        return Order(wanted.id, wanted.kind, self._views.appointment(held, work.now, self._phone(work.tx, held)))

    def _phone(self, tx: Tx, held: Held) -> str | None:
        phone = register.phone_of(tx, self._commands.vault, held.id)
        return None if phone is None else phone[0]

    def _now(self) -> datetime:
        return self._commands.clock.now()
