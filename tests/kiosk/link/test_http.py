"""The door over HTTP against halls that lie, stall, cut the line or say nothing at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kiosk import door, wire
from kiosk.link.http import ATTEMPT_S, COMMAND_S, HttpHall
from tests.kiosk.test_wire import SAY
from tests.kiosk.web.scripted import APPOINTMENT, NOW, REFUSALS

BOOKING = door.Booking("gym", NOW, "13900001234")
Say = Callable[[int], bytes | None]


def answer(status: int, body: object, more: str = "") -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(content)}\r\n{more}\r\n".encode() + content


@asynccontextmanager
async def hall(say: Say, **more: Any) -> AsyncIterator[tuple[HttpHall, list[bytes]]]:
    """A server that answers its n-th request with `say(n)`; None cuts the line without a word."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = 0
                for line in head.lower().split(b"\r\n"):
                    if line.startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                heard.append(head + await reader.readexactly(length))
                said = say(len(heard) - 1)
                if said is None:
                    return
                if said == b"stall":
                    await asyncio.sleep(30)
                writer.write(said)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    asked = HttpHall(f"http://127.0.0.1:{port}", "token", **{"command_s": 1.5, **more})
    try:
        yield asked, heard
    finally:
        await asked.close()
        server.close()


def run(go: Callable[[], Any]) -> Any:
    return asyncio.run(asyncio.wait_for(go(), 60))


def test_a_lost_answer_is_asked_again_under_the_same_key() -> None:
    async def go() -> None:
        good = answer(201, wire.put_appointment(APPOINTMENT))
        async with hall(lambda n: None if n < 2 else good, command_s=30) as (asked, heard):
            assert await asked.book("key-1", BOOKING) == APPOINTMENT
            assert len(heard) == 3
            assert all(b"idempotency-key: key-1\r\n" in one.lower() for one in heard)
            assert len({one.split(b"\r\n\r\n")[1] for one in heard}) == 1

    run(go)


def test_without_any_answer_the_hall_is_away_at_the_deadline() -> None:
    async def go() -> None:
        async with hall(lambda _n: None) as (asked, heard):
            began = asyncio.get_running_loop().time()
            with pytest.raises(door.HallAway):
                await asked.book("key-1", BOOKING)
            assert asyncio.get_running_loop().time() - began < COMMAND_S, "it was given less"
            assert len(heard) > 2

    run(go)


def test_a_hall_that_stalls_is_away_at_the_deadline() -> None:
    async def go() -> None:
        async with hall(lambda _n: b"stall", command_s=0.5) as (asked, _heard):
            began = asyncio.get_running_loop().time()
            with pytest.raises(door.HallAway):
                await asked.cancel("key-1", "482761")
            assert asyncio.get_running_loop().time() - began < ATTEMPT_S, "it was given less than one attempt"

    run(go)


def test_nobody_at_the_address_is_away() -> None:
    async def go() -> None:
        asked = HttpHall("http://127.0.0.1:9", "token", command_s=0.5)
        with pytest.raises(door.HallAway):
            await asked.facilities()
        starting = HttpHall(lambda: None, lambda: None, command_s=0.3)
        with pytest.raises(door.HallAway):
            await starting.facilities()

    run(go)


LIES = [
    b"<html>captive portal</html>", b"", b"null", b"[]", b"{}", b'"ok"', b"\xff", b"[" * 100_000, b'{"id": 5}',
    json.dumps({**wire.put_appointment(APPOINTMENT), "start": "soon"}).encode(),
    json.dumps({**wire.put_appointment(APPOINTMENT), "state": "eaten"}).encode(),
    json.dumps({**wire.put_appointment(APPOINTMENT), "may": "everything"}).encode(),
]  # fmt: skip


@pytest.mark.parametrize("status", [200, 204, 302, 404, 500, 999])
@pytest.mark.parametrize("lie", LIES, ids=range(len(LIES)))
def test_what_is_no_answer_of_a_hall_is_not_believed(status, lie) -> None:
    async def go() -> None:
        said = answer(status, lie, "Location: http://127.0.0.1:9/\r\n") if status != 204 else b"HTTP/1.1 204 X\r\n\r\n"
        async with hall(lambda _n: said) as (asked, _heard):
            with pytest.raises(door.HallAway):
                await asked.appointment("482761")

    run(go)


@pytest.mark.parametrize("kind", sorted(REFUSALS))
def test_every_refusal_comes_through(kind) -> None:
    async def go() -> None:
        body = wire.put_problem(REFUSALS[kind], SAY, "title")
        async with hall(lambda _n: answer(wire.STATUS[kind], body)) as (asked, _heard):
            assert await asked.appointment("482761") == REFUSALS[kind]

    run(go)


def test_a_token_that_is_not_known_is_no_refusal_to_a_resident() -> None:
    async def go() -> None:
        body = wire.put_problem(REFUSALS["missing"], SAY, "title", 401)
        async with hall(lambda _n: answer(401, body)) as (asked, _heard):
            with pytest.raises(door.HallAway):
                await asked.appointment("482761")

    run(go)


def test_the_halls_clock_is_measured_from_its_answers() -> None:
    async def go() -> None:
        said = (datetime.now(UTC) + timedelta(minutes=3)).isoformat()
        body = wire.put_outcome(None, lambda _refusal: {})
        async with hall(lambda _n: answer(200, body, f"Hall-Time: {said}\r\n"), command_s=30) as (asked, _heard):
            assert asked.skew is None
            assert await asked.outcome("key-1") is None
            assert asked.skew is not None
            assert abs(asked.skew - timedelta(minutes=3)) < timedelta(seconds=20)

    run(go)


@pytest.mark.parametrize("said", ["", "yesterday", "2026-11-23T09:30:00", "\x7f"])
def test_a_nonsense_clock_is_left_alone(said) -> None:
    async def go() -> None:
        body = wire.put_outcome(None, lambda _refusal: {})
        async with hall(lambda _n: answer(200, body, f"Hall-Time: {said}\r\n"), command_s=30) as (asked, _heard):
            assert await asked.outcome("key-1") is None
            assert asked.skew is None

    run(go)


def test_an_answer_without_end_is_cut_off() -> None:
    async def go() -> None:
        endless = b"HTTP/1.1 200 X\r\nContent-Length: 50000000\r\n\r\n" + b" " * 5_000_000
        async with hall(lambda _n: endless) as (asked, _heard):
            with pytest.raises(door.HallAway):
                await asked.appointment("482761")

    run(go)


@pytest.mark.parametrize("code", ["..", "a/b", "a?b#c", "%2e%2e", " ", "健身房", "HKA:482761:ABCDEFGH", "\ud800"])
def test_any_code_stays_one_segment_of_the_path(code) -> None:
    async def go() -> None:
        body = wire.put_problem(REFUSALS["missing"], SAY, "title")
        async with hall(lambda _n: answer(404, body)) as (asked, heard):
            assert await asked.appointment(code) == REFUSALS["missing"]
            path = heard[0].split(b" ")[1]
            assert path.startswith(b"/api/v1/appointments/")
            assert path.count(b"/") == 4
            assert b"?" not in path

    run(go)


def test_ten_thousand_letters_are_no_code_and_never_leave() -> None:
    async def go() -> None:
        async with hall(lambda _n: None) as (asked, heard):
            refused = await asked.appointment("1" * 10_000)
            assert isinstance(refused, door.Refusal)
            assert refused.kind == "missing"
            assert heard == []

    run(go)
