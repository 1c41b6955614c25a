"""Commands that were sent and whose answer, or whose slip, reached nobody: asks the hall what became of them.

The same command is never sent anew from here; `outcome(key)` is all that is asked. What took effect without a slip goes
to the staff page as 补打; nothing is shown to the resident who comes next.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from kiosk.clock import Clock
from kiosk.door import Appointment, Found, Hall, HallAway, Refusal, Request, Ticket
from kiosk.ledger.journal import Journal
from kiosk.station.slips import BOOKED, CHANGED, REQUEST, TICKET

SLIP_METHODS = {
    "book": BOOKED, "reschedule": CHANGED, "reprint": BOOKED, "check_in": TICKET, "take_ticket": TICKET,
    "reprint_ticket": TICKET, "file_request": REQUEST, "reprint_request": REQUEST,
}  # fmt: skip
"""Commands that end in paper, and the kind of slip."""
_PATIENCE = timedelta(seconds=40)
"""Longer than a visit waits between two tries and than a command may be on its way."""

_LOOKED = frozenset({"codes-wait", "clock-doubt"})
"""Refusals of a moment that are given only after the command's own record was looked for."""

Lost = Callable[[str, Appointment | Ticket | Request, str], bool]


def on_paper(method: str, answer: object) -> Appointment | Ticket | Request | None:
    """What of a command's answer goes onto a slip. A number that was given before is shown, not printed; checking in
    prints only where it gave a number."""
    if method not in SLIP_METHODS:
        return None
    if method == "check_in":
        if isinstance(answer, Appointment | Found):
            return answer.ticket
        return answer if isinstance(answer, Ticket) else None  # what a telephone's check-in is remembered as
    if isinstance(answer, Ticket):
        return None if answer.same else answer
    return answer if isinstance(answer, Appointment | Request) else None


class Unanswered:
    """One kiosk's. `lost(key, held, what)` hands a slip to the staff. For the station's loop."""

    def __init__(self, journal: Journal, clock: Clock, lost: Lost) -> None:
        self._journal, self._clock, self._lost = journal, clock, lost
        self._touched: dict[str, float] = {}
        self._flying: dict[str, int] = {}
        self._silent: set[str] = set()
        self.earlier = frozenset(command.key for command in journal.commands())

    def sending(self, key: str, method: str) -> None:
        """Before each attempt."""
        if key not in self._touched:
            self._journal.sending(key, {"method": method})
        self._touched[key] = self._clock.monotonic()
        self._flying[key] = self._flying.get(key, 0) + 1

    def returned(self, key: str, method: str, answer: object, *, known: bool) -> None:
        """An attempt ended, the hall having answered or not. A command with a slip is done when its slip is."""
        self._flying[key] = max(0, self._flying.get(key, 0) - 1)
        self._touched[key] = self._clock.monotonic()
        if known and on_paper(method, answer) is None:
            self.done(key)

    def believed(self, key: str, answer: object) -> object:
        """The answer, unless it says that nothing was done after an attempt that nobody answered: who refused this one
        did not look what became of that one."""
        if isinstance(answer, HallAway):
            self._silent.add(key)
        elif (
            key in self._silent
            and isinstance(answer, Refusal)
            and answer.kind in {"broken", "busy"}
            and answer.reason.code not in _LOOKED
        ):
            return HallAway(answer.reason.code, answer.reason)
        return answer

    def done(self, key: str) -> None:
        """Answered, or its slip stands in the journal."""
        self._journal.answered(key)
        self._silent.discard(key)
        self._touched.pop(key, None)
        self._flying.pop(key, None)

    async def settle(self, door: Hall) -> int:
        """Ask about everything nobody waits for any more; how many slips went to the staff. May raise `HallAway`."""
        found = 0
        for command in self._journal.commands():
            key = command.key
            if self._flying.get(key) or not self._abandoned(key):
                continue
            outcome = await door.outcome(key)
            if isinstance(outcome, Refusal) and outcome.kind in {"broken", "busy"}:
                continue  # the hall cannot look just now
            if outcome is None and self._clock.now() - command.at < _PATIENCE:
                continue  # it may still be on its way
            method = str(command.content.get("method", ""))
            held = on_paper(method, outcome)
            if held is not None:
                found += self._lost(key, held, SLIP_METHODS[method])
            self.done(key)
        return found

    def _abandoned(self, key: str) -> bool:
        at = self._touched.get(key)
        return at is None or self._clock.monotonic() - at > _PATIENCE.total_seconds()
