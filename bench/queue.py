"""Numbers taken and called a second over HTTP, by one client and by sixteen, in a new hall and in one with a million
old tickets. Hall and clients share the machine, as they do here."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import uvloop

from bench import http_load
from bench.figures import Figure, median
from bench.hall import Standing, a_hall
from bench.halls import ROOT, WINDOWS

MANY = 16
TURN = {1: 1000, MANY: 3000}
GOALS = {1: 1000, MANY: 2000}
LATE_MS = 25.0
OLD = 1_000_000
SLOWER = 1.2
_TICKETS = """
WITH RECURSIVE old(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM old WHERE n < :many)
INSERT INTO ticket (id, number, letter, day, n, service, line, kind, since, state, aim, back, rejoined, taken_at,
 changed_at, turn, at_window)
SELECT '20240101-' || printf('%032d', n), 'A' || n, 'A', '2024-01-01', n, 'party', 'A', 'walk-in', n, 'done', '', '', 0,
 n, n, 2, '1' FROM old
"""
_CALLS = """
INSERT INTO ticket_call (ticket, at_window, line, since, at, again, again_at, why, ended_at, ending)
SELECT id, '1', 'A', n, n, 0, n, '{"code":"why-first","facts":{}}', n + 60000, 'done' FROM ticket
"""
_EVENTS = """
INSERT INTO event (id, type, source, subject, at, high, data)
SELECT id || '-0', 'cn.hall.ticket.issued.v1', '/halls/old/1', id, n, n, '{"number":"A001"}' FROM ticket
"""


class Rates(NamedTuple):
    """What came out of one hall: rates and 99th percentiles by number of clients."""

    taken: dict[int, float]
    called: dict[int, float]
    taken_late: dict[int, float]
    called_late: dict[int, float]
    empty: float
    work_us: dict[str, float]


def measure(*, rounds: int, old: int = OLD) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        new = _one_hall(Path(folder), rounds)
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder:
        _age(Path(folder) / "data", old)
        aged = _one_hall(Path(folder), rounds)
    for what, rate, late, after in (
        ("numbers taken", new.taken, new.taken_late, aged.taken),
        ("calls", new.called, new.called_late, aged.called),
    ):
        for clients, goal in GOALS.items():
            yield Figure(f"{what} a second over HTTP, {clients} client{'s' if clients > 1 else ''}",
                         f"≥ {goal:,}", f"{new.empty:.0f} (healthz)", f"{rate[clients]:.0f}",
                         rate[clients] >= goal)  # fmt: skip
        yield Figure(f"{what}, {MANY} clients: p99", f"≤ {LATE_MS:.0f} ms", "", f"{late[MANY]:.1f} ms",
                     late[MANY] <= LATE_MS)  # fmt: skip
        yield Figure(f"hall's processor time for one of the {what}", "reported",
                     f"{new.work_us['empty']:.0f} µs (healthz)", f"{new.work_us[what]:.0f} µs", None)  # fmt: skip
        slower = rate[MANY] / after[MANY]
        yield Figure(f"{what} after {old:,} old tickets, {MANY} clients", f"≤ {SLOWER}× slower", f"{rate[MANY]:.0f}",
                     f"{after[MANY]:.0f} ({slower:.2f}×)", slower <= SLOWER)  # fmt: skip


def _age(data: Path, old: int) -> None:
    """A ledger with so many tickets of another year, called and done, with their events."""
    from kiosk.ledger import Hot, open_ledger

    data.mkdir(parents=True)
    ledger = open_ledger("sqlite:///hall.db", data)
    ledger.write(lambda tx: tx.run(Hot(_TICKETS), many=old)).result()
    ledger.write(lambda tx: tx.run(Hot(_CALLS))).result()
    ledger.write(lambda tx: tx.run(Hot(_EVENTS))).result()
    ledger.close()


def _one_hall(folder: Path, rounds: int) -> Rates:
    taken, called = {clients: list[float]() for clients in GOALS}, {clients: list[float]() for clients in GOALS}
    taken_late, called_late = {n: list[float]() for n in GOALS}, {n: list[float]() for n in GOALS}
    empty: list[float] = []
    work = {"empty": list[float](), "numbers taken": list[float](), "calls": list[float]()}
    with a_hall(folder, "clerk") as standing:
        _open(standing)
        for turn in range(-1, rounds):  # the first turn warms the hall
            for clients, total in TURN.items():
                marks = [_worked_s(standing)]
                base = _load(standing, clients, total, lambda _n: http_load.get("/healthz"), {200})
                marks.append(_worked_s(standing))
                took = _load(standing, clients, total, _taking(standing, turn, clients), {201})
                marks.append(_worked_s(standing))
                calls = _load(standing, clients, total, _calling(standing, turn, clients), {200})
                marks.append(_worked_s(standing))
                if turn >= 0 and clients == MANY:
                    for spent, before, after in zip(work.values(), marks, marks[1:], strict=False):
                        spent.append((after - before) / total * 1e6)
                if turn >= 0:
                    empty.append(base.rate)
                    taken[clients].append(took.rate)
                    called[clients].append(calls.rate)
                    taken_late[clients].append(took.at(0.99))
                    called_late[clients].append(calls.at(0.99))
    return Rates(*({n: median(found[n]) for n in GOALS} for found in (taken, called, taken_late, called_late)),
                 median(empty), {name: median(spent) for name, spent in work.items()})  # fmt: skip


def _worked_s(standing: Standing) -> float:
    """Processor time of all the hall's threads so far, which a busy machine changes less than it does a rate."""
    tasks = Path(f"/proc/{standing.process.pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def _load(standing: Standing, clients: int, total: int, request: http_load.Request, good: set[int]) -> http_load.Tally:
    tally = uvloop.run(http_load.load("127.0.0.1", standing.port, clients, total, request))
    if set(tally.statuses) != good:
        raise RuntimeError(f"not every answer was good: {dict(tally.statuses)}")
    return tally


def _open(standing: Standing) -> None:
    body = {"services": ["party", "health"]}

    def request(n: int) -> bytes:
        return http_load.post(f"/api/v1/windows/{n + 1}/open", standing.token, f"open-{n}", body)

    _load(standing, 1, WINDOWS, request, {200})


def _taking(standing: Standing, turn: int, clients: int) -> http_load.Request:
    def request(n: int) -> bytes:
        body = {"service": "health" if n % 2 else "party"}
        return http_load.post("/api/v1/tickets", standing.token, f"take-{turn}-{clients}-{n}", body)

    return request


def _calling(standing: Standing, turn: int, clients: int) -> http_load.Request:
    """Each client calls at whatever window is next in turn: with sixteen of both, nearly always one of its own."""

    def request(n: int) -> bytes:
        path = f"/api/v1/windows/{n % WINDOWS + 1}/call-next"
        return http_load.post(path, standing.token, f"call-{turn}-{clients}-{n}", {})

    return request
