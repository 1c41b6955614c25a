"""The hall, its kiosks' reports and orders, and what became of a command, as JSON and back."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.door import (
    Appointment,
    DeviceReport,
    DeviceState,
    HallFacts,
    KioskReport,
    Order,
    Refusal,
    Request,
    SlipReport,
    SlipState,
    Ticket,
)
from kiosk.sheets import WireError, a_text, many, maybe, maybe_moment, maybe_text, moment, one_of, sheet, text
from kiosk.wire.places import get_appointment, get_day, get_facility, put_appointment, put_day, put_facility
from kiosk.wire.queue import get_ticket, put_ticket
from kiosk.wire.requests import get_request, put_request
from kiosk.wire.said import Json, Speaker, get_name, get_problem, get_reason, put_name, put_reason, put_said_reason


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
        "ticket": None if order.ticket is None else put_ticket(order.ticket),
        "request": None if order.request is None else put_request(order.request),
    }


def get_order(raw: object, path: str = "") -> Order:
    """Read an order to a kiosk."""
    of = sheet(raw, path)
    return Order(
        text(of, "id"),
        text(of, "kind"),
        maybe(of, "appointment", get_appointment),
        maybe_text(of, "help"),
        maybe(of, "ticket", get_ticket),
        maybe(of, "request", get_request),
    )


def put_outcome(
    outcome: Appointment | Ticket | Request | Refusal | None, problem: Callable[[Refusal], Json]
) -> Json:
    """Write what became of a command: `{"outcome": null | {"appointment": …} | {"ticket": …} | {"request": …} |
    {"refusal": …}}`."""
    if outcome is None:
        return {"outcome": None}
    if isinstance(outcome, Refusal):
        return {"outcome": {"refusal": problem(outcome)}}
    if isinstance(outcome, Ticket):
        return {"outcome": {"ticket": put_ticket(outcome)}}
    if isinstance(outcome, Request):
        return {"outcome": {"request": put_request(outcome)}}
    return {"outcome": {"appointment": put_appointment(outcome)}}


def get_outcome(raw: object) -> Appointment | Ticket | Request | Refusal | None:
    """Read what became of a command."""
    of = sheet(raw)
    if "outcome" not in of.members:
        raise WireError("outcome", None, "an outcome or null")
    if of.members["outcome"] is None:
        return None
    inner = sheet(of.members["outcome"], "outcome")
    if "refusal" in inner.members:
        return get_problem(inner.members["refusal"])
    if "ticket" in inner.members:
        return get_ticket(inner.members["ticket"], "outcome.ticket")
    if "request" in inner.members:
        return get_request(inner.members["request"], "outcome.request")
    return get_appointment(inner.members.get("appointment"), "outcome.appointment")
