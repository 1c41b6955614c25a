"""What a command holds while it runs: statements, the event log, and a way back to where it began.

A `Tx` lives for one command inside one database transaction and knows which database it speaks to; nobody else does.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pydantic_core import to_json

from kiosk.ledger.errors import Broke
from kiosk.ledger.schema import constraint_of
from kiosk.ledger.statements import Hot

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the register: a CloudEvent. `at` is epoch milliseconds; `data` holds no personal field and no code.

    `declares`: the event says that the present time is right; from it the clock is judged anew.
    """

    id: str
    type: str
    source: str
    subject: str
    at: int
    data: Mapping[str, object] = field(default_factory=dict)
    declares: bool = False


@dataclass(frozen=True, slots=True)
class Logged:
    """An event with its place in the log."""

    seq: int
    event: Event


class Cursor(Protocol):
    """What both drivers' cursors have in common."""

    @property
    def rowcount(self) -> int: ...
    def execute(self, _query: Any, _params: Any = ..., /) -> object: ...  # noqa: ANN401 - each driver has types of its own
    def executemany(self, _query: Any, _params: Any, /) -> object: ...  # noqa: ANN401
    def fetchall(self) -> list[Any]: ...


_APPEND = Hot(
    "INSERT INTO event (id, type, source, subject, at, high, data) VALUES (:id, :type, :source, :subject, :at,"
    " coalesce((SELECT CASE WHEN known.high > :at AND :declares = 0 THEN known.high END"
    " FROM (SELECT high FROM event ORDER BY seq DESC LIMIT 1) AS known), :at), :data)"
)
_NEWEST = Hot("SELECT high FROM event ORDER BY seq DESC LIMIT 1")
_LOG = Hot("SELECT seq, id, type, source, subject, at, data FROM event WHERE seq > :after ORDER BY seq LIMIT :most")
# Sequence numbers must become visible in order, or a reader's cursor would step over a slower neighbour. And whoever
# listens (kiosk.ledger.news) is told at the commit.
_ONE_APPENDER = "SELECT pg_advisory_xact_lock(4701), pg_notify('hall_log', '')"


class Tx:
    """One command's view of the ledger. Not for keeping: it ends with the command."""

    __slots__ = ("_appending", "_cursor", "_undo", "kind")

    def __init__(self, cursor: Cursor, kind: str, undo: Callable[[], object]) -> None:
        self._cursor = cursor
        self._undo = undo
        self._appending = False
        self.kind = kind

    def run(self, statement: Hot, /, **values: object) -> int:
        """Run a statement that returns nothing; the number of rows it touched. Raises `Broke`."""
        text, bound = statement.form(self.kind)
        try:
            self._cursor.execute(text, bound(values))
        except Exception as error:
            constraint = _broken(error)
            if constraint is None:
                raise
            raise Broke(constraint) from error
        return self._cursor.rowcount

    def many(self, statement: Hot, rows: Sequence[Mapping[str, object]]) -> int:
        """Run one statement for each row, together; the number of rows touched in all. Raises `Broke`."""
        if not rows:
            return 0
        text, bound = statement.form(self.kind)
        try:
            self._cursor.executemany(text, [bound(row) for row in rows])
        except Exception as error:
            constraint = _broken(error)
            if constraint is None:
                raise
            raise Broke(constraint) from error
        return self._cursor.rowcount

    def all(self, statement: Hot, /, **values: object) -> list[Row]:
        """Run a statement; all its rows. Raises `Broke`."""
        self.run(statement, **values)
        return self._cursor.fetchall()

    def one(self, statement: Hot, /, **values: object) -> Row | None:
        """Run a statement; its first row, or None."""
        rows = self.all(statement, **values)
        return rows[0] if rows else None

    def undo(self) -> None:
        """Take back everything this command has changed so far. What follows is still the same command."""
        self._undo()
        self._appending = False

    def alone(self) -> None:
        """Wait for one's turn at the log now, not at the first append: for commands that many give at once for the same
        rows, which would otherwise be found changed and run again. On SQLite every command has its turn anyway."""
        if self.kind == "postgresql" and not self._appending:
            self._cursor.execute(_ONE_APPENDER)
            self._appending = True

    def append(self, events: Sequence[Event]) -> None:
        """Write to the log, in order. On PostgreSQL the first append waits its turn, so `seq` order is commit order."""
        if events:
            self.alone()
        for event in events:
            self.run(
                _APPEND,
                id=event.id,
                type=event.type,
                source=event.source,
                subject=event.subject,
                at=event.at,
                declares=int(event.declares),
                data=to_json(event.data).decode(),
            )

    def newest(self) -> int | None:
        """The latest time in the log since the clock was last declared right, epoch milliseconds; None if empty."""
        row = self.one(_NEWEST)
        return row[0] if row else None

    def log(self, after: int, most: int = 500) -> list[Logged]:
        """Events after a place in the log, in order."""
        return [
            Logged(seq, Event(id_, type_, source, subject, at, json.loads(data)))
            for seq, id_, type_, source, subject, at, data in self.all(_LOG, after=after, most=most)
        ]


def _broken(error: Exception) -> str | None:
    """The constraint that a driver's error names; None if it is about something else. psycopg is known by its errors'
    SQLSTATE (class 23): a hall on SQLite has no need of it in memory."""
    if isinstance(error, sqlite3.IntegrityError):
        return constraint_of(str(error))
    if str(getattr(error, "sqlstate", None)).startswith("23"):
        return getattr(getattr(error, "diag", None), "constraint_name", None) or str(error)
    return None
