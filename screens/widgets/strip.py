"""Small buttons in one row, each as wide as its word needs and an equal share of what is left: the doors of a page, and
what can be done with what stands on it."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, OptionProperty, StringProperty

from kiosk.words import _
from screens.kit import Kit
from screens.widgets.piece import Piece, Toned
from screens.widgets.wording import Wording

DOORS = {"choose": _("选一选"), "hand": _("手写"), "pinyin": _("拼音"), "signs": _("数字")}
"""The ways to words, on the page that offers a list and on the page to write on."""


class Tool(Toned):
    """`kind`: "plain", "main" (red) or "on" (the door one stands in). Without `text` or `icon` it takes no place.
    `spoken`: what it is called where its sign says less."""

    shape = "slot"
    text = StringProperty("")
    icon = StringProperty("")
    spoken = StringProperty("")
    kind = OptionProperty("plain", options=("plain", "main", "on"))
    rest = 0.15
    deep = BooleanProperty(False)  # at least 20 mm high

    def __init__(self, **kwargs: Any) -> None:
        self._text = Wording(align="center")
        super().__init__(**kwargs)
        self.add_widget(self._text)

    def there(self) -> bool:
        return bool(self.text or self.icon)

    def natural(self, kit: Kit, width: int) -> int:
        if not self.there():
            return 0
        least = kit.tokens.mm(20) if self.deep else kit.tokens.listed
        return max(least, kit.tokens.line(kit.tokens.font("body")) + kit.tokens.rhythm(0, 2))

    def wanted(self, kit: Kit) -> int:
        """The width in px it needs."""
        self._dress()
        word = kit.width(self.text, kit.tokens.font("body"), bold=self._text.bold) + 4 if self.text else 0
        icon = self._icon_px(kit)
        return max(kit.tokens.listed, word + icon + (kit.tokens.mm(2) if word and icon else 0) + kit.tokens.mm(2))

    def _icon_px(self, kit: Kit) -> int:
        return kit.icon(self.icon, kit.tokens.font("body")).width if self.icon else 0

    def _dress(self) -> None:
        tones = {"plain": "ink", "main": "on_main", "on": "on_chosen"}
        self._text.tone = "on_off" if self.off else tones[self.kind]
        self._text.bold = self.kind != "plain" and not self.off
        self._text.text, self.label = self.text, self.spoken or self.text

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        self._dress()
        self.ink.clear()
        icon = self._icon_px(kit)
        if not w or not self.there():
            self._text.put(kit, -10, -10, 0, 0)
            return
        word = kit.width(self.text, kit.tokens.font("body"), bold=self._text.bold) + 4 if self.text else 0
        between = kit.tokens.mm(2) if word and icon else 0
        left = x + (w - word - icon - between) // 2
        if icon:
            with self.ink:
                Color(*kit.colour(self._text.tone))
                Rectangle(texture=kit.icon(self.icon, icon), size=(icon, icon), pos=(left, y + (h - icon) // 2))
        self._text.put(kit, left + icon + between, y, word, h)

    def ground(self) -> tuple[str, str, int | None]:
        if self.kind == "on" and not self.off:
            return "chosen", ("accent" if self.pressed else "chosen"), None
        return super().ground()


class Strip(Piece):
    """Tools in one row."""

    def _tools(self) -> list[Tool]:
        return [child for child in reversed(self.children) if isinstance(child, Tool) and child.there()]

    def natural(self, kit: Kit, width: int) -> int:
        return max((tool.natural(kit, width) for tool in self._tools()), default=0)

    def drawn(self) -> tuple[object, ...]:
        return (*super().drawn(), tuple(tool.drawn() for tool in self.children))

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        tools = self._tools() if w else []
        for child in self.children:
            if child not in tools:
                child.put(kit, -10, -10, 0, 0)
        gap = kit.tokens.gap
        wanted = [tool.wanted(kit) for tool in tools]
        more = (w - gap * (len(tools) - 1) - sum(wanted)) // len(tools) if tools else 0
        for tool, least in zip(tools, wanted, strict=True):
            wide = int(self.right) - x if tool is tools[-1] else least + more
            tool.put(kit, x, y, wide, h)
            x += wide + gap
