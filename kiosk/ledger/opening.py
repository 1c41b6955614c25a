"""From a ledger's URL to a ledger."""

from __future__ import annotations

from pathlib import Path

from kiosk.ledger.errors import LedgerTrouble
from kiosk.ledger.ledger import Ledger


def open_ledger(url: str, data_dir: Path, *, patient: bool = False) -> Ledger:
    """Open, and migrate, the ledger at a URL: `sqlite:///hall.db` (relative to `data_dir`), `sqlite:////var/…`, or
    `postgresql://…`.

    Raises `LedgerTrouble`. With `patient`, trouble is met at each command instead, until its cause is gone: a hall
    stands, says what is wrong, and heals.
    """
    if url.startswith("sqlite:///"):
        from kiosk.ledger.sqlite import SqliteLedger  # noqa: PLC0415 - a hall pays for one database, not for both

        ledger: Ledger = SqliteLedger(data_dir / url.removeprefix("sqlite:///"))
    elif url.startswith(("postgresql://", "postgres://")):
        from kiosk.ledger.postgres import PostgresLedger  # noqa: PLC0415

        ledger = PostgresLedger(url)
    else:
        raise ValueError(f"not a ledger's URL: {url!r} (wanted: sqlite:///… or postgresql://…)")
    try:
        ledger.open()
    except LedgerTrouble:
        if not patient:
            ledger.close()
            raise
    return ledger
