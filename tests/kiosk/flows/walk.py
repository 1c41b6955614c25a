"""Walks a visit the way a resident does: a test reads as the pages seen and what was pressed on each."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kiosk.clock import FakeClock
from kiosk.door import Hall, HallAway
from kiosk.flows.steps import Answer, Ask, Leave, PaperEnded, Pick, Press, PrintSlip, Replied, Step
from kiosk.flows.visit import Defaults, Visit
from tests.kiosk.flows.small_hall import MONDAY, SmallHall


def at_once(asked: Coroutine[object, None, object]) -> object:
    """Run what the hall does; the small hall never waits, a real one gets a loop of its own."""
    if asked.__qualname__.startswith("SmallHall"):
        try:
            asked.send(None)
        except StopIteration as done:
            return done.value
        raise AssertionError("the small hall waited")
    return asyncio.run(asked)


def digits(number: str) -> tuple[Press, ...]:
    return tuple(Press(digit) for digit in number)


@dataclass
class Walk:
    """`wire` "up": the hall answers at once; "down": it does not hear; "deaf": it hears and does, but its answer is
    lost; "slow": asks pile up in `asked` until `deliver`. `paper`: how slips end, None leaves them printing."""

    hall: Hall = field(default_factory=SmallHall)
    defaults: Defaults = field(default_factory=Defaults)
    now: datetime = MONDAY
    wire: str = "up"
    paper: str | None = "printed"
    clock: FakeClock | None = None
    ids: str = "key"

    def __post_init__(self) -> None:
        ids = itertools.count(1)
        self.visit = Visit(lambda: f"{self.ids}-{next(ids)}", self.defaults)
        self.asked: list[Ask] = []
        self.sent: list[Ask] = []
        self.slips: list[PrintSlip] = []
        self.left = 0
        self._do(self.visit.start(self.now).effects)

    # ---- what the resident does -------------------------------------------------------------------------------------

    @property
    def page(self) -> Step:
        return self.visit.step(self.now)

    def do(self, *answers: Answer) -> Step:
        for answer in answers:
            self._do(self.visit.handle(answer, self.now).effects)
        return self.page

    def path(self, *stops: object) -> Step:
        """Pages and answers in turn: a Step class is looked for, anything else is done."""
        for stop in stops:
            if isinstance(stop, type):
                assert isinstance(self.page, stop), f"expected {stop.__name__}, stands on {self.page!r}"
            elif isinstance(stop, tuple):
                self.do(*stop)
            else:
                self.do(stop)  # type: ignore[arg-type]
        return self.page

    def wait(self, seconds: float) -> Step:
        """Let time pass, ticking exactly when the visit asked to."""
        until = self.now + timedelta(seconds=seconds)
        while (due := self.visit.due(self.now)) is not None and due <= until:
            self._pass(max(due, self.now + timedelta(milliseconds=1)))
            self._do(self.visit.tick(self.now).effects)
        self._pass(until)
        self._do(self.visit.tick(self.now).effects)
        return self.page

    def _pass(self, to: datetime) -> None:
        if isinstance(self.hall, SmallHall):
            self.hall.now += to - self.now
        if self.clock:
            self.clock.set(to)
        self.now = to

    def at(self, moment: datetime) -> Step:
        """Nobody comes until then."""
        self._pass(moment)
        self._do(self.visit.tick(moment).effects)
        return self.page

    # ---- what the world does ----------------------------------------------------------------------------------------

    def _do(self, effects: tuple[object, ...]) -> None:
        for effect in effects:
            if isinstance(effect, Ask):
                self.sent.append(effect)
                self.asked.append(effect)
                if self.wire != "slow":
                    self.deliver()
            elif isinstance(effect, PrintSlip):
                self.slips.append(effect)
                if self.paper:
                    self.do(PaperEnded(effect.job, self.paper))
            elif isinstance(effect, Leave):
                self.left += 1

    def deliver(self) -> None:
        """Carry what was asked to the hall and its answers back."""
        asked, self.asked = self.asked, []
        for ask in asked:
            value: object = HallAway()
            if self.wire != "down":
                method = getattr(self.hall, ask.method)
                value = at_once(method(*([ask.key] if ask.key else []), *ask.args))
            self.do(Replied(ask.number, HallAway() if self.wire == "deaf" else value))

    @property
    def commands(self) -> list[Ask]:
        return [ask for ask in self.sent if ask.key]


TO_CHECK = (Pick("start"), Pick("book"), Pick("gym"), Pick("2026-11-24"), Pick("2026-11-24T09:00:00+08:00"), Pick("1"),
            digits("13912345678"), Pick("ok"))
