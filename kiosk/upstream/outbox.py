"""What a destination is to get of a request's text, place, telephone and name, sealed in the command's own transaction.

Everything is sealed to the destination's key; without one only what `clear` names travels, never telephone or name.
Here it is kept under the hall's key as well, so that no word stands readable on the hall's disk. It dies when the
destination has it, or 30 days after the event was set aside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

from kiosk.ledger import Event, Hot, Tx, Vault
from kiosk.upstream import sealing
from kiosk.upstream.destinations import Destination

KEPT_FOR = timedelta(days=30)
FIELDS = ("text", "place", "phone", "name", "why")
_MAY_BE_CLEAR = frozenset({"text", "place"})

_KEEP = Hot(
    "INSERT INTO outbox (destination, event, content, kept_until) VALUES (:destination, :event, :content, NULL)"
    " ON CONFLICT DO NOTHING"
)
_DIE = Hot("DELETE FROM outbox WHERE kept_until IS NOT NULL AND kept_until <= :now")


class Outbox:
    """For commands: `keep` what goes with an event, for each destination that takes it."""

    def __init__(self, destinations: Sequence[Destination], vault: Vault) -> None:
        self._destinations = tuple(destinations)
        self._vault = vault

    def keep(self, tx: Tx, event: Event, private: Mapping[str, str]) -> None:
        """Seal what leaves of `private` (`FIELDS`). Raises `KeyMissing`."""
        for destination in self._destinations:
            if not destination.wants(event.type):
                continue
            fields = leaving(destination, private)
            if fields:
                content = json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
                tx.run(_KEEP, destination=destination.name, event=event.id,
                       content=self._vault.seal(content, context(destination.name, event.id)))

    def takes(self, type_: str) -> bool:
        """Whether any destination takes events of a type, e.g. "cn.hall.request.filed.v1"."""
        return any(destination.wants(type_) for destination in self._destinations)


def leaving(destination: Destination, private: Mapping[str, str]) -> dict[str, str]:
    """What joins an event's data for one destination."""
    known = {name: private[name] for name in FIELDS if private.get(name)}
    fields = {name: known[name] for name in destination.clear if name in _MAY_BE_CLEAR and name in known}
    if destination.seal_to is not None and known:
        fields["sealed"] = sealing.seal(known, destination.seal_to)
    return fields


def context(destination: str, event: str) -> str:
    """What a row of the outbox is sealed for, under the hall's key."""
    return f"outbox {destination} {event}"


def purge(tx: Tx, now: int) -> int:
    """Forget what was kept for events set aside 30 days ago; how many. `now`: epoch milliseconds."""
    return tx.run(_DIE, now=now)
