"""Halls on both databases, at half past nine on a Monday."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.clock import FakeClock
from kiosk.hall import HallHouse
from tests.kiosk.hall.building import KIOSK, MONDAY, Resident, build


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
