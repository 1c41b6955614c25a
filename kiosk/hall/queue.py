"""The queue as rows: numbers given, tickets moved from state to state, windows and their calls.

Each statement is its own guard: a ticket changes only if it is still as it was seen (`turn`), a window and a ticket
have at most one open call (`ticket_call_window_once`, `ticket_call_ticket_once`), a number is given once for each
letter and day (`ticket_number_once`). Old tickets are never looked at: what is asked stands in indexes over living
ones.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic_core import to_json

from kiosk.door import Reason
from kiosk.hall.answers import Number, Numbered, Stand
from kiosk.ledger import Again, Hot, Tx
from kiosk.rules.calling import APPOINTMENT, PRIORITY, WALK_IN, Candidate
from kiosk.wire import get_reason, put_reason

_NAMES = Number._fields
_COLUMNS = ", ".join(_NAMES)
_OWN = ", ".join(f"ticket.{name}" for name in _NAMES)
_LATEST = "call.why, call.at, call.again"

GIVE = Hot(
    "INSERT INTO ticket_counter (letter, day, last, waiting) VALUES (:letter, :day, 1, 1)"
    " ON CONFLICT (day, letter) DO UPDATE SET last = ticket_counter.last + 1, waiting = ticket_counter.waiting + 1"
    " RETURNING last, waiting"
)
_MORE = Hot(
    "INSERT INTO ticket_counter (letter, day, last, waiting) VALUES (:letter, :day, 0, 1)"
    " ON CONFLICT (day, letter) DO UPDATE SET waiting = ticket_counter.waiting + 1"
)
_LESS = Hot("UPDATE ticket_counter SET waiting = waiting - 1 WHERE day = :day AND letter = :letter")
_COUNTS = Hot("SELECT letter, waiting FROM ticket_counter WHERE day = :day")

ADD = Hot(
    f"INSERT INTO ticket ({_COLUMNS}, guess, spread)"  # noqa: S608
    f" VALUES ({', '.join(':' + name for name in _NAMES)}, :guess, :spread)"
)
# Compare and set: of two who found the same ticket, one changes it and the other looks again. (Where an index's own
# condition could be met by a bare bound value, SQLite plans anew whenever that value changes; '' || :value is no such.)
MOVE = Hot(
    "UPDATE ticket SET state = :state, line = :line, since = :since, at_window = :at_window, aim = :aim, back = :back,"
    " rejoined = :rejoined, changed_at = :changed_at, turn = turn + 1"
    " WHERE id = :id AND state = '' || :was AND turn = :seen"
)
_BY_ID = Hot(f"SELECT {_COLUMNS} FROM ticket WHERE id = :id")  # noqa: S608
_BY_NUMBER = Hot(f"SELECT {_COLUMNS} FROM ticket WHERE letter = :letter AND day = :day AND n = :n")  # noqa: S608
_OF_APPOINTMENT = Hot(
    f"SELECT {_COLUMNS} FROM ticket WHERE letter = :letter AND day = :day AND appointment = :appointment"  # noqa: S608
)
_WAITING = Hot(
    f"SELECT {_COLUMNS} FROM ticket WHERE day = :day AND state = 'waiting' AND aim = '' AND line = :line"  # noqa: S608
)
_AIMED = Hot(
    f"SELECT {_COLUMNS} FROM ticket WHERE day = :day AND state = 'waiting' AND aim <> '' AND aim = '' || :aim"  # noqa: S608
)
_ASIDE = Hot(
    f"SELECT {_COLUMNS} FROM ticket WHERE day = :day AND state IN ('called', 'held', 'parked')"  # noqa: S608
    " AND state <> 'called' ORDER BY changed_at"
)
_THIRD = Hot(
    "SELECT since FROM ticket WHERE day = :day AND state = 'waiting' AND aim = '' AND line = :line AND kind = :kind"
    " ORDER BY since, n LIMIT 1 OFFSET :behind"
)
_LEFT_OVER = tuple(
    Hot(f"SELECT {_COLUMNS} FROM ticket WHERE {condition} AND day < :day ORDER BY day LIMIT :most")  # noqa: S608
    for condition in (
        "state = 'waiting' AND aim = ''",
        "state = 'waiting' AND aim <> ''",
        "state IN ('called', 'held', 'parked')",
    )
)

_KEEP_PHONE = Hot(
    "INSERT INTO phone_line (phone_mac, service, ticket) VALUES (:phone_mac, :service, :ticket)"
    " ON CONFLICT (phone_mac, service) DO NOTHING"
)
_OF_PHONE = Hot("SELECT ticket FROM phone_line WHERE phone_mac = :phone_mac AND service = :service")
_RENEW_PHONE = Hot(
    "UPDATE phone_line SET ticket = :ticket WHERE phone_mac = :phone_mac AND service = :service AND ticket = :was"
)

_STAND = ", ".join(Stand._fields)
_WINDOW = Hot(f"SELECT {_STAND} FROM service_window WHERE id = :id")  # noqa: S608
_WINDOWS = Hot(f"SELECT {_STAND} FROM service_window")  # noqa: S608
_ADD_WINDOW = Hot(
    f"INSERT INTO service_window ({_STAND}) VALUES ({', '.join(':' + name for name in Stand._fields)})"  # noqa: S608
)
_SET_WINDOW = Hot(
    "UPDATE service_window SET state = :state, services = :services, clerk = :clerk, reason = :reason,"
    " back_at = :back_at, day = :day, streak = :streak, turn = turn + 1"
    " WHERE id = :id AND turn = :turn"
)

BEGIN_CALL = Hot(
    "INSERT INTO ticket_call (ticket, at_window, line, since, at, again, again_at, why)"
    " VALUES (:ticket, :at_window, :line, :since, :at, 0, :at, :why)"
)
_OPEN_CALL = Hot(
    f"SELECT call.seq, {_LATEST}, {_OWN} FROM ticket_call AS call"  # noqa: S608
    " JOIN ticket ON ticket.id = call.ticket WHERE call.at_window = :at_window AND call.ended_at IS NULL"
)
_OPEN_CALLS = Hot(
    f"SELECT call.seq, {_LATEST}, {_OWN} FROM ticket_call AS call"  # noqa: S608
    " JOIN ticket ON ticket.id = call.ticket WHERE call.ended_at IS NULL"
)
_CALL_OF = Hot("SELECT seq, at_window, why, at, again FROM ticket_call WHERE ticket = :ticket AND ended_at IS NULL")
END_CALL = Hot("UPDATE ticket_call SET ended_at = :at, ending = :ending WHERE seq = :seq AND ended_at IS NULL")
_AGAIN = Hot(
    "UPDATE ticket_call SET again = again + 1, again_at = :at WHERE seq = :seq AND again = :seen AND ended_at IS NULL"
)
_SERVED = Hot(
    "SELECT at_window, count(*) FROM ticket_call WHERE again_at >= :since AND ending = 'done' GROUP BY at_window"
)
_LAST_CALLS = Hot(
    "SELECT ticket.number, call.at_window, call.again_at, call.again FROM ticket_call AS call"
    " JOIN ticket ON ticket.id = call.ticket WHERE call.again_at >= :since ORDER BY call.again_at DESC LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class Calling:
    """A call that is open: whom a window serves. `said`: why it was called, as it is kept."""

    seq: int
    said: str
    at: int
    again: int
    number: Number

    @property
    def why(self) -> Reason:
        """Why it was called."""
        return get_reason(json.loads(self.said))

    @property
    def numbered(self) -> Numbered:
        """The ticket as it is shown."""
        return Numbered(self.number, why=self.why, called_at=self.at, recalls=self.again)


# ---- numbers ---------------------------------------------------------------------------------------------------------


def give(tx: Tx, letter: str, day: str) -> tuple[int, int]:
    """The next number of a letter and day, and how many wait in its line now, this one included."""
    row = tx.one(GIVE, letter=letter, day=day)
    assert row is not None
    return int(row[0]), int(row[1])


def add(tx: Tx, number: Number, guess: tuple[int, int] | None) -> None:
    """Write a ticket that waits. It has been counted by `give`."""
    expected, spread = guess or (None, None)
    tx.run(ADD, **number._asdict(), guess=expected, spread=spread)


def counts(tx: Tx, day: str) -> dict[str, int]:
    """How many wait, by letter."""
    return {letter: int(waiting) for letter, waiting in tx.all(_COUNTS, day=day)}


def by_id(tx: Tx, id_: str) -> Number | None:
    """The ticket of this id."""
    row = tx.one(_BY_ID, id=id_)
    return None if row is None else Number(*row)


def by_number(tx: Tx, letter: str, day: str, n: int) -> Number | None:
    """The ticket of a letter, day and number."""
    row = tx.one(_BY_NUMBER, letter=letter, day=day, n=n)
    return None if row is None else Number(*row)


def of_appointment(tx: Tx, letter: str, day: str, appointment: str) -> Number | None:
    """The number that checking in to an appointment gave."""
    row = tx.one(_OF_APPOINTMENT, letter=letter, day=day, appointment=appointment)
    return None if row is None else Number(*row)


def waiting(tx: Tx, day: str, line: str) -> list[Number]:
    """Everyone who waits in a line and may be called by any window that serves it."""
    return [Number(*row) for row in tx.all(_WAITING, day=day, line=line)]


def aimed(tx: Tx, day: str, window: str) -> list[Number]:
    """Everyone who waits for this window only."""
    return [Number(*row) for row in tx.all(_AIMED, day=day, aim=window)]


def aside(tx: Tx, day: str) -> list[Number]:
    """Everyone who is held or parked."""
    return [Number(*row) for row in tx.all(_ASIDE, day=day)]


def third(tx: Tx, number: Number, behind: int) -> int | None:
    """From when the one waits who stands so many places down in a ticket's own line and class."""
    row = tx.one(_THIRD, day=number.day, line=number.line, kind=number.kind, behind=behind - 1)
    return None if row is None else int(row[0])


