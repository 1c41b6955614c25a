"""What a command answered, as the text that is kept beside its effect, and back.

An appointment or a request is kept as its row without the code, not as it was shown: names come from today's hall.toml,
code, telephone and words from where they live and die, so that none outlives its time here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from pydantic_core import to_json

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


class Number(NamedTuple):
    """A ticket's row. Times are epoch milliseconds, `day` ISO text; `line` is the letter of the line it waits in,
    `kind` a class of `kiosk.rules.calling`, `state` a `TicketState` value; `aim` and `back` are windows or ""."""

    id: str
    number: str
    letter: str
    day: str
    n: int
    service: str
    line: str
    kind: str
    since: int
    matter: str | None
    state: str
    at_window: str | None
    aim: str
    back: str
    rejoined: int
    appointment: str | None
    appointed: int | None
    taken_at: int
    changed_at: int
    turn: int


@dataclass(frozen=True, slots=True)
class Numbered:
    """A ticket as it was answered. `wait`: minutes (P50, P90). `why`, `called_at`, `recalls`: of its latest call.
    `rating_bar`: why a finished one is not rated; nothing is said of that later."""

    number: Number
    ahead: int = 0
    wait: tuple[int, int] | None = None
    past_closing: bool = False
    same: bool = False
    why: Reason | None = None
    called_at: int | None = None
    recalls: int = 0
    rating_bar: Reason | None = None


class Stand(NamedTuple):
    """A window's row. `services`: ids with a comma between; `turn` grows with every change."""

    id: str
    state: str
    services: str
    clerk: str
    reason: str | None
    back_at: int | None
    day: str
    streak: int
    turn: int


@dataclass(frozen=True, slots=True)
class Stood:
    """A window as it was answered, with whom it serves and how many were finished there that day."""

    stand: Stand
    serving: Numbered | None = None
    served: int = 0


@dataclass(frozen=True, slots=True)
class Nobody:
    """Called the next, and nobody waits."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A check-in at a window: the appointment as the caller may see it, and the number it was given."""

    who: Held | Seen
    numbered: Numbered


class Asked(NamedTuple):
    """A request's row. Times are epoch milliseconds, `due` ISO text, `state` a `RequestState` value; names of staff and
    units are "" for nobody; `away` is 1 while a destination upstream answers it; `turn` counts its steps."""

    id: str
    code: str | None
    category: str
    grid: str | None
    state: str
    due: str
    extended: int
    filed_at: int
    changed_at: int
    first_asked: str
    holder: str
    officer: str
    unit: str
    away: int
    reopened: int
    turn: int


class Stepped(NamedTuple):
    """One step of a request, without what was written with it."""

    at: int
    what: Reason


class HelpRow(NamedTuple):
    """A kind of help that was asked for."""

    kind: str
    at: int
    settled_at: int | None


@dataclass(frozen=True, slots=True)
class Lodged:
    """A request as it was answered: its row, and (not kept beside the answer, read afresh each time) its steps up to
    that turn, its helps, and its words by part: "text", "place", "name", "step:{n}", n
    from 1."""

    row: Asked
    steps: tuple[Stepped, ...] = ()
    helps: tuple[HelpRow, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)


Answer = Held | Seen | Done | Refusal | Numbered | Stood | Nobody | Arrived | Lodged
"""What a command may answer with."""


class _Mute:
    """Sentences are not kept: each reader words reasons afresh."""

    def reason(self, reason: Reason, /) -> str:  # noqa: ARG002
        return ""

    def name(self, name: Name, /) -> str:  # noqa: ARG002
        return ""


_MUTE = _Mute()


def keep(answer: Answer) -> str:
    """The text of an answer."""
    return to_json(_content(answer)).decode()


def _content(answer: Answer) -> dict[str, object]:
    match answer:
        case Numbered():
            return _numbered(answer)
        case Held():
            return {"held": answer._replace(code=None)}
        case Seen(held, ref):
            return {"seen": held._replace(code=None), "ref": ref}
        case Done(subject):
            return {"done": subject}
        case Stood(stand, serving, served):
            return {"window": stand, "serving": None if serving is None else _numbered(serving), "served": served}
        case Nobody():
            return {"nobody": True}
        case Lodged(row):
            return {"asked": row._replace(code=None)}
        case Arrived(who, numbered):
            return {"arrived": _content(who), "as": _numbered(numbered)}
        case Refusal():
            return {
                "refusal": answer.kind,
                "reason": put_reason(answer.reason),
                "next": [put_offer(offer, _MUTE) for offer in answer.next],
            }


def _numbered(answer: Numbered) -> dict[str, object]:
    """Only what is not as usual: most answers are short, and every one is kept a month."""
    said: dict[str, object] = {"number": answer.number, "ahead": answer.ahead}
    if answer.wait is not None:
        said["wait"] = answer.wait
    if answer.past_closing:
        said["past"] = True
    if answer.same:
        said["same"] = True
    if answer.why is not None:
        said["why"] = put_reason(answer.why)
    if answer.called_at is not None or answer.recalls:
        said |= {"called": answer.called_at, "recalls": answer.recalls}
    return said


def recall(text: str) -> Answer:
    """The answer of a text that `keep` made."""
    return _recalled(json.loads(text))


def _recalled(content: dict[str, Any]) -> Answer:
    if "number" in content:
        return _number(content)
    if "held" in content:
        return Held(*content["held"])
    if "seen" in content:
        return Seen(Held(*content["seen"]), content["ref"])
    if "done" in content:
        return Done(content["done"])
    if "window" in content:
        serving = _number(content["serving"]) if content["serving"] else None
        return Stood(Stand(*content["window"]), serving, content["served"])
    if "nobody" in content:
        return Nobody()
    if "asked" in content:
        return Lodged(Asked(*content["asked"]))
    if "arrived" in content:
        who = _recalled(content["arrived"])
        assert isinstance(who, Held | Seen)
        return Arrived(who, _number(content["as"]))
    return Refusal(
        content["refusal"], get_reason(content["reason"]), tuple(get_offer(offer) for offer in content["next"])
    )


def _number(content: dict[str, Any]) -> Numbered:
    wait = content.get("wait")
    why = content.get("why")
    return Numbered(
        Number(*content["number"]),
        content["ahead"],
        None if wait is None else (wait[0], wait[1]),
        "past" in content,
        "same" in content,
        None if why is None else get_reason(why),
        content.get("called"),
        content.get("recalls", 0),
    )


def ms(moment: datetime) -> int:
    """Epoch milliseconds."""
    return round(moment.timestamp() * 1000)


def midnight(now: datetime) -> int:
    """When the day began, epoch milliseconds; `now` in the hall's zone."""
    return ms(now.replace(hour=0, minute=0, second=0, microsecond=0))


def moment(at: int, zone: tzinfo) -> datetime:
    """The moment in the hall's zone."""
    return datetime.fromtimestamp(at / 1000, zone)
