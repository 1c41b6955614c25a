"""The queue in the API: services, numbers and ratings for residents, windows for clerks. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from kiosk import wire
from kiosk.door import Refusal, Role, Ticket, Window
from kiosk.sheets import Sheet, a_text, many, maybe_moment, maybe_text, sheet, text, truth
from kiosk.web.api import Call, Route
from kiosk.web.problems import Answer

RESIDENTS = frozenset(Role)
CLERKS = frozenset({Role.CLERK, Role.MANAGER})
NOTHING: frozenset[str] = frozenset()
SERVING = frozenset({"serving"})
_LONG = 64


async def services(call: Call) -> Answer:
    found = await call.door.services()
    return Answer(200, {"services": [wire.put_service(service, call.voice) for service in found]})


async def bookable_services(call: Call) -> Answer:
    found = await call.door.bookable_services()
    return Answer(200, {"services": [wire.put_facility(service, call.voice) for service in found]})


async def take_ticket(call: Call) -> Answer | Refusal:
    given = await call.door.take_ticket(call.key, wire.get_ticket_order(call.body))
    if isinstance(given, Refusal):
        return given
    return Answer(200 if given.same else 201, wire.put_ticket(given))


async def ticket(call: Call) -> Answer | Refusal:
    found = await call.door.ticket(call.places["id"])
    return found if isinstance(found, Refusal) else Answer(200, wire.put_said_ticket(found, call.voice))


async def reprint(call: Call) -> Answer | Refusal:
    sheet(call.body, only=NOTHING)
    found = await call.door.reprint_ticket(call.key, call.places["id"])
    return found if isinstance(found, Refusal) else Answer(200, wire.put_said_ticket(found, call.voice))


async def rate(call: Call) -> Answer | Refusal:
    refusal = await call.door.rate(call.key, wire.get_rating(call.body))
    return refusal if refusal is not None else Answer(204)


# ---- windows ---------------------------------------------------------------------------------------------------------


async def windows(call: Call) -> Answer | Refusal:
    found = await call.counter.windows()
    if isinstance(found, Refusal):
        return found
    return Answer(200, {"windows": [wire.put_window(window, call.voice) for window in found]})


async def view(call: Call) -> Answer | Refusal:
    found = await call.counter.view(call.places["id"])
    return found if isinstance(found, Refusal) else Answer(200, wire.put_queue_view(found, call.voice))


async def open_window(call: Call) -> Answer | Refusal:
    of = sheet(call.body, only=frozenset({"services"}))
    wanted = () if of.members.get("services") is None else many(of, "services", a_text, 50)
    return _window(call, await call.counter.open_window(call.key, call.places["id"], wanted))


async def close_window(call: Call) -> Answer | Refusal:
    sheet(call.body, only=NOTHING)
    return _window(call, await call.counter.close_window(call.key, call.places["id"]))


async def call_next(call: Call) -> Answer | Refusal:
    found = await call.counter.call_next(call.key, call.places["id"], _serving(sheet(call.body, only=SERVING)))
    return Answer(204) if found is None else _ticket(call, found)


async def call_ticket(call: Call) -> Answer | Refusal:
    of = sheet(call.body, only=frozenset({"ticket", *SERVING}))
    called = await call.counter.call(call.key, call.places["id"], text(of, "ticket", _LONG), _serving(of))
    return _ticket(call, called)


async def resume_held(call: Call) -> Answer | Refusal:
    ticket = text(sheet(call.body, only=frozenset({"ticket"})), "ticket", _LONG)
    return _ticket(call, await call.counter.resume_held(call.key, call.places["id"], ticket))


async def transfer(call: Call) -> Answer | Refusal:
    of = sheet(call.body, only=frozenset({"service", "window", "come_back", *SERVING}))
    sent = await call.counter.transfer(
        call.key, call.places["id"], service=maybe_text(of, "service", 60), to=maybe_text(of, "window", 60),
        come_back=truth(of, "come_back", unset=False), serving=_serving(of),
    )  # fmt: skip
    return _ticket(call, sent)


async def pause(call: Call) -> Answer | Refusal:
    of = sheet(call.body, only=frozenset({"reason", "back_at"}))
    reason = maybe_text(of, "reason", 120) or ""
    paused = await call.counter.pause(call.key, call.places["id"], reason, maybe_moment(of, "back_at"))
    return _window(call, paused)


async def resume(call: Call) -> Answer | Refusal:
    sheet(call.body, only=NOTHING)
    return _window(call, await call.counter.resume(call.key, call.places["id"]))


def _served(verb: str) -> Callable[[Call], Awaitable[Answer | Refusal]]:
    """What is done with whom the window serves: `finish`, `recall` and their like."""

    async def does(call: Call) -> Answer | Refusal:
        serving = _serving(sheet(call.body, only=SERVING))
        done: Callable[[str, str, str | None], Awaitable[Ticket | Refusal]] = getattr(call.counter, verb)
        return _ticket(call, await done(call.key, call.places["id"], serving))

    return does


def _serving(of: Sheet) -> str | None:
    """Not said at all: not checked. null or "": the caller believes that nobody is being served."""
    return (maybe_text(of, "serving", _LONG) or "") if "serving" in of.members else None


def _ticket(call: Call, found: Ticket | Refusal) -> Answer | Refusal:
    return found if isinstance(found, Refusal) else Answer(200, {"ticket": wire.put_said_ticket(found, call.voice)})


def _window(call: Call, found: Window | Refusal) -> Answer | Refusal:
    return found if isinstance(found, Refusal) else Answer(200, {"window": wire.put_window(found, call.voice)})


_NO = {403: "Problem", 404: "Problem", 409: "Problem", 422: "Problem"}
_TICKET = {200: "TicketOfWindow", **_NO}
_WINDOW = {200: "WindowAlone", **_NO}


def _at_window(
    verb: str, does: Callable[[Call], Awaitable[Answer | Refusal]], says: str, answers: dict[int, str], takes: str
) -> Route:
    return Route("POST", f"/windows/{{id}}/{verb}", does, CLERKS, says, answers, takes=takes)


QUEUE_ROUTES = (
    Route("GET", "/services", services, RESIDENTS, "The queue lines: who waits, and how long", {200: "Services"}),
    Route(
        "GET", "/services/bookable", bookable_services, RESIDENTS,
        "Services with appointments at the window; their days and slots are asked as a facility's",
        {200: "BookableServices"},
    ),
    Route(
        "POST", "/tickets", take_ticket, RESIDENTS,
        "Take a number; 200 with the same number for a telephone that still waits in this line",
        {200: "Ticket", 201: "Ticket", 404: "Problem", 409: "Problem", 422: "Problem"}, takes="TicketOrder",
    ),
    Route(
        "GET", "/tickets/{id}", ticket, RESIDENTS, "Look a number up by its id or its QR code's text",
        {200: "Ticket", 404: "Problem", 422: "Problem"},
    ),
    Route(
        "POST", "/tickets/{id}/reprint", reprint, RESIDENTS, "Ask for its slip once more",
        {200: "Ticket", 404: "Problem", 409: "Problem", 422: "Problem"}, takes="Nothing",
    ),
    Route(
        "POST", "/ratings", rate, RESIDENTS, "Rate a finished service; `subject` is a number's id or QR text",
        {204: "", 404: "Problem", 409: "Problem", 422: "Problem"}, takes="Rating",
    ),
    Route("GET", "/windows", windows, CLERKS, "All windows", {200: "Windows", 403: "Problem"}),
    Route(
        "GET", "/windows/{id}", view, CLERKS, "One window's page: whom it serves, who is next and why, who waits",
        {200: "QueueView", 403: "Problem", 404: "Problem"},
    ),
    _at_window("open", open_window, "Open it for these services (none: hall.toml's)", _WINDOW, "OpenWindow"),
    _at_window("close", close_window, "Close it; whom it serves is done", _WINDOW, "Nothing"),
    _at_window(
        "call-next", call_next,
        "Finish whom it serves and call the next; 409 when `serving` is not whom it serves; 204 when nobody waits",
        {204: "", **_TICKET}, "Serving",
    ),
    _at_window("call", call_ticket, "Call a certain number; `serving` as above", _TICKET, "CallTicket"),
    _at_window("recall", _served("recall"), "Call again; parked after three", _TICKET, "Serving"),
    _at_window("no-show", _served("no_show"), "Nobody came", _TICKET, "Serving"),
    _at_window("hold", _served("hold"), "Set aside whom it serves", _TICKET, "Serving"),
    _at_window("return", resume_held, "A held or parked one waits again", _TICKET, "Named"),
    _at_window("transfer", transfer, "Send on to a service or a window", _TICKET, "Transfer"),
    _at_window("finish", _served("finish"), "Whom it serves is done", _TICKET, "Serving"),
    _at_window("pause", pause, "Pause, with a reason the public reads", _WINDOW, "Pause"),
    _at_window("resume", resume, "End the pause", _WINDOW, "Nothing"),
)  # fmt: skip
