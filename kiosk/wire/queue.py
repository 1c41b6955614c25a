"""Services, numbers, windows and ratings as JSON and back."""

from __future__ import annotations

from datetime import datetime

from kiosk.door import Matter, QueueLine, QueueView, Rating, Service, Ticket, TicketOrder, TicketState, Wait, Window
from kiosk.sheets import a_text, integer, many, maybe, maybe_moment, maybe_text, moment, one_of, sheet, text, truth
from kiosk.wire.said import MOST_SENT, Json, Speaker, get_name, get_reason, put_name, put_reason, put_said_reason


def put_wait(wait: Wait | None) -> Json | None:
    """Write how long somebody will wait, in minutes."""
    return None if wait is None else {"low": wait.low, "high": wait.high}


def get_wait(raw: object, path: str = "") -> Wait:
    """Read how long somebody will wait."""
    of = sheet(raw, path)
    return Wait(integer(of, "low"), integer(of, "high"))


def put_service(service: Service, say: Speaker) -> Json:
    """Write a queue line: `name` for who reads it, `names` for who words it again; a matter both ways too."""
    return {
        "id": service.id,
        "name": say.name(service.name),
        "names": put_name(service.name),
        "also": list(service.also),
        "letter": service.letter,
        "matters": [
            {"name": say.name(matter.name), "names": put_name(matter.name), "also": list(matter.also)}
            for matter in service.matters
        ],
        "open": service.open,
        "reason": put_said_reason(service.reason, say),
        "windows": list(service.windows),
        "waiting": service.waiting,
        "wait": put_wait(service.wait),
        "past_closing": service.past_closing,
        "bookable": service.bookable,
    }


def get_service(raw: object, path: str = "") -> Service:
    """Read a queue line."""
    of = sheet(raw, path)
    return Service(
        text(of, "id"),
        get_name(of.members.get("names"), of.at("names")),
        text(of, "letter"),
        many(of, "matters", _get_matter),
        truth(of, "open"),
        integer(of, "waiting"),
        maybe(of, "wait", get_wait),
        truth(of, "past_closing"),
        truth(of, "bookable"),
        maybe(of, "reason", get_reason),
        many(of, "windows", a_text),
        many(of, "also", a_text),
    )


def _get_matter(raw: object, path: str) -> Matter:
    of = sheet(raw, path)
    return Matter(get_name(of.members.get("names"), of.at("names")), many(of, "also", a_text))


TICKET_ORDER = frozenset({"service", "matter", "phone", "priority"})


def put_ticket_order(order: TicketOrder) -> Json:
    """Write an order for a number."""
    return {"service": order.service, "matter": order.matter, "phone": order.phone, "priority": order.priority}


def get_ticket_order(raw: object) -> TicketOrder:
    """Read an order for a number; members of other names are errors."""
    of = sheet(raw, only=TICKET_ORDER)
    return TicketOrder(
        text(of, "service", 60),
        maybe_text(of, "matter", 120),
        maybe_text(of, "phone", 40),
        truth(of, "priority", unset=False),
    )


def put_ticket(ticket: Ticket) -> Json:
    """Write a number. `why` stands with its facts only: what words it knows the reader."""
    return {
        "id": ticket.id,
        "number": ticket.number,
        "service": ticket.service,
        "service_name": put_name(ticket.service_name),
        "state": ticket.state.value,
        "ahead": ticket.ahead,
        "wait": put_wait(ticket.wait),
        "past_closing": ticket.past_closing,
        "taken_at": ticket.taken_at.isoformat(),
        "qr": ticket.qr,
        "window": ticket.window,
        "why": None if ticket.why is None else put_reason(ticket.why),
        "priority": ticket.priority,
        "appointment": _iso(ticket.appointment),
        "same": ticket.same,
        "matter": ticket.matter,
        "called_at": _iso(ticket.called_at),
        "recalls": ticket.recalls,
        "rating_bar": None if ticket.rating_bar is None else put_reason(ticket.rating_bar),
    }


def get_ticket(raw: object, path: str = "") -> Ticket:
    """Read a number."""
    of = sheet(raw, path)
    return Ticket(
        text(of, "id"),
        text(of, "number"),
        text(of, "service"),
        get_name(of.members.get("service_name"), of.at("service_name")),
        one_of(of, "state", TicketState),
        integer(of, "ahead"),
        maybe(of, "wait", get_wait),
        truth(of, "past_closing"),
        moment(of, "taken_at"),
        text(of, "qr"),
        maybe_text(of, "window"),
        maybe(of, "why", get_reason),
        truth(of, "priority", unset=False),
        maybe_moment(of, "appointment"),
        truth(of, "same", unset=False),
        maybe_text(of, "matter"),
        maybe_moment(of, "called_at"),
        integer(of, "recalls"),
        maybe(of, "rating_bar", get_reason),
    )


def put_window(window: Window, say: Speaker) -> Json:
    """Write a window; `serving` with why it was called, in words."""
    return {
        "id": window.id,
        "name": say.name(window.name),
        "state": window.state.value,
        "services": list(window.services),
        "clerk": window.clerk,
        "reason": window.reason,
        "back_at": _iso(window.back_at),
        "serving": None if window.serving is None else put_said_ticket(window.serving, say),
        "served_today": window.served_today,
        "recalls": window.recalls,
    }


def put_said_ticket(ticket: Ticket, say: Speaker) -> Json:
    """Write a number with its `why` in words."""
    return put_ticket(ticket) | {"why": put_said_reason(ticket.why, say)}


def put_queue_view(view: QueueView, say: Speaker) -> Json:
    """Write a clerk's page."""
    return {
        "window": put_window(view.window, say),
        "next": None if view.next is None else put_said_ticket(view.next, say),
        "waiting": [_put_line(line, say) for line in view.waiting],
        "held": [_put_line(line, say) for line in view.held],
        "parked": [_put_line(line, say) for line in view.parked],
        "counts": dict(view.counts),
    }


def _put_line(line: QueueLine, say: Speaker) -> Json:
    return {"ticket": put_said_ticket(line.ticket, say), "minutes": line.minutes}


RATING = frozenset({"subject", "level", "reasons", "text"})


def put_rating(rating: Rating) -> Json:
    """Write a rating."""
    return {
        "subject": rating.subject, "level": rating.level, "reasons": list(rating.reasons), "text": rating.text,
    }  # fmt: skip


def get_rating(raw: object) -> Rating:
    """Read a rating; members of other names are errors."""
    of = sheet(raw, only=RATING)
    reasons = many(of, "reasons", a_text) if of.members.get("reasons") is not None else ()
    return Rating(text(of, "subject", 128), integer(of, "level"), reasons, maybe_text(of, "text", MOST_SENT))


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
