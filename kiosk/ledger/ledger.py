"""The ledger as the rooms above know it: commands go in as functions, answers come out after the commit."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol, TypeVar

from kiosk.ledger.tx import Logged, Tx

T = TypeVar("T")


class Ledger(Protocol):
    """Durable state with one event log. Safe from every thread, and beside other processes on the same database."""

    kind: str
    """"sqlite" or "postgresql"."""

    url: str

    def open(self) -> None:
        """Make or migrate the tables if that has not been done yet. Raises `LedgerTrouble`."""
        ...

    def write(self, command: Callable[[Tx], T]) -> Future[T]:
        """Run a command in a transaction; the future answers only once it is durable.

        The command may be run again from its start, so it must have no effect but through `Tx`. An
        exception of its own rolls it back and is handed on; `LedgerTrouble` means that nothing was done.
        """
        ...

    def read(self, query: Callable[[Tx], T]) -> T:
        """Run a query on one consistent view. Blocks for as long as it takes. Raises `LedgerTrouble`."""
        ...

    def log(self, after: int, most: int = 500) -> list[Logged]:
        """Events after a place in the log, in order."""
        ...

    def follow(self, hear: Callable[[], None]) -> Callable[[], None]:
        """Have `hear` called, from any thread, when the log may have grown, here or in another process: within a
        millisecond of a commit here, 100 ms elsewhere on SQLite, a few ms on PostgreSQL. Answers with what ends it."""
        ...

    def backup(self, target: Path) -> None:
        """Write a consistent copy while commands go on. Raises `LedgerTrouble`; leaves nothing half there."""
        ...

    def restore(self, source: Path) -> None:
        """Put a copy made by `backup` in the ledger's place, in one step. Raises `LedgerTrouble`."""
        ...

    def scrub(self) -> None:
        """After a purge: see that no deleted byte is left in the database's files (checkpoint and vacuum)."""
        ...

    def close(self) -> None:
        """Finish what was accepted, then let go."""
        ...
