"""What is to be read: paragraphs one below the other on a white sheet, each with a sign and a line above it where it
has them. What does not fit comes on further pages (上一页 / 下一页); nothing scrolls and nothing is cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kivy.graphics import Color, Rectangle

from screens.kit import Kit
from screens.widgets.piece import Box, Piece
from screens.widgets.turning import TurnRow
from screens.widgets.wording import Wording

_LEAST = 2  # lines that a page of it holds at the very least


@dataclass(frozen=True, slots=True)
class Para:
    """One paragraph. `head`: a quiet line above it; `mark`: an icon beside it; `tied`: a rail leads down to it from the
    mark before; `tone`: a colour's name."""

    text: str
    head: str = ""
    mark: str = ""
    tone: str = "ink"
    bold: bool = False
    tied: bool = False


@dataclass(frozen=True, slots=True)
class _Slice:
    """What of a paragraph stands on one page: `lines` of its words; `first`: with its head and its mark."""

    para: Para
    lines: tuple[str, ...]
    first: bool


class Passage(Piece):
    """A springy sheet of paragraphs, in larger type where all of them stand on one page so."""

    springy = True
    read_above = True
    speech_role = "list"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._box = Box(self.ground_ink)
        self._paras: tuple[Para, ...] = ()
        self.page, self.pages = 0, 1
        self._pool: list[tuple[Wording, Wording]] = []
        self._turn_row = TurnRow()

    def fill(self, paras: Sequence[Para], *, fresh: bool) -> None:
        """An empty sequence hides the sheet. `fresh`: begin with its first page."""
        self._paras = tuple(para for para in paras if para.text)
        self.label = "，".join(para.text for para in self._paras)
        if fresh:
            self.page = 0

    def turn(self, by: int) -> None:
        self.page = min(max(0, self.page + by), self.pages - 1)

    # ---- measures ------------------------------------------------------------------------------------------------

    def _rail(self, kit: Kit) -> int:
        marked = any(para.mark for para in self._paras)
        return kit.icon("check", kit.tokens.font("body")).width + kit.tokens.mm(4) if marked else 0

    def _room(self, kit: Kit, width: int) -> int:
        return width - 2 * kit.tokens.pad - self._rail(kit)

    def _edge(self, kit: Kit) -> int:
        return kit.tokens.rhythm(3, 2)

    def _between(self, kit: Kit) -> int:
        return kit.tokens.rhythm(3, 1.5)

    def _high(self, kit: Kit, piece: _Slice, role: str) -> int:
        head = kit.tokens.line(kit.tokens.font("body")) if piece.first and piece.para.head else 0
        return head + len(piece.lines) * kit.tokens.line(kit.tokens.font(role))

    def _whole(self, kit: Kit, width: int, role: str) -> list[_Slice]:
        room, px = self._room(kit, width), kit.tokens.font(role)
        return [_Slice(para, tuple(kit.lines(para.text, px, room, bold=para.bold)), first=True) for para in self._paras]

    def _all(self, kit: Kit, width: int, role: str) -> int:
        """The height in px of everything on one page."""
        slices = self._whole(kit, width, role)
        return sum(self._high(kit, piece, role) for piece in slices) + (
            self._between(kit) * (len(slices) - 1) + 2 * self._edge(kit))

    def _role(self, kit: Kit, width: int, height: int) -> str:
        return "lead" if self._all(kit, width, "lead") <= height else "body"

    def _turner(self, kit: Kit, width: int) -> int:
        return self._turn_row.natural(kit, width) + kit.tokens.gap

    def _leaves(self, kit: Kit, width: int, height: int) -> list[list[_Slice]]:
        """The slices of each page. A paragraph goes to the next page whole if that holds it, else it is torn between
        lines."""
        role = self._role(kit, width, height)
        whole = self._whole(kit, width, role)
        if self._all(kit, width, role) <= height:
            return [whole]
        room = height - self._turner(kit, width) - 2 * self._edge(kit)
        line, gap = kit.tokens.line(kit.tokens.font(role)), self._between(kit)
        leaves: list[list[_Slice]] = [[]]
        left = room
        for piece in whole:
            rest: _Slice | None = piece
            while rest is not None:
                above = gap if leaves[-1] else 0
                high = self._high(kit, rest, role)
                if high + above <= left:
                    leaves[-1].append(rest)
                    left -= high + above
                    break
                fits = (left - above - (high - len(rest.lines) * line)) // line
                if leaves[-1] and (high <= room or fits < _LEAST):
                    leaves.append([])
                    left = room
                    continue
                fits = max(1, fits)
                leaves[-1].append(_Slice(rest.para, rest.lines[:fits], rest.first))
                rest = _Slice(rest.para, rest.lines[fits:], first=False) if rest.lines[fits:] else None
                if rest is not None:
                    leaves.append([])
                    left = room
        return leaves

    def natural(self, kit: Kit, width: int) -> int:
        if not self._paras:
            return 0
        line = kit.tokens.line(kit.tokens.font("body"))
        least = (_LEAST + 1) * line + 2 * self._edge(kit) + self._turner(kit, width)
        return min(self._all(kit, width, "body"), least)

    def most(self, kit: Kit, width: int) -> int:
        return self._all(kit, width, "lead") if self._paras else 0

    def pages_in(self, kit: Kit, width: int, height: int) -> int:
        return len(self._leaves(kit, width, height)) if self._paras else 1

    # ---- drawing -------------------------------------------------------------------------------------------------

    def drawn(self) -> tuple[object, ...]:
        return (*super().drawn(), self._paras, self.page)

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        self.ink.clear()
        self.clear_widgets()
        if not self._paras or w <= 0 or h <= 0:
            self._box.put(kit, (0, 0, 0, 0), "")
            return
        leaves, role = self._leaves(kit, w, h), self._role(kit, w, h)
        self.pages = len(leaves)
        self.page = min(self.page, self.pages - 1)
        turner = self._turner(kit, w) if self.pages > 1 else 0
        tall = h - turner if turner else min(h, self._all(kit, w, role))
        self._box.put(kit, (x, y + h - tall, w, tall), "card", "rule")
        self._write(kit, leaves[self.page], role, (x + kit.tokens.pad, y + h - self._edge(kit), w))
        if turner:
            gap = kit.tokens.gap
            for piece, place in self._turn_row.places(kit, self.page, self.pages, (x, y, w, turner - gap), gap):
                self.add_widget(piece)
                piece.put(kit, *place)

    def _write(self, kit: Kit, leaf: list[_Slice], role: str, place: tuple[int, int, int]) -> None:
        left, top, width = place
        while len(self._pool) < len(leaf):
            self._pool.append((Wording(tone="quiet", private=True), Wording(private=True)))
        rail, room = self._rail(kit), self._room(kit, width)
        icon = kit.icon("check", kit.tokens.font("body")).width
        line = kit.tokens.line(kit.tokens.font("body"))
        below: int | None = None
        for (head, words), piece in zip(self._pool, leaf, strict=False):
            para, start = piece.para, top
            if piece.first and para.head:
                head.text = para.head
                self.add_widget(head)
                head.put(kit, left + rail, top - line, room, line)
                top -= line
            words.text, words.role, words.tone, words.bold = "\n".join(piece.lines), role, para.tone, para.bold
            high = len(piece.lines) * kit.tokens.line(kit.tokens.font(role))
            self.add_widget(words)
            words.put(kit, left + rail, top - high, room, high)
            top -= high + self._between(kit)
            if not (para.mark and piece.first):
                below = None
                continue
            middle = start - (line if para.head else kit.tokens.line(kit.tokens.font(role))) // 2
            with self.ink:
                if below is not None and para.tied:
                    Color(*kit.colour("edge"))
                    foot = middle + icon // 2 + kit.tokens.mm(1)
                    Rectangle(pos=(left + (icon - kit.tokens.hair) // 2, foot),
                              size=(kit.tokens.hair, max(0, below - foot)))
                Color(*kit.colour(para.tone))
                Rectangle(texture=kit.icon(para.mark, icon), size=(icon, icon), pos=(left, middle - icon // 2))
            below = middle - icon // 2 - kit.tokens.mm(1)

    def forget(self) -> None:
        self.fill((), fresh=True)
        for head, words in self._pool:
            head.forget()
            words.forget()
        self.renew()
        self.ink.clear()
        self.clear_widgets()
