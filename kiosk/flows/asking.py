"""What a visit has asked of the hall and not heard back: numbers, keys, and when to ask again.

A command gets its key before its first attempt and keeps it through every retry, and the same order given again while
its fate is unknown takes the old key: one effect, however often the resident presses. Numbers carry the visit's own, so
an answer that comes late, after the resident has left, finds nobody. It asks nothing itself; it hands out `Ask`s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kiosk.flows.places import Then
from kiosk.flows.steps import Ask

VISIBLE_AFTER = timedelta(milliseconds=100)  # a shorter wait is no wait
LOST_AFTER = timedelta(seconds=35)  # the station gives up after 30 s; this is for an answer that got lost here
RETRY_AFTER = (1, 2, 4, 5)  # seconds; the last one repeats
_PER_VISIT = 1_000_000


@dataclass(slots=True)
class Pending:
    """One thing asked. `away`: the last attempt came back without an answer. `left`: the resident walked off to the
    first page, the outcome is still awaited. `depth`: the place in the stack that asked."""

    method: str
    args: tuple[object, ...] = field(repr=False)
    key: str | None
    then: Then | None = field(repr=False)
    depth: int
    since: datetime
    sent: datetime
    numbers: set[int]
    tries: int = 1
    away: bool = False
    left: bool = False
    retry_at: datetime | None = None

    @property
    def command(self) -> bool:
        return self.key is not None

    def next_try(self) -> datetime:
        """When this is asked again if nothing comes."""
        return self.retry_at or self.sent + LOST_AFTER


class Asking:
    """All that is pending in one visit. `new_id` makes keys."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._visit = 0
        self._count = 0
        self._pending: list[Pending] = []

    def forget(self) -> None:
        """A visit ended: drop everything, and recognise none of its answers."""
        self._pending = []
        self._visit += 1
        self._count = 0

    def number(self) -> int:
        self._count += 1
        return self._visit * _PER_VISIT + self._count

    def ask(self, method: str, args: tuple[object, ...], then: Then | None, depth: int, now: datetime,
            *, command: bool) -> tuple[Pending, tuple[Ask, ...]]:
        """Ask the hall; a command whose fate is still unknown is taken up again instead of being sent anew."""
        if command:
            for old in self._pending:
                if old.command and (old.method, old.args) == (method, args):
                    old.left, old.then, old.depth = False, then, depth
                    return old, ()
        key = self._new_id() if command else None
        pending = Pending(method, args, key, then, depth, now, now, set())
        self._pending.append(pending)
        return pending, (self._sent(pending, now),)

    def _sent(self, pending: Pending, now: datetime) -> Ask:
        number = self.number()
        pending.numbers.add(number)
        pending.sent, pending.retry_at = now, None
        return Ask(number, pending.method, pending.args, pending.key)

    def replied(self, number: int) -> Pending | None:
        """Whose answer this is; None for one that nobody waits for. It is no longer pending then."""
        for pending in self._pending:
            if number in pending.numbers:
                self._pending.remove(pending)
                return pending
        return None

    def missed(self, number: int, now: datetime) -> None:
        """The hall did not answer this attempt: ask again in a while."""
        for pending in self._pending:
            if number in pending.numbers:
                pending.away = True
                if pending.retry_at is None:
                    wait = RETRY_AFTER[min(pending.tries, len(RETRY_AFTER)) - 1]
                    pending.retry_at = now + timedelta(seconds=wait)

    def helping(self) -> Pending | None:
        """The call for a clerk that is on its way."""
        return next((pending for pending in self._pending if pending.method == "call_help"), None)

    def again(self, now: datetime) -> tuple[Ask, ...]:
        """What is due to be asked again, under its old key."""
        asks = []
        for pending in self._pending:
            if pending.next_try() <= now:
                pending.away = pending.away or pending.retry_at is None
                pending.tries += 1
                asks.append(self._sent(pending, now))
        return tuple(asks)

    def waiting(self) -> Pending | None:
        """What the resident waits for, None if nothing."""
        return next((pending for pending in self._pending if not pending.left), None)

    def leave(self) -> None:
        """The resident walks off: questions are dropped, commands stay until their outcome is known."""
        self._pending = [pending for pending in self._pending if pending.command]
        for pending in self._pending:
            pending.left = True

    def shift(self, by: timedelta) -> None:
        """The clock was set back: move every moment with it."""
        for pending in self._pending:
            pending.since += by
            pending.sent += by
            pending.retry_at = pending.retry_at + by if pending.retry_at else None

    def due(self, now: datetime) -> list[datetime]:
        """When something here will change by itself."""
        moments = [pending.next_try() for pending in self._pending]
        waits = self.waiting()
        if waits and not waits.away and now < waits.since + VISIBLE_AFTER:
            moments.append(waits.since + VISIBLE_AFTER)
        return moments
