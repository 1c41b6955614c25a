"""A kiosk's process killed at every stage of a booking: after its restart it asks by id, the slip goes to staff as
补打, the waiting page says so for 60 s and names nothing, nothing prints twice. All of it real."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from kiosk.clock import SystemClock
from kiosk.config import load
from kiosk.door import Role, SlipState
from kiosk.flows.steps import Away, Finished, Pick, Waiting
from kiosk.hall import Caller, HallHouse, open_hall
from kiosk.hall.kiosks import WaitingSlip
from kiosk.ledger import Vault, open_ledger
from kiosk.ledger.journal import KioskInUse
from tests.badluck.cables import CUT, CUT_ANSWER, HOLD_ANSWER, HOLD_REQUEST
from tests.badluck.conftest import Town
from tests.badluck.kiosks import Kiosk, KioskProcess, to_check

# A request on its way when a kiosk goes leaves its socket to the collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
T = TypeVar("T")
CLERK = Caller("clerk-1", "小王", Role.CLERK)
CANARY = "1395821734"


class Desk:
    """The staff's side of the same ledger: what stands on the staff page, and the clerk's hand."""

    def __init__(self, town: Town) -> None:
        self.house: HallHouse = open_hall(
            load(town.toml), open_ledger("sqlite:///hall.db", town.data), Vault(town.data / "hall.key"), SystemClock()
        )

    def slips(self) -> tuple[WaitingSlip, ...]:
        return _run(self.house.attention()).slips

    def settle_all(self) -> None:
        for number, waiting in enumerate(self.slips()):
            _run(self.house.staff(CLERK).drop_slip(f"drop-{time.monotonic_ns()}-{number}", waiting.slip.job))

    def print_again(self, job: str, key: str) -> None:
        assert _run(self.house.staff(CLERK).print_slip_again(key, job)) is None


@pytest.fixture
def desk(one_town):
    one_town.cable.let_go()
    one_town.printer.recover()
    one_town.printer.pace(0)
    one_town.printer.slips.clear()
    desk = Desk(one_town)
    desk.settle_all()
    yield desk
    desk.house.close()


def _run(work: Coroutine[object, object, T]) -> T:
    return asyncio.run(work)


def soon(true: Callable[[], object], seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def victim(town: Town, name: str, at: int, *, hold_paper: bool = False) -> KioskProcess:
    """A kiosk whose resident is about to press the last button."""
    kiosk = KioskProcess(town.toml, town.folder / name, town.cable.url, town.token, hold_paper=hold_paper)
    to_check(kiosk, "many", town.starts[at], f"{CANARY}{at}")
    return kiosk


def lost_page(kiosk: Kiosk) -> Waiting:
    """The waiting page that says so, and nothing of the visit."""
    assert kiosk.pump(lambda: isinstance(kiosk.page, Waiting) and kiosk.page.lost_slip), kiosk.page
    page = kiosk.page
    assert isinstance(page, Waiting)
    assert CANARY not in repr(page)
    assert CANARY[-3:] not in repr(page)
    return page


def test_killed_before_the_command_is_sent(one_town, desk):
    before, sent = len(one_town.booked()), one_town.cable.count(b"POST /api/v1/appointments ")
    with victim(one_town, "unsent", 0) as killed:
        one_town.cable.take(HOLD_REQUEST)
        killed.do(Pick("yes"))
        assert soon(lambda: one_town.cable.count(b"POST /api/v1/appointments ") == sent + 1)
        killed.kill()
    one_town.cable.take(CUT)  # what was held on the cable is lost with the kiosk
    one_town.cable.let_go()
    left = bytes_of(one_town.folder / "unsent")
    assert CANARY.encode() not in left
    asked = one_town.cable.count(b"GET /api/v1/commands/")
    with one_town.kiosk("unsent") as kiosk:
        assert kiosk.pump(lambda: one_town.cable.count(b"GET /api/v1/commands/") > asked), "it asks by id"
        assert kiosk.pump(lambda: isinstance(kiosk.page, Waiting) and kiosk.page.facts is not None)
        kiosk.pump(lambda: False, 1)
        assert one_town.cable.count(b"POST /api/v1/appointments ") == sent + 1, "never sent again from there"
        assert not kiosk.page.lost_slip
    assert len(one_town.booked()) == before
    assert not desk.slips()
    assert not one_town.printer.slips


def test_killed_after_the_commit_before_the_answer(one_town, desk):
    before = len(one_town.booked())
    with victim(one_town, "unheard", 1) as killed:
        one_town.cable.take(HOLD_ANSWER)
        killed.do(Pick("yes"))
        assert soon(lambda: len(one_town.booked()) == before + 1)
        killed.kill()
    one_town.cable.let_go()
    with one_town.kiosk("unheard") as kiosk:
        lost_page(kiosk)
        assert kiosk.pump(lambda: len(desk.slips()) == 1)
        (waiting,) = desk.slips()
        assert waiting.slip.state is SlipState.NOT_BEGUN
        assert waiting.slip.subject == one_town.booked()[-1]
        assert not one_town.printer.slips
        # A clerk has it printed; pressed twice it is printed once.
        desk.print_again(waiting.slip.job, "again-1")
        desk.print_again(waiting.slip.job, "again-2")
        assert kiosk.pump(lambda: len(one_town.printer.slips) == 1)
        assert kiosk.pump(lambda: not desk.slips())
        kiosk.pump(lambda: False, 1)
        # Nobody's page shows anything of it, and after 60 s it says nothing more.
        later = kiosk.clock.now() + timedelta(seconds=61)
        assert kiosk.visit.tick(later).step.lost_slip is False
    assert len(one_town.printer.slips) == 1
    assert len(one_town.booked()) == before + 1
    with one_town.kiosk("unheard") as kiosk:
        kiosk.pump(lambda: isinstance(kiosk.page, Waiting) and kiosk.page.facts is not None)
        kiosk.pump(lambda: False, 1)
        assert not kiosk.page.lost_slip
    assert len(one_town.printer.slips) == 1
    assert not desk.slips()


def test_killed_after_the_answer_before_the_slip(one_town, desk):
    before = len(one_town.booked())
    with victim(one_town, "unprinted", 2, hold_paper=True) as killed:
        killed.do(Pick("yes"))
        killed.until("Finished")
        killed.kill()
    left = bytes_of(one_town.folder / "unprinted")
    assert CANARY.encode() not in left
    with one_town.kiosk("unprinted") as kiosk:
        lost_page(kiosk)
        assert kiosk.pump(lambda: len(desk.slips()) == 1)
        assert desk.slips()[0].slip.state is SlipState.NOT_BEGUN
    assert not one_town.printer.slips
    assert len(one_town.booked()) == before + 1


def test_killed_while_the_slip_prints(one_town, desk):
    before = len(one_town.booked())
    with victim(one_town, "printing", 3) as killed:
        one_town.printer.at_byte(400, "hang")
        got = one_town.printer.received
        killed.do(Pick("yes"))
        killed.until("Finished")
        assert soon(lambda: one_town.printer.received > got + 200)
        killed.kill()
    one_town.printer.power_cycle()
    one_town.printer.recover()
    one_town.printer.slips.clear()
    with one_town.kiosk("printing") as kiosk:
        assert kiosk.pump(lambda: len(desk.slips()) == 1)
        (waiting,) = desk.slips()
        assert waiting.slip.state is SlipState.UNKNOWN, "it may lie in the tray: staff look"
        assert CANARY[-3:] not in repr(kiosk.page)
        kiosk.pump(lambda: False, 1)
        assert not one_town.printer.slips, "never printed again by itself"
        desk.print_again(waiting.slip.job, f"again-{time.monotonic_ns()}")
        assert kiosk.pump(lambda: len(one_town.printer.slips) == 1)
    assert len(one_town.booked()) == before + 1


def test_a_double_tap_and_an_answer_lost_on_the_way(one_town, desk):
    before = len(one_town.booked())
    with one_town.kiosk("twice") as kiosk:
        to_check(kiosk, "many", one_town.starts[4], "13900000044")
        sent = one_town.cable.count(b"POST /api/v1/appointments ")
        one_town.cable.take(CUT_ANSWER, times=2)
        kiosk.do(*[Pick("yes")] * 5)
        assert isinstance(kiosk.until("Finished"), Finished)
        assert kiosk.pump(lambda: kiosk.page.paper == "printed")
        assert one_town.cable.count(b"POST /api/v1/appointments ") >= sent + 3
    assert len(one_town.booked()) == before + 1
    assert len(kiosk.slips) == 1
    assert len(one_town.printer.slips) == 1


def test_the_hall_killed_between_commit_and_answer(one_town, desk):
    before = len(one_town.booked())
    with one_town.kiosk("widow") as kiosk:
        to_check(kiosk, "many", one_town.starts[5], "13900000055")
        one_town.cable.take(HOLD_ANSWER, times=1)
        kiosk.do(Pick("yes"))
        assert kiosk.pump(lambda: len(one_town.booked()) == before + 1)
        one_town.hall.kill()
        one_town.cable.take(CUT_ANSWER, b"nothing")
        one_town.again()
        assert isinstance(kiosk.until("Finished"), Finished)
        assert kiosk.pump(lambda: kiosk.page.paper == "printed")
    assert len(one_town.booked()) == before + 1
    assert len(one_town.printer.slips) == 1


def test_committed_unheard_and_then_the_hall_cannot_look(one_town, desk):
    """Nobody is told "it was not done" of a booking that stands."""
    before = len(one_town.booked())
    key = one_town.data / "hall.key"
    with one_town.kiosk("unsure") as kiosk:
        to_check(kiosk, "many", one_town.starts[6], "13900000066")
        one_town.cable.take(CUT_ANSWER)
        kiosk.do(Pick("yes"))
        assert kiosk.until("Away").pending
        one_town.hall.kill()
        key.rename(key.with_suffix(".away"))
        one_town.again()
        one_town.cable.let_go()
        answered = len(one_town.cable.answered)

        def refused() -> bool:
            """Has the hall said, to the same order, that it cannot look?"""
            new = one_town.cable.answered[answered:]
            return any(b" 503 " in said for asked, said in new if asked.startswith(b"POST /api/v1/appointments "))

        assert kiosk.pump(refused)
        kiosk.pump(lambda: not isinstance(kiosk.page, Away), 1)
        assert isinstance(kiosk.page, Away), kiosk.page
        key.with_suffix(".away").rename(key)
        assert isinstance(kiosk.until("Finished"), Finished)
        assert kiosk.pump(lambda: kiosk.page.paper == "printed")
    assert len(one_town.booked()) == before + 1
    assert len(one_town.printer.slips) == 1


def test_a_second_kiosk_on_the_same_folder_is_refused_by_name(one_town, desk):
    with KioskProcess(one_town.toml, one_town.folder / "shared", one_town.cable.url, one_town.token) as first:
        first.until("Waiting")
        with pytest.raises(KioskInUse, match=f"pid {first.process.pid} "):
            one_town.kiosk("shared")
        first.kill()
    with one_town.kiosk("shared") as second:  # killed as it was, its folder is free
        second.until("Waiting")
