"""What managers entered beside hall.toml, as rows: closed days, the size of rooms, whole years' holiday notices.

Each process learns it when it starts and looks again every second whether another has entered something (a mark that
grows with every entry). Never decides what an entry does to a booking.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kiosk.clock import Clock
from kiosk.config.settings import Closure
from kiosk.door import Name
from kiosk.hall import strays
from kiosk.hall.answers import ms
from kiosk.hall.schedule import Schedule
from kiosk.ledger import Hot, Ledger, Tx
from kiosk.rules.holidays import DayKind

__all__ = ["DayKind", "Entered", "EnteredClosure", "Plans"]

_VERSION = Hot("SELECT value FROM mark WHERE name = 'entered'")
_GROW = Hot(
    "INSERT INTO mark (name, value) VALUES ('entered', '1')"
    " ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(mark.value AS INTEGER) + 1 AS TEXT)"
)
_CLOSURES = Hot("SELECT id, first, last, why, why_en FROM closure ORDER BY first, id")
_ADD_CLOSURE = Hot(
    "INSERT INTO closure (id, first, last, why, why_en, made_at, made_by)"
    " VALUES (:id, :first, :last, :why, :why_en, :at, :by)"
)
_DROP_CLOSURE = Hot("DELETE FROM closure WHERE id = :id")
_LIMITS = Hot("SELECT facility, capacity FROM place_limit ORDER BY facility")
_SET_LIMIT = Hot(
    "INSERT INTO place_limit (facility, capacity, made_at, made_by) VALUES (:facility, :capacity, :at, :by)"
    " ON CONFLICT (facility) DO UPDATE SET capacity = excluded.capacity, made_at = excluded.made_at,"
    " made_by = excluded.made_by"
)
_DROP_LIMIT = Hot("DELETE FROM place_limit WHERE facility = :facility")
_NOTICES = Hot("SELECT year, days FROM holiday_notice ORDER BY year")
_SET_NOTICE = Hot(
    "INSERT INTO holiday_notice (year, days, made_at, made_by) VALUES (:year, :days, :at, :by)"
    " ON CONFLICT (year) DO UPDATE SET days = excluded.days, made_at = excluded.made_at, made_by = excluded.made_by"
)
_DROP_NOTICE = Hot("DELETE FROM holiday_notice WHERE year = :year")


@dataclass(frozen=True, slots=True)
class EnteredClosure:
    """Days the hall is closed by a manager's word, both ends included."""

    id: str
    first: date
    last: date
    why: Name


@dataclass(frozen=True, slots=True)
class Plans:
    """Everything entered. `limits`: facility → capacity; `years`: year → day → its kind."""

    closures: tuple[EnteredClosure, ...] = ()
    limits: Mapping[str, int] | None = None
    years: Mapping[int, Mapping[date, DayKind]] | None = None


class Entered:
    """Keeps one process's schedule as managers have it."""

    def __init__(self, ledger: Ledger, schedule: Schedule, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock
        self._schedule = schedule
        self._version: str | None = None
        self._looking = threading.Lock()

    def look(self) -> None:
        """Learn what is new, if anything is. Blocks for a moment. Raises `LedgerTrouble`."""
        with self._looking:
            self._ledger.read(self._learn)

    def _learn(self, tx: Tx) -> None:
        row = tx.one(_VERSION)
        version = "" if row is None else str(row[0])
        if version == self._version:
            return
        if version or self._version:
            known = plans(tx)
            closures = [Closure(one.first, one.last, one.why) for one in known.closures]
            self._schedule.learn(closures, known.limits or {}, known.years or {})
        strays.learn(tx, self._schedule, ms(self._clock.now()))
        self._version = version


def plans(tx: Tx) -> Plans:
    """Everything entered, as it stands."""
    return Plans(
        tuple(
            EnteredClosure(id_, date.fromisoformat(first), date.fromisoformat(last), Name(why, why_en))
            for id_, first, last, why, why_en in tx.all(_CLOSURES)
        ),
        {facility: int(capacity) for facility, capacity in tx.all(_LIMITS)},
        {int(year): _kinds(days) for year, days in tx.all(_NOTICES)},
    )


def add_closure(tx: Tx, closure: EnteredClosure, at: int, by: str) -> None:
    """Close days."""
    tx.run(_ADD_CLOSURE, id=closure.id, first=closure.first.isoformat(), last=closure.last.isoformat(),
           why=closure.why.zh, why_en=closure.why.en, at=at, by=by)  # fmt: skip
    tx.run(_GROW)


def drop_closure(tx: Tx, id_: str) -> bool:
    """Take a closure back. False if there is none."""
    tx.run(_GROW)
    return tx.run(_DROP_CLOSURE, id=id_) == 1


def set_limit(tx: Tx, facility: str, capacity: int | None, at: int, by: str) -> None:
    """Give a room another size; None: hall.toml's again."""
    if capacity is None:
        tx.run(_DROP_LIMIT, facility=facility)
    else:
        tx.run(_SET_LIMIT, facility=facility, capacity=capacity, at=at, by=by)
    tx.run(_GROW)


def set_notice(tx: Tx, year: int, days: Mapping[date, DayKind] | None, at: int, by: str) -> None:
    """Enter a whole year's holiday notice; None takes it back."""
    if days is None:
        tx.run(_DROP_NOTICE, year=year)
    else:
        text = {
            day.isoformat(): {"work": True} if kind.makeup else {"off": list(kind.holiday or ("", ""))}
            for day, kind in sorted(days.items())
        }
        tx.run(_SET_NOTICE, year=year, days=json.dumps(text, ensure_ascii=False), at=at, by=by)
    tx.run(_GROW)


def _kinds(text: str) -> dict[date, DayKind]:
    return {
        date.fromisoformat(day): DayKind(
            None if "work" in kind else (kind["off"][0], kind["off"][1]), makeup="work" in kind, published=True
        )
        for day, kind in json.loads(text).items()
    }
