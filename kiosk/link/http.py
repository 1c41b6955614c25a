"""The door over HTTP: what a kiosk holds when its hall is another process.

Every question has a deadline. A command that got no answer is sent again under the same key until its deadline, then
`HallAway` is raised and nothing is known about it. What comes back is never believed unread: anything that is no door
value or problem is `HallAway` too. Measures the hall's clock against this machine's from every answer. Never follows a
redirect, never uses a proxy, never writes anything down.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote

from kiosk import wire
from kiosk.door import (
    Appointment,
    BookableDay,
    Booking,
    Category,
    Facility,
    Found,
    Grid,
    HallAway,
    HallFacts,
    HelpKind,
    KioskReport,
    Order,
    Rating,
    Reason,
    Refusal,
    Request,
    RequestOrder,
    Service,
    Slot,
    Ticket,
    TicketOrder,
)
from kiosk.link.lines import Endless, Lines, Lost, Unreached
from kiosk.sheets import WireError, many, sheet

T = TypeVar("T")

CONNECT_S = 1.0
COMMAND_S = 5.0
ATTEMPT_S = 2.0  # a black hole swallows one attempt, not the whole deadline
FIRST_PAUSE_S = 0.05
MOST_BYTES = 4_000_000
HEADERS = {"Accept": "application/json, application/problem+json", "Accept-Language": "zh"}
_NOT_NOW = (429, 503)
MOST_CODE = 200  # characters; longer ones are no codes and would not fit a request line


class HttpHall:
    """A `kiosk.door.Hall` behind HTTP. Used from one asyncio loop.

    `address` and `token` may be functions, for a hall that is still being started or has moved; while they give None
    the hall is away.
    """

    def __init__(
        self,
        address: str | Callable[[], str | None],
        token: str | Callable[[], str | None],
        *,
        trust: Callable[[], ssl.SSLContext] = ssl.create_default_context,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        connect_s: float = CONNECT_S,
        command_s: float = COMMAND_S,
    ) -> None:
        self._address = address
        self._token = token
        self._now = now
        self._command_s = command_s
        self._lines = Lines(connect_s, trust)
        self.skew: timedelta | None = None
        """How far the hall's clock is ahead of this machine's, at the last answer; None before the first."""

    async def close(self) -> None:
        """Give the connections back."""
        await self._lines.close()

    # ---- the door ---------------------------------------------------------------------------------------------------

    async def about(self) -> HallFacts:
        """What the waiting page shows."""
        return _value(await self._ask("GET", "/about"), wire.get_hall)

    async def facilities(self) -> tuple[Facility, ...]:
        """What can be booked."""
        return _value(await self._ask("GET", "/facilities"), _list("facilities", wire.get_facility))

    async def days(self, facility: str) -> tuple[BookableDay, ...] | Refusal:
        """One facility's horizon, day by day."""
        path = f"/facilities/{_segment(facility)}/days"
        return _answer(await self._ask("GET", path), _list("days", wire.get_bookable_day))

    async def slots(self, facility: str, day: date) -> tuple[Slot, ...] | Refusal:
        """One facility's slots on a day."""
        path = f"/facilities/{_segment(facility)}/slots?date={day.isoformat()}"
        return _answer(await self._ask("GET", path), _list("slots", wire.get_slot))

    async def book(self, key: str, booking: Booking) -> Appointment | Refusal:
        """Take a place."""
        return _answer(await self._ask("POST", "/appointments", key, wire.put_booking(booking)), wire.get_appointment)

    async def appointment(self, code: str) -> Appointment | Refusal:
        """Look one up by its typed code or by what its QR code says."""
        if len(code) > MOST_CODE:
            return NO_CODE
        return _answer(await self._ask("GET", f"/appointments/{_segment(code)}"), wire.get_appointment)

    async def cancel(self, key: str, code: str) -> Appointment | Refusal:
        """Give a place back."""
        return await self._act(key, code, "cancel")

    async def check_in(self, key: str, code_or_ref: str) -> Appointment | Found | Refusal:
        """Say that the resident is here."""
        if len(code_or_ref) > MOST_CODE:
            return NO_CODE
        path = f"/appointments/{_segment(code_or_ref)}/check-in"
        return _answer(await self._ask("POST", path, key, {}), wire.get_appointment_or_found)

    async def reschedule(self, key: str, code: str, start: datetime) -> Appointment | Refusal:
        """Move it to another start of the same facility."""
        return await self._act(key, code, "reschedule", {"start": start.isoformat()})

    async def reprint(self, key: str, code: str) -> Appointment | Refusal:
        """Ask for its slip once more."""
        return await self._act(key, code, "reprint")

    async def find(self, phone: str) -> tuple[Found, ...] | Refusal:
        """Find by telephone number: day, time and room, nothing else."""
        # A look-up has no effect, so a key of its own for each attempt would do; the hall wants one on every POST.
        key = f"find-{time.monotonic_ns()}"
        return _answer(
            await self._ask("POST", "/appointments/find", key, {"phone": phone}), _list("found", wire.get_found)
        )

    async def call_help(self, key: str, page: str) -> Refusal | None:
        """Ring for a clerk."""
        return _answer(await self._ask("POST", "/help", key, {"page": page}), _nothing)

    async def report(self, report: KioskReport, done: tuple[str, ...] = ()) -> tuple[Order, ...]:
        """Tell this kiosk's state; the orders still open come back."""
        key = f"report-{time.monotonic_ns()}"
        answer = await self._ask("POST", "/kiosk/report", key, wire.put_report(report, done))
        return _value(answer, _list("orders", wire.get_order))

    async def outcome(self, key: str) -> Appointment | Ticket | Request | Refusal | None:
        """What became of a command sent earlier."""
        return _value(await self._ask("GET", f"/commands/{_segment(key)}"), wire.get_outcome)

    async def services(self) -> tuple[Service, ...]:
        """The queue lines."""
        return _value(await self._ask("GET", "/services"), _list("services", wire.get_service))

    async def bookable_services(self) -> tuple[Facility, ...]:
        """Services with appointments at the window."""
        return _value(await self._ask("GET", "/services/bookable"), _list("services", wire.get_facility))

    async def take_ticket(self, key: str, order: TicketOrder) -> Ticket | Refusal:
        """Take a number."""
        return _answer(await self._ask("POST", "/tickets", key, wire.put_ticket_order(order)), wire.get_ticket)

    async def ticket(self, qr_or_id: str) -> Ticket | Refusal:
        """Look one up by its QR code's text or its id."""
        if len(qr_or_id) > MOST_CODE:
            return NO_CODE
        return _answer(await self._ask("GET", f"/tickets/{_segment(qr_or_id)}"), wire.get_ticket)

    async def reprint_ticket(self, key: str, qr_or_id: str) -> Ticket | Refusal:
        """Ask for its slip once more."""
        if len(qr_or_id) > MOST_CODE:
            return NO_CODE
        return _answer(await self._ask("POST", f"/tickets/{_segment(qr_or_id)}/reprint", key, {}), wire.get_ticket)

    async def rate(self, key: str, rating: Rating) -> Refusal | None:
        """Leave a rating."""
        return _answer(await self._ask("POST", "/ratings", key, wire.put_rating(rating)), _nothing)

    async def categories(self) -> tuple[Category, ...]:
        """What a request may be about."""
        return _value(await self._ask("GET", "/categories"), _list("categories", wire.get_category))

    async def grids(self) -> tuple[Grid, ...]:
        """The places of the neighbourhood."""
        return _value(await self._ask("GET", "/grids"), _list("grids", wire.get_grid))

    async def file_request(self, key: str, order: RequestOrder) -> Request | Refusal:
        """File a request."""
        return _answer(await self._ask("POST", "/requests", key, wire.put_request_order(order)), wire.get_request)

    async def request(self, code_or_qr: str) -> Request | Refusal:
        """Look one up by its typed code or by what its QR code says."""
        if len(code_or_qr) > MOST_CODE:
            return NO_CODE
        return _answer(await self._ask("GET", f"/requests/{_segment(code_or_qr)}"), wire.get_request)

    async def answer_request(
        self, key: str, code_or_qr: str, solved: bool, why: str | None = None
    ) -> Request | Refusal:
        """The resident's word: solved or not."""
        return await self._on_request(key, code_or_qr, "answer", {"solved": solved, "why": why})

    async def ask_help(self, key: str, code_or_qr: str, kind: HelpKind) -> Request | Refusal:
        """Ask for one of the five kinds of help."""
        return await self._on_request(key, code_or_qr, "help", {"kind": kind.value})

    async def reprint_request(self, key: str, code_or_qr: str) -> Request | Refusal:
        """Ask for its slip once more."""
        return await self._on_request(key, code_or_qr, "reprint", {})

    # ---- asking -----------------------------------------------------------------------------------------------------

    async def _act(self, key: str, code: str, verb: str, body: wire.Json | None = None) -> Appointment | Refusal:
        if len(code) > MOST_CODE:
            return NO_CODE
        path = f"/appointments/{_segment(code)}/{verb}"
        return _answer(await self._ask("POST", path, key, body or {}), wire.get_appointment)

    async def _on_request(self, key: str, code: str, verb: str, body: wire.Json) -> Request | Refusal:
        if len(code) > MOST_CODE:
            return NO_CODE
        return _answer(await self._ask("POST", f"/requests/{_segment(code)}/{verb}", key, body), wire.get_request)

    async def _ask(
        self, method: str, path: str, key: str | None = None, body: wire.Json | None = None
    ) -> tuple[int, object]:
        """Send until it is answered or the deadline is past. Every request here may be sent twice: reads have no
        effect, commands carry their key. A read is tried again once (a kept connection may have gone stale)."""
        until = time.monotonic() + self._command_s
        content = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        pause, tries, heard = FIRST_PAUSE_S, 0, False
        while True:
            tries += 1
            try:
                async with asyncio.timeout(min(ATTEMPT_S, until - time.monotonic())):
                    answer = await self._once(method, path, key, content)
                if not heard or answer[0] not in _NOT_NOW:
                    return answer
                # This attempt was refused unlooked at; an earlier one may have taken effect all the same.
                if until - time.monotonic() <= pause:
                    raise HallAway(f"{answer[0]} after silence", _reason(answer[1]))
            except (Unreached, Lost, TimeoutError) as away:
                heard = heard or (key is not None and not isinstance(away, Unreached))
                left = until - time.monotonic() - pause
                if left <= 0 or (key is None and tries > 1):
                    raise HallAway(type(away).__name__) from away
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)

    async def _once(self, method: str, path: str, key: str | None, content: bytes | None) -> tuple[int, object]:
        address = self._address if isinstance(self._address, str) else self._address()
        token = self._token if isinstance(self._token, str) else self._token()
        if not address or not token:
            message = "not started yet"
            raise Unreached(message)
        headers = {**HEADERS, "Authorization": f"Bearer {token}"}
        if key is not None:
            headers |= {"Idempotency-Key": key, "Content-Type": "application/json"}
        sent = self._now()
        try:
            heard = await self._lines.ask(method, address, f"/api/v1{path}", headers, content, MOST_BYTES)
        except Endless:
            message = "an answer without end"
            raise HallAway(message) from None
        self._judge_clock(sent, heard.headers.get("hall-time"))
        if heard.status == HTTPStatus.NO_CONTENT:
            return heard.status, None
        try:
            return heard.status, json.loads(heard.body)
        except (ValueError, RecursionError) as wrong:
            message = f"an answer that is no JSON ({heard.status})"
            raise HallAway(message) from wrong

    def _judge_clock(self, sent: datetime, said: str | None) -> None:
        """The hall's time stands for the middle of the round trip."""
        try:
            hall = wire.get_fact({"at": said})
        except WireError:
            return
        if isinstance(hall, datetime):
            self.skew = hall - (sent + (self._now() - sent) / 2)


