"""How each destination stands, for /healthz and for staff; and the two things staff can do: let a paused one go on, and
send once more what was set aside. Says nothing of what is in any event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kiosk.config.settings import UpstreamSettings
from kiosk.door import Reason
from kiosk.ledger import Hot, Tx
from kiosk.upstream.relay import SKEW_S

_MOST = 100_000
AGAIN = "again"
"""The reason of an event set aside that staff want sent once more (`kiosk.upstream.book` looks for it)."""
_CURSOR = Hot("SELECT after, paused, why, since, took_at, skew FROM relay_cursor WHERE destination = :name")
_WAITING = Hot(
    "SELECT count(*) FROM (SELECT 1 FROM event WHERE seq > :after AND type LIKE :like LIMIT 100000) AS waiting"
)
_ASIDE = Hot("SELECT count(*) FROM relay_aside WHERE destination = :name AND settled_at IS NULL")
_ASIDES = Hot(
    "SELECT event.type, event.subject, relay_aside.event, relay_aside.why, relay_aside.at FROM relay_aside"
    " LEFT JOIN event ON event.id = relay_aside.event"
    " WHERE relay_aside.destination = :name AND relay_aside.settled_at IS NULL ORDER BY relay_aside.place LIMIT 200"
)
_CHANGES = Hot("SELECT why FROM change_cursor WHERE destination = :name")
_GO_ON = Hot("UPDATE relay_cursor SET paused = 0, why = '', since = NULL WHERE destination = :name AND paused = 1")
_SEND_AGAIN = Hot(
    "UPDATE relay_aside SET why = :again WHERE destination = :name AND event = :event AND settled_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One destination. `state`: "ok", "waiting" (it cannot be reached or does not take anything now), "paused" (it said
    that it wants no more), "silent" (`events` names nothing). `why`: a code and, after a blank, the HTTP status.
    `waiting`: events that have not arrived; `aside`: those it refused; `skew`: our clock minus its own, seconds;
    times in epoch milliseconds."""

    name: str
    state: str
    why: str
    since: int | None
    waiting: int
    aside: int
    skew: float | None
    took_at: int | None
    changes: str


@dataclass(frozen=True, slots=True)
class Aside:
    """An event that a destination refused. `subject`: what it is about, an opaque id."""

    event: str
    type: str
    subject: str
    why: str
    at: int


def look(tx: Tx, upstream: Sequence[UpstreamSettings]) -> tuple[Standing, ...]:
    """Every destination of hall.toml as the ledger has it, whichever process posts."""
    return tuple(_one(tx, settings) for settings in upstream)


def _one(tx: Tx, settings: UpstreamSettings) -> Standing:
    after, paused, why, since, took_at, skew = tx.one(_CURSOR, name=settings.name) or (0, 0, "", None, None, None)
    waiting = sum(_count(tx, after, pattern) for pattern in settings.events)
    aside = tx.one(_ASIDE, name=settings.name)
    changes = tx.one(_CHANGES, name=settings.name)
    state = "ok"
    if not settings.events:
        state = "silent"
    elif paused:
        state = "paused"
    elif why:
        state = "waiting"
    return Standing(
        settings.name, state, why, since, min(waiting, _MOST), 0 if aside is None else int(aside[0]),
        None if skew is None else skew / 1000, took_at, "" if changes is None else str(changes[0]),
    )  # fmt: skip


def _count(tx: Tx, after: int, pattern: str) -> int:
    short = pattern.replace("%", "").replace("_", "").replace("*", "%")
    row = tx.one(_WAITING, after=after, like=f"cn.hall.{short}.v1" if short != "%" else "%")
    return 0 if row is None else int(row[0])


def notes(standings: Sequence[Standing]) -> tuple[Reason, ...]:
    """What staff have to know, as reasons; nothing while all is well."""
    found: list[Reason] = []
    for one in standings:
        code, _, status = one.why.partition(" ")
        status = status.partition(" ")[0]
        facts: dict[str, str | int] = {"destination": one.name, "waiting": one.waiting}
        if status:
            facts["status"] = status
        if one.state in {"paused", "waiting"} and code:
            found.append(Reason(code, facts))
        if one.aside:
            found.append(Reason("upstream-aside", {"destination": one.name, "count": one.aside}))
        if one.skew is not None and abs(one.skew) > SKEW_S:
            found.append(Reason("upstream-skew", {"destination": one.name, "seconds": round(abs(one.skew))}))
        if one.changes:
            found.append(Reason("upstream-no-changes", {"destination": one.name}))
    return tuple(found)


def body(standings: Sequence[Standing]) -> list[Mapping[str, object]]:
    """For /healthz."""
    return [
        {
            "name": one.name, "state": one.state, "reason": one.why or None, "waiting": one.waiting, "aside": one.aside,
            "skew_s": one.skew, "took_at": one.took_at, "changes": one.changes or "ok",
        }
        for one in standings
    ]  # fmt: skip


def aside(tx: Tx, name: str) -> tuple[Aside, ...]:
    """What a destination refused and nobody has dealt with, at most 200."""
    return tuple(
        Aside(event, type_ or "", subject or "", why, at)
        for type_, subject, event, why, at in tx.all(_ASIDES, name=name)
    )


def go_on(tx: Tx, name: str) -> bool:
    """Let a paused destination go on; whether it was paused. The process that holds it hears of it within seconds."""
    return tx.run(_GO_ON, name=name) == 1


def send_again(tx: Tx, name: str, event: str) -> bool:
    """Have an event that was set aside sent once more, alone; whether there is such an one."""
    return tx.run(_SEND_AGAIN, name=name, event=event, again=AGAIN) == 1
