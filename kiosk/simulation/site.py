"""The hall as a machine in a building: started with a hall.toml, killed, its ledger held by another program, its clock
set wrong. The code is the one that ships; only bad luck is made here, and all of it has its real effect.
"""

from __future__ import annotations

import contextlib
import random
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from kiosk.clock import FakeClock
from kiosk.config import Settings
from kiosk.hall import HallHouse, open_hall
from kiosk.ledger import LedgerTrouble, Tx, Vault
from kiosk.ledger.opening import KEY_FILE
from kiosk.ledger.sqlite import SqliteLedger

T = TypeVar("T")
LEDGER = "hall.db"
_PATIENCE_S = 0.05  # a hall waits five seconds of real time for the lock; nobody here has them


class Killed(Exception):
    """The process died before its commit."""


class _Mortal(SqliteLedger):
    """The ledger of a process that can die in the middle of a command."""

    dying = False

    def write(self, command: Callable[[Tx], T]) -> Future[T]:
        if not self.dying:
            return super().write(command)

        def die(tx: Tx) -> T:
            command(tx)
            raise Killed

        return super().write(die)


class Site:
    """One hall. `settings` are those it was last started with."""

    def __init__(self, settings: Settings, data: Path, clock: FakeClock, chance: random.Random) -> None:
        """`chance`: where its codes come from."""
        self.settings, self.clock = settings, clock
        self.data = data
        self.path = data / LEDGER
        self._chance = chance
        self.troubles = 0
        """How often something has happened to it."""
        self.opened: Callable[[], None] = lambda: None
        """Told whenever a new process stands."""
        self._thief: sqlite3.Connection | None = None
        self._ledger: _Mortal
        self.house: HallHouse
        self.open()

    def open(self, settings: Settings | None = None) -> None:
        """Start it, with another hall.toml if one is given."""
        self.settings = settings or self.settings
        self._ledger = _Mortal(self.path, patience_s=_PATIENCE_S, key_file=self.data / KEY_FILE)
        self.house = open_hall(
            self.settings, self._ledger, Vault(self.data / KEY_FILE), self.clock, chance=self._chance.randbytes
        )
        with contextlib.suppress(LedgerTrouble):
            self.house.commands.prepare()
        self.troubles += 1
        self.opened()

    def close(self) -> None:
        """Stop it in an orderly way."""
        self.house.timers.stop()
        self.house.close()

    def doom(self) -> None:
        """From now on the process dies before each commit."""
        self._ledger.dying = True

    def kill(self) -> None:
        """It is gone, and started again on what stands on the disk at this moment, write-ahead log and all."""
        self.unlock()
        wal = self.path.with_name(f"{LEDGER}-wal")
        left = {path: path.read_bytes() for path in (self.path, wal) if path.exists()}
        self.house.close()
        for path in (wal, wal.with_name(f"{LEDGER}-shm")):
            path.unlink(missing_ok=True)
        for path, content in left.items():
            path.write_bytes(content)
        self.open()

    def lock(self) -> None:
        """Another program takes the ledger's write lock and keeps it."""
        if self._thief is not None:
            return
        self.troubles += 1
        self._thief = sqlite3.connect(self.path, isolation_level=None)
        self._thief.execute("BEGIN IMMEDIATE")

    def unlock(self) -> None:
        """It lets go."""
        if self._thief is not None:
            self.troubles += 1
            self._thief.execute("ROLLBACK")
            self._thief.close()
            self._thief = None

    def tick(self) -> None:
        """One beat of the hall's own timers. Trouble is waited out, as `Timers.run` does."""
        try:
            self.house.timers.tick()
        except LedgerTrouble as trouble:
            self.house.commands.noticed(trouble)
