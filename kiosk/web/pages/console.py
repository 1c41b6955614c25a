"""The clerk's console as values: what a window serves, who is next and why, who waits, in words. Pure; asks no one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.door import Name, QueueLine, QueueView, Ticket, Window, WindowState
from kiosk.web.pages.saying import minutes
from kiosk.words import Words

MOST_RECALLS = 3
LISTED = 6
MOST_LISTED = 300


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the clerk's windows. `number`: whom it serves, or what it does."""

    id: str
    name: str
    services: str
    number: str
    waiting: int
    chosen: bool
    key: int


@dataclass(frozen=True, slots=True)
class Serving:
    """Whom the window serves. `chips`: what is known of them; `since` in words; `recalls` of three."""

    number: str
    service: str
    since: str
    taken: str
    chips: tuple[str, ...]
    recalls: int
    matter: str
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """One who waits, is held or parked. `note` says what is special; `minutes` waited."""

    id: str
    number: str
    note: str
    minutes: int
    special: bool = False


@dataclass(frozen=True, slots=True)
class Console:
    """Everything about one window."""

    id: str
    name: str
    state: str
    serving: Serving | None
    serving_number: str
    next: Row | None
    why: str
    waiting: tuple[Row, ...]
    more: tuple[Row, ...]
    count: int
    held: tuple[Row, ...]
    parked: tuple[Row, ...]
    services: str
    service_ids: tuple[str, ...]
    others: tuple[tuple[str, str, int], ...]
    reason: str
    back_at: str
    overdue: bool
    served_today: int


def tabs(own: Sequence[Window], chosen: str, counts: Mapping[str, int], names: Mapping[str, Name],
         words: Words) -> tuple[Tab, ...]:  # fmt: skip
    """The clerk's windows, in the hall's order."""
    return tuple(
        Tab(
            window.id, words.name(window.name), "、".join(words.name(names[s]) for s in window.services if s in names),
            window.serving.number if window.serving else ("暂停" if window.state is WindowState.PAUSED else "空闲"),
            sum(counts.get(service, 0) for service in window.services), window.id == chosen, at,
        )
        for at, window in enumerate(own, 1)
    )  # fmt: skip


def console(view: QueueView, names: Mapping[str, Name], now: datetime, words: Words) -> Console:
    """One window's page."""
    window = view.window
    rows = tuple(_waits(line, now, words) for line in view.waiting[:MOST_LISTED])
    following = None
    if view.next is not None:
        following = next((row for row in rows if row.id == view.next.id), None) or Row(
            view.next.id, view.next.number, _note(view.next, now, words), _waited(view.next, now)
        )
    why = "" if view.next is None or view.next.why is None else words.reason(view.next.why, now)
    return Console(
        id=window.id, name=words.name(window.name), state=window.state.value,
        serving=None if window.serving is None else _serving(window, window.serving, now, words),
        serving_number="" if window.serving is None else window.serving.number,
        next=following, why=why, waiting=rows[:LISTED], more=rows[LISTED:], count=len(view.waiting),
        held=tuple(_aside(line, "挂起", now, words) for line in view.held if line.ticket.window == window.id),
        parked=tuple(_aside(line, "过号", now, words) for line in view.parked
                     if line.ticket.service in window.services),
        services="、".join(words.name(names[one]) for one in window.services if one in names),
        service_ids=window.services,
        others=tuple(
            (service, words.name(name), view.counts.get(service, 0))
            for service, name in names.items()
            if service not in window.services
        ),
        reason=window.reason or "", back_at="" if window.back_at is None else words.time(window.back_at),
        overdue=window.back_at is not None and window.back_at < now, served_today=window.served_today,
    )  # fmt: skip


def _serving(window: Window, ticket: Ticket, now: datetime, words: Words) -> Serving:
    called = ticket.called_at or now
    waited = max(0, int((called - (ticket.appointment or ticket.taken_at)).total_seconds() // 60))
    chips = []
    if ticket.priority:
        chips.append("优先")
    if ticket.appointment is not None:
        chips.append(f"预约 {words.time(ticket.appointment)}")
    return Serving(
        ticket.number, words.name(ticket.service_name), minutes(now - called),
        f"{words.time(ticket.taken_at)} 取号，等了 {waited}分钟", tuple(chips),
        min(max(window.recalls, ticket.recalls), MOST_RECALLS), ticket.matter or "",
        "" if ticket.why is None else words.reason(ticket.why, now),
    )  # fmt: skip


def _waits(line: QueueLine, now: datetime, words: Words) -> Row:
    ticket = line.ticket
    return Row(ticket.id, ticket.number, _note(ticket, now, words), line.minutes, _special(ticket))


def _special(ticket: Ticket) -> bool:
    return ticket.priority or ticket.appointment is not None or ticket.window is not None


def _note(ticket: Ticket, now: datetime, words: Words) -> str:
    if ticket.window is not None:
        return "转来，等这个窗口"
    if ticket.appointment is not None:
        return f"预约 {words.time(ticket.appointment)}" + (" 已到点" if ticket.appointment <= now else "")
    if ticket.priority:
        return "优先"
    return ticket.matter or f"{words.time(ticket.taken_at)} 取号"


def _aside(line: QueueLine, word: str, now: datetime, words: Words) -> Row:
    ticket = line.ticket
    at = "" if ticket.called_at is None else f" {words.time(ticket.called_at)}"
    told = f"，叫了 {ticket.recalls + 1} 次没到" if word == "过号" and ticket.called_at is not None else ""
    return Row(ticket.id, ticket.number, f"{word}{at}{told}", line.minutes or _waited(ticket, now))


def _waited(ticket: Ticket, now: datetime) -> int:
    return max(0, int((now - (ticket.appointment or ticket.taken_at)).total_seconds() // 60))
