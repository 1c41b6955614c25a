"""A booking's commit against a bare insert: the same disk, the same SQLite with WAL and synchronous=FULL, turn and turn
about, one caller after another, so that no group commit helps either."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure, median, percentile
from bench.halls import in_a_while, phone, roomy_hall

TURN = 200
ROW = "x" * 300


class Bare:
    """One table, one row a commit."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.execute("CREATE TABLE appointment (id INTEGER PRIMARY KEY, body TEXT)")

    def insert(self) -> float:
        begun = time.perf_counter()
        self._base.execute("BEGIN IMMEDIATE")
        self._base.execute("INSERT INTO appointment (body) VALUES (?)", (ROW,))
        self._base.execute("COMMIT")
        return time.perf_counter() - begun

    def close(self) -> None:
        self._base.close()


async def both(folder: Path, rounds: int) -> tuple[list[float], list[float]]:
    """(bare inserts, bookings) in milliseconds."""
    from kiosk.clock import SystemClock
    from kiosk.config import load
    from kiosk.door import Appointment, Booking, Role
    from kiosk.hall import open_hall
    from kiosk.hall.callers import Caller
    from kiosk.ledger import Vault, open_ledger

    settings = load(roomy_hall(folder))
    clock = SystemClock(settings.hall.zone)
    ledger = open_ledger("sqlite:///hall.db", folder)
    bare = Bare(folder / "bare.db")
    try:
        house = open_hall(settings, ledger, Vault(folder / "hall.key"), clock)
        door = house.door(Caller("bench", "bench", Role.CLERK))
        day = next(day for day in (await door.days("reading-room")) if day.free and day.day.isoformat() in
                   in_a_while(clock.now()))
        start = next(slot.start for slot in await door.slots("reading-room", day.day) if slot.bookable)
        inserts: list[float] = []
        bookings: list[float] = []
        for turn in range(-1, rounds):
            ones = [bare.insert() for _ in range(TURN)]
            ours = []
            for number in range(TURN):
                booking = Booking("reading-room", start, phone(TURN * (turn + 1) + number))
                begun = time.perf_counter()
                held = await door.book(f"bench-{turn}-{number}", booking)
                ours.append(time.perf_counter() - begun)
                if not isinstance(held, Appointment):
                    raise TypeError(f"refused: {held}")
            if turn >= 0:  # the first turn warms both
                inserts += ones
                bookings += ours
    finally:
        bare.close()
        ledger.close()
    return [s * 1000 for s in inserts], [s * 1000 for s in bookings]


def measure(*, rounds: int) -> Iterator[Figure]:
    # a folder beside the product, not in memory: a commit is what the disk says it is
    with tempfile.TemporaryDirectory(dir=Path(__file__).resolve().parent.parent, prefix=".bench-") as folder:
        inserts, bookings = asyncio.run(both(Path(folder), rounds))
    late, base = percentile(bookings, 0.99), percentile(inserts, 0.99)
    yield Figure("booking's commit, p99", "≤ 6× a bare WAL/FULL insert", f"{base:.2f} ms",
                 f"{late:.2f} ms ({late / base:.1f}×)", late <= 6 * base)
    yield Figure("booking's commit, p50", "reported", f"{median(inserts):.2f} ms",
                 f"{median(bookings):.2f} ms ({median(bookings) / median(inserts):.1f}×)", None)
