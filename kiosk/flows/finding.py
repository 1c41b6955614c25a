"""Finding something by its initials, its pinyin or its characters, whichever flow looks for it: what one came for, a
place, what a request is about. Letters and handwriting are equal doors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from kiosk.flows.keypads import spelt
from kiosk.flows.places import Move, Prompt, Stay, World
from kiosk.flows.steps import Find, FoundName, Pick, Press, Step, Trail
from kiosk.words import _
from kiosk.writing.search import Hit, Index

T = TypeVar("T")

MOST_WRITTEN = 12
"""Characters of a name that are written by hand; two or three are enough to find it."""
_HAND = "hand"


@dataclass(frozen=True, slots=True)
class Sought(Generic[T]):
    """What can be found. `what`: as in `Find`; `card`: how something found stands on the page; `then`: what follows
    when it is picked; `instead`: what else can be picked."""

    what: str
    trail: Trail
    index: Index[T]
    card: Callable[[Hit[T]], FoundName]
    then: Callable[[T], Move]
    instead: Mapping[str, Move]


@dataclass(frozen=True, slots=True)
class FindingPlace(Generic[T]):
    """The page to find it on. What is written by hand comes back here, to its place."""

    sought: Sought[T] = field(repr=False)
    scans: bool = False
    typed: str = field(default="", repr=False)
    over: bool = False

    def step(self, world: World) -> Step:
        sought, look = self.sought, self.sought.index.look(self.typed)
        cards = tuple(sought.card(hit) for hit in look.hits)
        return Find(sought.trail, sought.what, self.typed, cards, look.letters, _by_hand(world))

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        if isinstance(answer, Press):
            return Stay(replace(self, typed=spelt(self.typed, answer.key)))
        if answer.choice == "write" and world.writer is not None and _by_hand(world):
            asked = Prompt(self.sought.trail, _("写出要找的名字"), _("写一两个字就可以"), _HAND,
                           lambda _place, _text: Stay(self))
            return Stay(world.writer.place("", MOST_WRITTEN, self._written, asked))
        hits = self.sought.index.look(self.typed).hits
        if answer.choice.isdecimal() and int(answer.choice) < len(hits):
            return self.sought.then(hits[int(answer.choice)].thing)
        return self.sought.instead.get(answer.choice)

    def _written(self, text: str) -> Move:
        return Stay(replace(self, typed=text))


def _by_hand(world: World) -> bool:
    return world.writer is not None and _HAND in world.writer.ways
