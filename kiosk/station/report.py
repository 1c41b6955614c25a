"""What a kiosk tells the hall of itself, every ten seconds and on change, and the orders it takes back.

Devices, ended slips, the journal's own state. A report that did not arrive is simply made again; an order is
acknowledged once it is done, and one that comes twice is done once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from devices.ports import DeviceStatus, Health
from kiosk.clock import Clock
from kiosk.door import DeviceReport, DeviceState, Hall, KioskReport, Order, Reason
from kiosk.ledger.journal import Journal
from kiosk.station.printing import PrintDesk

EVERY_SECONDS = 10.0
_STATES = {Health.OK: DeviceState.OK, Health.WARNING: DeviceState.WARNING, Health.BROKEN: DeviceState.BROKEN,
           Health.ABSENT: DeviceState.ABSENT}


@dataclass(frozen=True, slots=True)
class Stand:
    """One device as last heard of."""

    kind: str
    status: DeviceStatus
    since: datetime


class Reporter:
    """One kiosk's. `order` is given each new order once. For the station's loop."""

    def __init__(self, desk: PrintDesk, journal: Journal, clock: Clock, order: Callable[[Order], None]) -> None:
        self._desk, self._journal, self._clock, self._order = desk, journal, clock, order
        self._devices: dict[str, Stand] = {}
        self._taken: set[str] = set()
        self._done: list[str] = []

    @property
    def devices(self) -> Mapping[str, Stand]:
        return self._devices

    def device(self, name: str, kind: str, status: DeviceStatus) -> bool:
        """Note a device's state; whether it is another than before."""
        old = self._devices.get(name)
        if old is not None and (old.status.health, old.status.reason) == (status.health, status.reason):
            return False
        self._devices[name] = Stand(kind, status, self._clock.now())
        return True

    def journal_state(self) -> bool:
        """Note how the journal stands; whether that changed."""
        if self._journal.trouble is not None:
            status = DeviceStatus(Health.BROKEN, self._journal.trouble)
        elif self._journal.set_aside:
            status = DeviceStatus(Health.WARNING, "journal-damaged")
        else:
            status = DeviceStatus(Health.OK)
        return self.device("journal", "journal", status)

    def done(self, order: str) -> None:
        self._done.append(order)

    def make(self) -> KioskReport:
        devices = tuple(DeviceReport(name, stand.kind, _STATES[stand.status.health], _reason(stand.status), stand.since)
                        for name, stand in self._devices.items())
        return KioskReport(self._clock.now(), devices, self._desk.reports())

    async def last_word(self, door: Hall) -> None:
        """What staff are still owed when the kiosk closes: slips that ended, orders that are done. Nothing new is taken
        on. An order done and not acknowledged would be printed again by a machine that takes this one's place."""
        slips, done = self._desk.reports(), tuple(self._done)
        if slips or done:
            await door.report(self.make(), done)
            self._done = []
            self._desk.told(slips)

    async def tell(self, door: Hall) -> None:
        """One report; takes the orders that come back. May raise `HallAway`, then all is told again."""
        report, done = self.make(), tuple(self._done)
        orders = await door.report(report, done)
        self._done = [order for order in self._done if order not in done]
        self._desk.told(report.slips)
        self._taken -= set(done)
        for order in orders:
            if order.id not in self._taken and order.id not in done:
                self._taken.add(order.id)
                self._order(order)


def _reason(status: DeviceStatus) -> Reason | None:
    return None if status.reason is None else Reason(status.reason)