def left_over(tx: Tx, day: str, most: int) -> list[Number]:
    """Tickets of earlier days that have not ended."""
    return [Number(*row) for statement in _LEFT_OVER for row in tx.all(statement, day=day, most=most)]


def move(tx: Tx, seen: Number, state: str, at: int, **changes: Any) -> Number:  # noqa: ANN401 - a row's own fields
    """Put a ticket into another state, if it is still as it was seen, and keep its line's count. Raises `Again`."""
    moved = seen._replace(state=state, changed_at=at, turn=seen.turn + 1, **changes)
    done = tx.run(
        MOVE, id=seen.id, was=seen.state, seen=seen.turn, state=state, line=moved.line, since=moved.since,
        at_window=moved.at_window, aim=moved.aim, back=moved.back, rejoined=moved.rejoined, changed_at=at,
    )  # fmt: skip
    if done != 1:
        raise Again(seen.id)
    if seen.state == "waiting":
        tx.run(_LESS, day=seen.day, letter=seen.line)
    if state == "waiting":
        tx.run(_MORE, day=seen.day, letter=moved.line)
    return moved


def of_phone(tx: Tx, phone_mac: bytes, service: str, ticket: str, day: str) -> Number | None:
    """Remember which ticket a telephone has in a line; the one of that day it has already if that still waits. Raises
    `Again`."""
    if tx.run(_KEEP_PHONE, phone_mac=phone_mac, service=service, ticket=ticket) == 1:
        return None
    row = tx.one(_OF_PHONE, phone_mac=phone_mac, service=service)
    had = None if row is None else by_id(tx, row[0])
    if had is not None and had.state == "waiting" and had.day == day:
        return had
    was = "" if row is None else row[0]
    if tx.run(_RENEW_PHONE, phone_mac=phone_mac, service=service, ticket=ticket, was=was) != 1:
        raise Again(service)
    return None


