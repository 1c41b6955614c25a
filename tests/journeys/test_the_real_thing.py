"""`main.py run` as a technician starts it: a window on an X server, a hall process beside it, real taps."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.display import Finger, x_server
from kiosk.clock import SystemClock
from kiosk.config import load
from kiosk.hall import open_hall
from kiosk.ledger import Vault, open_ledger
from kiosk.link.beside import answering

pytestmark = pytest.mark.window

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "assets" / "demo" / "hall.toml"
BEGIN, HELP = (540, 1700), (972, 1850)  # where the first button and 帮助 stand on every page, from the upper left


@pytest.fixture
def display() -> Iterator[str]:
    with x_server() as name:
        yield name


class Kiosk:
    """`main.py run` with what it says on standard error."""

    def __init__(self, data: Path, display: str | None, *more: str) -> None:
        self.log = data.with_name(f"{data.name}-{time.monotonic_ns()}.log")
        self.data = data
        drop = {"DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"}
        clean = {key: value for key, value in os.environ.items() if key not in drop and not key.startswith("KIVY")}
        env = clean | ({"DISPLAY": display} if display else {})
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "main.py"), "run", "--window", "--data", str(data), *more],
                env=env, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    @property
    def says(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def __enter__(self) -> Kiosk:
        return self

    def __exit__(self, *_gone: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def until(true: Callable[[], object], what: str, kiosk: Kiosk | None = None, seconds: float = 90) -> object:
    """`kiosk`: whose words by then are told with what did not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError(what if kiosk is None else f"{what}: {kiosk.says}")


def help_calls(data: Path) -> int:
    """How many wait, asked of the same ledger from a third process."""
    import asyncio

    settings = load(DEMO)
    house = open_hall(settings, open_ledger("sqlite:///hall.db", data), Vault(data / "hall.key"), SystemClock())
    try:
        return len(asyncio.run(house.attention()).help_calls)
    finally:
        house.close()


def test_from_a_finger_on_the_glass_to_the_hall_and_back_after_kill_9(tmp_path: Path, display: str) -> None:
    data = tmp_path / "data"
    with Kiosk(data, display) as kiosk, Finger(display) as finger:
        standing = until(lambda: answering(data), "no hall", kiosk)
        until(lambda: f"{standing.url}/staff" in kiosk.says, "where staff sign in is not said")
        until(lambda: "first-sign-in" in kiosk.says or "first sign-in" in kiosk.says, "no first sign-in is said")
        until((data / "kiosk" / "token").exists, "no token")

        def rings() -> int:
            finger.tap(*BEGIN)
            time.sleep(0.4)
            finger.tap(*HELP)
            time.sleep(1.0)
            return help_calls(data)

        until(rings, "nobody was called", kiosk)

        with Kiosk(data, display) as second:
            assert second.process.wait(30) != 0
            assert str(kiosk.process.pid) in second.says
            assert "another kiosk" in second.says
        assert kiosk.process.poll() is None

        os.kill(standing.pid, signal.SIGKILL)

        def another() -> object:
            now = answering(data)
            return now if now is not None and now.pid != standing.pid else None

        again = until(another, "it stays away", kiosk)
        assert kiosk.process.poll() is None
        assert kiosk.end() == 0
        until(lambda: not Path(f"/proc/{again.pid}").exists(), "the hall outlives its kiosk")


def test_a_broken_hall_toml_closes_the_kiosk_and_heals(tmp_path: Path, display: str) -> None:
    data, toml = tmp_path / "data", tmp_path / "hall.toml"
    toml.write_text(DEMO.read_text(encoding="utf-8").replace("capacity = 10", "capacity = 0"), encoding="utf-8")
    with Kiosk(data, display, "--hall", str(toml)) as kiosk:
        until(lambda: "facilities[0].capacity" in kiosk.says, "nothing is said", kiosk)
        time.sleep(1)
        assert kiosk.process.poll() is None, kiosk.says
        assert answering(data) is None
        toml.write_text(DEMO.read_text(encoding="utf-8"), encoding="utf-8")
        until(lambda: answering(data), "it does not heal", kiosk)
        assert kiosk.end() == 0


@pytest.mark.parametrize("display", [None, ":97531"])
def test_without_a_display_it_says_so_and_walks_the_tour(tmp_path: Path, display: str | None) -> None:
    """Also where DISPLAY is set and nobody answers there."""
    with Kiosk(tmp_path / "data", display) as kiosk:
        until(lambda: "[1/" in kiosk.says, "no tour", kiosk)
        assert "no display" in kiosk.says
        assert str(tmp_path / "data" / "tour") in kiosk.says
        until(lambda: list((tmp_path / "data" / "tour" / "pages").glob("*.png")), "no pictures")
        assert "Traceback" not in kiosk.says
