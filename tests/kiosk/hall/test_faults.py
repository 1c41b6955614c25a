"""Bad luck with the ledger: the reason is named, nothing is half done, and it heals when the cause is gone."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

from kiosk.clock import FakeClock
from kiosk.door import Appointment, Refusal
from kiosk.hall import open_hall
from kiosk.ledger import Vault
from kiosk.ledger.sqlite import SqliteLedger
from tests.kiosk.hall.building import KIOSK, MONDAY, Resident, at, build, demo, run


def refused(answer: object, code: str) -> None:
    assert isinstance(answer, Refusal), answer
    assert (answer.kind, answer.reason.code) == ("broken", code)


def still_answers(resident: Resident, code: str) -> None:
    """What needs no ledger is answered, and says what is wrong."""
    facts = run(resident.door.about())
    assert facts.today.periods
    assert facts.clock_doubt is not None
    assert facts.clock_doubt.code == code


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own that can be full."""
    if os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("only root may mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=True)
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk(small_disk):
    house = build(small_disk)
    resident = Resident(house.door(KIOSK))
    first = resident.book()
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 4096):
                pass
        except OSError:
            pass
    answers = [resident.book("gym", at(15), key=f"k{n}") for n in range(20)]
    full = [n for n, answer in enumerate(answers) if isinstance(answer, Refusal) and answer.kind == "broken"]
    assert full, "the disk was not full"
    refused(answers[full[-1]], "ledger-full")
    assert resident.look(first.code) == first, "what stands can still be read"
    ballast.unlink()
    again = [resident.book("gym", at(15), key=f"k{n}") for n in range(20)]
    held = [answer for answer in again if isinstance(answer, Appointment)]
    assert len(held) == 10
    for before, after in zip(answers, again, strict=True):
        assert after == before or before.kind == "broken"
    house.close()


def test_a_ledger_that_may_not_grow(tmp_path, monkeypatch):
    house = build(tmp_path)
    resident = Resident(house.door(KIOSK))
    resident.book()
    connect = SqliteLedger._connect
    limited = [True]

    def small(self, **more):
        connection = connect(self, **more)
        if limited[0]:
            connection.execute("PRAGMA max_page_count=1")
        return connection

    monkeypatch.setattr(SqliteLedger, "_connect", small)
    house.commands.ledger._let_go()
    answers = [resident.book("gym", at(16), key=f"k{n}") for n in range(40)]
    refused(answers[-1], "ledger-full")
    limited[0] = False
    assert (
        not isinstance(resident.book("gym", at(16), key="k39"), Refusal)
        or len([a for a in answers if isinstance(a, Appointment)]) == 10
    )
    house.close()


def test_a_ledger_that_another_program_holds(tmp_path):
    ledger = SqliteLedger(tmp_path / "hall.db", patience_s=0.3)
    house = open_hall(demo(), ledger, Vault(tmp_path / "hall.key"), FakeClock(MONDAY))
    resident = Resident(house.door(KIOSK))
    first = resident.book()
    thief = sqlite3.connect(tmp_path / "hall.db", isolation_level=None)
    thief.execute("BEGIN IMMEDIATE")
    refused(resident.book(key="k"), "ledger-locked")
    assert resident.look(first.code) == first
    thief.execute("ROLLBACK")
    assert isinstance(resident.book(key="k"), Appointment)
    thief.close()
    house.close()


def test_a_damaged_ledger_at_the_start(tmp_path):
    house = build(tmp_path)
    booked = Resident(house.door(KIOSK)).book()
    house.close()
    good = (tmp_path / "hall.db").read_bytes()
    for harm in (b"noise" * 4000, good[:8192] + os.urandom(4096) + good[12288:], good[: len(good) // 2]):
        (tmp_path / "hall.db").write_bytes(harm)
        house = build(tmp_path)
        resident = Resident(house.door(KIOSK))
        refused(resident.book(), "ledger-damaged")
        still_answers(resident, "ledger-damaged")
        assert run(house.attention()).trouble.code == "ledger-damaged"
        (tmp_path / "hall.db").write_bytes(good)
        assert resident.look(booked.code) == booked, "healed without a restart"
        house.close()


def test_a_ledger_that_vanishes_is_not_made_anew(tmp_path):
    house = build(tmp_path)
    resident = Resident(house.door(KIOSK))
    booked = resident.book()
    (tmp_path / "hall.db").rename(tmp_path / "elsewhere")
    house.commands.ledger._look_at = 0.0
    refused(resident.book(), "ledger-damaged")
    assert not (tmp_path / "hall.db").exists()
    (tmp_path / "elsewhere").rename(tmp_path / "hall.db")
    house.commands.ledger._look_at = 0.0
    assert isinstance(resident.book(), Appointment)
    assert resident.look(booked.code) == booked
    house.close()


def test_a_missing_key_file(tmp_path):
    house = build(tmp_path)
    booked = Resident(house.door(KIOSK)).book(phone="13912345678")
    house.close()
    shutil.move(tmp_path / "hall.key", tmp_path / "kept")
    house = build(tmp_path)
    resident = Resident(house.door(KIOSK))
    refused(resident.book(), "key-missing")
    still_answers(resident, "key-missing")
    assert not (tmp_path / "hall.key").exists(), "never silently made anew"
    shutil.move(tmp_path / "kept", tmp_path / "hall.key")
    assert resident.look(booked.code) == booked
    house.close()


def test_a_postgresql_that_is_not_there_and_comes(tmp_path, postgres_server, postgres_url):
    house = build(tmp_path, postgres_url.replace("hall_", "nothere_"))
    refused(Resident(house.door(KIOSK)).book(), "ledger-damaged")
    house.close()


def test_connections_cut_by_the_server_are_made_again(tmp_path, postgres_url):
    import psycopg

    house = build(tmp_path, postgres_url)
    resident = Resident(house.door(KIOSK))
    booked = resident.book(key="k")
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert resident.look(booked.code) == booked
    assert resident.book(key="k") == booked
    house.close()
