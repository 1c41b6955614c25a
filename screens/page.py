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

from kivy.properties import ListProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from kiosk.door import Name
from kiosk.flows.steps import Pick, Trail
from kiosk.words import Words
from screens.kit import Kit
from screens.widgets.piece import Piece, Target
from screens.widgets.stack import Answers, Stack, Tell
from screens.widgets.wording import Wording

Emit = Callable[[object], None]


@dataclass(frozen=True, slots=True)
class House:
    """What pages say of the hall itself: its name, who keeps telephone numbers (the hall where empty), and for how many
    days after the matter ends."""

    name: Name
    keeper: Name = Name("")  # noqa: RUF009 - a frozen value
    days: int = 7


class Page(Widget):
    """`share`: the part of the width that what is said takes in landscape; `loose`: how much of the free height may
    become air between what is said; `beside`: ids of what, in
    landscape, stands above the answers, because beside the question there is not the height for it. `bare`: without
    the header.

    `without`: buttons of the bar that lead nowhere from here.
    """

    question = StringProperty("")
    hint = StringProperty("")
    share = NumericProperty(0.46)
    loose = NumericProperty(0.0)
    beside = ListProperty([])
    bare: ClassVar[bool] = False
    without: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, **kwargs: Any) -> None:
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
        for piece in (self.advice, self.heading, self.trail):
            self.tell.add_widget(piece, index=len(self.tell.children))

    # ---- for the pages -------------------------------------------------------------------------------------------

    def show(self, step: Any, kit: Kit, *, fresh: bool) -> None:
        """Take over what `step` says. `fresh`: the page was not standing before."""

    def clock(self, now: datetime, words: Words, hall: str) -> None:
        """Each minute, for a bare page: it shows hall and time itself."""

    def wipe(self) -> None:
        """Forget whatever was one resident's."""
        self.trail.text = ""
        self.tell.forget()
        self.answers.forget()
        for piece in self.pieces():
            piece.renew()

    def pick(self, choice: str) -> None:
        self.emit(Pick(choice))

    def where(self, trail: Trail, kit: Kit) -> None:
        """Show where the resident stands: 预约　健身房　2 / 4."""
        parts = [kit.words.word(word) for word in trail.words]
        if trail.of:
            parts.append(f"{trail.at} / {trail.of}")
        self.trail.text = "\u3000".join(parts) if kit.words.language == "zh" else "  ·  ".join(parts)

    # ---- for the shell -------------------------------------------------------------------------------------------

    def fire(self, target: Target) -> None:
        """A target was touched and let go."""
        if target.answer is not None:
            self.emit(target.answer)
        elif target.choice:
            self.pick(target.choice)

    def lay(self, kit: Kit, width: int, bottom: int, top: int) -> None:
        """Put everything into its place between the bar (`bottom`) and the header (`top`)."""
        self.heading.text, self.advice.text = self.question, self.hint
        tokens = kit.tokens
        self._settle(self.tell if tokens.portrait else self.answers)
        margin = tokens.margin
        low_edge, high_edge = bottom + tokens.mm(6), top - tokens.mm((16 if self.bare else 6) if tokens.portrait else 5)
        limit = min(tokens.reach_top, high_edge)
        room = width - 2 * margin
        if tokens.portrait:
            tell = self.tell.natural(kit, room)
            wanted = self.answers.wanted(kit, room)
            if tokens.low:
                answers = min(limit - low_edge, wanted)
                foot = low_edge + answers + tokens.mm(8)
                self.tell.put(kit, margin, min(foot, high_edge - tell), room, tell)
            else:
                tell += int(max(0, high_edge - tell - low_edge - wanted) * self.loose)
                answers = max(0, min(limit, high_edge - tell - tokens.mm(7)) - low_edge)
                self.tell.put(kit, margin, high_edge - tell, room, tell)
            self.answers.put(kit, margin, low_edge, room, answers)
        else:
            gutter = tokens.mm(12)
            left = int((room - gutter) * self.share)
            tell = self.tell.natural(kit, left)
            tell += int(max(0, high_edge - tell - low_edge) * self.loose)
            self.tell.put(kit, margin, high_edge - tell, left, tell)
            right = room - gutter - left
            self.answers.put(kit, margin + left + gutter, low_edge, right, limit - low_edge)

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

