"""Signing in where a hall is several processes on one ledger, and over a restart: wrong passwords and sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from kiosk.clock import FakeClock
from kiosk.hall.patience import Limit, Patience
from kiosk.ledger import Hot, LedgerFull
from kiosk.web.pages import stream
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


def form(hall: Standing, cookies: dict[str, str]) -> dict[str, str]:
    page = httpx.get(f"{hall.url}/staff", cookies=cookies).text
    return {"csrf": page.partition('name="csrf" value="')[2].partition('"')[0]}


def test_who_signs_out_is_out_with_every_copy_of_the_cookie(halls: tuple[Standing, Standing]) -> None:
    one, two = halls
    mine, elsewhere = dict(sign_in(one, PASSWORD).cookies), dict(sign_in(one, PASSWORD).cookies)
    assert mine != elsewhere, "two sign-ins of one second are two"
    out = httpx.post(f"{one.url}/staff/sign-out", data=form(one, mine), cookies=mine)
    assert (out.status_code, out.headers["location"]) == (303, "/staff/sign-in")
    for hall in halls:
        assert httpx.get(f"{hall.url}/staff", cookies=mine).headers["location"] == "/staff/sign-in"
        assert httpx.get(f"{hall.url}/staff/now", cookies=mine).status_code == 401
        assert httpx.get(f"{hall.url}/staff/stream", cookies=mine).status_code == 401
        assert httpx.get(f"{hall.url}/staff", cookies=elsewhere).status_code == 200, "the other place is another"
    two.stop()
    two.start()
    assert httpx.get(f"{two.url}/staff", cookies=mine).status_code == 303
    account = next(account for account in one.house.accounts.accounts() if account.name == "012")
    for disabled, status in ((True, 303), (False, 303)):
        one.house.accounts.set_disabled(account.id, disabled=disabled)
        assert httpx.get(f"{two.url}/staff", cookies=elsewhere).status_code == status
    one.clock.advance(timedelta(days=3))
    again = dict(sign_in(one, PASSWORD).cookies)
    httpx.post(f"{one.url}/staff/sign-out", data=form(one, again), cookies=again)
    kept = one.house.commands.ledger.read(lambda tx: tx.all(Hot("SELECT session FROM session_over")))
    assert len(kept) == 1, "what is too old anyway is forgotten"


class Busy:
    """An ear in a hall where something happens all the time, until it closes."""

    after = 7

    def __init__(self) -> None:
        self.left = 50

    async def hear(self, _wait_s: float) -> list[object] | None:
        self.left -= 1
        return [object()] if self.left else None

    def close(self) -> None:
        self.left = 0


def test_a_page_that_may_not_look_any_more_hears_so_in_a_busy_hall_too(monkeypatch) -> None:
    monkeypatch.setattr(stream, "CHECK_S", 0)
    asked = []

    async def still() -> bool:
        asked.append(None)
        return len(asked) < 3

    async def listens() -> list[bytes]:
        return [part async for part in stream._told(Busy(), lambda _logged: True, still)]

    told = asyncio.run(listens())
    assert [part.split()[-2] for part in told[1:]] == [b"7", b"7", b"over"]


def test_one_comes_in_while_nothing_can_be_written(halls: tuple[Standing, Standing], monkeypatch) -> None:
    one, _two = halls
    ledger = one.house.commands.ledger

    def full(_command):
        raise LedgerFull("no room")

    monkeypatch.setattr(type(ledger), "write", lambda self, command: full(command))
    assert [sign_in(one, "x", "013").status_code for _ in range(6)] == [403] * 5 + [429], "this process counts alone"
    entered = sign_in(one, PASSWORD)
    assert entered.status_code == 303
    cookies = dict(entered.cookies)
    out = httpx.post(f"{one.url}/staff/sign-out", data=form(one, cookies), cookies=cookies)
    assert (out.status_code, out.cookies.get("hall_session")) == (503, None)
    assert 'hall_session=""' in out.headers["set-cookie"], "it cannot be noted; this browser at least forgets"


def test_a_clock_put_back_locks_nobody_out(halls: tuple[Standing, Standing]) -> None:
    one, _two = halls
    patience = Patience(one.house.commands.ledger, one.house.commands.vault, one.clock)
    limit = Limit("somebody", 2)
    assert [patience.attempt(limit).wait_s for _ in range(2)] == [0, 0]
    assert patience.attempt(limit).wait_s == 60
    one.clock.set(MONDAY - timedelta(minutes=30))
    assert patience.attempt(limit).wait_s == 0
