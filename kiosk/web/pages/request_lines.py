"""Requests as staff read them: lines of the register, one case with its story, in words. Pure; asks nothing and no one.

Colour is never alone: what is late says by how many working days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from kiosk.door import HELP_NAMES, Reason, RequestCase, RequestState
from kiosk.rules.calendar import HallCalendar
from kiosk.rules.deadline import days_left
from kiosk.web.pages.saying import MARKS, due_words, excerpt, minutes, near
from kiosk.words import Words

STATES = {
    RequestState.REGISTERED: "待受理",
    RequestState.ACCEPTED: "已受理",
    RequestState.DOING: "办理中",
    RequestState.DONE: "已答复，等居民确认",
    RequestState.CONFIRMED: "已销号",
}
TO_STAFF = {
    "request-filed": "居民登记，{due} 以前答复",
    "request-filed-by-clerk": "{by} 替居民登记，{due} 以前答复",
    "request-taken-over": "{by} 接手",
    "request-handed-over": "{giver} 转交给 {to}",
    "request-solved": "居民说解决了，销号",
    "request-not-solved": "居民说没有解决，重新办，{due} 以前答复",
    "request-struck-off": "{by} 写明理由，销号",
    "request-called-back": "{by} 回访",
    "request-help-asked": "居民申请帮助：{kind}",
    "request-help-settled": "{by} 安排好了帮助：{kind}",
    "request-brought-home": "{by} 收回，由大厅答复",
    "request-returned": "上级退回，由大厅答复",
}
"""Residents are told 您说解决了; staff read who said it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One request in a list. `mark`: off, care (amber) or late (red); `due` says the same in words."""

    id: str
    code: str
    about: str
    place: str
    text: str
    state: str
    ended: bool
    mark: str
    due: str
    day: str
    holder: str
    unit: str
    helps: str
    reopened: int


@dataclass(frozen=True, slots=True)
class Told:
    """One step of its story. `words`: what a person wrote with it."""

    at: str
    what: str
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Help asked for and not seen to."""

    kind_id: str
    kind: str
    waited: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """One request whole."""

    line: Line
    phone: str
    name: str
    text: str
    answer: str
    filed: str
    first_asked: str
    away: bool
    steps: tuple[Told, ...]
    helps: tuple[Asked, ...]
    may: frozenset[str]


def line(case: RequestCase, now: datetime, calendar: HallCalendar, words: Words) -> Line:
    """A request as a line of the register."""
    one = case.request
    where = ["" if one.place_name is None else words.name(one.place_name), one.place or ""]
    ended = one.state in {RequestState.DONE, RequestState.CONFIRMED}
    return Line(
        one.id, words.code(one.code) if one.code else "—", words.name(one.category),
        "、".join(part for part in where if part),
        excerpt(one.text or ""), STATES[one.state], ended,
        "good" if ended else MARKS[one.overdue],
        "" if ended else due_words(days_left(calendar, one.due, now.date()), words),
        words.date(one.due), *_who(case, words),
        "、".join(HELP_NAMES[one.kind].zh for one in case.helps if one.settled_at is None), one.reopened,
    )  # fmt: skip


def case_page(case: RequestCase, now: datetime, calendar: HallCalendar, words: Words) -> CasePage:
    """A request as its own page shows it: with telephone and name, and only there."""
    one = case.request
    return CasePage(
        line(case, now, calendar, words), words.phone(case.phone or ""), case.name or "",
        one.text or "", one.answer or "",
        near(one.filed_at, now, words), one.first_asked or "", case.away,
        tuple(Told(near(step.at, now, words), step_words(step.what, now, words), _words(step.what.facts))
              for step in one.steps),
        tuple(Asked(help_.kind.value, HELP_NAMES[help_.kind].zh, minutes(now - help_.at))
              for help_ in case.helps if help_.settled_at is None),
        case.may,
    )  # fmt: skip


def step_words(what: Reason, now: datetime, words: Words) -> str:
    """What happened, for staff."""
    facts = {name: value for name, value in what.facts.items() if name != "words"}
    sentence = TO_STAFF.get(what.code)
    if sentence is not None and all(f"{{{name}}}" not in sentence or name in facts
                                    for name in ("by", "to", "giver", "kind", "due")):  # fmt: skip
        return sentence.format(**{name: _fact(value, words) for name, value in facts.items()})
    return words.reason(replace(what, facts=facts), now).removesuffix("。")


def _who(case: RequestCase, words: Words) -> tuple[str, str]:
    """Who answers it, and for which unit."""
    unit = "" if case.request.unit is None else words.name(case.request.unit)
    if case.away:
        return f"上级 {case.request.officer}" if case.request.officer not in {None, case.holder} else "上级单位", unit
    return case.holder or "没有人接手", unit


def _fact(value: object, words: Words) -> str:
    return words.date(value) if isinstance(value, date) else words.fact(value)


def _words(facts: Mapping[str, object]) -> str:
    said = facts.get("words")
    return said if isinstance(said, str) else ""
