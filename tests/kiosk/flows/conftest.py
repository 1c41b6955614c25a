"""The real hall for walks that want one: the demo hall, a real ledger, a Monday morning. Most walk on the small one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.hall import HallHouse
from tests.kiosk.flows.walk import Walk
from tests.kiosk.hall.building import KIOSK, build


@pytest.fixture
def house(tmp_path: Path) -> Iterator[HallHouse]:
    house = build(tmp_path)
    yield house
    house.close()


@pytest.fixture
def walk(house: HallHouse) -> Walk:
    return Walk(house.door(KIOSK), clock=house.clock)
