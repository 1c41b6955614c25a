"""The first account of a new hall: its password is on the disk before the account exists, so that none is ever lost.

Several hall processes may start at once and any of them may be killed half way. Knows no HTTP and tells nobody.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from kiosk.hall.accounts import Accounts


def first_sign_in(accounts: Accounts, kept: Path | None) -> tuple[str, str] | None:
    """On a hall without any account: make the manager's; name and password, None if there was one already.
    `kept`: the file (0600) both stand in afterwards; None keeps nothing, for who is told at a terminal.

    Raises `OSError` when the file cannot be written (then no account is made) and `LedgerTrouble`.
    """
    if kept is None:
        return accounts.first_sign_in(lambda _name, _password: None)
    own = kept.with_name(f".{kept.name}.{secrets.token_hex(4)}")  # no pid: one that was killed may have had the same

    def keep(name: str, password: str) -> None:
        with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(f"{name} {password}\n")
            file.flush()
            os.fsync(file.fileno())

    try:
        made = accounts.first_sign_in(keep)
    except OSError:
        with contextlib.suppress(OSError):
            own.unlink(missing_ok=True)
        raise
    if made is not None:
        own.replace(kept)
    else:
        own.unlink(missing_ok=True)
        _take_up(accounts, kept)
    return made


def _take_up(accounts: Accounts, kept: Path) -> None:
    """A process was killed between the account and the file's name: find the file whose password is right."""
    for left in kept.parent.glob(f".{kept.name}.*"):
        try:
            name, _space, password = left.read_text(encoding="utf-8").strip().partition(" ")
        except FileNotFoundError:  # its own process was quicker
            continue
        account = accounts.check(name, password)
        if account is not None and account.must_change and not kept.exists():
            left.replace(kept)
        else:
            left.unlink(missing_ok=True)
