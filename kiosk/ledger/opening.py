"""From a ledger's URL to a ledger."""

from __future__ import annotations

from pathlib import Path

from kiosk.ledger.errors import LedgerTrouble
from kiosk.ledger.ledger import Ledger

KEY_FILE = "hall.key"


def open_ledger(url: str, data_dir: Path, *, patient: bool = False) -> Ledger:
    """Open, and migrate, the ledger at a URL: `sqlite:///hall.db` (relative to `data_dir`), `sqlite:////var/…`, or
    `postgresql://…`.

    Raises `LedgerTrouble`; `LedgerMissing` where `data_dir` holds a hall's key and no ledger. With `patient`, trouble
    is met at each command instead, until its cause is gone: a hall stands, says what is wrong, and heals.
    """
    if url.startswith("sqlite:///"):
        from kiosk.ledger.sqlite import SqliteLedger  # noqa: PLC0415 - a hall pays for one database, not for both

        ledger: Ledger = SqliteLedger(data_dir / url.removeprefix("sqlite:///"), key_file=data_dir / KEY_FILE)
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
