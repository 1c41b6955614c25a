"""Whether a number is (still) to be rated, and whom a window's tablet may ask: the one it finished last, for a moment,
if nobody has rated that yet or said 不评价.

That somebody would rather not is a command like any other: its row keeps every process from asking again. The slip's
code still lets them rate, should they think better of it.
"""

from __future__ import annotations

from datetime import timedelta

from kiosk.door import Reason, Role
from kiosk.hall.answers import Done, Number, recall
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Commands, Work, command_id
from kiosk.ledger import Hot, Tx

ASKED_FOR = timedelta(seconds=60)
WRITTEN_FOR = timedelta(minutes=5)
"""For whoever is writing a few words."""
TABLETS = Caller("rating", "rating", Role.KIOSK)
"""All tablets together: what is pressed at one holds for all."""

# The newest call of a window is among the newest of the hall: the walk from the end is short however long the table.
_LATEST = Hot(
    "SELECT call.ticket, ticket.number, call.ending, call.ended_at, rating.level FROM ticket_call AS call"
    " JOIN ticket ON ticket.id = call.ticket LEFT JOIN rating ON rating.ticket = call.ticket"
    " WHERE call.at_window = :window ORDER BY call.seq DESC LIMIT 1"
)
_RATED = Hot("SELECT 1 FROM rating WHERE ticket = :ticket")
_OVER_MS = 7 * 24 * 3_600_000
_SAID = Hot("SELECT answer FROM command WHERE id = :id")


def bar(tx: Tx, number: Number, at: int) -> Reason | None:
    """Why a number is not rated: not finished yet, rated already, or finished more than a week ago."""
    facts = {"number": number.number}
    if number.state != "done":
        return Reason("rating-early", facts)
    if tx.one(_RATED, ticket=number.id) is not None:
        return Reason("already-rated", facts)
    return Reason("rating-late", facts) if at - number.changed_at > _OVER_MS else None


def to_rate(tx: Tx, window: str, since: int) -> tuple[str, str] | None:
    """Id and number of who was finished there since a moment and has not rated; None while somebody else is served."""
    row = tx.one(_LATEST, window=window)
    if row is None or row[2] != "done" or row[3] < since or row[4] is not None:
        return None
    said = tx.one(_SAID, id=command_id(TABLETS.id, _key(row[0])))
    if said is not None and isinstance(recall(said[0]), Done):
        return None
    return str(row[0]), str(row[1])


async def skip(commands: Commands, ticket: str, window: str) -> None:
    """不评价: this ticket is not asked about again, at no tablet, by no process."""

    def body(work: Work) -> Done:
        work.tell("rating.skipped", ticket, {"window": window})
        return Done(ticket)

    await commands.run(TABLETS, _key(ticket), ("skip", ticket), body)


def _key(ticket: str) -> str:
    return f"skip:{ticket}"
