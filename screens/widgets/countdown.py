"""How long this page still stands: a sentence with the seconds, and a line that grows shorter. Never the line alone."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import NumericProperty, OptionProperty, StringProperty

from screens.kit import Kit
from screens.widgets.piece import Piece
from screens.widgets.wording import Wording


class Countdown(Piece):
    """`text` says it; `seconds` of `whole` are left. Its width never changes with the number."""

    speech_role = "timer"
    text = StringProperty("")
    seconds = NumericProperty(0)
    whole = NumericProperty(1)

    align = OptionProperty("center", options=("left", "center"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._text = Wording(align="center", tone="quiet")
        self.add_widget(self._text)

    def natural(self, kit: Kit, width: int) -> int:
        self._text.text = self.label = self.text
        self._text.align = self.align
        return self._text.natural(kit, width) + kit.tokens.mm(3) if self.text else 0

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        self.ink.clear()
        thick = kit.tokens.mm(1)
        self._text.put(kit, x, y + thick, w, max(0, h - thick))
        if not self.text or not w:
            return
        long = int(w * min(1.0, self.seconds / max(1, self.whole)))
        with self.ink:
            Color(*kit.colour("rule"))
            Rectangle(pos=(x, y), size=(w, thick))
            Color(*kit.colour("quiet"))
            Rectangle(pos=(x, y), size=(long, thick))
