"""What watches a process hears that it serves and lives, and hears nothing once what matters stands still."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import httpx
import pytest

from kiosk.ledger import LedgerTrouble
from kiosk.ledger.sqlite import SqliteLedger
from kiosk.watchdog import Watchdog
from kiosk.web.watched import watched
from tests.halls import Hall, hall_toml

PATIENCE_S = 30


class Ear:
    """Where systemd would listen."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self.path))
        self._socket.settimeout(PATIENCE_S)

    def hears(self) -> str:
        """The next word, however long it takes."""
        return self._socket.recv(4096).decode()

    def heard(self) -> list[str]:
        """What has come so far."""
        found = []
        self._socket.setblocking(False)
        try:
            while True:
                found.append(self._socket.recv(4096).decode())
        except BlockingIOError:
            return found
        finally:
            self._socket.settimeout(PATIENCE_S)

    def environ(self, seconds: float | None = 60) -> dict[str, str]:
        more = {} if seconds is None else {"WATCHDOG_USEC": str(round(seconds * 1e6)), "WATCHDOG_PID": "1"}
        return {"NOTIFY_SOCKET": str(self.path), **more}

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    made = Ear(tmp_path)
    yield made
    made.close()


def test_a_loop_says_that_it_is_ready_once_and_that_it_lives_in_time(ear: Ear) -> None:
    now = [100.0]
    watchdog = Watchdog(ear.environ(60), lambda: now[0])
    heard = []
    for second in range(100):  # a turn a second
        now[0] = 100.0 + second
        watchdog.turned()
        heard += [(second, word) for word in ear.heard()]
    assert heard == [(0, "READY=1"), (0, "WATCHDOG=1"), *((s, "WATCHDOG=1") for s in (30, 60, 90))]
    assert ear.heard() == [], "nothing while the loop stands still"


def test_nobody_counts_or_nobody_listens(ear: Ear, tmp_path: Path) -> None:
    ready_only = Watchdog(ear.environ(None))
    for _ in range(3):
        ready_only.turned()
    assert ear.heard() == ["READY=1"]
    for environ in ({}, {"WATCHDOG_USEC": "60000000"}, {"NOTIFY_SOCKET": str(tmp_path / "gone"), "WATCHDOG_USEC": "x"},
                    {"NOTIFY_SOCKET": "@nobody-of-this-name", "WATCHDOG_USEC": "2"}):  # fmt: skip
        quiet = Watchdog(environ)
        quiet.turned()
        quiet.alive()
        quiet.ending()
    assert ear.heard() == []


class Asked(SqliteLedger):
    """Answers a question only when the test lets it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.asked: list[Future[None]] = []
        self.lets = threading.Event()

    def write(self, command):  # type: ignore[no-untyped-def]
        self.asked.append(Future())
        if self.lets.is_set():
            self.asked[-1].set_result(None)
        return self.asked[-1]


def test_a_hall_whose_ledger_does_not_answer_falls_silent(ear: Ear, tmp_path: Path) -> None:
    ledger = Asked(tmp_path / "hall.db")

    async def run() -> None:
        task = asyncio.create_task(watched(Watchdog(ear.environ(0.002)), ledger))
        assert await asyncio.to_thread(ear.hears) == "READY=1"
        for _ in range(100):  # many times what it would need
            await asyncio.sleep(0.001)
        assert ear.heard() == [], "it was not seen to answer"
        assert len(ledger.asked) == 1
        ledger.asked[0].set_exception(LedgerTrouble("no room"))  # an answer, too
        ledger.lets.set()
        assert await asyncio.to_thread(ear.hears) == "WATCHDOG=1"
        assert await asyncio.to_thread(ear.hears) == "WATCHDOG=1"
        task.cancel()

    asyncio.run(run())


def test_without_a_watchdog_the_ledger_is_left_alone(tmp_path: Path) -> None:
    ledger = Asked(tmp_path / "hall.db")
    asyncio.run(watched(Watchdog({}), ledger))
    assert ledger.asked == []


CHILD = """
import os, socket, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
mouth = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
mouth.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
while True: time.sleep(60)
"""


def test_what_a_child_says_is_handed_on_and_its_end_is_asked_for(ear: Ear) -> None:
    command = [sys.executable, "-m", "kiosk.watchdog", sys.executable, "-c", CHILD]
    process = subprocess.Popen(command, env={**os.environ, **ear.environ()})
    try:
        assert ear.hears() == "READY=1"
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 7, "it ends as what it ran"
    finally:
        process.kill()
        process.wait()


def test_a_hall_process_says_when_it_serves_while_it_does_and_when_it_ends(
    ear: Ear, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one proof that all of it is wired; so a real process."""
    for name, value in ear.environ(0.2).items():
        monkeypatch.setenv(name, value)
    with Hall(tmp_path / "data", hall_toml(tmp_path)) as hall:
        assert ear.hears() == "READY=1"
        assert ear.hears() == "WATCHDOG=1"
        assert httpx.get(f"{hall.url}/healthz", trust_env=False, timeout=PATIENCE_S).status_code == 200
        assert hall.end() == 0
    assert "STOPPING=1" in ear.heard()
