"""/api/v1 of a district as a bare ASGI application: POST /events, GET /changes, and /healthz. Everything else is its
pages'. Bodies are bounded before they are read, and read whole before they are believed; nothing of them is logged."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from kiosk.clock import Clock
from kiosk.ledger import Ledger, LedgerTrouble, Vault
from kiosk.upstream import standing, unread
from kiosk.upstream.cases import Cases
from kiosk.upstream.district import DistrictSettings
from kiosk.upstream.intake import Believed, Intake, NotTaken
from kiosk.web import bodies
from kiosk.web.pouring import Receive, Send

MOST_BODY = 1024 * 1024
_SWALLOW = 16 * 1024 * 1024  # read and dropped of a body too large, so that its sender hears the answer
_BODY_S = 30.0
_MOST = 200

Scope = MutableMapping[str, Any]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

# code: (Chinese, English)
_SAYS: Mapping[str, tuple[str, str]] = {
    "unsigned": ("没有签名", "not signed (webhook-id, webhook-timestamp, webhook-signature)"),
    "signature-wrong": ("签名不对，请核对 secret", "the signature is wrong: compare the secret"),
    "signature-stale": ("签名时间相差超过五分钟，请校准时钟", "signed more than five minutes away: set the clock"),
    "unknown-source": ("不认识这家大厅", "no hall of this source is known here"),
    "content-type": ("内容类型不对", "wrong content type"),
    "not-json": ("不是 JSON", "not JSON"),
    "not-a-batch": ("不是一组事件", "not a batch of events"),
    "batch-too-long": ("一次太多了", "too many at once"),
    "not-an-event": ("不是 CloudEvent", "not a CloudEvent"),
    "not-one-source": ("一组事件要来自同一家", "a batch comes from one source"),
    "not-sealed-for-us": ("密封内容打不开，请核对 public_key", "sealed for another key: compare public_key"),
    "too-long": ("内容太长", "too long"),
    "too-large": ("内容太大", "body too large"),
    "malformed": ("请求写得不对", "malformed request"),
    "nothing-here": ("这里没有这一页", "nothing here"),
    "not-this-way": ("这里不能这样做", "not this way"),
    "busy": ("台账暂时不能用，请稍后再试", "the ledger cannot serve now, try again"),
}


@dataclass(frozen=True, slots=True)
class District:
    """A district at work."""

    settings: DistrictSettings
    ledger: Ledger
    vault: Vault
    clock: Clock
    intake: Intake
    cases: Cases


class DistrictApp:
    """The ASGI application. `pages` takes what is not the API's."""

    def __init__(self, district: District, pages: Asgi | None = None) -> None:
        self._district = district
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        try:
            if path == "/api/v1/events":
                _only(scope, "POST")
                status, body = 200, await self._events(scope, receive)
            elif path == "/api/v1/changes":
                _only(scope, "GET")
                status, body = 200, await self._changes(scope)
            elif path == "/healthz":
                status, body = await self._health()
            elif self._pages is not None:
                await self._pages(scope, receive, send)
                return
            else:
                raise NotTaken(404, "nothing-here")  # noqa: TRY301 - one way out for every refusal
        except NotTaken as no:
            status, body = no.status, _problem(no)
        except LedgerTrouble:
            status, body = 503, _problem(NotTaken(503, "busy"))
        await _answer(send, status, body)

    async def _events(self, scope: Scope, receive: Receive) -> Mapping[str, object]:
        headers = _headers(scope)
        body = await _body(headers, receive)
        district = self._district
        now = district.clock.now()
        believed = district.intake.believe(body, headers, now.timestamp())
        stored = await asyncio.wrap_future(district.ledger.write(_storing(district.intake, believed, now)))
        return {"stored": stored, "known": len(believed.events) - stored}

    async def _changes(self, scope: Scope) -> Mapping[str, object]:
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True, max_num_fields=10)
        raw = query.get("after", ["0"])[0]
        if not (raw.isascii() and raw.isdecimal() and len(raw) <= 18):
            raise NotTaken(400, "malformed", "after: a whole number")
        district = self._district
        hall = district.intake.caller(_headers(scope), f"changes:{raw}", district.clock.now().timestamp())
        found, newest = await asyncio.to_thread(district.ledger.read, lambda tx: (
            district.cases.changes(tx, hall, int(raw), _MOST), district.cases.newest(tx, hall)
        ))  # fmt: skip
        return {"changes": found, "newest": newest}

    async def _health(self) -> tuple[int, Mapping[str, object]]:
        district = self._district
        try:
            upstream, strange = await asyncio.to_thread(district.ledger.read, lambda tx: (
                standing.look(tx, district.settings.upstream), unread.count(tx)
            ))  # fmt: skip
        except LedgerTrouble as trouble:
            return 503, {"status": "broken", "ledger": {"kind": district.ledger.kind, "state": trouble.code}}
        return 200, {"status": "ok", "now": district.clock.now().isoformat(),
                     "ledger": {"kind": district.ledger.kind, "state": "ok"}, "unread": strange,
                     "upstream": standing.body(upstream)}


def _storing(intake: Intake, believed: Believed, now: datetime) -> Callable[[Any], int]:
    return lambda tx: intake.store(tx, believed, now)


def _only(scope: Scope, method: str) -> None:
    if scope["method"] not in {method, "HEAD" if method == "GET" else method}:
        raise NotTaken(405, "not-this-way", method)


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def _body(headers: Mapping[str, str], receive: Receive) -> bytes:
    length = headers.get("content-length", "0").encode("latin-1")
    try:
        return await bodies.read(length, receive, MOST_BODY, _BODY_S)
    except bodies.TooLarge as large:
        await bodies.swallow(receive, _SWALLOW, _BODY_S)
        raise NotTaken(413, "too-large", f"at most {MOST_BODY} bytes") from large
    except bodies.Unfinished as cut:
        raise NotTaken(408, "malformed", "a whole body") from cut


def _problem(no: NotTaken) -> Mapping[str, object]:
    chinese, english = _SAYS.get(no.code, ("办不到", "refused"))
    found: dict[str, object] = {"type": "about:blank", "title": f"{chinese} / {english}", "status": no.status,
                                "code": no.code}
    if no.wanted:
        found["detail"] = no.wanted
    if no.at is not None:
        found["at"] = no.at
    if no.id is not None:
        found["id"] = no.id
    return found


async def _answer(send: Send, status: int, body: Mapping[str, object]) -> None:
    content = json.dumps(body, ensure_ascii=False).encode()
    kind = b"application/json" if status < 400 else b"application/problem+json"
    length = str(len(content)).encode()
    headers = [(b"content-type", kind), (b"content-length", length), (b"cache-control", b"no-store")]
    if status == 503:
        headers.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
