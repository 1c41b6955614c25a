"""What was written may mean one of these: large, in rows, best first; what does not fit comes on further pages. Nothing
is ever chosen by itself, and the place stays the same however many there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from kivy.properties import BooleanProperty, ObjectProperty

from screens.kit import Kit, Run
from screens.widgets.piece import Piece, Target
from screens.widgets.turning import PageButton
from screens.widgets.wording import Wording

IN_A_ROW = 10  # single characters
_SHORT = 6  # characters: fewer fit on a line in the larger size
_Sized = Callable[[str], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where one of them stands: px from the left, in which row, how wide, over how many rows."""

    number: int
    left: int
    row: int
    wide: int
    deep: int


class Candidate(Target):
    """One of them."""

    shape = "slot"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.text = Wording(align="center")
        self.add_widget(self.text)

    def natural(self, kit: Kit, width: int) -> int:
        return self.text.natural(kit, width)

    def drawn(self) -> tuple[object, ...]:
        return (*super().drawn(), self.text.text, self.text.role)

    def draw(self, kit: Kit) -> None:
        self.label = self.text.text
        pad = kit.tokens.mm(1)
        self.text.put(kit, int(self.x) + pad, int(self.y), max(0, int(self.width) - 2 * pad), int(self.height))

    def forget(self) -> None:
        self.choice = self.label = ""
        self.text.private = True
        self.text.forget()
        self.text.private = False
        self.renew()


