"""A kiosk without its screen: the real station and the real visit, in this process or in one that can be killed.

`Kiosk` pumps in the caller's thread what Kivy's main thread pumps in the product. As a program (`python -m
tests.badluck.kiosks`) it reads answers from standard input and tells each page on standard output.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

from kiosk.clock import Clock, SystemClock
from kiosk.config import load
from kiosk.door import Hall
from kiosk.flows.steps import Answer, Ask, Bar, Pick, Press, PrintSlip, Step
from kiosk.flows.visit import Turn, Visit
from kiosk.link.http import HttpHall
from kiosk.station.events import DevicesChanged, HallFound, HallSilent, SlipLost
from kiosk.station.station import Station
from tests.halls import ROOT

ANSWERS: dict[str, Callable[[str], Answer]] = {"Pick": Pick, "Press": Press, "Bar": Bar}
PRINTER = """
[[printers]]
driver = "escpos"
connection = "tcp://127.0.0.1:{port}"
"""


def over_http(url: str, token: str, now: Callable[[], datetime]) -> Callable[[], Awaitable[Hall]]:
    """How a station finds its hall."""

    async def connect() -> Hall:
        return HttpHall(url, token, now=now)

    return connect


async def _hang_up(station: Station) -> None:
    if isinstance(station._door, HttpHall):
        await station._door.close()


class Kiosk:
    """One kiosk in this process. `hold_paper`: what is to be printed stays where it is, as if the thread stood."""

    def __init__(
        self, toml: Path, data: Path, connect: Callable[[], Awaitable[Hall]], *, clock: Clock | None = None,
        hold_paper: bool = False, seen: Callable[[Step], None] = lambda _step: None,
    ) -> None:  # fmt: skip
        self.clock = clock or SystemClock()
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.hold_paper, self._seen = hold_paper, seen
        self.visit = Visit(lambda: str(uuid4()))
        self.asked: list[Ask] = []
        self.slips: list[PrintSlip] = []
        self.station = Station(load(toml), connect, data, self.clock, self._queue.put, self._event)
        self.station.start()
        self._turn(self.visit.start(self.clock.now()))

    @property
    def page(self) -> Step:
        """What the resident sees now."""
        return self.visit.step(self.clock.now())

    def do(self, *answers: Answer) -> None:
        """What the resident does."""
        for answer in answers:
            self._turn(self.visit.handle(answer, self.clock.now()))

    def post(self, call: Callable[[], None]) -> None:
        """Run something in the pumping thread."""
        self._queue.put(call)

    def pump(self, until: Callable[[], bool], seconds: float = 30.0) -> bool:
        """Let things happen until something is so; whether it came to be."""
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end:
                return False
            due = self.visit.due(self.clock.now())
            wait = 0.5 if due is None else (due - self.clock.now()).total_seconds()
            with contextlib.suppress(queue.Empty):
                self._queue.get(timeout=min(max(wait, 0.001), 0.05))()
            if due is not None and due <= self.clock.now():
                self._turn(self.visit.tick(self.clock.now()))
        return True

    def until(self, page: str, seconds: float = 30.0) -> Step:
        """Wait for a page by its name."""
        come = self.pump(lambda: type(self.page).__name__ == page, seconds)
        assert come, f"waited for {page}, stands on {self.page!r}"
        return self.page

    def _event(self, event: object) -> None:
        now = self.clock.now()
        if isinstance(event, SlipLost):
            self._turn(self.visit.slip_lost(now))
        elif isinstance(event, DevicesChanged):
            self.visit.scanner = event.scanner
        elif isinstance(event, HallFound):
            self._turn(self.visit.tick(now))
        elif isinstance(event, HallSilent):
            self._turn(self.visit.hall_silent(now))
        else:
            self._turn(self.visit.handle(event, now))  # type: ignore[arg-type]

    def _turn(self, turn: Turn) -> None:
        for effect in turn.effects:
            if isinstance(effect, Ask):
                self.asked.append(effect)
                self.station.ask(effect)
            elif isinstance(effect, PrintSlip):
                self.slips.append(effect)
                if not self.hold_paper:
                    self.station.print(effect)
        self._seen(self.page)

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(_hang_up(self.station), self.station._loop).result(30)
        self.station.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_gone: object) -> None:
        self.close()


class KioskProcess:
    """The same in a process of its own."""

    def __init__(self, toml: Path, data: Path, url: str, token: str, *, hold_paper: bool = False) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.badluck.kiosks", str(toml), str(data), url, token, "hold" * hold_paper],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.pages: list[dict[str, Any]] = []
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._changed:
                self.pages.append(json.loads(line))
                self._changed.notify_all()

    def do(self, *answers: Answer) -> None:
        """What the resident does."""
        assert self.process.stdin is not None
        for answer in answers:
            (said,) = (getattr(answer, name) for name in ("choice", "key", "button") if hasattr(answer, name))
            self.process.stdin.write(json.dumps([type(answer).__name__, said]).encode() + b"\n")
            self.process.stdin.flush()

    def until(self, page: str, seconds: float = 30.0) -> dict[str, Any]:
        """Wait for a page by its name."""
        return self.seen(lambda told: told["page"] == page, seconds)

    def seen(self, right: Callable[[dict[str, Any]], bool], seconds: float = 30.0) -> dict[str, Any]:
        """Wait until the newest page is right."""
        with self._changed:
            found = self._changed.wait_for(lambda: bool(self.pages) and right(self.pages[-1]), seconds)
            assert found, f"stands on {self.pages[-1:]}"
            return self.pages[-1]

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()
        self._reader.join(30)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_gone: object) -> None:
        if self.process.poll() is None:
            self.kill()


def to_check(kiosk: Kiosk | KioskProcess, facility: str, start: str, phone: str) -> None:
    """From the waiting page to the last look before booking."""
    people = facility == "many"
    for answers, page in (
        ((Pick("start"),), "Home"),
        ((Pick("book"),), "ChooseFacility"),
        ((Pick(facility),), "ChooseDay"),
        ((Pick(start[:10]),), "ChooseTime"),
        ((Pick(start),), "ChoosePeople" if people else "EnterPhone"),
        ((Pick("1"),) if people else (), "EnterPhone"),
        ((*map(Press, phone), Pick("ok")), "CheckBooking"),
    ):
        kiosk.do(*answers)
        kiosk.until(page)


def main() -> None:
    """The program: answers in, pages out, one JSON value a line."""
    toml, data, url, token, hold = sys.argv[1:]
    last = ""

    def told(step: Step) -> None:
        nonlocal last
        line = json.dumps({"page": type(step).__name__, "what": repr(step)})
        if line != last:
            last = line
            os.write(1, line.encode() + b"\n")

    clock = SystemClock()
    connect = over_http(url, token, clock.now)
    kiosk = Kiosk(Path(toml), Path(data), connect, clock=clock, hold_paper=bool(hold), seen=told)

    def read() -> None:
        for line in sys.stdin:
            kind, said = json.loads(line)
            kiosk.post(partial(kiosk.do, ANSWERS[kind](said)))

    threading.Thread(target=read, daemon=True).start()
    kiosk.pump(lambda: False, 600)


if __name__ == "__main__":
    main()
