"""What the ledger keeps of a relay: its place in the log, the batch under way, what was set aside, and what it reads.

Every change of one answer is one transaction. It decides nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from kiosk.ledger import Event, Hot, Sealed, Tx, Vault
from kiosk.upstream.outbox import KEPT_FOR, context
from kiosk.upstream.relay import Item, Kept, Settled

_WARN = logging.getLogger(__name__).warning
_CURSOR = Hot("SELECT after, apart_to, paused, why, since, took_at, skew FROM relay_cursor WHERE destination = :name")
_BATCH = Hot("SELECT id, members FROM relay_batch WHERE destination = :name")
_PUT_CURSOR = Hot(
    "INSERT INTO relay_cursor (destination, after, apart_to, paused, why, since, took_at, skew)"
    " VALUES (:name, :after, :apart_to, :paused, :why, :since, :took_at, :skew)"
    " ON CONFLICT (destination) DO UPDATE SET after = excluded.after, apart_to = excluded.apart_to,"
    " paused = excluded.paused, why = excluded.why, since = excluded.since, took_at = excluded.took_at,"
    " skew = excluded.skew"
)
_NO_BATCH = Hot("DELETE FROM relay_batch WHERE destination = :name")
_PUT_BATCH = Hot("INSERT INTO relay_batch (destination, id, members) VALUES (:name, :id, :members)")
_LOG = Hot(
    "SELECT event.seq, event.id, event.type, event.source, event.subject, event.at, event.data, outbox.content"
    " FROM event LEFT JOIN outbox ON outbox.destination = :name AND outbox.event = event.id"
    " WHERE event.seq > :after ORDER BY event.seq LIMIT :most"
)
_ONE = Hot(
    "SELECT event.seq, event.id, event.type, event.source, event.subject, event.at, event.data, outbox.content"
    " FROM event LEFT JOIN outbox ON outbox.destination = :name AND outbox.event = event.id"
    " WHERE event.id = :event"
)
_FORGET = Hot("DELETE FROM outbox WHERE destination = :name AND event = :event")
_ASIDE = Hot(
    "INSERT INTO relay_aside (destination, event, place, why, at, settled_at)"
    " VALUES (:name, :event, :place, :why, :at, NULL)"
    " ON CONFLICT (destination, event) DO UPDATE SET why = excluded.why, at = excluded.at, settled_at = NULL"
)
_DYING = Hot("UPDATE outbox SET kept_until = :until WHERE destination = :name AND event = :event")
_AGAIN = Hot(
    "SELECT event FROM relay_aside WHERE destination = :name AND why = 'again' AND settled_at IS NULL"
    " ORDER BY place LIMIT 20"
)
_CLEARED = Hot("UPDATE relay_aside SET settled_at = :at, why = '' WHERE destination = :name AND event = :event")


@dataclass(frozen=True, slots=True)
class Stand:
    """What is kept besides the relay's own: since when it fails, when it last took something, and its clock's skew
    (milliseconds, ours minus theirs)."""

    since: int | None = None
    took_at: int | None = None
    skew: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An event of the log, and what joins its data for this destination."""

    seq: int
    event: Event
    more: Mapping[str, object]
    private: bool


class Book:
    """One destination's rows. `vault` opens what the outbox holds."""

    def __init__(self, name: str, vault: Vault) -> None:
        self._name = name
        self._vault = vault

    def load(self, tx: Tx) -> tuple[Kept, Stand]:
        """As it was left; a destination met for the first time begins at the beginning of the log."""
        row, batch = tx.one(_CURSOR, name=self._name), tx.one(_BATCH, name=self._name)
        after, apart_to, paused, why, since, took_at, skew = row or (0, 0, 0, "", None, None, None)
        id_, members = batch or ("", "[]")
        return (
            Kept(after, apart_to, tuple(json.loads(members)), id_, bool(paused), why),
            Stand(since, took_at, skew),
        )

    def lines(self, tx: Tx, after: int, most: int) -> list[Line]:
        """The log after a place, with what joins it."""
        return [self._line(*row) for row in tx.all(_LOG, name=self._name, after=after, most=most)]

    def again(self, tx: Tx) -> list[Line]:
        """What staff want sent once more."""
        rows = (tx.one(_ONE, name=self._name, event=event) for (event,) in tx.all(_AGAIN, name=self._name))
        return [self._line(*row) for row in rows if row is not None]

    def begin(self, tx: Tx, kept: Kept) -> None:
        """Store a batch before its first attempt."""
        tx.run(_NO_BATCH, name=self._name)
        tx.run(_PUT_BATCH, name=self._name, id=kept.batch_id, members=json.dumps(kept.batch))

    def settle(self, tx: Tx, settled: Settled, stand: Stand, private: frozenset[str], now: int) -> None:
        """Write down what an answer settled. `private`: ids of events for which the outbox holds something."""
        self.put(tx, settled.kept, stand)
        if not settled.kept.batch:
            tx.run(_NO_BATCH, name=self._name)
        for item in settled.took:
            if item.id in private:
                tx.run(_FORGET, name=self._name, event=item.id)
        for item, why in settled.aside:
            self.aside(tx, item, why, now)

    def put(self, tx: Tx, kept: Kept, stand: Stand) -> None:
        """Write down where it stands."""
        tx.run(_PUT_CURSOR, name=self._name, after=kept.after, apart_to=kept.apart_to, paused=int(kept.paused),
               why=kept.why, since=stand.since, took_at=stand.took_at, skew=stand.skew)

    def aside(self, tx: Tx, item: Item, why: str, now: int) -> None:
        """Set an event aside for staff; what goes with it is kept 30 days from now."""
        tx.run(_ASIDE, name=self._name, event=item.id, place=item.seq, why=why, at=now)
        tx.run(_DYING, name=self._name, event=item.id, until=now + KEPT_FOR // timedelta(milliseconds=1))

    def cleared(self, tx: Tx, event: str, now: int) -> None:
        """One that had been set aside was taken after all."""
        tx.run(_CLEARED, name=self._name, event=event, at=now)
        tx.run(_FORGET, name=self._name, event=event)

    def _line(
        self, seq: int, id_: str, type_: str, source: str, subject: str, at: int, data: str, content: bytes | None
    ) -> Line:
        more: Mapping[str, object] = {}
        if content is not None:
            try:
                more = json.loads(self._vault.open(bytes(content), context(self._name, id_)))
            except Sealed:  # changed by another hand: the event goes on without it
                _WARN("outbox: what goes with %s cannot be opened", id_)
        return Line(seq, Event(id_, type_, source, subject, at, json.loads(data)), more, content is not None)


def items(lines: Sequence[tuple[Line, bytes]]) -> list[Item]:
    """Lines with their bytes, as the relay knows them."""
    return [Item(line.seq, line.event.id, line.event.subject, len(part)) for line, part in lines]
