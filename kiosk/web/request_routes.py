"""Requests in the API: file, follow and answer for residents; take over, hand over and answer for clerks. Nothing is
decided here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import get_args

from kiosk import wire
from kiosk.door import Grid, HelpKind, Refusal, RequestCase, RequestOrder, Role, View
from kiosk.sheets import Sheet, WireError, integer, maybe_text, one_of, sheet, text, truth
from kiosk.web.api import Call, Route
from kiosk.web.problems import Answer
from kiosk.wire import MOST_SENT

RESIDENTS = frozenset(Role)
CLERKS = frozenset({Role.CLERK, Role.MANAGER})
MANAGERS = frozenset({Role.MANAGER})
NOTHING: frozenset[str] = frozenset()
VIEWS: tuple[View, ...] = get_args(View)


async def categories(call: Call) -> Answer:
    found = await call.door.categories()
    return Answer(200, {"categories": [wire.put_category(one, call.voice) for one in found]})


async def grids(call: Call) -> Answer:
    return Answer(200, {"grids": [wire.put_grid(one, call.voice) for one in await call.door.grids()]})


async def file_request(call: Call) -> Answer | Refusal:
    order, location = wire.get_request_order(call.body)
    if location is not None:
        order = located(order, location, await call.door.grids())
    filed = await call.door.file_request(call.key, order)
    return filed if isinstance(filed, Refusal) else Answer(201, wire.put_said_request(filed, call.voice))


async def request(call: Call) -> Answer | Refusal:
    found = await call.door.request(call.places["code"])
    return found if isinstance(found, Refusal) else Answer(200, wire.put_said_request(found, call.voice))


async def answer_request(call: Call) -> Answer | Refusal:
    of = sheet(call.body, only=frozenset({"solved", "why"}))
    said = await call.door.answer_request(
        call.key, call.places["code"], solved=truth(of, "solved"), why=maybe_text(of, "why", MOST_SENT)
    )
    return said if isinstance(said, Refusal) else Answer(200, wire.put_said_request(said, call.voice))


async def ask_help(call: Call) -> Answer | Refusal:
    kind = one_of(sheet(call.body, only=frozenset({"kind"})), "kind", HelpKind)
    asked = await call.door.ask_help(call.key, call.places["code"], kind)
    return asked if isinstance(asked, Refusal) else Answer(200, wire.put_said_request(asked, call.voice))


async def reprint(call: Call) -> Answer | Refusal:
    sheet(call.body, only=NOTHING)
    again = await call.door.reprint_request(call.key, call.places["code"])
    return again if isinstance(again, Refusal) else Answer(200, wire.put_said_request(again, call.voice))


def located(order: RequestOrder, location: str, grids: Sequence[Grid]) -> RequestOrder:
    """`location` in one member: what is a grid's id or a name people call it by is that grid, all else a place in the
    resident's own words. `grid` and `place`, where they are sent too, go before it."""
    wanted = location.strip()
    grid = next((one.id for one in grids if wanted in {one.id, one.name.zh, one.name.en, *one.also} - {""}), None)
    if grid is not None:
        return replace(order, grid=order.grid or grid)
    return replace(order, place=order.place or location)


# ---- clerks ----------------------------------------------------------------------------------------------------------


async def find(call: Call) -> Answer | Refusal:
    of = sheet(call.body, only=frozenset({"view", "search"}))
    view = next((one for one in VIEWS if one == (of.members.get("view") or "open")), None)
    if view is None:
        raise WireError("view", of.members.get("view"), "one of " + ", ".join(VIEWS))
    found = await call.counter.requests(view, maybe_text(of, "search", 100) or "")
    if isinstance(found, Refusal):
        return found
    return Answer(200, {"requests": [wire.put_case(case, call.voice) for case in found]})


async def case(call: Call) -> Answer | Refusal:
    return _case(call, await call.counter.request_by_id(call.places["id"]))


async def hand_over(call: Call) -> Answer | Refusal:
    of = sheet(call.body, only=frozenset({"to", "why"}))
    to, why = text(of, "to", 60), text(of, "why", MOST_SENT)
    return _case(call, await call.counter.hand_over(call.key, call.places["id"], to, why))


async def note_call_back(call: Call) -> Answer | Refusal:
    return _case(call, await call.counter.note_call_back(call.key, call.places["id"], _only(call, "text")))


async def settle_help(call: Call) -> Answer | Refusal:
    kind = one_of(sheet(call.body, only=frozenset({"kind"})), "kind", HelpKind)
    return _case(call, await call.counter.settle_help(call.key, call.places["id"], kind))


async def answer(call: Call) -> Answer | Refusal:
    return _case(call, await call.counter.answer(call.key, call.places["id"], _only(call, "text")))


async def extend(call: Call) -> Answer | Refusal:
    of = sheet(call.body, only=frozenset({"days", "why"}))
    days, why = integer(of, "days"), text(of, "why", MOST_SENT)
    return _case(call, await call.counter.extend(call.key, call.places["id"], days, why))


async def bring_home(call: Call) -> Answer | Refusal:
    return _case(call, await call.counter.bring_home(call.key, call.places["id"], _only(call, "why")))


