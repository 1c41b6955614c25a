"""The ledger on PostgreSQL: a few threads with a connection each, one command a transaction.

Serialisation failures, deadlocks, and a neighbour who does the same command at the same moment are met by running the
command again under the same id. So is a connection lost at the commit: the command's own row tells what became of it.
"""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, LiteralString, TypeVar

import psycopg
from psycopg import errors
from sqlalchemy import create_engine, text
from sqlalchemy.pool import StaticPool

from kiosk.ledger import copying
from kiosk.ledger.errors import Again, Broke, LedgerBusy, LedgerDamaged, LedgerFull, LedgerLocked, LedgerTrouble
from kiosk.ledger.news import News, watch_server
from kiosk.ledger.schema import HEAD
from kiosk.ledger.tx import Logged, Tx

T = TypeVar("T")

_WRITERS = 8
_READERS = 4
_WAITING = 2048
_TRIES = 30
_OPTIONS = "-c statement_timeout=10s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
_PERSONAL: tuple[LiteralString, ...] = ("personal", "phone_day", "request_text", "outbox", "case_change")
_MIGRATING = "SELECT pg_advisory_xact_lock(4702)"


class PostgresLedger:
    """See `kiosk.ledger.ledger.Ledger`. `url` is a libpq URI."""

    kind = "postgresql"

    def __init__(self, url: str) -> None:
        self.url = url
        self._opened = False
        self._opening = threading.Lock()
        self._waiting = threading.BoundedSemaphore(_WAITING)
        self._writers = ThreadPoolExecutor(_WRITERS, "ledger")
        self._readers = ThreadPoolExecutor(_READERS, "ledger-read")
        self._own = threading.local()
        self._news = News(watch_server(url))
        self._all: list[psycopg.Connection[Any]] = []

    def open(self) -> None:
        """Make or migrate the tables if that has not been done yet. Raises `LedgerTrouble`."""
        with self._opening:
            if self._opened:
                return
            try:
                with contextlib.closing(psycopg.connect(self.url, options=_OPTIONS, connect_timeout=5)) as connection:
                    if not _at_head(connection):
                        _migrate(connection)
            except psycopg.Error as error:
                raise _trouble(error) from error
            self._opened = True

    def write(self, command: Callable[[Tx], T]) -> Future[T]:
        if not self._waiting.acquire(blocking=False):
            refused: Future[T] = Future()
            refused.set_exception(LedgerBusy(f"{_WAITING} commands wait already"))
            return refused
        try:
            answer = self._writers.submit(self._run, command, reader=False)
        except RuntimeError as error:
            self._waiting.release()
            raise LedgerTrouble("the ledger is closed") from error
        answer.add_done_callback(lambda _: self._waiting.release())
        return answer

    def read(self, query: Callable[[Tx], T]) -> T:
        return self._readers.submit(self._run, query, reader=True).result()

    def log(self, after: int, most: int = 500) -> list[Logged]:
        return self.read(lambda tx: tx.log(after, most))

    def follow(self, hear: Callable[[], None]) -> Callable[[], None]:
        return self._news.follow(hear)

    def backup(self, target: Path) -> None:
        self.read(lambda tx: copying.dump(tx, target))

    def restore(self, source: Path) -> None:
        self.write(lambda tx: copying.load(tx, source)).result()

    def scrub(self) -> None:
        """Rewrites the tables of personal fields, so that no dead row stays in their files. (What the server's own
        write-ahead log still holds is sealed, and goes with its next checkpoints.)"""
        self.open()
        try:
            with psycopg.connect(self.url, autocommit=True, connect_timeout=5) as connection:
                for table in _PERSONAL:
                    connection.execute(f"VACUUM FULL {table}")
        except psycopg.Error as error:
            raise _trouble(error) from error

    def close(self) -> None:
        self._news.close()
        self._writers.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        for connection in self._all:
            connection.close()
        self._all.clear()

    def _run(self, work: Callable[[Tx], T], *, reader: bool) -> T:
        self.open()
        tries = 0
        while True:
            tries += 1
            connection: psycopg.Connection[Any] | None = None
            try:
                connection = self._connection(reader=reader)
                result = work(Tx(connection.cursor(), "postgresql", connection.rollback))
                connection.commit()
                return result
            except (Again, errors.SerializationFailure, errors.DeadlockDetected) as error:
                assert connection is not None
                connection.rollback()
                if tries >= _TRIES:
                    raise LedgerLocked(str(error)) from error
            except Broke as broke:
                assert connection is not None
                connection.rollback()
                # "…_once": another process is at, or has just done, the very same thing.
                if tries >= _TRIES or not broke.constraint.endswith("_once"):
                    raise
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                lost = connection is None or connection.closed or connection.broken
                self._forget(connection)
                trouble = _trouble(error)
                if not lost or tries > 1 or type(trouble) is not LedgerTrouble:
                    raise trouble from error
            except psycopg.Error as error:
                self._forget(connection)
                raise _trouble(error) from error
            except BaseException:
                self._forget(connection)
                raise
            time.sleep(random.uniform(0, 0.002 * min(tries, 10)))  # noqa: S311 - only spreads the tries

    def _connection(self, *, reader: bool) -> psycopg.Connection[Any]:
        known: psycopg.Connection[Any] | None = getattr(self._own, "connection", None)
        if known is not None and not known.closed:
            return known
        made = psycopg.connect(self.url, options=_OPTIONS, connect_timeout=5)
        if reader:
            made.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            made.read_only = True
        self._own.connection = made
        self._all.append(made)
        return made

    def _forget(self, connection: psycopg.Connection[Any] | None) -> None:
        if connection is not None:
            with contextlib.suppress(psycopg.Error, ValueError):
                connection.close()
                self._all.remove(connection)


def _at_head(connection: psycopg.Connection[Any]) -> bool:
    known = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
    if known is None or known[0] is None:
        return False
    return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]


def _migrate(connection: psycopg.Connection[Any]) -> None:
    from kiosk.ledger.migrate import upgrade  # noqa: PLC0415 - Alembic is only for the day a migration is due

    connection.rollback()
    engine = create_engine("postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool)
    with engine.connect() as bound:
        bound.execute(text(_MIGRATING))
        upgrade(bound)
        bound.commit()


def _trouble(error: psycopg.Error) -> LedgerTrouble:
    """Name a driver error by its SQLSTATE (PostgreSQL manual, appendix A)."""
    state = error.sqlstate or ""
    if state == "53100":
        return LedgerFull(str(error))
    if state in {"55P03", "57014"}:
        return LedgerLocked(str(error))
    if state.startswith("XX"):
        return LedgerDamaged(str(error))
    return LedgerTrouble(str(error))
