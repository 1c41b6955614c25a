"""What `main.py district` runs: opens the ledger, makes the keys, puts the intake behind HTTP, posts onward if there is
a tier above, and ends in good order. Everything of a district is wired here."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import uvicorn
import uvloop

from kiosk.announcing.claims import Claim
from kiosk.clock import Clock, SystemClock
from kiosk.hall.accounts import Accounts
from kiosk.ledger import Ledger, LedgerTrouble, Vault, open_ledger
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
from kiosk.web.one_write import OneWrite
from kiosk.web.tls import fingerprint, is_loopback, own_certificate
from kiosk.web.watched import watched

_KEY = "hall.key"
FIRST_SIGN_IN = "first-sign-in"
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
    try:
        listening = socket.create_server((where.host, where.port), backlog=1024)
    except OSError as error:
        _say(f"不能在 {where.host}:{where.port} 上开门 / cannot listen there: {error.strerror}")
        return 1
    tls = (where.certificate, where.key) if where.certificate is not None and where.key is not None else None
    if tls is None and not is_loopback(where.host):
        tls = own_certificate(where.data / "tls", where.host)
    url = f"{'https' if tls else 'http'}://{where.host}:{listening.getsockname()[1]}"
    with listening:
        try:
            ring = ready(where.data, [hall.id for hall in settings.halls], url, settings.id)
            ledger = open_ledger(where.ledger, where.data)
        except (OSError, ValueError, LedgerTrouble) as wrong:
            _say(f"不能开始 / cannot begin: {wrong}")
            return 2
        try:
            clock = SystemClock(settings.zone)
            vault = Vault(where.data / _KEY)
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
            _say(f"区级系统 / district: {url}    {url}/healthz")
            for file in ring.fresh:
                _say(f"新的一家大厅，把这个文件交给它 / a new hall: give it this file: {file}")
                if sys.stdout.isatty():
                    _say(file.read_text(encoding="utf-8"))
            if tls is not None:
                _say(f"证书指纹 / certificate SHA-256: {fingerprint(tls[0])}")
            try:
                return uvloop.run(_run(district, where.data, listening, tls))
            finally:
                upstream.close()
        finally:
            ledger.close()


def _first_sign_in(ledger: Ledger, clock: Clock, data: Path) -> None:
    """A district without any account gets a manager's; who set it up is told."""
    at_terminal, kept = sys.stdout.isatty(), data / FIRST_SIGN_IN
    made = first_sign_in(Accounts(ledger, clock), None if at_terminal else kept)
    if made is not None and at_terminal:
        _say(f"第一次登录 / first sign-in: {made[0]}  {made[1]}  （登录后要改密码 / to be changed at first use）")
    elif made is not None:
        _say(f"第一次登录的名字和密码在 / the first sign-in is in {kept}")


def _claim(ledger: Ledger, clock: Clock, name: str, holder: str) -> Claim:
    return Claim(ledger, clock, f"relay:{name}", holder)


async def _run(district: District, data: Path, listening: socket.socket, tls: tuple[Path, Path] | None) -> int:
    pages = district_pages(district, data / FIRST_SIGN_IN)
    config = uvicorn.Config(
        DistrictApp(district, pages), loop="uvloop", http=OneWrite, ws="none", log_config=None, access_log=False,
        server_header=False, proxy_headers=False, timeout_graceful_shutdown=10, lifespan="off", backlog=1024,
        ssl_certfile=None if tls is None else str(tls[0]), ssl_keyfile=None if tls is None else str(tls[1]),
    )  # fmt: skip
    server = _Server(config)
    loop = asyncio.get_running_loop()

    def end() -> None:
        server.should_exit = True

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, end)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    background = [asyncio.create_task(_purge(district))]
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn offers no event to wait for
        await asyncio.sleep(0.01)
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


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201 - whoever started the district reads this
