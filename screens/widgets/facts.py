"""What is so: a white sheet of labelled facts, divided by quiet rules. Not to be touched, and it does not look so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.graphics import Color, Rectangle

from screens.kit import Kit
from screens.tokens import AIRY
from screens.widgets.piece import Box, Piece
from screens.widgets.wording import Wording

Row = tuple[str, str, str]
"""Label, value, and the value's role: "body" or "lead" (the one that matters most)."""


class Facts(Piece):
    """Rows of (label, value, role); the value stands right, below its label when both do not fit on one line. A
    `spare` one leaves rows out."""

    speech_role = "list"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._box = Box(self.ground_ink)
        self._rows: tuple[Row, ...] = ()
        self._all: tuple[Row, ...] = ()
        self._words: list[tuple[Wording, Wording]] = []

    def fill(self, rows: Sequence[Row]) -> None:
        """An empty sequence hides the sheet."""
        self._rows = self._all = tuple(rows)
        self._write()

    def stand_whole(self) -> None:
        self._keep(len(self._all))

    def give_way(self) -> bool:
        """The last row goes."""
        shown = len(self._rows)
        self._keep(max(0, shown - 1))
        return shown > 0

    def _keep(self, count: int) -> None:
        rows = self._all[:count]
        if rows != self._rows:
            self._rows = rows
            self._write()

    def _write(self) -> None:
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

    def _dress(self, kit: Kit, width: int) -> None:
        """Values one size larger where there is air and all of them still stand beside their labels."""
        larger = {"body": "lead", "lead": "title"}
        room = self._room(kit, width) - kit.tokens.pad

        def beside(label: str, value: str, role: str) -> bool:
            wide = kit.width(value, kit.tokens.font(larger[role]), bold=True)
            return kit.width(label, kit.tokens.font("body")) + wide + 4 <= room

        bump = kit.tokens.portrait and kit.tokens.air == AIRY and all(beside(*row) for row in self._rows)
        for (_label, _value, role), (_name, words) in zip(self._rows, self._words, strict=False):
            words.role = larger[role] if bump else role

    def _room(self, kit: Kit, width: int) -> int:
        return width - 2 * kit.tokens.pad - kit.tokens.sized(2)

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
        return (max(label, value) if side else label + value) + (
            kit.tokens.rhythm(8, 2) if kit.tokens.portrait else kit.tokens.rhythm(4, 2))

    def most(self, kit: Kit, width: int) -> int:
        least = self.natural(kit, width)
        return max(least, len(self._rows) * kit.tokens.mm(38)) if least and kit.tokens.portrait else least

    def natural(self, kit: Kit, width: int) -> int:
        self._dress(kit, width)
        return sum(self._height(kit, n, width) for n in range(len(self._rows)))

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        self._dress(kit, w)
        more = max(0, h - self.natural(kit, w)) // max(1, len(self._rows))
        self.ink.clear()
        self._box.put(kit, (x, y, w, h), "card" if self._rows else "", "rule" if self._rows else "")
        top, left, room = y + h, x + kit.tokens.pad + kit.tokens.sized(1), self._room(kit, w)
        for number, (name, value) in enumerate(self._words):
            if number >= len(self._rows):
                name.put(kit, x, y, 0, 0)
                value.put(kit, x, y, 0, 0)
                continue
            label, text, side = self._split(kit, number, w)
            high = self._height(kit, number, w) + more
            middle = top - high // 2
            value.align = "right" if side else "left"
            if side:
                wide = kit.width(name.text, name.px(kit)) + 2
                name.put(kit, left, middle - label // 2, wide, label)
                value.put(kit, left + wide + kit.tokens.pad, middle - text // 2, room - wide - kit.tokens.pad, text)
            else:
                foot = middle - (label + text) // 2
                name.put(kit, left, foot + text, room, label)
                value.put(kit, left, foot, room, text)
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