# ---- windows and calls -----------------------------------------------------------------------------------------------


def window(tx: Tx, id_: str) -> Stand | None:
    """A window's row; None for one that was never opened."""
    row = tx.one(_WINDOW, id=id_)
    return None if row is None else Stand(*row)


def windows(tx: Tx) -> dict[str, Stand]:
    """Every window that was ever opened."""
    return {row[0]: Stand(*row) for row in tx.all(_WINDOWS)}


def put_window(tx: Tx, stand: Stand) -> Stand:
    """Write a window, new (turn 0) or if it is still as it was seen. Raises `Again`."""
    if stand.turn == 0:
        tx.run(_ADD_WINDOW, **stand._replace(turn=1)._asdict())
    elif tx.run(_SET_WINDOW, **stand._asdict()) != 1:
        raise Again(stand.id)
    return stand._replace(turn=stand.turn + 1)


def heads(tx: Tx, day: str, window_: str, letters: Sequence[str]) -> dict[str, Number]:
    """The first of each class in each of these lines, and of those sent to this window, by id."""
    lines = {f"line{n}": letter for n, letter in enumerate(letters)}
    return {row[0]: Number(*row) for row in tx.all(_heads(len(letters)), day=day, aim=window_, **lines)}


@cache
def _heads(lines: int) -> Hot:
    """First come, first served within a class and line: nobody but the first can be next (see `rules.calling`)."""
    wheres = [f"aim = '' AND line = :line{n}" for n in range(lines)] + ["aim <> '' AND aim = '' || :aim"]
    return Hot(
        " UNION ALL ".join(
            f"SELECT * FROM (SELECT {_COLUMNS} FROM ticket WHERE state = 'waiting' AND day = :day AND {where}"  # noqa: S608
            f" AND kind = '{kind}' ORDER BY since, n LIMIT 1) AS t{place}{kind[0]}"
            for place, where in enumerate(wheres)
            for kind in (PRIORITY, APPOINTMENT, WALK_IN)
        )
    )


