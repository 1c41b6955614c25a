"""A plain webhook: the body that Standard Webhooks recommends, `{type, timestamp, data}`, one event a post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from pydantic_core import to_json

from kiosk.ledger import Event


class Webhook:
    """See `kiosk.upstream.destinations.Kind`."""

    batches = False
    only: frozenset[str] | None = None

    def url(self, base: str) -> str:
        return base

    def part(self, event: Event, more: Mapping[str, object], zone: tzinfo, _options: Mapping[str, object]) -> bytes:
        return to_json({
            "type": event.type, "timestamp": datetime.fromtimestamp(event.at / 1000, zone).isoformat(),
            "data": {"id": event.id, "source": event.source, "subject": event.subject, **event.data, **more},
        })  # fmt: skip

    def alone(self, id_: str, part: bytes) -> tuple[bytes, dict[str, str]]:
        return part, {"content-type": "application/json", "idempotency-key": id_}

    def together(self, id_: str, parts: Sequence[bytes]) -> tuple[bytes, dict[str, str]]:
        raise NotImplementedError(f"{id_}: {len(parts)} events together are no webhook")