NO_CODE = Refusal("missing", Reason("code-not-code"))


def _segment(raw: str) -> str:
    """One path segment. Dots are quoted as well: `..` would be taken for a way up."""
    return quote(raw, safe="", errors="replace").replace(".", "%2E")


def _list(name: str, read: Callable[[object, str], T]) -> Callable[[object], tuple[T, ...]]:
    return lambda raw: many(sheet(raw), name, read)


def _nothing(raw: object) -> None:
    if raw is not None:
        sheet(raw)


def _answer(answer: tuple[int, object], read: Callable[[object], T]) -> T | Refusal:
    """Read a value or a refusal. What says that this kiosk or this hall is not in order is `HallAway`."""
    status, raw = answer
    if status not in wire.KINDS and status not in (400, 413):
        return _value(answer, read)
    try:
        return wire.get_problem(raw)
    except WireError as wrong:
        message = f"a refusal that cannot be read ({status}, {wrong})"
        raise HallAway(message) from wrong


def _value(answer: tuple[int, object], read: Callable[[object], T]) -> T:
    """Read a value where the door knows no refusal."""
    status, raw = answer
    try:
        if status in (200, 201, 204):
            return read(raw)
        code = sheet(raw).members.get("code")
    except WireError as wrong:
        message = f"an answer that cannot be read ({status}, {wrong})"
        raise HallAway(message) from wrong
    message = f"{status} {code if isinstance(code, str) else ''}".strip()
    raise HallAway(message, _reason(raw) if status in _NOT_NOW else None)


def _reason(raw: object) -> Reason | None:
    try:
        return wire.get_problem(raw).reason
    except WireError:
        return None
