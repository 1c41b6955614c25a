"""How a hall does with its requests, for its manager: how many are open and late, answered on time, not solved. Counts
only; never what anybody asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.door import Refusal
from kiosk.hall.answers import midnight, moment
from kiosk.hall.commands import Commands
from kiosk.hall.neighbourhood import Neighbourhood
from kiosk.ledger import Hot, Tx

DAYS = 30

_OPEN = Hot("SELECT due, state, count(*) FROM request WHERE state <> 'confirmed' GROUP BY due, state")
# The last answer of what is answered still: opened again, it has another due day and is not answered.
_ANSWERED = Hot(
    "SELECT request.due, max(request_step.at) FROM request_step JOIN request ON request.id = request_step.request"
    " WHERE request_step.code = 'request-done' AND request.state IN ('done', 'confirmed')"
    " GROUP BY request.id, request.due HAVING max(request_step.at) >= :since"
)
_FILED = Hot("SELECT count(*) FROM request WHERE filed_at >= :since")
_NOT_SOLVED = Hot("SELECT count(*) FROM request_step WHERE code = 'request-not-solved' AND at >= :since")


@dataclass(frozen=True, slots=True)
class RequestFigures:
    """`open`: not answered yet, and of these `amber` near their due day and `red` past it; `waiting`: answered, the
    resident has the word. In the last thirty days: `filed`; `answered`, of these `on_time`; `not_solved`: how often a
    resident said so."""

    open: int = 0
    amber: int = 0
    red: int = 0
    waiting: int = 0
    filed: int = 0
    answered: int = 0
    on_time: int = 0
    not_solved: int = 0


async def request_figures(commands: Commands, places: Neighbourhood) -> RequestFigures:
    """The figures as they are now; all nought while the ledger cannot be read."""
    now = commands.clock.now().astimezone(commands.zone)
    since = midnight(now - timedelta(days=DAYS - 1))

    def look(tx: Tx) -> RequestFigures:
        near = {"fine": 0, "amber": 0, "red": 0}
        waiting = 0
        for due, state, count in tx.all(_OPEN):
            if state == "done":
                waiting += int(count)
            else:
                near[places.overdue(date.fromisoformat(due), now)] += int(count)
        answered = [(due, moment(at, commands.zone).date()) for due, at in tx.all(_ANSWERED, since=since)]
        filed, not_solved = tx.one(_FILED, since=since), tx.one(_NOT_SOLVED, since=since)
        return RequestFigures(
            sum(near.values()), near["amber"], near["red"], waiting, int(filed[0]) if filed else 0, len(answered),
            sum(day.isoformat() <= due for due, day in answered), int(not_solved[0]) if not_solved else 0,
        )  # fmt: skip

    found = await commands.ask(look)
    return RequestFigures() if isinstance(found, Refusal) else found
