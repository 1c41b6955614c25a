"""What has been written so far, large and wrapped; of a long text the end is seen. Below it, while pinyin is typed, its
syllables. It shows what the flow says and forgets it with the visit."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, StringProperty

from screens.kit import Kit
from screens.widgets.piece import Box, Piece
from screens.widgets.wording import Wording

LEAST, MOST = 2, 6  # lines
_TAIL, _STEP = 240, 80  # characters: more than six lines hold


class Written(Piece):
    """`text`; `hint` while there is none; `spelt`: the syllables; `spelling`: there is a line for them."""

    speech_role = "text"
    text = StringProperty("")
    hint = StringProperty("")
    spelt = StringProperty("")
    spelling = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._box = Box(self.ground_ink)
        self._text = Wording(private=True)
        self._spelt = Wording(role="lead", tone="accent", private=True)
        self.add_widget(self._text)
        self.add_widget(self._spelt)

    def _heights(self, kit: Kit) -> tuple[int, int]:
        """Of a line of text, and of the syllables' line."""
        line = kit.tokens.line(kit.tokens.font("lead"))
        return line, line if self.spelling else 0

    def _lines(self, kit: Kit, lines: int) -> int:
        line, spelt = self._heights(kit)
        return lines * line + spelt + kit.tokens.rhythm(4, 2)

    def natural(self, kit: Kit, width: int) -> int:
        return self._lines(kit, LEAST)

    def most(self, kit: Kit, width: int) -> int:
        return self._lines(kit, MOST)

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        self._box.put(kit, (x, y, w, h), "card", "ink", kit.tokens.hair * 2)
        pad, (line, spelt) = kit.tokens.pad, self._heights(kit)
        room, air = w - 2 * pad, kit.tokens.rhythm(4, 2)
        lines = max(1, (h - spelt - air) // line)
        self._text.role, self._text.tone = ("lead", "ink") if self.text else ("body", "quiet")
        empty = "" if self.spelt else self.hint
        self._text.text = _end(kit, self.text, "lead", room - kit.tokens.mm(2), lines) or empty
        self.label = self.text
        high = min(self._text.natural(kit, room), h - spelt)
        top = y + h - air // 2
        self._text.put(kit, x + pad, top - high, room, high)
        self._spelt.text = _end(kit, self.spelt, "lead", room - kit.tokens.mm(2), 1)
        self._spelt.put(kit, x + pad, y + air // 2, room if self._spelt.text else 0, spelt if self._spelt.text else 0)
        self.over.clear()
        last, foot = (self._spelt, y + air // 2) if self._spelt.text else (self._text, top - high)
        if self.text or self.spelt:
            end = last.text.rpartition("\n")[2]
            right = x + pad + kit.width(end, kit.tokens.font("lead")) + kit.tokens.mm(0.8)
            with self.over:
                Color(*kit.colour("accent"))
                Rectangle(pos=(right, foot + line // 6), size=(kit.tokens.hair * 2, line * 2 // 3))

    def forget(self) -> None:
        self.text = self.label = self.spelt = ""
        self._text.forget()
        self._spelt.forget()
        self.renew()


def _end(kit: Kit, text: str, role: str, width: int, most: int) -> str:
    """As many of the last lines as there is room for; a mark says that more stands before them."""
    # of a long text only the end is broken into lines, from a place that moves once in a while and not with every key
    begun = max(0, (len(text) - _TAIL) // _STEP * _STEP)
    lines = kit.lines(text[begun:], kit.tokens.font(role), width) if text else []
    if len(lines) <= most and not begun:
        return "\n".join(lines)
    rest = lines[-most:]
    while rest[0] and kit.width("…" + rest[0], kit.tokens.font(role)) > width:
        rest[0] = rest[0][1:]
    return "\n".join(["…" + rest[0], *rest[1:]])
