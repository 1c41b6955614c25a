"""The API as any program sees it: every status of the table, every body a problem, nothing that was sent repeated."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
import httpx
import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk import door, wire
from kiosk.ledger.errors import LedgerFull
from kiosk.web.api import MOST_BODY, Api, idempotency_key
from kiosk.web.events import EVENT_ROUTES
from kiosk.web.openapi import document
from kiosk.web.problems import Stop, language
from kiosk.web.queue_routes import QUEUE_ROUTES
from kiosk.web.request_routes import REQUEST_ROUTES
from kiosk.web.routes import ROUTES
from tests.kiosk.web.scripted import APPOINTMENT, REFUSALS, Desk, Scripted, Seen, clock

BOOKING = {"facility": "gym", "start": "2026-11-23T14:00:00+08:00", "phone": "13900001234"}
DOCUMENT = document(ROUTES, "test")


class World:
    """One API over one scripted door."""

    def __init__(self) -> None:
        self.hall, self.seen = Scripted(), Seen()
        self.api = Api(ROUTES, Desk(self.hall), clock(), self.seen)

    async def ask(
        self, method: str, path: str, *, token: str | None = "kiosk", key: str | None = "k-1", headers: Any = None,
        **more: Any,
    ) -> httpx.Response:  # fmt: skip
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        if method == "POST" and key is not None:
            sent["Idempotency-Key"] = key
        transport = httpx.ASGITransport(self.api, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://hall/api/v1") as client:
            return await client.request(method, path, headers={**sent, **(headers or {})}, **more)


@pytest.fixture
def world() -> World:
    return World()


def ask(world: World, *what: Any, **more: Any) -> httpx.Response:
    return anyio.run(lambda: world.ask(*what, **more))


def holds(route_path: str, method: str, answer: httpx.Response) -> None:
    """The answer is what /openapi.json says of it."""
    said = DOCUMENT["paths"][f"/api/v1{route_path}"][method.lower()]["responses"]
    assert str(answer.status_code) in said, f"{method} {route_path} answered {answer.status_code}, not in the document"
    content = said[str(answer.status_code)].get("content")
    if content is None:
        assert answer.content == b""
        return
    (kind,) = content
    assert answer.headers["content-type"] == kind
    schema = {**content[kind]["schema"], "components": DOCUMENT["components"]}
    jsonschema_rs.validate(schema, answer.json())


def is_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["reason"]["code"] == code
    assert {"type", "title", "detail", "next"} <= body.keys()
    assert body["detail"]
    assert wire.get_problem(body).reason.code == code


GOOD = [
    ("GET", "/about", "/about", None, 200),
    ("GET", "/facilities", "/facilities", None, 200),
    ("GET", "/facilities/gym/days", "/facilities/{id}/days", None, 200),
    ("GET", "/facilities/gym/slots?date=2026-11-23", "/facilities/{id}/slots", None, 200),
    ("POST", "/appointments", "/appointments", BOOKING, 201),
    ("POST", "/appointments/find", "/appointments/find", {"phone": "13900001234"}, 200),
    ("GET", "/appointments/482761", "/appointments/{code}", None, 200),
    ("POST", "/appointments/482761/cancel", "/appointments/{code}/cancel", {}, 200),
    ("POST", "/appointments/482761/check-in", "/appointments/{code}/check-in", {}, 200),
    ("POST", "/appointments/r-1/check-in", "/appointments/{code}/check-in", {}, 200),
    ("POST", "/appointments/482761/reschedule", "/appointments/{code}/reschedule", {"start": BOOKING["start"]}, 200),
    ("POST", "/appointments/482761/reprint", "/appointments/{code}/reprint", {}, 200),
    ("POST", "/help", "/help", {"page": "home"}, 204),
    ("POST", "/kiosk/report", "/kiosk/report",
     {"now": "2026-11-23T09:30:00+08:00", "devices": [], "slips": [], "done": ["o-0"]}, 200),
    ("GET", "/commands/k-1", "/commands/{key}", None, 200),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "route", "body", "status"), GOOD)
def test_every_route_answers_as_its_document_says(world, method, path, route, body, status) -> None:
    answer = ask(world, method, path, json=body) if body is not None else ask(world, method, path)
    assert answer.status_code == status
    assert answer.headers["hall-time"] == "2026-11-23T09:30:00+08:00"
    holds(route, method, answer)


def test_every_route_stands_in_that_list() -> None:
    elsewhere = (*QUEUE_ROUTES, *EVENT_ROUTES, *REQUEST_ROUTES)  # test_queue_api, test_events, test_request_api
    others = {(route.method, route.path) for route in elsewhere}
    assert {(r.method, r.path) for r in ROUTES} - others == {(method, route) for method, _, route, _, _ in GOOD}


@pytest.mark.parametrize("kind", sorted(REFUSALS))
@pytest.mark.parametrize(("method", "path", "route", "body"), [
    ("POST", "/appointments", "/appointments", BOOKING),
    ("POST", "/appointments/482761/cancel", "/appointments/{code}/cancel", {}),
])  # fmt: skip
def test_every_kind_of_refusal_has_its_status(world, kind, method, path, route, body) -> None:
    world.hall.say = REFUSALS[kind]
    answer = ask(world, method, path, json=body)
    is_problem(answer, wire.STATUS[kind], REFUSALS[kind].reason.code)
    holds(route, method, answer)
    assert wire.get_problem(answer.json()) == REFUSALS[kind]


def test_wait_says_how_long_rounded_up(world) -> None:
    world.hall.say = REFUSALS["busy"]
    assert ask(world, "GET", "/appointments/482761").headers["retry-after"] == "91"


def test_a_refusal_speaks_the_readers_language(world) -> None:
    world.hall.say = REFUSALS["conflict"]
    chinese = ask(world, "POST", "/appointments", json=BOOKING)
    english = ask(world, "POST", "/appointments", json=BOOKING, headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert "健身房" in chinese.json()["detail"]
    assert "Gym" in english.json()["detail"]
    assert english.headers["content-language"] == "en"
    assert english.json()["next"][0]["facility"] == "gym"
    assert english.json()["next"][0]["say"]


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("", "zh"), ("en", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-US,en;q=0.9,zh;q=0.8", "en"), ("fr", "zh"),
        ("fr, en;q=0.5", "en"), ("en;q=0", "zh"), ("en;q=lots", "zh"), (";;;,,,", "zh"), ("*", "zh"),
    ],
)  # fmt: skip
def test_chinese_unless_english_is_asked_for(accepted, spoken) -> None:
    assert language(accepted) == spoken


@pytest.mark.parametrize("token", [None, "", "nobody", "x" * 5000])
def test_without_a_token_of_ours_there_is_nothing(world, token) -> None:
    answer = ask(world, "GET", "/facilities", token=token)
    is_problem(answer, 401, "no-token")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert world.hall.asked == []


def test_a_report_is_a_kiosks_alone(world) -> None:
    body = {"now": "2026-11-23T09:30:00+08:00", "devices": [], "slips": []}
    for token in ("clerk", "manager"):
        is_problem(ask(world, "POST", "/kiosk/report", token=token, json=body), 403, "not-your-role")


@pytest.mark.parametrize(("method", "path", "_route", "body", "_status"), [row for row in GOOD if row[0] == "POST"])
def test_every_post_wants_a_key(world, method, path, _route, body, _status) -> None:
    is_problem(ask(world, method, path, json=body, key=None), 400, "key-missing-header")
    is_problem(ask(world, method, path, json=body, key="k" * 129), 400, "key-malformed")
    assert world.hall.asked == []


@pytest.mark.parametrize(
    ("raw", "key"),
    [(b"abc", "abc"), (b'"abc"', "abc"), (b'  "a\\"b\\\\" ', 'a"b\\'), (b"a" * 128, "a" * 128), (b"!~", "!~")],
)
def test_a_key_may_stand_bare_or_quoted(raw, key) -> None:
    assert idempotency_key(raw) == key


@pytest.mark.parametrize(
    "raw", [b"", b'""', b'"', b'"abc', b"a b", b'"a b"', b"\xe4\xb8\xad", b"a" * 129, b'"a\\x"', b'"a"b"', b"a\x7f"]
)
def test_what_is_no_key_is_told_so(raw) -> None:
    with pytest.raises(Stop) as stop:
        idempotency_key(raw)
    assert stop.value.status == 400


def test_two_keys_are_no_key(world) -> None:
    headers = [("Authorization", "Bearer kiosk"), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]

    async def two() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(world.api), base_url="http://hall/api/v1") as client:
            return await client.post("/help", headers=headers, json={"page": "home"})

    is_problem(anyio.run(two), 400, "key-malformed")


MALFORMED: list[tuple[str, bytes]] = [
    ("/appointments", b"{"),
    ("/appointments", b"[]"),
    ("/appointments", b"null"),
    ("/appointments", b"\xff\xfe"),
    ("/appointments", b"[" * 50_000),
    ("/appointments", b'{"facility": ' + b"9" * 5000 + b"}"),
    ("/appointments", json.dumps({**BOOKING, "people": "2"}).encode()),
    ("/appointments", json.dumps({**BOOKING, "people": 10**40}).encode()),
    ("/appointments", json.dumps({**BOOKING, "start": "2026-11-23T14:00:00"}).encode()),
    ("/appointments", json.dumps({**BOOKING, "poeple": 2}).encode()),
    ("/appointments", b'{"facility": "gym", "start": NaN}'),
    ("/appointments", b'{"facility": "\\ud800", "start": "2026-11-23T14:00:00+08:00"}'),
    ("/appointments/find", b"{}"),
    ("/appointments/find", b'{"phone": null}'),
    ("/appointments/482761/cancel", b'{"really": true}'),
    ("/appointments/482761/reschedule", b"{}"),
    ("/help", b'{"page": 1}'),
    ("/kiosk/report", b'{"now": "2026-11-23T09:30:00+08:00", "devices": [{}], "slips": []}'),
]


@pytest.mark.parametrize(("path", "content"), MALFORMED)
def test_a_malformed_body_is_400_and_reaches_nobody(world, path, content) -> None:
    is_problem(ask(world, "POST", path, content=content), 400, "malformed")
    assert world.hall.asked == []


@pytest.mark.parametrize(
    "path",
    ["/facilities/gym/slots", "/facilities/gym/slots?date=2026-13-01", "/facilities/gym/slots?date=20261123",
     "/facilities/gym/slots?date", "/facilities?phone=13900001234", "/appointments/482761?code=482761"],
)  # fmt: skip
def test_a_malformed_query_is_400_and_not_repeated(world, path) -> None:
    answer = ask(world, "GET", path)
    is_problem(answer, 400, "malformed")
    assert "13900001234" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("GET", "/facilities/gym/nothing", 404), ("GET", "/", 404), ("PUT", "/facilities", 405),
     ("GET", "/appointments", 405), ("PUT", "/appointments/482761", 405), ("GET", "/appointments/%00", 404),
     ("GET", "/appointments/" + "1" * 300, 404)],
)  # fmt: skip
def test_an_unknown_path_or_method_is_a_problem_too(world, method, path, status) -> None:
    answer = ask(world, method, path)
    is_problem(answer, status, "no-such-page" if status == 404 else "no-such-method")


def test_a_body_too_large_is_413(world) -> None:
    is_problem(ask(world, "POST", "/appointments", content=b" " * (MOST_BODY + 1)), 413, "body-too-large")

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 4096

    async def sent_in_pieces() -> httpx.Response:
        return await world.ask("POST", "/appointments", content=pieces())

    is_problem(anyio.run(sent_in_pieces), 413, "body-too-large")
    assert world.hall.asked == []


def test_a_code_is_read_as_it_was_written(world) -> None:
    ask(world, "GET", "/appointments/HKA%3A482761%3AABC%2FDEF")
    assert world.hall.asked == [("appointment", "HKA:482761:ABC/DEF")]


def test_the_watch_hears_routes_and_never_codes_or_numbers(world) -> None:
    ask(world, "GET", "/appointments/482761")
    ask(world, "POST", "/appointments/find", json={"phone": "13900001234"})
    ask(world, "GET", "/482761")
    heard = repr(world.seen.requests)
    assert "/appointments/{code}" in heard
    assert "482761" not in heard
    assert "13900001234" not in heard


def test_what_breaks_inside_is_a_plain_sentence_outside(world) -> None:
    world.hall.say = RuntimeError("13900001234")
    answer = ask(world, "GET", "/appointments/482761")
    is_problem(answer, 500, "broken")
    assert "13900001234" not in answer.text
    assert [type(error) for error in world.seen.broken] == [RuntimeError]


@pytest.mark.parametrize("trouble", [LedgerFull("disk"), door.HallAway("gone")])
def test_trouble_with_the_ledger_is_503(world, trouble) -> None:
    world.hall.say = trouble
    assert ask(world, "POST", "/appointments", json=BOOKING).status_code == 503


def test_an_outcome_tells_a_kept_refusal_from_a_missing_command(world) -> None:
    assert wire.get_outcome(ask(world, "GET", "/commands/k-1").json()) == APPOINTMENT
    world.hall.say = REFUSALS["missing"]
    answer = ask(world, "GET", "/commands/k-1")
    assert answer.status_code == 200
    assert wire.get_outcome(answer.json()) == REFUSALS["missing"]


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["facility", "start", "phone", "people", "walk_in", "page", "now", "devices", "slips"])
        | st.text(max_size=5), inner, max_size=6,
    ),
    max_leaves=15,
)  # fmt: skip
bodies = st.one_of(junk.map(lambda value: json.dumps(value).encode()), st.binary(max_size=200))
posts = st.sampled_from([path for method, path, *_ in GOOD if method == "POST"])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(posts, bodies, st.sampled_from(["k", '"k"', "k" * 200]))
def test_no_body_brings_a_500(posting: Callable[..., Any] | str, content: bytes, key: str) -> None:
    world = World()
    answer = ask(world, "POST", posting, content=content, key=key)
    assert answer.status_code in {200, 201, 204, 400}
    assert world.seen.broken == []


segments = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=30)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["appointments", "facilities", "find", "..", "%2e", "%00"]) | segments, max_size=4))
def test_no_path_brings_a_500(parts: list[str]) -> None:
    world = World()
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    raw = ("/api/v1/" + "/".join(parts)).encode()
    scope = {"type": "http", "method": "GET", "path": "/api/v1/", "raw_path": raw, "query_string": b"",
             "headers": [(b"authorization", b"Bearer kiosk")]}  # fmt: skip
    anyio.run(lambda: world.api(scope, receive, send))
    assert sent[0]["status"] in {200, 400, 404, 405}
    assert world.seen.broken == []
