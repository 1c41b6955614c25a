"""The calendar, facilities, slots and appointments as JSON and back."""

from __future__ import annotations

from kiosk.door import Appointment, AppointmentState, BookableDay, Booking, Day, Facility, Found, Period, Slot
from kiosk.sheets import (
    a_day,
    a_text,
    integer,
    many,
    maybe,
    maybe_moment,
    maybe_text,
    moment,
    one_of,
    sheet,
    text,
    truth,
)
from kiosk.wire.queue import get_ticket, put_ticket
from kiosk.wire.said import Json, Speaker, get_name, get_reason, put_name, put_said_reason


def put_period(period: Period) -> Json:
    """Write opening hours."""
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def get_period(raw: object, path: str = "") -> Period:
    """Read opening hours."""
    of = sheet(raw, path)
    return Period(moment(of, "start"), moment(of, "end"))


def put_day(day: Day, say: Speaker) -> Json:
    """Write one day of the hall's calendar."""
    return {
        "day": day.day.isoformat(),
        "periods": [put_period(period) for period in day.periods],
        "closed": put_said_reason(day.closed, say),
        "provisional": day.provisional,
    }


def get_day(raw: object, path: str = "") -> Day:
    """Read one day of the hall's calendar."""
    of = sheet(raw, path)
    return Day(
        a_day(of.members.get("day"), of.at("day")),
        many(of, "periods", get_period),
        maybe(of, "closed", get_reason),
        truth(of, "provisional", unset=False),
    )


def put_facility(facility: Facility, say: Speaker) -> Json:
    """Write a facility: `name` for who reads it, `names` and its like for who words it again."""
    return {
        "id": facility.id,
        "name": say.name(facility.name),
        "names": put_name(facility.name),
        "place": put_name(facility.place),
        "bring": put_name(facility.bring),
        "icon": facility.icon,
        "capacity": facility.capacity,
        "unit": facility.unit,
        "slot_minutes": facility.slot_minutes,
        "lead": dict(facility.lead),
        "people": facility.people,
        "earliest": None if facility.earliest is None else facility.earliest.isoformat(),
        "earliest_free": facility.earliest_free,
        "free_now": facility.free_now,
    }


def get_facility(raw: object, path: str = "") -> Facility:
    """Read a facility."""
    of = sheet(raw, path)
    lead = sheet(of.members.get("lead"), of.at("lead"))
    return Facility(
        text(of, "id"),
        get_name(of.members.get("names"), of.at("names")),
        get_name(of.members.get("place"), of.at("place")),
        get_name(of.members.get("bring"), of.at("bring")),
        text(of, "icon"),
        integer(of, "capacity"),
        text(of, "unit"),
        None if of.members.get("slot_minutes") is None else integer(of, "slot_minutes"),
        {name: integer(lead, name) for name in lead.members},
        integer(of, "people"),
        maybe_moment(of, "earliest"),
        None if of.members.get("earliest_free") is None else integer(of, "earliest_free"),
        0 if of.members.get("free_now") is None else integer(of, "free_now"),
    )


def put_slot(slot: Slot, say: Speaker) -> Json:
    """Write one slot."""
    return {
        "facility": slot.facility,
        "start": slot.start.isoformat(),
        "end": slot.end.isoformat(),
        "capacity": slot.capacity,
        "free": slot.free,
        "bookable": slot.bookable,
        "walk_in": slot.walk_in,
        "reason": put_said_reason(slot.reason, say),
        "provisional": slot.provisional,
    }


def get_slot(raw: object, path: str = "") -> Slot:
    """Read one slot."""
    of = sheet(raw, path)
    return Slot(
        text(of, "facility"),
        moment(of, "start"),
        moment(of, "end"),
        integer(of, "capacity"),
        integer(of, "free"),
        truth(of, "bookable"),
        truth(of, "walk_in"),
        maybe(of, "reason", get_reason),
        truth(of, "provisional", unset=False),
    )


