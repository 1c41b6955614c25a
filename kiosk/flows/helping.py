"""The two pages that lie over whatever stands: 帮助 (a clerk is rung for) and 显示 (how the pages look).

Neither knows what lies below, and going back finds it untouched. The visit keeps the bell and the look; these only show
them.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flows.places import Back, Move, World
from kiosk.flows.steps import Display, Help, Pick, Press, Step

LOOKS = ("standard", "elder", "contrast")


@dataclass(frozen=True, slots=True)
class Bell:
    """The ring for a clerk in one visit: its command's key, and the state residents see ("" before it rang)."""

    key: str | None = None
    state: str = ""

    def answered(self, *, refused: bool) -> Bell:
        """The hall heard it, or refused it; then it may be rung anew."""
        if refused:
            return Bell(None, "failed")
        return self if self.state == "coming" else Bell(self.key, "rung")

    def unheard(self) -> Bell:
        """The hall does not answer; the same ring is tried again."""
        return Bell(self.key, "failed") if self.state == "ringing" else self

    def coming(self, key: str) -> Bell:
        """A clerk answered the call `key`."""
        return Bell(self.key, "coming") if self.key == key else self


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
