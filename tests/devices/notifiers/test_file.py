"""The driver `file`: every message a whole line, through kills, full disks, other writers and missing folders."""

from __future__ import annotations

import fcntl
import json
import os
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from devices.notifiers import file as driver
from devices.notifiers.plug import open_notifier
from devices.notifiers.port import Delivery, NotifierPlan
from devices.ports import DeviceStatus, Health
from tests.devices.helpers import until

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NUMBER, WORDS = "13912345678", "【大厅】您的诉求\n“办完了”\u2028。"


def opened(folder: Path, heard: list[DeviceStatus] | None = None, **more) -> driver.FileNotifier:
    plan = NotifierPlan("短信", "file", {"folder": str(folder), **more})
    return driver.FileNotifier(plan, (heard if heard is not None else []).append, lambda: NOON)


def messages(folder: Path) -> list[dict]:
    """As a careful reader takes them: whole lines only, each a message."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        *lines, _rest = path.read_bytes().split(b"\n")
        found += [json.loads(line) for line in lines]
    return found


def send(notifier, number: str = NUMBER, words: str = WORDS) -> Delivery:
    return notifier.send(number, words).result(20)


def test_a_message_is_one_line_that_only_the_hall_s_user_reads(tmp_path: Path):
    notifier = opened(tmp_path / "out" / "messages")
    assert [send(notifier), send(notifier, "0431")] == [Delivery.SENT] * 2
    path = tmp_path / "out" / "messages" / "2026-11-23.jsonl"
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert oct(path.parent.stat().st_mode & 0o777) == "0o700"
    assert len(path.read_text("utf-8").splitlines()) == 2, "no sign within ends a line"
    first, second = messages(path.parent)
    assert (first["number"], first["words"], first["at"]) == (NUMBER, WORDS, NOON.isoformat())
    assert second["number"] == "0431"
    assert first["id"] != second["id"]
    notifier.close()
    assert send(notifier) is Delivery.FAILED


LONG = 300_000
"""Signs in a message, three bytes each: a kill can fall in the middle of a writing this long."""
CHILD = f"""
import sys
from devices.notifiers.file import open_notifier
from devices.notifiers.port import NotifierPlan
notifier = open_notifier(NotifierPlan("x", "file", dict(folder=sys.argv[1])), print)
print("begun", flush=True)
for n in range(100000):
    assert notifier.send("139", "长" * {LONG}).result().value == "sent"
    print(n, flush=True)
