"""The log as events: who hears what, nothing lost after a cut, and how soon, within a process and across two."""

from __future__ import annotations

import contextlib
import json
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

import httpx
import pytest

from kiosk.door import Role
from kiosk.hall import Caller
from kiosk.web.events import BEAT_S
from tests.kiosk.web.standing import Standing, soon

CLERK = Caller("c", "012", Role.CLERK)


class Listener:
    """An open stream: (moment it came, id, type, data) as they come."""

    def __init__(self, hall: Standing, role: Role, after: int | None = None, name: str = "") -> None:
        token = hall.house.accounts.make_token(name or f"{role.value}-{time.monotonic_ns()}", role)
        headers = {"Authorization": f"Bearer {token}"} | ({} if after is None else {"Last-Event-ID": str(after)})
        self.heard: Queue[tuple[float, int, str, dict[str, object]]] = Queue()
        self._ready, self._ended = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._read, args=(f"{hall.url}/api/v1/events", headers), daemon=True)
        self._thread.start()
        assert self._ready.wait(30)
        hall.also.callback(self.close)

    def _read(self, url: str, headers: dict[str, str]) -> None:
        patience = httpx.Timeout(30)
        with contextlib.suppress(httpx.HTTPError), httpx.Client(timeout=patience) as client, client.stream(
            "GET", url, headers=headers
        ) as got:  # fmt: skip
            assert got.headers["content-type"] == "text/event-stream"
            frame: dict[str, str] = {}
            for line in self._lines(got):
                if line.startswith(":"):
                    self._ready.set()
                elif line:
                    name, _colon, value = line.partition(": ")
                    frame[name] = value
                elif frame:
                    data = json.loads(frame["data"])
                    self.heard.put((time.monotonic(), int(frame["id"]), frame["event"], data))
                    frame = {}

    def _lines(self, got: httpx.Response) -> Iterator[str]:
        sock = got.extensions["network_stream"].get_extra_info("socket")
        self._socket = sock
        for line in got.iter_lines():
            if self._ended.is_set():
                return
            yield line

    def next(self) -> tuple[float, int, str, dict[str, object]]:
        return self.heard.get(timeout=30)

    def close(self) -> None:
        if not self._ended.is_set():
            self._ended.set()
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._thread.join(30)


def morning(hall: Standing, count: int) -> None:
    hall.numbers("civil-affairs", count)
    counter = hall.house.counter(CLERK)
    hall.run(counter.open_window("open", "2"))


def test_each_role_hears_what_its_pages_show(hall: Standing) -> None:
    kiosk, clerk, manager = (Listener(hall, role) for role in Role)
    morning(hall, 1)
    hall.run(hall.house.counter(CLERK).call_next("n", "2"))
    hall.run(hall.house.closing(Caller("m", "m", Role.MANAGER)).enter_year("y", 2031, {}))

    def types(listener: Listener, count: int) -> list[str]:
        return [listener.next()[2].removeprefix("cn.hall.") for _ in range(count)]

    assert types(kiosk, 3) == ["window.opened.v1", "ticket.called.v1", "calendar.notice-entered.v1"]
    assert types(clerk, 4)[0] == "ticket.issued.v1"
    _at, seq, _type, said = manager.next()
    assert seq > 0
    assert {"specversion", "id", "type", "source", "subject", "time", "data"} <= said.keys()


def test_who_comes_back_misses_nothing(hall: Standing) -> None:
    first = Listener(hall, Role.CLERK)
    morning(hall, 2)
    seen = [first.next() for _ in range(3)]
    first.close()
    hall.numbers("health", 40)
    again = Listener(hall, Role.CLERK, after=seen[0][1])
    heard = [again.next()[1] for _ in range(42)]
    assert heard == list(range(seen[0][1] + 1, seen[0][1] + 43)), "in order, without a gap"
    with httpx.Client() as client:
        token = hall.house.accounts.make_token("t", Role.CLERK)
        headers = {"Authorization": f"Bearer {token}", "Last-Event-ID": "x"}
        wrong = client.get(f"{hall.url}/api/v1/events", headers=headers)
    assert wrong.status_code == 400


def test_without_a_token_nothing_is_heard(hall: Standing) -> None:
    assert httpx.get(f"{hall.url}/api/v1/events").status_code == 401
    assert httpx.get(f"{hall.url}/staff/stream").status_code == 401


def test_the_hall_ends_though_pages_listen(hall: Standing) -> None:
    Listener(hall, Role.CLERK)
    began = time.monotonic()
    hall.stop()
    assert time.monotonic() - began < BEAT_S, "it waited for the next beat"


def test_listeners_who_hang_up_are_forgotten(hall: Standing) -> None:
    feed = hall.app._feed
    listeners = [Listener(hall, Role.CLERK) for _ in range(5)]
    soon(lambda: feed.ears == 5)
    for listener in listeners:
        listener.close()
    hall.numbers("health", 1)
    soon(lambda: feed.ears == 0)


@pytest.mark.parametrize(("beside", "most_ms"), [(False, 30), (True, 125)])
def test_a_call_is_heard_soon(hall: Standing, beside: bool, most_ms: float) -> None:
    """Call → event, in the calling process and in another one (here another ledger and loop on the same file). The
    goals are p99 20 ms and 250 ms on an idle machine (`bench`); this machine may be busy, so half of the calls tell:
    who looks so often that 95 of a hundred are heard within twice the time hears half of them within it."""
    if beside:
        with Standing(hall.data, hall.clock) as other:
            assert took(hall, other) <= most_ms
    else:
        assert took(hall, hall) <= most_ms


def test_a_call_is_heard_soon_through_postgresql(tmp_path: Path, postgres_url: str) -> None:
    with Standing(tmp_path / "data", url=postgres_url) as hall, Standing(
        hall.data, hall.clock, url=postgres_url
    ) as other:  # fmt: skip
        assert took(hall, other) <= 50


def took(hall: Standing, other: Standing) -> float:
    """Half of the calls made at `hall` are heard at `other` within so many milliseconds."""
    morning(hall, 40)
    listener, counter, taken = Listener(other, Role.KIOSK), hall.house.counter(CLERK), []
    hall.run(counter.call_next("first", "2"))
    listener.next()  # now every line stands
    for call in range(30):
        hall.run(counter.call_next(f"c{call}", "2"))
        done = time.monotonic()
        taken.append(1000 * (listener.next()[0] - done))
        time.sleep(0.01)
    listener.close()
    print(f"p50 {statistics.median(taken):.1f} ms, longest {max(taken):.1f} ms")
    return statistics.median(taken)
