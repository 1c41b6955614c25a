"""/api/v1 as a bare ASGI application: from bytes to one call of the door, and back.

Reads the request (path, token, key, language, body), finds its route in the table, checks the role, calls the handler,
and words the answer. Written against ASGI itself because this is the hot path: a framework's validation of each request
costs more than the booking. Never decides anything about the hall, never writes a path or a body into a log.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote_to_bytes

from kiosk.clock import Clock
from kiosk.door import Counter, Hall, HallAway, Reason, Refusal, Role
from kiosk.hall.feed import Feed
from kiosk.ledger.errors import LedgerTrouble
from kiosk.sheets import WireError
from kiosk.web import bodies
from kiosk.web.one_write import WHOLE
from kiosk.web.pouring import Receive, Send, pour
from kiosk.web.problems import Answer, Language, Stop, Voice, language, refused, stopped
from kiosk.words import Words

Scope = MutableMapping[str, Any]

PREFIX = "/api/v1"
MOST_BODY = 64 * 1024  # bytes; the largest honest body is a kiosk's report of some hundred slips
BODY_S = 10.0  # a body that trickles longer than this is cut off
MOST_SEGMENT = 200  # characters
SWALLOW = 8 * 1024 * 1024  # bytes read and dropped of a body too large, so that its sender hears the answer


class Bearer(Protocol):
    """Who a token belongs to, and that caller's door."""

    @property
    def role(self) -> Role: ...

    @property
    def name(self) -> str: ...

    @property
    def door(self) -> Hall: ...

    @property
    def counter(self) -> Counter: ...


class Tokens(Protocol):
    """Finds the bearer of a token; None when there is none."""

    async def bearer(self, token: str) -> Bearer | None: ...


@dataclass(frozen=True, slots=True)
class Call:
    """One request as a handler sees it. `key` is "" on a GET."""

    door: Hall
    counter: Counter
    places: Mapping[str, str]
    query: Mapping[str, str]
    body: object
    key: str
    voice: Voice
    role: Role = Role.KIOSK
    feed: Feed | None = None
    heard: str = ""  # Last-Event-ID


Handler = Callable[[Call], Awaitable[Answer | Refusal]]


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the API: what it answers to, who may, what it does, and what the document says of it."""

    method: str
    path: str  # "/appointments/{code}/cancel"
    does: Handler
    roles: frozenset[Role]
    says: str
    answers: Mapping[int, str]  # status → name of a schema, "" for none
    takes: str | None = None  # name of the body's schema
    query: frozenset[str] = field(default_factory=frozenset)


class Watch(Protocol):
    """What is told of every request once it is answered: for metrics and the log."""

    def answered(self, method: str, route: str, status: int, seconds: float, who: str) -> None: ...

    def broke(self, route: str, error: BaseException) -> None: ...


class _Node:
    __slots__ = ("blank", "fixed", "routes")

    def __init__(self) -> None:
        self.fixed: dict[str, _Node] = {}
        self.blank: _Node | None = None
        self.routes: dict[str, tuple[Route, tuple[str, ...]]] = {}


class Api:
    """The ASGI application. `prefix` is cut off every path."""

    def __init__(
        self, routes: tuple[Route, ...], tokens: Tokens, clock: Clock, watch: Watch, prefix: str = PREFIX,
        *, feed: Feed | None = None,
    ) -> None:  # fmt: skip
        self._feed = feed
        self._tokens = tokens
        self._clock = clock
        self._watch = watch
        self._prefix = prefix.encode()
        self._words: dict[Language, Words] = {"zh": Words("zh"), "en": Words("en")}
        self._root = _Node()
        for route in routes:
            node, blanks = self._root, []
            for part in route.path.strip("/").split("/"):
                if part.startswith("{"):
                    blanks.append(part[1:-1])
                    node.blank = node.blank or _Node()
                    node = node.blank
                else:
                    node = node.fixed.setdefault(part, _Node())
            node.routes[route.method] = (route, tuple(blanks))

    def voice(self, headers: Mapping[bytes, bytes]) -> Voice:
        """The words of whoever sent these headers."""
        accepted = headers.get(b"accept-language", b"")
        return Voice(self._words[language(accepted.decode("latin-1"))], self._clock.now())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = perf_counter()
        headers = _headers(scope["headers"])
        voice = self.voice(headers)
        route: Route | None = None
        who = "-"
        try:
            route, places = self._find(scope)
            bearer = await self._bearer(headers)
            who = bearer.name
            _allow(bearer, route)
            call = Call(
                bearer.door, bearer.counter, places, _query(scope, route.query),
                *await _sent(scope, headers, receive), voice, bearer.role, self._feed,
                headers.get(b"last-event-id", b"").decode("latin-1"),
            )  # fmt: skip
            answer = await route.does(call)
            if isinstance(answer, Refusal):
                answer = refused(answer, voice)
        except Stop as stop:
            answer = stopped(stop, voice)
        except WireError as wrong:
            answer = stopped(Stop(400, "malformed", key=wrong.key or "body", wanted=wrong.wanted), voice)
        except LedgerTrouble as trouble:
            answer = refused(Refusal("broken", Reason(trouble.code)), voice)
        except HallAway:
            answer = refused(Refusal("broken", Reason("busy")), voice)
        except Exception as error:  # noqa: BLE001 - the last line: a plain sentence goes out, the trace to the log
            self._watch.broke(route.path if route else "-", error)
            answer = stopped(Stop(500, "broken"), voice)
        if answer.stream is not None and scope["method"] != "HEAD":
            await pour(receive, send, answer, self._clock.now())
        else:
            await self._send(send, answer, voice)
        self._watch.answered(
            scope["method"], route.path if route else "-", answer.status, perf_counter() - began, who
        )

    def _find(self, scope: Scope) -> tuple[Route, dict[str, str]]:
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        node, filled = self._root, []
        for part in raw[len(self._prefix) :].removeprefix(b"/").split(b"/"):
            segment = part.decode("ascii", "replace") if b"%" not in part else _plain(part)
            inner = node.fixed.get(segment)
            if inner is None:
                inner = node.blank
                if inner is None or len(segment) > MOST_SEGMENT or not segment.isprintable():
                    raise Stop(404, "no-such-page")
                filled.append(segment)
            node = inner
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        hit = node.routes.get(method)
        if hit is None:
            if not node.routes:
                raise Stop(404, "no-such-page")
            raise Stop(405, "no-such-method", ((b"allow", ", ".join(sorted(node.routes)).encode()),))
        return hit[0], dict(zip(hit[1], filled, strict=True))

    async def _bearer(self, headers: Mapping[bytes, bytes]) -> Bearer:
        scheme, _space, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        if scheme.lower() == "bearer" and 0 < len(token) <= 200:
            found = await self._tokens.bearer(token.strip())
            if found is not None:
                return found
        raise Stop(401, "no-token", ((b"www-authenticate", b"Bearer"),))

    async def _send(self, send: Send, answer: Answer, voice: Voice) -> None:
        content = answer.content()
        headers = [
            (b"hall-time", self._clock.now().isoformat().encode()),
            (b"cache-control", b"no-store"),
            *answer.headers,
        ]
        if answer.status != 204:
            headers += [(b"content-type", answer.kind), (b"content-length", str(len(content)).encode())]
            if answer.status >= 400:
                headers.append((b"content-language", voice.words.language.encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def _allow(bearer: Bearer, route: Route) -> None:
    if bearer.role not in route.roles:
        raise Stop(403, "not-your-role")


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The headers we read, by lower-case name. Two keys are two meanings: neither is taken."""
    found: dict[bytes, bytes] = {}
    for name, value in raw:
        if name == b"idempotency-key" and name in found:
            found[name] = b""
        else:
            found[name] = value
    return found


