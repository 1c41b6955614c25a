"""What stands around every page: the header (which hall, which day, what time) and, always in the same place low on the
screen, the bar 返回 · 首页 · 显示 · 中文/English · 帮助.
"""

from __future__ import annotations

from datetime import datetime
from itertools import accumulate, pairwise
from typing import Any

from kivy.graphics import Color, Rectangle

from kiosk.door import Name
from kiosk.flows.steps import Bar
from kiosk.words import Words, _
from screens.kit import Kit
from screens.widgets.piece import Piece, Toned
from screens.widgets.wording import Wording


class Header(Piece):
    """The hall's name on the left, day and time on the right: on one line where they fit, else on two."""

    speech_role = "banner"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._name = Wording(tone="quiet", balanced=True)
        self._day = Wording(align="right")
        self._days: tuple[str, ...] = ()
        self._time = Wording(align="right")
        for words in (self._name, self._day, self._time):
            self.add_widget(words)

    def say(self, words: Words, hall: Name, now: datetime) -> None:
        self._name.text = words.name(hall)
        self._days = (words.day(now), f"{words.date(now)} {words.weekday(now, short=True)}")
        self._time.text = words.time(now)

    def drawn(self) -> tuple[object, ...]:
        return (*super().drawn(), self._name.text, self._days, self._time.text)

    def natural(self, kit: Kit, width: int) -> int:
        return kit.tokens.header

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        left, right, px = x + kit.tokens.margin, x + w - kit.tokens.margin, kit.tokens.font("body")
        gap = kit.tokens.mm(6)
        name = kit.width(self._name.text, px) + 4
        hour = kit.width("00:00", px) + 4
        for day_words in self._days:
            self._day.text = day_words
            if name + kit.width(self._day.text, px) + 4 + hour + 2 * gap <= right - left:
                break
        day = kit.width(self._day.text, px) + 4
        if name + day + hour + 2 * gap <= right - left:
            self._time.put(kit, right - hour, y, hour, h)
            self._day.put(kit, right - hour - gap - day, y, day, h)
            self._name.put(kit, left, y, name, h)
        else:
            line = kit.tokens.line(px)
            self._day.text = self._days[0]
            wide = max(kit.width(self._day.text, px) + 4, hour)
            middle = y + (h + kit.tokens.hair) // 2
            self._day.put(kit, right - wide, middle, wide, line)
            self._time.put(kit, right - wide, middle - line, wide, line)
            self._name.put(kit, left, y, right - left - wide - gap, h)
        self.ink.clear()
        with self.ink:
            Color(*kit.colour("rule"))
            Rectangle(pos=(x, y), size=(w, kit.tokens.hair))


