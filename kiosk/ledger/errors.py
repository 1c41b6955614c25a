"""What can go wrong with the ledger, in the house's own words.

Every driver error ends here, so that nobody above asks which database is below. A `LedgerTrouble` promises that nothing
of the command was done, and that the next attempt opens the ledger afresh: it heals when the cause is gone.
"""

from __future__ import annotations

import sqlite3


class LedgerTrouble(Exception):
    """The ledger cannot serve. Nothing of the command was done. `code` is the reason code residents and staff read."""

    code = "ledger-damaged"


class LedgerFull(LedgerTrouble):
    """The disk (or what the hall may use of it) is full."""

    code = "ledger-full"


class LedgerLocked(LedgerTrouble):
    """Another program holds the ledger and does not let go; or the database server does not answer."""

    code = "ledger-locked"


class LedgerDamaged(LedgerTrouble):
    """The file is not a ledger any more. Staff restore a backup."""

    code = "ledger-damaged"


class LedgerMissing(LedgerTrouble):
    """There was a ledger here, its key still is, and the file is gone. Staff restore a backup, or say by taking the key
    away that they mean to begin anew."""

    code = "ledger-missing"


class LedgerBusy(LedgerTrouble):
    """More commands wait than may wait. The same command may be sent again at once."""

    code = "busy"


class KeyMissing(LedgerTrouble):
    """The hall's key file is missing or is another hall's: personal fields can neither be read nor written."""

    code = "key-missing"


class Again(Exception):
    """Somebody else changed what a command had just looked at: run it again from its start."""


class Broke(Exception):
    """A command would have broken the named constraint; the database refused it."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


_SQLITE_TROUBLE: dict[int, type[LedgerTrouble]] = {
    sqlite3.SQLITE_FULL: LedgerFull,
    sqlite3.SQLITE_BUSY: LedgerLocked,
    sqlite3.SQLITE_LOCKED: LedgerLocked,
    sqlite3.SQLITE_CORRUPT: LedgerDamaged,
    sqlite3.SQLITE_NOTADB: LedgerDamaged,
}


def sqlite_trouble(error: sqlite3.Error) -> LedgerTrouble:
    """Name a driver error. Codes: https://www.sqlite.org/rescode.html; the low byte is the primary code."""
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    text = str(error)
    kind = _SQLITE_TROUBLE.get(primary)
    if kind is None:
        kind = LedgerDamaged if "malformed" in text or "no such table" in text else LedgerTrouble
    return kind(text)
