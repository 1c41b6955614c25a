"""Cards: the answers to a page's question, laid in a grid that fits its place. What does not fit comes on further pages
of cards (上一页 / 下一页); nothing scrolls and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from kivy.graphics import Color, Rectangle
from kivy.properties import NumericProperty, OptionProperty

from kiosk.words import _
from screens.kit import Kit
from screens.text import torn
from screens.tokens import AIRY
from screens.widgets.piece import Piece, Target
from screens.widgets.wording import Wording

_FEW = 3  # cards: fewer on a page are too few


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
        """`bare` afterwards: its title only; what the lines say is still spoken."""
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
        return [self._title, *(words for words in self._lines if words.text and not self.bare)]

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


class PageButton(Target):
    """上一页 or 下一页: turns the page of cards it belongs to."""

    def __init__(self, icon: str, by: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.by = by
        self._icon = icon
        self._text = Wording(align="center")
        self.add_widget(self._text)

    def natural(self, kit: Kit, width: int) -> int:
        return max(kit.tokens.listed, kit.tokens.line(kit.tokens.font("body")) + kit.tokens.mm(3))

    def say(self, kit: Kit) -> None:
        self._text.text = self.label = kit.words.say(_("上一页") if self.by < 0 else _("下一页"))

    def wanted(self, kit: Kit) -> int:
        """The width in px in which its word stands on one line."""
        self.say(kit)
        px = kit.tokens.font("body")
        return kit.width(self._text.text, px) + kit.icon(self._icon, px).width + kit.tokens.mm(6)

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        self.say(kit)
        self._text.tone = "on_off" if self.off else "ink"
        icon = kit.icon(self._icon, kit.tokens.font("body")).width
        wide = self._text.widest(kit, w - icon - kit.tokens.mm(3))
        start = x + (w - wide - icon - kit.tokens.mm(2)) // 2
        self.ink.clear()
        with self.ink:
            Color(*kit.colour(self._text.tone))
            spot = start if self.by < 0 else start + wide + kit.tokens.mm(2)
            Rectangle(texture=kit.icon(self._icon, icon), size=(icon, icon), pos=(spot, y + (h - icon) // 2))
        self._text.put(kit, start + (icon + kit.tokens.mm(2) if self.by < 0 else 0), y, wide + 2, h)


class Cards(Piece):
    """A grid of cards in the order given. `shape` as `Card`'s; `columns`: the numbers of columns to try, best first."""

    springy = True
    tall = NumericProperty(0)  # mm: no card higher than this
    shape = OptionProperty("tile", options=("tile", "row", "slot"))
    tallest: ClassVar = {"tile": 92, "row": 78, "slot": 44}  # mm
    calm: ClassVar = {"tile": 104, "row": 96, "slot": 56}  # mm, standing and within reach

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.columns: Sequence[int] = ()
        self.items: tuple[Item, ...] = ()
        self.page = 0
        self.pages = 1
        self._bare = False
        self._pool: list[Card] = []
        self._back = PageButton("previous", -1)
        self._on = PageButton("next", 1)
        self._where = Wording(align="center", tone="quiet")
        self._titles: list[Wording] = []

    def fill(self, items: Sequence[Item], *, fresh: bool) -> None:
        """New cards; `fresh`: begin with the first page of them."""
        self.items = tuple(items)
        if fresh:
            self.page = 0

    def turn(self, by: int) -> None:
        self.page = min(max(0, self.page + by), self.pages - 1)

    def stand_whole(self) -> None:
        self._bare = False

    def give_way(self) -> bool:
        """What stands below the titles is left out."""
        was, self._bare = self._bare, True
        return not was and any(item.lines for item in self.items)

    def _dress(self, kit: Kit) -> None:
        while len(self._pool) < len(self.items):
            self._pool.append(Card())
        for card, item in zip(self._pool, self.items, strict=False):
            if card.item is not item:
                card.fill(item, self.shape)
            card.bare = self._bare

    def _shape(self, kit: Kit, columns: int) -> str:
        """A tile that is as wide as the page becomes a row."""
        return "row" if self.shape == "tile" and (columns == 1 or kit.tokens.elder) else self.shape

    def _options(self, kit: Kit) -> Sequence[int]:
        if self.columns:
            return self.columns
        if self.shape == "slot":
            options = (3, 2, 1) if not kit.tokens.elder else (2, 3, 1)
            return [columns for columns in options if columns <= max(1, len(self.items))]
        if self.shape == "row":
            return (1, 2)
        return (2, 1) if not kit.tokens.elder else (1, 2)

    def _gap(self, kit: Kit) -> int:
        return kit.tokens.close if self.shape == "slot" else kit.tokens.gap

    def pages_in(self, kit: Kit, width: int, height: int) -> int:
        if not self.items:
            return 1
        self._dress(kit)
        _columns, rows, need, pages = self._grid(kit, width, height)
        turner = self._on.natural(kit, width) + self._gap(kit) if pages > 1 else 0
        return pages if rows * (need + self._gap(kit)) - self._gap(kit) + turner <= height else len(self.items) + 1

    def _grid(self, kit: Kit, width: int, height: int) -> tuple[int, int, int, int]:
        """Columns, rows on a page, cell height, pages. In low reach, where hints below the titles would leave fewer
        than three cards on a page, they are left out: they are spoken all the same."""
        cards = self._pool[: len(self.items)]
        for card in cards:
            card.bare = self._bare
        grid = self._tiled(kit, width, height)
        columns, rows, _need, pages = grid
        if self._bare or pages < 2 or columns * rows >= _FEW or not kit.tokens.low:
            return grid
        said = [tone for item in self.items for _words, tone in item.lines]
        if (self.shape == "slot" and not self.spare) or set(said) != {"quiet"} or any(item.off for item in self.items):
            return grid
        for card in cards:
            card.bare = True
        terse = self._tiled(kit, width, height)
        if terse[3] < pages:
            return terse
        for card in cards:
            card.bare = False
        return self._tiled(kit, width, height)

    def _tiled(self, kit: Kit, width: int, height: int) -> tuple[int, int, int, int]:
        """What fits, with no word torn, the fewest pages, the least crowded, and as we prefer."""
        gap, turner = self._gap(kit), self._on.natural(kit, width) + kit.tokens.gap
        best: tuple[tuple[int, ...], tuple[int, int, int, int]] | None = None
        cards = self._pool[: len(self.items)]
        for rank, columns in enumerate(self._options(kit)):
            cell = (width - gap * (columns - 1)) // columns
            for card in cards:
                card.shape = self._shape(kit, columns)
            need = max((card.natural(kit, cell) for card in cards), default=0)
            rows_wanted = -(-len(cards) // columns)
            rows = (height + gap) // (need + gap)
            if rows < rows_wanted:
                rows = max(1, (height - turner + gap) // (need + gap))
            rows = max(1, min(rows, rows_wanted))
            pages = -(-len(cards) // (rows * columns)) or 1
            tears = sum(card.torn(kit, cell) for card in cards)
            crowd = sum(card.crowded(kit, cell) for card in cards)
            room = height - (turner if pages > 1 else 0)
            merit = (max(0, rows * (need + gap) - gap - room), tears, pages, crowd, rank)
            if best is None or merit < best[0]:
                best = (merit, (columns, rows, need, pages))
        grid = best[1] if best else (1, 1, 0, 1)
        for card in cards:
            card.shape = self._shape(kit, grid[0])
        return grid

    def natural(self, kit: Kit, width: int) -> int:
        """One row of cards, and the page turner where that is not all of them."""
        if not self.items:
            return 0
        self._dress(kit)
        cards, gap = self._pool[: len(self.items)], self._gap(kit)
        heights = []
        for columns in self._options(kit):
            for card in cards:
                card.shape = self._shape(kit, columns)
            cell = (width - gap * (columns - 1)) // columns
            turner = self._on.natural(kit, width) + gap if len(cards) > columns else 0
            heights.append(max(card.natural(kit, cell) for card in cards) + turner)
        return min(heights)

    def _tall(self, kit: Kit, columns: int) -> int:
        standing = kit.tokens.portrait and not kit.tokens.low
        if self.tall:
            return kit.tokens.mm(self.tall) + (kit.tokens.rhythm(0, 10) if standing else 0)
        return kit.tokens.mm((self.calm if standing else self.tallest)[self._shape(kit, columns)])

    def most(self, kit: Kit, width: int) -> int:
        self._dress(kit)
        columns, rows, need, _pages = self._grid(kit, width, 10**6)
        gap, tall = self._gap(kit), max(need, self._tall(kit, columns))
        if (groups := self._groups()) and columns > 1:
            rows, titles = self._grouped(kit, columns, groups)
            return rows * tall + titles
        return rows * (tall + gap) - gap

    def _groups(self) -> list[list[Card]]:
        """The cards by the titles they stand under; empty where there are not two of them."""
        groups: list[list[Card]] = []
        for card in self._pool[: len(self.items)]:
            if not groups or groups[-1][0].item.group != card.item.group:
                groups.append([])
            groups[-1].append(card)
        return groups if len(groups) > 1 and all(group[0].item.group for group in groups) else []

    def _grouped(self, kit: Kit, columns: int, groups: list[list[Card]]) -> tuple[int, int]:
        """Rows of cards in all, and the height of everything else: titles and gaps."""
        rows = [-(-len(group) // columns) for group in groups]
        title, gap, apart = self._title_heights(kit)
        return sum(rows), len(groups) * title + gap * sum(n - 1 for n in rows) + apart * (len(groups) - 1)

    def _title_heights(self, kit: Kit) -> tuple[int, int, int]:
        """Of a group's title with the air below it, between rows, and above the next group."""
        title = kit.tokens.line(kit.tokens.font("body")) + kit.tokens.rhythm(1, 0.5)
        return title, self._gap(kit), kit.tokens.rhythm(5, 3)

    def _under_titles(self, kit: Kit, x: int, y: int, w: int, h: int) -> list[tuple[Piece, tuple[int, int, int, int]]]:
        """Everything on one page, each group under its title; empty where it does not fit."""
        groups = self._groups()
        columns, _rows, need, pages = self._grid(kit, w, h)
        if not groups or pages > 1 or columns < 2:
            return []
        rows, other = self._grouped(kit, columns, groups)
        tall = min((h - other) // rows, max(need, self._tall(kit, columns)))
        if tall < need:
            return []
        title, gap, apart = self._title_heights(kit)
        while len(self._titles) < len(groups):
            self._titles.append(Wording(bold=True))
        cell, top = (w - gap * (columns - 1)) // columns, y + h
        out: list[tuple[Piece, tuple[int, int, int, int]]] = []
        for words, group in zip(self._titles, groups, strict=False):
            words.text = group[0].item.group
            line = words.natural(kit, w)
            out.append((words, (x, top - line, w, line)))
            top -= title
            for number, card in enumerate(group):
                row, column = divmod(number, columns)
                out.append((card, (x + column * (cell + gap), top - (row + 1) * tall - row * gap, cell, tall)))
            top -= -(-len(group) // columns) * (tall + gap) - gap + apart
        return out

    def put(self, kit: Kit, x: int, y: int, w: int, h: int) -> None:
        self.pos, self.size = (x, y), (w, h)
        self._dress(kit)
        places = (self._under_titles(kit, x, y, w, h) or self._places(kit, x, y, w, h)) if self.items and w else []
        pieces = [piece for piece, _place in places]
        if pieces != self.children[::-1]:
            self.clear_widgets()
            for piece in pieces:
                self.add_widget(piece)
        for piece, place in places:
            piece.put(kit, *place)

    def _places(self, kit: Kit, x: int, y: int, w: int, h: int) -> list[tuple[Piece, tuple[int, int, int, int]]]:
        """The cards of the present page and the page turner, each with its place."""
        gap = self._gap(kit)
        columns, rows, need, self.pages = self._grid(kit, w, h)
        self.page = min(self.page, self.pages - 1)
        turner = self._on.natural(kit, w)
        room = h - (turner + gap if self.pages > 1 else 0)
        most = self._tall(kit, columns)
        if self.pages > 1 and kit.tokens.low:
            most = most * 3 // 2  # fill the band, so that the page turner below leaves no hole
        tall = max(need, min(most, (room + gap) // rows - gap))
        cell = (w - gap * (columns - 1)) // columns
        first = self.page * rows * columns
        out: list[tuple[Piece, tuple[int, int, int, int]]] = []
        for number, card in enumerate(self._pool[first : min(first + rows * columns, len(self.items))]):
            row, column = divmod(number, columns)
            out.append((card, (x + column * (cell + gap), y + h - (row + 1) * tall - row * gap, cell, tall)))
        if self.pages > 1:
            middle = kit.width(f" {self.pages} / {self.pages} ", kit.tokens.font("body"))
            wanted = max(self._back.wanted(kit), self._on.wanted(kit))
            side = max((w - 2 * gap) * 3 // 8, min((w - 2 * gap - middle) // 2, wanted))
            at = y + h - rows * (tall + gap) - turner if not kit.tokens.low else y
            self._back.off, self._on.off = self.page == 0, self.page == self.pages - 1
            self._where.text = f"{self.page + 1} / {self.pages}"
            out.append((self._back, (x, at, side, turner)))
            out.append((self._where, (x + side + gap, at, w - 2 * side - 2 * gap, turner)))
            out.append((self._on, (x + w - side, at, side, turner)))
        return out

    def forget(self) -> None:
        for card in self._pool:
            card.forget()
        self.items, self.page = (), 0
        self.clear_widgets()
