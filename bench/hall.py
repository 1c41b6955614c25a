"""Bookings a second over HTTP from sixteen clients on kept connections, beside an endpoint that does nothing, and what
a hall weighs at rest. Hall and clients share the machine, as they do here."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import uvloop

from bench import http_load
from bench.figures import Figure, median
from bench.halls import ROOT, in_a_while, phone, roomy_hall

CLIENTS = 16
TURN = 3000


class Standing(NamedTuple):
    """A running hall."""

    process: subprocess.Popen[bytes]
    port: int
    token: str


@contextmanager
def some_halls(folder: Path, role: str, count: int = 1, ledger: str | None = None) -> Iterator[list[Standing]]:
    """`main.py hall` so many times over one data folder and ledger, each on a port of the system's choice, with one
    token of this role."""
    data, toml = folder / "data", roomy_hall(folder)
    command = [sys.executable, str(ROOT / "main.py")]
    words = [*command, "hall", "--port", "0", "--data", data, "--hall", toml]
    words += ["--ledger", ledger] if ledger else []
    processes = []
    try:
        for _ in range(count):
            processes.append(subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                              stderr=subprocess.DEVNULL))
            _wait_for(data, processes[-1])
        token = subprocess.run([*command, "token", "bench", "--role", role, "--data", data], check=True, text=True,
                               capture_output=True).stdout.strip()
        yield [Standing(process, urlsplit(_wait_for(data, process)).port or 0, token) for process in processes]
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


def _wait_for(data: Path, process: subprocess.Popen[bytes]) -> str:
    """Where this process answers."""
    from kiosk.link import notes

    until = time.monotonic() + 60
    while True:
        for line in notes.read(data).lines:
            if line.pid == process.pid:
                return line.url
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the hall does not answer; it ended with {process.poll()}")
        time.sleep(0.1)


@contextmanager
def a_hall(folder: Path, role: str = "kiosk") -> Iterator[Standing]:
    """One of them."""
    with some_halls(folder, role) as (standing,):
        yield standing


def resident_mb(pid: int) -> float:
    """Resident memory in MB (10⁶ bytes), own and shared."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * 1024 / 1e6


def asked(standing: Standing, path: str) -> dict[str, list[dict[str, object]]]:
    """One GET of the API."""
    request = urllib.request.Request(f"http://127.0.0.1:{standing.port}/api/v1{path}",
                                     headers={"Authorization": f"Bearer {standing.token}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def slots(standing: Standing) -> list[str]:
    """Starts that can be booked, over several days."""
    days = in_a_while(datetime.now(ZoneInfo("Asia/Shanghai")))
    found = (asked(standing, f"/facilities/reading-room/slots?date={day}")["slots"] for day in days)
    return [str(slot["start"]) for day in found for slot in day if slot["bookable"]]


def measure(*, rounds: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder, a_hall(Path(folder)) as standing:
        time.sleep(5)
        at_rest = resident_mb(standing.process.pid)
        starts = slots(standing)
        empty, booked, late = [], [], []

        def booking(turn: int) -> http_load.Request:
            def request(n: int) -> bytes:
                number = (turn + 1) * TURN + n
                body = {"facility": "reading-room", "start": starts[n % len(starts)], "phone": phone(number)}
                return http_load.post("/api/v1/appointments", standing.token, f"bench-{number}", body)
            return request

        def nothing(_n: int) -> bytes:
            return http_load.get("/healthz")

        for turn in range(-1, rounds):
            base = uvloop.run(http_load.load("127.0.0.1", standing.port, CLIENTS, TURN, nothing))
            ours = uvloop.run(http_load.load("127.0.0.1", standing.port, CLIENTS, TURN, booking(turn)))
            if set(ours.statuses) != {201}:
                raise RuntimeError(f"not every booking was taken: {dict(ours.statuses)}")
            if turn >= 0:  # the first turn warms both
                empty.append(base.rate)
                booked.append(ours.rate)
                late.append(ours.at(0.99))
        loaded = resident_mb(standing.process.pid)
    rate = median(booked)
    yield Figure(f"bookings a second over HTTP, {CLIENTS} clients", "≥ 1,500", f"{median(empty):.0f} (healthz)",
                 f"{rate:.0f} ({rate / median(empty):.2f}×), p99 {median(late):.1f} ms", rate >= 1500)
    bare = bare_server_mb()
    yield Figure("hall's memory at rest", "≤ 130 MB", f"{bare:.0f} MB (uvicorn, SQLAlchemy)", f"{at_rest:.0f} MB",
                 at_rest <= 130)
    yield Figure("hall's memory after the load", "reported", "", f"{loaded:.0f} MB", None)


def bare_server_mb() -> float:
    """A Python with only the server and the database library in it."""
    code = "import uvicorn, uvloop, sqlalchemy, jinja2, pathlib; print(pathlib.Path('/proc/self/status').read_text())"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    return int(next(line for line in said.splitlines() if line.startswith("VmRSS")).split()[1]) * 1024 / 1e6
