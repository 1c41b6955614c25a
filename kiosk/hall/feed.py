"""The log as it grows, for everybody in this process who listens: one reader, however many ears.

Each ear has a cursor of its own and loses nothing: what it missed it reads from the log. It never decides who may hear
what.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

from kiosk.ledger import Hot, Ledger, LedgerTrouble, Logged

__all__ = ["Ear", "Feed", "Logged"]

_NEWEST = Hot("SELECT seq FROM event ORDER BY seq DESC LIMIT 1")
_KEPT = 1000  # events kept at hand
_AT_ONCE = 500
_TROUBLED_S = 0.5


class Ear:
    """One listener. `after`: the last place of the log it has heard."""

    def __init__(self, feed: Feed, after: int) -> None:
        self._feed = feed
        self.after = after
        self.woken = asyncio.Event()

    async def hear(self, wait_s: float) -> list[Logged] | None:
        """What came since, in order; empty when nothing did for so long; None when the hall ends."""
        if self.after >= self._feed.newest:
            self.woken.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self.woken.wait()
        if self._feed.ended:
            return None
        heard = await self._feed.since(self.after)
        if heard:
            self.after = heard[-1].seq
        return heard

    def close(self) -> None:
        """It listens no more."""
        self._feed.forget(self)


class Feed:
    """Lives on one event loop: the first ear starts it, `close` ends it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._ears: set[Ear] = set()
        self._recent: deque[Logged] = deque(maxlen=_KEPT)
        self._look = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._stop: Callable[[], None] | None = None
        self.newest = -1
        self.ended = False

    @property
    def ears(self) -> int:
        """How many listen."""
        return len(self._ears)

    async def listen(self, after: int | None = None) -> Ear:
        """An ear that hears everything after a place of the log; what comes from now on unless told. Raises
        `LedgerTrouble`."""
        if self._pump is None:
            await self._begin()
        ear = Ear(self, self.newest if after is None else min(after, self.newest))
        self._ears.add(ear)
        return ear

    def forget(self, ear: Ear) -> None:
        """An ear is closed."""
        self._ears.discard(ear)

    def close(self) -> None:
        """The hall ends: every ear hears that."""
        self.ended = True
        if self._stop is not None:
            self._stop()
        if self._pump is not None:
            self._pump.cancel()
        for ear in self._ears:
            ear.woken.set()

    async def since(self, after: int) -> list[Logged]:
        """Events after a place, at most some hundreds."""
        if after >= self.newest:
            return []
        if self._recent and self._recent[0].seq <= after + 1:
            return [logged for logged in self._recent if logged.seq > after][:_AT_ONCE]
        try:
            return await asyncio.to_thread(self._ledger.log, after, _AT_ONCE)
        except LedgerTrouble:
            await asyncio.sleep(_TROUBLED_S)
            return []

    async def _begin(self) -> None:
        loop = asyncio.get_running_loop()

        def hear() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(self._look.set)

        newest = await asyncio.to_thread(self._newest)
        if self._pump is None:
            self.newest = newest
            self._stop = self._ledger.follow(hear)
            self._pump = loop.create_task(self._run())

    def _newest(self) -> int:
        row = self._ledger.read(lambda tx: tx.one(_NEWEST))
        return 0 if row is None else int(row[0])

    async def _run(self) -> None:
        while True:
            await self._look.wait()
            self._look.clear()
            try:
                while more := await asyncio.to_thread(self._ledger.log, self.newest, _AT_ONCE):
                    self._recent.extend(more)
                    self.newest = more[-1].seq
                    for ear in self._ears:
                        ear.woken.set()
                if await self._restored():
                    continue
            except LedgerTrouble:
                await asyncio.sleep(_TROUBLED_S)
                self._look.set()

    async def _restored(self) -> bool:
        """Whether an older copy now stands in the ledger's place: then everything is looked at anew."""
        newest = await asyncio.to_thread(self._newest)
        if newest >= self.newest:
            return False
        self._recent.clear()
        self.newest = newest
        for ear in self._ears:
            ear.after = newest
            ear.woken.set()
        return True
