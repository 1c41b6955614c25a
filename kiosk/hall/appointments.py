"""Booking, changing, cancelling, checking in: what can be done with a place, each one command on the ledger.

The database holds every limit; what is read here first only makes the refusal kinder. Nothing here prints, waits or
knows who carries the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from kiosk.door import AppointmentState as State
from kiosk.door import Booking, Name, Reason
from kiosk.hall import codes, places, refs, register
from kiosk.hall.answers import Held, Seen, moment, ms
from kiosk.hall.commands import Commands, Work, declined
from kiosk.hall.offers import Offers
from kiosk.hall.schedule import Schedule, Stretch
from kiosk.ledger import Vault

UNDO_FOR = timedelta(minutes=10)


class Appointments:
    """The use cases of appointments; each method is a command's body and raises `Declined`."""

    def __init__(self, schedule: Schedule, vault: Vault, offers: Offers, new_code: Callable[[], str]) -> None:
        self._schedule = schedule
        self._vault = vault
        self._offers = offers
        self._new_code = new_code

    def book(self, work: Work, booking: Booking) -> Held:
        """Take a place, or on the spot a free one in a slot that has begun; then it is checked in at once."""
        facility = self._schedule.facility(booking.facility)
        if facility is None:
            raise declined("missing", Reason("unknown-facility"))
        if booking.people < 1:
            raise declined("rule", Reason("people-invalid"))
        if booking.people > facility.people:
            raise declined("rule", Reason("people-too-many", {"most": facility.people}))
        digits = self._schedule.digits(booking.phone)
        stretch = self._free(work, booking)
        held = Held(
            id=str(uuid5(NAMESPACE_OID, work.id)),
            code=None,
            facility=facility.id,
            begins=ms(stretch.start),
            ends=ms(stretch.end),
            day=stretch.start.date().isoformat(),
            people=booking.people,
            places=facility.places(booking.people),
            state=(State.CHECKED_IN if booking.walk_in else State.BOOKED).value,
            booked_at=work.at,
            changed_at=work.at,
        )
        self._claim(work, held, stretch)
        mac = None if digits is None else register.phone_mac(self._vault, digits)
        if mac is not None:
            self._claim_day(work, held, mac)
        held = register.add(work.tx, held, self._new_code)
        if digits is not None and mac is not None:
            register.add_phone(work.tx, self._vault, held.id, digits, mac)
        work.tell("appointment.booked", held.id, self._facts(work, held) | {"walk_in": booking.walk_in})
        if booking.walk_in:
            work.tell("appointment.checked-in", held.id, {"facility": held.facility})
        return held
