"""A whole kiosk with its hall, printer and scanner at Monday 9:30, on the process's one off-screen window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.config import load
from tests.kiosk.hall.building import put_ledger
from tests.screens.conftest import window

__all__ = ["stand", "stands", "window"]

DEMO = Path(__file__).resolve().parents[2] / "assets" / "demo" / "hall.toml"
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def stands(window, tmp_path: Path) -> Iterator[Callable]:
    """Makes kiosks, one after another; the newest is the one on the window."""
    from screens.tour.stand import Stand

    made = []

    def make(folder: Path = tmp_path, start: datetime = MONDAY):
        put_ledger(folder)
        made.append(Stand(window, load(DEMO), folder, start))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def stand(stands):
    return stands()
