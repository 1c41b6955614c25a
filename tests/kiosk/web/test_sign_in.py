"""Signing in where a hall is several processes on one ledger, and over a restart: wrong passwords and sessions."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from kiosk.clock import FakeClock
from kiosk.hall.patience import Limit, Patience
from kiosk.ledger import LedgerFull
from tests.kiosk.hall.building import MONDAY
from tests.kiosk.web.standing import PASSWORD, Standing


@pytest.fixture
def halls(tmp_path: Path) -> Iterator[tuple[Standing, Standing]]:
    clock = FakeClock(MONDAY)
    with Standing(tmp_path / "data", clock) as one, Standing(tmp_path / "data", clock) as two:
        one.account("012")
        yield one, two


def sign_in(hall: Standing, password: str, name: str = "012") -> httpx.Response:
    return httpx.post(f"{hall.url}/staff/sign-in", data={"name": name, "password": password}, timeout=20)


def test_five_wrong_passwords_count_in_every_process_and_over_a_restart(halls: tuple[Standing, Standing]) -> None:
    one, two = halls
    assert [sign_in(hall, "x").status_code for hall in (one, two, one, two, one)] == [403] * 5
    resting = sign_in(two, PASSWORD)
    assert resting.status_code == 429, "also the right one waits"
    assert 1 <= int(resting.headers["retry-after"]) <= 60
    one.stop()
    one.start()
    assert sign_in(one, PASSWORD).status_code == 429
    assert sign_in(one, "x", "013").status_code == 403, "somebody else may try"
    one.clock.advance(timedelta(seconds=61))
    assert sign_in(two, PASSWORD).status_code == 303
    assert [sign_in(one, "x").status_code for _ in range(6)] == [403] * 5 + [429], "and all is forgiven"


def test_of_many_at_once_five_are_looked_at(halls: tuple[Standing, Standing]) -> None:
    with ThreadPoolExecutor(12) as pool:
        told = list(pool.map(lambda n: sign_in(halls[n % 2], f"guess {n}").status_code, range(24)))
    assert sorted(told) == [403] * 5 + [429] * 19


def test_a_session_holds_in_every_process_and_over_a_restart(halls: tuple[Standing, Standing]) -> None:
    one, two = halls
    cookies = dict(sign_in(one, PASSWORD).cookies)
    assert httpx.get(f"{two.url}/staff", cookies=cookies).status_code == 200
    two.stop()
    two.start()
    assert httpx.get(f"{two.url}/staff", cookies=cookies).status_code == 200
    one.house.accounts.set_password("012", "another good one")
    assert httpx.get(f"{two.url}/staff", cookies=cookies).headers["location"] == "/staff/sign-in"


def test_one_comes_in_while_nothing_can_be_written(halls: tuple[Standing, Standing], monkeypatch) -> None:
    one, _two = halls
    ledger = one.house.commands.ledger

    def full(_command):
        raise LedgerFull("no room")

    monkeypatch.setattr(type(ledger), "write", lambda self, command: full(command))
    assert [sign_in(one, "x", "013").status_code for _ in range(6)] == [403] * 5 + [429], "this process counts alone"
    assert sign_in(one, PASSWORD).status_code == 303


def test_a_clock_put_back_locks_nobody_out(halls: tuple[Standing, Standing]) -> None:
    one, _two = halls
    patience = Patience(one.house.commands.ledger, one.house.commands.vault, one.clock)
    limit = Limit("somebody", 2)
    assert [patience.attempt(limit).wait_s for _ in range(2)] == [0, 0]
    assert patience.attempt(limit).wait_s == 60
    one.clock.set(MONDAY - timedelta(minutes=30))
    assert patience.attempt(limit).wait_s == 0
