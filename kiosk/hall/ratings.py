"""The five-level rating of a finished service (好差评): once for each ticket, that day or in the week after.

Never asks who rated, keeps no telephone; the ticket's own row already says where and what.
"""

from __future__ import annotations

from kiosk.door import Rating, Reason
from kiosk.hall.answers import Done
from kiosk.hall.commands import Work, declined
from kiosk.hall.tickets import Tickets
from kiosk.ledger import Hot

LEVELS = range(1, 6)
_MOST_REASONS = 8
_LONGEST = 40
_OVER_MS = 7 * 24 * 3_600_000
_ADD = Hot(
    "INSERT INTO rating (ticket, service, at_window, level, reasons, at)"
    " VALUES (:ticket, :service, :at_window, :level, :reasons, :at) ON CONFLICT (ticket) DO NOTHING"
)


def rate(work: Work, tickets: Tickets, rating: Rating) -> Done:
    """Keep a rating. Raises `Declined`."""
    if rating.level not in LEVELS:
        raise declined("rule", Reason("rating-level"))
    if len(rating.reasons) > _MOST_REASONS or any(
        not reason or len(reason) > _LONGEST or "," in reason for reason in rating.reasons
    ):
        raise declined("rule", Reason("rating-reasons"))
    number = tickets.find(work, rating.subject)
    if number.state != "done":
        raise declined("conflict", Reason("rating-early", {"number": number.number}))
    if work.at - number.changed_at > _OVER_MS:
        raise declined("conflict", Reason("ticket-over", {"number": number.number}))
    kept = work.tx.run(
        _ADD, ticket=number.id, service=number.service, at_window=number.at_window, level=rating.level,
        reasons=",".join(rating.reasons), at=work.at,
    )  # fmt: skip
    if kept != 1:
        raise declined("conflict", Reason("already-rated", {"number": number.number}))
    facts = {"level": rating.level, "reasons": list(rating.reasons), "window": number.at_window}
    work.tell("rating.given", number.id, {**facts, "service": number.service})
    return Done(number.id)
