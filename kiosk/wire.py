"""Every value of the door as JSON and back, in one place, for both ends of the wire.

`put_*` turns a value into plain dicts, `get_*` turns what came over the wire into a value or raises `WireError` naming
the member, what was found and what would be right; nothing that came from outside is believed without a look. Never
decides anything, never knows HTTP's routes, imports nothing but the standard library and the door.

Facts are tagged so that either end can word them in either language: a moment is `{"at": iso}`, a day `{"day": iso}`,
a time of day `{"time": iso}`, a stretch `{"minutes": n}` (or `{"seconds": x}` when it is no whole number of minutes), a
name `{"zh": …, "en": …}`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Protocol

from kiosk.door import (
    Appointment,
    AppointmentState,
    BookableDay,
    Booking,
    Day,
    DeviceReport,
    DeviceState,
    Facility,
    Fact,
    Found,
    HallFacts,
    KioskReport,
    Name,
    Offer,
    Order,
    Period,
    Reason,
    Refusal,
    SlipReport,
    SlipState,
    Slot,
)
from kiosk.sheets import (
    Sheet,
    WireError,
    a_day,
    a_text,
    integer,
    many,
    maybe,
    maybe_moment,
    maybe_text,
    moment,
    one_of,
    seconds,
    sheet,
    text,
    time_of_day,
    truth,
)

Json = dict[str, object]


class Speaker(Protocol):
    """What turns reasons and names into the reader's language: `kiosk.words.Words` is one."""

    def reason(self, reason: Reason, /) -> str: ...

    def name(self, name: Name, /) -> str: ...


# ---- names, reasons, refusals --------------------------------------------------------------------------------------


def put_name(name: Name) -> Json:
    """Write a name in both languages."""
    return {"zh": name.zh, "en": name.en}


def get_name(raw: object, path: str = "") -> Name:
    """Read a name in both languages."""
    of = sheet(raw, path)
    return Name(text(of, "zh"), maybe_text(of, "en") or "")


def put_fact(fact: Fact) -> object:
    """Write one fact with its tag; plain texts and numbers stand for themselves."""
    if isinstance(fact, (str, int)):
        return fact
    if isinstance(fact, datetime):  # before date: every datetime is one
        return {"at": fact.isoformat()}
    if isinstance(fact, date):
        return {"day": fact.isoformat()}
    if isinstance(fact, time):
        return {"time": fact.isoformat()}
    if isinstance(fact, timedelta):
        minutes, rest = divmod(fact, timedelta(minutes=1))
        return {"seconds": fact.total_seconds()} if rest else {"minutes": minutes}
    return put_name(fact)


def get_fact(raw: object, path: str = "") -> Fact:
    """Read one fact by its tag."""
    if isinstance(raw, bool) or raw is None:
        raise WireError(path, raw, "a fact")
    if isinstance(raw, int):
        return integer(Sheet({"": raw}, path), "")
    if isinstance(raw, str):
        return a_text(raw, path)
    of = sheet(raw, path)
    if "at" in of.members:
        return moment(of, "at")
    if "day" in of.members:
        return a_day(of.members["day"], of.at("day"))
    if "time" in of.members:
        return time_of_day(of, "time")
    if "minutes" in of.members:
        return timedelta(minutes=integer(of, "minutes"))
    if "seconds" in of.members:
        return seconds(of)
    return get_name(raw, path)


def put_reason(reason: Reason) -> Json:
    """Write a reason for machines: code and facts."""
    return {"code": reason.code, "facts": {name: put_fact(fact) for name, fact in reason.facts.items()}}


def put_said_reason(reason: Reason | None, say: Speaker) -> Json | None:
    """Write a reason for both: code, sentence, facts."""
    if reason is None:
        return None
    return {"code": reason.code, "text": say.reason(reason), "facts": put_reason(reason)["facts"]}


