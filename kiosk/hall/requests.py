"""What residents do with requests (诉求): file, say solved or not solved, ask for help, have the slip again. Each the
body of one command.

Only the resident's "solved" or a manager's decision strikes a request off; a clerk's word for it does not, here or
anywhere. Nothing here prints, waits, or knows what lies upstream.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.config.settings import CategorySettings
from kiosk.door import HELP_NAMES, MOST_NAME, MOST_PLACE, MOST_TEXT, HelpKind, Offer, Reason, RequestOrder
from kiosk.hall import request_rows
from kiosk.hall.answers import Asked, Lodged
from kiosk.hall.commands import HOUSE, Work, declined
from kiosk.hall.ids import name_id, timed_id
from kiosk.hall.request_moves import ASK_CLERK, Moves, day
from kiosk.hall.said import said, said_if_any

_HELP = Offer(Reason("ask-for-help-with-it"))
_NOT_YET = frozenset({"registered", "accepted", "doing"})


class Requests:
    """The use cases of residents. Every method is run by `Commands` and raises `Declined`."""

    def __init__(self, moves: Moves, new_code: Callable[[], str]) -> None:
        """`new_code`: ten random digits."""
        self._moves = moves
        self._places = moves.places
        self._new_code = new_code

    def file(self, work: Work, order: RequestOrder) -> Lodged:
        """File one; a clerk who does it for a caller is first-asked."""
        category = self._category(order.category)
        grid = self._grid(order.grid)
        words = {"text": said(order.text, MOST_TEXT, "request-empty")}
        if order.place is not None and order.place.strip():
            words["place"] = said(order.place, MOST_PLACE, "place-empty", lines=False)
        if self._places.asks_name and (name := said_if_any(order.name, MOST_NAME, lines=False)):
            words["name"] = name
        phone = self._digits(order.phone)
        by = work.caller.name if work.caller.staff else ""
        due = self._places.due(category.id, work.now)
        row = Asked(
            id=timed_id(work.at, work.id), code=None, category=category.id, grid=grid, state="registered",
            due=due.isoformat(), extended=0, filed_at=work.at, changed_at=work.at, first_asked=by, holder=by,
            officer="", unit=self._places.unit(category, grid), away=int(self._places.away), reopened=0, turn=1,
        )  # fmt: skip
        row = request_rows.add(work.tx, row, self._new_code)
        what = Reason("request-filed-by-clerk", {"by": by, "due": due}) if by else Reason("request-filed", {"due": due})
        return self._moves.begin(work, row, what, words, phone)

    def answer(self, work: Work, text: str, why: str | None, *, solved: bool) -> Lodged:
        """The resident's word on what was done. Two kiosks at once: the first word counts."""
        if solved and work.caller.staff:
            # Only whoever has the need can say that it is met; a manager gives reasons (`RequestDesk.strike_off`).
            raise declined("forbidden", Reason("only-resident-confirms"), (Offer(Reason("manager-strikes-off")),))
        row = self._moves.alive(self._moves.find(work, text))
        if row.state in _NOT_YET:
            raise declined("conflict", Reason("request-not-answered", {"due": day(row)}), (_HELP, ASK_CLERK))
        if solved:
            return self._moves.go_on(
                work, row, row._replace(state="confirmed"), Reason("request-solved"), "confirmed"
            )  # fmt: skip
        words = None if why is None or not why.strip() else said(why, MOST_TEXT, "request-empty")
        due = self._places.due(row.category, work.now)
        # Sent back to the hall or not: the whole matter begins again, with whoever answers requests.
        opened = row._replace(
            state="doing", due=due.isoformat(), extended=0, reopened=row.reopened + 1, away=int(self._places.away)
        )
        what = Reason("request-not-solved", {"due": due})
        return self._moves.go_on(work, row, opened, what, "reopened", words=words, private=True)

    def help(self, work: Work, text: str, kind: HelpKind) -> Lodged:
        """Ask for one of the five kinds of help, each once until somebody has seen to it."""
        row = self._moves.alive(self._moves.find(work, text))
        name = HELP_NAMES[kind]
        if not request_rows.add_help(work.tx, name_id(HOUSE, f"help:{work.id}"), row.id, kind.value, work.at):
            raise declined("conflict", Reason("help-already-asked", {"kind": name}))
        what = Reason("request-help-asked", {"kind": name})
        return self._moves.go_on(work, row, row, what, "help-asked", more={"kind": kind.value})

    def reprint(self, work: Work, text: str) -> Lodged:
        """Leave word that the slip is printed again; the printing is the kiosk's."""
        row = self._moves.alive(self._moves.find(work, text))
        work.tell("request.reprinted", row.id)
        return request_rows.whole(work.tx, self._moves.vault, row)

    # ---- what stands in the way --------------------------------------------------------------------------------------

    def _category(self, id_: str) -> CategorySettings:
        category = self._places.category(id_)
        if category is None:
            other = tuple(Offer(Reason("file-under", {"category": one.name})) for one in self._places.categories[:6])
            raise declined("missing", Reason("unknown-category"), (*other, ASK_CLERK))
        return category

    def _grid(self, id_: str | None) -> str | None:
        if id_ is not None and self._places.grid(id_) is None:
            raise declined("missing", Reason("unknown-grid"), (Offer(Reason("file-without-grid")), ASK_CLERK))
        return id_

    def _digits(self, phone: str | None) -> str | None:
        if phone is None:
            return None
        digits, bar = self._moves.schedule.phone(phone)
        if bar is not None:
            raise declined("rule", bar)
        return digits
