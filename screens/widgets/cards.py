"""Cards: the answers to a page's question, laid in a grid that fits its place. What does not fit comes on further pages
of cards (上一页 / 下一页); nothing scrolls and nothing is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from kivy.properties import NumericProperty, OptionProperty

from screens.kit import Kit
from screens.widgets.card import Card, Item, hints
from screens.widgets.piece import Piece
from screens.widgets.turning import TurnRow
from screens.widgets.wording import Wording

_FEW = 3  # cards: fewer on a page are too few


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
        self._turn_row = TurnRow()
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
        """The hints below the titles are left out."""
        was, self._bare = self._bare, True
        return not was and any(hints(item) for item in self.items)

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
        turner = self._turn_row.natural(kit, width) + self._gap(kit) if pages > 1 else 0
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
        if (self.shape == "slot" and not self.spare) or not any(hints(item) for item in self.items):
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
        gap, turner = self._gap(kit), self._turn_row.natural(kit, width) + kit.tokens.gap
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
            turner = self._turn_row.natural(kit, width) + gap if len(cards) > columns else 0
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
        turner = self._turn_row.natural(kit, w)
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
            at = y + h - rows * (tall + gap) - turner if not kit.tokens.low else y
            out += self._turn_row.places(kit, self.page, self.pages, (x, at, w, turner), gap)
        return out

    def forget(self) -> None:
        for card in self._pool:
            card.forget()
        self.items, self.page = (), 0
        self.clear_widgets()
