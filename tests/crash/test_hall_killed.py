"""kill −9 at random moments of a booking load: nothing acknowledged is lost, capacity is right, the log agrees with the
state, and the same keys sent again give the answers that were lost. Ten times in `make test`, a thousand in `make
crash`."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from kiosk.door import Appointment, Booking, Refusal
from kiosk.hall import HallHouse
from kiosk.ledger import Hot
from tests.kiosk.hall.building import KIOSK, at, build, demo, run, with_rules

CLIENTS = 8
FEWEST = 12  # lines that the load writes before it is killed, however busy the machine is
STARTS = [at(hour, days=days) for days in (1, 2, 3, 4) for hour in (9, 10, 11, 14, 15, 16)]

_STATES = Hot("SELECT id, facility, begins, places, state FROM appointment")
_SLOTS = Hot("SELECT facility, begins, capacity, taken FROM slot")


def command(key: str, seed: int) -> Booking:
    """What a key stands for, the same before and after the crash."""
    chance = random.Random(f"{seed}-{key}")
    return Booking("gym", chance.choice(STARTS), f"138{chance.randrange(10**8):08d}", people=chance.choice((1, 2)))


def load(data: Path, told: Path, seed: int, cycle: int) -> None:
    """Books, cancels and moves until killed; notes each answer at once, where a kill cannot undo it."""
    house = build(data)
    door = house.door(KIOSK)
    notes = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def client(number: int) -> None:
        chance = random.Random(f"{seed}-{cycle}-{number}")
        for turn in itertools.count():
            key = f"{cycle}.{number}.{turn}"
            os.write(notes, f"try {key}\n".encode())
            booked = await door.book(key, command(key, seed))
            if isinstance(booked, Refusal):
                assert booked.kind in {"conflict", "rule"}, booked
                continue
            os.write(notes, f"booked {key} {booked.id} {booked.code}\n".encode())
            if chance.random() < 0.7:
                if chance.random() < 0.3:
                    await door.reschedule(f"{key}.move", booked.code, chance.choice(STARTS))
                cancelled = await door.cancel(f"{key}.back", booked.code)
                assert isinstance(cancelled, Appointment), cancelled
                os.write(notes, f"cancelled {key} {booked.id} {booked.code}\n".encode())

    async def clients() -> None:
        await asyncio.gather(*(client(number) for number in range(CLIENTS)))

    asyncio.run(clients())


def judge(house: HallHouse, told: Path, seed: int) -> int:
    """What stands against what was told; the number of answers checked."""
    ledger = house.commands.ledger
    states = {row[0]: row for row in ledger.read(lambda tx: tx.all(_STATES))}
    lines = [line.split() for line in told.read_text().splitlines()]
    cancelled = {line[2] for line in lines if line[0] == "cancelled"}
    for line in lines:
        if line[0] == "booked":
            assert line[2] in states, f"acknowledged and lost: {line}"
        if line[0] == "cancelled":
            assert states[line[2]][4] == "cancelled", f"acknowledged and undone: {line}"
    holding = Counter()
    for _, facility, begins, places, state in states.values():
        if state in {"booked", "checked-in", "done"}:
            holding[facility, begins] += places
    slots = {
        (facility, begins): (capacity, taken)
        for facility, begins, capacity, taken in ledger.read(lambda tx: tx.all(_SLOTS))
    }
    assert all(taken <= capacity for capacity, taken in slots.values())
    assert {slot: taken for slot, (_, taken) in slots.items() if taken} == dict(holding), "places and bookings differ"
    log = ledger.log(0, 1_000_000)
    after: dict[str, str] = {}
    for logged in log:
        what = logged.event.type.removeprefix("cn.hall.appointment.").removesuffix(".v1")
        if what == "booked":
            assert logged.event.subject not in after, "booked twice"
        after[logged.event.subject] = {"rescheduled": "booked"}.get(what, what)
    assert after == {id_: row[4] for id_, row in states.items()}, "the log and the state differ"
    assert len({logged.event.id for logged in log}) == len(log)
    # Who lost the answer sends the same key again and gets it.
    door = house.door(KIOSK)
    for line in [line for line in lines if line[0] == "booked"][-5:]:
        again = run(door.book(line[1], command(line[1], seed)))
        assert isinstance(again, Appointment)
        assert (again.id, again.code) == (line[2], line[3])
    tried = [line[1] for line in lines if line[0] == "try"][-CLIENTS:]
    for key in tried:
        first, second = (run(door.book(key, command(key, seed))) for _ in range(2))
        assert first == second
    assert len(cancelled) <= len(states)
    return len(lines)


def noted(told: Path) -> int:
    """How many lines the load has written."""
    return told.read_bytes().count(b"\n") if told.exists() else 0


def crash(tmp_path: Path, times: int) -> None:
    seed = random.randrange(10**9)
    print("seed", seed)
    chance = random.Random(seed)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.kiosk.hall.building", "kiosk.ledger.sqlite", "kiosk.hall"])
    checked = 0
    for cycle in range(times):
        folder = tmp_path / f"{cycle // 25}"
        folder.mkdir(exist_ok=True)
        told = folder / "told"
        build(folder, settings=with_rules(demo(), "gym", capacity=10)).close()
        victim = context.Process(target=load, args=(folder, told, seed, cycle))
        victim.start()
        wanted, until = noted(told) + chance.randint(FEWEST, 60), time.monotonic() + 60
        while noted(told) < wanted and time.monotonic() < until:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.02))  # anywhere between two answers
        assert victim.is_alive(), "the load ended by itself"
        os.kill(victim.pid, signal.SIGKILL)
        victim.join()
        house = build(folder)
        checked += judge(house, told, seed)
        house.close()
    assert checked >= times * FEWEST, "so little was acknowledged that this proves little"


def test_killed_ten_times_nothing_acknowledged_is_lost(tmp_path):
    crash(tmp_path, 10)


@pytest.mark.long("crash")
@pytest.mark.timeout(3600)
def test_killed_a_thousand_times_nothing_acknowledged_is_lost(tmp_path):
    crash(tmp_path, 1000)
