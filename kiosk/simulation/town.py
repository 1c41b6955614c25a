"""Time and everybody in it: an agenda of scripts. Its time is the true one; the hall's clock goes with it, also while
somebody has set it wrong. Whatever falls on one instant goes to the hall together.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from kiosk.clock import FakeClock
from kiosk.config import Settings
from kiosk.door import Appointment, Request, Ticket
from kiosk.hall import Caller
from kiosk.simulation.script import Command, Do, Script, Sleep
from kiosk.simulation.site import Site
from kiosk.simulation.watcher import Watcher
from kiosk.simulation.wire import Wire

_AROUND = timedelta(minutes=15)
_GRID_S = 5  # so that much of what happens, happens at once


Print = Callable[[Caller, str, Appointment | Ticket | Request], Awaitable[None]]


@dataclass(slots=True)
class Person:
    """Somebody who came with a number. `leaves`: when they have had enough."""

    name: str
    chance: random.Random
    leaves: datetime

    def here(self, now: datetime) -> bool:
        """Whether they still sit in the hall."""
        return now < self.leaves


class Town:
    """One simulation's world. Everybody's luck comes from `seed` and their own name, so that one more or less of them
    changes nobody else's day."""

    def __init__(self, seed: int, site: Site, watcher: Watcher, clock: FakeClock) -> None:
        self.site, self.watcher, self.clock = site, watcher, clock
        self.people: dict[str, Person] = {}
        self.residents = 0
        self.periods: list[tuple[datetime, datetime]] = []
        """When the hall is open today."""
        self.print: Print = _no_paper
        """Puts a slip into somebody's hand."""
        self._seed = seed
        self._began = clock.now()
        self._elapsed = 0
        self._agenda: list[tuple[int, int, Script]] = []
        self._count = 0
        self.wire = Wire(site, watcher, self.chance("wire"), self.spawn)

    @property
    def settings(self) -> Settings:
        """The hall.toml that is in force."""
        return self.site.settings

    @property
    def now(self) -> datetime:
        """The true time."""
        return self._began + timedelta(seconds=self._elapsed)

    @property
    def busy(self) -> bool:
        """Whether the hall is open, or nearly."""
        return any(opens - _AROUND <= self.now <= closes + _AROUND for opens, closes in self.periods)

    def chance(self, name: str) -> random.Random:
        """Somebody's luck."""
        return random.Random(f"{self._seed}/{name}")  # noqa: S311 - to be had again, not to be secret

    def until(self, moment: datetime) -> Sleep:
        """Nothing until then."""
        return Sleep(max(0.0, (moment - self.now).total_seconds()))

    def spawn(self, script: Script, at: datetime | None = None) -> None:
        """Somebody begins, at once or at a moment."""
        seconds = 0.0 if at is None else (at - self.now).total_seconds()
        self._put(script, max(0.0, seconds))

    async def live(self, until: datetime) -> None:
        """Have everything happen that happens until then."""
        end = round((until - self._began).total_seconds())
        while self._agenda and self._agenda[0][0] <= end:
            at = self._agenda[0][0]
            self._pass(at)
            due = []
            while self._agenda and self._agenda[0][0] == at:
                due.append(heapq.heappop(self._agenda)[2])
            await self._instant(due)
        self._pass(end)

    async def _instant(self, due: list[Script]) -> None:
        ready: list[tuple[Script, object]] = [(script, None) for script in due]
        while ready:
            volley = []
            for script, answer in ready:
                command = await self._next(script, answer)
                if command is not None:
                    volley.append((script, command))
            ready = await self.wire.volley(volley)

    async def _next(self, script: Script, answer: object) -> Command | None:
        """The command a script gives now; None when it sleeps or is over."""
        while True:
            try:
                step = script.send(answer)
            except StopIteration:
                return None
            if isinstance(step, Command):
                return step
            if isinstance(step, Sleep):
                self._put(script, step.seconds)
                return None
            assert isinstance(step, Do)
            answer = await step.run()

    def _put(self, script: Script, seconds: float) -> None:
        self._count += 1
        at = self._elapsed + max(1, ceil(seconds)) if seconds else self._elapsed
        heapq.heappush(self._agenda, (ceil(at / _GRID_S) * _GRID_S, self._count, script))

    def _pass(self, to: int) -> None:
        if to > self._elapsed:
            self.clock.advance(timedelta(seconds=to - self._elapsed))
            self._elapsed = to


async def _no_paper(_caller: Caller, _key: str, _held: Appointment | Ticket | Request) -> None:
    """Before anybody has put a printer there."""
