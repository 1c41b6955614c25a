"""Work that must be done once among several processes of a house belongs to whoever holds its lease row in the ledger.

Renewed every 5 s, taken over after 15 s. The fence grows with every change of holder; work under a lease names the
fence it was begun with in its own transaction, so one who lost the lease without noticing does nothing.
"""

from __future__ import annotations

from kiosk.clock import Clock
from kiosk.ledger import Hot, Ledger, Tx

RENEW_S = 5
LASTS_MS = 15_000

# A clock set back must not lock everyone out: an end a minute further away than a lease can last is as good as past.
_TAKE = Hot(
    "INSERT INTO lease (name, holder, fence, until) VALUES (:name, :holder, 1, :until)"
    " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until,"
    " fence = lease.fence + CASE WHEN lease.holder = excluded.holder THEN 0 ELSE 1 END"
    " WHERE lease.holder = excluded.holder OR lease.until <= :now OR lease.until > excluded.until + 60000"
)
_FENCE = Hot("SELECT fence FROM lease WHERE name = :name AND holder = :holder")
_GIVE_UP = Hot("UPDATE lease SET until = 0 WHERE name = :name AND holder = :holder")


class Lease:
    """One process's claim on one piece of work. Every method may raise `LedgerTrouble`."""

    def __init__(self, ledger: Ledger, clock: Clock, name: str, holder: str) -> None:
        self._ledger = ledger
        self._clock = clock
        self._name = name
        self._holder = holder

    def renew(self) -> int | None:
        """Take or keep the lease; its fence, or None while another holds it."""

        def take(tx: Tx) -> int | None:
            now = round(self._clock.now().timestamp() * 1000)
            if tx.run(_TAKE, name=self._name, holder=self._holder, now=now, until=now + LASTS_MS) != 1:
                return None
            return self.fence(tx)

        return self._ledger.write(take).result()

    def fence(self, tx: Tx) -> int | None:
        """The fence if this process is still the holder, asked within the work's own transaction."""
        row = tx.one(_FENCE, name=self._name, holder=self._holder)
        return None if row is None else int(row[0])

    def give_up(self) -> None:
        """Let another take over at once."""
        self._ledger.write(lambda tx: tx.run(_GIVE_UP, name=self._name, holder=self._holder)).result()
