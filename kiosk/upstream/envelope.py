"""CloudEvents 1.0 as bytes: one event, or a batch, in JSON format; and back, from whatever somebody sent.

Writing gives the same bytes each time. Reading believes nothing: every member is looked at, and what is wrong is named
by its place and the reason. It knows no type of event.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from pydantic_core import to_json

from kiosk.ledger import Event

SINGLE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"

_LONGEST = 200
_MOST_MEMBERS = 1000
_NAME = re.compile(r"[a-z0-9]{1,40}")  # CloudEvents 1.0.2, "attribute naming"
_EPOCH = datetime.fromtimestamp(0, UTC)
_LATEST = 253_402_300_799_000  # the end of the year 9999, milliseconds


class Malformed(Exception):
    """Not a CloudEvent. `at` is the member of a batch, None for the whole; `id` as far as it could be read."""

    def __init__(self, code: str, wanted: str, at: int | None = None, id_: str | None = None) -> None:
        super().__init__(f"{code}: {wanted}")
        self.code, self.wanted, self.at, self.id = code, wanted, at, id_


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it came. `at`: epoch milliseconds of its `time`, None without one."""

    id: str
    source: str
    type: str
    subject: str
    at: int | None
    data: Mapping[str, object]


def put(event: Event, zone: tzinfo, more: Mapping[str, object] | None = None) -> bytes:
    """One event in structured mode. `more` joins its data: what is sealed for this destination."""
    return to_json({
        "specversion": "1.0", "id": event.id, "source": event.source, "type": event.type, "subject": event.subject,
        "time": datetime.fromtimestamp(event.at / 1000, zone).isoformat(timespec="milliseconds"),
        "datacontenttype": "application/json", "data": {**event.data, **(more or {})},
    })  # fmt: skip


def put_batch(events: Iterable[bytes]) -> bytes:
    """Several events, each as `put` made it."""
    return b"[" + b",".join(events) + b"]"


def batch_id(first: str, count: int) -> str:
    """The `webhook-id` of a batch."""
    return f"batch:{first}:{count}"


def kind(content_type: str) -> str | None:
    """`SINGLE` or `BATCH`, whatever parameters follow; None for anything else."""
    name, _, parameters = content_type.partition(";")
    name = name.strip().lower()
    charset = re.search(r"charset\s*=\s*\"?([\w-]+)", parameters.lower())
    if name not in {SINGLE, BATCH} or (charset is not None and charset[1] not in {"utf-8", "utf8"}):
        return None
    return name


def read(body: bytes, content_type: str) -> tuple[Arrival, ...]:
    """The events of a body of a kind that `kind` knows. Raises `Malformed`."""
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_never)
    except (ValueError, RecursionError) as error:
        raise Malformed("not-json", "JSON in UTF-8") from error
    if kind(content_type) == SINGLE:
        return (_Member(found, None).arrival(),)
    if not isinstance(found, list):
        raise Malformed("not-a-batch", "a JSON array of events")
    if len(found) > _MOST_MEMBERS:
        raise Malformed("batch-too-long", f"at most {_MOST_MEMBERS} events")
    return tuple(_Member(one, at).arrival() for at, one in enumerate(found))


class _Member:
    """One event as it was sent; `at` is its place in a batch."""

    def __init__(self, found: object, at: int | None) -> None:
        if not isinstance(found, dict):
            raise Malformed("not-an-event", "a JSON object", at)
        self._found: dict[str, object] = found
        self._at = at

    def arrival(self) -> Arrival:
        self._outer()
        id_, source, type_ = (self._text(name) for name in ("id", "source", "type"))
        subject = self._text("subject") if "subject" in self._found else ""
        return Arrival(id_, source, type_, subject, self._moment(), self._data())

    def _wrong(self, wanted: str) -> Malformed:
        id_ = self._found.get("id")
        known = isinstance(id_, str) and len(id_) <= _LONGEST and id_.isprintable()
        return Malformed("not-an-event", wanted, self._at, id_ if known and isinstance(id_, str) else None)

    def _outer(self) -> None:
        if self._found.get("specversion") != "1.0":
            raise self._wrong('specversion "1.0"')
        if "data_base64" in self._found:
            raise self._wrong("data as JSON, not data_base64")
        if not all(_NAME.fullmatch(name) for name in self._found):
            raise self._wrong("attribute names of a-z and 0-9")
        content = self._found.get("datacontenttype", "application/json")
        if not isinstance(content, str) or content.partition(";")[0].strip().lower() != "application/json":
            raise self._wrong("datacontenttype application/json")

    def _text(self, name: str) -> str:
        value = self._found.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or not value.isprintable():
            raise self._wrong(f"{name}: 1 to {_LONGEST} visible characters")
        return value

    def _data(self) -> Mapping[str, object]:
        data = self._found.get("data")
        if data is None:
            return {}
        if not isinstance(data, dict):
            raise self._wrong("data: a JSON object")
        try:
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:  # half of a surrogate pair is no character
            raise self._wrong("data: whole characters") from error
        return data

    def _moment(self) -> int | None:
        value = self._found.get("time")
        if value is None:
            return None
        moment = _rfc3339(value) if isinstance(value, str) else None
        if moment is None or not 0 <= moment <= _LATEST:
            raise self._wrong("time: RFC 3339 with its offset, after 1970")
        return moment


def _rfc3339(value: str) -> int | None:
    """Epoch milliseconds; None without a zone, or if it is no time at all."""
    try:
        moment = datetime.fromisoformat(value)
        return round((moment - _EPOCH).total_seconds() * 1000) if "T" in value.upper() else None
    except (ValueError, TypeError, OverflowError):  # one without a zone cannot be subtracted
        return None


def _never(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")
