"""Open311 GeoReport v2, "POST Service Request": a form for each request filed, to `{url}/requests.json`.

The category is the service code; the place, where `clear` lets it leave, else the grid, is `address_string`; the text
is the description where `clear` lets it leave. Neither telephone nor sealed box: the format has no place for them.
`options`: `api_key`, `jurisdiction_id`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from urllib.parse import urlencode

from kiosk.ledger import Event


class Open311:
    """See `kiosk.upstream.destinations.Kind`."""

    batches = False
    only: frozenset[str] | None = frozenset({"cn.hall.request.filed.v1"})

    def url(self, base: str) -> str:
        return base if base.endswith((".json", ".xml")) else f"{base.rstrip('/')}/requests.json"

    def part(self, event: Event, more: Mapping[str, object], _zone: tzinfo, options: Mapping[str, object]) -> bytes:
        category, grid = str(event.data.get("category") or "other"), str(event.data.get("grid") or "-")
        form = {
            "api_key": options.get("api_key"), "jurisdiction_id": options.get("jurisdiction_id"),
            "service_code": category, "address_string": more.get("place") or grid,
            "description": more.get("text") or f"{category}, {event.subject}",
        }  # fmt: skip
        return urlencode({name: str(value) for name, value in form.items() if value}).encode()

    def alone(self, id_: str, part: bytes) -> tuple[bytes, dict[str, str]]:
        return part, {"content-type": "application/x-www-form-urlencoded", "idempotency-key": id_}

    def together(self, id_: str, parts: Sequence[bytes]) -> tuple[bytes, dict[str, str]]:
        raise NotImplementedError(f"{id_}: {len(parts)} requests together are no GeoReport")
