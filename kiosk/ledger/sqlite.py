"""The ledger on SQLite: one writer thread, group commit, each command whole or not at all; processes may share it.

WAL with synchronous=FULL: an answer is given only after its bytes are on the disk. Any trouble closes the connection;
the next command opens it again, so the ledger heals by itself when the cause is gone. It never makes a new database in
place of one that has vanished.
"""

from __future__ import annotations

import contextlib
import os
import queue
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from kiosk.ledger import copying
from kiosk.ledger.errors import (
    LedgerBusy,
    LedgerDamaged,
    LedgerFull,
    LedgerLocked,
    LedgerMissing,
    LedgerTrouble,
    sqlite_trouble,
)
from kiosk.ledger.news import News, watch_file
from kiosk.ledger.schema import HEAD
from kiosk.ledger.tx import Logged, Tx

T = TypeVar("T")

_WAITING = 2048  # commands that may wait; beyond that the hall says "busy" rather than growing
_TOGETHER = 256  # commands in one commit
_PATIENCE_S = 5.0  # how long another program may hold the lock
_IDLE_S = 0.5  # with nothing to do for so long, the write-ahead log is folded into the database
_FOLD_PAGES = 4000  # under steady load it is folded at this size: rarely enough to stay out of the p99
_LOOK_S = 1.0  # how often the file is looked at, whether it is still the one that was opened
_READERS = 4
_ROOM_BYTES = 512 << 10  # a commit needs some tens of KiB, folding the log back as much again
_CHECK_BYTES = 64 << 20  # a larger file is not read through at every opening


@dataclass(frozen=True, slots=True)
class _Work:
    run: Callable[[Tx], Any]
    answer: Future[Any]


@dataclass(frozen=True, slots=True)
class _Alone:
    """Work that needs the connection outside any transaction."""

    run: Callable[[sqlite3.Connection], Any]
    answer: Future[Any]


_Done = tuple[Future[Any], Any, BaseException | None]


class _TakenBack(BaseException):
    """A command wants back what it had changed, and there is no savepoint to go back to. Nobody may catch it as an
    error of the command's own."""


