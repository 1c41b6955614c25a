"""A card: one answer to a page's question, with its icon, its title and what is to be known of it beforehand. How large
it wants to be for a width it says itself; where it stands is `screens.widgets.cards`' business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.properties import OptionProperty

from screens.kit import Kit
from screens.text import torn
from screens.tokens import AIRY
from screens.widgets.piece import Target
from screens.widgets.wording import Wording


@dataclass(frozen=True, slots=True)
class Item:
    """One card. `lines`: (words, tone) below the title; `off`: it cannot be had, and the lines say why; `group`:
    what stands above it and its neighbours of the same group (上午, 下午), where there is room for that."""

    choice: str
    title: str
    lines: tuple[tuple[str, str], ...] = ()
    icon: str = ""
    off: bool = False
    chosen: bool = False
    answer: object = None
    group: str = ""


def hints(item: Item) -> tuple[tuple[str, str], ...]:
    """The lines that may give way to more cards: what only explains. Why a card cannot be had never does."""
    return () if item.off else tuple(line for line in item.lines if line[1] == "quiet")


class Card(Target):
    """`shape` "tile": icon above, title, lines; "row": icon left; "slot": everything centred."""

    shape = OptionProperty("tile", options=("tile", "row", "slot"))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.item = Item("", "")
        self.bare = False
        self._title = Wording(role="lead", bold=True)
        self._lines: list[Wording] = []
        self.add_widget(self._title)

    def fill(self, item: Item, shape: str) -> None:
        """`bare` afterwards: without its hints; what they say is still spoken."""
        self.item, self.shape = item, shape
        # a card that cannot be had may still be touched: the next page says why, and what works instead
        self.choice, self.answer = item.choice, item.answer
        self.label = "，".join([item.title, *(words for words, _tone in item.lines)])
        align = "center" if shape == "slot" else "left"
        self._title.text, self._title.align = item.title, align
        self._title.bold = not item.off
        self._title.tone = "on_off" if item.off else "on_chosen" if item.chosen else "ink"
        while len(self._lines) < len(item.lines):
            self._lines.append(Wording())
            self.add_widget(self._lines[-1])
        for number, line in enumerate(self._lines):
            words, tone = item.lines[number] if number < len(item.lines) else ("", "ink")
            line.text, line.align = words, align
            line.bold = tone == "good"
            line.tone = "on_off" if item.off else "on_chosen" if item.chosen else tone

    def drawn(self) -> tuple[object, ...]:
        return (*super().drawn(), self.item, self.bare)

    def _shown(self, kit: Kit) -> list[Wording]:
        """What is written on it. In large letters in low reach the title is no larger than the rest, only bolder: more
        cards stand in the band that a hand reaches."""
        self._title.role = "body" if _tight(kit) else "lead"
        gone = {number for number, line in enumerate(self.item.lines) if self.bare and line in hints(self.item)}
        return [self._title, *(words for number, words in enumerate(self._lines) if words.text and number not in gone)]

    def _icon_px(self, kit: Kit) -> int:
        large = kit.tokens.scale[4] if kit.tokens.air == AIRY and kit.tokens.portrait else kit.tokens.font("hero")
        if _tight(kit):
            large = kit.tokens.font("body")
        return kit.icon(self.item.icon, large).width if self.item.icon else 0

    def _gaps(self, kit: Kit) -> tuple[int, int]:
        """Air below the icon of a tile, and between the lines."""
        return kit.tokens.rhythm(2, 1.5), kit.tokens.rhythm(0, 0.4 if self.shape == "slot" else 0.8)

    def _block(self, kit: Kit, room: int) -> list[int]:
        """The height of each line of words, with the air above it, none for the first."""
        heights = [words.natural(kit, room) for words in self._shown(kit)]
        return [high + self._gaps(kit)[1] if high and number else high for number, high in enumerate(heights)]

    def _room(self, kit: Kit, width: int) -> int:
        pad = kit.tokens.pad if self.shape != "slot" else kit.tokens.mm(2)
        icon = self._icon_px(kit)
        return width - 2 * pad - (icon + pad if icon and self.shape == "row" else 0)

    def natural(self, kit: Kit, width: int) -> int:
        room = self._room(kit, width)
        words = sum(self._block(kit, room))
        icon = self._icon_px(kit)
        if self.shape == "tile" and icon:
            words += icon + self._gaps(kit)[0]
        elif self.shape == "row":
            words = max(words, icon)
        least = kit.tokens.listed if self.shape == "slot" else kit.tokens.primary
        if self.shape == "slot" or _tight(kit):
            return max(least, words + kit.tokens.rhythm(3, 1.5))
        return max(least, words + kit.tokens.rhythm(5, 3))

    def torn(self, kit: Kit, width: int) -> int:
        """How many words are too long for this width."""
        room = self._room(kit, width)
        return sum(torn(w.text, w.lines(kit, room)) for w in self._shown(kit) if w.text)

    def crowded(self, kit: Kit, width: int) -> int:
        """How uneasy it looks at this width: lines beyond the first."""
        room = self._room(kit, width)
        return sum(len(w.lines(kit, room)) - 1 for w in self._shown(kit) if w.text)

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        self.ink.clear()
        room, icon = self._room(kit, w), self._icon_px(kit)
        pad = kit.tokens.pad if self.shape != "slot" else kit.tokens.mm(2)
        heights = self._roomy(kit, room, h - 2 * kit.tokens.mm(2) - (icon if self.shape == "tile" else 0))
        tile = self.shape == "tile" and icon
        under, above = self._gaps(kit)
        block = sum(heights) + (icon + under if tile else 0)
        top = y + (h + block) // 2
        left = x + pad
        if icon:
            place = (left, top - icon) if tile else (left, y + (h - icon) // 2)
            with self.ink:
                Color(*kit.colour("on_off" if self.item.off else "on_chosen" if self.item.chosen else "accent"))
                Rectangle(texture=kit.icon(self.item.icon, icon), size=(icon, icon), pos=place)
            if tile:
                top -= icon + under
            else:
                left += icon + pad
        shown = self._shown(kit)
        for number, (words, high) in enumerate(zip(shown, heights, strict=True)):
            words.put(kit, left, top - high, room, high - above if high and number else high)
            top -= high
        for words in self._lines:
            if words not in shown:
                words.put(kit, -10, -10, 0, 0)

    def _roomy(self, kit: Kit, room: int, height: int) -> list[int]:
        """The heights of `_block`, with a line more for what would else break a word, where there is the height."""
        heights = self._block(kit, room)
        for at, words in enumerate(self._shown(kit)):
            more = len(words.lines(kit, room, roomy=True)) - len(words.lines(kit, room)) if words.text else 0
            extra = more * kit.tokens.line(words.px(kit))
            words.roomy = more > 0 and sum(heights) + extra + self._gaps(kit)[0] <= height
            heights[at] += extra if words.roomy else 0
        return heights

    def ground(self) -> tuple[str, str, int | None]:
        if self.item.chosen:  # its words are made for this ground, also while it is pressed
            thick = self.kit.tokens.hair * 3 if self.pressed and self.kit else None
            return "chosen", ("accent" if self.pressed else "chosen"), thick
        if self.item.off and not self.pressed:
            return "off", "rule", None
        return super().ground()

    def forget(self) -> None:
        self.fill(Item("", ""), self.shape)
        self.renew()
        for words in (self._title, *self._lines):
            words.private = True
            words.forget()
            words.private = False


def _tight(kit: Kit) -> bool:
    """Large letters in the band that a sitting person reaches."""
    return kit.tokens.elder and kit.tokens.low
