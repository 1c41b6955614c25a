"""The relay of one process: a thread with a loop of its own, a poster and a puller for each destination.

Started and ended with the hall; a hall without [[upstream]] has none of it. It decides nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Sequence

from kiosk.upstream.changes import Apply, Puller
from kiosk.upstream.destinations import Destination
from kiosk.upstream.posting import Claim, Means, Poster

_LOG = logging.getLogger(__name__)
_ENDING_S = 10.0


class Upstream:
    """`claim` makes this process's claim on a destination, by its name; `apply` hands a change to whoever it is for."""

    def __init__(
        self, destinations: Sequence[Destination], means: Means, claim: Callable[[str], Claim],
        apply: Apply | None = None,
    ) -> None:  # fmt: skip
        self._destinations = tuple(destinations)
        self._means = means
        self._claim = claim
        self._apply = apply
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upstream", daemon=True)

    def start(self) -> None:
        """Returns at once, however ledger and network are. Does nothing without destinations."""
        if self._destinations:
            self._thread.start()

    def close(self) -> None:
        """Let go of claims; what was under way is tried again by whoever comes next."""
        if not self._thread.is_alive():
            return
        self._ready.wait(_ENDING_S)
        loop, end = self._loop, self._end
        if loop is not None and end is not None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(end.set)
        self._thread.join(_ENDING_S)

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception:  # noqa: BLE001 - the hall goes on; /healthz tells that nothing leaves
            _LOG.exception("upstream")

    async def _main(self) -> None:
        loop = self._loop = asyncio.get_running_loop()
        self._end = asyncio.Event()
        self._ready.set()
        claims = {to.name: self._claim(to.name) for to in self._destinations}
        posters = [Poster(to, self._means, claims[to.name]) for to in self._destinations if to.events]
        pullers = [] if self._apply is None else [
            Puller(to, to.changes, self._means, self._claim(f"{to.name} changes"), self._apply)
            for to in self._destinations if to.changes is not None
        ]  # fmt: skip

        def hear() -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(wake)

        def wake() -> None:
            for poster in posters:
                poster.news.set()

        unfollow = self._means.ledger.follow(hear)
        works = [poster.run() for poster in posters] + [puller.run() for puller in pullers]
        tasks = [asyncio.create_task(work) for work in works]
        await self._end.wait()
        unfollow()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
