"""What `main.py district` runs: opens the ledger, makes the keys, puts the intake behind HTTP, posts onward if there is
a tier above, and ends in good order. Everything of a district is wired here."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import uvloop

from kiosk.claims import Claim
from kiosk.clock import Clock, SystemClock
from kiosk.hall.accounts import Accounts
from kiosk.ledger import Ledger, LedgerTrouble, Vault, open_ledger
from kiosk.ledger.opening import KEY_FILE
from kiosk.upstream.cases import Cases
from kiosk.upstream.destinations import destination
from kiosk.upstream.district import DistrictSettings
from kiosk.upstream.intake import Intake
from kiosk.upstream.keys import ready
from kiosk.upstream.outbox import Outbox
from kiosk.upstream.posting import Means
from kiosk.upstream.running import Upstream
from kiosk.upstream.tiers import applier, purge
from kiosk.watchdog import Watchdog
from kiosk.web.district.app import District, DistrictApp
from kiosk.web.district.pages import district_pages
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

_PURGE_S = 3600.0
_ESCALATED = "cn.hall.request.escalated.v1"
_SCRUB_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Where:
    """Where a district process stands."""

    host: str
    port: int
    data: Path
    ledger: str
    certificate: Path | None = None
    key: Path | None = None


def serve_district(settings: DistrictSettings, where: Where) -> int:
    """Serve until asked to end; the command's exit code."""
    where.data.mkdir(parents=True, exist_ok=True)
    endpoint = open_endpoint(where.host, where.port, where.data, where.certificate, where.key)
    if endpoint is None:
        return 1
    with endpoint.listening:
        try:
            ring = ready(where.data, [hall.id for hall in settings.halls], endpoint.url, settings.id)
            ledger = open_ledger(where.ledger, where.data)
        except (OSError, ValueError, LedgerTrouble) as wrong:
            say(f"不能开始 / cannot begin: {wrong}")
            return 2
        try:
            clock = SystemClock(settings.zone)
            vault = Vault(where.data / KEY_FILE)
            vault.prepare(ledger)
            above = [destination(one, settings.calendar.zone) for one in settings.upstream]
            outbox = Outbox(above, vault) if above else None
            # Handed up only where it is taken, and where what becomes of it comes back.
            answering = any(one.wants(_ESCALATED) and one.changes for one in above)
            cases = Cases(settings, vault, outbox, tier_above=answering)
            district = District(settings, ledger, vault, clock, Intake(settings, ring, vault, outbox), cases)
            holder = f"{socket.gethostname()} {os.getpid()} {uuid4()}"
            upstream = Upstream(
                above, Means(ledger, vault, clock), lambda name: _claim(ledger, clock, name, holder),
                applier(cases, ledger, clock.now),
            )  # fmt: skip
            upstream.start()
            _first_sign_in(ledger, clock, where.data)
            say(f"区级系统 / district: {endpoint.url}    {endpoint.url}/healthz")
            for file in ring.fresh:
                say(f"新的一家大厅，把这个文件交给它 / a new hall: give it this file: {file}")
                if sys.stdout.isatty():
                    say(file.read_text(encoding="utf-8"))
            endpoint.tell()
            try:
                return uvloop.run(_run(district, where.data, endpoint))
            finally:
                upstream.close()
        finally:
            ledger.close()


def _first_sign_in(ledger: Ledger, clock: Clock, data: Path) -> None:
    """A district without any account gets a manager's; who set it up is told."""
    kept = None if sys.stdout.isatty() else data / FIRST_SIGN_IN
    tell_first_sign_in(first_sign_in(Accounts(ledger, clock), kept), kept)


def _claim(ledger: Ledger, clock: Clock, name: str, holder: str) -> Claim:
    return Claim(ledger, clock, f"relay:{name}", holder)


async def _run(district: District, data: Path, endpoint: Endpoint) -> int:
    pages = district_pages(district, data / FIRST_SIGN_IN)
    server = Server(DistrictApp(district, pages), endpoint, lifespan="off")

    def end() -> None:
        server.should_exit = True

    when_asked_to_end(end)
    background = [asyncio.create_task(_purge(district))]
    serving = await server.begin()
    background.append(asyncio.create_task(watched(Watchdog(os.environ), district.ledger)))
    try:
        await serving
    finally:
        for task in background:
            task.cancel()
    return 0


async def _purge(district: District) -> None:
    """Every word dies in time, hour by hour; its files are cleared of them once a day, for that locks tables."""
    dirty, scrub_at = False, 0.0
    while True:
        with contextlib.suppress(LedgerTrouble):
            gone = await asyncio.wrap_future(district.ledger.write(lambda tx: purge(tx, district.clock.now())))
            dirty = dirty or bool(gone)
            if dirty and time.monotonic() >= scrub_at:
                await asyncio.to_thread(district.ledger.scrub)
                dirty, scrub_at = False, time.monotonic() + _SCRUB_S
        await asyncio.sleep(_PURGE_S)
