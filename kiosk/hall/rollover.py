"""Midnight: who still waits, is held or parked has waited in vain (expired), who was called is done, windows close.

Each is a command of its own under an id made of what it acts on, within the timers' lease: done twice, it is done once.
A hall that was off at midnight does it when it is on again; numbers go on from the ledger, never from one again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kiosk.hall import queue
from kiosk.hall.answers import Number, Stand
from kiosk.hall.commands import Work
from kiosk.ledger import Ledger, Tx

_AT_ONCE = 200

Settle = Callable[[str, Callable[[Work], int]], Callable[[Tx], int]]
"""Makes a timer's command of a name and a body: fenced, under an id of that name."""


def roll_over(ledger: Ledger, now: datetime, settle: Settle) -> int:
    """Do what is due; how many things were done. Raises `LedgerTrouble`."""
    day = now.date().isoformat()
    windows, left = ledger.read(lambda tx: (_open(tx, day), queue.left_over(tx, day, _AT_ONCE)))
    answers = [ledger.write(settle(f"expired:{number.id}", _ending(number))) for number in left]
    answers += [ledger.write(settle(f"closed:{stand.id}:{stand.day}", _closing(stand))) for stand in windows]
    return sum(answer.result() for answer in answers)


def _open(tx: Tx, day: str) -> list[Stand]:
    return [stand for stand in queue.windows(tx).values() if stand.state != "closed" and stand.day < day]


def _ending(seen: Number) -> Callable[[Work], int]:
    def body(work: Work) -> int:
        number = queue.by_id(work.tx, seen.id)
        if number is None or number.turn != seen.turn:
            return 0  # something else became of it meanwhile; if it still lives, the next beat finds it
        call = queue.call_of(work.tx, number)
        if call is not None:
            queue.end_call(work.tx, call, "done", work.at)
        state = "done" if number.state == "called" else "expired"
        queue.move(work.tx, number, state, work.at)
        facts = {"number": number.number, "service": number.service, "window": number.at_window}
        work.tell("ticket.finished" if state == "done" else "ticket.expired", number.id, facts)
        return 1

    return body


def _closing(seen: Stand) -> Callable[[Work], int]:
    def body(work: Work) -> int:
        stand = queue.window(work.tx, seen.id)
        if stand is None or stand.turn != seen.turn:
            return 0
        closed = stand._replace(state="closed", reason=None, back_at=None, streak=0)
        queue.put_window(work.tx, closed)
        work.tell("window.closed", stand.id, {"window": stand.id})
        return 1

    return body
