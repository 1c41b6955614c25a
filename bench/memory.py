"""The kiosk's memory over two thousand page changes: every page of a booking and of a look-up, with a real hall's
answers, shown by the real screens on a window of an X server, in a process of its own.

Not off-screen: there nothing waits for GL, and software GL keeps every texture of the frames it has not drawn yet.

Growth is judged between the end of the warm-up and the last quarter: what a process takes once is not growth.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.display import x_server
from bench.figures import Figure, median
from bench.halls import DEMO, ROOT

GROWTH_MB = 1.0  # the resolution of resident memory: pages come and go in blocks


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


def show(shown: list[object], changes: int) -> Iterator[float]:
    """Show them round and round; resident MB after each round."""
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
        yield resident_mb(os.getpid())


def measure(*, changes: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, x_server() as display:
        shown = Path(folder) / "steps"
        shown.write_bytes(pickle.dumps(asyncio.run(steps(Path(folder)))))
        done = subprocess.run([sys.executable, "-m", "bench.memory", str(shown), str(changes)], cwd=ROOT, check=True,
                              capture_output=True, text=True, env={**os.environ, "DISPLAY": display})
    rounds = [float(line) for line in done.stdout.split()]
    quarter = max(1, len(rounds) // 4)
    warm, last = median(rounds[quarter:2 * quarter]), median(rounds[-quarter:])
    yield Figure(f"memory over {changes} page changes", "no growth after the warm-up, ≤ 220 MB",
                 f"{warm:.1f} MB after a quarter", f"{last:.1f} MB at the end ({last - warm:+.1f})",
                 last - warm <= GROWTH_MB and last <= 220)


if __name__ == "__main__":
    for amount in show(pickle.loads(Path(sys.argv[1]).read_bytes()), int(sys.argv[2])):
        print(amount, flush=True)
