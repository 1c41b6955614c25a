"""The digits printed on a slip, being typed: an appointment's six or a request's ten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kiosk.door import Reason
from kiosk.flows.booking import refused
from kiosk.flows.keypads import Read, pressed, read_code, read_request_code
from kiosk.flows.places import Fetch, Move, Stay, World, leads_on, refusal_of
from kiosk.flows.steps import EnterCode, Pick, Press, Step, Trail
from kiosk.rules import codes


@dataclass(frozen=True, slots=True)
class CodePlace:
    """`shown` leads to the page of what was found, None where the hall found nothing. `request`: only a request's ten
    digits are wanted."""

    trail: Trail
    shown: Callable[[object, World], Move | None] = field(repr=False)
    request: bool = False
    typed: str = ""
    problem: Reason | None = None
    scans: bool = True
    over: bool = False

    def step(self, world: World) -> Step:
        read = self._read(self.typed)
        scanner = self.request and world.scanner
        return EnterCode(self.trail, self.typed, read.missing, self.problem, request=self.request, scanner=scanner,
                         full=len(self.typed) >= read.most)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        if isinstance(answer, Press):
            return Stay(replace(self, typed=pressed(self.typed, answer.key, self._read), problem=None))
        if answer.choice != "ok" or not self._read(self.typed).whole:
            return None
        if world.codes_wait_until is not None:
            return Stay(replace(self, problem=Reason("codes-wait", {"until": world.codes_wait_until})))
        method = "request" if len(self.typed) == codes.REQUEST_LENGTH else "appointment"
        return Fetch(method, (self.typed,), self._looked_up)

    def _read(self, typed: str) -> Read:
        return (read_request_code if self.request else read_code)(typed)

    def _looked_up(self, value: object, world: World) -> Move:
        move = self.shown(value, world)
        if move is not None:
            return move
        refusal = refusal_of(value)
        return refused(refusal, trail=self.trail) if leads_on(refusal) else Stay(replace(self, problem=refusal.reason))
