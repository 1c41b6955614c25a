"""Copies of a ledger: always a SQLite file of the same tables, whichever database it came from or goes to.

So a backup of a PostgreSQL hall needs no other program, and a hall can move from one database to the other. What is
sealed stays sealed: without the hall's key file a copy tells no telephone number.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from kiosk.ledger.errors import LedgerDamaged, LedgerTrouble, sqlite_trouble
from kiosk.ledger.schema import metadata
from kiosk.ledger.statements import Hot, adding
from kiosk.ledger.tx import Tx

_TABLES = tuple(metadata.tables.values())
_TAKE = {table.name: Hot(table.select()) for table in _TABLES}
_GIVE = {table.name: adding(table) for table in _TABLES}
_EMPTY = {table.name: Hot(table.delete()) for table in _TABLES}
# Rows brought along keep their numbers; PostgreSQL has to be told where to go on.
_NEXT = tuple(
    Hot(
        f"SELECT setval(pg_get_serial_sequence('{name}', 'seq'),"  # noqa: S608 - our own tables' names
        f" (SELECT coalesce(max(seq), 0) FROM {name}) + 1, false)"
    )
    for name in (table.name for table in _TABLES if "seq" in table.columns)
)


def copy_file(source: sqlite3.Connection, target: Path) -> None:
    """A consistent copy of a SQLite ledger while others write (SQLite's online backup): complete, or not there."""
    with _complete(target) as own:
        copy = sqlite3.connect(own)
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").fetchall()
        finally:
            copy.close()


def dump(tx: Tx, target: Path) -> None:
    """A copy of the ledger that `tx` sees, on whatever database: complete, or not there."""
    with _complete(target) as own:
        _upgrade(own)
        copy = sqlite3.connect(own)
        try:
            for table in _TABLES:
                names = [column.name for column in table.columns]
                rows = (dict(zip(names, row, strict=True)) for row in tx.all(_TAKE[table.name]))
                copy.executemany(_GIVE[table.name].text("sqlite"), rows)
            copy.commit()
        finally:
            copy.close()


def key_mark(copy: Path) -> str | None:
    """The mark that the key left in a copy, None if it never had one. Raises `LedgerDamaged`."""
    try:
        with contextlib.closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            row = connection.execute("SELECT value FROM mark WHERE name = 'key'").fetchone()
    except sqlite3.Error as error:
        raise LedgerDamaged(f"{copy} is not a ledger's copy: {error}") from error
    return None if row is None else str(row[0])


def load(tx: Tx, source: Path) -> None:
    """Put a copy's rows in place of everything the ledger holds; an older copy is first brought to today's tables."""
    own = source.with_name(f".{source.name}.{os.getpid()}.restoring")
    try:
        shutil.copyfile(source, own)
        _upgrade(own)
        copy = sqlite3.connect(own)
        try:
            for table in _TABLES:
                tx.run(_EMPTY[table.name])
                names = [column.name for column in table.columns]
                for row in copy.execute(_TAKE[table.name].text("sqlite")):
                    tx.run(_GIVE[table.name], **dict(zip(names, row, strict=True)))
        finally:
            copy.close()
        if tx.kind == "postgresql":
            for statement in _NEXT:
                tx.all(statement)
    except OSError as error:
        raise LedgerTrouble(f"{source}: {error.strerror}") from error
    except (sqlite3.Error, SQLAlchemyError) as error:
        raise LedgerDamaged(f"{source} is not a ledger's copy: {error}") from error
    finally:
        own.unlink(missing_ok=True)


def _upgrade(path: Path) -> None:
    from kiosk.ledger.migrate import upgrade  # noqa: PLC0415 - Alembic is only for the day it is needed

    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with engine.connect() as connection:
        problem = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
        if problem != "ok":
            raise LedgerDamaged(f"{path}: {problem}")
        upgrade(connection)
        connection.commit()


@contextlib.contextmanager
def _complete(target: Path) -> Iterator[Path]:
    """A file beside `target`, 0600, that takes its place, on the disk, only when the block has ended well."""
    own = target.with_name(f".{target.name}.{os.getpid()}.copying")
    try:
        os.close(os.open(own, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
        yield own
        with own.open("rb") as file:
            os.fsync(file.fileno())
        own.replace(target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise LedgerTrouble(f"{target}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise sqlite_trouble(error) from error
    finally:
        own.unlink(missing_ok=True)
