"""Real hall processes for tests: `main.py hall` on a port of the system's choice, and raw sockets to speak to them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from bench.http_load import get, post
from kiosk.clock import SystemClock
from kiosk.door import Role
from kiosk.hall.accounts import Accounts
from kiosk.ledger import open_ledger
from kiosk.link import notes

ROOT = Path(__file__).resolve().parent.parent
MAIN = ROOT / "main.py"
HALL = """
[hall]
id = "test"
name = "测试大厅"
name_en = "Test hall"
address = "路 1 号"
address_en = "1 Road"
region = "220000"
zone = "Asia/Shanghai"
noon = "12:00"
hours = { mon-fri = ["9:00-12:00", "14:00-17:30"] }

[[facilities]]
id = "one"
name = "单人间"
name_en = "Single room"
capacity = 1
slot = { minutes = 60 }
lead = { minutes = 0 }
horizon = 30

[[facilities]]
id = "many"
name = "大教室"
name_en = "Big room"
capacity = 10000
slot = { minutes = 60 }
lead = { minutes = 0 }
horizon = 30
"""


def hall_toml(folder: Path) -> Path:
    """A hall with one room for one and one room for everybody."""
    path = folder / "hall.toml"
    path.write_text(HALL, encoding="utf-8")
    return path


def main_py(*words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, str(MAIN), *words], capture_output=True, text=True, timeout=200, check=False, **more
    )


class Hall:
    """One running hall process."""

    patience_s = 60.0

    def __init__(self, data: Path, toml: Path, *more: str, port: int = 0) -> None:
        self.data, self.toml, self._more, self._port = data, toml, more, port
        self.start()

    def start(self) -> None:
        """Start (again), and wait until it serves."""
        self.begin()
        until = time.monotonic() + self.patience_s
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError(f"the hall ended: {self.log.read_text()}")
            line = next((one for one in notes.read(self.data).lines if one.pid == self.process.pid), None)
            if line is not None:
                self.url = line.url
                self.port = urlsplit(self.url).port or 0
                return
            time.sleep(0.01)
        raise AssertionError(f"the hall does not answer: {self.log.read_text()}")

    def begin(self) -> None:
        """Start it, and wait for nothing."""
        self.data.mkdir(parents=True, exist_ok=True)
        self.log = self.data / f"hall-{time.monotonic_ns()}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(MAIN), "hall", "--hall", str(self.toml), "--data", str(self.data), "--port",
                 str(self._port), *self._more],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def token(self, name: str, role: str = "kiosk") -> str:
        """A new token, made as the command makes it (`test_command_line`), without a process of its own."""
        with closing(open_ledger(notes.read(self.data).ledger, self.data)) as ledger:
            return Accounts(ledger, SystemClock()).make_token(name, Role(role))

    def client(self, token: str) -> httpx.Client:
        """Plain HTTP at /api/v1."""
        return httpx.Client(base_url=f"{self.url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=20)

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """SIGTERM; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.kill()


@contextmanager
def halls(data: Path, toml: Path, count: int, *more: str) -> Iterator[list[Hall]]:
    """Several processes on one data folder and ledger."""
    started: list[Hall] = []
    try:
        for _ in range(count):
            started.append(Hall(data, toml, *more))  # noqa: PERF401 - those started must be ended if one fails
        yield started
    finally:
        for hall in started:
            if hall.process.poll() is None:
                hall.kill()


@dataclass(slots=True)
class Line:
    """One kept raw connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, port: int) -> Line:
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, request: bytes) -> tuple[int, Any]:
        """One request, its status and body."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        body = await self.reader.readexactly(length)
        return int(head[9:12]), json.loads(body) if body else None

    async def post(self, path: str, token: str, key: str, body: object) -> tuple[int, Any]:
        """One POST."""
        return await self.send(post(f"/api/v1{path}", token, key, body))

    async def get(self, path: str, token: str) -> tuple[int, Any]:
        """One GET."""
        return await self.send(get(f"/api/v1{path}", token))

    async def close(self) -> None:
        """Hang up, and see it done: a loop that ended before would leave the socket to the next test's warnings."""
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


def free_starts(client: httpx.Client, facility: str, wanted: int) -> list[str]:
    """Starts that can be booked, the last ones first: none of them begins while a test runs."""
    days = [day["day"] for day in client.get(f"/facilities/{facility}/days").json()["days"] if day["free"]]
    found: list[str] = []
    for day in reversed(days):
        slots = client.get(f"/facilities/{facility}/slots", params={"date": day}).json()["slots"]
        found += [slot["start"] for slot in slots if slot["bookable"] and slot["free"]]
        if len(found) >= wanted:
            return found[:wanted]
    raise AssertionError(f"only {len(found)} free slots of {facility}")


def phone(number: int) -> str:
    """A telephone number of its own for each number."""
    return f"139{number:08d}"


def alive(pid: int) -> bool:
    """Does a process of this id run? A zombie does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


__all__ = ["MAIN", "ROOT", "Hall", "Line", "alive", "free_starts", "hall_toml", "halls", "main_py", "phone"]
