"""The kiosk's own small ledger: what was to be printed and which commands were sent, so that a restart knows.

Standard library's SQLite (WAL, synchronous=FULL) and AES-GCM only. Everything a person could be known by is
encrypted under a key file beside it (0600) and deleted once printed or answered, at the latest after 24 h. It
never stops a kiosk: when it cannot be read or written it says so (`trouble`), carries on without, and heals
when the cause is gone.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEEP = timedelta(hours=24)
_MOST_PAGES = 4096  # 16 MB
_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    job TEXT PRIMARY KEY, state TEXT NOT NULL, at INTEGER NOT NULL, sealed BLOB NOT NULL,
    CHECK (state IN ('queued', 'begun', 'printed', 'failed', 'unknown', 'not-begun'))) STRICT;
CREATE TABLE IF NOT EXISTS commands (key TEXT PRIMARY KEY, at INTEGER NOT NULL, sealed BLOB NOT NULL) STRICT;
"""
_T = TypeVar("_T")
Content = Mapping[str, object]


class KioskInUse(Exception):
    """Another kiosk holds this data folder. `holder` names it."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


@dataclass(frozen=True, slots=True)
class Job:
    """A print job as the journal has it. `content` never holds more than the staff need to be told of it."""

    job: str
    state: str
    at: datetime
    content: Content = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Command:
    """A command that was sent and not answered."""

    key: str
    at: datetime
    content: Content = field(default_factory=dict, repr=False)


class FolderLock:
    """DATA/kiosk is one kiosk's. Held until released or until the process is gone, however it went."""

    def __init__(self, folder: Path, holder: str) -> None:
        """Raises `KioskInUse`."""
        folder.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            other = os.read(self._fd, 400).decode("utf-8", "replace").strip()
            os.close(self._fd)
            raise KioskInUse(other or "?") from None
        with contextlib.suppress(OSError):  # a full disk must not keep the kiosk from starting
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, holder.encode(), 0)

    def release(self) -> None:
        os.close(self._fd)


