"""Letters A to Z, with a key to delete one and one to clear: three rows of ten, those two twice as wide; five rows of
six on a panel too narrow for ten of 15 mm. Letters after which nothing would be found are off, and those two while
there is nothing to delete. It only reports keys.
"""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, StringProperty

from kiosk.words import _
from screens.kit import Kit
from screens.widgets.keypad import Key
from screens.widgets.piece import Piece

COLUMNS, NARROW = 10, 6
_CELLS = 30
_LEAST = 15.0  # mm: a key's width


class LetterKey(Key):
    """One letter, "back" or "clear"; unlike a digit it may be off, and then it looks so."""

    def __init__(self, key: str, **kwargs: Any) -> None:
        super().__init__(key, **kwargs)
        self.key = key
        self._text.role = "body"

    def natural(self, kit: Kit, width: int) -> int:
        return max(kit.tokens.listed, kit.tokens.line(kit.tokens.font(self._size(kit))))

    def _size(self, kit: Kit) -> str:
        return "lead" if len(self.key) == 1 and not kit.tokens.elder else "body"

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        spoken = {"back": _("删一位"), "clear": _("清空")}.get(self.key)
        self.label = kit.words.say(spoken) if spoken else self.key
        self.ink.clear()
        tone = "on_off" if self.off else "ink"
        if self.key == "back":
            icon = kit.icon("delete", kit.tokens.font("lead"))
            with self.ink:
                Color(*kit.colour(tone))
                size = icon.width
                Rectangle(texture=icon, size=(size, size), pos=(x + (w - size) // 2, y + (h - size) // 2))
            return
        self._text.role = self._size(kit)
        self._text.text, self._text.tone, self._text.bold = self.label, tone, not self.off and len(self.key) == 1
        self._text.put(kit, x, y, w, h)


class Letters(Piece):
    """`live`: the letters that can be pressed; `some`: there is something to delete."""

    live = StringProperty("")
    some = BooleanProperty(False)
    KEYS = (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "back", "clear")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for key in self.KEYS:
            self.add_widget(LetterKey(key))

    def natural(self, kit: Kit, width: int) -> int:
        columns, gap = self._columns(kit, width)
        rows = -(-_CELLS // columns)
        high = max(key.natural(kit, width) for key in self.children) + kit.tokens.rhythm(0, 2)
        return rows * high + (rows - 1) * gap

    @staticmethod
    def _columns(kit: Kit, width: int) -> tuple[int, int]:
        """How many keys stand in a row, and the gap between them."""
        gap = max(kit.tokens.mm(3.2), kit.tokens.sized(4))
        return (COLUMNS if (width - (COLUMNS - 1) * gap) // COLUMNS >= kit.tokens.mm(_LEAST) else NARROW), gap

    def put(self, kit: Kit, x: int, y: int, w: int, h: int) -> None:
        self.pos, self.size = (x, y), (w, h)
        columns, gap = self._columns(kit, w)
        rows = -(-_CELLS // columns)
        wide, high = max(0, (w - (columns - 1) * gap) // columns), max(0, (h - (rows - 1) * gap) // rows)
        cell = 0
        for key in reversed(self.children):
            row, column = divmod(cell, columns)
            cells = 1 if len(key.key) == 1 else 2
            key.off = key.key not in self.live if len(key.key) == 1 else not self.some
            left, bottom = x + column * (wide + gap), y + h - (row + 1) * high - row * gap
            key.put(kit, left, bottom, cells * (wide + gap) - gap, high)
            cell += cells