"""


def test_killed_at_any_moment_no_half_line_is_taken_for_a_message(tmp_path: Path):
    luck, answered, kept = random.Random(4), 0, 0
    for _ in range(6):
        with subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            lines = [child.stdout.readline() for _ in range(luck.randrange(1, 4))]
            time.sleep(luck.random() * 0.02)
            child.kill()
            answered += len(lines) - 1 + len(child.stdout.read().splitlines())
        found = messages(tmp_path)
        assert len(found) >= kept, "what stood there stays"
        kept = len(found)
        assert all(one["words"].endswith("长" * LONG) for one in found)
    assert kept >= answered, "what was answered for is there"
    (path,) = tmp_path.glob("*.jsonl")
    with path.open("ab") as half:
        half.write(b'{"id": "half a li')
    later = driver.open_notifier(NotifierPlan("x", "file", {"folder": str(tmp_path)}), [].append)
    assert send(later) is Delivery.SENT
    later.close()
    assert len(messages(tmp_path)) == kept + 1
    assert path.read_bytes().endswith(b"\n")


@pytest.mark.parametrize("end", [b"", b"{}", b"x" * 10_000, b"\n" + b"y" * 4096])
def test_a_half_line_goes_and_whole_ones_stay(tmp_path: Path, end: bytes):
    whole = b'{"number": "1"}\n' * 3
    path = tmp_path / "x.jsonl"
    path.write_bytes(whole + end)
    driver.append(path, b"next\n")
    assert path.read_bytes() == whole + (b"\n" if end.startswith(b"\n") else b"") + b"next\n"
    path.write_bytes(end.replace(b"\n", b""))
    driver.append(path, b"next\n")
    assert path.read_bytes() == b"next\n"


def test_a_full_disk_leaves_no_part_of_a_line_and_says_so(tmp_path: Path, monkeypatch):
    heard: list[DeviceStatus] = []
    notifier, write = opened(tmp_path, heard), os.write
    assert send(notifier) is Delivery.SENT
    monkeypatch.setattr(driver.os, "write", lambda handle, line: write(handle, line[: len(line) // 2]))
    assert send(notifier) is Delivery.FAILED
    assert (notifier.status.health, notifier.status.reason) == (Health.BROKEN, "notifier-folder")
    assert len(messages(tmp_path)) == 1
    assert next(tmp_path.glob("*")).read_bytes().endswith(b"\n")
    monkeypatch.setattr(driver.os, "write", write)
    assert send(notifier) is Delivery.SENT
    assert [status.health for status in heard] == [Health.BROKEN, Health.OK]
    notifier.close()


def test_what_the_disk_does_not_confirm_is_unknown(tmp_path: Path, monkeypatch):
    def fails(_handle: int) -> None:
        raise OSError(5, "Input/output error")

    notifier = opened(tmp_path)
    monkeypatch.setattr(driver.os, "fsync", fails)
    assert send(notifier) is Delivery.UNKNOWN
    notifier.close()


def test_whoever_holds_the_file_is_waited_for(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(driver, "_LOCK_S", 0.2)
    path = tmp_path / "2026-11-23.jsonl"
    notifier = opened(tmp_path)
    with path.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert send(notifier) is Delivery.FAILED
        assert notifier.status.reason == "notifier-busy"
    assert send(notifier) is Delivery.SENT
    notifier.close()


def test_a_folder_that_is_none_is_a_state_and_heals(tmp_path: Path):
    (tmp_path / "messages").write_text("in the way")
    notifier = opened(tmp_path / "messages")
    assert (notifier.status.health, notifier.status.reason) == (Health.BROKEN, "notifier-folder")
    assert send(notifier) is Delivery.FAILED
    (tmp_path / "messages").unlink()
    assert send(notifier) is Delivery.SENT
    assert notifier.status.health is Health.OK
    notifier.close()


def test_a_file_goes_when_its_days_are_over_and_nothing_else_does(tmp_path: Path):
    names = {days: f"{(NOON - timedelta(days=days)).date().isoformat()}.jsonl" for days in (0, 3, 4, 40)}
    for name in (*names.values(), "notes.jsonl", "2020-01-01.txt"):
        (tmp_path / name).write_text("{}\n")
    notifier = opened(tmp_path, days="3")
    left = {names[0], names[3], "notes.jsonl", "2020-01-01.txt"}
    assert until(lambda: {path.name for path in tmp_path.iterdir()} == left)
    notifier.close()


@pytest.mark.parametrize("options", [{}, {"folder": ""}, {"folder": "x", "days": "0"}, {"folder": "x", "days": "many"},
                                     {"folder": "x", "fodler": "y"}])  # fmt: skip
def test_options_that_are_none_are_told_and_nothing_is_sent(options: dict[str, str]):
    notifier = open_notifier(NotifierPlan("短信", "file", options), [].append)
    assert (notifier.status.health, notifier.status.reason) == (Health.BROKEN, "driver-failed")
    assert "options" in notifier.status.detail
    assert send(notifier) is Delivery.FAILED


def test_a_driver_that_is_not_installed_is_a_state():
    notifier = open_notifier(NotifierPlan("短信", "gsm-modem"), [].append)
    assert (notifier.name, notifier.status.reason) == ("短信", "driver-missing")
    assert send(notifier) is Delivery.FAILED
    notifier.close()