def get_reason(raw: object, path: str = "") -> Reason:
    """Read a reason; a sentence that stands with it is not needed here."""
    of = sheet(raw, path)
    facts = sheet(of.members.get("facts", {}), of.at("facts"))
    if len(facts.members) > 50:
        raise WireError(facts.path, facts.members, "at most 50 facts")
    return Reason(text(of, "code", 60), {name: get_fact(fact, facts.at(name)) for name, fact in facts.members.items()})


STATUS = {"missing": 404, "conflict": 409, "rule": 422, "forbidden": 403, "busy": 429, "broken": 503}
KINDS = {status: kind for kind, status in STATUS.items()}


def put_offer(offer: Offer, say: Speaker) -> Json:
    """Write a way on: `say` for people, `reason` for who words it again; the rest only where it is set."""
    out: Json = {"say": say.reason(offer.reason), "reason": put_reason(offer.reason)}
    if offer.facility is not None:
        out["facility"] = offer.facility
    if offer.start is not None:
        out["start"] = offer.start.isoformat()
    if offer.service is not None:
        out["service"] = offer.service
    return out


def get_offer(raw: object, path: str = "") -> Offer:
    """Read a way on."""
    of = sheet(raw, path)
    return Offer(
        get_reason(of.members.get("reason"), of.at("reason")),
        maybe_text(of, "facility"),
        maybe_moment(of, "start"),
        maybe_text(of, "service"),
    )


def put_problem(refusal: Refusal, say: Speaker, title: str, status: int | None = None) -> Json:
    """Write a refusal as an RFC 9457 problem with the members `code`, `reason`, `next` (and `retry_after`, seconds).

    `status` is for the two problems that are no refusal of the hall (400, 413 and their like).
    """
    out: Json = {
        "type": f"urn:hall-kiosk:problem:{refusal.reason.code}",
        "title": title,
        "status": STATUS[refusal.kind] if status is None else status,
        "detail": say.reason(refusal.reason),
        "code": refusal.reason.code,
        "reason": put_reason(refusal.reason),
        "next": [put_offer(offer, say) for offer in refusal.next],
    }
    if refusal.retry_after is not None:
        out["retry_after"] = refusal.retry_after.total_seconds()
    return out


def get_problem(raw: object) -> Refusal:
    """Read a problem back into the refusal it tells of. One of no known kind is read as "rule"."""
    of = sheet(raw)
    after = maybe(of, "retry_after", lambda found, path: seconds(Sheet({"seconds": found}, path)))
    return Refusal(
        KINDS.get(integer(of, "status"), "rule"),
        get_reason(of.members.get("reason"), "reason"),
        many(of, "next", get_offer),
        after,
    )


# ---- the calendar, facilities, slots -------------------------------------------------------------------------------


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


# ---- appointments --------------------------------------------------------------------------------------------------

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
        out["ticket"] = held.ticket
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
        maybe_text(of, "ticket"),
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
    )


def get_appointment_or_found(raw: object) -> Appointment | Found:
    """Read the answer to a check-in: by code the whole appointment, by ref only what the telephone may see."""
    return get_found(raw) if "ref" in sheet(raw).members else get_appointment(raw)


def put_outcome(outcome: Appointment | Refusal | None, problem: Callable[[Refusal], Json]) -> Json:
    """Write what became of a command: `{"outcome": null | {"appointment": …} | {"refusal": …}}`."""
    if outcome is None:
        return {"outcome": None}
    if isinstance(outcome, Refusal):
        return {"outcome": {"refusal": problem(outcome)}}
    return {"outcome": {"appointment": put_appointment(outcome)}}


def get_outcome(raw: object) -> Appointment | Refusal | None:
    """Read what became of a command."""
    of = sheet(raw)
    if "outcome" not in of.members:
        raise WireError("outcome", None, "an outcome or null")
    if of.members["outcome"] is None:
        return None
    inner = sheet(of.members["outcome"], "outcome")
    if "refusal" in inner.members:
        return get_problem(inner.members["refusal"])
    return get_appointment(inner.members.get("appointment"), "outcome.appointment")


