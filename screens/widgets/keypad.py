"""Digits: the keypad and the field above it. The field shows what the flow says has been typed; the keypad only reports
keys. Neither keeps a number.
"""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import BooleanProperty, StringProperty

from kiosk.flows.steps import Press
from kiosk.words import _
from screens.kit import Kit
from screens.widgets.piece import Box, Piece, Target
from screens.widgets.wording import Wording


class Key(Target):
    """One key. A second "8" may follow the first after 0.15 s: telephone numbers have doubles, and fast typists. One
    that would do nothing is off, and looks so."""

    rest = 0.15

    def __init__(self, key: str, **kwargs: Any) -> None:
        super().__init__(answer=Press(key), **kwargs)
        self._key = key
        self._text = Wording(align="center", role="key" if key.isdigit() else "body")
        self.add_widget(self._text)

    def natural(self, kit: Kit, width: int) -> int:
        return max(kit.tokens.listed, kit.tokens.line(kit.tokens.font("key")))

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        spoken = {"back": _("删一位"), "clear": _("清空")}.get(self._key)
        self.label = kit.words.say(spoken) if spoken else self._key
        self.ink.clear()
        if self._key == "back":
            icon = kit.icon("delete", kit.tokens.font("title" if h >= kit.tokens.mm(30) else "lead"))
            with self.ink:
                Color(*kit.colour("on_off" if self.off else "ink"))
                size = icon.width
                Rectangle(texture=icon, size=(size, size), pos=(x + (w - size) // 2, y + (h - size) // 2))
            return
        self._text.text, self._text.tone = self.label, "on_off" if self.off else "ink"
        if self._key.isdigit():
            self._text.role = "hero" if h >= kit.tokens.mm(30) and not kit.tokens.elder else "key"
        self._text.put(kit, x, y, w, h)


class Keypad(Piece):
    """1 2 3 / 4 5 6 / 7 8 9 / ⌫ 0 清空, each key at least 16 mm. `some`: there is something to delete; `full`: there
    is no room for another digit."""

    springy = True
    some = BooleanProperty(False)
    full = BooleanProperty(False)
    KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "back", "0", "clear")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for key in self.KEYS:
            self.add_widget(Key(key))

    def _height(self, kit: Kit, key: int) -> int:
        return 4 * key + 3 * kit.tokens.close

    def natural(self, kit: Kit, width: int) -> int:
        return self._height(kit, max(key.natural(kit, width) for key in self.children))

    def most(self, kit: Kit, width: int) -> int:
        return self._height(kit, kit.tokens.mm(29 if kit.tokens.low else 44))

    def put(self, kit: Kit, x: int, y: int, w: int, h: int) -> None:
        self.pos, self.size = (x, y), (w, h)
        gap = kit.tokens.close
        wide, high = (w - 2 * gap) // 3, (h - 3 * gap) // 4
        for number, key in enumerate(reversed(self.children)):
            row, column = divmod(number, 3)
            key.off = self.full if self.KEYS[number].isdigit() else not self.some
            key.put(kit, x + column * (wide + gap), y + h - (row + 1) * high - row * gap, wide, high)


class Field(Piece):
    """What has been typed so far, large, with a caret; `whole`: nothing is missing any more."""

    speech_role = "text"
    text = StringProperty("")
    hint = StringProperty("")
    whole = BooleanProperty(False)
    wrong = BooleanProperty(False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._box = Box(self.ground_ink)
        self._text = Wording(role="hero", align="center", private=True)
        self.add_widget(self._text)

    def natural(self, kit: Kit, width: int) -> int:
        return kit.tokens.line(kit.tokens.font("hero")) + kit.tokens.rhythm(5, 3)

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        edge = "care" if self.wrong else "good" if self.whole else "ink"
        self._box.put(kit, (x, y, w, h), "card", edge, kit.tokens.hair * 2)
        room = w - 2 * kit.tokens.pad
        self._text.text = self.text or self.hint
        self._text.tone = "ink" if self.text else "quiet"
        # a long landline number in the elder look, or a whole name's pinyin, is smaller rather than cut
        self._text.fit(kit, room, *(("hero", "key", "lead", "body") if self.text else ("body",)))
        self.label = self.text
        self._text.put(kit, x + kit.tokens.pad, y, room, h)
        self.over.clear()
        if self.text and not self.whole:
            high = kit.tokens.font(self._text.role)
            right = x + (w + self._text.widest(kit, room)) // 2 + kit.tokens.mm(1)
            with self.over:
                Color(*kit.colour("accent"))
                Rectangle(pos=(right, y + (h - high) // 2), size=(kit.tokens.hair * 2, high))

    def forget(self) -> None:
        self.text = self.label = ""
        self.renew()
        self._text.forget()
