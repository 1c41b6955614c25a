"""The kiosk's journal: sealed, short-lived, one kiosk's, and never in the way."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.clock import FakeClock
from kiosk.ledger.journal import FolderLock, Journal, KioskInUse
from tests.kiosk.station.helpers import CANARY, at


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(at(9))


@pytest.fixture
def journal(tmp_path: Path, clock: FakeClock):
    opened = Journal(tmp_path, clock.now)
    yield opened
    opened.close()


def everything(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()) if file.is_file())


def test_a_job_is_queued_once(journal: Journal):
    assert journal.queue("a", {"subject": "x"})
    assert not journal.queue("a", {"subject": "x"})
    journal.state("a", "begun", {"subject": "x"})
    assert [(job.job, job.state, dict(job.content)) for job in journal.jobs()] == [("a", "begun", {"subject": "x"})]
    journal.strip("a")
    assert not journal.queue("a", {}), "told of, still never again"
    assert journal.jobs() == (), "a day's slips are not read again each time something is told"
    known = journal.job("a")
    assert known is not None
    assert (known.state, known.content) == ("begun", {})
    assert journal.job("b") is None


def test_nothing_can_be_read_without_the_key(journal: Journal, tmp_path: Path):
    journal.queue("a", {"subject": CANARY})
    journal.sending("k", {"method": CANARY})
    assert CANARY.encode() not in everything(tmp_path)
    assert journal.commands()[0].content["method"] == CANARY
    assert stat.S_IMODE((tmp_path / "journal.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "journal.db").stat().st_mode) == 0o600


def test_it_outlives_the_process_and_forgets_after_a_day(tmp_path: Path, clock: FakeClock):
    first = Journal(tmp_path, clock.now)
    first.queue("a", {"subject": "x"})
    first.sending("k", {"method": "book"})
    first.close()
    clock.advance(timedelta(hours=23, minutes=59))
    second = Journal(tmp_path, clock.now, monotonic=clock.monotonic)
    second.purge(believed=True)
    assert [job.content["subject"] for job in second.jobs()] == ["x"]
    clock.advance(timedelta(minutes=2))
    second.purge()
    assert second.jobs(), "nobody said that the wall clock is right"
    second.purge(believed=True)
    assert second.jobs() == () == second.commands()
    second.close()


def test_a_clock_that_jumps_makes_nothing_older(tmp_path: Path):
    wall, passed = FakeClock(datetime(1970, 1, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai"))), [0.0]
    journal = Journal(tmp_path, wall.now, monotonic=lambda: passed[0])
    journal.queue("a", {"subject": "x"})
    journal.sending("k", {"method": "book"})
    wall.set(datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Shanghai")))  # a dead battery, then the network's time
    passed[0] = 23 * 3600
    journal.purge(believed=True)
    assert journal.jobs()
    assert journal.commands()
    passed[0] = 24 * 3600
    journal.purge()
    assert journal.jobs() == () == journal.commands()
    journal.sending("later", {})
    journal.close()
    again = Journal(tmp_path, wall.now, monotonic=lambda: passed[0])
    wall.advance(timedelta(days=400))  # and the other way: it starts with a date far ahead
    again.purge()
    assert again.commands()
    passed[0] += 24 * 3600
    again.purge()
    assert again.commands() == (), "nothing is kept longer for want of a clock"
    again.close()


def test_a_second_kiosk_is_refused_by_name(tmp_path: Path):
    first = FolderLock(tmp_path, "hall-pc pid 42")
    with pytest.raises(KioskInUse) as refused:
        FolderLock(tmp_path, "another")
    assert refused.value.holder == "hall-pc pid 42"
    first.release()
    FolderLock(tmp_path, "another").release()


def test_a_killed_kiosk_gives_the_folder_back(tmp_path: Path):
    code = ("import sys, time; from pathlib import Path; from kiosk.ledger.journal import FolderLock\n"
            f"lock = FolderLock(Path({str(tmp_path)!r}), 'first'); print('held', flush=True); time.sleep(60)")
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(KioskInUse, match="first"):
            FolderLock(tmp_path, "second")
        process.kill()
        process.wait()
    FolderLock(tmp_path, "second").release()


@pytest.mark.parametrize("damage", [b"", b"not a database, certainly not one" * 300, None])
def test_a_damaged_journal_is_put_aside_and_said(tmp_path: Path, clock: FakeClock, damage: bytes | None):
    first = Journal(tmp_path, clock.now)
    for n in range(200):
        first.queue(f"job {n}", {"subject": "x" * 50})
    first.close()
    path = tmp_path / "journal.db"
    raw = path.read_bytes()
    if damage is None:
        path.write_bytes(raw[:4096] + os.urandom(len(raw) - 4096))
    else:
        path.write_bytes(damage)
    second = Journal(tmp_path, clock.now)
    assert second.trouble is None
    assert second.set_aside or damage == b""
    assert second.queue("new", {"subject": "y"})
    assert [job.job for job in second.jobs()] == ["new"]
    second.close()


def test_damage_while_it_runs_heals(journal: Journal, tmp_path: Path):
    journal.queue("a", {"subject": "x"})
    other = sqlite3.connect(tmp_path / "journal.db")
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    (tmp_path / "journal.db").write_bytes(b"garbage" * 2000)
    assert journal.queue("b", {"subject": "y"})
    assert journal.queue("c", {"subject": "z"})
    assert journal.trouble is None


def test_a_lost_key_makes_it_new(tmp_path: Path, clock: FakeClock):
    first = Journal(tmp_path, clock.now)
    first.queue("a", {"subject": "x"})
    first.close()
    (tmp_path / "journal.key").unlink()
    second = Journal(tmp_path, clock.now)
    assert second.set_aside
    assert second.queue("b", {})
    second.close()


def test_a_full_disk_is_a_state_and_heals(tmp_path: Path, clock: FakeClock):
    journal = Journal(tmp_path, clock.now, most_pages=12, monotonic=clock.monotonic)
    for n in range(300):
        assert journal.queue(f"job {n:03d}", {"subject": "x" * 200}), "printing goes on"
    assert journal.trouble == "journal-full"
    journal.state("job 299", "printed", {})
    clock.advance(timedelta(hours=25))
    journal.purge()
    assert journal.trouble is None
    assert journal.queue("later", {"subject": "y"})
    assert journal.trouble is None
    journal.close()


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path, clock: FakeClock):
    (tmp_path / "file").write_text("in the way")
    journal = Journal(tmp_path / "file", clock.now)
    assert journal.trouble == "journal-unwritable"
    assert journal.queue("a", {})
    journal.sending("k", {})
    assert journal.jobs() == () == journal.commands()
    journal.close()
