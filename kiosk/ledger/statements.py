"""Statements built once, then sent as fixed text straight to the driver.

SQLAlchemy's Core at each call costs more than the statement itself (1,102 against 2,742 tickets/s on one machine,
facts/booking-queue-upstream.md), so a `Hot` is compiled at its first use for each kind of database and never again.
Values pass through untouched: bind only int, str, bytes and None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import Table, bindparam, insert, text
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import Compiled, SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

Values = Mapping[str, object]
Form = tuple[str, Callable[[Values], Any]]


@cache
def _dialect(kind: str, paramstyle: Literal["named", "qmark"] = "named") -> Dialect:
    """Loaded when it is needed: a hall has one database, and pays for one."""
    if kind == "sqlite":
        from sqlalchemy.dialects import sqlite  # noqa: PLC0415

        return sqlite.dialect(paramstyle=paramstyle)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]


class Hot:
    """One statement, from Core or from text with `:name` binds, in the words of each database."""

    __slots__ = ("_forms", "_source", "_texts")

    def __init__(self, source: ClauseElement | str) -> None:
        self._source = source
        self._texts: dict[str, str] = {}
        self._forms: dict[str, Form] = {}

    def text(self, kind: str) -> str:
        """The text for "sqlite" (`:name` binds) or "postgresql" (`%(name)s` binds)."""
        known = self._texts.get(kind)
        if known is None:
            known = self._texts[kind] = str(self._compiled(_dialect(kind)))
        return known

    def form(self, kind: str) -> Form:
        """The text as it is sent, and what brings values by name into the form that the driver takes.

        SQLite's go by place: by name its driver lets go of the interpreter's lock and takes it again for every single
        value, some forty times a command (measured: 5 % of a hall's processor time under load)."""
        known = self._forms.get(kind)
        if known is None:
            known = self._forms[kind] = self._by_place() if kind == "sqlite" else (self.text(kind), _by_name)
        return known

    def _by_place(self) -> Form:
        compiled = self._compiled(_dialect("sqlite", "qmark"))
        assert isinstance(compiled, SQLCompiler)
        names = compiled.positiontup or ()
        if len(names) < 2:  # of which `itemgetter` would give no row, but the value itself
            return str(compiled), lambda values: [values[name] for name in names]
        return str(compiled), itemgetter(*names)

    def _compiled(self, dialect: Dialect) -> Compiled:
        source = text(self._source) if isinstance(self._source, str) else self._source
        return source.compile(dialect=dialect)


def _by_name(values: Values) -> Values:
    return values


def adding(table: Table, *, once: bool = False, leave_out: tuple[str, ...] = ()) -> Hot:
    """The plain insert of a whole row. `once`: quietly does nothing where a unique constraint has the row already
    (ask `Tx.run` for the count)."""
    row = insert(table).values({c.name: bindparam(c.name) for c in table.columns if c.name not in leave_out})
    if not once:
        return Hot(row)
    names = [c.name for c in table.columns if c.name not in leave_out]
    return Hot(
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(':' + n for n in names)})"  # noqa: S608
        " ON CONFLICT DO NOTHING"
    )
