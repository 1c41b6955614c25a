"""Halls to test with: the demo hall's own hall.toml, a clock that stands on a Monday morning, and a kiosk that asks."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import tempfile
from collections.abc import Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from kiosk.clock import FakeClock
from kiosk.config import Settings, load
from kiosk.door import Appointment, Booking, Hall, Refusal, Role, Ticket, TicketOrder
from kiosk.hall import Caller, HallHouse, open_hall
from kiosk.ledger import Vault, open_ledger

T = TypeVar("T")

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=ZONE)
KIOSK = Caller("kiosk-1", "一号机", Role.KIOSK)
OTHER = Caller("kiosk-2", "二号机", Role.KIOSK)
CLERK = Caller("clerk-1", "小王", Role.CLERK)
MANAGER = Caller("manager-1", "主任", Role.MANAGER)
PHONE = "13912345678"
DEMO = Path(__file__).parents[3] / "assets" / "demo" / "hall.toml"


def demo() -> Settings:
    return load(DEMO)


def with_rules(settings: Settings, facility: str, **rules: object) -> Settings:
    """The same hall after somebody edited a facility in hall.toml."""
    return dataclasses.replace(
        settings,
        facilities=tuple(
            dataclasses.replace(f, rules=dataclasses.replace(f.rules, **rules)) if f.id == facility else f
            for f in settings.facilities
        ),
    )


@functools.cache
def _migrated() -> bytes:
    """An empty ledger's file: made by the migrations once, then copied."""
    with tempfile.TemporaryDirectory() as folder:
        open_ledger("sqlite:///hall.db", Path(folder)).close()
        return (Path(folder) / "hall.db").read_bytes()


def put_ledger(data: Path) -> None:
    """An empty ledger, where there has been none."""
    data.mkdir(exist_ok=True)
    if not (data / "hall.db").exists() and not (data / "hall.key").exists():
        (data / "hall.db").write_bytes(_migrated())


def build(
    data: Path, url: str = "sqlite:///hall.db", *, clock: FakeClock | None = None, settings: Settings | None = None
) -> HallHouse:
    data.mkdir(exist_ok=True)
    if url == "sqlite:///hall.db":
        put_ledger(data)
    return open_hall(
        settings or demo(), open_ledger(url, data, patient=True), Vault(data / "hall.key"), clock or FakeClock(MONDAY)
    )


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    return MONDAY.replace(hour=hour, minute=minute) + timedelta(days=days)


def run(work: Coroutine[object, object, T]) -> T:
    return asyncio.run(work)


class Resident:
    """A door with plain calls: each command under a fresh key unless one is given."""

    def __init__(self, door: Hall) -> None:
        self.door = door
        self._keys = 0

    def key(self) -> str:
        self._keys += 1
        return f"key-{id(self)}-{self._keys}"

    def book(
        self, facility: str = "gym", start: datetime | None = None, *, key: str = "", phone: str | None = None,
        people: int = 1, walk_in: bool = False,
    ) -> Appointment | Refusal:  # fmt: skip
        booking = Booking(facility, start or at(14), phone, people, walk_in)
        return run(self.door.book(key or self.key(), booking))

    def cancel(self, code: str, key: str = "") -> Appointment | Refusal:
        return run(self.door.cancel(key or self.key(), code))

    def check_in(self, code: str, key: str = ""):
        return run(self.door.check_in(key or self.key(), code))

    def reschedule(self, code: str, start: datetime, key: str = "") -> Appointment | Refusal:
        return run(self.door.reschedule(key or self.key(), code, start))

    def look(self, code: str) -> Appointment | Refusal:
        return run(self.door.appointment(code))


class Desk:
    """A kiosk and the windows with plain calls; the clock goes on a second with each number."""

    def __init__(self, house, clock) -> None:
        self.house, self.clock, self._keys = house, clock, 0
        self.kiosk, self.counter = house.door(KIOSK), house.counter(CLERK)

    def key(self) -> str:
        self._keys += 1
        return f"desk-{id(self)}-{self._keys}"

    def take(self, service="party", **more) -> Ticket:
        self.clock.advance(timedelta(seconds=1))
        given = run(self.kiosk.take_ticket(self.key(), TicketOrder(service, **more)))
        assert isinstance(given, Ticket), given
        return given

    def do(self, verb, window, *what, **more):
        return run(getattr(self.counter, verb)(self.key(), window, *what, **more))

    def look(self, ticket) -> Ticket:
        found = run(self.kiosk.ticket(ticket.id))
        assert isinstance(found, Ticket)
        return found
