"""Where each path of a resident begins: at a card of the first page, or with a slip under the scanner; and the page to
write on. All the flows hang on this module, and nobody needs it before the first touch: whoever shows the kiosk imports
it when the first page stands."""

from __future__ import annotations

from kiosk.flows import booking, mine, requesting, ticketing
from kiosk.flows.places import Begin, Move
from kiosk.flows.writing import WritePlace

__all__ = ["WritePlace", "begun", "scanned"]

scanned = mine.scanned


def begun(move: Begin) -> Move:
    """The first move of the flow behind a card."""
    match move.card:
        case "mine":
            return mine.begin()
        case "ticket":
            return ticketing.begin(move.about)
        case "request":
            return requesting.begin()
        case _:
            return booking.begin(move.about)
