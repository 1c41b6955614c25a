"""Posts the log to one destination: reads, asks the relay what is next, posts it, writes down what came of it.

Works while this process holds the claim; whoever loses it forgets what it knew and begins from the ledger when it has
it again. Trouble with the ledger is waited out; nothing the other end does ends it.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import httpx

from kiosk.clock import Clock
from kiosk.ledger import Hot, Ledger, LedgerTrouble, Tx, Vault
from kiosk.upstream import outbox, signing
from kiosk.upstream.access import Access
from kiosk.upstream.answering import client, post
from kiosk.upstream.book import Book, Line, Stand, items
from kiosk.upstream.destinations import Destination
from kiosk.upstream.relay import Answer, Item, Kept, Pace, Relay, Rest, Send, Settled, Verdict

_LOG = logging.getLogger(__name__)
_NEWEST = Hot("SELECT seq FROM event ORDER BY seq DESC LIMIT 1")
_AT_ONCE = 500
_POLL_S = 5.0
_KEEP_S = 1.0
_TROUBLED_S = 1.0
_PURGE_S = 3600.0
_LAST_S = 2.0
_LOOK_S = 1.0  # how often it looks whether staff want something
_BREATH_S = 0.02  # in a busy hall the log is read so often at most, whatever is in it
_SKIP = 5000  # places of the log that concern nobody, after which the cursor is written all the same


class Claim(Protocol):
    """This process's claim on a destination among several hall processes. All but `held` may block."""

    @property
    def held(self) -> bool: ...

    def keep(self, *, useful: bool) -> bool: ...

    def fenced(self, tx: Tx) -> bool: ...

    def let_go(self) -> None: ...


class Lost(Exception):
    """Another process has the claim: nothing was written."""


@dataclass(frozen=True, slots=True)
class Means:
    """What every poster of a process shares."""

    ledger: Ledger
    vault: Vault
    clock: Clock
    chance: Callable[[], float] = random.random
    pace: Pace | None = None