async def strike_off(call: Call) -> Answer | Refusal:
    return _case(call, await call.counter.strike_off(call.key, call.places["id"], _only(call, "why")))


async def aside(call: Call) -> Answer | Refusal:
    found = await call.counter.changes_aside()
    if isinstance(found, Refusal):
        return found
    return Answer(200, {"changes": [wire.put_aside(change, call.voice) for change in found]})


async def settle_change(call: Call) -> Answer | Refusal:
    sheet(call.body, only=NOTHING)
    refusal = await call.counter.settle_change(call.key, call.places["id"])
    return refusal if refusal is not None else Answer(204)


def _plain(verb: str) -> Callable[[Call], Awaitable[Answer | Refusal]]:
    """What needs nothing said: `take_over`, `accept`, `doing`."""

    async def does(call: Call) -> Answer | Refusal:
        sheet(call.body, only=NOTHING)
        done: Callable[[str, str], Awaitable[RequestCase | Refusal]] = getattr(call.counter, verb)
        return _case(call, await done(call.key, call.places["id"]))

    return does


def _only(call: Call, key: str) -> str:
    of: Sheet = sheet(call.body, only=frozenset({key}))
    return text(of, key, MOST_SENT)


def _case(call: Call, found: RequestCase | Refusal) -> Answer | Refusal:
    return found if isinstance(found, Refusal) else Answer(200, wire.put_case(found, call.voice))


_NO = {403: "Problem", 404: "Problem", 409: "Problem", 422: "Problem"}
_BY_CODE = {200: "Request", 404: "Problem", 409: "Problem", 422: "Problem", 429: "Problem"}
_CASE = {200: "RequestCase", **_NO}


def _by_id(
    verb: str, does: Callable[[Call], Awaitable[Answer | Refusal]], says: str, takes: str = "Nothing",
    roles: frozenset[Role] = CLERKS,
) -> Route:  # fmt: skip
    return Route("POST", f"/requests/by-id/{{id}}/{verb}", does, roles, says, _CASE, takes=takes)


REQUEST_ROUTES = (
    Route("GET", "/categories", categories, RESIDENTS, "What a request may be about", {200: "Categories"}),
    Route("GET", "/grids", grids, RESIDENTS, "The places of the neighbourhood", {200: "Grids"}),
    Route(
        "POST", "/requests", file_request, RESIDENTS, "File a request",
        {201: "Request", 404: "Problem", 409: "Problem", 422: "Problem"}, takes="RequestOrder",
    ),
    Route("GET", "/requests/aside", aside, CLERKS, "What came from upstream and could not be applied",
          {200: "ChangesAside", 403: "Problem"}),
    Route(
        "GET", "/requests/{code}", request, RESIDENTS, "Look one up by its code or its QR code's text",
        {200: "Request", 404: "Problem", 409: "Problem", 422: "Problem", 429: "Problem"},
    ),
    Route(
        "POST", "/requests/{code}/answer", answer_request, RESIDENTS,
        "The resident's word: solved strikes it off, not solved opens it again",
        {**_BY_CODE, 403: "Problem"}, takes="RequestAnswer",
    ),
    Route(
        "POST", "/requests/{code}/help", ask_help, RESIDENTS, "Ask for one of the five kinds of help",
        _BY_CODE, takes="RequestHelp",
    ),
    Route(
        "POST", "/requests/{code}/reprint", reprint, RESIDENTS, "Ask for its slip once more", _BY_CODE, takes="Nothing",
    ),
    Route(
        "POST", "/requests/find", find, CLERKS, "The register, searched; `search` stands in the body, it may be a code",
        {200: "RequestCases", 403: "Problem"}, takes="RequestFind",
    ),
    Route("GET", "/requests/by-id/{id}", case, CLERKS, "One request as clerks hold it",
          {200: "RequestCase", 403: "Problem", 404: "Problem"}),
    _by_id("take-over", _plain("take_over"), "Take one in hand that nobody has"),
    _by_id("hand-over", hand_over, "Give it into another's hands, with a reason", "HandOver"),
    _by_id("call-back", note_call_back, "Note that the resident was called", "RequestText"),
    _by_id("settle-help", settle_help, "Somebody has seen to a kind of help", "RequestHelp"),
    _by_id("accept", _plain("accept"), "Answer for it, where the hall answers by itself"),
    _by_id("doing", _plain("doing"), "It is being done, where the hall answers by itself"),
    _by_id("answer", answer, "It is done: the answer, where the hall answers by itself", "RequestText"),
    _by_id("extend", extend, "More working days, with a reason, where the hall answers by itself", "Extension"),
    _by_id("bring-home", bring_home, "A manager's decision that the hall answers it, with a reason", "Why", MANAGERS),
    _by_id("strike-off", strike_off, "A manager's decision that it ends, with a reason", "Why", MANAGERS),
    Route("POST", "/requests/aside/{id}/settle", settle_change, CLERKS, "It has been looked at",
          {204: "", **_NO}, takes="Nothing"),
)  # fmt: skip
