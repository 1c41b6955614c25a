"""The kiosk's memory over two thousand page changes: every page of a booking and of a look-up, with a real hall's
answers, shown by the real screens on a window of an X server, in a process of its own.

Not off-screen: there nothing waits for GL, and software GL keeps every texture of the frames it has not drawn yet.

Growth is a slope: the median of the slopes between any two rounds after the first quarter, for what a process takes
once is not growth. Each round ends as a visit does: what was submitted is drawn, what the C library keeps free goes
back. Without that, resident memory goes up and down by 2 MB with where the library happens to put a block of one
megabyte, and two medians of it say now this, now that. Beside it stands what the library says is in use, which has no
such luck; of Python's own small objects only the resident memory tells.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

from bench.display import x_server
from bench.figures import Figure, median
from bench.halls import DEMO, ROOT

GROWTH_MB = 0.25  # in a thousand changes: a quarter of a kB for each
MOST_MB = 220.0


async def steps(folder: Path) -> list[object]:
    """Every page of a booking, a refusal and a look-up, with what a hall really answers."""
    from kiosk.clock import SystemClock
    from kiosk.config import load
    from kiosk.door import Appointment, Booking, Refusal, Role
    from kiosk.flows import steps as page
    from kiosk.hall import Caller, open_hall
    from kiosk.ledger import Vault, open_ledger

    settings = load(DEMO)
    clock = SystemClock(settings.hall.zone)
    ledger = open_ledger("sqlite:///hall.db", folder)
    try:
        door = open_hall(settings, ledger, Vault(folder / "hall.key"), clock).door(Caller("bench", "bench", Role.KIOSK))
        facts = await door.about()
        facility = next(one for one in facts.facilities if one.id == "reading-room")
        days = await door.days(facility.id)
        assert not isinstance(days, Refusal)
        day = next(one.day for one in days if one.free and one.day > facts.now.date())
        slots = await door.slots(facility.id, day)
        assert not isinstance(slots, Refusal)
        slot = next(one for one in slots if one.bookable)
        held = await door.book("bench-1", Booking(facility.id, slot.start, "13912345678"))
        again = await door.book("bench-2", Booking(facility.id, slot.start, "13912345678"))
        found = await door.find("13912345678")
    finally:
        ledger.close()
    assert isinstance(held, Appointment)
    assert isinstance(again, Refusal)
    assert isinstance(found, tuple)
    trail = page.Trail(("预约", facility.name), 2, 6)
    typed = [page.EnterPhone(trail, "book", "13912345678"[:many], 11 - many) for many in (0, 1, 3, 7, 10, 11)]
    return [
        page.Waiting(facts), page.Home(), page.ChooseFacility(trail, facts.facilities, facts.now),
        page.ChooseDay(trail, facility, days, facts.now), page.ChooseTime(trail, facility, day, slots, facts.now),
        page.ChoosePeople(trail, facility, slot, 2), *typed,
        page.CheckBooking(trail, facility, slot, 1, "139 **** 5678"), page.Working("booking"),
        page.Finished("booked", held, "printing", 20), page.Finished("booked", held, "printed", 20),
        page.Refused(trail, again), page.Home(), page.HowToFind(trail, scanner=True), page.EnterCode(trail, "482", 3),
        page.ShowAppointment(trail, held, facts.now), page.ConfirmCancel(trail, held),
        page.ChooseFound(trail, found, facts.now), page.Help("ringing"), page.Display("standard", low=False),
    ]


class _Heap(ctypes.Structure):
    """What glibc says of its heap (mallinfo2, malloc.h)."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in (
        "arena", "free_blocks", "small_blocks", "mapped_blocks", "mapped", "was", "small", "used", "free", "top"))


def in_use() -> float:
    """MB that were asked of the C library and not given back; nan where it does not say."""
    ask = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if ask is None:
        return float("nan")
    ask.restype = _Heap
    heap = ask()
    return float(heap.used + heap.mapped) / 2**20


def slope(values: Sequence[float]) -> float:
    """How much it grows from one to the next: the median over all pairs (Theil-Sen), so no single block counts."""
    pairs = combinations(enumerate(values), 2)
    return median([(later - sooner) / (at - before) for (before, sooner), (at, later) in pairs] or [0.0])


def show(shown: list[object], changes: int) -> Iterator[tuple[float, float]]:
    """Show them round and round; resident MB and those in use after each round."""
    from kivy.graphics.opengl import glFinish

    from bench.hall import resident_mb
    from screens import driver as drivers
    from screens.loop import prepare_environment

    def on_the_display(home: Path, *, offscreen: bool) -> None:
        del offscreen
        prepare_environment(home)

    drivers.prepare_environment = on_the_display
    driver = drivers.Driver()
    for _ in range(changes // len(shown)):
        for step in shown:
            driver.show(step)
        glFinish()
        driver.loop.give_back()
        yield resident_mb(os.getpid()), in_use()


def measure(*, changes: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, x_server() as display:
        shown = Path(folder) / "steps"
        shown.write_bytes(pickle.dumps(asyncio.run(steps(Path(folder)))))
        done = subprocess.run([sys.executable, "-m", "bench.memory", str(shown), str(changes)], cwd=ROOT, check=True,
                              capture_output=True, text=True, env={**os.environ, "DISPLAY": display})
    rounds = [tuple(map(float, line.split())) for line in done.stdout.splitlines()]
    yield from judged([resident for resident, _used in rounds], [used for _resident, used in rounds], changes)


def judged(resident: Sequence[float], used: Sequence[float], changes: int) -> Iterator[Figure]:
    """What the rounds say."""
    quarter = max(1, len(resident) // 4)
    a_thousand = 1000 * len(resident) / changes
    for name, values, most in (("resident", resident, MOST_MB), ("in use", used, float("inf"))):
        grows, last = a_thousand * slope(values[quarter:]), median(values[-quarter:])
        limit = "" if most == float("inf") else f", ≤ {most:.0f} MB"
        yield Figure(f"memory over {changes} page changes, {name}",
                     f"after a quarter ≤ {GROWTH_MB:.2f} MB more in a thousand{limit}",
                     f"{median(values[quarter:2 * quarter]):.1f} MB after a quarter",
                     f"{last:.1f} MB at the end ({grows:+.2f} in a thousand)", grows <= GROWTH_MB and last <= most)


if __name__ == "__main__":
    for resident_now, used_now in show(pickle.loads(Path(sys.argv[1]).read_bytes()), int(sys.argv[2])):
        print(resident_now, used_now, flush=True)
