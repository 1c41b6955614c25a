"""A telephone number as a canary: after a visit has finished, timed out or been killed it is in no live object, no
texture, no log, no database file, no slip and no picture; only its last four digits where they are allowed.
"""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.flows.steps import EnterPhone, Finished, Waiting
from tests.journeys.walks import booked, to_check, to_mine, to_phone
from tests.memory import living

pytestmark = pytest.mark.window

# made of pieces at run time, so that neither this file's constants nor a test's arguments hold it
_PIECES = ("139", "86", "42", "7315")


def canary() -> str:
    return "".join(_PIECES)


def forms() -> Iterator[str]:
    """The number as it is typed, grouped, and its digits without the last four."""
    whole = canary()
    yield whole
    yield f"{whole[:3]} {whole[3:7]} {whole[7:]}"
    yield whole[:7]
    yield f"{whole[:3]} {whole[3:7]}"


def in_memory() -> list[str]:
    return living(*forms())


def on_disk(folder: Path) -> list[str]:
    needles = [form.encode(code) for form in forms() for code in ("utf-8", "utf-16-le")]
    return [f"{path.name}" for path in folder.rglob("*") if path.is_file()
            if any(needle in path.read_bytes() for needle in needles)]


@pytest.fixture
def told(caplog):
    caplog.set_level(logging.DEBUG)
    return caplog


def type_it(stand) -> None:
    for digit in _PIECES:
        stand.type(digit)


def test_the_search_finds_what_is_there(stand, tmp_path: Path) -> None:
    """Otherwise nothing below proves anything."""
    to_phone(stand)
    type_it(stand)
    assert in_memory()
    (tmp_path / "leak.txt").write_text(canary())
    assert on_disk(tmp_path) == ["leak.txt"]


def settle(stand) -> None:
    """What a kiosk does when nobody is there: half a second after a visit it sweeps."""
    stand.sees(Waiting)
    stand.until(lambda: not stand.watched.open, 10)
    stand.watched.asked.clear()
    gc.collect()


def test_after_a_finished_visit(stand, tmp_path: Path, told) -> None:
    to_phone(stand)
    type_it(stand)
    stand.press("下一步")
    stand.press("对，就约这个")
    done = stand.sees(Finished)
    picture = stand.driver.colours()
    stand.press("好了")
    settle(stand)
    assert in_memory() == []
    assert on_disk(tmp_path) == []
    assert not [form for form in forms() if form in told.text]
    stand.until(lambda: len(stand.slips) == 1)  # paper takes its time
    ((_kind, slip),) = stand.slips
    assert not [form for form in forms() if form.encode() in slip.raw or any(form in line for line in slip.text)]
    assert done.appointment.phone_tail == canary()[-4:]
    assert picture != stand.driver.colours()


def test_after_a_visit_that_timed_out(stand, tmp_path: Path, told) -> None:
    to_check(stand, canary())
    stand.wait(60)
    stand.wait(31)
    settle(stand)
    assert in_memory() == []
    assert on_disk(tmp_path) == []
    assert not [form for form in forms() if form in told.text]


def test_after_looking_for_a_number_and_going_home(stand, tmp_path: Path, told) -> None:
    to_mine(stand)
    stand.press("用电话号码找")
    type_it(stand)
    stand.press("查找")
    stand.bar("home")
    stand.bar("back")
    settle(stand)
    assert in_memory() == []
    assert on_disk(tmp_path) == []
    assert not [form for form in forms() if form in told.text]


def test_after_a_page_that_broke(stand, tmp_path: Path, told) -> None:
    to_phone(stand)
    type_it(stand)

    def breaks(*_: object) -> None:
        raise RuntimeError(canary())

    stand.app.loop.post(breaks)
    stand.driver.frame(2)
    settle(stand)
    assert in_memory() == []
    assert not [form for form in forms() if form in told.text]


def test_the_same_pixels_whoever_was_here(stand) -> None:
    """What is left of a visit in any texture that is shown."""
    stand.press("轻触这里开始")
    stand.press("预约场地")
    stand.press("健身房")
    stand.press("明天")
    stand.press("9:00")
    stand.press("1 人")
    stand.sees(EnterPhone)
    empty = stand.driver.colours()
    type_it(stand)
    assert stand.driver.colours() != empty
    stand.bar("home")
    stand.bar("back")
    stand.sees(Waiting)
    to_phone(stand)
    assert stand.driver.colours() == empty


def test_the_database_has_the_booking_and_not_the_number(stand, tmp_path: Path) -> None:
    held = booked(stand, canary())
    assert (tmp_path / "hall.db").exists()
    assert on_disk(tmp_path) == []
    found = stand.ask_hall(stand.desk.find(canary()))
    assert [one.start for one in found] == [held.start], "and yet it is found by it"


def test_after_kill_9_in_mid_visit(tmp_path: Path) -> None:
    """A kiosk of its own, killed while the number is sent: no draft, no core, nothing on disk."""
    program = textwrap.dedent("""
        import os, signal, sys, tempfile
        from pathlib import Path
        from screens.loop import prepare_environment
        prepare_environment(Path(tempfile.gettempdir()) / "hall-kivy-tests", offscreen=True)
        from screens.driver import Driver
        driver = Driver()
        from kiosk.config import load
        from screens.tour.stand import Stand
        from tests.journeys.conftest import DEMO, MONDAY
        from tests.journeys.walks import to_check
        stand = Stand(driver, load(DEMO), Path(sys.argv[1]), MONDAY)
        to_check(stand, "".join(sys.argv[2].split("-")))
        stand.wire.state = "deaf"
        stand.tap("对，就约这个")
        stand.settle()
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path), "-".join(_PIECES)], cwd=tmp_path, check=False,
                          env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True, timeout=100)
    assert done.returncode == -9, done.stderr
    assert (tmp_path / "hall.db").exists()
    assert on_disk(tmp_path) == []
    assert not [form for form in forms() if form in done.stderr + done.stdout]
    assert not list(tmp_path.glob("core*"))


def test_after_kill_9_the_next_start_shows_nothing_of_it(stands, tmp_path: Path) -> None:
    first = stands()
    to_check(first, canary())
    first.close_kiosk()
    stand = stands(tmp_path / "again")
    stand.sees(Waiting)
    to_phone(stand)
    assert stand.sees(EnterPhone).typed == ""