class SqliteLedger:
    """See `kiosk.ledger.ledger.Ledger`."""

    kind = "sqlite"

    def __init__(self, path: Path, *, patience_s: float = _PATIENCE_S, key_file: Path | None = None) -> None:
        """`key_file`: stands only where there has been a ledger; then none is made in the place of a missing one."""
        self.path = path
        self._key_file = key_file
        self.url = f"sqlite:///{path}"
        self._patience_s = patience_s
        self._queue: queue.SimpleQueue[_Work | _Alone | None] = queue.SimpleQueue()
        self._closed = False
        self._opening = threading.Lock()
        self._opened = False
        self._known = False  # opened once: from now on no new file is made in its place
        self._readers: list[sqlite3.Connection] = []
        self._reading = threading.BoundedSemaphore(_READERS)
        self._connection: sqlite3.Connection | None = None
        self._inode = 0
        self._look_at = 0.0
        self._unfolded = False
        self._news = News(watch_file(path, lambda: self._connect(reader=True)))
        self._writer = threading.Thread(target=self._serve, name="ledger", daemon=True)
        self._writer.start()

    # ---- what the house calls ----------------------------------------------------------------------------------------

    def open(self) -> None:
        """Make or migrate the database if that has not been done yet. Raises `LedgerTrouble`."""
        with self._opening, _named():
            if self._opened:
                return
            if not self._known:
                self._look_for_lost()
            try:
                connection = self._connect(create=not self._known)
                try:
                    self._migrate(connection)
                finally:
                    connection.close()
            except (sqlite3.Error, LedgerTrouble):
                self._look_for_room()  # a full disk has many names in SQLite, most of them misleading
                raise
            self._opened = self._known = True

    def write(self, command: Callable[[Tx], T]) -> Future[T]:
        answer: Future[T] = Future()
        self._put(_Work(command, answer))
        return answer

    def read(self, query: Callable[[Tx], T]) -> T:
        self.open()
        with self._reading, _named():
            connection = self._readers.pop() if self._readers else self._connect(reader=True)
            try:
                cursor = connection.cursor()
                cursor.execute("BEGIN")
                result = query(Tx(cursor, "sqlite", _no_undo))
                connection.rollback()
            except BaseException as error:
                connection.close()
                self._doubt(error)
                raise
            self._readers.append(connection)
            return result

    def log(self, after: int, most: int = 500) -> list[Logged]:
        return self.read(lambda tx: tx.log(after, most))

    def follow(self, hear: Callable[[], None]) -> Callable[[], None]:
        return self._news.follow(hear)

    def backup(self, target: Path) -> None:
        self.open()
        with _named():
            source = self._connect(reader=True)
            try:
                copying.copy_file(source, target)
            finally:
                source.close()

    def restore(self, source: Path) -> None:
        def replace(tx: Tx) -> None:
            copying.load(tx, source)

        try:
            self.open()
        except LedgerDamaged:
            self._put_aside()
            self._key_file = None  # it is to be made anew, and filled at once
        except LedgerMissing:
            self._key_file = None
        self.write(replace).result()
        self.scrub()

    def scrub(self) -> None:
        def vacuum(connection: sqlite3.Connection) -> None:
            self._drop_readers()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

        answer: Future[None] = Future()
        self._put(_Alone(vacuum, answer))
        answer.result()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._news.close()
            self._queue.put(None)
            self._writer.join()
            self._drop_readers()

    # ---- the writer thread -------------------------------------------------------------------------------------------

    def _put(self, work: _Work | _Alone) -> None:
        work.answer.set_running_or_notify_cancel()  # from here on nobody can call it off
        if self._closed:
            work.answer.set_exception(LedgerTrouble("the ledger is closed"))
            return
        if self._queue.qsize() >= _WAITING:
            work.answer.set_exception(LedgerBusy(f"{_WAITING} commands wait already"))
            return
        self._queue.put(work)

    def _serve(self) -> None:
        while True:
            try:
                work = self._queue.get(timeout=_IDLE_S if self._unfolded else None)
            except queue.Empty:
                self._fold()
                continue
            batch: list[_Work] = []
            while isinstance(work, _Work):
                batch.append(work)
                if len(batch) == _TOGETHER:
                    break
                try:
                    work = self._queue.get_nowait()
                except queue.Empty:
                    break
            if batch:
                self._commit_together(batch)
            if isinstance(work, _Alone):
                self._run_alone(work)
            if work is None:
                self._let_go()
                return

    def _commit_together(self, batch: list[_Work]) -> None:
        try:
            with _named():
                connection = self._held()
                cursor = connection.cursor()
                self._begin(cursor)
                try:
                    done = _run_bare(connection, cursor, batch)
                except _TakenBack:
                    cursor.execute("ROLLBACK")
                    self._begin(cursor)
                    done = _run_marked(cursor, batch)
                cursor.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - whatever it was, nobody may be left waiting for ever
            self._let_go()
            self._doubt(error)
            for work in batch:
                work.answer.set_exception(error)
            return
        self._answer(done)

    def _answer(self, done: list[_Done]) -> None:
        self._unfolded = True
        for answer, result, failure in done:
            if failure is None:
                answer.set_result(result)
            else:
                answer.set_exception(failure)
        self._news.tell()

    def _run_alone(self, work: _Alone) -> None:
        try:
            with _named():
                work.answer.set_result(work.run(self._held()))
        except Exception as error:  # noqa: BLE001 - handed to whoever asked
            self._let_go()
            work.answer.set_exception(error)

    def _begin(self, cursor: sqlite3.Cursor) -> None:
        """Take the write lock. SQLite's own waiting sleeps up to 100 ms a time; between processes that is an age."""
        until = time.monotonic() + self._patience_s
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                if time.monotonic() >= until:
                    raise LedgerLocked(str(error)) from error
                time.sleep(random.uniform(0.0002, 0.001))  # noqa: S311 - only spreads the tries

    def _held(self) -> sqlite3.Connection:
        """The writer's connection, opened afresh if the file was put in another's place (a restore by hand)."""
        if self._connection is None or time.monotonic() >= self._look_at:
            self.open()
            inode = 0
            with contextlib.suppress(OSError):
                inode = self.path.stat().st_ino
            if inode != self._inode:
                self._let_go()
            self._inode = inode
            self._look_for_room()
            self._look_at = time.monotonic() + _LOOK_S
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _look_for_room(self) -> None:
        """Refuse everything a little before the disk is full, not only the larger commands once it is."""
        with contextlib.suppress(OSError):
            disk = os.statvfs(self.path.parent)
            if disk.f_bavail * disk.f_frsize < _ROOM_BYTES:
                raise LedgerFull(f"less than {_ROOM_BYTES >> 10} KiB left in {self.path.parent}")

    def _look_for_lost(self) -> None:
        """Whoever starts a hall makes the file, then its tables, then the key: looked at in the other order, a key
        without tables means that they are gone, however many start at once."""
        if self._key_file is None or not self._key_file.exists():
            return
        with contextlib.suppress(FileNotFoundError):
            if self.path.stat().st_size:
                return
        raise LedgerMissing(
            f"{self.path} 不见了，钥匙 {self._key_file} 还在。请用 main.py restore 恢复备份；"
            f"真的要从头开始，请先把钥匙移走 / {self.path} is gone, its key {self._key_file} is not. Restore a backup "
            "(main.py restore), or, to begin anew with nothing, move the key away first"
        )

    def _doubt(self, error: BaseException) -> None:
        """After damage nothing is served until the whole file has been looked at and found sound."""
        if isinstance(error, LedgerDamaged) or (
            isinstance(error, sqlite3.Error) and isinstance(sqlite_trouble(error), LedgerDamaged)
        ):
            self._opened = False
            self._look_at = 0.0

    def _put_aside(self) -> None:
        """Keep a damaged file under another name, for whoever can still read something in it."""
        mark = f"damaged-{time.strftime('%Y%m%d-%H%M%S')}"
        with self._opening:
            for suffix in ("", "-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    old = self.path.with_name(self.path.name + suffix)
                    old.rename(self.path.with_name(f"{self.path.name}.{mark}{suffix}"))
            self._known = False

    def _fold(self) -> None:
        self._unfolded = False
        if self._connection is not None:
            # Without room or against readers it is simply tried again later; the commit is what tells of trouble.
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _let_go(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None
        self._drop_readers()

    def _drop_readers(self) -> None:
        while self._readers:
            with contextlib.suppress(IndexError, sqlite3.Error):
                self._readers.pop().close()

    # ---- connections -------------------------------------------------------------------------------------------------

    def _connect(self, *, create: bool = False, reader: bool = False) -> sqlite3.Connection:
        if create:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                # Nobody but the hall reads its ledger.
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            except OSError as error:
                raise LedgerTrouble(f"{self.path}: {error.strerror}") from error
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw",
            uri=True,
            isolation_level=None,
            timeout=self._patience_s if create or reader else 0,
            check_same_thread=False,
            cached_statements=256,
        )
        try:
            if create:
                connection.execute("PRAGMA journal_mode=WAL").fetchall()
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute(f"PRAGMA wal_autocheckpoint={_FOLD_PAGES}")
            if reader:
                connection.execute("PRAGMA query_only=ON")
        except BaseException:
            connection.close()
            raise
        return connection

    def _migrate(self, connection: sqlite3.Connection) -> None:
        if self.path.stat().st_size < _CHECK_BYTES:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchall()
            if verdict != [("ok",)]:
                raise LedgerDamaged(str(verdict[0][0]))
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchall()
        if known and connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]:
            return
        from kiosk.ledger.migrate import upgrade  # noqa: PLC0415 - Alembic is only for the day a migration is due

        engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
        with engine.connect() as bound:
            self._begin(connection.cursor())  # not before: SQLAlchemy ends a first connection's transaction
            upgrade(bound)
            bound.commit()


