"""What comes back from upstream, applied: each change once, in a transaction of its own. What names no request of ours
or makes no sense is set aside for staff; it is never an error and never in the way of another.

Upstream moves a request up to `done` and no further: the end is the resident's or a manager's.
"""

from __future__ import annotations

from datetime import timedelta

from kiosk.door import MOST_TEXT, Change, Reason, Refusal, Role
from kiosk.hall import request_rows
from kiosk.hall.answers import Asked
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Commands, Work, timer_id
from kiosk.hall.request_moves import Moves, day, who
from kiosk.rules import cleaning

_ORDER = ("registered", "accepted", "doing", "done")
_STATE = {"accepted": "accepted", "doing": "doing", "done": "done"}
_EVENT = {"accepted": "accepted", "doing": "doing", "done": "answered", "extended": "extended",
          "escalated": "escalated", "returned": "returned"}  # fmt: skip
_STEP = {"accepted": "request-accepted", "doing": "request-doing", "done": "request-done",
         "extended": "request-extended", "escalated": "request-escalated", "returned": "request-returned"}  # fmt: skip
_MOST_NAME = 40
_MOST_KEY = 200
_FURTHEST = timedelta(days=366)

UPSTREAM = Caller("upstream", "upstream", Role.CLERK)


class Changes:
    """The port that upstream's relay hands changes to."""

    def __init__(self, commands: Commands, moves: Moves) -> None:
        self._commands = commands
        self._moves = moves

    async def apply_change(self, change: Change) -> str | Refusal:
        """Apply a change: "applied", "again" (it had been), "late" (the request has ended), "aside". A `Refusal` says
        that the ledger cannot be written and nothing was done: hand it over again later."""
        command = timer_id(f"change:{_key(change.id)}")
        return await self._commands.note(UPSTREAM, lambda work: self._apply(work, change), command)

    def _apply(self, work: Work, change: Change) -> str:
        id_, request, kind = _key(change.id), _key(change.request), _key(change.kind)
        if not request_rows.change_once(work.tx, id_, request, kind, work.at):
            return "again"
        row = request_rows.by_id(work.tx, request)
        if row is not None and row.state == "confirmed":
            return "late"
        wrong = Reason("change-unknown-request") if row is None else self._wrong(work, row, change)
        if wrong is not None or row is None:
            request_rows.set_aside(work.tx, id_, wrong or Reason("change-unknown-request"))
            work.tell("request.change-aside", request if row else "unknown", {"kind": kind})
            return "aside"
        self._go_on(work, row, change)
        return "applied"

    def _wrong(self, work: Work, row: Asked, change: Change) -> Reason | None:
        if change.kind not in _EVENT:
            return Reason("change-unknown-kind")
        if change.kind == "extended" and (
            change.due is None or change.due <= day(row) or change.due > work.now.date() + _FURTHEST
        ):
            return Reason("change-bad-due")
        return None

    def _go_on(self, work: Work, row: Asked, change: Change) -> None:
        unit, officer = _name(change.unit), _name(change.officer)
        words = cleaning.clean(change.text or "")
        if len(words) > MOST_TEXT:  # cut, not refused: the resident waits for it
            words = words[: MOST_TEXT - 1] + "…"
        to = row._replace(unit=unit or row.unit, officer=officer or row.officer)
        if (state := _STATE.get(change.kind)) is not None:
            to = to._replace(state=max(state, row.state, key=_ORDER.index))
        elif change.kind == "extended" and change.due is not None:
            to = to._replace(due=change.due.isoformat(), extended=row.extended + 1)
        elif change.kind == "returned":
            to = self._moves.back(row)
        facts = who(to) | ({"due": day(to)} if change.kind in {"accepted", "extended"} else {})
        what = Reason(_STEP[change.kind], facts)
        self._moves.go_on(work, row, to, what, _EVENT[change.kind], words=words or None,
                           more={"from": "upstream"})  # fmt: skip


def _key(text: str) -> str:
    """An id as it may stand in the ledger; of one that is none, what it comes to."""
    if 0 < len(text) <= _MOST_KEY and text.isascii() and text.isprintable():
        return text
    return timer_id(text.encode("utf-8", "backslashreplace").decode())


def _name(text: str | None) -> str:
    return cleaning.clean(text or "", lines=False)[:_MOST_NAME]
