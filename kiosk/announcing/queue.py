"""Which call is spoken next: pure, one at a time, none twice, none that nobody waits for any more.

A window's newer call takes the place of its older one that was not spoken yet: whoever was called before is already
served, or gone. A call older than two minutes is no help to anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

STALE = timedelta(minutes=2)
Periods = Sequence[tuple[time, time]]


@dataclass(frozen=True, slots=True)
class Call:
    """A call to be spoken. `seq`: its place in the event log."""

    seq: int
    number: str
    window: str
    at: datetime


def quiet(now: time, periods: Periods) -> bool:
    """Whether nothing is spoken at this time. A period may run over midnight; its end is not in it."""
    return any(
        begins <= now < ends if begins <= ends else now >= begins or now < ends
        for begins, ends in periods
    )


@dataclass(slots=True)
class Calls:
    """The calls not spoken yet, in the order they were made."""

    periods: Periods = ()
    waiting: list[Call] = field(default_factory=list)
    last: int = 0
    """The newest place in the log whose call was taken in."""

    def add(self, call: Call) -> None:
        """Take a call in; one that was taken in before is nothing."""
        if call.seq <= self.last:
            return
        self.last = call.seq
        self.waiting = [other for other in self.waiting if other.window != call.window]
        self.waiting.append(call)

    def drop(self, number: str, window: str) -> None:
        """This call is over: nobody waits to hear it any more."""
        self.waiting = [call for call in self.waiting if (call.number, call.window) != (number, window)]

    def next(self, now: datetime) -> Call | None:
        """The call to speak now; it is taken out."""
        while self.waiting:
            call = self.waiting.pop(0)
            if now - call.at <= STALE and not quiet(now.time(), self.periods):
                return call
        return None