def put_bookable_day(day: BookableDay, say: Speaker) -> Json:
    """Write one day of a facility's horizon."""
    return {
        "day": day.day.isoformat(),
        "free": day.free,
        "reason": put_said_reason(day.reason, say),
        "provisional": day.provisional,
    }


def get_bookable_day(raw: object, path: str = "") -> BookableDay:
    """Read one day of a facility's horizon."""
    of = sheet(raw, path)
    return BookableDay(
        a_day(of.members.get("day"), of.at("day")),
        integer(of, "free"),
        maybe(of, "reason", get_reason),
        truth(of, "provisional", unset=False),
    )


BOOKING = frozenset({"facility", "start", "phone", "people", "walk_in"})


def put_booking(booking: Booking) -> Json:
    """Write an order for a place."""
    return {
        "facility": booking.facility,
        "start": booking.start.isoformat(),
        "phone": booking.phone,
        "people": booking.people,
        "walk_in": booking.walk_in,
    }


def get_booking(raw: object) -> Booking:
    """Read an order for a place; members of other names are errors."""
    of = sheet(raw, only=BOOKING)
    return Booking(
        text(of, "facility", 60),
        moment(of, "start"),
        maybe_text(of, "phone", 40),
        1 if of.members.get("people") is None else integer(of, "people"),
        truth(of, "walk_in", unset=False),
    )


def put_appointment(held: Appointment) -> Json:
    """Write a held place; `ticket` stands only where there is one."""
    out: Json = {
        "id": held.id,
        "code": held.code,
        "qr": held.qr,
        "facility": held.facility,
        "facility_name": put_name(held.facility_name),
        "place": put_name(held.place),
        "bring": put_name(held.bring),
        "start": held.start.isoformat(),
        "end": held.end.isoformat(),
        "people": held.people,
        "state": held.state.value,
        "phone_tail": held.phone_tail,
        "undo_until": held.undo_until.isoformat(),
        "check_in_from": held.check_in_from.isoformat(),
        "check_in_until": held.check_in_until.isoformat(),
        "may": list(held.may),
    }
    if held.ticket is not None:
        out["ticket"] = put_ticket(held.ticket)
    return out


def get_appointment(raw: object, path: str = "") -> Appointment:
    """Read a held place."""
    of = sheet(raw, path)
    return Appointment(
        text(of, "id"),
        text(of, "code"),
        text(of, "qr"),
        text(of, "facility"),
        get_name(of.members.get("facility_name"), of.at("facility_name")),
        get_name(of.members.get("place"), of.at("place")),
        get_name(of.members.get("bring"), of.at("bring")),
        moment(of, "start"),
        moment(of, "end"),
        integer(of, "people"),
        one_of(of, "state", AppointmentState),
        maybe_text(of, "phone_tail"),
        moment(of, "undo_until"),
        moment(of, "check_in_from"),
        moment(of, "check_in_until"),
        many(of, "may", a_text),
        maybe(of, "ticket", get_ticket),
    )


def put_found(found: Found) -> Json:
    """Write what a telephone number finds."""
    return {
        "ref": found.ref,
        "facility": found.facility,
        "facility_name": put_name(found.facility_name),
        "start": found.start.isoformat(),
        "end": found.end.isoformat(),
        "state": found.state.value,
        "may": list(found.may),
        "ticket": None if found.ticket is None else put_ticket(found.ticket),
    }


def get_found(raw: object, path: str = "") -> Found:
    """Read what a telephone number finds."""
    of = sheet(raw, path)
    return Found(
        text(of, "ref"),
        text(of, "facility"),
        get_name(of.members.get("facility_name"), of.at("facility_name")),
        moment(of, "start"),
        moment(of, "end"),
        one_of(of, "state", AppointmentState),
        many(of, "may", a_text),
        maybe(of, "ticket", get_ticket),
    )


def get_appointment_or_found(raw: object) -> Appointment | Found:
    """Read the answer to a check-in: by code the whole appointment, by ref only what the telephone may see."""
    return get_found(raw) if "ref" in sheet(raw).members else get_appointment(raw)
