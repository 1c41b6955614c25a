"""A telephone number being typed, whoever asks for one: to book, to find a booking, for a number, for a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from kiosk.door import Reason
from kiosk.flows.keypads import pressed, read_phone
from kiosk.flows.places import Move, Stay, World
from kiosk.flows.steps import EnterPhone, Pick, Press, Step, Trail


@dataclass(frozen=True, slots=True)
class PhonePlace:
    """`then` says what follows once the number is whole, and gets this page to come back to; `instead`: what else can
    be picked here by whoever has none. `problem`: what the hall said of the number."""

    trail: Trail
    purpose: str
    then: Callable[[PhonePlace], Move] = field(repr=False)
    instead: Mapping[str, Move] = field(default_factory=dict, repr=False)
    typed: str = field(default="", repr=False)
    problem: Reason | None = None
    scans: bool = False
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        read = read_phone(self.typed)
        full = len(self.typed) >= read.most
        return EnterPhone(self.trail, self.purpose, self.typed, read.missing, self.problem or read.problem, full)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if isinstance(answer, Press):
            return Stay(replace(self, typed=pressed(self.typed, answer.key, read_phone), problem=None))
        if answer.choice == "ok" and read_phone(self.typed).whole:
            return self.then(self)
        return self.instead.get(answer.choice)
