"""What a hall or district process says of itself to systemd, from its event loop: that it serves, and then, again and
again, that the loop turns and the ledger answers. What it answers is no matter here: a ledger in trouble is on
/healthz, and starting again would not mend it.
"""

from __future__ import annotations

import asyncio
import contextlib

from kiosk.ledger import Ledger, LedgerTrouble, Tx
from kiosk.watchdog import Watchdog


async def watched(watchdog: Watchdog, ledger: Ledger) -> None:
    """Until cancelled; at once over where nobody counts."""
    watchdog.ready()
    while watchdog.every is not None:
        with contextlib.suppress(LedgerTrouble):
            await asyncio.wrap_future(ledger.write(_nothing))
        watchdog.alive()
        await asyncio.sleep(watchdog.every)


def _nothing(_tx: Tx) -> None:
    """Only to see that a command is taken and answered."""
