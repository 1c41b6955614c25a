"""Durable state: the tables, the single writer, the event log and the vault. Decides nothing about halls.

Names are loaded when they are first asked for: a kiosk's own journal lives in this room too, and must not pay for a
hall's database libraries.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.ledger.errors import (
        Again,
        Broke,
        KeyMissing,
        LedgerBusy,
        LedgerDamaged,
        LedgerFull,
        LedgerLocked,
        LedgerTrouble,
    )
    from kiosk.ledger.ledger import Ledger
    from kiosk.ledger.opening import open_ledger
    from kiosk.ledger.statements import Hot, adding
    from kiosk.ledger.tx import Event, Logged, Row, Tx
    from kiosk.ledger.vault import Sealed, Vault

_HOMES = {
    "errors": (
        "Again",
        "Broke",
        "KeyMissing",
        "LedgerBusy",
        "LedgerDamaged",
        "LedgerFull",
        "LedgerLocked",
        "LedgerTrouble",
    ),
    "ledger": ("Ledger",),
    "opening": ("open_ledger",),
    "statements": ("Hot", "adding"),
    "tx": ("Event", "Logged", "Row", "Tx"),
    "vault": ("Sealed", "Vault"),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Again",
    "Broke",
    "Event",
    "Hot",
    "KeyMissing",
    "Ledger",
    "LedgerBusy",
    "LedgerDamaged",
    "LedgerFull",
    "LedgerLocked",
    "LedgerTrouble",
    "Logged",
    "Row",
    "Sealed",
    "Tx",
    "Vault",
    "adding",
    "open_ledger",
]
