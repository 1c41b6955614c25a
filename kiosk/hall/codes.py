"""From what a resident types or scans to the appointment meant, and the wait after too many wrong codes.

Ten misses in ten minutes at one kiosk and typed codes rest there for five minutes; scanning a genuine QR code, the
telephone, and clerks go on. Misses are counted in the ledger, so that a second hall process counts the same ones.
"""

from __future__ import annotations

from datetime import timedelta

from kiosk.door import Offer, Reason, Refusal
from kiosk.hall import register
from kiosk.hall.answers import Held, moment, ms
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Declined, Work, declined
from kiosk.ledger import Hot, Sealed, Tx, Vault
from kiosk.rules import codes

MISSES = 10
WITHIN = timedelta(minutes=10)
REST = timedelta(minutes=5)
REF_LASTS = timedelta(minutes=10)

_MISS = Hot("INSERT INTO miss (kiosk, at) VALUES (:kiosk, :at)")
_COUNT = Hot("SELECT count(*) FROM miss WHERE kiosk = :kiosk AND at > :since")
_CLEAR = Hot("DELETE FROM miss WHERE kiosk = :kiosk")
_REST = Hot(
    "INSERT INTO code_wait (kiosk, since, until) VALUES (:kiosk, :since, :until)"
    " ON CONFLICT (kiosk) DO UPDATE SET since = excluded.since, until = excluded.until"
)
_RESTS = Hot("SELECT since, until FROM code_wait WHERE kiosk = :kiosk")
_ALL_RESTS = Hot("SELECT kiosk, until FROM code_wait WHERE since <= :now AND until > :now")


def find(work: Work, vault: Vault, text: str) -> Held:
    """The appointment that a typed code or a scanned text names. Raises `Declined`."""
    found = look(work.tx, vault, work.caller, text, work.at, work.now.tzinfo)
    if isinstance(found, Held):
        return found
    raise Declined(found, miss if missed(work.caller, found, text) else None)


def look(tx: Tx, vault: Vault, caller: Caller, text: str, at: int, zone: object) -> Held | Refusal:
    """The same as a question: changes nothing, so a miss has still to be counted (`missed`, `miss`)."""
    scanned = codes.read(text)
    raise NotImplementedError


def missed(caller: Caller, found: Held | Refusal, text: str) -> bool:
    """Whether this was a guess that counts: a well-formed code, typed at a kiosk, that nobody has."""
    raise NotImplementedError


def miss(work: Work) -> None:
    """Count a miss; the tenth makes typed codes rest and tells staff."""
    kiosk = work.caller.id
    work.tx.run(_MISS, kiosk=kiosk, at=work.at)
    row = work.tx.one(_COUNT, kiosk=kiosk, since=ms(work.now - WITHIN))
    if row is not None and row[0] >= MISSES:
        until = work.now + REST
        work.tx.run(_REST, kiosk=kiosk, since=work.at, until=ms(until))
        work.tx.run(_CLEAR, kiosk=kiosk)
        work.tell("kiosk.codes-rest", kiosk, {"kiosk": work.caller.name, "until": until.isoformat()})
