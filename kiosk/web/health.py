"""`/healthz` and `/metrics`: does this hall serve, and how is it. Says nothing personal and asks for no token."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Mapping
from time import monotonic

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from kiosk import wire
from kiosk.door import Reason, Refusal, Role
from kiosk.hall import HallHouse
from kiosk.hall.commands import refusal_of
from kiosk.leases import Lease
from kiosk.ledger.errors import LedgerLocked, LedgerTrouble
from kiosk.upstream import standing
from kiosk.web.tokens import TokenDesk
from kiosk.web.watch import Watch

FRESH_S = 1.0  # however many ask, the ledger is tried once a second
PATIENCE_S = 0.7  # whoever asks waits no longer: a kiosk takes a hall silent for a second for gone


# The body's members before anything has been seen.
_NOTHING_SEEN: wire.Json = {
    "key": {"state": "ok", "reason": None}, "clock": {"state": "ok", "reason": None},
    "calendar": {"state": "ok", "warnings": []}, "devices": [], "kiosks": [], "upstream": [],
}  # fmt: skip


class Health:
    """The last look at the hall, renewed when it is older than a second. A look that takes long is waited for by
    nobody: whoever asks hears in time that this hall stands and cannot write now."""

    def __init__(self, house: HallHouse, instance: str) -> None:
        self._house = house
        self._instance = instance
        # One row for all processes and holders: it is written for the writing's sake.
        self._row = Lease(house.commands.ledger, house.clock, "health", "whoever")
        self._looked_at = 0.0
        self._seen: tuple[int, wire.Json] = (503, {})
        self._looking: asyncio.Task[None] | None = None

    async def look(self) -> tuple[int, wire.Json]:
        """The status and the body, within a second whatever the ledger does."""
        if self._looking is None and monotonic() - self._looked_at > FRESH_S:
            self._looking = asyncio.create_task(self._renew())
        if self._looking is not None:
            looking = self._looking
            done, _waiting = await asyncio.wait({looking}, timeout=PATIENCE_S)
            if not done:
                return self._held_up()
            looking.result()
        return self._seen

    async def _renew(self) -> None:
        try:
            self._seen = await self._look()
            self._looked_at = monotonic()
        finally:
            self._looking = None

    def _held_up(self) -> tuple[int, wire.Json]:
        """What can be said while the look goes on: all as last seen, but the ledger, which somebody holds."""
        known = self._house.commands.trouble or Reason(LedgerLocked.code)
        body = {**_NOTHING_SEEN, **self._seen[1], "status": "broken", "instance": self._instance}
        ledger = {"kind": self._house.commands.ledger.kind, "state": "broken", "reason": wire.put_reason(known)}
        return 503, {**body, "now": self._house.clock.now().isoformat(), "ledger": ledger}

    async def _look(self) -> tuple[int, wire.Json]:
        trouble = await self._try()
        seen = await self._house.attention()
        doubt = seen.trouble if seen.trouble is not None and seen.trouble.code == "clock-doubt" else None
        body: wire.Json = {
            "status": "broken" if trouble else "ok",
            "instance": self._instance,
            "now": self._house.clock.now().isoformat(),
            "ledger": {
                "kind": self._house.commands.ledger.kind,
                "state": "broken" if trouble else "ok",
                "reason": None if trouble is None else wire.put_reason(trouble),
            },
            "key": {
                "state": "warning" if seen.key else "ok",
                "reason": None if seen.key is None else wire.put_reason(seen.key),
            },
            "clock": {"state": "doubt" if doubt else "ok", "reason": None if doubt is None else wire.put_reason(doubt)},
            "calendar": {
                "state": "warning" if seen.calendar else "ok",
                "warnings": [wire.put_reason(warning) for warning in seen.calendar],
            },
            "devices": [
                {"kiosk": kiosk.name, "name": device.name, "kind": device.kind, "state": device.state.value}
                for kiosk in seen.kiosks for device in kiosk.devices
            ] + [
                {"kiosk": "", "name": name, "kind": kind, "state": "unknown" if report is None else report.state.value}
                for one in seen.fitted for name, kind, report in one.each()
            ],
            "kiosks": [{"name": kiosk.name, "state": "silent" if kiosk.silent else "ok"} for kiosk in seen.kiosks],
            "upstream": await self._upstream(),
        }  # fmt: skip
        return (503 if trouble else 200), body

    async def _upstream(self) -> list[Mapping[str, object]]:
        """How each destination stands; as last seen while the ledger cannot be read."""
        settings = self._house.settings.upstream
        seen = await self._house.commands.ask(lambda tx: standing.look(tx, settings)) if settings else ()
        return [] if isinstance(seen, Refusal) else standing.body(seen)

    async def _try(self) -> Reason | None:
        """Write a row that means nothing, through the same door as every command; why that cannot be done."""
        commands = self._house.commands
        try:
            await commands.in_background(commands.prepare)
            await commands.in_background(self._row.renew)
        except LedgerTrouble as trouble:
            return refusal_of(trouble).reason
        return None


def add_health(app: FastAPI, health: Health, watch: Watch, desk: TokenDesk) -> None:
    """Put both at the root."""

    async def healthz() -> Response:
        status, body = await health.look()
        return JSONResponse(body, status, headers={"Cache-Control": "no-store"})

    async def metrics(request: Request) -> Response:
        if not _from_here(request):
            scheme, _space, token = request.headers.get("authorization", "").partition(" ")
            guest = await desk.bearer(token.strip()) if scheme.lower() == "bearer" else None
            if guest is None:
                return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
            if guest.role is not Role.MANAGER:
                return Response(status_code=403)
        return Response(watch.told(), media_type=CONTENT_TYPE_LATEST)

    app.add_api_route("/healthz", healthz, methods=["GET"], include_in_schema=False)
    app.add_api_route("/metrics", metrics, methods=["GET"], include_in_schema=False)


def _from_here(request: Request) -> bool:
    """Asked from this very machine? No proxy header is believed."""
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
