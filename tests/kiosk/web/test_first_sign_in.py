"""The first account's password: on the disk before the account exists, whoever is quicker, wherever one is killed."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kiosk.clock import SystemClock
from kiosk.hall.accounts import Accounts
from kiosk.ledger import open_ledger
from kiosk.link import notes
from kiosk.web.first_sign_in import first_sign_in
from tests.halls import Hall, hall_toml
from tests.kiosk.web.standing import soon


@pytest.fixture
def accounts(tmp_path: Path):
    ledger = open_ledger("sqlite:///hall.db", tmp_path)
    yield Accounts(ledger, SystemClock())
    ledger.close()


def test_without_its_file_no_account_is_made(accounts: Accounts, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        first_sign_in(accounts, tmp_path / "gone" / "first-sign-in")
    assert accounts.accounts() == ()
    kept = tmp_path / "first-sign-in"
    made = first_sign_in(accounts, kept)
    assert made is not None
    assert kept.read_text() == f"{made[0]} {made[1]}\n"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert accounts.check(*made)


def test_killed_between_the_account_and_its_file(accounts: Accounts, tmp_path: Path, monkeypatch) -> None:
    kept = tmp_path / "first-sign-in"
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            first_sign_in(accounts, kept)
    (tmp_path / ".first-sign-in.1").write_text("manager another-password\n")
    assert first_sign_in(accounts, kept) is None
    name, password = kept.read_text().split()
    assert accounts.check(name, password)
    assert list(tmp_path.glob(".first-sign-in.*")) == []


def test_of_several_at_once_the_one_that_made_it_is_kept(accounts: Accounts, tmp_path: Path) -> None:
    def one(n: int) -> bool:
        return first_sign_in(accounts, tmp_path / str(n)) is not None

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(one, range(6)))
    assert sum(made) == 1
    assert accounts.check(*(tmp_path / str(made.index(True))).read_text().split())


def test_a_hall_json_that_cannot_be_written_is_written_later(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / ".hall.json.lock").mkdir(parents=True)  # also root cannot write there
    with _Unwritten(data, hall_toml(tmp_path)) as hall:
        soon(lambda: '"hall.json"' in hall.log.read_text())
        assert notes.read(data).lines == ()
        (data / ".hall.json.lock").rmdir()
        soon(lambda: notes.read(data).lines)
        assert json.loads((data / "hall.json").read_text())["halls"][0]["pid"] == hall.process.pid
        assert hall.end() == 0
        assert notes.read(data).lines == ()


class _Unwritten(Hall):
    """Nobody waits for what it cannot write."""

    start = Hall.begin