class Poster:
    """One destination's. `news`: set when the log may have grown."""

    def __init__(self, to: Destination, means: Means, claim: Claim) -> None:
        self._to = to
        self._means = means
        self._claim = claim
        self._book = Book(to.name, means.vault)
        self._access = Access.of(to.options)
        self.news = asyncio.Event()
        self._relay: Relay | None = None
        self._known = Kept()
        self._stand = Stand()
        self._parts: dict[str, bytes] = {}
        self._private: set[str] = set()
        self._purge_at = 0.0
        self._look_at = 0.0

    async def run(self) -> None:
        """Post until cancelled."""
        keeping = asyncio.create_task(self._keep())
        try:
            async with client(self._access.tls) as http:
                while True:
                    try:
                        await self._turn(http)
                    except (LedgerTrouble, Lost):
                        self._relay = None
                        await asyncio.sleep(_TROUBLED_S)
                    except Exception:  # noqa: BLE001 - one event that cannot be posted must not end the relay for good
                        _LOG.exception("relay")
                        self._relay = None
                        await asyncio.sleep(_TROUBLED_S)
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await asyncio.to_thread(self._claim.let_go)

    async def _keep(self) -> None:
        while True:
            await asyncio.to_thread(self._claim.keep, useful=True)
            await asyncio.sleep(_KEEP_S)

    async def _turn(self, http: httpx.AsyncClient) -> None:
        if not self._claim.held:
            self._relay = None
            await asyncio.sleep(0.05)
            return
        relay = self._relay or await self._begin()
        self.news.clear()
        await self._read(relay)
        action = relay.next(self._means.clock.monotonic())
        if isinstance(action, Send):
            sending = asyncio.create_task(self._send(http, relay, action))
            try:
                await asyncio.shield(sending)
            except asyncio.CancelledError:  # the hall ends: what is just being answered is still written down
                await asyncio.wait({sending}, timeout=_LAST_S)
                sending.cancel()
                raise
        elif action.until is not None or not await self._again(http):
            await self._rest(action)

    async def _begin(self) -> Relay:
        await asyncio.to_thread(self._means.vault.prepare, self._means.ledger)
        self._known, self._stand = await asyncio.to_thread(self._means.ledger.read, self._book.load)
        self._parts.clear()
        self._private.clear()
        pace = self._means.pace or Pace()
        relay = Relay(self._known, self._means.chance, pace if self._to.kind.batches else replace(pace, batch=1))
        self._relay = relay
        return relay

    # ---- reading -----------------------------------------------------------------------------------------------------

    async def _read(self, relay: Relay) -> None:
        while relay.room:
            after, most = relay.scanned, min(_AT_ONCE, max(relay.room, 50))
            lines, newest = await asyncio.to_thread(
                self._means.ledger.read, partial(self._lines, after, most)
            )
            if not lines:
                if newest < after:  # an older copy stands in the ledger's place
                    raise Lost
                return
            wanted = [(line, self._part(line)) for line in lines if self._wanted(line, relay.kept)]
            relay.offer(items(wanted), lines[-1].seq)
            if relay.kept.after - self._known.after > _SKIP:
                await self._write(lambda tx: self._book.put(tx, relay.kept, self._stand))
                self._known = relay.kept

    def _lines(self, after: int, most: int, tx: Tx) -> tuple[list[Line], int]:
        return self._book.lines(tx, after, most), _newest(tx)

    def _wanted(self, line: Line, kept: Kept) -> bool:
        return self._to.wants(line.event.type) or line.seq in kept.batch

    def _part(self, line: Line) -> bytes:
        part = self._to.part(line.event, line.more)
        self._parts[line.event.id] = part
        if line.private:
            self._private.add(line.event.id)
        return part

    # ---- posting -----------------------------------------------------------------------------------------------------

    async def _send(self, http: httpx.AsyncClient, relay: Relay, send: Send) -> None:
        if send.new:
            kept = relay.kept
            await self._write(lambda tx: self._book.begin(tx, kept))
            self._known = kept
        answer = await self._post(http, send.id, [self._parts[item.id] for item in send.items], send)
        settled = relay.answered(answer, self._means.clock.monotonic())
        await self._settle(settled, answer)

    async def _post(self, http: httpx.AsyncClient, id_: str, parts: list[bytes], send: Send) -> Answer:
        kind = self._to.kind
        body, headers = kind.alone(id_, parts[0]) if send.single else kind.together(id_, parts)
        if self._to.key is not None:
            at = int(self._means.clock.now().timestamp() - send.shift)
            headers = {**headers, **signing.headers(self._to.key, id_, at, body)}
        headers = {**headers, **await self._access.headers(http)}
        answer = await post(http, self._to.url, body, headers, lambda: self._means.clock.now().timestamp())
        if answer.status == 401:
            self._access.refused()
        return answer

    async def _settle(self, settled: Settled, answer: Answer) -> None:
        now = round(self._means.clock.now().timestamp() * 1000)
        stand = self._stand
        if answer.skew is not None and abs(answer.skew * 1000 - (stand.skew or 0)) > 2000:
            stand = replace(stand, skew=round(answer.skew * 1000))
        if settled.took:
            stand = replace(stand, took_at=now)
        if not settled.kept.why:
            stand = replace(stand, since=None)
        elif not self._known.why:
            stand = replace(stand, since=now)
        if (settled.kept, stand) != (self._known, self._stand) or settled.took or settled.aside:
            private = frozenset(self._private)
            await self._write(lambda tx: self._book.settle(tx, settled, stand, private, now))
            self._known, self._stand = settled.kept, stand
        for item in (*settled.took, *(item for item, _why in settled.aside)):
            self._parts.pop(item.id, None)
            self._private.discard(item.id)

    async def _again(self, http: httpx.AsyncClient) -> bool:
        """Send once more what staff want sent; whether there was anything. Also what is done now and then."""
        if self._means.clock.monotonic() < self._look_at:
            return False
        self._look_at = self._means.clock.monotonic() + _LOOK_S
        due = self._means.clock.monotonic() >= self._purge_at
        if self._known.paused:
            now = await asyncio.to_thread(self._means.ledger.read, self._book.load)
            if not now[0].paused:  # staff let it go on
                raise Lost
        if due:
            self._purge_at = self._means.clock.monotonic() + _PURGE_S
            before = round(self._means.clock.now().timestamp() * 1000)
            await self._write(lambda tx: outbox.purge(tx, before))
        lines = await asyncio.to_thread(self._means.ledger.read, self._book.again)
        for line in lines:
            item = Item(line.seq, line.event.id, line.event.subject)
            part = self._to.part(line.event, line.more)
            answer = await self._post(http, item.id, [part], Send(item.id, (item,), single=True))
            await self._write(partial(self._once_more, item, answer))
        return bool(lines)

    def _once_more(self, item: Item, answer: Answer, tx: Tx) -> None:
        now = round(self._means.clock.now().timestamp() * 1000)
        if answer.verdict is Verdict.TOOK:
            self._book.cleared(tx, item.id, now)
        else:
            self._book.aside(tx, item, answer.says, now)

    async def _rest(self, rest: Rest) -> None:
        wait = _POLL_S
        if rest.until is not None:
            wait = min(wait, max(0.0, rest.until - self._means.clock.monotonic()))
            await asyncio.sleep(wait)  # news does not end a back-off
            return
        try:
            async with asyncio.timeout(min(wait, _LOOK_S)):
                await self.news.wait()
            await asyncio.sleep(_BREATH_S)
        except TimeoutError:
            return

    async def _write(self, change: Callable[[Tx], object]) -> None:
        def fenced(tx: Tx) -> None:
            if not self._claim.fenced(tx):
                raise Lost
            change(tx)

        await asyncio.wrap_future(self._means.ledger.write(fenced))


def _newest(tx: Tx) -> int:
    row = tx.one(_NEWEST)
    return 0 if row is None else int(row[0])
