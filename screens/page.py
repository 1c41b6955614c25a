"""One page: where am I, one clear question, what is said, what can be answered. A page shows a step and emits answers;
it decides nothing and keeps nothing beyond what it shows.

A page is one Python file (what the step becomes) and one .kv beside it (what stands on the page). It is built at its
first use, then reused for good. Its parts are laid out at once: in portrait what is said stands above what can be
touched; in landscape beside it; in low reach everything comes down, so that each target is within 1000 mm of the floor
while question and text stay above them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from kivy.properties import BooleanProperty, ListProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.door import Name
from kiosk.flows.steps import Pick, Trail
from kiosk.words import Words
from screens.front import House
from screens.kit import Kit
from screens.tokens import AIRY
from screens.widgets.emblem import Emblem
from screens.widgets.piece import Piece, Target
from screens.widgets.stack import Answers, Stack, Tell
from screens.widgets.wording import Wording

Emit = Callable[[object], None]


_Place = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where what is said and what can be touched would stand; whether all of it fits; on how many pages of cards."""

    tell: _Place
    answers: _Place
    fits: bool
    pages: int


class Page(Widget):
    """`sign`: a large icon above the question; `centred`: the question in the middle of the line.

    `share`: the part of the width that what is said takes in landscape; `loose`: how much of the free height may
    become air between what is said, `sink`: above it; `beside`: ids of what, in landscape, stands above the answers,
    because beside the question there is not the height for it. `bare`: without the header.

    `without`: buttons of the bar that lead nowhere from here.
    """

    question = StringProperty("")
    hint = StringProperty("")
    share = NumericProperty(0.46)
    sign = StringProperty("")
    centred = BooleanProperty(False)
    loose = NumericProperty(0.0)
    sink = NumericProperty(0.0)
    beside = ListProperty([])
    bare: ClassVar[bool] = False
    without: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, **kwargs: Any) -> None:
        self.emblem = Emblem()
        self.trail = Wording(tone="quiet")
        self.heading = Wording(role="title", bold=True, balanced=True, above=2)
        self.advice = Wording(role="body", tone="quiet", above=2)
        self._homes: list[tuple[Piece, int]] = []
        self.house = House(Name(""))
        self.emit: Emit = lambda _answer: None
        super().__init__(**kwargs)

    def on_kv_post(self, _base: object) -> None:
        found = {type(child): child for child in self.children}
        self.tell: Tell = found.get(Tell) or Tell()
        self.answers: Answers = found.get(Answers) or Answers()
        for part in (self.tell, self.answers):
            if part.parent is None:
                self.add_widget(part)
        for piece in (self.advice, self.heading, self.trail, self.emblem):
            self.tell.add_widget(piece, index=len(self.tell.children))

    # ---- for the pages -------------------------------------------------------------------------------------------

    def show(self, step: Any, kit: Kit, *, fresh: bool) -> None:
        """Take over what `step` says. `fresh`: the page was not standing before."""

    def clock(self, now: datetime, words: Words, hall: str) -> None:
        """Each minute, for a bare page: it shows hall and time itself."""

    def wipe(self) -> None:
        """Forget whatever was one resident's, and give back what the drawing of a page that is not seen holds."""
        self.trail.text = ""
        self.tell.forget()
        self.answers.forget()
        for piece in self.pieces():
            piece.undraw()

    def pick(self, choice: str) -> None:
        self.emit(Pick(choice))

    def where(self, trail: Trail, kit: Kit) -> None:
        """Show where the resident stands: 预约　健身房　2 / 4."""
        parts = [kit.words.word(word) for word in trail.words]
        if trail.of:
            parts.append(f"{trail.at} / {trail.of}")
        self.trail.text = "\u3000".join(parts) if kit.words.language == "zh" else "  ·  ".join(parts)

    def margin(self, kit: Kit) -> int:
        """What is left free at the panel's sides, in px."""
        return kit.tokens.margin

    # ---- for the shell -------------------------------------------------------------------------------------------

    def fire(self, target: Target) -> None:
        """A target was touched and let go."""
        if target.answer is not None:
            self.emit(target.answer)
        elif target.choice:
            self.pick(target.choice)

    def lay(self, kit: Kit, width: int, bottom: int, top: int) -> None:
        """Put everything into its place between the bar (`bottom`) and the header (`top`), in the roomiest rhythm in
        which it fits and no card moves to a further page."""
        self.heading.text, self.advice.text, self.emblem.icon = self.question, self.hint, self.sign
        for piece in (self.emblem, self.heading, self.advice):
            piece.align = "center" if self.centred else "left"
        self.advice.balanced = self.centred
        self._settle(self.tell if kit.tokens.portrait else self.answers)
        for piece in self._may_go():
            piece.stand_whole()
        for air in range(AIRY, -1, -1):
            trial = kit.aired(air)
            plan = self._plan(trial, width, bottom, top)
            if air == 0 or (plan.fits and plan.pages == 1):
                break
            if plan.fits and plan.pages <= self._plan(kit.aired(0), width, bottom, top).pages:
                break
        plan = self._without_what_may_go(trial, plan, width, bottom, top)
        self.tell.put(trial, *plan.tell)
        self.answers.put(trial, *plan.answers)

    def _may_go(self) -> list[Piece]:
        return [piece for part in (self.tell, self.answers) for piece in part.pieces() if piece.spare]

    def _without_what_may_go(self, kit: Kit, plan: _Plan, width: int, bottom: int, top: int) -> _Plan:
        """What is good to know gives way, the lowest first, where what must be said leaves no room for it."""
        for piece in reversed(self._may_go()):
            while not plan.fits and piece.give_way():
                plan = self._plan(kit, width, bottom, top)
        return plan

    def _plan(self, kit: Kit, width: int, bottom: int, top: int) -> _Plan:
        return (self._upright if kit.tokens.portrait else self._lying)(kit, width, bottom, top)

    def _upright(self, kit: Kit, width: int, bottom: int, top: int) -> _Plan:
        tokens = kit.tokens
        margin, between = self.margin(kit), tokens.rhythm(7, 2)
        low_edge = bottom + tokens.rhythm(6, 1.5)
        high_edge = top - (tokens.sized(16) if self.bare else tokens.rhythm(6, 2))
        room = width - 2 * margin
        limit = self.answers.highest(kit, room, high_edge)
        tell, wanted = self.tell.natural(kit, room), self.answers.wanted(kit, room)
        below = high_edge - tell - between
        answers = max(0, min(limit, below) - low_edge)
        fits = self.answers.natural(kit, room) <= answers and tell <= high_edge - low_edge
        pages = self.answers.pages(kit, room, answers)
        spare = max(0, below - low_edge - wanted)
        stretch = min(spare, self.tell.most(kit, room) - tell)
        spare -= stretch
        if tokens.low:
            answers = min(answers, wanted)
            foot = min(low_edge + answers + tokens.rhythm(8, 2), high_edge - tell)
            return _Plan((margin, foot, room, tell), (margin, low_edge, room, answers), fits, pages)
        tall = tell + stretch + int(spare * self.loose)
        head = high_edge - int(spare * self.sink)
        answers = max(0, min(limit, head - tall - between) - low_edge)
        return _Plan((margin, head - tall, room, tall), (margin, low_edge, room, answers), fits, pages)

    def _lying(self, kit: Kit, width: int, bottom: int, top: int) -> _Plan:
        tokens = kit.tokens
        margin, gutter = self.margin(kit), tokens.sized(12)
        low_edge, high_edge = bottom + tokens.rhythm(6, 1), top - tokens.rhythm(5, 2)
        room = width - 2 * margin
        left = int((room - gutter) * self.share)
        right = room - gutter - left
        tell, answers = self.tell.natural(kit, left), self.answers.highest(kit, right, high_edge) - low_edge
        fits = tell <= high_edge - low_edge and self.answers.natural(kit, right) <= answers
        pages = self.answers.pages(kit, right, answers)
        spare = max(0, high_edge - tell - low_edge)
        stretch = min(spare, self.tell.most(kit, left) - tell)
        tell += stretch + int((spare - stretch) * self.loose)
        said = (margin, high_edge - tell, left, tell)
        return _Plan(said, (margin + left + gutter, low_edge, right, answers), fits, pages)

    def _settle(self, home: Stack) -> None:
        """Move the pieces of `beside` to where they stand in this orientation, in their order."""
        if not self._homes:
            self._homes = [(self.ids[name].__self__, self.tell.children.index(self.ids[name])) for name in self.beside]
        back = home is self.tell
        for piece, index in sorted(self._homes, key=lambda pair: pair[1]):
            if piece.parent is not home:
                piece.parent.remove_widget(piece)
                home.add_widget(piece, index=index if back else len(home.children))

    def targets(self) -> list[Target]:
        """What can be touched on this page, in reading order."""
        return [w for w in self.answers.walk(restrict=True) if isinstance(w, Target) and w.width > 0]

    def pieces(self) -> list[Piece]:
        return [w for w in self.walk(restrict=True) if isinstance(w, Piece)]

