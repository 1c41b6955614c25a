"""/openapi.json, made from the same table of routes that serves: what is not in the table is neither served nor told.

The schemas say what `kiosk.wire` writes and takes; a test holds every real answer against them. Errors are part of it.
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.door import AppointmentState, DeviceState, SlipState, TicketState, WindowState
from kiosk.web.api import MOST_BODY, PREFIX, Route
from kiosk.web.request_schemas import REQUEST_SCHEMAS
from kiosk.web.schemas import AT, DAY, KEY, NUMBER, SENT_KEY, TEXT, TRUTH, Schema, array, null_or, ref, thing
from kiosk.wire import MOST_SENT

SERVING: Schema = {
    **null_or({"type": "string", "maxLength": 64}),
    "description": 'Whom the caller believes the window to serve (id or number; null or "": nobody). If it serves'
    " another, nothing is done: 409. Left out: not checked.",
}

FACT: Schema = {"anyOf": [
    TEXT, NUMBER, thing(only_these=True, at=AT), thing(only_these=True, day=DAY),
    thing(only_these=True, time={"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"}),
    thing(only_these=True, minutes=NUMBER), thing(only_these=True, seconds={**NUMBER, "type": "number"}),
    thing(("en",), only_these=True, zh=TEXT, en=null_or(TEXT)),
]}  # fmt: skip
REASON = thing(
    ("text", "facts"), code={"type": "string", "maxLength": 60}, text=TEXT,
    facts={
        "type": "object", "maxProperties": 50, "propertyNames": {"pattern": "^[A-Za-z_][A-Za-z0-9_]{0,39}$"},
        "additionalProperties": ref("Fact"),
    },
)  # fmt: skip

SCHEMAS: Mapping[str, Schema] = {
    "Name": thing(zh=TEXT, en=TEXT),
    "Fact": FACT,
    "Reason": REASON,
    "Offer": thing(
        ("facility", "start", "service"), say=TEXT, reason=ref("Reason"), facility=TEXT, start=AT, service=TEXT
    ),
    "Problem": thing(
        ("retry_after",), type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT, code=TEXT,
        reason=ref("Reason"), next=array(ref("Offer")), retry_after={"type": "number", "description": "seconds"},
    ),
    "Period": thing(start=AT, end=AT),
    "Day": thing(
        day=DAY, periods=array(ref("Period")), closed=null_or(ref("Reason")), provisional=TRUTH
    ),
    "Facility": thing(
        id=TEXT, name=TEXT, names=ref("Name"), place=ref("Name"), bring=ref("Name"), icon=TEXT, capacity=NUMBER,
        unit=TEXT, slot_minutes=null_or(NUMBER), lead={"type": "object", "additionalProperties": NUMBER},
        people=NUMBER, earliest=null_or(AT), earliest_free=null_or(NUMBER), free_now=NUMBER,
    ),
    "Facilities": thing(facilities=array(ref("Facility"))),
    "Hall": thing(
        name=TEXT, names=ref("Name"), address=ref("Name"), now=AT, today=ref("Day"), opens=null_or(AT),
        closes=null_or(AT), facilities=array(ref("Facility")), clock_doubt=null_or(ref("Reason")),
    ),
    "Days": thing(
        days=array(thing(day=DAY, free=NUMBER, reason=null_or(ref("Reason")), provisional=TRUTH))
    ),
    "Slots": thing(
        slots=array(thing(
            facility=TEXT, start=AT, end=AT, capacity=NUMBER, free=NUMBER, bookable=TRUTH, walk_in=TRUTH,
            reason=null_or(ref("Reason")), provisional=TRUTH,
        ))
    ),
    "Booking": thing(
        ("phone", "people", "walk_in"), only_these=True, facility={"type": "string", "maxLength": 60}, start=AT,
        phone=null_or({"type": "string", "maxLength": 40}), people=null_or(NUMBER), walk_in=null_or(TRUTH),
    ),
    "Appointment": thing(
        ("ticket",), id=TEXT, code=TEXT, qr=TEXT, facility=TEXT, facility_name=ref("Name"), place=ref("Name"),
        bring=ref("Name"), start=AT, end=AT, people=NUMBER, state={"enum": [str(state) for state in AppointmentState]},
        phone_tail=null_or(TEXT), undo_until=AT, check_in_from=AT, check_in_until=AT, may=array(TEXT),
        ticket=ref("Ticket"),
    ),
    "Found": thing(
        ref=TEXT, facility=TEXT, facility_name=ref("Name"), start=AT, end=AT,
        state={"enum": [str(state) for state in AppointmentState]}, may=array(TEXT), ticket=null_or(ref("Ticket")),
    ),
    "Wait": thing(low=NUMBER, high=NUMBER),
    "Ticket": thing(
        id=TEXT, number=TEXT, service=TEXT, service_name=ref("Name"),
        state={"enum": [str(state) for state in TicketState]}, ahead=NUMBER, wait=null_or(ref("Wait")),
        past_closing=TRUTH, taken_at=AT, qr=TEXT, window=null_or(TEXT), why=null_or(ref("Reason")), priority=TRUTH,
        appointment=null_or(AT), same=TRUTH, matter=null_or(TEXT), called_at=null_or(AT), recalls=NUMBER,
        rating_bar=null_or(ref("Reason")),
    ),
    "Services": thing(services=array(thing(
        id=TEXT, name=TEXT, names=ref("Name"), also=array(TEXT), letter=TEXT,
        matters=array(thing(name=TEXT, names=ref("Name"), also=array(TEXT))), open=TRUTH,
        reason=null_or(ref("Reason")), windows=array(TEXT), waiting=NUMBER, wait=null_or(ref("Wait")),
        past_closing=TRUTH, bookable=TRUTH,
    ))),
    "BookableServices": thing(services=array(ref("Facility"))),
    "TicketOrder": thing(
        ("matter", "phone", "priority"), only_these=True, service={"type": "string", "maxLength": 60},
        matter=null_or({"type": "string", "maxLength": 120}), phone=null_or({"type": "string", "maxLength": 40}),
        priority=null_or(TRUTH),
    ),
    "TicketOfWindow": thing(ticket=ref("Ticket")),
    "Window": thing(
        id=TEXT, name=TEXT, state={"enum": [str(state) for state in WindowState]}, services=array(TEXT),
        clerk=null_or(TEXT), reason=null_or(TEXT), back_at=null_or(AT), serving=null_or(ref("Ticket")),
        served_today=NUMBER, recalls=NUMBER,
    ),
    "WindowAlone": thing(window=ref("Window")),
    "Windows": thing(windows=array(ref("Window"))),
    "QueueView": thing(
        window=ref("Window"), next=null_or(ref("Ticket")), waiting=array(ref("QueueLine")),
        held=array(ref("QueueLine")), parked=array(ref("QueueLine")),
        counts={"type": "object", "additionalProperties": NUMBER},
    ),
    "QueueLine": thing(ticket=ref("Ticket"), minutes=NUMBER),
    "OpenWindow": thing(
        ("services",), only_these=True,
        services=null_or({"type": "array", "items": {"type": "string", "maxLength": 60}, "maxItems": 50}),
    ),
    "Serving": thing(("serving",), only_these=True, serving=SERVING),
    "CallTicket": thing(("serving",), only_these=True, ticket={"type": "string", "maxLength": 64}, serving=SERVING),
    "Named": thing(only_these=True, ticket={"type": "string", "maxLength": 64}),
    "Transfer": thing(
        ("service", "window", "come_back", "serving"), only_these=True,
        service=null_or({"type": "string", "maxLength": 60}), window=null_or({"type": "string", "maxLength": 60}),
        come_back=null_or(TRUTH), serving=SERVING,
    ),
    "Pause": thing(
        ("reason", "back_at"), only_these=True, reason=null_or({"type": "string", "maxLength": 120}),
        back_at=null_or(AT),
    ),
    "Rating": thing(
        ("reasons", "text"), only_these=True, subject={"type": "string", "maxLength": 128}, level=NUMBER,
        reasons=null_or(array(TEXT)),
        text={
            **null_or({"type": "string", "maxLength": MOST_SENT}), "description": "at most 200 characters once cleaned",
        },
    ),
    "FoundList": thing(found=array(ref("Found"))),
    "AppointmentOrFound": {"anyOf": [ref("Appointment"), ref("Found")]},
    "Find": thing(only_these=True, phone={"type": "string", "maxLength": 40}),
    "Start": thing(only_these=True, start=AT),
    "Nothing": thing(only_these=True),
    "Help": thing(only_these=True, page={"type": "string", "maxLength": 60}),
    "Device": thing(
        name={"type": "string", "maxLength": 60}, kind={"type": "string", "maxLength": 60},
        state={"enum": [str(state) for state in DeviceState]}, reason=null_or(ref("Reason")), since=AT,
    ),
    "Slip": thing(
        job={"type": "string", "maxLength": 128}, subject={"type": "string", "maxLength": 128},
        kind={"type": "string", "maxLength": 60}, state={"enum": [str(state) for state in SlipState]},
        reason=null_or(ref("Reason")), at=AT,
    ),
    "Report": thing(
        ("help_wanted", "done"), only_these=True, now=AT, devices=array(ref("Device")), slips=array(ref("Slip")),
        help_wanted=null_or(TEXT), done=null_or(array(TEXT)),
    ),
    "Orders": thing(
        orders=array(thing(id=TEXT, kind=TEXT, appointment=null_or(ref("Appointment")), help=null_or(TEXT),
                     ticket=null_or(ref("Ticket")), request=null_or(ref("Request"))))
    ),
    "Outcome": thing(
        outcome=null_or({"anyOf": [
            thing(appointment=ref("Appointment")), thing(ticket=ref("Ticket")), thing(request=ref("Request")),
            thing(refusal=ref("Problem")),
        ]})
    ),
    **REQUEST_SCHEMAS,
}  # fmt: skip

ALWAYS = {
    400: "malformed, or no Idempotency-Key", 401: "no token, or not one of ours", 403: "not for this role",
    404: "no such thing", 405: "not with this method", 409: "the world says no: full, taken, closed now",
    413: f"a body over {MOST_BODY} bytes", 422: "a rule says no, or the key came before with another body",
    429: "wait; Retry-After says how long", 503: "the ledger cannot be written; nothing was done",
}  # fmt: skip
GOOD = {200: "done", 201: "made", 204: "done, nothing to say"}
ANY_GET = (400, 401, 403, 404, 405, 503)
ANY_POST = (400, 401, 403, 404, 405, 409, 413, 422, 429, 503)


KINDS = {"Problem": "application/problem+json", "EventStream": "text/event-stream"}


def document(routes: tuple[Route, ...], version: str) -> Schema:
    """The whole OpenAPI 3.1 document."""
    paths: dict[str, dict[str, object]] = {}
    for route in routes:
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = _operation(route)
    paths["/healthz"] = {
        "get": {
            "summary": "Are commands served? With the states of ledger, calendar, devices and upstream",
            "operationId": "health",
            "security": [],
            "responses": {"200": {"description": "commands are served"}, "503": {"description": "the ledger is not"}},
        }
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Hall Kiosk (大厅自助终端)", "version": version},
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": SCHEMAS,
        },
    }


def _operation(route: Route) -> Schema:
    answers: dict[str, object] = {}
    for status in sorted({*route.answers, *(ANY_POST if route.method == "POST" else ANY_GET)}):
        name = route.answers.get(status, "Problem")
        said: Schema = {"description": GOOD.get(status) or ALWAYS[status]}
        if name:
            kind = KINDS.get(name, "application/json")
            said["content"] = {kind: {"schema": {"type": "string"} if name == "EventStream" else ref(name)}}
        if status == 429:
            said["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}
        answers[str(status)] = said
    parameters: list[Schema] = [
        {"name": part[1:-1], "in": "path", "required": True, "schema": KEY if part == "{key}" else TEXT}
        for part in route.path.split("/") if part.startswith("{")
    ]  # fmt: skip
    parameters += [{"name": name, "in": "query", "required": True, "schema": DAY} for name in sorted(route.query)]
    made: Schema = {
        "summary": route.says,
        "operationId": f"{route.method.lower()}{route.path.replace('/', '_').replace('{', '').replace('}', '')}",
        "responses": answers,
    }
    if route.method == "POST":
        key = {
            "name": "Idempotency-Key", "in": "header", "required": True, "schema": SENT_KEY,
            "description": "Made by the caller before its first attempt; bare or quoted. Scope: the token.",
        }  # fmt: skip
        parameters.append(key)
    if parameters:
        made["parameters"] = parameters
    if route.takes:
        must = route.takes != "Nothing"
        made["requestBody"] = {"required": must, "content": {"application/json": {"schema": ref(route.takes)}}}
    return made
