"""Thirty-two at once on one place: one gets it, thirty-one are told so, twenty times over: on SQLite and PostgreSQL,
in one process and in two. And the same with the guard taken away, to see that the test would tell."""

from __future__ import annotations

import asyncio
import multiprocessing
import sqlite3
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kiosk.door import Appointment, Booking
from kiosk.hall import places
from kiosk.hall.answers import ms
from kiosk.ledger import Hot
from tests.kiosk.hall.building import KIOSK, at, build

ROUNDS = 20
CARELESS_ROUNDS = 6
CLIENTS = 32
STARTS = [at(hour, days=days) for days in range(3, 30) if (at(9, days=days).weekday()) < 5 for hour in (9, 14)][:ROUNDS]

_LOOK = "SELECT taken FROM slot WHERE facility = '{}' AND begins = {}"
_TAKE_ANYWAY = Hot(
    "INSERT INTO slot (facility, begins, capacity, taken) VALUES (:facility, :begins, :roof, :places)"
    " ON CONFLICT (facility, begins) DO UPDATE SET taken = slot.taken + excluded.taken, capacity = excluded.capacity"
)


def contend(data: Path, url: str, threads: int, barrier: Any, results: Any, careless: str | None) -> None:
    """One hall process with its clients; each puts (round, what it got) into `results`."""
    house = build(data, url)
    seen: dict[int, int] = {}  # slot → places taken, as they stood on the page before anybody pressed
    look = _outside(data, url)
    if careless is not None:
        roof = {"roof": 1_000_000 if careless == "no guard" else 1}

        def claim(tx, facility, begins, wanted, capacity):
            if seen[begins] + wanted > capacity:
                return False
            return tx.run(_TAKE_ANYWAY, facility=facility, begins=begins, places=wanted, **roof) == 1

        places.claim = claim
    got: list[tuple[int, str, str]] = []

    def client(number: int) -> None:
        door = house.door(KIOSK)
        with asyncio.Runner() as runner:
            for turn, start in enumerate(STARTS if careless is None else STARTS[:CARELESS_ROUNDS]):
                booking = Booking("remote-education", start, f"139{number:04d}{turn:04d}")
                if careless is not None:
                    begins = ms(start)
                    seen[begins] = look("remote-education", begins)
                barrier.wait(200)
                answer = runner.run(door.book(f"{number}-{turn}", booking))
                if isinstance(answer, Appointment):
                    got.append((turn, "booked", answer.id))
                else:
                    got.append((turn, answer.reason.code, "offers" if answer.next else "no way on"))

    clients = [threading.Thread(target=client, args=(_first(barrier, threads) + n,)) for n in range(threads)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    house.close()
    results.put(got)


def _first(barrier: Any, threads: int) -> int:
    name = multiprocessing.current_process().name
    return int(name.rpartition("-")[2]) * threads if "-" in name else 0


def _outside(data: Path, url: str):
    """How a program that looks first and writes later looks: on a connection of its own, before it writes."""
    own = threading.local()

    def look(facility: str, begins: int) -> int:
        if not hasattr(own, "connection"):
            sqlite = url.startswith("sqlite")
            own.connection = sqlite3.connect(data / "hall.db") if sqlite else psycopg.connect(url, autocommit=True)
        row = own.connection.execute(_LOOK.format(facility, begins)).fetchone()
        return row[0] if row else 0

    return look


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    return "sqlite:///hall.db" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


def race(tmp_path: Path, url: str, processes: int, careless: str | None = None) -> Counter[tuple[int, str]]:
    build(tmp_path, url).close()
    fresh = multiprocessing.get_context("forkserver")  # a fresh process, its imports done
    fresh.set_forkserver_preload([__name__])
    results, barrier = fresh.Queue(), fresh.Barrier(CLIENTS)
    share = CLIENTS // processes
    halls = [
        fresh.Process(target=contend, args=(tmp_path, url, share, barrier, results, careless), name=f"hall-{n}")
        for n in range(processes)
    ]
    for hall in halls:
        hall.start()
    got = [entry for _ in halls for entry in results.get(timeout=240)]
    for hall in halls:
        hall.join(10)
    assert len(got) == CLIENTS * (ROUNDS if careless is None else CARELESS_ROUNDS), (
        "every client got an answer every time"
    )
    refused = [entry for entry in got if entry[1] != "booked"]
    if careless is None:
        assert not [entry for entry in refused if entry[2] != "offers"], "no refusal without a way on"
    house = build(tmp_path, url)
    stands = house.commands.ledger.read(
        lambda tx: tx.all(Hot("SELECT begins, count(*) FROM appointment WHERE state = 'booked' GROUP BY begins"))
    )
    house.close()
    by_round = Counter(turn for turn, what, _ in got if what == "booked")
    assert sorted(count for _, count in stands) == sorted(by_round.values()), "what was told is what stands"
    return Counter((turn, what) for turn, what, _ in got)


@pytest.mark.parametrize("processes", [1, 2])
def test_one_place_is_had_by_one_and_refused_to_thirty_one(tmp_path, url, processes):
    told = race(tmp_path, url, processes)
    assert told == Counter(
        {(turn, "booked"): 1 for turn in range(ROUNDS)} | {(turn, "full"): 31 for turn in range(ROUNDS)}
    )


def test_behind_a_careless_statement_the_named_constraint_still_holds(tmp_path, url):
    told = race(tmp_path, url, 2, careless="look first")
    assert {told[turn, "booked"] for turn in range(CARELESS_ROUNDS)} == {1}


def test_without_any_guard_the_same_race_overbooks(tmp_path, url):
    told = race(tmp_path, url, 2, careless="no guard")
    assert min(told[turn, "booked"] for turn in range(CARELESS_ROUNDS)) > 1, (
        "everybody saw the place free and nobody else took it: this proof proves nothing"
    )
