"""A word to the resident with its sign: amber with a triangle for what needs care, green with a tick for what is done,
plain with an i for what is good to know, with the scanner's frame for what to hold where. Never colour alone.
"""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import NumericProperty, OptionProperty, StringProperty

from screens.kit import Kit
from screens.widgets.piece import Box, Piece
from screens.widgets.wording import Wording


class Notice(Piece):
    """`kind` "care" (on an amber ground), "good", "info" or "scan". No text: it is not there."""

    speech_role = "status"
    text = StringProperty("")
    kind = OptionProperty("care", options=("care", "good", "info", "scan"))
    role = StringProperty("body")
    above = NumericProperty(0)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._box = Box(self.ground_ink)
        self._text = Wording(private=True)
        self.add_widget(self._text)

    def on_text(self, *_: object) -> None:
        self.label = self._text.text = self.text

    def _measures(self, kit: Kit, width: int) -> tuple[int, int, int]:
        """Icon size, padding, room for the words."""
        icon = kit.icon(self.kind_icon, kit.tokens.font(self.role)).width
        pad = kit.tokens.mm(4) if self.kind == "care" else 0
        return icon, pad, width - icon - kit.tokens.mm(3) - 2 * pad

    @property
    def kind_icon(self) -> str:
        return {"care": "care", "good": "check", "info": "info", "scan": "scan"}[self.kind]

    def natural(self, kit: Kit, width: int) -> int:
        if not self.text:
            return 0
        self._text.role, self._text.bold = self.role, self.kind == "good"
        icon, pad, room = self._measures(kit, width)
        return max(icon, self._text.natural(kit, room)) + (kit.tokens.rhythm(5, 1.5) if pad else 0)

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        self.ink.clear()
        care = self.kind == "care" and bool(self.text)
        self._box.put(kit, (x, y, w, h), "care_ground" if care else "", "care" if care else "")
        if not self.text:
            self._text.put(kit, x, y, 0, 0)
            return
        icon, pad, room = self._measures(kit, w)
        tone = {"care": "care", "good": "good", "info": "quiet", "scan": "ink"}[self.kind]
        self._text.tone = tone
        high = self._text.natural(kit, room)
        first = kit.tokens.line(kit.tokens.font(self.role))
        top = y + (h + high) // 2
        with self.ink:
            Color(*kit.colour(tone))
            Rectangle(
                texture=kit.icon(self.kind_icon, icon), size=(icon, icon), pos=(x + pad, top - first // 2 - icon // 2)
            )
        self._text.put(kit, x + pad + icon + kit.tokens.mm(3), top - high, room, high)

    def forget(self) -> None:
        self.text = ""
        self.renew()
        self._text.forget()
        self.ink.clear()
