"""The big button: the one main action in party red, or a second one with an ink edge. At least 22 mm high."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import OptionProperty, StringProperty

from screens.kit import Kit
from screens.widgets.piece import Toned
from screens.widgets.wording import Wording

LARGE = 36  # mm: a button this tall carries a title


class BigButton(Toned):
    """`kind`: "main" or "second". `below`: a smaller second line. With `off` the text says what is still wanted."""

    text = StringProperty("")
    below = StringProperty("")
    icon = StringProperty("")
    role = StringProperty("lead")
    kind = OptionProperty("main", options=("main", "second"))
    tall = 0

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._text = Wording(role="lead", bold=True, align="center", balanced=True)
        self._below = Wording(align="center", balanced=True)
        self.add_widget(self._text)
        self.add_widget(self._below)

    def on_text(self, *_: object) -> None:
        self.label = self.text

    def _icon_px(self, kit: Kit) -> int:
        return kit.icon(self.icon, int(kit.tokens.font("lead") * 1.35)).width if self.icon else 0

    def _room(self, kit: Kit, width: int) -> int:
        icon = self._icon_px(kit)
        return width - 2 * kit.tokens.pad - (icon + kit.tokens.pad if icon else 0)

    def _dress(self, kit: Kit, width: int) -> None:
        self._text.text, self._below.text = self.text, self.below
        room, large = self._room(kit, width), kit.tokens.air and self.tall >= LARGE
        self._text.fit(kit, room, *(("title",) if large else ()), self.role, "body")
        if self._text.role == "body" and self.role != "body":  # two lines are better than small ones
            self._text.role = self.role

    def natural(self, kit: Kit, width: int) -> int:
        if not self.text:
            return 0
        self._dress(kit, width)
        room, tokens = self._room(kit, width), kit.tokens
        words = self._text.natural(kit, room) + self._below.natural(kit, room)
        more = tokens.rhythm(0, (7 if self.kind == "main" else 5) if tokens.portrait else 1.5)
        return max(tokens.primary + more, tokens.mm(self.tall) + more // 2, words + tokens.pad)

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        self._dress(kit, w)
        self.ink.clear()
        self.tint(kit)
        if not w:
            for words in (self._text, self._below):
                words.put(kit, -10, -10, 0, 0)
            return
        room = self._room(kit, w)
        high, low = self._text.natural(kit, room), self._below.natural(kit, room)
        bottom = y + (h - high - low) // 2
        icon = self._icon_px(kit)
        wide = max(self._text.widest(kit, room), self._below.widest(kit, room))
        start = x + (w - wide - (icon + kit.tokens.pad if icon else 0)) // 2
        if icon:
            with self.ink:
                Color(*kit.colour(self._text.tone))
                Rectangle(
                    texture=kit.icon(self.icon, icon), size=(icon, icon), pos=(start, y + (h - icon) // 2)
                )
            start += icon + kit.tokens.pad
        self._text.put(kit, start, bottom + low, wide + 2, high)
        self._below.put(kit, start, bottom, wide + 2, low)

    def tint(self, kit: Kit) -> None:
        tone = "on_off" if self.off else "on_main" if self.kind == "main" else "ink"
        self._text.tone = self._below.tone = tone
        self._text.bold = self.kind == "main" and not self.off

    def ground(self) -> tuple[str, str, int | None]:
        if self.off or self.kind == "main":
            return super().ground()
        thick = self.kit.tokens.hair * 2 if self.kit else None
        return ("card_down" if self.pressed else "card"), "ink", thick
