"""Text on a page: broken by our own rules, drawn line by line in fonts that have every character. It never shrinks and
never cuts: a page is designed so that it fits.
"""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, NumericProperty, OptionProperty, StringProperty

from screens.kit import BELOW, Kit, Run
from screens.widgets.piece import Piece

_KEPT = 12  # ways of breaking one text that are kept: a page tries several widths before it settles


class Wording(Piece):
    """`role`: a font role of the tokens; `tone`: a colour name; `private`: said to one resident only, so forgotten."""

    speech_role = "text"
    text = StringProperty("")
    role = StringProperty("body")
    tone = StringProperty("ink")
    bold = BooleanProperty(False)
    align = OptionProperty("left", options=("left", "center", "right"))
    balanced = BooleanProperty(False)
    private = BooleanProperty(False)
    roomy = BooleanProperty(False)  # there is room for a line more that keeps a word whole
    above = NumericProperty(0)  # mm of air above, used by the stack it stands in

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._broken: dict[tuple[object, ...], list[str]] = {}
        self._drawn: tuple[object, ...] = ()
        self._runs: list[list[Run]] = []
        self.lent: dict[tuple[object, ...], list[list[Run]]] = {}  # what stands beside it, drawn already
        self._places: list[Any] = []  # where they are drawn
        self._colour = Color()
        self._gone = False

    def stand_whole(self) -> None:
        self._gone = False

    def give_way(self) -> bool:
        """It is left out."""
        was, self._gone = self._gone, True
        return not was and bool(self.text)

    def on_text(self, *_: object) -> None:
        self.label = self.text
        self._broken = {}

    def px(self, kit: Kit) -> int:
        return kit.tokens.font(self.role)

    def lines(self, kit: Kit, width: int, *, roomy: bool = False) -> list[str]:
        key = (self.px(kit), self.bold, width, self.balanced, roomy)
        lines = self._broken.get(key)
        if lines is None:
            if len(self._broken) >= _KEPT:
                self._broken.clear()
            lines = self._broken[key] = self._break(kit, width, roomy=roomy)
        return lines

    def _break(self, kit: Kit, width: int, *, roomy: bool) -> list[str]:
        text, px = self.text, self.px(kit)
        if "\n" not in text and text == text.strip() and kit.width(text, px, bold=self.bold) <= width:
            return [text]  # as most are: what fits on one line is not taken apart
        return kit.lines(text, px, width, bold=self.bold, balanced=self.balanced, more=roomy)

    def natural(self, kit: Kit, width: int) -> int:
        if not self.text or self._gone:
            return 0
        return len(self.lines(kit, width)) * kit.tokens.line(self.px(kit))

    def fit(self, kit: Kit, width: int, *roles: str) -> None:
        """Take the first of `roles` in which the text stands on one line; else the last."""
        wide = (kit.width(self.text, kit.tokens.font(role), bold=self.bold) for role in roles)
        self.role = next((role for role, px in zip(roles, wide, strict=True) if px <= width), roles[-1])

    def widest(self, kit: Kit, width: int) -> int:
        """The width in px of the widest line when broken for `width`."""
        return max((kit.width(line, self.px(kit), bold=self.bold) for line in self.lines(kit, width)), default=0)

    def draw(self, kit: Kit) -> None:
        px = self.px(kit)
        there = self.text and self.width > 0 and self.height > 0
        lines = self.lines(kit, int(self.width), roomy=self.roomy) if there else []
        words = (tuple(lines), px, self.bold)
        if words != self._drawn:
            self._drawn = words
            self._runs = self.lent.get(words) or [kit.runs(line, px, bold=self.bold) if line else [] for line in lines]
        if not lines:
            self._rub_out()
            return
        step = kit.tokens.line(px)
        top = self.y + (self.height + step * len(lines)) / 2
        self._colour.rgb = kit.colour(self.tone)
        used = 0
        for number, runs in enumerate(self._runs):
            width = sum(run.texture.width for run in runs)
            left = self.x + {"left": 0, "center": (self.width - width) / 2, "right": self.width - width}[self.align]
            baseline = top - step * number - step / 2 - px * (0.5 - BELOW)
            for run in runs:
                place = self._place(used)
                place.texture, place.size = run.texture, run.texture.size
                place.pos = (int(left + run.left), int(baseline - run.drop))
                used += 1
        for place in self._places[used:]:
            self.ink.remove(place)
        del self._places[used:]

    def lend(self, to: dict[tuple[object, ...], list[list[Run]]]) -> None:
        """What is drawn here, so that it is not drawn again where the same text comes to stand."""
        if self._runs:
            to[self._drawn] = self._runs

    def _place(self, number: int) -> Any:
        """Where a run is drawn. One that stands is used again: each new one has buffers of its own, 37 kB."""
        if not self._places:
            self.ink.add(self._colour)
        if number == len(self._places):
            self._places.append(Rectangle())
            self.ink.add(self._places[number])
        return self._places[number]

    def _rub_out(self) -> None:
        if self._places:
            self.ink.clear()
            self._places = []

    def overflow(self) -> bool:
        """Whether some line is wider, or all of them higher, than the place given (for the tests)."""
        wide = max((sum(run.texture.width for run in runs) for runs in self._runs), default=0)
        return wide > self.width + 2

    def undraw(self) -> None:
        super().undraw()
        self._drawn, self._runs, self._places = (), [], []

    def forget(self) -> None:
        if self.private:
            self.text = ""
            self.renew()
            self._broken, self._drawn, self._runs = {}, (), []
            self._rub_out()
