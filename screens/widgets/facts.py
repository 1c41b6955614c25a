"""What is so: a white sheet of labelled facts, divided by quiet rules. Not to be touched, and it does not look so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.graphics import Color, Rectangle

from screens.kit import Kit
from screens.widgets.piece import Box, Piece
from screens.widgets.wording import Wording

Row = tuple[str, str, str]
"""Label, value, and the value's role: "body" or "lead" (the one that matters most)."""


class Facts(Piece):
    """Rows of (label, value, role); the value stands right, below its label when both do not fit on one line."""

    speech_role = "list"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._box = Box(self.ground_ink)
        self._rows: tuple[Row, ...] = ()
        self._words: list[tuple[Wording, Wording]] = []

    def fill(self, rows: Sequence[Row]) -> None:
        """An empty sequence hides the sheet."""
        self._rows = tuple(rows)
        while len(self._words) < len(self._rows):
            pair = (Wording(tone="quiet", private=True), Wording(bold=True, private=True))
            self._words.append(pair)
            for words in pair:
                self.add_widget(words)
        for number, (name, value) in enumerate(self._words):
            label, text, role = self._rows[number] if number < len(self._rows) else ("", "", "body")
            name.text, value.text, value.role = label, text, role

    def drawn(self) -> tuple[object, ...]:
        return (*super().drawn(), self._rows)

    def _room(self, kit: Kit, width: int) -> int:
        return width - 2 * kit.tokens.pad - kit.tokens.mm(2)

    def _split(self, kit: Kit, number: int, width: int) -> tuple[int, int, bool]:
        """Height of label and value at this width, and whether they stand side by side."""
        name, value = self._words[number]
        room = self._room(kit, width)
        label = kit.width(name.text, name.px(kit)) + 2
        beside = room - label - kit.tokens.pad
        side = bool(name.text) and beside > 0.45 * room
        low = len(value.lines(kit, beside if side else room))
        if side and low > 1 and len(value.lines(kit, room)) < low:
            side = False
        high = value.natural(kit, beside if side else room)
        return name.natural(kit, room), high, side

    def _height(self, kit: Kit, number: int, width: int) -> int:
        label, value, side = self._split(kit, number, width)
        return (max(label, value) if side else label + value) + kit.tokens.mm(10 if kit.tokens.portrait else 4)

    def natural(self, kit: Kit, width: int) -> int:
        return sum(self._height(kit, n, width) for n in range(len(self._rows)))

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        self.ink.clear()
        self._box.put(kit, (x, y, w, h), "card" if self._rows else "", "rule" if self._rows else "")
        top, left, room = y + h, x + kit.tokens.pad + kit.tokens.mm(1), self._room(kit, w)
        for number, (name, value) in enumerate(self._words):
            if number >= len(self._rows):
                name.put(kit, x, y, 0, 0)
                value.put(kit, x, y, 0, 0)
                continue
            label, text, side = self._split(kit, number, w)
            high = self._height(kit, number, w)
            middle = top - high // 2
            value.align = "right" if side else "left"
            if side:
                wide = kit.width(name.text, name.px(kit)) + 2
                name.put(kit, left, middle - label // 2, wide, label)
                value.put(kit, left + wide + kit.tokens.pad, middle - text // 2, room - wide - kit.tokens.pad, text)
            else:
                name.put(kit, left, middle + (label + text) // 2 - label, room, label)
                value.put(kit, left, middle - (label + text) // 2, room, text)
            top -= high
            if number < len(self._rows) - 1:
                with self.ink:
                    Color(*kit.colour("rule"))
                    Rectangle(pos=(left, top), size=(room, kit.tokens.hair))

    def forget(self) -> None:
        self.fill(())
        super().forget()
        self._box_off()

    def _box_off(self) -> None:
        self.ink.clear()
