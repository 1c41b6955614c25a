"""How a hall does, for its manager: how long people waited and what they thought of it, by service, today and in seven
days; and who has waited longest where, now. Public facts of calls and ratings; never who anybody is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from kiosk.door import Refusal
from kiosk.hall import queue
from kiosk.hall.answers import midnight, moment, ms
from kiosk.hall.commands import Commands
from kiosk.hall.lines import Lines
from kiosk.ledger import Hot, Tx

DAYS = 7
FRESH_S = 15.0
PLEASED = 3
"""非常满意, 满意 and 基本满意 count as satisfied (GB/T 39735—2020: 好评)."""

# A ticket counts once, by its first call and the service it was taken for: who is sent on or called again has not
# waited twice. An appointment called before its time has not waited.
_WAITED = Hot(
    "SELECT ticket.letter, count(*), sum(CASE WHEN first.at > first.since THEN first.at - first.since ELSE 0 END)"
    " FROM (SELECT ticket, min(at) AS at, min(since) AS since FROM ticket_call WHERE again_at >= :since"
    " GROUP BY ticket) AS first JOIN ticket ON ticket.id = first.ticket WHERE first.at >= :since GROUP BY ticket.letter"
)
_RATED = Hot(
    "SELECT service, count(*), sum(CASE WHEN level >= :pleased THEN 1 ELSE 0 END) FROM rating"
    " WHERE at >= :since GROUP BY service"
)
_AIMED = Hot(
    "SELECT aim, count(*), min(since) FROM ticket WHERE state = 'waiting' AND aim <> '' AND day = :day GROUP BY aim"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A service over some days. `called`: how many were called; `wait`: how long they had waited on average;
    `rated`, and of these `pleased`."""

    called: int = 0
    wait: timedelta | None = None
    rated: int = 0
    pleased: int = 0


@dataclass(frozen=True, slots=True)
class Longest:
    """Who has waited longest in a line now."""

    number: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Aimed:
    """Those who were sent to one window and wait for it alone."""

    window: str
    waiting: int
    since: datetime


class Figures:
    """A hall's figures; what was worked out a moment ago is told again."""

    def __init__(self, commands: Commands, lines: Lines) -> None:
        self._commands = commands
        self._lines = lines
        self._known: tuple[float, dict[str, tuple[Span, Span]]] | None = None

    async def services(self) -> dict[str, tuple[Span, Span]]:
        """Today and the last seven days, today with them, by service; at most fifteen seconds old."""
        now = self._commands.clock.monotonic()
        if self._known is not None and now - self._known[0] < FRESH_S:
            return self._known[1]
        today = midnight(self._now())
        week = midnight(self._now() - timedelta(days=DAYS - 1))
        found = await self._commands.ask(lambda tx: (self._spans(tx, today), self._spans(tx, week)))
        if isinstance(found, Refusal):
            return {} if self._known is None else self._known[1]
        spans = {line.id: (found[0].get(line.id, Span()), found[1].get(line.id, Span())) for line in self._lines.all}
        self._known = (now, spans)
        return spans

    async def waiting(self) -> tuple[dict[str, Longest], tuple[Aimed, ...]]:
        """Who has waited longest for each service, and those who wait for one window only."""
        now = self._now()
        day, zone = now.date().isoformat(), self._commands.zone
        lines = {line.letter: line.id for line in self._lines.all}

        def look(tx: Tx) -> tuple[dict[str, Longest], tuple[Aimed, ...]]:
            longest: dict[str, Longest] = {}
            for head in sorted(queue.heads(tx, day, "", tuple(lines)).values(), key=lambda head: head.since):
                if head.since <= ms(now):  # an appointment's waiting begins at its time
                    longest.setdefault(lines[head.line], Longest(head.number, moment(head.since, zone)))
            aimed = tuple(Aimed(window, count, moment(since, zone)) for window, count, since in tx.all(_AIMED, day=day))
            return longest, aimed

        found = await self._commands.ask(look)
        return ({}, ()) if isinstance(found, Refusal) else found

    def _spans(self, tx: Tx, since: int) -> dict[str, Span]:
        waited = {letter: (int(count), int(total)) for letter, count, total in tx.all(_WAITED, since=since)}
        rated = {service: (int(count), int(pleased))
                 for service, count, pleased in tx.all(_RATED, since=since, pleased=PLEASED)}  # fmt: skip
        spans = {}
        for line in self._lines.all:
            called, total = waited.get(line.letter, (0, 0))
            wait = None if called == 0 else timedelta(milliseconds=total / called)
            spans[line.id] = Span(called, wait, *rated.get(line.id, (0, 0)))
        return spans

    def _now(self) -> datetime:
        return self._commands.clock.now().astimezone(self._commands.zone)
