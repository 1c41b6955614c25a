"""The five-level rating of a finished service (好差评): once for each ticket, that day or in the week after.

Never asks who rated, keeps no telephone; the ticket's own row already says where and what. Words of one's own stand
sealed where a request's do, are for managers alone, and die like them.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import NamedTuple

from kiosk.door import MOST_RATING_TEXT, Rating, Reason
from kiosk.hall import rating_due, request_rows
from kiosk.hall.answers import Done, moment
from kiosk.hall.commands import Work, declined
from kiosk.hall.said import said_if_any
from kiosk.hall.tickets import Tickets
from kiosk.ledger import Hot, Tx, Vault

LEVELS = range(1, 6)
_MOST_REASONS = 8
_LONGEST = 40
_PART = "rating"
_ADD = Hot(
    "INSERT INTO rating (ticket, service, at_window, level, reasons, at)"
    " VALUES (:ticket, :service, :at_window, :level, :reasons, :at) ON CONFLICT (ticket) DO NOTHING"
)
_WRITTEN = Hot(
    "SELECT rating.ticket, rating.at, rating.service, rating.at_window, rating.level, rating.reasons,"
    " request_text.content FROM request_text JOIN rating ON rating.ticket = request_text.subject"
    " WHERE request_text.part = 'rating' ORDER BY rating.at DESC, rating.ticket LIMIT :most"
)
_COUNT = Hot("SELECT count(*) FROM request_text WHERE part = 'rating'")


class Written(NamedTuple):
    """A rating with words of its giver's own, for a manager. `window`: where, None if it was at none."""

    at: datetime
    service: str
    window: str | None
    level: int
    reasons: tuple[str, ...]
    text: str


def rate(work: Work, tickets: Tickets, vault: Vault, rating: Rating) -> Done:
    """Keep a rating. Raises `Declined`."""
    if rating.level not in LEVELS:
        raise declined("rule", Reason("rating-level"))
    if len(rating.reasons) > _MOST_REASONS or any(
        not reason or len(reason) > _LONGEST or "," in reason for reason in rating.reasons
    ):
        raise declined("rule", Reason("rating-reasons"))
    text = said_if_any(rating.text, MOST_RATING_TEXT)
    number = tickets.find(work, rating.subject)
    if (bar := rating_due.bar(work.tx, number, work.at)) is not None:
        raise declined("conflict", bar)
    kept = work.tx.run(
        _ADD, ticket=number.id, service=number.service, at_window=number.at_window, level=rating.level,
        reasons=",".join(rating.reasons), at=work.at,
    )  # fmt: skip
    if kept != 1:
        raise declined("conflict", Reason("already-rated", {"number": number.number}))
    if text is not None:
        request_rows.add_words(work.tx, vault, number.id, _PART, text)
    facts = {"level": rating.level, "reasons": list(rating.reasons), "window": number.at_window}
    work.tell("rating.given", number.id, {**facts, "service": number.service})
    return Done(number.id)


def written(tx: Tx, vault: Vault, zone: tzinfo, most: int) -> tuple[Written, ...]:
    """What people wrote with their ratings, as far as it is kept, the newest first."""
    rows = tx.all(_WRITTEN, most=most)
    words = request_rows.opened(vault, ((row[0], _PART, row[-1]) for row in rows))
    return tuple(
        Written(moment(at, zone), service, window, level, tuple(filter(None, reasons.split(","))), words[ticket][_PART])
        for ticket, at, service, window, level, reasons, _content in rows
        if ticket in words
    )


def how_many(tx: Tx) -> int:
    """With how many ratings there are words to read."""
    row = tx.one(_COUNT)
    return 0 if row is None else int(row[0])
