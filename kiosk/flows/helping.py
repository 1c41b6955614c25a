"""The two pages that lie over whatever stands: 帮助 (a clerk is rung for) and 显示 (how the pages look).

Neither knows what lies below, and going back finds it untouched. The visit keeps the ring's state and the look; these
only show them.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flows.places import Back, Move, World
from kiosk.flows.steps import Display, Help, Pick, Press, Step

LOOKS = ("standard", "elder", "contrast")


@dataclass(frozen=True, slots=True)
class HelpPlace:
    """`state` as in `steps.Help`."""

    state: str = "ringing"
    why: str = "help"
    scans: bool = False
    over: bool = True

    def step(self, world: World) -> Step:
        del world
        return Help(self.state, self.why)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        """Any choice is 知道了."""
        del world
        return Back() if isinstance(answer, Pick) else None


@dataclass(frozen=True, slots=True)
class DisplayPlace:
    """The visit handles its choices (a look's name, "low"), for they are the visit's; "done" goes back."""

    look: str
    low: bool
    scans: bool = False
    over: bool = True

    def step(self, world: World) -> Step:
        del world
        return Display(self.look, self.low)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        return Back() if isinstance(answer, Pick) and answer.choice == "done" else None