def _plain(part: bytes) -> str:
    return unquote_to_bytes(part).decode("utf-8", "replace")


def _query(scope: Scope, known: frozenset[str]) -> Mapping[str, str]:
    raw: bytes = scope["query_string"]
    if not raw:
        return {}
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, strict_parsing=True, max_num_fields=20)
    except ValueError as wrong:
        raise Stop(400, "malformed", key="query", wanted="name=value") from wrong
    for name, value in pairs:
        # What may not stand in a query (a telephone, a code) must not be taken from one by mistake either.
        if name not in known or not value.isprintable():
            raise Stop(400, "malformed", key="query", wanted=", ".join(sorted(known)) or "no query")
    return dict(pairs)


async def _sent(scope: Scope, headers: Mapping[bytes, bytes], receive: Receive) -> tuple[object, str]:
    """A POST's body as JSON and its key. An empty body is an empty object."""
    if scope["method"] != "POST":
        return None, ""
    content = await _content(headers, receive, None if WHOLE in scope.get("state", ()) else BODY_S)
    key = idempotency_key(headers.get(b"idempotency-key"))
    if not content.strip():
        return {}, key
    try:
        return json.loads(content), key
    except (ValueError, RecursionError) as wrong:
        raise Stop(400, "malformed", key="body", wanted="JSON") from wrong


async def _content(headers: Mapping[bytes, bytes], receive: Receive, seconds: float | None) -> bytes:
    try:
        return await bodies.read(headers.get(b"content-length", b"0"), receive, MOST_BODY, seconds)
    except bodies.TooLarge as large:
        await bodies.swallow(receive, SWALLOW, BODY_S)
        raise Stop(413, "body-too-large", most=MOST_BODY) from large
    except bodies.Unfinished as cut:
        raise Stop(408, "malformed", key="body", wanted="a whole body") from cut


def idempotency_key(raw: bytes | None) -> str:
    r"""The key of a POST: 1–128 visible ASCII characters, bare or as a quoted string of RFC 8941 (then `\"` and `\\`
    stand for the bare marks). Bare and quoted spellings of one key are one key."""
    if raw is None:
        raise Stop(400, "key-missing-header")
    found = raw.decode("latin-1").strip(" \t")
    if found.startswith('"'):
        inner = found[1:-1]
        if len(found) < 3 or not found.endswith('"'):
            raise Stop(400, "key-malformed")
        found = _unquoted(inner)
    if not 1 <= len(found) <= 128 or not found.isascii() or not found.isprintable() or " " in found:
        raise Stop(400, "key-malformed")
    return found


def _unquoted(inner: str) -> str:
    if "\\" not in inner and '"' not in inner:
        return inner
    out, marks = [], iter(inner)
    for mark in marks:
        taken = next(marks, "") if mark == "\\" else mark
        if mark == '"' or (mark == "\\" and taken not in {'"', "\\"}):
            raise Stop(400, "key-malformed")
        out.append(taken)
    return "".join(out)
