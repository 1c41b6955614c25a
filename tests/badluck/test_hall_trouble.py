"""The hall's ledger full, locked, damaged, without its key; the hall dead, its hall.toml broken, a clock that is wrong:
the resident is told, staff are told, nothing is half done, and it heals by itself. Real processes on both sides."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from kiosk.clock import SystemClock
from kiosk.door import Reason
from kiosk.flows.steps import Away, Bar, Finished, Pick, Refused, Step, Waiting
from kiosk.ledger import Event, open_ledger
from kiosk.link.beside import ASK_S, looked_for
from kiosk.reasons import REASONS
from kiosk.words import Words
from tests.badluck.conftest import Town, settle
from tests.badluck.kiosks import Kiosk, to_check
from tests.halls import main_py

# A request on its way when a kiosk goes leaves its socket to the collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
RESIDENT = Words("zh")


def says(step: Step, code: str, *words: str) -> bool:
    """Does the page give this reason, and a sentence of its own with these words?"""
    reason: Reason | None = None
    if isinstance(step, Refused):
        reason = step.refusal.reason
    elif isinstance(step, Waiting):
        reason = step.away
    if reason is None or reason.code != code:
        return False
    sentence = RESIDENT.reason(reason)
    assert code in REASONS
    assert all(word in sentence for word in words), sentence
    return True


def health(town: Town) -> tuple[int, dict]:
    answer = httpx.get(f"{town.hall.url}/healthz", timeout=20)
    return answer.status_code, answer.json()


def unwell(town: Town, code: str) -> bool:
    """Does /healthz come to say what is wrong, with 503?"""

    def told() -> bool:
        status, body = health(town)
        return status == 503 and body["ledger"]["reason"]["code"] == code

    return soon(told)


def soon(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 30
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def home(kiosk: Kiosk) -> None:
    """The resident goes; the next one finds the waiting page."""
    if not isinstance(kiosk.page, Waiting):
        kiosk.do(Bar("home"), Bar("back"))
    kiosk.until("Waiting")


def books(kiosk: Kiosk, town: Town, number: int) -> Step:
    """A whole visit up to the end of the order."""
    home(kiosk)
    to_check(kiosk, "many", town.starts[number % len(town.starts)], f"1390000{number:04d}")
    kiosk.do(Pick("yes"))
    assert kiosk.pump(lambda: isinstance(kiosk.page, Finished | Refused | Away)), kiosk.page
    return kiosk.page


def tries(kiosk: Kiosk) -> Step:
    """Somebody wants to book while nothing works: the page the first questions end on."""
    home(kiosk)
    kiosk.do(Pick("start"), Pick("book"))
    assert kiosk.pump(lambda: isinstance(kiosk.page, Refused | Away | Waiting) or _asks(kiosk)), kiosk.page
    if _asks(kiosk):
        kiosk.do(Pick("many"))
        assert kiosk.pump(lambda: isinstance(kiosk.page, Refused | Away)), kiosk.page
    return kiosk.page


def _asks(kiosk: Kiosk) -> bool:
    return type(kiosk.page).__name__ == "ChooseFacility"


def heals(kiosk: Kiosk) -> bool:
    home(kiosk)
    return kiosk.pump(lambda: isinstance(kiosk.page, Waiting) and kiosk.page.away is None)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Town]:
    data = tmp_path / "data"
    data.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", data], check=False).returncode:
        pytest.skip("a small disk can only be mounted by root")
    try:
        yield from settle(tmp_path, data)
    finally:
        subprocess.run(["umount", "-l", data], check=True)


def test_disk_full(small_disk):
    town = small_disk
    with town.kiosk() as kiosk:
        assert isinstance(books(kiosk, town, 1), Finished)
        with (town.data / "fill").open("wb", buffering=0) as fill:
            while True:
                try:
                    fill.write(b"x" * 4096)
                except OSError:
                    break
        page = books(kiosk, town, 2)
        assert says(page, "ledger-full", "存满", "没有办成", "窗口"), page
        assert unwell(town, "ledger-full")
        home(kiosk)
        assert kiosk.pump(lambda: says(kiosk.page, "ledger-full")), kiosk.page
        town.hall.kill()
        town.again()  # also a hall that starts on a full disk stands, and says so
        assert unwell(town, "ledger-full")
        assert len(town.booked()) == 1
        (town.data / "fill").unlink()
        assert heals(kiosk)
        assert health(town)[0] == 200
        assert isinstance(books(kiosk, town, 2), Finished)
    assert len(town.booked()) == 2


def test_locked_by_another_process(town):
    with town.kiosk() as kiosk:
        other = sqlite3.connect(town.data / "hall.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        took = []
        for _ in range(4):
            began = time.monotonic()
            assert any(looked_for(town.data)), "a kiosk takes this hall for gone and starts a second one"
            took.append(time.monotonic() - began)
        assert min(took) < ASK_S, "the hall waits for the lock before it says how it is"
        page = books(kiosk, town, 1)
        assert isinstance(page, Away), page
        assert page.pending  # not "it was not done": nobody knows
        assert unwell(town, "ledger-locked")
        other.execute("ROLLBACK")
        other.close()
        assert isinstance(kiosk.until("Finished"), Finished)  # the same order, under its old key
        assert kiosk.pump(lambda: kiosk.page.paper == "printed")
        assert soon(lambda: health(town)[0] == 200)
    assert len(town.booked()) == 1
    assert len(town.printer.slips) == 1


def test_damaged_then_restored(town):
    with town.kiosk() as kiosk:
        assert isinstance(books(kiosk, town, 1), Finished)
        assert kiosk.pump(lambda: kiosk.page.paper == "printed")
        copy = town.folder / "copy.db"
        assert main_py("backup", str(copy), "--data", str(town.data)).returncode == 0
        file = town.data / "hall.db"
        with file.open("r+b") as raw:
            for at in range(8192, file.stat().st_size, 4096):
                raw.seek(at)
                raw.write(os.urandom(4096))
        assert soon(lambda: says(tries(kiosk), "ledger-damaged", "故障", "没有办成", "窗口")), kiosk.page
        assert unwell(town, "ledger-damaged")
        home(kiosk)
        assert kiosk.pump(lambda: says(kiosk.page, "ledger-damaged")), kiosk.page
        town.hall.kill()
        town.again()
        assert unwell(town, "ledger-damaged")
        assert soon(lambda: isinstance(tries(kiosk), Away | Refused))
        done = main_py("restore", str(copy), "--data", str(town.data))
        assert done.returncode == 0, done.stderr
        assert heals(kiosk)
        assert isinstance(books(kiosk, town, 2), Finished)
        assert health(town)[0] == 200
    assert len(town.booked()) == 2
    assert list(town.data.glob("hall.db.damaged-*")), "the damaged file is kept for whoever can read it"


def test_key_file_missing(town):
    with town.kiosk() as kiosk:
        assert isinstance(books(kiosk, town, 1), Finished)
        key = town.data / "hall.key"
        key.rename(town.folder / "hall.key")
        assert soon(lambda: health(town)[1]["key"]["state"] == "warning")  # while all works still
        assert health(town)[0] == 200
        town.hall.kill()
        town.again()
        assert unwell(town, "key-missing")
        assert not key.exists(), "a key is never silently made anew"
        home(kiosk)
        assert kiosk.pump(lambda: says(kiosk.page, "key-missing", "钥匙文件", "窗口")), kiosk.page
        assert says(tries(kiosk), "key-missing")
        (town.folder / "hall.key").rename(key)
        assert heals(kiosk)
        assert isinstance(books(kiosk, town, 2), Finished)
        assert health(town)[0] == 200
    assert len(town.booked()) == 2


def test_ledger_missing_at_a_start(town):
    with town.kiosk() as kiosk:
        assert isinstance(books(kiosk, town, 1), Finished)
        copy = town.folder / "copy.db"
        assert main_py("backup", str(copy), "--data", str(town.data)).returncode == 0
        town.hall.kill()
        for file in town.data.glob("hall.db*"):
            file.unlink()
        refused = main_py("token", "another", "--role", "kiosk", "--data", str(town.data))
        assert refused.returncode == 1
        assert "restore" in refused.stderr
        town.again()
        assert unwell(town, "ledger-missing")
        assert "restore" in town.hall.log.read_text()
        assert not (town.data / "hall.db").exists(), "an empty ledger is never made silently"
        assert main_py("restore", str(copy), "--data", str(town.data)).returncode == 0
        assert heals(kiosk)
        assert isinstance(books(kiosk, town, 2), Finished)
    assert len(town.booked()) == 2


def test_hall_dead_and_hall_toml_broken_after_an_update(town):
    with town.kiosk() as kiosk:
        kiosk.pump(lambda: isinstance(kiosk.page, Waiting) and kiosk.page.facts is not None)
        to_check(kiosk, "many", town.starts[0], "13900000001")
        town.hall.kill()
        kiosk.do(Pick("yes"))
        page = kiosk.until("Away")
        assert isinstance(page, Away)
        assert page.pending
        assert "没有回应" in RESIDENT.reason(page.reason)
        good = town.toml.read_text(encoding="utf-8")
        bad = good.replace("capacity = 1\n", "capacity = 0\n").replace('noon = "12:00"', 'none = "12:00"')
        town.toml.write_text(bad)
        refused = main_py("hall", "--hall", str(town.toml), "--data", str(town.data), "--port", "0")
        assert refused.returncode == 2
        for word in ("facilities[0].capacity", "0", "hall.none", "现在 found", "应为 wanted"):
            assert word in refused.stderr, refused.stderr
        assert "Traceback" not in refused.stderr
        town.toml.write_text(good)
        town.again()
        assert isinstance(kiosk.until("Finished"), Finished)  # the resident's order, not lost and not doubled
        assert kiosk.pump(lambda: kiosk.page.paper == "printed")
        home(kiosk)
        town.hall.kill()
        assert kiosk.pump(lambda: says(kiosk.page, "hall-away", "没有回应", "工作人员")), kiosk.page
        town.again()
        assert heals(kiosk)
    assert len(town.booked()) == 1
    assert len(town.printer.slips) == 1


class Ahead(SystemClock):
    """A kiosk's clock that is wrong by so much."""

    def __init__(self, by: timedelta) -> None:
        super().__init__()
        self.by = by

    def now(self) -> datetime:
        return super().now() + self.by


