"""What the manual of the API shows is typed in as it stands, against a hall that runs."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kiosk.link.beside import answering

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The demo hall on a free port; its address and data folder."""
    command = [sys.executable, ROOT / "main.py", "hall", "--port", "0", "--data", tmp_path / "data"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while (standing := answering(tmp_path / "data")) is None:
            assert process.poll() is None, "the hall ended"
            assert time.monotonic() < until, "the hall does not answer"
            time.sleep(0.1)
        yield standing.url, tmp_path / "data"
    finally:
        process.terminate()
        process.wait(30)


def day_with_places(url: str, data: Path) -> str:
    """The last day on which the gym's two o'clock can be booked: the calendar decides which days those are."""
    command = [sys.executable, ROOT / "main.py", "token", "looker", "--role", "kiosk", "--data", data]
    token = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    days = httpx.get(f"{url}/api/v1/facilities/gym/days", headers={"Authorization": f"Bearer {token}"}).json()["days"]
    return [day["day"] for day in days if day["free"]][-1]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed here")
def test_the_manual_s_commands_work_as_they_stand(hall: tuple[str, Path], tmp_path: Path) -> None:
    url, data = hall
    shown = re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / "api.md").read_text(encoding="utf-8"), re.DOTALL)[0]
    script = re.sub(r"^HALL=.*$", f"HALL={url}/api/v1", shown, flags=re.MULTILINE)
    script = script.replace("--role clerk", f"--role clerk --data {data}").replace("\ncurl", "\necho; curl")
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    program = bin_ / "hall-kiosk"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{ROOT}/main.py" "$@"\n')
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{bin_}:{os.environ['PATH']}", "DAY": day_with_places(url, data)}
    done = subprocess.run(["bash", "-euc", script], check=True, capture_output=True, text=True, env=environment)
    facilities, slots, booked = (json.loads(line) for line in done.stdout.splitlines() if line.strip())
    assert {one["id"] for one in facilities["facilities"]} == {"gym", "reading-room", "remote-education"}
    assert {"start", "end", "capacity", "free", "bookable", "walk_in", "reason"} <= set(slots["slots"][0])
    assert booked["state"] == "booked"
    assert re.fullmatch(r"\d{6}", booked["code"])
