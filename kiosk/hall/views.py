"""How rows look through the door: appointments, slots, days, facilities, with what may be done at that moment.

Reads only. Shown again later, an answer looks as it did when it was given: the moment is an argument.
"""

from __future__ import annotations

from datetime import date, datetime

from kiosk.door import (
    Appointment,
    AppointmentState,
    BookableDay,
    Facility,
    Found,
    HallFacts,
    Name,
    Reason,
    Slot,
)
from kiosk.hall import offers, refs, register, strays
from kiosk.hall.answers import Held, moment, ms
from kiosk.hall.appointments import Appointments
from kiosk.hall.callers import Caller
from kiosk.hall.codes import prover
from kiosk.hall.schedule import Place, Schedule
from kiosk.ledger import Tx, Vault
from kiosk.rules import codes
from kiosk.rules.slots import UNDO

WINDOW_APPOINTMENT = Name("窗口预约", "Window appointment")
_LIVING = frozenset({AppointmentState.BOOKED, AppointmentState.CHECKED_IN})


class Views:
    """Turns rows into the door's values."""

    def __init__(self, schedule: Schedule, vault: Vault, appointments: Appointments) -> None:
        self._schedule = schedule
        self._vault = vault
        self._appointments = appointments

    def appointment(self, held: Held, at: datetime, phone: str | None) -> Appointment:
        """The whole appointment, for whoever holds its code. `phone`: its digits, of which four are shown."""
        place = self._schedule.place(held.facility)
        span = self._schedule.span(held)
        code = held.code or ""
        return Appointment(
            id=held.id,
            code=code,
            qr=codes.qr_text(codes.APPOINTMENT, code, prover(self._vault)) if code else "",
            facility=held.facility,
            facility_name=place.name if place else Name(held.facility),
            place=place.where if place else Name(""),
            bring=place.bring if place else Name(""),
            start=span.start,
            end=span.end,
            people=held.people,
            state=AppointmentState(held.state),
            phone_tail=phone[-4:] if phone else None,
            undo_until=moment(held.booked_at, self._schedule.zone) + UNDO,
            check_in_from=span.check_in_from,
            check_in_until=span.check_in_until,
            may=self._may(held, place, at),
        )

    def found(self, held: Held, ref: str, at: datetime) -> Found:
        """What a telephone may see: day, time and room, and whether one may check in now."""
        place = self._schedule.place(held.facility)
        may = held.state == AppointmentState.BOOKED and self._schedule.check_in_bar(held, at) is None
        window = place in self._schedule.window_places  # what for is nobody's business but the resident's
        return Found(
            ref=ref,
            facility="window" if window else held.facility,
            facility_name=WINDOW_APPOINTMENT if window else place.name if place else Name(held.facility),
            start=moment(held.begins, self._schedule.zone),
            end=moment(held.ends, self._schedule.zone),
            state=AppointmentState(held.state),
            may=("check-in",) if may else (),
        )

    def find(self, tx: Tx, caller: Caller, digits: str, at: datetime) -> tuple[Found, ...]:
        """Everything living of a telephone."""
        return tuple(
            self.found(held, refs.make(self._vault, caller, held.id, ms(at)), at)
            for held in register.by_phone(tx, self._vault, digits)
            if held.ends > ms(at)
        )

    def slots(self, tx: Tx, place: Place, day: date, now: datetime) -> tuple[Slot, ...]:
        """A day's slots, each with why it cannot be had."""
        stretches = self._schedule.stretches(place, day)
        if not stretches:
            return ()
        taken = strays.taken(tx, self._schedule, place, stretches)
        provisional = self._schedule.day(day).provisional
        at_window = place in self._schedule.window_places  # nobody walks in there: whoever comes now takes a number
        shown = []
        for stretch in stretches:
            free = max(0, place.capacity - taken.get(ms(stretch.start), 0))
            bar = self._schedule.booking_bar(place, stretch, now)
            walk_in = free > 0 and not at_window and self._schedule.walk_in_bar(stretch, now) is None
            reason = bar
            if bar is None and free == 0:
                reason = Reason("full", {"facility": place.name, "start": stretch.start})
            shown.append(
                Slot(
                    facility=place.id,
                    start=stretch.start,
                    end=stretch.end,
                    capacity=place.capacity,
                    free=free,
                    bookable=reason is None,
                    walk_in=walk_in,
                    reason=None if walk_in else reason,
                    provisional=provisional,
                )
            )
        return tuple(shown)

    def days(self, tx: Tx, place: Place, now: datetime) -> tuple[BookableDay, ...]:
        """The facility's horizon, day by day: places that can still be booked (or taken on the spot), or why none."""
        shown = []
        for day in self._schedule.days(place, now):
            calendar = self._schedule.day(day)
            if calendar.closed is not None:
                shown.append(BookableDay(day, 0, calendar.closed, calendar.provisional))
                continue
            slots = self.slots(tx, place, day, now)
            free = sum(slot.free for slot in slots if slot.bookable or slot.walk_in)
            reason = None if free else self._schedule.best_bar([slot.reason for slot in slots if slot.reason])
            shown.append(BookableDay(day, free, reason, calendar.provisional))
        return tuple(shown)

    def facility(self, tx: Tx | None, place: Place, now: datetime) -> Facility:
        """A facility; without a ledger (`tx` None) nothing is known of its earliest slot."""
        first = None if tx is None else offers.earliest(tx, self._schedule, place, 1, now)
        running = None if tx is None else offers.running(tx, self._schedule, place, now)
        return Facility(
            id=place.id,
            name=place.name,
            place=place.where,
            bring=place.bring,
            icon=place.icon,
            capacity=place.capacity,
            unit=place.unit,
            slot_minutes=place.slot_minutes,
            lead=place.lead,
            people=place.people,
            earliest=None if first is None else first.start,
            earliest_free=None if tx is None else 0 if first is None else offers.free(tx, self._schedule, place, first),
            free_now=0 if running is None else running[1],
        )

    def hall(self, tx: Tx | None, now: datetime, doubt: Reason | None) -> HallFacts:
        """What the waiting page shows. `doubt`: why nothing is confirmed at present."""
        today = self._schedule.day(now.date())
        opens, closes = self._schedule.opens_closes(now)
        return HallFacts(
            name=self._schedule.hall_name,
            address=self._schedule.hall_address,
            now=now,
            today=today,
            opens=opens,
            closes=closes,
            facilities=tuple(self.facility(tx, place, now) for place in self._schedule.places),
            clock_doubt=doubt,
        )

    def _may(self, held: Held, place: Place | None, at: datetime) -> tuple[str, ...]:
        at_ms = ms(at)
        if held.state not in _LIVING or held.ends <= at_ms:
            return ()
        booked = held.state == AppointmentState.BOOKED
        may = []
        span = self._schedule.span(held)
        if booked and span.check_in_from <= at <= span.check_in_until:
            may.append("check-in")
        undo = self._appointments.may_undo(held, at_ms)
        if undo or (booked and (place is None or self._schedule.cancel_bar(place, held, at) is None)):
            may.append("cancel")
        if booked and place is not None and self._schedule.change_bar(place, held, at) is None:
            may.append("reschedule")
        return (*may, "reprint")
