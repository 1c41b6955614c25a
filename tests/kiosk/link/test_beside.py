"""The hall beside a kiosk: found or started, kept up, and gone with the kiosk however it ends. Real processes."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from kiosk.link import notes
from kiosk.link.beside import START_S, HallBeside, answering, looked_for
from tests.halls import ROOT, Hall, alive, hall_toml

T = TypeVar("T")


def until(what: Callable[[], T | None], within_s: float = 40.0) -> T:
    """What came."""
    end = time.monotonic() + within_s
    while not (come := what()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)
    return come


@contextmanager
def nothing_can_be_noted(data: Path) -> Iterator[None]:
    """A hall that starts waits here before it says where it stands."""
    data.mkdir()
    with (data / f".{notes.FILE}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def works(beside: HallBeside) -> bool:
    url, token = beside.url(), beside.token()
    if url is None or token is None:
        return False
    try:
        answer = httpx.get(f"{url}/api/v1/about", headers={"Authorization": f"Bearer {token}"}, timeout=20)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200


def test_it_starts_one_restarts_it_and_ends_it(tmp_path: Path) -> None:
    data = tmp_path / "data"
    beside = HallBeside(data, ["--hall", str(hall_toml(tmp_path))], port=0)
    with nothing_can_be_noted(data):  # so the hall cannot stand yet: to wait for it takes `START_S`
        began = time.monotonic()
        beside.start()
        assert time.monotonic() - began < START_S / 3, "nothing waits for the hall"
    assert beside.ready(60)
    assert works(beside)
    token = data / "kiosk" / "token"
    assert token.stat().st_mode & 0o777 == 0o600
    assert (data / "hall.json").stat().st_mode & 0o777 == 0o600
    standing = until(lambda: answering(data))
    os.kill(standing.pid, signal.SIGKILL)
    until(lambda: (again := answering(data)) is not None and again.pid != standing.pid and works(beside))
    second = until(lambda: answering(data))
    beside.stop()
    until(lambda: not alive(second.pid))
    assert notes.read(data).ledger == "sqlite:///hall.db"
    assert answering(data) is None


def test_where_another_program_has_its_port_the_hall_stands_at_another(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        beside = HallBeside(tmp_path / "data", ["--hall", str(hall_toml(tmp_path))], port=other.getsockname()[1])
        beside.start()
        try:
            assert beside.ready(60)
            assert works(beside)
        finally:
            beside.stop()


def test_a_hall_that_stands_is_not_asked_after_all_the_time(tmp_path: Path) -> None:
    """A kiosk at rest rests: the thread that keeps the hall sleeps until the kernel tells of the hall's end."""
    beside = HallBeside(tmp_path / "data", ["--hall", str(hall_toml(tmp_path))], port=0)
    beside.start()
    try:
        assert beside.ready(60)
        until(lambda: rests(beside))  # it was five times a second once
    finally:
        beside.stop()


def rests(beside: HallBeside) -> bool:
    """Does it wake no more than once a second, now that it has found and been told everything?"""
    before = wakes(beside)
    time.sleep(2)
    return wakes(beside) - before <= 2


def wakes(beside: HallBeside) -> int:
    status = Path(f"/proc/self/task/{beside._thread.native_id}/status").read_text()
    return int(status.partition("\nvoluntary_ctxt_switches:")[2].split()[0])


def test_it_uses_a_hall_that_answers_already_and_leaves_it_standing(tmp_path: Path) -> None:
    with Hall(tmp_path / "data", hall_toml(tmp_path)) as hall:
        beside = HallBeside(hall.data, port=0)
        beside.start()
        assert beside.ready(60)
        assert beside.url() == hall.url
        assert works(beside)
        beside.stop()
        assert hall.process.poll() is None
        assert hall.end() == 0
        assert notes.read(hall.data).lines == ()


def test_a_killed_kiosk_takes_its_hall_with_it(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import sys, time
        from pathlib import Path
        from kiosk.link.beside import HallBeside
        beside = HallBeside(Path(sys.argv[1]), ["--hall", sys.argv[2]], port=0)
        beside.start()
        beside.ready(60)
        print(beside.url(), flush=True)
        time.sleep(60)
    """)
    data = tmp_path / "data"
    kiosk = subprocess.Popen(
        [sys.executable, "-c", program, str(data), str(hall_toml(tmp_path))], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert kiosk.stdout is not None
    standing = until(lambda: answering(data))
    kiosk.send_signal(signal.SIGKILL)
    kiosk.wait()
    kiosk.stdout.close()
    until(lambda: not alive(standing.pid))


def test_another_hall_on_a_reused_port_is_not_taken_for_ours(tmp_path: Path) -> None:
    with Hall(tmp_path / "data", hall_toml(tmp_path)) as hall:
        elsewhere = tmp_path / "elsewhere"
        notes.add(elsewhere, "sqlite:///hall.db", "hall.toml", notes.Line(os.getpid(), "another", hall.url))
        assert answering(elsewhere) is None
        until(lambda: answering(hall.data))


def test_a_hall_that_stands_still_is_waited_for_and_not_doubled(tmp_path: Path) -> None:
    with Hall(tmp_path / "data", hall_toml(tmp_path)) as hall:
        beside = HallBeside(hall.data, ["--hall", str(hall.toml)], port=0)
        beside.start()
        try:
            assert beside.ready(60)
            hall.process.send_signal(signal.SIGSTOP)
            try:
                assert looked_for(hall.data) == (None, True)
                time.sleep(7)  # it was taken for gone after two looks
                assert [line.pid for line in notes.read(hall.data).lines] == [hall.process.pid]
            finally:
                hall.process.send_signal(signal.SIGCONT)
            until(lambda: works(beside))
            hall.kill()
            assert looked_for(hall.data) == (None, False)
            until(lambda: works(beside))
        finally:
            beside.stop()


def test_a_hall_that_starts_slowly_is_given_longer_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[float] = []
    beside = HallBeside(tmp_path)
    monkeypatch.setattr("kiosk.link.beside.PAUSES_S", (0.001,))
    monkeypatch.setattr("kiosk.link.beside.STEADY_S", 0.0)  # a start that took long is no hall that stood long
    monkeypatch.setattr(beside, "_begin", given.append)
    beside.start()
    until(lambda: len(given) > 5)
    beside.stop()
    assert given[:6] == [START_S * times for times in (1, 2, 4, 8, 16, 16)]


def test_notes_survive_nonsense(tmp_path: Path) -> None:
    for nonsense in ("", "[]", "{}", '{"halls": [1]}', '{"halls": [{"pid": "x"}]}', "\0"):
        (tmp_path / "hall.json").write_text(nonsense)
        assert notes.read(tmp_path) == notes.Notes()
    notes.add(tmp_path, "sqlite:///hall.db", "h", notes.Line(2**22 + 1, "dead", "http://127.0.0.1:1"))
    notes.add(tmp_path, "sqlite:///hall.db", "h", notes.Line(os.getpid(), "ours", "http://127.0.0.1:2"))
    assert [line.instance for line in notes.read(tmp_path).lines] == ["ours"], "the dead are swept"
    notes.take_away(tmp_path, "ours")
    assert json.loads((tmp_path / "hall.json").read_text())["ledger"] == "sqlite:///hall.db"
