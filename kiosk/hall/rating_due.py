"""Whom a window's tablet may ask: the one it finished last, for a moment, if nobody has rated that yet."""

from __future__ import annotations

from kiosk.ledger import Hot, Tx

# The newest call of a window is among the newest of the hall: the walk from the end is short however long the table.
_LATEST = Hot(
    "SELECT call.ticket, ticket.number, call.ending, call.ended_at, rating.level FROM ticket_call AS call"
    " JOIN ticket ON ticket.id = call.ticket LEFT JOIN rating ON rating.ticket = call.ticket"
    " WHERE call.at_window = :window ORDER BY call.seq DESC LIMIT 1"
)


def to_rate(tx: Tx, window: str, since: int) -> tuple[str, str] | None:
    """Id and number of who was finished there since a moment and has not rated; None while somebody else is served."""
    row = tx.one(_LATEST, window=window)
    if row is None or row[2] != "done" or row[3] < since or row[4] is not None:
        return None
    return str(row[0]), str(row[1])
