"""Halls on both databases, at half past nine on a Monday."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.clock import FakeClock
from kiosk.hall import HallHouse
from tests.kiosk.hall.building import KIOSK, MONDAY, Resident, build
from tests.kiosk.hall.office import Office


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    return "sqlite:///hall.db" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(MONDAY)


@pytest.fixture
def house(tmp_path: Path, url: str, clock: FakeClock) -> Iterator[HallHouse]:
    house = build(tmp_path, url, clock=clock)
    yield house
    house.close()


@pytest.fixture
def resident(house: HallHouse) -> Resident:
    return Resident(house.door(KIOSK))


@pytest.fixture
def office(tmp_path: Path, clock: FakeClock) -> Iterator[Office]:
    house = build(tmp_path, clock=clock)
    yield Office(house, clock)
    house.close()


@pytest.fixture
def on_each(house: HallHouse, clock: FakeClock) -> Office:
    """An office on each of the two databases."""
    return Office(house, clock)
