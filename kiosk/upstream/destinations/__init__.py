"""Where events go: what hall.toml says of a destination, and which body each kind of destination reads.

A kind is one module here: it turns an event's parts into a request. Nothing here sends anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from nacl.public import PublicKey

from kiosk.config.settings import UpstreamSettings
from kiosk.ledger import Event
from kiosk.rules.taking import changes_of, takes
from kiosk.upstream import sealing, signing
from kiosk.upstream.access import OPTIONS, Access
from kiosk.upstream.answering import trust
from kiosk.upstream.destinations import cloudevents, open311, webhook


class Kind(Protocol):
    """How a kind of destination reads events."""

    batches: bool
    only: frozenset[str] | None
    """The types it has words for; None for any."""

    def url(self, base: str) -> str:
        """Where it is posted to."""
        ...

    def part(self, event: Event, more: Mapping[str, object], zone: tzinfo, options: Mapping[str, object], /) -> bytes:
        """One event's bytes, the same each time."""
        ...

    def alone(self, id_: str, part: bytes) -> tuple[bytes, dict[str, str]]:
        """The body and headers for one event."""
        ...

    def together(self, id_: str, parts: Sequence[bytes]) -> tuple[bytes, dict[str, str]]:
        """The same for a batch."""
        ...


_KINDS: Mapping[str, Kind] = {
    "cloudevents": cloudevents.CloudEvents(), "webhook": webhook.Webhook(), "open311": open311.Open311(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Destination:
    """One [[upstream]]. `key`: the secret's bytes, None where posts go unsigned; `seal_to`: what text, place and
    telephone are sealed to; `changes`: where status changes are pulled from, None where there are none."""

    name: str
    kind: Kind
    url: str
    key: bytes | None
    events: tuple[str, ...]
    seal_to: PublicKey | None
    clear: tuple[str, ...]
    changes: str | None
    zone: tzinfo
    options: Mapping[str, object]

    def wants(self, type_: str) -> bool:
        """Whether events of a type leave for it: patterns like `request.*` stand for `cn.hall.request.….v1`."""
        return takes(self.events, type_) and (self.kind.only is None or type_ in self.kind.only)

    def part(self, event: Event, more: Mapping[str, object]) -> bytes:
        """One event's bytes for this destination."""
        return self.kind.part(event, more, self.zone, self.options)


def destination(settings: UpstreamSettings, zone: tzinfo) -> Destination:
    """Raises `ValueError`, with words for whoever wrote hall.toml, `OSError` if a file cannot be read."""
    kind = _KINDS[settings.kind]
    if unknown := sorted(set(settings.options) - OPTIONS):
        raise ValueError(f"{settings.name}: options {', '.join(unknown)}; known: {', '.join(sorted(OPTIONS))}")
    if tls := Access.of(settings.options).tls:
        trust(tls)
    secret = settings.secret
    if settings.secret_file is not None:
        secret = settings.secret_file.read_text(encoding="utf-8")
    return Destination(
        name=settings.name,
        kind=kind,
        url=kind.url(settings.url),
        key=None if secret is None else signing.key_of(secret),
        events=settings.events,
        seal_to=None if settings.public_key is None else sealing.public_key(settings.public_key),
        clear=settings.clear,
        changes=changes_of(settings.kind, settings.url, settings.options.get("changes")),
        zone=zone,
        options=settings.options,
    )