class Candidates(Piece):
    """`texts`: best first. `many`: it takes the height that is left, for sentences; else one row. `shown`: it is there
    at all; `paged`: all of them can be had, else what there is room for."""

    texts = ObjectProperty(())
    many = BooleanProperty(False)
    shown = BooleanProperty(True)
    paged = BooleanProperty(True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._pool: list[Candidate] = []
        self._pages: list[list[_Cell]] = []
        self._lent: dict[tuple[object, ...], list[list[Run]]] = {}
        self.page = 0
        self._back, self._on = PageButton("previous", -1), PageButton("next", 1)
        for turner in (self._back, self._on):
            self.add_widget(turner)

    @property
    def springy(self) -> bool:  # type: ignore[override]
        return self.many

    def fill(self, texts: tuple[str, ...]) -> None:
        if texts != self.texts:
            self.texts, self.page = texts, 0

    def turn(self, by: int) -> None:
        self.page = min(max(0, self.page + by), max(0, len(self._pages) - 1))

    def drawn(self) -> tuple[object, ...]:
        return (*super().drawn(), self.page)

    def _row(self, kit: Kit) -> int:
        return max(kit.tokens.listed, kit.tokens.line(kit.tokens.font(self._large(kit) if self.many else "key")))

    def natural(self, kit: Kit, width: int) -> int:
        if not self.shown:
            return 0
        return 2 * self._row(kit) + _gap(kit) if self.many else self._row(kit)

    def most(self, kit: Kit, width: int) -> int:
        return 4 * (self._row(kit) + _gap(kit)) - _gap(kit) if self.many else self.natural(kit, width)

    def _width(self, kit: Kit, text: str, width: int) -> int:
        least = (width - (IN_A_ROW - 1) * _gap(kit)) // IN_A_ROW
        if self.many and len(text) == 1:
            return least
        role = self._role(kit, text, width)
        air = kit.tokens.mm(2.5 if role == "key" else 7)
        return min(width, max(least, kit.width(text, kit.tokens.font(role)) + air))

    def _role(self, kit: Kit, text: str, width: int) -> str:
        if not self.many:
            return "key" if len(text) == 1 else "lead"
        large = self._large(kit)
        if len(text) < _SHORT:
            return large
        return large if kit.width(text, kit.tokens.font(large)) + kit.tokens.mm(7) <= width else "body"

    @staticmethod
    def _large(kit: Kit) -> str:
        """Sentences in the large look are large at their smallest, where there is little height."""
        return "body" if kit.tokens.elder and kit.tokens.low else "lead"

    def _sized(self, kit: Kit, width: int, text: str) -> tuple[int, int]:
        """How wide in px, and over how many rows."""
        wide = self._width(kit, text, width)
        if not self.many or wide < width:
            return wide, 1
        return wide, 2 if kit.width(text, kit.tokens.font("body")) + kit.tokens.mm(7) > width else 1

    def _laid(self, gap: int, sized: _Sized, width: int, rows: int, turner: int, most: int) -> list[list[_Cell]]:
        """Page by page, no more than `most` of them. `turner`: px that the buttons take at the end of each page's last
        row, 0 for none."""
        pages: list[list[_Cell]] = [[]]
        left = row = 0
        for number, text in enumerate(self.texts):
            wide, deep = sized(text)
            if left and left + wide > width - (turner if row == rows - 1 else 0):
                left, row = 0, row + 1
            last = row + deep >= rows
            if pages[-1] and (row + deep > rows or (last and left + wide > width - turner)):
                if len(pages) == most:
                    break
                pages.append([])
                left = row = 0
                last = deep >= rows
            pages[-1].append(_Cell(number, left, row, min(wide, width - turner if last else width), deep))
            left += wide + gap
            if deep > 1:
                left, row = 0, row + deep
        return pages

    def draw(self, kit: Kit) -> None:
        w, h = int(self.width), int(self.height)
        high, gap = self._row(kit), _gap(kit)
        rows = max(1, (h + gap) // (high + gap))
        shown = bool(self.texts and w and h and self.shown)
        sized = cache(partial(self._sized, kit, w))  # they are laid twice where there is more than one page
        self._pages = self._laid(gap, sized, w, rows, 0, 2) if shown else []
        turner = 0
        if len(self._pages) > 1 and self.paged:
            turner = sum(button.wanted(kit) + gap for button in (self._back, self._on))
            self._pages = self._laid(gap, sized, w, rows, turner, self.page + 2)  # one more: is there one to turn to?
        self.page = min(self.page, max(0, len(self._pages) - 1)) if self.paged else 0
        cells = self._pages[self.page] if self._pages else []
        while len(self._pool) < len(cells):
            self._pool.append(Candidate())
            self._pool[-1].text.lent = self._lent
            self.add_widget(self._pool[-1], index=2)
        for candidate in self._pool:  # many of the texts only move: they are not drawn again
            candidate.text.lend(self._lent)
        for candidate, cell in zip(self._pool, cells, strict=False):
            text = self.texts[cell.number]
            candidate.text.text, candidate.choice = text, str(cell.number)
            candidate.text.role = self._role(kit, text, w)
            foot = int(self.top) - (cell.row + cell.deep) * (high + gap) + gap
            tall = cell.deep * (high + gap) - gap
            candidate.put(kit, int(self.x) + cell.left, foot, cell.wide, tall)
        for candidate in self._pool[len(cells):]:
            if candidate.choice:
                candidate.forget()
            candidate.put(kit, -10, -10, 0, 0)
        self._lent.clear()
        self._turners(kit, int(self.top) - rows * high - (rows - 1) * gap, high, shown=turner > 0)

    def _turners(self, kit: Kit, y: int, high: int, *, shown: bool) -> None:
        right = int(self.right)
        for button, off in ((self._on, self.page >= len(self._pages) - 1), (self._back, self.page == 0)):
            button.off = off
            wide = button.wanted(kit) if shown else 0
            button.put(kit, right - wide if shown else -10, y if shown else -10, wide, high if shown else 0)
            right -= wide + _gap(kit)

    def forget(self) -> None:
        self.texts, self.page, self._pages = (), 0, []
        super().forget()




def _gap(kit: Kit) -> int:
    """As little as is allowed: ten characters should stand in one row."""
    return kit.tokens.mm(3.2)