class BarButton(Toned):
    """One of the five. Not available: its place stays empty."""

    def __init__(self, button: str, icon: str, **kwargs: Any) -> None:
        super().__init__(answer=Bar(button), **kwargs)
        self.button, self._icon = button, icon
        self._text = Wording(align="center")
        self.add_widget(self._text)

    def say(self, text: str) -> None:
        self._text.text = self.label = text

    def drawn(self) -> tuple[object, ...]:
        return (*super().drawn(), self._text.text)

    def natural(self, kit: Kit, width: int) -> int:
        return kit.tokens.bar

    def wanted(self, kit: Kit) -> int:
        """The width in px that its word needs, with a little air; the icon stands beside it where the page lies."""
        word = self._word(kit) + 2 * kit.tokens.mm(1)
        return word if kit.tokens.portrait else word + self._icon_px(kit) + 2 * kit.tokens.mm(3)

    def _word(self, kit: Kit) -> int:
        return kit.width(self._text.text, kit.tokens.font("body"), bold=self.button == "help") + 4

    def _icon_px(self, kit: Kit) -> int:
        return kit.icon(self._icon, int(kit.tokens.font("body") * (1.3 if kit.tokens.calm else 1.15))).width

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        self.ink.clear()
        if self.off:
            self._text.put(kit, x, y, 0, 0)
            return
        tone = "accent" if self.button == "help" else "ink"
        self._text.tone, self._text.bold = tone, self.button == "help"
        icon, line = self._icon_px(kit), kit.tokens.line(kit.tokens.font("body"))
        side = not kit.tokens.portrait
        if side:
            wide, gap = self._word(kit), kit.tokens.mm(3)
            left = x + (w - icon - gap - wide) // 2
            spot = (left, y + (h - icon) // 2)
            self._text.put(kit, left + icon + gap, y, wide, h)
        else:
            bottom = y + (h - icon - line) // 2
            spot = (x + (w - icon) // 2, bottom + line)
            self._text.put(kit, x, bottom, w, line)
        with self.ink:
            Color(*kit.colour(tone))
            Rectangle(texture=kit.icon(self._icon, icon), size=(icon, icon), pos=spot)

    def dress(self) -> None:
        """A fifth of the bar: square corners, the whole height."""
        kit = self.kit
        if kit is None:
            return
        place = (int(self.x), int(self.y), int(self.width), int(self.height))
        self.box.put(kit, place, "card_down" if self.pressed else "card", "", radius=1)
        inset = kit.tokens.hair * 3
        inner = (place[0] + inset, place[1] + inset, place[2] - 2 * inset, place[3] - 2 * inset)
        self._ring.put(kit, inner, "", "focus" if self.focused and not self.off else "", kit.tokens.hair * 2)


class BottomBar(Piece):
    """`BUTTONS` in their order; within one language and look they never move, whichever of them a page offers."""

    speech_role = "navigation"
    BUTTONS = (("back", "back"), ("home", "home"), ("display", "display"), ("language", "language"), ("help", "help"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.buttons = tuple(BarButton(button, icon) for button, icon in self.BUTTONS)
        for button in self.buttons:
            self.add_widget(button)

    def say(self, words: Words, missing: frozenset[str]) -> None:
        """`missing`: the buttons that lead nowhere from here."""
        texts = {
            "back": words.say(_("返回")), "home": words.say(_("首页")), "display": words.say(_("显示")),
            "language": "English" if words.language == "zh" else "中文", "help": words.say(_("帮助")),
        }  # fmt: skip
        for button in self.buttons:
            button.off = button.button in missing
            button.say(texts[button.button])

    def natural(self, kit: Kit, width: int) -> int:
        return kit.tokens.bar

    def drawn(self) -> tuple[object, ...]:
        return tuple((button.off, *button.drawn()) for button in self.buttons)

    def _edges(self, kit: Kit, width: int) -> list[int]:
        """A fifth for each; a longer word takes from its neighbours what they do not need."""
        wanted = [button.wanted(kit) for button in self.buttons]
        wide: set[int] = set()
        share = width // len(wanted)
        while more := {at for at, want in enumerate(wanted) if want > share} - wide:
            wide |= more
            rest = len(wanted) - len(wide)
            if not rest:  # no room for all of them: as even as can be
                return [width * n // len(wanted) for n in range(len(wanted) + 1)]
            share = (width - sum(wanted[at] for at in wide)) // rest
        taken = [want if at in wide else share for at, want in enumerate(wanted)]
        return [*accumulate(taken[:-1], initial=0), width]

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        edges = [x + at for at in self._edges(kit, w)]
        for button, left, right in zip(self.buttons, edges, edges[1:], strict=False):
            button.put(kit, left, y, right - left, h)
        hair = kit.tokens.hair
        self.over.clear()
        with self.over:
            Color(*kit.colour("rule"))
            Rectangle(pos=(x, y + h - hair), size=(w, hair))
            for left, (before, after) in zip(edges[1:5], pairwise(self.buttons), strict=True):
                if before.off and after.off:
                    continue
                Rectangle(pos=(left, y), size=(hair, h - hair))