def _run_bare(connection: sqlite3.Connection, cursor: sqlite3.Cursor, batch: list[_Work]) -> list[_Done]:
    """Run a group without savepoints, which cost as much as a third of its statements: a command that fails before it
    has changed a row needs none. Raises `_TakenBack` for one that does."""
    done: list[_Done] = []
    before = 0

    def undo() -> None:
        if connection.total_changes != before:
            raise _TakenBack

    tx = Tx(cursor, "sqlite", undo)
    for work in batch:
        before = connection.total_changes
        try:
            done.append((work.answer, work.run(tx), None))
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001 - a command's own failure is its caller's to know
            undo()
            done.append((work.answer, None, error))
    return done


def _run_marked(cursor: sqlite3.Cursor, batch: list[_Work]) -> list[_Done]:
    """Run a group with a savepoint before each command."""
    done: list[_Done] = []
    tx = Tx(cursor, "sqlite", lambda: cursor.execute("ROLLBACK TO command"))
    for work in batch:
        cursor.execute("SAVEPOINT command")
        try:
            done.append((work.answer, work.run(tx), None))
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001 - a command's own failure is its caller's to know
            cursor.execute("ROLLBACK TO command")
            done.append((work.answer, None, error))
        cursor.execute("RELEASE command")
    return done


@contextlib.contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise sqlite_trouble(error) from error


def _no_undo() -> None:
    raise RuntimeError("a query changes nothing")
