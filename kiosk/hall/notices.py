"""What a resident who left a telephone is told of their request by text message: that it is accepted, who does it and
by when, that it is done. Which event is one of these, and what may be said with it; who sends it is no matter here.

Never its text or place, of its code the last four digits only. A message that did not go, or may not have gone, becomes
a call back in the list of things to do. Every method is called within a transaction of the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kiosk.door import HelpKind, Reason, Role
from kiosk.hall import register, request_rows
from kiosk.hall.answers import Stepped
from kiosk.hall.callers import Caller
from kiosk.hall.commands import HOUSE, Commands, Work, timer_id
from kiosk.hall.ids import name_id
from kiosk.hall.neighbourhood import Neighbourhood
from kiosk.ledger import Event, Tx
from kiosk.rules import masking

What = Literal["accepted", "doing", "extended", "answered"]
TOLD: Mapping[str, What] = {
    "cn.hall.request.accepted.v1": "accepted", "cn.hall.request.doing.v1": "doing",
    "cn.hall.request.extended.v1": "extended", "cn.hall.request.answered.v1": "answered",
}  # fmt: skip
"""The events that a resident may be told of, by type."""
_STEP = {"accepted": "request-accepted", "doing": "request-doing", "extended": "request-extended",
         "answered": "request-done"}  # fmt: skip
_BEGINS_ANEW = ("request-not-solved", "request-returned", "request-brought-home")
_UNSENT = {"unknown": Reason("request-message-unknown"), "refused": Reason("request-message-refused")}
_ITSELF = Caller("hall", "hall", Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell. `number`: digits; `tail`: of the request's code; `who` answers for it, "" where nobody is
    named; `due`: None where that day is past."""

    number: str = field(repr=False)
    what: What
    tail: str
    who: str
    due: date | None


class Notices:
    """One hall's."""

    def __init__(self, commands: Commands, places: Neighbourhood) -> None:
        self._commands = commands
        self._places = places

    def prepare(self) -> None:
        """See that ledger and key are at hand; not within a transaction. Raises `LedgerTrouble`."""
        self._commands.prepare()

    def of(self, tx: Tx, event: Event) -> Notice | None:
        """What is to be told of an event; None if it is not one of these, tells nothing new, or no telephone is there
        (any more). Raises `KeyMissing`."""
        what = TOLD.get(event.type)
        row = None if what is None else request_rows.by_id(tx, event.subject)
        if what is None or row is None or row.code is None:
            return None
        phone = register.phone_of(tx, self._commands.vault, row.id)
        if phone is None or not is_news(what, event.at, request_rows.steps(tx, row)):
            return None
        due, unit = _day(event.data.get("due")), self._places.unit_name(row.unit)
        return Notice(
            number=phone[0],
            what=what,
            tail=masking.tail(row.code),
            who=("" if unit is None else unit.zh) + (row.officer or row.holder),
            due=None if due is None or due < self._places.today(self._commands.clock.now()) else due,
        )

    def unsent(self, tx: Tx, event: Event, by: str, why: Literal["unknown", "refused"]) -> None:
        """A message about an event was not sent, or may not have been: a clerk calls. `by`: the notifier's name, so
        that two of them are two."""
        row = request_rows.by_id(tx, event.subject)
        if row is None or row.state == "confirmed":
            return
        commands = self._commands
        work = Work(tx, timer_id(f"unsent:{by}:{event.id}"), _ITSELF, commands.clock.now(), commands.source)
        # One call settles it, however many messages went astray.
        request_rows.add_help(tx, name_id(HOUSE, f"help:{work.id}"), row.id, HelpKind.CALL_BACK.value, work.at)
        moved = request_rows.move(tx, row, row._replace(changed_at=work.at))
        request_rows.add_step(tx, commands.vault, moved, work.at, _UNSENT[why])
        work.tell("notice.unsent", row.id, {"what": TOLD.get(event.type), "why": why})
        work.leave(None)


def is_news(what: What, at: int, steps: Sequence[Stepped]) -> bool:
    """Whether what happened then is something new to the resident: of what is said in one round (until it is opened
    again or sent back) nothing is said twice, and nothing after "done"."""
    here = max((n for n, step in enumerate(steps) if step.what.code == _STEP[what] and step.at == at), default=None)
    if here is None:
        return False
    begun = max((n for n in range(here) if steps[n].what.code in _BEGINS_ANEW), default=-1)
    before = [step.what for step in steps[begun + 1 : here]]
    said = {reason.code for reason in before}
    if _STEP["answered"] in said:
        return False
    if what == "accepted":
        return not said & {_STEP["accepted"], _STEP["doing"]}
    return what != "doing" or steps[here].what not in before


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