class Journal:
    """One kiosk's journal in `folder` (DATA/kiosk). For any thread. Times are aware; they are kept as milliseconds."""

    def __init__(self, folder: Path, now: Callable[[], datetime], *, most_pages: int = _MOST_PAGES,
                 monotonic: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._now, self._most_pages, self._monotonic = folder, now, most_pages, monotonic
        # By a clock that never jumps: when each row of this process was written, and since when it has had the others.
        self._written: dict[tuple[str, str], float] = {}
        self._inherited: dict[tuple[str, str], float] = {}
        self._lock = threading.RLock()
        self._database: sqlite3.Connection | None = None
        self._cipher: AESGCM | None = None
        self.trouble: str | None = None
        self.set_aside = False
        with self._lock:
            self._try(lambda _database: None, None)

    @property
    def path(self) -> Path:
        return self._folder / "journal.db"

    # ---- print jobs ------------------------------------------------------------------------------------------------

    def queue(self, job: str, content: Content) -> bool:
        """Before anything is sent to a printer. False: this job is known already and must not be printed again."""

        def put(database: sqlite3.Connection) -> bool:
            fresh = (
                database.execute(
                    "INSERT INTO jobs VALUES (?, 'queued', ?, ?) ON CONFLICT (job) DO NOTHING",
                    (job, self._ms(), self._seal(job, content)),
                ).rowcount
                == 1
            )
            if fresh:
                self._written["jobs", job] = self._monotonic()
            return fresh

        return self._try(put, True)

    def state(self, job: str, state: str, content: Content) -> None:
        """The job went on. `content` replaces what was kept."""
        with self._lock:
            self._written["jobs", job] = self._monotonic()
        self._try(
            lambda database: database.execute(
                "INSERT INTO jobs VALUES (?1, ?2, ?3, ?4) "
                "ON CONFLICT (job) DO UPDATE SET state = ?2, at = ?3, sealed = ?4",
                (job, state, self._ms(), self._seal(job, content)),
            ),
            None,
        )

    def jobs(self) -> tuple[Job, ...]:
        """The jobs whose end nobody has been told yet, oldest first."""
        rows: list[tuple[str, str, int, bytes]] = self._try(
            lambda database: database.execute(
                "SELECT job, state, at, sealed FROM jobs WHERE sealed <> x'' ORDER BY at, job"
            ).fetchall(),
            [],
        )
        return tuple(Job(job, state, self._moment(at), self._open(job, sealed)) for job, state, at, sealed in rows)

    def job(self, job: str) -> Job | None:
        """One job, also when its end has been told; None when it is not known or forgotten."""
        row: tuple[str, int, bytes] | None = self._try(
            lambda database: database.execute("SELECT state, at, sealed FROM jobs WHERE job = ?", (job,)).fetchone(),
            None,
        )
        return None if row is None else Job(job, row[0], self._moment(row[1]), self._open(job, row[2]))

    def strip(self, job: str) -> None:
        """Staff know how it ended; only its id stays, so that it is not printed twice, until a day has passed."""
        self._try(lambda database: database.execute("UPDATE jobs SET sealed = x'' WHERE job = ?", (job,)), None)

    # ---- commands --------------------------------------------------------------------------------------------------

    def sending(self, key: str, content: Content) -> None:
        """Before a command's first attempt."""
        with self._lock:
            self._written.setdefault(("commands", key), self._monotonic())
        self._try(
            lambda database: database.execute(
                "INSERT INTO commands VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
                (key, self._ms(), self._seal(key, content)),
            ),
            None,
        )

    def answered(self, key: str) -> None:
        self._try(lambda database: database.execute("DELETE FROM commands WHERE key = ?", (key,)), None)

    def commands(self) -> tuple[Command, ...]:
        """All unanswered ones, oldest first."""
        rows: list[tuple[str, int, bytes]] = self._try(
            lambda database: database.execute("SELECT key, at, sealed FROM commands ORDER BY at, key").fetchall(), []
        )
        return tuple(Command(key, self._moment(at), self._open(key, sealed)) for key, at, sealed in rows)

    # ---- keeping ---------------------------------------------------------------------------------------------------

    def purge(self, *, believed: bool = False) -> None:
        """Forget what is older than a day. Also the way back after trouble: it tries to write.

        A row of this process is as old as the time that has passed, whatever the wall clock shows. One from before is
        judged by the wall clock only if that is `believed` (the hall's clock agrees, and was asked what became of it);
        else it is forgotten when this process has had it for a day.
        """
        oldest, passed = self._ms() - int(KEEP.total_seconds() * 1000), self._monotonic()

        def old(database: sqlite3.Connection) -> None:
            rows: list[tuple[str, str, int]] = database.execute(
                "SELECT 'jobs', job, at FROM jobs UNION ALL SELECT 'commands', key, at FROM commands"
            ).fetchall()
            gone = []
            for table, name, at in rows:
                written = self._written.get((table, name))
                since = self._inherited.setdefault((table, name), passed) if written is None else written
                if passed - since >= KEEP.total_seconds() or (believed and written is None and at < oldest):
                    gone.append((table, name))
            for table, name in gone:
                column = "job" if table == "jobs" else "key"
                database.execute(f"DELETE FROM {table} WHERE {column} = ?", (name,))  # noqa: S608 - two tables of ours
            left = {(table, name) for table, name, _at in rows}.difference(gone)
            for known in (self._written, self._inherited):
                for one in known.keys() - left:
                    del known[one]
            database.execute("PRAGMA user_version = 1")
            if gone:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        self._try(old, None)

    def close(self) -> None:
        with self._lock:
            self._shut()

    def _try(self, work: Callable[[sqlite3.Connection], _T], otherwise: _T) -> _T:
        """Run `work` in a transaction of its own; what goes wrong becomes `trouble`, and `otherwise` is the answer."""
        with self._lock:
            for attempt in (1, 2):
                try:
                    database = self._connection()
                    done = work(database)
                except sqlite3.DatabaseError as error:
                    damaged = not isinstance(error, sqlite3.OperationalError)
                    full = "full" in str(error)
                    self.trouble = "journal-damaged" if damaged else "journal-full" if full else "journal-unwritable"
                    self._shut()
                    if damaged and attempt == 1:
                        self._put_aside()
                        continue
                except (OSError, ValueError):
                    self.trouble = "journal-unwritable"
                    self._shut()
                else:
                    self.trouble = None
                    return done
                return otherwise
        return otherwise

    def _connection(self) -> sqlite3.Connection:
        if self._database is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._cipher = AESGCM(self._key())
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            database = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=2)
            try:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = FULL")
                database.execute("PRAGMA secure_delete = ON")
                database.execute(f"PRAGMA max_page_count = {self._most_pages:d}")
                database.executescript(_SCHEMA)
                if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                    raise sqlite3.DatabaseError("malformed")
            except sqlite3.Error:
                database.close()
                raise
            self._database = database
        return self._database

    def _key(self) -> bytes:
        """The key file's 32 bytes. Made anew when missing: what an older key sealed is then not readable any more."""
        file = self._folder / "journal.key"
        with contextlib.suppress(FileNotFoundError):
            key = file.read_bytes()
            if len(key) == 32:
                return key
            file.unlink()
        if self.path.exists():
            self._put_aside()
        fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            key = os.urandom(32)
            os.write(fd, key)
            os.fsync(fd)
        finally:
            os.close(fd)
        return key

    def _put_aside(self) -> None:
        """A journal nobody can read holds nothing that can be used: away with it, and say that jobs may be lost."""
        self._shut()
        self.set_aside = True
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                self.path.with_name(self.path.name + suffix).unlink()

    def _shut(self) -> None:
        if self._database is not None:
            with contextlib.suppress(sqlite3.Error):
                self._database.close()
            self._database = None

    def _seal(self, name: str, content: Content) -> bytes:
        """Only within `_try`: there the key has been read, also when the disk has just come back."""
        with self._lock:
            if self._cipher is None:
                return b""
            nonce = os.urandom(12)
            return nonce + self._cipher.encrypt(nonce, json.dumps(dict(content)).encode(), name.encode())

    def _open(self, name: str, sealed: bytes) -> Content:
        try:
            assert self._cipher is not None
            opened: object = json.loads(self._cipher.decrypt(sealed[:12], sealed[12:], name.encode()))
        except (InvalidTag, ValueError, AssertionError):
            return {}
        return opened if isinstance(opened, dict) else {}

    def _ms(self) -> int:
        return int(self._now().timestamp() * 1000)

    def _moment(self, ms: int) -> datetime:
        return datetime.fromtimestamp(ms / 1000, self._now().tzinfo)
