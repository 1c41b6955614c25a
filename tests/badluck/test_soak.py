"""Residents without end at one kiosk, with cut cables, empty rolls and halls that die: nothing is booked or printed
twice, nobody ends without a number, memory stands still. Seconds in `make test`; in `make soak` an hour, or as many
seconds as SOAK_SECONDS says."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from kiosk.flows.steps import Bar, Finished, Pick, Press, Waiting
from tests.badluck.cables import CUT_ANSWER
from tests.badluck.conftest import Town
from tests.badluck.kiosks import Kiosk, to_check

# A request on its way when a kiosk goes leaves its socket to the collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
GROWTH_MB = 30


def resident_mb() -> float:
    """This process's memory, MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def trouble(chance: random.Random, town: Town) -> None:
    """Something goes wrong now and then, and is put right by the next."""
    town.cable.let_go()
    town.printer.recover()
    way = chance.randrange(12)
    if way == 0:
        town.cable.take(CUT_ANSWER, times=chance.randrange(1, 4))
    elif way == 1:
        town.printer.fault(chance.choice(("paper-out", "cover-open")))
    elif way == 2 and chance.random() < 0.2:
        town.hall.kill()
        town.again()


def visit(chance: random.Random, kiosk: Kiosk, town: Town, number: int) -> bool:
    """One resident; whether they booked."""
    if not isinstance(kiosk.page, Waiting):
        kiosk.do(Bar("home"), Bar("back"))
        kiosk.until("Waiting")
    if chance.random() < 0.3:  # somebody who presses this and that
        for _ in range(20):
            kiosk.do(chance.choice((
                Pick("start"), Pick("book"), Pick("mine"), Pick("many"), Pick("code"), Pick("phone"), Pick("ok"),
                Press("1"), Press("back"), Bar("back"), Bar("language"), Bar("display"), Bar("help"), Bar("home"),
                Pick("elder"),
            )))  # fmt: skip
            kiosk.pump(lambda: False, 0.005)
        kiosk.do(Bar("home"))
        return False
    to_check(kiosk, "many", chance.choice(town.starts), f"139{number:08d}")
    kiosk.do(*[Pick("yes")] * chance.randrange(1, 4))
    page = kiosk.until("Finished", 40)
    assert kiosk.pump(lambda: not isinstance(kiosk.page, Finished) or kiosk.page.paper != "printing", 40)
    assert isinstance(page, Finished)
    assert page.appointment is not None
    assert page.appointment.code
    return True


def soak(town: Town, seconds: float, seed: int) -> None:
    chance = random.Random(seed)
    print("seed", seed)
    until, booked, number = time.monotonic() + seconds, 0, 0
    warm: float | None = None
    with town.kiosk("soak") as kiosk:
        assert kiosk.pump(lambda: kiosk.visit.facts is not None)
        while time.monotonic() < until or number < 5:
            number += 1
            trouble(chance, town)
            booked += visit(chance, kiosk, town, number)
            if number == 200:
                warm = resident_mb()
            if number % 500 == 0:
                print(number, "visits", booked, "booked", round(resident_mb()), "MB", flush=True)
            assert len(town.printer.slips) <= 1, (seed, number)
            town.printer.slips.clear()
            for record in (kiosk.asked, kiosk.slips, town.cable.requests, town.cable.answered):
                record.clear()  # the test's own, which an hour of residents would let grow
        town.cable.let_go()
    if warm is not None:
        assert resident_mb() - warm < GROWTH_MB, seed
    booked_there = town.booked()
    assert len(set(booked_there)) == len(booked_there) == booked, seed


def test_a_few_residents(one_town):
    soak(one_town, 2, random.randrange(10**9))


@pytest.mark.long("soak")
@pytest.mark.timeout(0)
def test_residents_without_end(one_town):
    soak(one_town, float(os.environ.get("SOAK_SECONDS", "3600")), random.randrange(10**9))
