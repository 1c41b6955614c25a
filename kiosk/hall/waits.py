"""How long who waits where: the latest calls of the ledger, looked at once a second, as `rules.waiting` wants
them. What it says is a courtesy; nothing is decided by it, and the commands never wait for it but the first time."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from kiosk.door import Reason, Refusal
from kiosk.hall import queue
from kiosk.hall.answers import Number, moment, ms
from kiosk.hall.commands import Commands
from kiosk.hall.lines import Lines
from kiosk.hall.schedule import reason_of
from kiosk.ledger import Hot, Tx
from kiosk.rules import calling, waiting
from kiosk.rules.bar import Bar
from kiosk.rules.waiting import Guess, Pace, Past, Reach, Server

FRESH_S = 1.0
_LOOK_BACK = 1000
_CALLS = Hot(
    "SELECT call.line, call.at_window, call.since, call.at, call.ended_at, ticket.taken_at, ticket.guess, ticket.spread"
    " FROM ticket_call AS call JOIN ticket ON ticket.id = call.ticket ORDER BY call.seq DESC LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class Guessed:
    """A wait as it was guessed: for the ledger, and as people are told it."""

    guess: Guess
    shown: tuple[int, int]
    past_closing: bool


@dataclass(frozen=True, slots=True)
class _Model:
    """What was seen of one line."""

    pace: Pace
    reach: Reach


class Waits:
    """A hall's estimates. `refresh` before a command; `guess` and `ahead` within one."""

    def __init__(self, commands: Commands, lines: Lines) -> None:
        self._commands = commands
        self._lines = lines
        self.zone = commands.zone
        self._models: dict[str, _Model] = {}
        self._whys: dict[str, Bar] = {}
        self._looked_at: float | None = None
        self._looking = threading.Lock()

    async def refresh(self) -> None:
        """Look again if the last look is old."""
        now = self._commands.clock.monotonic()
        if self._looked_at is not None and now - self._looked_at < FRESH_S:
            return
        if not self._looking.acquire(blocking=False):
            return  # somebody else looks; what was seen a second ago will do
        try:
            at = ms(self._commands.clock.now())
            seen = await self._commands.ask(lambda tx: self._look(tx, at))
            if not isinstance(seen, Refusal):
                self._models, self._whys = seen
                self._looked_at = now
        finally:
            self._looking.release()

    def guess(self, letter: str, kind: str, ahead: int, since: int, now: datetime) -> Guessed | None:
        """How long somebody with so many ahead will wait from `now`; for an appointment at least until `since`."""
        model = self._models.get(letter)
        if model is None or self._lines.resting(now):
            return None
        guess = waiting.expect(model.pace, waiting.before(ahead, kind))
        least = max(0, since - ms(now))
        guess = guess._replace(mean=max(guess.mean, least))
        low, high = (self._lines.through(now, span) for span in waiting.bounds(guess, model.reach))
        hours = self._lines.hours(now.date())
        past = hours is not None and ms(now) + low > ms(hours[1])
        return Guessed(guess, waiting.rounded(low, high), past)

    def why(self, letter: str, now: datetime) -> Reason:
        """What a line's estimate rests on, or why there is none."""
        if self._lines.resting(now):
            return Reason("wait-resting")
        return reason_of(self._whys.get(letter) or waiting.explain((), ()))

    @staticmethod
    def ahead(tx: Tx, number: Number, at: int) -> int:
        """How many of its line would be called before a waiting ticket as things stand."""
        others = [queue.candidate(other) for other in queue.waiting(tx, number.day, number.line)]
        if number.aim:
            return sum(other.since < number.since for other in others)
        called = calling.order(others, at)
        return next((place for place, choice in enumerate(called) if choice.candidate.id == number.id), len(called))

    def _look(self, tx: Tx, at: int) -> tuple[dict[str, _Model], dict[str, Bar]]:
        servers = self._servers(tx, at)
        calls = ((line, self._past(*past)) for line, *past in tx.all(_CALLS, most=_LOOK_BACK))
        models = {}
        whys = {line.letter: waiting.explain((), servers[line.letter]) for line in self._lines.all}
        for letter, (spans, errors) in waiting.learned(calls).items():
            whys[letter] = waiting.explain(spans, servers[letter])
            pace = waiting.pace(spans, servers[letter])
            if pace is not None:
                models[letter] = _Model(pace, waiting.reach(errors))
        return models, whys

    def _past(
        self, window: str, since: int, called: int, ended: int | None, taken: int, guess: int | None, spread: int | None
    ) -> Past:
        """A call; one that was waited for through lunch says nothing of how good the guess was, and one that midnight
        ended (or the morning after, where the hall is off at night) nothing of how long anything takes."""
        if ended is not None and moment(ended, self.zone).date() != moment(called, self.zone).date():
            ended = None
        judged = guess is not None and not self._lines.rests_between(
            moment(taken, self.zone), moment(called, self.zone)
        )
        return Past(window, since, called, ended, taken, guess if judged else None, spread)

    def _servers(self, tx: Tx, at: int) -> dict[str, list[Server]]:
        """The windows that serve each line now."""
        servers: dict[str, list[Server]] = defaultdict(list)
        busy = queue.open_calls(tx)
        day = datetime.fromtimestamp(at / 1000, self._commands.zone).date().isoformat()
        crowd = queue.counts(tx, day)
        for stand in queue.windows(tx).values():
            if stand.state != "open" or stand.day != day:
                continue
            letters = self._lines.letters(tuple(stand.services.split(",")))
            whole = sum(crowd.get(letter, 0) + 1 for letter in letters)
            call = busy.get(stand.id)
            for letter in letters:
                share = (crowd.get(letter, 0) + 1) / whole
                servers[letter].append(Server(None if call is None else at - call.at, share))
        return servers
