"""What `main.py hall` runs: opens the ledger, puts the hall behind HTTP, says where, and ends in good order.

Everything is wired here and nowhere else. A hall whose ledger is in trouble stands all the same, says so on `/healthz`
and the staff page, and heals when the cause is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import uvloop

from kiosk.announcing.running import announce
from kiosk.clock import SystemClock
from kiosk.config import Settings
from kiosk.door import KioskReport, Role
from kiosk.hall import Caller, HallHouse, open_hall
from kiosk.hall.fitted import OWN
from kiosk.hall.timers import ITSELF
from kiosk.ledger import LedgerTrouble, Vault, open_ledger
from kiosk.ledger.opening import KEY_FILE
from kiosk.link import notes
from kiosk.watchdog import Watchdog
from kiosk.web import logs
from kiosk.web.app import create_app
from kiosk.web.first_sign_in import first_sign_in
from kiosk.web.serving import (
    FIRST_SIGN_IN,
    Endpoint,
    Server,
    open_endpoint,
    say,
    tell_first_sign_in,
    when_asked_to_end,
)
from kiosk.web.watched import watched

if TYPE_CHECKING:
    from kiosk.web.onward import Onward

_AGAIN_S = 2.0


@dataclass(frozen=True, slots=True)
class Where:
    """Where a hall process stands. `beside`: it ends when its standard input closes."""

    host: str
    port: int
    data: Path
    hall: Path
    ledger: str
    certificate: Path | None = None
    key: Path | None = None
    beside: bool = False


def serve(settings: Settings, where: Where) -> int:
    """Serve until asked to end; the command's exit code."""
    where.data.mkdir(parents=True, exist_ok=True)
    endpoint = open_endpoint(where.host, where.port, where.data, where.certificate, where.key)
    if endpoint is None:
        return 1
    try:
        ledger = open_ledger(where.ledger, where.data, patient=True)
    except ValueError as wrong:
        say(f"台账地址不对 / wrong ledger: {wrong}")
        return 2
    try:
        clock = SystemClock(settings.hall.zone)
        house = open_hall(settings, ledger, Vault(where.data / KEY_FILE), clock)
        try:
            house.commands.prepare()  # before anybody can ask: the first page must not say that the key is missing
        except LedgerTrouble as trouble:
            say(f"台账现在不能用，好了会自己接着办 / the ledger cannot serve, it heals by itself: {trouble}")
        onward = None
        if settings.upstream:
            from kiosk.web.onward import Onward  # noqa: PLC0415 - a hall that posts nothing pays nothing for it

            try:
                onward = Onward(house)
            except (OSError, ValueError) as wrong:
                say(f"[[upstream]] 写得不对 / is wrong: {wrong}")
                house.close()
                return 2
        try:
            return uvloop.run(_Process(house, where, endpoint, onward).run())
        finally:
            house.close()
    finally:
        endpoint.listening.close()


class _Process:
    """One hall process from first address to last answer."""

    def __init__(self, house: HallHouse, where: Where, endpoint: Endpoint, onward: Onward | None) -> None:
        self._house = house
        self._onward = onward
        self._where = where
        self._endpoint = endpoint
        self._instance = uuid4().hex
        self._log = logs.set_up()
        self._later: asyncio.Task[None] | None = None
        # A hall beside a kiosk is the kiosk's child, and must not speak for it.
        self._watchdog = Watchdog({} if where.beside else os.environ)

    async def run(self) -> int:
        app = create_app(self._house, self._log, self._instance, self._where.data / FIRST_SIGN_IN)
        server = Server(app, self._endpoint)

        def end() -> None:
            self._watchdog.ending()
            server.should_exit = True
            app.close()

        when_asked_to_end(end)
        if self._where.beside:
            loop = asyncio.get_running_loop()
            threading.Thread(target=_until_input_closes, args=(loop, end), name="kiosk-pipe", daemon=True).start()
        background = [asyncio.create_task(self._house.timers.run()), asyncio.create_task(self._first_sign_in()),
                      asyncio.create_task(self._announce())]
        if self._onward is not None:
            background.append(asyncio.create_task(self._onward.run(self._instance)))
        serving = await server.begin()
        if server.started:
            await self._note()
            self._greet()
            background.append(asyncio.create_task(watched(self._watchdog, self._house.commands.ledger)))
        # What stands now stays: the collector need not look at it at every booking.
        gc.collect()
        gc.freeze()
        try:
            await serving
        finally:
            with contextlib.suppress(OSError):
                notes.take_away(self._where.data, self._instance)
            background += () if self._later is None else (self._later,)
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
        return 0

    async def _announce(self) -> None:
        """Calls on the number displays and in the hall's voice, text messages to residents."""
        house = self._house

        def report(device: str, told: KioskReport) -> Coroutine[Any, Any, object]:
            return house.door(Caller(OWN + device, device, Role.KIOSK)).report(told)

        await announce(house.settings, house.commands.ledger, house.clock, self._where.data,
                       house.counter(ITSELF).windows, report, house.notices)

    async def _note(self) -> None:
        """Say in DATA/hall.json where this hall answers; where that cannot be written, go on trying beside the work."""
        certificate = "" if self._endpoint.tls is None else str(self._endpoint.tls[0].resolve())
        line = notes.Line(os.getpid(), self._instance, self._endpoint.url, certificate)
        if not await self._noted(line):
            self._later = asyncio.create_task(self._note_later(line))

    async def _note_later(self, line: notes.Line) -> None:
        while not await self._noted(line):  # noqa: ASYNC110 - nothing tells when a disk has room again
            await asyncio.sleep(_AGAIN_S)

    async def _noted(self, line: notes.Line) -> bool:
        try:
            await asyncio.to_thread(
                notes.add, self._where.data, self._where.ledger, str(self._where.hall.resolve()), line
            )
        except OSError as error:
            self._log.warning("hall.json", error=error.strerror)
            return False
        return True

    def _greet(self) -> None:
        say(f"大厅系统 / hall: {self._endpoint.url}    工作人员 / staff: {self._endpoint.url}/staff")
        self._endpoint.tell()

    async def _first_sign_in(self) -> None:
        """Make the first account once the ledger serves and its password is kept, and tell whoever set the hall up."""
        kept = None if sys.stdout.isatty() else self._where.data / FIRST_SIGN_IN
        while True:
            try:
                made = await asyncio.to_thread(first_sign_in, self._house.accounts, kept)
                break
            except LedgerTrouble as trouble:
                self._log.warning("ledger", code=trouble.code)
            except OSError as error:
                self._log.warning("first-sign-in", error=error.strerror)
            await asyncio.sleep(_AGAIN_S)
        tell_first_sign_in(made, kept)


def _until_input_closes(loop: asyncio.AbstractEventLoop, end: object) -> None:
    while os.read(0, 4096):
        pass
    assert callable(end)
    with contextlib.suppress(RuntimeError):  # the loop ended first
        loop.call_soon_threadsafe(end)
