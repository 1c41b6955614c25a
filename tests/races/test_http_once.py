"""A tap counts once: however often it is sent, whatever is cut, killed or restarted in between."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from kiosk import door
from kiosk.link.http import HttpHall
from tests.halls import Hall, Line, free_starts, hall_toml, phone


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with Hall(tmp_path / "data", hall_toml(tmp_path)) as running:
        yield running


def taken(client: httpx.Client, start: str, facility: str = "many") -> int:
    slots = client.get(f"/facilities/{facility}/slots", params={"date": start[:10]}).json()["slots"]
    return next(slot["capacity"] - slot["free"] for slot in slots if slot["start"] == start)


def test_the_same_key_at_once_sixteen_times_is_one_booking(hall: Hall) -> None:
    token = hall.token("kiosk-1")
    with hall.client(token) as client:
        (start,) = free_starts(client, "many", 1)
        body = {"facility": "many", "start": start, "phone": phone(1)}

        async def hammer() -> list[tuple[int, object]]:
            lines = [await Line.to(hall.port) for _ in range(16)]
            answers = await asyncio.gather(*(line.post("/appointments", token, "tap", body) for line in lines))
            for line in lines:
                await line.close()
            return list(answers)

        answers = asyncio.run(hammer())
        assert {status for status, _ in answers} == {201}
        assert len({str(body) for _, body in answers}) == 1
        assert taken(client, start) == 1

        again = client.post("/appointments", json={**body, "phone": phone(2)}, headers={"Idempotency-Key": '"tap"'})
        assert (again.status_code, again.json()["code"]) == (422, "key-reused")
        other = hall.token("kiosk-2")
        with hall.client(other) as neighbour:
            fresh = neighbour.post(
                "/appointments", json={**body, "phone": phone(2)}, headers={"Idempotency-Key": "tap"}
            )
        assert fresh.status_code == 201, "a key's scope is its token"


def test_a_refusal_is_kept_like_an_answer(hall: Hall) -> None:
    with hall.client(hall.token("kiosk-1")) as client:
        (start,) = free_starts(client, "one", 1)
        body = {"facility": "one", "start": start}
        first = client.post("/appointments", json={**body, "phone": phone(1)}, headers={"Idempotency-Key": "a"})
        full = client.post("/appointments", json={**body, "phone": phone(2)}, headers={"Idempotency-Key": "b"})
        assert (first.status_code, full.status_code) == (201, 409)
        client.post(f"/appointments/{first.json()['code']}/cancel", headers={"Idempotency-Key": "c"})
        again = client.post("/appointments", json={**body, "phone": phone(2)}, headers={"Idempotency-Key": "b"})
        assert again.status_code == 409
        assert client.get("/commands/b").json()["outcome"]["refusal"]["code"] == "full"
        assert client.get("/commands/never").json() == {"outcome": None}


class Cutter:
    """A proxy that swallows the first `cuts` answers: the request arrives, the answer never does."""

    def __init__(self, port: int, cuts: int) -> None:
        self._port, self._cuts = port, cuts
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.swallowed: list[bytes] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._port)) as hall:
            while request := client.recv(65536):
                hall.sendall(request)
                if b"\r\n\r\n" not in request or (b"POST" in request and not request.rstrip().endswith(b"}")):
                    hall.sendall(client.recv(65536))
                said = hall.recv(65536)
                while not said.endswith(b"}"):
                    said += hall.recv(65536)
                if len(self.swallowed) < self._cuts:
                    self.swallowed.append(said)
                    return
                client.sendall(said)

    def close(self) -> None:
        self._server.close()


@contextmanager
def cutter(port: int, cuts: int) -> Iterator[Cutter]:
    proxy = Cutter(port, cuts)
    try:
        yield proxy
    finally:
        proxy.close()


def test_a_lost_answer_costs_no_second_booking(hall: Hall) -> None:
    token = hall.token("kiosk-1")
    with hall.client(token) as client, cutter(hall.port, cuts=2) as proxy:
        (start,) = free_starts(client, "many", 1)

        async def book() -> object:
            kiosk = HttpHall(f"http://127.0.0.1:{proxy.port}", token)
            try:
                return await kiosk.book("tap", door.Booking("many", datetime.fromisoformat(start), phone(1)))
            finally:
                await kiosk.close()

        booked = asyncio.run(book())
        assert isinstance(booked, door.Appointment)
        assert len(proxy.swallowed) == 2
        assert all(b"201" in said[:20] for said in proxy.swallowed), "the cut answers were bookings"
        assert booked.code.encode() in proxy.swallowed[0]
        assert taken(client, start) == 1


def test_a_hall_killed_before_it_could_answer_books_once(hall: Hall, tmp_path: Path) -> None:
    token = hall.token("kiosk-1")
    with hall.client(token) as client:
        (start,) = free_starts(client, "many", 1)
    booking = door.Booking("many", datetime.fromisoformat(start), phone(1))
    with cutter(hall.port, cuts=1_000) as proxy:

        async def book() -> None:
            kiosk = HttpHall(f"http://127.0.0.1:{proxy.port}", token, command_s=0.6)
            try:
                with pytest.raises(door.HallAway):
                    await kiosk.book("tap", booking)
            finally:
                await kiosk.close()

        asyncio.run(book())
        assert proxy.swallowed, "the hall had done it"
    hall.kill()
    hall.start()

    async def ask() -> tuple[object, object]:
        kiosk = HttpHall(hall.url, token)
        try:
            return await kiosk.outcome("tap"), await kiosk.book("tap", booking)
        finally:
            await kiosk.close()

    known, again = asyncio.run(ask())
    assert isinstance(known, door.Appointment)
    assert isinstance(again, door.Appointment)
    assert known.code == again.code
    with hall.client(token) as client:
        assert taken(client, start) == 1


def test_a_megabyte_is_refused_in_words_and_the_hall_goes_on(hall: Hall) -> None:
    with hall.client(hall.token("kiosk-1")) as client:
        for _ in range(3):
            huge = client.post("/appointments", content=b" " * 1_000_000, headers={"Idempotency-Key": "k"})
            assert (huge.status_code, huge.json()["code"]) == (413, "body-too-large")
        took = []
        for _ in range(3):
            began = time.monotonic()
            assert client.get("/about").status_code == 200
            took.append(time.monotonic() - began)
        assert min(took) < 1
