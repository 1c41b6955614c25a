"""The API line by line: which request is which call of the door. One handler each, nothing decided here."""

from __future__ import annotations

from kiosk import wire
from kiosk.door import Found, Refusal, Role
from kiosk.sheets import a_day, moment, sheet, text
from kiosk.web.api import Call, Route
from kiosk.web.events import EVENT_ROUTES
from kiosk.web.problems import Answer, Stop, problem
from kiosk.web.queue_routes import QUEUE_ROUTES
from kiosk.web.request_routes import REQUEST_ROUTES

RESIDENTS = frozenset(Role)  # whoever may do what a resident may: every role
KIOSKS = frozenset({Role.KIOSK})
NOTHING: frozenset[str] = frozenset()


async def about(call: Call) -> Answer:
    return Answer(200, wire.put_hall(await call.door.about(), call.voice))


async def facilities(call: Call) -> Answer:
    found = await call.door.facilities()
    return Answer(200, {"facilities": [wire.put_facility(facility, call.voice) for facility in found]})


async def days(call: Call) -> Answer | Refusal:
    found = await call.door.days(call.places["id"])
    if isinstance(found, Refusal):
        return found
    return Answer(200, {"days": [wire.put_bookable_day(day, call.voice) for day in found]})


async def slots(call: Call) -> Answer | Refusal:
    found = await call.door.slots(call.places["id"], a_day(call.query.get("date"), "date"))
    if isinstance(found, Refusal):
        return found
    return Answer(200, {"slots": [wire.put_slot(slot, call.voice) for slot in found]})


async def book(call: Call) -> Answer | Refusal:
    held = await call.door.book(call.key, wire.get_booking(call.body))
    return held if isinstance(held, Refusal) else Answer(201, wire.put_appointment(held))


async def appointment(call: Call) -> Answer | Refusal:
    held = await call.door.appointment(call.places["code"])
    return held if isinstance(held, Refusal) else Answer(200, wire.put_appointment(held))


async def cancel(call: Call) -> Answer | Refusal:
    sheet(call.body, only=NOTHING)
    held = await call.door.cancel(call.key, call.places["code"])
    return held if isinstance(held, Refusal) else Answer(200, wire.put_appointment(held))


async def check_in(call: Call) -> Answer | Refusal:
    sheet(call.body, only=NOTHING)
    held = await call.door.check_in(call.key, call.places["code"])
    if isinstance(held, Refusal):
        return held
    return Answer(200, wire.put_found(held) if isinstance(held, Found) else wire.put_appointment(held))


async def reschedule(call: Call) -> Answer | Refusal:
    start = moment(sheet(call.body, only=frozenset({"start"})), "start")
    held = await call.door.reschedule(call.key, call.places["code"], start)
    return held if isinstance(held, Refusal) else Answer(200, wire.put_appointment(held))


async def reprint(call: Call) -> Answer | Refusal:
    sheet(call.body, only=NOTHING)
    held = await call.door.reprint(call.key, call.places["code"])
    return held if isinstance(held, Refusal) else Answer(200, wire.put_appointment(held))


async def find(call: Call) -> Answer | Refusal:
    found = await call.door.find(text(sheet(call.body, only=frozenset({"phone"})), "phone", 40))
    if isinstance(found, Refusal):
        return found
    return Answer(200, {"found": [wire.put_found(one) for one in found]})


async def call_help(call: Call) -> Answer | Refusal:
    refusal = await call.door.call_help(call.key, text(sheet(call.body, only=frozenset({"page"})), "page", 60))
    return refusal if refusal is not None else Answer(204)


async def report(call: Call) -> Answer:
    said, done = wire.get_report(call.body)
    return Answer(200, {"orders": [wire.put_order(order) for order in await call.door.report(said, done)]})


async def outcome(call: Call) -> Answer | Refusal:
    key = call.places["key"]
    if not 1 <= len(key) <= 128 or not key.isascii():
        raise Stop(400, "key-malformed")
    found = await call.door.outcome(key)
    if isinstance(found, Refusal) and found.kind in {"broken", "busy"}:
        return found  # never a kept answer: the hall cannot look just now, and the command's fate is not known
    return Answer(200, wire.put_outcome(found, lambda refusal: problem(refusal, call.voice)))


ROUTES = (
    *EVENT_ROUTES,
    Route("GET", "/about", about, RESIDENTS, "The hall: name, hours today, what is free, its clock", {200: "Hall"}),
    Route("GET", "/facilities", facilities, RESIDENTS, "What can be booked", {200: "Facilities"}),
    Route("GET", "/facilities/{id}/days", days, RESIDENTS, "The days one can book", {200: "Days", 404: "Problem"}),
    Route(
        "GET", "/facilities/{id}/slots", slots, RESIDENTS, "The slots of one day",
        {200: "Slots", 404: "Problem", 422: "Problem"}, query=frozenset({"date"}),
    ),
    Route(
        "POST", "/appointments", book, RESIDENTS, "Take a place",
        {201: "Appointment", 403: "Problem", 404: "Problem", 409: "Problem", 422: "Problem"}, takes="Booking",
    ),
    Route(
        "POST", "/appointments/find", find, RESIDENTS, "Find by telephone number: day, time and room, nothing else",
        {200: "FoundList", 404: "Problem", 422: "Problem", 429: "Problem"}, takes="Find",
    ),
    Route(
        "GET", "/appointments/{code}", appointment, RESIDENTS, "Look one up by its code or its QR code's text",
        {200: "Appointment", 404: "Problem", 409: "Problem", 422: "Problem", 429: "Problem"},
    ),
    Route(
        "POST", "/appointments/{code}/cancel", cancel, RESIDENTS, "Give the place back",
        {200: "Appointment", 404: "Problem", 409: "Problem", 422: "Problem", 429: "Problem"}, takes="Nothing",
    ),
    Route(
        "POST", "/appointments/{code}/check-in", check_in, RESIDENTS,
        "Say that the resident is here; by code, QR text or a ref of /appointments/find",
        {200: "AppointmentOrFound", 404: "Problem", 409: "Problem", 422: "Problem", 429: "Problem"}, takes="Nothing",
    ),
    Route(
        "POST", "/appointments/{code}/reschedule", reschedule, RESIDENTS, "Move it to another start",
        {200: "Appointment", 404: "Problem", 409: "Problem", 422: "Problem", 429: "Problem"}, takes="Start",
    ),
    Route(
        "POST", "/appointments/{code}/reprint", reprint, RESIDENTS, "Ask for its slip once more",
        {200: "Appointment", 404: "Problem", 409: "Problem", 422: "Problem", 429: "Problem"}, takes="Nothing",
    ),
    Route(
        "POST", "/help", call_help, RESIDENTS, "Ring for a clerk",
        {204: "", 409: "Problem", 422: "Problem"}, takes="Help",
    ),
    Route("POST", "/kiosk/report", report, KIOSKS, "A kiosk's state; the orders to it come back",
          {200: "Orders"}, takes="Report"),
    Route("GET", "/commands/{key}", outcome, RESIDENTS, "What became of this token's command of that key",
          {200: "Outcome"}),
    *QUEUE_ROUTES,
    *REQUEST_ROUTES,
)  # fmt: skip
