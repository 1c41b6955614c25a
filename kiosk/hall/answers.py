"""What a command answered, as the text that is kept beside its effect, and back.

An appointment is kept as its row without the code, not as it was shown: names come from today's hall.toml, code and
telephone from where they live and die, so that neither outlives its time here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import NamedTuple

from kiosk.door import Name, Reason, Refusal
from kiosk.wire import get_offer, get_reason, put_offer, put_reason


class Held(NamedTuple):
    """An appointment's row. Times are epoch milliseconds, `day` ISO text, `state` an `AppointmentState` value."""

    id: str
    code: str | None
    facility: str
    begins: int
    ends: int
    day: str
    people: int
    places: int
    state: str
    booked_at: int
    changed_at: int


@dataclass(frozen=True, slots=True)
class Seen:
    """An appointment as far as a telephone may see it; `ref` is what it was asked for by."""

    held: Held
    ref: str


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has nothing to tell but that it was done; `subject` is what it made or touched."""

    subject: str


Answer = Held | Seen | Done | Refusal


class _Mute:
    """Sentences are not kept: each reader words reasons afresh."""

    def reason(self, reason: Reason, /) -> str:  # noqa: ARG002
        return ""

    def name(self, name: Name, /) -> str:  # noqa: ARG002
        return ""


_MUTE = _Mute()
_TEXT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def keep(answer: Answer) -> str:
    """The text of an answer."""
    if isinstance(answer, Held):
        content: object = {"held": answer._replace(code=None)}
    elif isinstance(answer, Seen):
        content = {"seen": answer.held._replace(code=None), "ref": answer.ref}
    elif isinstance(answer, Done):
        content = {"done": answer.subject}
    else:
        content = {
            "refusal": answer.kind,
            "reason": put_reason(answer.reason),
            "next": [put_offer(offer, _MUTE) for offer in answer.next],
        }
    return _TEXT.encode(content)


def recall(text: str) -> Answer:
    """The answer of a text that `keep` made."""
    content = json.loads(text)
    if "held" in content:
        return Held(*content["held"])
    if "seen" in content:
        return Seen(Held(*content["seen"]), content["ref"])
    if "done" in content:
        return Done(content["done"])
    return Refusal(
        content["refusal"], get_reason(content["reason"]), tuple(get_offer(offer) for offer in content["next"])
    )


def ms(moment: datetime) -> int:
    """Epoch milliseconds."""
    return round(moment.timestamp() * 1000)


def moment(at: int, zone: tzinfo) -> datetime:
    """The moment in the hall's zone."""
    return datetime.fromtimestamp(at / 1000, zone)
