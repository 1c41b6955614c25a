"""What stands at the kiosk's door whoever is here: the hall's public facts, whether it answers, whose clock is right.

It asks the hall about itself and its queues every 15 s, every second while it does not answer: the kiosk heals by
itself. It knows nothing of any resident and therefore outlives every visit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from kiosk.door import HallAway, HallFacts, Reason, Refusal, Service
from kiosk.flows import timing
from kiosk.flows.places import many
from kiosk.flows.steps import Ask, Waiting


class Porch:
    """The waiting page. Its asks have negative numbers, so that no visit's answer is ever taken for one of them.
    `requests`: this hall takes requests."""

    def __init__(self, *, requests: bool = True) -> None:
        self._requests = requests
        self.facts: HallFacts | None = None
        self.services: tuple[Service, ...] | None = None
        self.away: Reason | None = Reason("starting")
        self.shut = False
        self.offset = timedelta()
        self._number = 0
        self._began: datetime | None = None
        self._ask_at: datetime | None = None
        self._lost_until: datetime | None = None

    def step(self, now: datetime) -> Waiting:
        lost = self._lost_until is not None and now < self._lost_until
        return Waiting(self.facts, self.away, lost, () if self.away else self.services or (), self.shut)

    def cards(self) -> tuple[str, ...]:
        """What the first page offers: no numbers in a hall that is known to have no queues, no requests where
        hall.toml has no categories."""
        queues, requests = ("ticket",) * (self.services != ()), ("request",) * self._requests
        return ("book", *queues, *requests, "mine", "help")

    def slip_lost(self, now: datetime) -> None:
        """Say for 60 s that a slip of the visit before a crash was not printed."""
        self._lost_until = now + timing.LOST_SLIP

    def refresh(self, now: datetime) -> None:
        """Ask at the next tick: the free places have changed."""
        self._ask_at = now

    def tick(self, now: datetime) -> tuple[Ask, ...]:
        self._began = self._began or now
        if self._lost_until is not None and now >= self._lost_until:
            self._lost_until = None
        if self._ask_at is not None and now < self._ask_at:
            return ()
        self._number -= 2
        self._ask_at = now + timing.ABOUT_LOST
        return (Ask(self._number, "about"), Ask(self._number - 1, "services"))

    def replied(self, number: int, value: object, now: datetime) -> None:
        """The hall's answer about itself, or that it gave none. An older question's answer changes nothing."""
        if number == self._number - 1:
            self.services = many(value, Service)
        if number != self._number:
            return
        self._ask_at = now + timing.ABOUT_EVERY
        if isinstance(value, HallFacts):
            apart = value.now - now
            self.offset = apart if abs(apart) > timing.CLOCKS_APART else timedelta()
            # to the minute, as it is shown: what says nothing new is equal to what was said before
            self.facts = replace(value, now=value.now.replace(second=0, microsecond=0))
            self.away = value.clock_doubt or (Reason("kiosk-clock") if self.offset else None)
            self.shut = False
            return
        starting = self.facts is None and self._began is not None and now - self._began < timing.STARTING
        told = value.reason if isinstance(value, Refusal | HallAway) else None
        self.away = told or Reason("starting" if starting else "hall-away")
        self.shut = self.away.code != "starting"  # who presses while it starts is served in a moment
        self._ask_at = now + timing.ABOUT_AGAIN

    def due(self) -> list[datetime]:
        return [moment for moment in (self._ask_at, self._lost_until) if moment is not None]

    def shift(self, by: timedelta) -> None:
        """The clock was set back: move every moment with it."""
        self._ask_at = self._ask_at + by if self._ask_at else None
        self._began = self._began + by if self._began else None
        self._lost_until = self._lost_until + by if self._lost_until else None
