"""Clerks: open their windows, call, wait, call again, send on, go to lunch, close. Each window is a script; of the hall
they know what their page shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import log, sqrt

from kiosk.door import QueueView, Refusal, Role, Ticket, TicketState
from kiosk.hall import Caller
from kiosk.simulation.residents import Resident
from kiosk.simulation.script import Do, Hand, Part, Script, Sleep
from kiosk.simulation.town import Town

_MEAN_S, _CV = 540.0, 0.8
_TWICE = 0.03


class Clerk:
    """One window for one day."""

    def __init__(self, town: Town, window: str, services: tuple[str, ...], day: datetime) -> None:
        self.town, self.window, self.services = town, window, services
        name = f"clerk {window} {day:%Y%m%d}"
        self.chance = town.chance(name)
        self.hand = Hand(name, Caller(f"clerk-{window}", f"{window}号窗口", Role.CLERK), self.chance, _TWICE)

    def works(self, periods: Sequence[tuple[datetime, datetime]]) -> Script:
        """A day at the window."""
        yield self.town.until(periods[0][0] + timedelta(minutes=self.chance.triangular(-12, 8, -2)))
        yield from self._does("open_window", self.services)
        for place, (opens, closes) in enumerate(periods):
            if place:
                yield self.town.until(opens)
                yield from self._does("resume")
            stops = closes + timedelta(minutes=self.chance.uniform(-4, 8))
            yield from self._serves(stops)
            if place + 1 < len(periods):
                yield from self._does("pause", "午休", periods[place + 1][0])
        yield from self._does("close_window")

    def _serves(self, stops: datetime) -> Script:
        while self.town.now < stops:
            if not self.town.watcher.waits(self.services) and self.chance.random() > 0.1:
                yield Sleep(30)
                continue
            serving = self.town.watcher.serving(self.window) or ""
            ticket = yield from self._does("call_next", serving)
            if isinstance(ticket, Ticket):
                yield from self._with(ticket)
            elif isinstance(ticket, Refusal):
                yield Sleep(self.chance.uniform(5, 20))
            else:
                yield Sleep(self.chance.uniform(20, 60))

    def _with(self, ticket: Ticket) -> Script:
        """From the call to the next one."""
        person = self.town.people.get(ticket.id)
        yield Sleep(self.chance.uniform(10, 40))
        if person is None or not person.here(self.town.now):
            yield from self._nobody_comes(ticket)
            return
        what = self.chance.random()
        spread = sqrt(log(1 + _CV**2))
        yield Sleep(min(2400.0, self.chance.lognormvariate(log(_MEAN_S) - spread**2 / 2, spread)))
        if what < 0.04:
            yield from self._holds(ticket)
        elif what < 0.09:
            yield from self._sends_on(ticket)
        elif what < 0.35:
            done = yield from self._does("finish", ticket.number)
            if isinstance(done, Ticket) and done.state is TicketState.DONE and self.chance.random() < 0.4:
                self.town.spawn(Resident(self.town, f"{person.name} rates {ticket.number}").rates(ticket))
        if self.chance.random() < 0.05:  # tea
            yield from self._does("pause", "马上回来", self.town.now + timedelta(minutes=5))
            yield Sleep(self.chance.uniform(120, 400))
            yield from self._does("resume")

    def _nobody_comes(self, ticket: Ticket) -> Script:
        for _ in range(self.chance.randint(1, 4)):
            yield Sleep(30)
            again = yield from self._does("recall", ticket.number)
            if not isinstance(again, Ticket) or again.state is not TicketState.CALLED:
                if isinstance(again, Ticket) and self.chance.random() < 0.5:
                    self.town.spawn(self._comes_back(again.number))
                return
        yield from self._does("no_show", ticket.number)

    def _holds(self, ticket: Ticket) -> Script:
        held = yield from self._does("hold", ticket.number)
        if isinstance(held, Ticket) and self.chance.random() < 0.85:
            self.town.spawn(self._comes_back(ticket.number))

    def _comes_back(self, number: str) -> Script:
        """Somebody who was set aside stands at the window again."""
        yield Sleep(self.chance.uniform(120, 1200))
        if self.chance.random() < 0.7:
            yield from self._does("resume_held", number)
        else:
            called = yield from self._does("call", number)
            if isinstance(called, Ticket):
                yield Sleep(self.chance.uniform(60, 300))

    def _sends_on(self, ticket: Ticket) -> Script:
        windows = [window.id for window in self.town.settings.windows if window.id != self.window]
        services = [service.id for service in self.town.settings.services]
        named: dict[str, object] = {"come_back": self.chance.random() < 0.5}
        if windows and self.chance.random() < 0.5:
            named["to"] = self.chance.choice(windows)
        else:
            named["service"] = self.chance.choice(services)
        yield from self.hand.insist(self.hand.counter("transfer", self.window, **named, serving=ticket.number))

    def _does(self, verb: str, *content: object) -> Part:
        return (yield from self.hand.insist(self.hand.counter(verb, self.window, *content)))


def same_number(town: Town, windows: Sequence[str], name: str) -> Script:
    """Two clerks want the same resident, at the same instant."""
    chance = town.chance(name)
    view = yield Do(lambda: town.site.house.counter(Caller("clerk-eye", "看", Role.CLERK)).view(chance.choice(windows)))
    if isinstance(view, QueueView) and view.waiting:
        number = chance.choice(view.waiting).ticket.number
        for window in chance.sample(list(windows), min(2, len(windows))):
            hand = Hand(f"{name} {window}", Caller(f"clerk-{window}", f"{window}号窗口", Role.CLERK), chance)
            town.spawn(_presses(hand, "call", window, number))


def everyone_calls(town: Town, windows: Sequence[str], name: str) -> None:
    """All clerks call the next, at the same instant."""
    for window in windows:
        hand = Hand(f"{name} {window}", Caller(f"clerk-{window}", f"{window}号窗口", Role.CLERK), town.chance(name))
        town.spawn(_presses(hand, "call_next", window, town.watcher.serving(window) or ""))


def _presses(hand: Hand, verb: str, window: str, *content: object) -> Script:
    yield hand.counter(verb, window, *content)
