"""CloudEvents 1.0 in structured mode, and batches of them. The one kind that takes batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from kiosk.ledger import Event
from kiosk.upstream import envelope


class CloudEvents:
    """See `kiosk.upstream.destinations.Kind`."""

    batches = True
    only: frozenset[str] | None = None

    def url(self, base: str) -> str:
        return base

    def part(self, event: Event, more: Mapping[str, object], zone: tzinfo, _options: Mapping[str, object]) -> bytes:
        return envelope.put(event, zone, more)

    def alone(self, id_: str, part: bytes) -> tuple[bytes, dict[str, str]]:
        return part, {"content-type": envelope.SINGLE, "ce-id": id_, "idempotency-key": id_}

    def together(self, id_: str, parts: Sequence[bytes]) -> tuple[bytes, dict[str, str]]:
        return envelope.put_batch(parts), {"content-type": envelope.BATCH, "idempotency-key": id_}
