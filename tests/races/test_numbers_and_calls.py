"""Sixteen clients take two thousand numbers, sixteen windows call until nobody waits: no number twice, none missing,
nobody called twice, nobody left; on SQLite and PostgreSQL, in one process and in two. And the same with the guards
taken away, to see that the test would tell."""

from __future__ import annotations

import asyncio
import dataclasses
import multiprocessing
import queue as waiting_line
import sqlite3
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kiosk.config import Settings
from kiosk.config.settings import WindowSettings
from kiosk.door import Name, Refusal, Ticket, TicketOrder
from kiosk.hall import queue
from kiosk.ledger import Broke, Hot, Tx
from tests.kiosk.hall.building import CLERK, KIOSK, build, demo

CLIENTS = 16
EACH = 125
FEW = 12  # a careless hall shows itself sooner
SERVICES = ("party", "health")
_MOVE_ANYWAY = Hot(
    "UPDATE ticket SET state = :state, line = :line, since = :since, at_window = :at_window, aim = :aim, back = :back,"
    " rejoined = :rejoined, changed_at = :changed_at, turn = turn + 1"
    " WHERE id = :id AND coalesce(:was, '') <> '' AND :seen >= 0"
)
_ANYONE = "SELECT id FROM ticket WHERE state = 'waiting' AND line = 'A' ORDER BY since, n LIMIT 1"


def sixteen_windows() -> Settings:
    names = [str(n) for n in range(1, CLIENTS + 1)]
    return dataclasses.replace(demo(), windows=tuple(WindowSettings(n, Name(f"{n}号窗口"), SERVICES) for n in names))


def contend(data: Path, url: str, first: int, threads: int, barrier: Any, results: Any, careless: str) -> None:
    """One hall process with its clients: each takes numbers, then its window calls until nobody waits."""
    house = build(data, url, settings=sixteen_windows())
    each = FEW if careless else EACH
    if careless:
        _take_guards_away(data, url, careless)
    got: list[tuple[str, str]] = []

    def client(number: int) -> None:
        door, counter, window = house.door(KIOSK), house.counter(CLERK), str(number + 1)
        with asyncio.Runner() as runner:
            barrier.wait(200)
            for turn in range(each):
                service = "party" if careless else SERVICES[turn % 2]
                try:
                    ticket = runner.run(door.take_ticket(f"take-{number}-{turn}", TicketOrder(service)))
                except Broke as broke:
                    got.append(("broke", broke.constraint))
                    continue
                got.append(("took", ticket.number) if isinstance(ticket, Ticket) else ("refused", ticket.reason.code))
            runner.run(counter.open_window(f"open-{number}", window))
            barrier.wait(200)
            for turn in range(CLIENTS * each * 2):
                called = runner.run(counter.call_next(f"call-{number}-{turn}", window))
                if called is None:
                    return
                got.append(("called", called.number) if isinstance(called, Ticket) else ("no", called.reason.code))
                if isinstance(called, Refusal):
                    return

    clients = [threading.Thread(target=client, args=(first + n,)) for n in range(threads)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    house.close()
    results.put(got)


def _take_guards_away(data: Path, url: str, careless: str) -> None:
    """As a program does it that looks first, decides in its own head, and writes later."""
    own = threading.local()
    Tx.alone = lambda tx: None

    def look(sql: str) -> Any:
        if not hasattr(own, "connection"):
            sqlite = url.startswith("sqlite")
            own.connection = sqlite3.connect(data / "hall.db") if sqlite else psycopg.connect(url, autocommit=True)
        return own.connection.execute(sql).fetchone()

    if careless == "numbers":

        def give(tx, letter, day):
            last = look("SELECT coalesce(max(n), 0) FROM ticket WHERE letter = 'A'")[0]
            tx.one(queue.GIVE, letter=letter, day=day)
            return last + 1, 1

        queue.give = give
    else:
        queue.MOVE = _MOVE_ANYWAY
        queue._LESS = Hot("UPDATE ticket_counter SET waiting = waiting WHERE day = :day AND letter = :letter")
        real = queue.heads

        def heads(tx, day, window, letters):
            row = look(_ANYONE)
            if row is None:
                return real(tx, day, window, letters)
            number = queue.by_id(tx, row[0])
            return {number.id: number}

        queue.heads = heads


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    return "sqlite:///hall.db" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


def race(tmp_path: Path, url: str, processes: int, careless: str = "") -> list[tuple[str, str]]:
    house = build(tmp_path, url, settings=sixteen_windows())
    house.commands.prepare()
    if careless == "calls":
        house.commands.ledger.write(lambda tx: tx.run(Hot("DROP INDEX ticket_call_ticket_once"))).result()
    house.close()
    fresh = multiprocessing.get_context("forkserver")  # a fresh process, its imports done
    fresh.set_forkserver_preload([__name__])
    results, barrier = fresh.Queue(), fresh.Barrier(CLIENTS)
    share = CLIENTS // processes
    halls = [
        fresh.Process(target=contend, args=(tmp_path, url, n * share, share, barrier, results, careless))
        for n in range(processes)
    ]
    for hall in halls:
        hall.start()
    try:
        got = [entry for _ in halls for entry in results.get(timeout=240)]
    except waiting_line.Empty:
        raise AssertionError("a hall did not end") from None
    finally:
        for hall in halls:
            hall.join(10)
            hall.kill()
    return got


@pytest.mark.parametrize("processes", [1, 2])
def test_two_thousand_numbers_and_everybody_called_once(tmp_path, url, processes):
    got = race(tmp_path, url, processes)
    assert {what for what, _ in got} == {"took", "called"}
    took = Counter(number for what, number in got if what == "took")
    party = CLIENTS * ((EACH + 1) // 2)
    wanted = {f"A{n:03d}" for n in range(1, party + 1)} | {f"C{n:03d}" for n in range(1, CLIENTS * EACH - party + 1)}
    assert took == Counter(wanted), "a number twice, or one missing"
    called = Counter(number for what, number in got if what == "called")
    assert called == Counter(wanted), "somebody called twice, or left"
    house = build(tmp_path, url, settings=sixteen_windows())
    rows = house.commands.ledger.read(
        lambda tx: (
            tx.all(Hot("SELECT state, count(*) FROM ticket GROUP BY state")),
            tx.all(Hot("SELECT sum(last), sum(waiting) FROM ticket_counter")),
            tx.all(Hot("SELECT count(*) FROM ticket_call WHERE ended_at IS NULL")),
        )
    )
    house.close()
    assert rows == ([("done", CLIENTS * EACH)], [(CLIENTS * EACH, 0)], [(0,)]), "what was told is what stands"


def test_behind_a_careless_count_the_named_constraint_still_holds(tmp_path, url):
    got = race(tmp_path, url, 2, careless="numbers")
    took = Counter(number for what, number in got if what == "took")
    assert max(took.values()) == 1
    assert ("broke", "ticket_number_once") in got or len(took) == CLIENTS * FEW


def test_without_any_guard_the_same_race_calls_somebody_twice(tmp_path, url):
    got = race(tmp_path, url, 2, careless="calls")
    called = Counter(number for what, number in got if what == "called")
    assert max(called.values()) > 1, "the race did not happen: this proof proves nothing"
