"""Large signs for the pages that only say something: an icon, and the seconds that are left in a ring that opens."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle, SmoothLine
from kivy.properties import NumericProperty, OptionProperty, StringProperty

from screens.kit import Kit
from screens.tokens import AIRY
from screens.widgets.piece import Piece
from screens.widgets.wording import Wording


class Emblem(Piece):
    """An icon as large as the page has room for; the words beside it say the same."""

    speech_role = "image"
    icon = StringProperty("")
    tone = StringProperty("accent")
    align = OptionProperty("left", options=("left", "center"))

    def _side(self, kit: Kit) -> int:
        step = 3 + kit.tokens.air + (kit.tokens.air == AIRY and kit.tokens.portrait)
        return kit.icon(self.icon, kit.tokens.scale[step]).width

    def natural(self, kit: Kit, width: int) -> int:
        return self._side(kit) + kit.tokens.rhythm(1, 1) if self.icon else 0

    def draw(self, kit: Kit) -> None:
        self.ink.clear()
        if not self.icon or not self.width:
            return
        side = self._side(kit)
        left = self.x if self.align == "left" else self.center_x - side / 2
        with self.ink:
            Color(*kit.colour(self.tone))
            Rectangle(texture=kit.icon(self.icon, side), size=(side, side), pos=(int(left), int(self.top - side)))


class Dial(Piece):
    """`seconds` of `whole` are left: the number, and a ring as long as the time. Never the ring alone."""

    speech_role = "timer"
    seconds = NumericProperty(0)
    whole = NumericProperty(1)
    above = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._text = Wording(align="center")
        self.add_widget(self._text)

    def natural(self, kit: Kit, width: int) -> int:
        self.label = str(self.seconds)
        least = kit.tokens.line(kit.tokens.font("code")) + kit.tokens.sized(6)
        return min(width, max(kit.tokens.rhythm(56, 12 if kit.tokens.portrait else 4), least))

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        self._text.text, self._text.role = str(self.seconds), "code"
        line = min(h, kit.tokens.line(kit.tokens.font("code")))
        self._text.put(kit, x, y + (h - line) // 2, w, line)
        self.ink.clear()
        if not w or not h:
            return
        thick = kit.tokens.mm(1.2)
        radius = min(w, h) / 2 - thick - 1
        with self.ink:
            Color(*kit.colour("rule"))
            SmoothLine(circle=(self.center_x, self.center_y, radius, 0, 360, 120), width=thick)
            left = 360 * min(1.0, self.seconds / max(1, self.whole))
            if left > 0:
                Color(*kit.colour("ink"))
                SmoothLine(circle=(self.center_x, self.center_y, radius, 360 - left, 360, 120), width=thick)
