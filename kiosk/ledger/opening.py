"""From a ledger's URL to a ledger, and where a hall notes which one it uses."""

from __future__ import annotations

import json
import os
from pathlib import Path

from kiosk.ledger.errors import LedgerTrouble
from kiosk.ledger.ledger import Ledger

DEFAULT_URL = "sqlite:///hall.db"


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


def note_ledger(url: str, data_dir: Path) -> None:
    """Write down, in `data_dir/hall.json` (0600: a URL may hold a password), which ledger the hall there uses."""
    data_dir.mkdir(parents=True, exist_ok=True)
    own = data_dir / f".hall.json.{os.getpid()}"
    with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"ledger": url}, file)
    own.replace(data_dir / "hall.json")


def noted_ledger(data_dir: Path) -> str | None:
    """The URL that `note_ledger` wrote, None if no hall has."""
    try:
        noted = json.loads((data_dir / "hall.json").read_text())
    except (OSError, ValueError):
        return None
    url = noted.get("ledger") if isinstance(noted, dict) else None
    return url if isinstance(url, str) else None
