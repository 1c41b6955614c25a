"""GET /events: the log as server-sent events, each role only what its pages show.

`id` is the place in the log: a reader that comes back with Last-Event-ID misses nothing. `event` is the CloudEvent's
type, `data` the CloudEvent itself as JSON. A comment every few seconds keeps the line open.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from kiosk.door import Role
from kiosk.hall.feed import Ear, Logged
from kiosk.web.api import Call, Route
from kiosk.web.problems import Answer, Stop

BEAT_S = 10.0
MOST_EARS = 300
EVENTS = b"text/event-stream"

# What everybody in the hall sees and hears.
_PUBLIC = (
    "cn.hall.ticket.called.", "cn.hall.ticket.recalled.", "cn.hall.ticket.parked.", "cn.hall.window.",
    "cn.hall.board.", "cn.hall.calendar.",
)  # fmt: skip
# What the console, the desk and the list of things to do show.
_STAFF = (
    "cn.hall.ticket.", "cn.hall.window.", "cn.hall.board.", "cn.hall.calendar.", "cn.hall.appointment.",
    "cn.hall.help.", "cn.hall.slip.", "cn.hall.kiosk.", "cn.hall.display.", "cn.hall.voice.",
    "cn.hall.request.", "cn.hall.notice.",
)  # fmt: skip
SHOWN: dict[Role, tuple[str, ...]] = {Role.KIOSK: _PUBLIC, Role.CLERK: _STAFF, Role.MANAGER: ("cn.hall.",)}


async def events(call: Call) -> Answer:
    """The stream."""
    if call.feed is None:
        raise Stop(503, "busy")
    if call.feed.ears >= MOST_EARS:
        raise Stop(429, "busy", ((b"retry-after", b"5"),))
    after = None
    if call.heard:
        if not (call.heard.isascii() and call.heard.isdigit() and len(call.heard) < 19):
            raise Stop(400, "malformed", key="Last-Event-ID", wanted="an id of this stream")
        after = int(call.heard)
    ear = await call.feed.listen(after)
    return Answer(200, None, (), EVENTS, _told(ear, SHOWN[call.role]))


async def _told(ear: Ear, shown: tuple[str, ...]) -> AsyncIterator[bytes]:
    try:
        yield b": hello\n\n"
        while True:
            heard = await ear.hear(BEAT_S)
            if heard is None:
                return
            pieces = [_frame(logged) for logged in heard if logged.event.type.startswith(shown)]
            if pieces:
                yield b"".join(pieces)
            elif not heard:
                yield b": beat\n\n"
    finally:
        ear.close()


def _frame(logged: Logged) -> bytes:
    event = logged.event
    said = {
        "specversion": "1.0", "id": event.id, "type": event.type, "source": event.source, "subject": event.subject,
        "time": datetime.fromtimestamp(event.at / 1000, UTC).isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json", "data": event.data,
    }  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return f"id: {logged.seq}\nevent: {event.type}\ndata: {text}\n\n".encode()


EVENT_ROUTES = (
    Route("GET", "/events", events, frozenset(Role), "The log as server-sent events; Last-Event-ID goes on from there",
          {200: "EventStream", 429: ""}),
)  # fmt: skip
