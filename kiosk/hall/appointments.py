"""Booking, changing, cancelling, checking in: what can be done with a place, each the body of one command.

The database holds every limit; what is read here first only makes a refusal kinder. Nothing here prints, waits or knows
who carries the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Protocol

from kiosk.door import AppointmentState as State
from kiosk.door import Booking, Offer, Reason
from kiosk.hall import codes, offers, places, refs, register, strays
from kiosk.hall.answers import Arrived, Held, Number, Numbered, Seen, moment, ms
from kiosk.hall.commands import Declined, Work, declined
from kiosk.hall.ids import timed_id
from kiosk.hall.schedule import Place, Schedule
from kiosk.ledger import Tx, Vault
from kiosk.rules.slots import UNDO
from kiosk.rules.slots import SlotTime as Stretch

# The world says no (409): it would have worked at another moment, or for an earlier hand. All else is a rule (422).
_WORLD = frozenset(
    {
        "full",
        "past",
        "over",
        "already-begun",
        "not-begun",
        "closed",
        "closed-weekend",
        "closed-holiday",
        "closed-by-hall",
    }
)


class Admission(Protocol):
    """Numbers for those who come to an appointment at a window; None where it is for a room."""

    def admit(self, work: Work, held: Held) -> Numbered | None:
        """The number for somebody who has come."""
        ...

    def admitted(self, tx: Tx, held: Held) -> Number | None:
        """The number that somebody got who came before."""
        ...


class Appointments:
    """The use cases of appointments. Every method is run by `Commands` and raises `Declined`."""

    def __init__(
        self,
        schedule: Schedule,
        vault: Vault,
        new_code: Callable[[], str],
        tickets: Admission,
    ) -> None:
        self._schedule = schedule
        self._vault = vault
        self._new_code = new_code
        self._tickets = tickets

    # ---- taking a place ----------------------------------------------------------------------------------------------

    def book(self, work: Work, booking: Booking) -> Held:
        """Take a place, or on the spot a free one in a slot that has begun; then it is checked in at once."""
        place = self._schedule.place(booking.facility)
        if place is None:
            raise Declined(offers.unknown_facility(work.tx, self._schedule, work.now))
        self._check_people(place, booking.people)
        digits = self._digits(booking.phone)
        stretch = self._open_stretch(work, place, booking)
        held = Held(
            id=timed_id(work.at, work.id),
            code=None,
            facility=place.id,
            begins=ms(stretch.start),
            ends=ms(stretch.end),
            day=stretch.start.date().isoformat(),
            people=booking.people,
            places=place.places(booking.people),
            state=(State.CHECKED_IN if booking.walk_in else State.BOOKED).value,
            booked_at=work.at,
            changed_at=work.at,
        )
        self._claim(work, place, stretch, held.places, held.people)
        mac = None if digits is None else register.phone_mac(self._vault, digits)
        if mac is not None:
            self._claim_day(work, place, held.day, mac)
        held = register.add(work.tx, held, self._new_code)
        if digits is not None and mac is not None:
            register.add_phone(work.tx, self._vault, held.id, digits, mac)
            work.phone = digits
        work.tell("appointment.booked", held.id, self._facts(held) | {"walk_in": booking.walk_in})
        if booking.walk_in:
            work.tell("appointment.checked-in", held.id, {"facility": held.facility})
        return held

    def reschedule(self, work: Work, text: str, start_ms: int) -> Held:
        """Move a booked appointment to another slot of its facility: the new place is taken before the old is given
        back, and if it cannot be had nothing changes."""
        held = self._living(work, codes.find(work, self._vault, text))
        place = self._schedule.place(held.facility)
        if place is None:
            raise declined("conflict", Reason("unknown-facility"))
        if held.state != State.BOOKED:
            raise declined("conflict", Reason("already-checked-in"))
        if (bar := self._schedule.change_bar(place, held, work.now)) is not None:
            raise declined("rule", bar)
        if start_ms == held.begins:
            raise declined("rule", Reason("same-slot"))
        start = moment(start_ms, self._schedule.zone)
        stretch = self._open_stretch(work, place, Booking(place.id, start, people=held.people))
        day = stretch.start.date().isoformat()
        self._claim(work, place, stretch, held.places, held.people, but=held.id)
        places.release(work.tx, place.id, held.begins, held.places)
        if day != held.day and (phone := register.phone_of(work.tx, self._vault, held.id)) is not None:
            places.release_day(work.tx, phone[1], place.id, held.day)
            self._claim_day(work, place, day, phone[1])
        moved = register.shift(work.tx, held, ms(stretch.start), ms(stretch.end), day, work.at)
        was = moment(held.begins, self._schedule.zone).isoformat()
        work.tell("appointment.rescheduled", held.id, self._facts(moved) | {"was": was})
        return moved

    # ---- giving it back, coming --------------------------------------------------------------------------------------

    def cancel(self, work: Work, text: str) -> Held:
        """Give a place back. Within ten minutes of booking whatever the lead, also one taken on the spot."""
        held = self._living(work, codes.find(work, self._vault, text))
        undo = self.may_undo(held, work.at)
        if held.state != State.BOOKED and not undo:
            raise declined("conflict", Reason("already-checked-in"))
        place = self._schedule.place(held.facility)
        if not undo and place is not None and (bar := self._schedule.cancel_bar(place, held, work.now)) is not None:
            raise declined("rule", bar)
        cancelled = register.move(work.tx, held, State.CANCELLED, work.at)
        places.release(work.tx, held.facility, held.begins, held.places)
        if (phone := register.phone_of(work.tx, self._vault, held.id)) is not None:
            places.release_day(work.tx, phone[1], held.facility, held.day)
        work.tell("appointment.cancelled", held.id, self._facts(held) | {"undo": undo})
        return cancelled

    def check_in(self, work: Work, text: str) -> Held | Seen | Arrived:
        """Somebody is here: by code or QR, or by what their telephone found."""
        if not refs.is_ref(text):
            return self._given(work, self._arrive(work, codes.find(work, self._vault, text)))
        id_ = refs.read(self._vault, work.caller, text, work.at)
        held = None if id_ is None else register.by_id(work.tx, id_)
        if held is None:
            raise declined("missing", Reason("ref-stale"))
        return self._given(work, Seen(self._arrive(work, held), text))

    def reprint(self, work: Work, text: str) -> Held:
        """Leave word that the slip is printed again; the printing is the kiosk's."""
        held = self._living(work, codes.find(work, self._vault, text))
        work.tell("appointment.reprinted", held.id)
        return held

    def may_undo(self, held: Held, at: int) -> bool:
        """Whether cancelling is an undo still: ten minutes from booking, also for who was checked in on the spot."""
        fresh = 0 <= at - held.booked_at <= UNDO.total_seconds() * 1000
        on_the_spot = held.state == State.CHECKED_IN and held.changed_at == held.booked_at
        return fresh and (held.state == State.BOOKED or on_the_spot)

    def _given(self, work: Work, who: Held | Seen) -> Held | Seen | Arrived:
        numbered = self._tickets.admit(work, who.held if isinstance(who, Seen) else who)
        return who if numbered is None else Arrived(who, numbered)

    def _arrive(self, work: Work, held: Held) -> Held:
        number = self._tickets.admitted(work.tx, held)
        if number is not None:  # at a window nobody just walks in: it is the number that counts
            over = number.state in {"done", "no-show", "expired"}
            offers_ = (Offer(Reason("take-number")), offers.ASK_CLERK) if over else ()
            reason = Reason("ticket-over" if over else "checked-in-number", {"number": number.number})
            raise declined("conflict", reason, offers_)
        held = self._living(work, held)
        if held.state == State.CHECKED_IN:
            raise declined("conflict", Reason("already-checked-in"))
        if (bar := self._schedule.check_in_bar(held, work.now)) is not None:
            late = bar.code == "too-late-check-in"
            raise declined("rule", bar, offers.once_more(work.tx, self._schedule, held, work.now) if late else ())
        arrived = register.move(work.tx, held, State.CHECKED_IN, work.at)
        work.tell("appointment.checked-in", held.id, {"facility": held.facility})
        return arrived

    # ---- what stands in the way --------------------------------------------------------------------------------------

    def _living(self, work: Work, held: Held) -> Held:
        """The appointment itself if it is booked or checked in."""
        if held.state == State.CANCELLED:
            at = moment(held.changed_at, self._schedule.zone)
            why = register.hall_cancelled(work.tx, held.id)
            reason = Reason("appointment-cancelled" if why is None else "cancelled-by-hall",
                            {"at": at} if why is None else {"at": at, "why": why})  # fmt: skip
        elif held.state == State.NO_SHOW:
            reason = Reason("appointment-no-show")
        elif held.state == State.DONE or held.ends <= work.at:
            reason = Reason("appointment-over")
        else:
            return held
        raise declined("conflict", reason, offers.once_more(work.tx, self._schedule, held, work.now))

    def _check_people(self, place: Place, people: int) -> None:
        if people < 1:
            raise declined("rule", Reason("people-invalid"))
        if people > place.people:
            raise declined("rule", Reason("people-too-many", {"most": place.people}))

    def _digits(self, phone: str | None) -> str | None:
        if phone is None:
            return None
        digits, bar = self._schedule.phone(phone)
        if bar is not None:
            raise declined("rule", bar)
        return digits

    def _open_stretch(self, work: Work, place: Place, booking: Booking) -> Stretch:
        stretch = self._schedule.stretch(place, booking.start)
        if stretch is None:
            bar = self._schedule.no_stretch_bar(place, booking.start, work.now)
            raise self._refused(work, place, booking.start, booking.people, bar)
        if booking.walk_in and place in self._schedule.window_places:
            barred: Reason | None = Reason("already-begun")  # whoever comes now takes a number
        elif booking.walk_in:
            barred = self._schedule.walk_in_bar(stretch, work.now)
        else:
            barred = self._schedule.booking_bar(place, stretch, work.now)
        if barred is not None:
            raise self._refused(work, place, booking.start, booking.people, barred)
        return stretch

    def _claim(self, work: Work, place: Place, stretch: Stretch, wanted: int, people: int, but: str = "") -> None:
        room = place.capacity
        if place.id in self._schedule.strays:
            room -= strays.over(work.tx, self._schedule, place, stretch, but)
        if wanted > room or not places.claim(work.tx, place.id, ms(stretch.start), wanted, room):
            start = stretch.start
            raise self._refused(work, place, start, people, Reason("full", {"facility": place.name, "start": start}))

    def _claim_day(self, work: Work, place: Place, day: str, mac: bytes) -> None:
        if not places.claim_day(work.tx, mac, place.id, day, place.rules.phone_day):
            reason = Reason("phone-day-limit", {"facility": place.name, "day": date.fromisoformat(day)})
            other = offers.another_day(work.tx, self._schedule, place, date.fromisoformat(day), work.now)
            raise declined("rule", reason, other)

    def _refused(self, work: Work, place: Place, wanted: datetime, people: int, reason: Reason) -> Declined:
        kind = "conflict" if reason.code in _WORLD else "rule"
        found = offers.instead(work.tx, self._schedule, place, wanted, people, work.now, reason)
        first = next((offer for offer in found if offer.facility == place.id and offer.start is not None), None)
        if reason.code == "lead" and first is not None and first.start is not None:
            reason = Reason("lead", {**reason.facts, "earliest": first.start})
        return declined(kind, reason, found)

    def _facts(self, held: Held) -> dict[str, object]:
        span = self._schedule.span(held)
        return {
            "facility": held.facility,
            "start": span.start.isoformat(),
            "end": span.end.isoformat(),
            "people": held.people,
            "places": held.places,
        }