def candidate(number: Number) -> Candidate:
    """What the rules of calling look at."""
    return Candidate(number.id, number.line, number.kind, number.since, number.n)


def begin_call(tx: Tx, number: Number, window_: str, why: Reason, at: int) -> None:
    """Open a call. Raises `Broke` where the window or the ticket has one already."""
    said = to_json(put_reason(why)).decode()
    tx.run(
        BEGIN_CALL, ticket=number.id, at_window=window_, line=number.line, since=number.since, at=at, why=said
    )  # fmt: skip


def open_call(tx: Tx, window_: str) -> Calling | None:
    """Whom a window serves."""
    row = tx.one(_OPEN_CALL, at_window=window_)
    return None if row is None else _calling(row)


def open_calls(tx: Tx) -> dict[str, Calling]:
    """Whom each window serves."""
    calls = [_calling(row) for row in tx.all(_OPEN_CALLS)]
    return {call.number.at_window or "": call for call in calls}


def call_of(tx: Tx, number: Number) -> Calling | None:
    """The open call of a ticket."""
    row = tx.one(_CALL_OF, ticket=number.id)
    return None if row is None else Calling(row[0], row[2], row[3], row[4], number)


def end_call(tx: Tx, call: Calling, ending: str, at: int) -> None:
    """Close a call, if it is still open. Raises `Again`."""
    if tx.run(END_CALL, seq=call.seq, ending=ending, at=at) != 1:
        raise Again(call.number.id)


def call_again(tx: Tx, call: Calling, at: int) -> None:
    """Count a recall. Raises `Again`."""
    if tx.run(_AGAIN, seq=call.seq, seen=call.again, at=at) != 1:
        raise Again(call.number.id)


def served(tx: Tx, since: int) -> dict[str, int]:
    """How many calls since a moment ended in somebody's being done, by window."""
    return {window_: int(count) for window_, count in tx.all(_SERVED, since=since)}


def last_calls(tx: Tx, since: int, most: int) -> list[tuple[str, str, int, int]]:
    """The latest calls: number, window, when, and how often it was called again; the newest first."""
    return [(row[0], row[1], row[2], row[3]) for row in tx.all(_LAST_CALLS, since=since, most=most)]


def _calling(row: Sequence[object]) -> Calling:
    seq, why, at, again, *number = row
    return Calling(seq, why, at, again, Number(*number))  # type: ignore[arg-type]