# ---- the hall and its kiosks ---------------------------------------------------------------------------------------


def put_hall(facts: HallFacts, say: Speaker) -> Json:
    """Write what the waiting page shows."""
    return {
        "name": say.name(facts.name),
        "names": put_name(facts.name),
        "address": put_name(facts.address),
        "now": facts.now.isoformat(),
        "today": put_day(facts.today, say),
        "opens": None if facts.opens is None else facts.opens.isoformat(),
        "closes": None if facts.closes is None else facts.closes.isoformat(),
        "facilities": [put_facility(facility, say) for facility in facts.facilities],
        "clock_doubt": put_said_reason(facts.clock_doubt, say),
    }


def get_hall(raw: object) -> HallFacts:
    """Read what the waiting page shows."""
    of = sheet(raw)
    return HallFacts(
        get_name(of.members.get("names"), "names"),
        get_name(of.members.get("address"), "address"),
        moment(of, "now"),
        get_day(of.members.get("today"), "today"),
        maybe_moment(of, "opens"),
        maybe_moment(of, "closes"),
        many(of, "facilities", get_facility),
        maybe(of, "clock_doubt", get_reason),
    )


def put_device(device: DeviceReport) -> Json:
    """Write one device's state."""
    return {
        "name": device.name,
        "kind": device.kind,
        "state": device.state.value,
        "reason": None if device.reason is None else put_reason(device.reason),
        "since": device.since.isoformat(),
    }


def get_device(raw: object, path: str = "") -> DeviceReport:
    """Read one device's state."""
    of = sheet(raw, path)
    return DeviceReport(
        text(of, "name", 60),
        text(of, "kind", 60),
        one_of(of, "state", DeviceState),
        maybe(of, "reason", get_reason),
        moment(of, "since"),
    )


def put_slip(slip: SlipReport) -> Json:
    """Write the end of one print job."""
    return {
        "job": slip.job,
        "subject": slip.subject,
        "kind": slip.kind,
        "state": slip.state.value,
        "reason": None if slip.reason is None else put_reason(slip.reason),
        "at": slip.at.isoformat(),
    }


def get_slip(raw: object, path: str = "") -> SlipReport:
    """Read the end of one print job."""
    of = sheet(raw, path)
    return SlipReport(
        text(of, "job", 128),
        text(of, "subject", 128),
        text(of, "kind", 60),
        one_of(of, "state", SlipState),
        maybe(of, "reason", get_reason),
        moment(of, "at"),
    )


REPORT = frozenset({"now", "devices", "slips", "help_wanted", "done"})


def put_report(report: KioskReport, done: tuple[str, ...]) -> Json:
    """Write what a kiosk says about itself, with the orders it has done."""
    return {
        "now": report.now.isoformat(),
        "devices": [put_device(device) for device in report.devices],
        "slips": [put_slip(slip) for slip in report.slips],
        "help_wanted": report.help_wanted,
        "done": list(done),
    }


def get_report(raw: object) -> tuple[KioskReport, tuple[str, ...]]:
    """Read what a kiosk says about itself, with the orders it has done."""
    of = sheet(raw, only=REPORT)
    done = many(of, "done", a_text) if of.members.get("done") is not None else ()
    return KioskReport(
        moment(of, "now"), many(of, "devices", get_device), many(of, "slips", get_slip), maybe_text(of, "help_wanted")
    ), done


def put_order(order: Order) -> Json:
    """Write an order to a kiosk."""
    return {
        "id": order.id,
        "kind": order.kind,
        "appointment": None if order.appointment is None else put_appointment(order.appointment),
        "help": order.help,
    }


def get_order(raw: object, path: str = "") -> Order:
    """Read an order to a kiosk."""
    of = sheet(raw, path)
    return Order(text(of, "id"), text(of, "kind"), maybe(of, "appointment", get_appointment), maybe_text(of, "help"))
