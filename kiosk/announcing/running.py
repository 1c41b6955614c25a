"""Announcer and tellers within a hall process: started and ended with it, asking the hall over its own event loop.

It holds what serve.py would otherwise have to know of threads; it decides nothing.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from kiosk.announcing.announcer import Announcer
from kiosk.announcing.fittings import Fittings
from kiosk.announcing.telling import Notices, Teller
from kiosk.clock import Clock
from kiosk.config import Settings
from kiosk.door import DeviceReport, KioskReport, Refusal, Window
from kiosk.ledger import Ledger, LedgerTrouble

_LOG = logging.getLogger(__name__)
_ANSWER_S = 10.0
T = TypeVar("T")

AskWindows = Callable[[], Coroutine[Any, Any, Sequence[Window] | Refusal]]
TellReport = Callable[[str, KioskReport], Coroutine[Any, Any, object]]


class OverLoop:
    """See `kiosk.announcing.announcer.Hall`: asks the hall's event loop from other threads."""

    def __init__(self, loop: asyncio.AbstractEventLoop, windows: AskWindows, report: TellReport, clock: Clock) -> None:
        self._loop, self._windows, self._report, self._clock = loop, windows, report, clock

    def windows(self) -> Sequence[Window]:
        try:
            found = self._wait(self._windows())
        except (TimeoutError, RuntimeError) as error:
            raise LedgerTrouble(str(error)) from error
        if isinstance(found, Refusal):
            raise LedgerTrouble(found.reason.code)
        return found

    def report(self, device: str, reports: tuple[DeviceReport, ...]) -> None:
        try:
            self._wait(self._report(device, KioskReport(self._clock.now(), reports, ())))
        except Exception as error:  # noqa: BLE001 - it is told again in a few seconds
            _LOG.info("a device's state was not taken: %s", error)

    def _wait(self, asked: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(asked, self._loop).result(_ANSWER_S)


async def announce(
    settings: Settings, ledger: Ledger, clock: Clock, data: Path, windows: AskWindows, report: TellReport,
    notices: Notices,
) -> None:  # fmt: skip
    """Show and speak this hall's calls, and tell residents of their requests, until cancelled. `data`: where virtual
    devices leave what they show and say."""
    hall = OverLoop(asyncio.get_running_loop(), windows, report, clock)
    holder = f"{socket.gethostname()} {os.getpid()} {uuid4()}"
    fittings = Fittings.of(settings, data)
    announcer = await asyncio.to_thread(Announcer, settings, fittings, ledger, clock, hall, holder)
    name = settings.hall.name.zh
    tellers = [Teller(one, name, notices, ledger, clock, holder, hall.report) for one in fittings.notifiers]
    announcer.start()
    for teller in tellers:
        teller.start()
    try:
        await asyncio.Event().wait()
    finally:
        closing = [asyncio.to_thread(close) for close in (announcer.close, *(teller.close for teller in tellers))]
        await asyncio.gather(*closing)
