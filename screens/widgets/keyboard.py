"""The keys one writes with: a large keyboard of letters, and digits with marks. It only reports keys."""

from __future__ import annotations

from typing import Any

from kivy.properties import BooleanProperty, OptionProperty

from kiosk.words import _
from screens.kit import Kit
from screens.widgets.letters import LetterKey
from screens.widgets.piece import Piece

COLUMNS = 10
_GAP = 3.6  # mm
LETTERS = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
SIGNS = ("1234567890", "，。、？！：；（）—", "ABCDEFGH座区", "号楼栋单元层室路")


class WriteKey(LetterKey):
    """A letter, a mark, "back" or "word"."""

    shape = "slot"

    def draw(self, kit: Kit) -> None:
        super().draw(kit)
        if not self.width:
            self.ink.clear()
        elif self.key == "word":
            self.label = kit.words.say(_("删一个词"))
            self._text.text, self._text.bold = kit.words.say(_("删词")), False
            self._text.put(kit, int(self.x), int(self.y), int(self.width), int(self.height))


class Keyboard(Piece):
    """`keys`: "letters", "signs" or "none"; `some`: there is something to delete."""

    keys = OptionProperty("none", options=("none", "letters", "signs"))
    some = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.springy = True
        self._made: dict[str, WriteKey] = {}

    def _rows(self) -> list[list[tuple[str, float]]]:
        """Keys and how many columns each takes."""
        if self.keys == "none":
            return []
        if self.keys == "letters":
            first, second, third = ([(key, 1.0) for key in row] for row in LETTERS)
            return [first, second, [("word", 2.0), *third, ("back", 1.0)]]
        *rows, last = ([(key, 1.0) for key in row] for row in SIGNS)
        return [*rows, [*last, ("back", 2.0)]]

    def _key(self, key: str) -> WriteKey:
        if key not in self._made:
            self._made[key] = WriteKey(key)
            self.add_widget(self._made[key])
        return self._made[key]

    def _high(self, kit: Kit) -> int:
        return max(kit.tokens.listed, kit.tokens.line(kit.tokens.font("lead" if not kit.tokens.elder else "body")))

    def natural(self, kit: Kit, width: int) -> int:
        return self._stacked(kit, self._high(kit))

    def most(self, kit: Kit, width: int) -> int:
        return self._stacked(kit, max(self._high(kit), kit.tokens.mm(26)))

    def _stacked(self, kit: Kit, high: int) -> int:
        """The height of all rows, each `high`."""
        rows = len(self._rows())
        return rows * high + (rows - 1) * kit.tokens.mm(_GAP) if rows else 0

    def draw(self, kit: Kit) -> None:
        x, w, h = int(self.x), int(self.width), int(self.height)
        gap = kit.tokens.mm(_GAP)
        rows = self._rows() if w and h else []
        shown = {key for row in rows for key, _wide in row}
        for key, widget in self._made.items():
            if key not in shown:
                widget.put(kit, -10, -10, 0, 0)
        cell, high = (w - (COLUMNS - 1) * gap) / COLUMNS, (h + gap) // max(1, len(rows)) - gap
        for number, row in enumerate(rows):
            taken = sum(wide for _key, wide in row)
            left = x + (COLUMNS - taken) * (cell + gap) / 2
            for key, wide in row:
                right = left + wide * (cell + gap)
                y = int(self.top) - (number + 1) * high - number * gap
                widget = self._key(key)
                widget.off = len(key) > 1 and not self.some
                widget.put(kit, round(left), y, round(right) - round(left) - gap, high)
                left = right
