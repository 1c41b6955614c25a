"""Residents: book rooms and windows, come or do not, take numbers, change their minds, rate. Each is a script with a
luck of its own; what they know of the hall is what its door tells them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from math import log

from kiosk.door import (
    Appointment,
    Booking,
    Facility,
    Found,
    Hall,
    Rating,
    Refusal,
    Request,
    Role,
    Slot,
    Ticket,
    TicketOrder,
    TicketState,
)
from kiosk.hall import Caller
from kiosk.simulation.script import Command, Do, Hand, Part, Script, Sleep
from kiosk.simulation.town import Person, Town

KIOSKS = (Caller("kiosk-1", "一号机", Role.KIOSK), Caller("kiosk-2", "二号机", Role.KIOSK))
_TWICE = 0.06
_GIVES_UP = 0.15
_PATIENCE_MIN = 75

_NOT_TURNED_AWAY = frozenset(
    {"cancelled-by-hall", "already-checked-in", "checked-in-number", "ticket-over", "ref-stale"}
)


def arrivals(town: Town, day: datetime, periods: Sequence[tuple[datetime, datetime]], count: int) -> list[datetime]:
    """When they come: most of them soon after each opening, some just before, a few as it closes."""
    chance = town.chance(f"arrivals {day:%Y%m%d}")
    moments = []
    for _ in range(count):
        opens, closes = chance.choices(periods, [(b - a).total_seconds() for a, b in periods])[0]
        span = (closes - opens).total_seconds()
        share = chance.betavariate(1.6, 2.6) * 1.1 - 0.1  # from a tenth of the period before it opens
        moments.append(opens + timedelta(seconds=share * span))
    return sorted(moments)


def resident(town: Town, name: str) -> Script:
    """Somebody walks in."""
    town.residents += 1
    me = Resident(town, name)
    what = me.chance.random()
    if what < 0.58:
        yield from me.takes_a_number()
    elif what < 0.80:
        yield from me.books(rooms=True)
    elif what < 0.92:
        yield from me.books(rooms=False)
    else:
        yield from me.walks_in()


class Resident:
    """One resident and what they can do."""

    def __init__(self, town: Town, name: str) -> None:
        self.town, self.name = town, name
        self.chance = town.chance(name)
        self.hand = Hand(name, self.chance.choice(KIOSKS), self.chance, _TWICE)
        self.phone = f"1{self.chance.randint(3, 9)}{self.chance.randrange(10**9):09d}"
        town.watcher.phones.add(self.phone)

    # ---- numbers -----------------------------------------------------------------------------------------------------

    def takes_a_number(self) -> Script:
        """A number, a chair, sometimes the same telephone once more, sometimes no patience."""
        if not self.town.settings.services:
            return
        service = self.chance.choice(self.town.settings.services)
        matter = self.chance.choice(service.matters).name.zh if service.matters and self.chance.random() < 0.8 else None
        phone = self.phone if self.chance.random() < 0.6 else None
        order = TicketOrder(service.id, matter, phone, priority=self.chance.random() < 0.12)
        ticket = yield from self.insist(self.hand.door("take_ticket", order))
        if isinstance(ticket, Refusal):
            yield from self._another_way(ticket)
            return
        if not isinstance(ticket, Ticket):
            return
        yield from self.slip(ticket)
        self._sits_down(ticket)
        if phone is not None and self.chance.random() < 0.08:
            yield Sleep(self.chance.uniform(30, 600))
            yield from self.insist(self.hand.door("take_ticket", order))
        elif self.chance.random() < 0.04:
            yield Sleep(self.chance.uniform(10, 300))
            yield from self.insist(self.hand.door("reprint_ticket", ticket.qr))

    def rates(self, ticket: Ticket) -> Script:
        """On the way out, at the kiosk."""
        yield Sleep(self.chance.uniform(20, 200))
        seen = yield Do(lambda: self._door.ticket(ticket.qr))
        if isinstance(seen, Ticket) and seen.state is TicketState.DONE:
            level = self.chance.choices((5, 4, 3, 2, 1), (60, 25, 8, 4, 3))[0]
            reasons = ("slow",) if level < 3 else ()
            yield from self.insist(self.hand.door("rate", Rating(ticket.qr, level, reasons)))

    def _sits_down(self, ticket: Ticket) -> None:
        patience = timedelta(minutes=self.chance.lognormvariate(log(_PATIENCE_MIN), 0.6))
        start = max(self.town.now, ticket.appointment or self.town.now)
        self.town.people[ticket.id] = Person(self.name, self.chance, start + patience)

    # ---- places ------------------------------------------------------------------------------------------------------

    def books(self, *, rooms: bool) -> Script:
        """A place, at a kiosk, for today or another day; then what people do with a place they have."""
        place = yield from self._chooses(rooms=rooms)
        if place is None:
            return
        slot = yield from self._slot(place)
        if slot is None:
            return
        people = self.chance.randint(1, max(1, place.people))
        booked = yield from self.insist(self.hand.door("book", Booking(place.id, slot.start, self.phone, people)))
        if isinstance(booked, Refusal):
            offer = next((o for o in booked.next if o.facility and o.start and o.reason.code != "walk-in-now"), None)
            if offer is None or self.chance.random() < 0.3:
                return
            booked = yield from self.insist(
                self.hand.door("book", Booking(offer.facility or "", offer.start or slot.start, self.phone, 1))
            )
        if isinstance(booked, Appointment):
            yield from self.slip(booked)
            yield from self._has(booked)

    def walks_in(self) -> Script:
        """Whatever place is free now."""
        place = yield from self._chooses(rooms=True)
        if place is None:
            return
        slots = yield Do(lambda: self._door.slots(place.id, self.town.now.date()))
        for slot in slots if isinstance(slots, tuple) else ():
            if slot.walk_in:
                taken = yield from self.insist(self.hand.door("book", Booking(place.id, slot.start, walk_in=True)))
                if isinstance(taken, Appointment) and self.chance.random() < 0.1:
                    yield Sleep(self.chance.uniform(20, 500))
                    yield from self.insist(self.hand.door("cancel", taken.code))
                return

    def _chooses(self, *, rooms: bool) -> Part:
        places = yield Do(self._door.facilities if rooms else self._door.bookable_services)
        return self.chance.choice(places) if places else None

    def _slot(self, place: Facility) -> Part:
        """A slot of today if that will do, else of a day soon; people like the same ones."""
        days = yield Do(lambda: self._door.days(place.id))
        open_days = [day.day for day in days if day.free] if isinstance(days, tuple) else []
        if not open_days:
            return None
        day = open_days[0] if self.chance.random() < 0.75 else self.chance.choice(open_days[:4])
        slots: tuple[Slot, ...] | Refusal = yield Do(lambda: self._door.slots(place.id, day))
        known = slots if isinstance(slots, tuple) else ()
        free = [slot for slot in known if slot.bookable]
        gone = [slot for slot in known if slot.reason is not None and slot.reason.code == "full"]
        if gone and self.chance.random() < 0.3:  # it was free when they looked
            return self.chance.choice(gone)
        if not free:
            return None
        return min(free, key=lambda slot: slot.free) if self.chance.random() < 0.5 else self.chance.choice(free)

    def _has(self, held: Appointment) -> Script:
        what = self.chance.random()
        if what < 0.12:
            yield Sleep(self.chance.choice((60, 300, 1800, 7200)) * self.chance.uniform(0.5, 1.5))
            yield from self.insist(self.hand.door("cancel", held.code))
            return
        if what < 0.24:
            yield Sleep(self.chance.uniform(60, 3000))
            place = yield Do(self._door.facilities)
            own = next((one for one in place if one.id == held.facility), None)
            slot = None if own is None else (yield from self._slot(own))
            if slot is not None:
                yield from self.insist(self.hand.door("reschedule", held.code, slot.start))
                code = held.code
                seen = yield Do(lambda: self._door.appointment(code))  # also where no answer came
                held = seen if isinstance(seen, Appointment) else held
        elif what < 0.28:
            yield from self.insist(self.hand.door("reprint", held.code))
        elif what < 0.31 and self.town.now.date() == held.start.date():
            again = Booking(held.facility, held.start, self.phone)  # the same telephone, a second place on one day
            yield from self.insist(self.hand.door("book", again))
        if self.chance.random() < 0.78:
            yield from self._comes(held)

    def _comes(self, held: Appointment) -> Script:
        """In time, mostly; by code, by the slip's QR code, or by telephone."""
        yield self.town.until(held.start + timedelta(minutes=self.chance.triangular(-25, 25, -4)))
        how = self.chance.random()
        text = held.qr if how < 0.5 else held.code
        if how > 0.85:
            found = yield Do(lambda: self._door.find(self.phone))
            mine = [one for one in found if one.start == held.start] if isinstance(found, tuple) else []
            text = mine[0].ref if mine else text
        came = self.town.now
        arrived = yield from self.insist(self.hand.door("check_in", text))
        if isinstance(arrived, Refusal):
            in_time = held.check_in_from <= came and self.town.now <= held.check_in_until
            if in_time and arrived.reason.code not in _NOT_TURNED_AWAY:
                self.town.watcher.turned_away(held, arrived)
            elif arrived.reason.code == "too-early-check-in":
                yield self.town.until(held.check_in_from)
                arrived = yield from self.insist(self.hand.door("check_in", held.qr))
        if isinstance(arrived, Appointment | Found) and arrived.ticket is not None:
            self._sits_down(arrived.ticket)

    # ---- how ---------------------------------------------------------------------------------------------------------

    def _another_way(self, refusal: Refusal) -> Script:
        """What was offered instead."""
        start = next((offer.start for offer in refusal.next if offer.service and offer.start), None)
        if start is not None and start.date() == self.town.now.date() and self.chance.random() < 0.5:
            yield self.town.until(start + timedelta(minutes=self.chance.uniform(0, 20)))
            yield from self.takes_a_number()

    def slip(self, held: Appointment | Ticket | Request) -> Script:
        """The paper, at the kiosk where they stand; not of a number that was given before."""
        if not (isinstance(held, Ticket) and held.same):
            yield Do(lambda: self.town.print(self.hand.caller, self.hand.key, held))

    def insist(self, command: Command) -> Part:
        """Send until somebody answers, or patience ends."""
        return (yield from self.hand.insist(command, _GIVES_UP))

    @property
    def _door(self) -> Hall:
        return self.town.site.house.door(self.hand.caller)


def evening_before(town: Town, day: datetime, count: int) -> list[datetime]:
    """When people book at the kiosk in the porch, the evening before."""
    chance = town.chance(f"evening {day:%Y%m%d}")
    begins = datetime.combine(day.date() - timedelta(days=1), time(19), day.tzinfo)
    return sorted(begins + timedelta(seconds=chance.uniform(0, 3 * 3600)) for _ in range(count))


def books_ahead(town: Town, name: str) -> Script:
    """Somebody books the evening before."""
    town.residents += 1
    me = Resident(town, name)
    yield from me.books(rooms=me.chance.random() < 0.7)
