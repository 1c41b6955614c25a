"""Keeping the ledger: copies of it, their return, and the death of personal fields when their time is over.

Seven days after a matter ends nothing personal of it is left, in no row and in no byte of the files. The register
itself (events, appointments without code or telephone) stays.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.door import Role
from kiosk.hall.answers import ms
from kiosk.hall.callers import Caller
from kiosk.hall.commands import KEPT_FOR, Work, timer_id
from kiosk.ledger import Hot, KeyMissing, Ledger, Tx, Vault
from kiosk.ledger.copying import key_mark

PERSONAL_FOR = timedelta(days=7)
_SLIPS_FOR = timedelta(days=30)

_ENDED = "state IN ('done', 'cancelled', 'no-show') AND changed_at < :before"
_TICKETS = "state IN ('done', 'no-show', 'expired') AND changed_at < :before"
_TICKET_PHONES = Hot(
    f"DELETE FROM personal WHERE EXISTS (SELECT 1 FROM ticket WHERE ticket.id = personal.subject AND {_TICKETS})"  # noqa: S608
)
_LINES = Hot(
    f"DELETE FROM phone_line WHERE EXISTS (SELECT 1 FROM ticket WHERE ticket.id = phone_line.ticket AND {_TICKETS})"  # noqa: S608
)
_PHONES = Hot(f"DELETE FROM personal WHERE subject IN (SELECT id FROM appointment WHERE {_ENDED})")  # noqa: S608
_ENDED_REQUESTS = "(SELECT id FROM request WHERE state = 'confirmed' AND changed_at < :before)"
_REQUEST_PHONES = Hot(f"DELETE FROM personal WHERE subject IN {_ENDED_REQUESTS}")  # noqa: S608
_REQUEST_WORDS = Hot(f"DELETE FROM request_text WHERE subject IN {_ENDED_REQUESTS}")  # noqa: S608
_RATING_WORDS = Hot(
    "DELETE FROM request_text WHERE part = 'rating' AND EXISTS"
    " (SELECT 1 FROM rating WHERE rating.ticket = request_text.subject AND rating.at < :before)"
)
_REQUEST_CODES = Hot(
    "UPDATE request SET code = NULL WHERE code IS NOT NULL AND state = 'confirmed' AND changed_at < :before"
)
_CODES = Hot(f"UPDATE appointment SET code = NULL WHERE code IS NOT NULL AND {_ENDED}")  # noqa: S608
_DAYS = Hot("DELETE FROM phone_day WHERE day < :day")
_COMMANDS = Hot("DELETE FROM command WHERE at < :before")
_MISSES = Hot("DELETE FROM miss WHERE at < :before")
_SLIPS = Hot("DELETE FROM slip WHERE at < :before")
_HELP = Hot("DELETE FROM help_call WHERE at < :before")
_ORDERS = Hot("DELETE FROM kiosk_order WHERE made_at < :before")
_SET_PURGED = Hot(
    "INSERT INTO mark (name, value) VALUES ('purged', :day) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


def purge(ledger: Ledger, now: datetime, source: str, personal_for: timedelta = PERSONAL_FOR) -> int:
    """Remove what has had its time, then scrub the files. Does nothing twice; the number of rows removed.
    `personal_for`: how long after a matter's end personal fields are kept.

    Raises `LedgerTrouble`.
    """
    week, month = ms(now - personal_for), ms(now - KEPT_FOR)

    def command(tx: Tx) -> int:
        counts = {
            "telephones": tx.run(_PHONES, before=week)
            + tx.run(_TICKET_PHONES, before=week)
            + tx.run(_REQUEST_PHONES, before=week),
            "words": tx.run(_REQUEST_WORDS, before=week) + tx.run(_RATING_WORDS, before=week),
            "lines": tx.run(_LINES, before=week),
            "codes": tx.run(_CODES, before=week) + tx.run(_REQUEST_CODES, before=week),
            "days": tx.run(_DAYS, day=(now.date() - personal_for).isoformat()),
            "answers": tx.run(_COMMANDS, before=month),
            "misses": tx.run(_MISSES, before=week),
            "slips": tx.run(_SLIPS, before=ms(now - _SLIPS_FOR)),
            "calls": tx.run(_HELP, before=week),
            "orders": tx.run(_ORDERS, before=week),
        }
        tx.run(_SET_PURGED, day=now.date().isoformat())
        removed = sum(counts.values())
        if removed:
            itself = Caller("hall", "hall", Role.MANAGER)
            work = Work(tx, timer_id(f"purge:{now.isoformat()}"), itself, now, source)
            work.tell("ledger.purged", "ledger", counts)
            tx.append(work.events)
        return removed

    removed = ledger.write(command).result()
    if removed:
        ledger.scrub()
    return removed


def backup(ledger: Ledger, vault: Vault, target: Path, *, with_key: bool) -> tuple[Path, ...]:
    """Copy the ledger while the hall works; the files written. The key is copied only if asked for, into
    `{target}.key` (0600): whoever has both can read telephone numbers, whoever has only the copy cannot.

    Raises `LedgerTrouble`, also when the key at hand is not this ledger's.
    """
    vault.prepare(ledger)
    target.parent.mkdir(parents=True, exist_ok=True)
    ledger.backup(target)
    if not with_key:
        return (target,)
    key = target.with_name(f"{target.name}.key")
    _copy_key(vault.key_file, key)
    return (target, key)


def restore(ledger: Ledger, vault: Vault, source: Path, key: Path | None) -> None:
    """Put a copy in the ledger's place in one transaction, also under running halls. `key`: the copy's key file, if the
    hall's own is lost or another; the old one is kept beside it as `….replaced`.

    Raises `LedgerTrouble`; `KeyMissing`, before anything is changed, when the key does not open what is restored.
    """
    mark = key_mark(source)
    if mark is not None and not vault.fits(key or vault.key_file, mark):
        raise KeyMissing(f"{key or vault.key_file} is not the key of {source}")
    ledger.restore(source)
    if key is not None and key.resolve() != vault.key_file.resolve():
        if vault.key_file.exists():
            vault.key_file.replace(vault.key_file.with_name(f"{vault.key_file.name}.replaced"))
        _copy_key(key, vault.key_file)
    vault.forget()
    vault.prepare(ledger)


def _copy_key(source: Path, target: Path) -> None:
    own = target.with_name(f".{target.name}.{os.getpid()}")
    with source.open("rb") as old, os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as new:
        shutil.copyfileobj(old, new)
        new.flush()
        os.fsync(new.fileno())
    own.replace(target)
