"""A hall process's way upstream, wired: its destinations, the outbox its commands write to, the relay, the way back.

Imported only where hall.toml has [[upstream]]: a hall that posts nothing pays nothing for it.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Coroutine
from zoneinfo import ZoneInfo

from kiosk.claims import Claim
from kiosk.door import Change, Refusal
from kiosk.hall import HallHouse
from kiosk.ledger import LedgerTrouble
from kiosk.upstream.destinations import Destination, destination
from kiosk.upstream.outbox import Outbox
from kiosk.upstream.posting import Means
from kiosk.upstream.running import Upstream

_APPLY_S = 10.0


def taker(
    apply: Callable[[Change], Coroutine[object, object, str | Refusal]], loop: asyncio.AbstractEventLoop
) -> Callable[[Change], None]:  # fmt: skip
    """What hands a change to the hall on its loop, from another thread. Raises `LedgerTrouble` where the hall could not
    write it down: then it is handed over again."""

    def take(change: Change) -> None:
        done = asyncio.run_coroutine_threadsafe(apply(change), loop).result(_APPLY_S)
        if isinstance(done, Refusal):
            raise LedgerTrouble(done.reason.code)

    return take


class Onward:
    """One hall process's. Raises `ValueError` or `OSError` when a secret or a key in hall.toml is none."""

    def __init__(self, house: HallHouse) -> None:
        zone = ZoneInfo(house.settings.hall.zone)
        self._house = house
        self._destinations: tuple[Destination, ...] = tuple(destination(one, zone) for one in house.settings.upstream)
        house.commands.outbox = Outbox(self._destinations, house.commands.vault)

    async def run(self, instance: str) -> None:
        """Post the log to its destinations, and take back what has become of requests there, until cancelled."""
        house, loop = self._house, asyncio.get_running_loop()
        holder = f"{socket.gethostname()} {os.getpid()} {instance}"

        def claim(name: str) -> Claim:
            return Claim(house.commands.ledger, house.clock, f"relay:{name}", holder)

        means = Means(house.commands.ledger, house.commands.vault, house.clock)
        upstream = Upstream(self._destinations, means, claim, taker(house.apply_change, loop))
        upstream.start()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.to_thread(upstream.close)
