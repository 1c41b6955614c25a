"""Word that the log may have grown: of this process's commits at once, of other processes' soon after.

SQLite: `PRAGMA data_version`, a look into shared memory that asks no page and takes some 5 µs, twelve times a second.
PostgreSQL: LISTEN; every append notifies. It only ever says "look": what happened stands in the log.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.ledger.errors import LedgerTrouble

if TYPE_CHECKING:
    import psycopg

CHANNEL = "hall_log"
_LOOK_S = 0.08
_AGAIN_S = 1.0
_LISTEN_S = 2.0

Hear = Callable[[], None]


class News:
    """Whoever wants to hear. A thread watches for other processes while somebody does."""

    def __init__(self, watch: Callable[[News], None]) -> None:
        self._watch = watch
        self._hearers: tuple[Hear, ...] = ()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.ended = threading.Event()

    def follow(self, hear: Hear) -> Callable[[], None]:
        """Have `hear` called, from any thread, whenever the log may have grown. Answers with what ends that."""
        with self._lock:
            self._hearers = (*self._hearers, hear)
            if self._thread is None and not self.ended.is_set():
                self._thread = threading.Thread(target=self._watch, args=(self,), name="ledger-news", daemon=True)
                self._thread.start()

        def stop() -> None:
            with self._lock:
                self._hearers = tuple(one for one in self._hearers if one is not hear)

        return stop

    def tell(self) -> None:
        """The log may have grown."""
        for hear in self._hearers:
            hear()

    def close(self) -> None:
        """No more news."""
        self.ended.set()
        if self._thread is not None:
            self._thread.join(_LISTEN_S * 2)


def watch_file(path: Path, connect: Callable[[], sqlite3.Connection]) -> Callable[[News], None]:
    """The watch on a SQLite ledger. A file put in the old one's place is met by a new connection."""

    def watch(news: News) -> None:
        connection: sqlite3.Connection | None = None
        seen: object = None
        while not news.ended.wait(_LOOK_S):
            try:
                inode = os.stat(path).st_ino  # noqa: PTH116 - twelve times a second
                if connection is None:
                    connection = connect()
                version = (inode, connection.execute("PRAGMA data_version").fetchone()[0])
                if seen is not None and version[0] != seen[0]:  # type: ignore[index]
                    raise LedgerTrouble("another file stands there")  # noqa: TRY301
                if version != seen:
                    seen = version
                    news.tell()
            except (OSError, sqlite3.Error, LedgerTrouble):
                if connection is not None:
                    with contextlib.suppress(sqlite3.Error):
                        connection.close()
                connection = seen = None
        if connection is not None:
            connection.close()

    return watch


def watch_server(url: str) -> Callable[[News], None]:
    """The watch on a PostgreSQL ledger. After a lost connection whoever listens is told to look."""
    import psycopg  # noqa: PLC0415 - a hall on SQLite has no need of it in memory

    def watch(news: News) -> None:
        while not news.ended.is_set():
            try:
                with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    news.tell()
                    while not news.ended.is_set():
                        _listen(connection, news)
            except psycopg.Error:
                news.ended.wait(_AGAIN_S)

    return watch


def _listen(connection: psycopg.Connection[Any], news: News) -> None:
    for _note in connection.notifies(timeout=_LISTEN_S, stop_after=1):
        news.tell()
