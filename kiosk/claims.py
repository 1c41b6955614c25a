"""A claim on one device or destination among several processes: a lease, kept while it can be used, offered while not.

Whoever holds a port that is not plugged in here lets go of it for a moment twice a minute, so that a process on the
machine where it is plugged in can take it. It opens and shows nothing.
"""

from __future__ import annotations

import contextlib
import threading

from kiosk.clock import Clock
from kiosk.leases import LASTS_MS, RENEW_S, Lease
from kiosk.ledger import Ledger, LedgerTrouble, Tx

_MARGIN_S = 2.0
_PATIENCE_S = 10.0
_OFFER_S = RENEW_S + 1.0
_BETWEEN_OFFERS_S = 30.0


class Claim:
    """One process's, for any thread; given up for good by `let_go`, also while another thread is renewing it."""

    def __init__(self, ledger: Ledger, clock: Clock, name: str, holder: str) -> None:
        self._lease = Lease(ledger, clock, name, holder)
        self._clock = clock
        self._fence: int | None = None
        self._until = 0.0
        self._renew_at = 0.0
        self._useless_since: float | None = None
        self._offered = False
        self._turn = threading.Lock()
        self._over = False

    @property
    def held(self) -> bool:
        """Whether the work is this process's, for all it can know by itself."""
        return self._fence is not None and self._clock.monotonic() < self._until

    def keep(self, *, useful: bool) -> bool:
        """Renew when it is time to; whether the device is to be open here (held, or on offer and nobody took it yet).
        `useful`: it can be used from here. Never raises."""
        with self._turn:
            return not self._over and self._keep(useful=useful)

    def _keep(self, *, useful: bool) -> bool:
        now = self._clock.monotonic()
        idle = self._idle_for(now, useful=useful)
        if now < self._renew_at:
            return self.held or self._offered
        self._renew_at = now + RENEW_S
        try:
            if self.held and idle >= _PATIENCE_S:
                self._fence, self._offered = None, True
                self._useless_since = now + _BETWEEN_OFFERS_S - _PATIENCE_S
                self._renew_at = now + _OFFER_S
                self._lease.give_up()
            else:
                self._offered = False
                self._fence = self._lease.renew()
                self._until = now + LASTS_MS / 1000 - _MARGIN_S
        except LedgerTrouble:
            self._renew_at = now + 1.0  # what was held lasts as long as its row says
        return self.held or self._offered

    def fenced(self, tx: Tx) -> bool:
        """Within a transaction: whether the work is still this process's."""
        return self._fence is not None and self._lease.fence(tx) == self._fence

    def let_go(self) -> None:
        """Let another take over at once. Never raises."""
        with self._turn:
            self._over = True
            if self._fence is not None:
                self._fence = None
                with contextlib.suppress(LedgerTrouble):  # it runs out by itself
                    self._lease.give_up()

    def _idle_for(self, now: float, *, useful: bool) -> float:
        if useful:
            self._useless_since = None
        elif self._useless_since is None:
            self._useless_since = now
        return 0.0 if self._useless_since is None else now - self._useless_since