def test_clocks_that_differ(town):
    clock = Ahead(timedelta(minutes=7))
    with town.kiosk(clock=clock) as kiosk:
        assert kiosk.pump(lambda: says(kiosk.page, "kiosk-clock", "以大厅为准")), kiosk.page
        assert abs(kiosk.visit.hall_now(clock.now()) - SystemClock().now()) < timedelta(seconds=5)
        head = {"Authorization": f"Bearer {town.token}"}

        def kiosks() -> list[dict]:
            return health(town)[1]["kiosks"]

        assert soon(lambda: bool(kiosks())), head
        ledger = open_ledger("sqlite:///hall.db", town.data)
        try:
            assert [e.event.type for e in ledger.log(0)].count("cn.hall.kiosk.clock-wrong.v1") == 1
            assert isinstance(books(kiosk, town, 1), Finished)
            # The hall's own clock has jumped back: its log knows a later time than it shows.
            late = round((time.time() + 3600) * 1000)
            ledger.write(lambda tx: tx.append([Event("later", "cn.hall.test.v1", "/halls/test/1", "x", late)])).result()
            page = books(kiosk, town, 2)
            assert says(page, "clock-doubt", "钟", "不能办理", "窗口"), page
            home(kiosk)
            assert kiosk.pump(lambda: says(kiosk.page, "clock-doubt")), kiosk.page
            assert soon(lambda: health(town)[1]["clock"]["state"] == "doubt")
            # A manager's word ends it.
            now = round(time.time() * 1000)
            right = Event("right", "cn.hall.clock.declared.v1", "/halls/test/1", "clock", now, declares=True)
            ledger.write(lambda tx: tx.append([right])).result()
        finally:
            ledger.close()
        assert kiosk.pump(lambda: says(kiosk.page, "kiosk-clock")), kiosk.page
        clock.by = timedelta()  # set right: it jumps back while somebody stands here
        assert isinstance(books(kiosk, town, 2), Finished)
        home(kiosk)
        assert heals(kiosk)
    assert len(town.booked()) == 2
