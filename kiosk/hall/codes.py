"""From what a resident types or scans to the appointment or request meant, and the wait after too many wrong codes.

Ten misses in ten minutes at one kiosk and typed codes rest there for five minutes; scanning a genuine QR code, the
telephone, and clerks go on. Misses are counted in the ledger, so that a second hall process counts the same ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from kiosk.door import Offer, Reason, Refusal
from kiosk.hall import register
from kiosk.hall.answers import Held, ms
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Declined, Work
from kiosk.hall.schedule import reason_of
from kiosk.ledger import Hot, Tx, Vault
from kiosk.rules import codes
from kiosk.rules.bar import Bar

T = TypeVar("T")

MISSES = 10
WITHIN = timedelta(minutes=10)
REST = timedelta(minutes=5)

_ASK_CLERK = (Offer(Reason("ask-clerk")),)

_MISS = Hot("INSERT INTO miss (kiosk, at) VALUES (:kiosk, :at)")
_COUNT = Hot("SELECT count(*) FROM miss WHERE kiosk = :kiosk AND at > :since")
_CLEAR = Hot("DELETE FROM miss WHERE kiosk = :kiosk")
_REST = Hot(
    "INSERT INTO code_wait (kiosk, since, until) VALUES (:kiosk, :since, :until)"
    " ON CONFLICT (kiosk) DO UPDATE SET since = excluded.since, until = excluded.until"
)
_RESTS = Hot("SELECT since, until FROM code_wait WHERE kiosk = :kiosk")
_ALL_RESTS = Hot("SELECT kiosk, until FROM code_wait WHERE since <= :now AND until > :now")


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What a code may stand for. `by_code`: finds it by the bare code; `other`: the reason code for a code that stands
    for something else."""

    letter: str
    by_code: Callable[[Tx, str], T | None]
    other: str


APPOINTMENTS = Kind(codes.APPOINTMENT, register.by_code, "code-not-code")


def find(work: Work, vault: Vault, text: str) -> Held:
    """The appointment that a typed code or a scanned text names. Raises `Declined`."""
    return find_one(work, vault, text, APPOINTMENTS)


def find_one(work: Work, vault: Vault, text: str, kind: Kind[T]) -> T:
    """What a typed code or a scanned text of a kind names. Raises `Declined`."""
    found = look_for(work.tx, vault, work.caller, text, work.now, kind)
    if isinstance(found, Refusal):
        raise Declined(found, miss if is_miss(work.caller, found, text) else None)
    return found


def look(tx: Tx, vault: Vault, caller: Caller, text: str, now: datetime) -> Held | Refusal:
    """`find` as a question: it changes nothing, so a miss has still to be counted (`is_miss`, `miss`)."""
    return look_for(tx, vault, caller, text, now, APPOINTMENTS)


def look_for(tx: Tx, vault: Vault, caller: Caller, text: str, now: datetime, kind: Kind[T]) -> T | Refusal:
    """`find_one` as a question."""
    read = codes.read(text)
    if isinstance(read, Bar):
        return Refusal("rule", reason_of(read), _ASK_CLERK)
    if read.kind != kind.letter:
        return Refusal("rule", Reason(kind.other), _ASK_CLERK)
    if read.proof is None and (resting := _resting(tx, caller, now)) is not None:
        return resting
    if read.proof is not None and not codes.is_ours(read, prover(vault)):
        return Refusal("missing", Reason("code-foreign"), _ASK_CLERK)
    found = kind.by_code(tx, read.code)
    return Refusal("missing", Reason("code-unknown"), _ASK_CLERK) if found is None else found


def is_miss(caller: Caller, found: object, text: str) -> bool:
    """Whether this was a guess that counts: a code typed at a kiosk that nobody has."""
    if caller.staff or not isinstance(found, Refusal) or found.reason.code != "code-unknown":
        return False
    read = codes.read(text)
    return not isinstance(read, Bar) and read.proof is None


def miss(work: Work) -> None:
    """Count a miss; the tenth within ten minutes makes typed codes rest, and tells staff."""
    kiosk = work.caller.id
    work.tx.run(_MISS, kiosk=kiosk, at=work.at)
    row = work.tx.one(_COUNT, kiosk=kiosk, since=ms(work.now - WITHIN))
    if row is not None and row[0] >= MISSES:
        until = work.now + REST
        work.tx.run(_REST, kiosk=kiosk, since=work.at, until=ms(until))
        work.tx.run(_CLEAR, kiosk=kiosk)
        work.tell("kiosk.codes-rest", kiosk, {"kiosk": work.caller.name, "until": until.isoformat()})


def rests(tx: Tx, at: int) -> list[tuple[str, int]]:
    """The kiosks where typed codes rest now, and until when."""
    return [(kiosk, until) for kiosk, until in tx.all(_ALL_RESTS, now=at)]


def prover(vault: Vault) -> Callable[[str], bytes]:
    """What signs QR codes: the hall's key, under a purpose of its own."""
    return lambda text: vault.mac("qr", text)


def _resting(tx: Tx, caller: Caller, now: datetime) -> Refusal | None:
    row = None if caller.staff else tx.one(_RESTS, kiosk=caller.id)
    # `since` too: after a clock that ran ahead was set right, nobody waits for longer than the five minutes.
    if row is None or not row[0] <= ms(now) < row[1]:
        return None
    until = now + timedelta(milliseconds=row[1] - ms(now))
    return Refusal("busy", Reason("codes-wait", {"until": until}), _ASK_CLERK, until - now)
