"""How a page is put together: a `Tell` (what is said, from the top down) and `Answers` (what can be touched). Neither
knows what it holds.
"""

from __future__ import annotations

from kivy.properties import NumericProperty

from screens.kit import Kit
from screens.widgets.piece import Piece


class Stack(Piece):
    """Pieces one below the other. Air between them: each piece's own `above` in mm, else the gap of the tokens."""

    def pieces(self) -> list[Piece]:
        """Top to bottom."""
        return [child for child in reversed(self.children) if isinstance(child, Piece)]

    def air(self, kit: Kit, piece: Piece) -> int:
        above = getattr(piece, "above", 0)
        return kit.tokens.rhythm(above, above / 3) if above else kit.tokens.gap

    def natural(self, kit: Kit, width: int) -> int:
        total = 0
        for piece in self.pieces():
            high = piece.natural(kit, width)
            if high:
                total += high + (self.air(kit, piece) if total else 0)
        return total


class Tell(Stack):
    """What is said. Height beyond the natural goes first to the pieces that can use it, then into the air between."""

    def most(self, kit: Kit, width: int) -> int:
        return self.natural(kit, width) + sum(self._reserve(kit, piece, width) for piece in self.pieces())

    @staticmethod
    def _reserve(kit: Kit, piece: Piece, width: int) -> int:
        high = piece.natural(kit, width)
        return max(0, piece.most(kit, width) - high) if high else 0

    def put(self, kit: Kit, x: int, y: int, w: int, h: int) -> None:
        self.pos, self.size = (x, y), (w, h)
        pieces = self.pieces()
        heights = {piece: piece.natural(kit, w) for piece in pieces}
        spare = max(0, h - self.natural(kit, w))
        reserve = self.most(kit, w) - self.natural(kit, w)
        if reserve:
            used = min(spare, reserve)
            for piece in pieces:
                heights[piece] += int(self._reserve(kit, piece, w) * used / reserve)
            spare -= used
        shown = [piece for piece in pieces if heights[piece]]
        airs = sum(self.air(kit, piece) for piece in shown[1:]) or 1
        top, first = y + h, True
        for piece in pieces:
            high = heights[piece]
            if high and not first:
                top -= int(self.air(kit, piece) * (1 + spare / airs))
            first = first and not high
            piece.put(kit, x, top - high, w, high)
            top -= high


class Answers(Stack):
    """What can be touched. Springy pieces share what is left; what follows them stands at the lower edge, but for what
    `follows` closely."""

    def wanted(self, kit: Kit, width: int) -> int:
        """The height in px beyond which more would not help."""
        total = 0
        for piece in self.pieces():
            high = piece.most(kit, width) if piece.natural(kit, width) else 0
            if high:
                total += high + (self.air(kit, piece) if total else 0)
        return total

    def highest(self, kit: Kit, width: int, edge: int) -> int:
        """How high in px the answers may stand below `edge`: as high as a hand reaches, but for what is only read."""
        first = next((piece for piece in self.pieces() if piece.natural(kit, width)), None)
        return edge if first is not None and first.read_above else min(kit.tokens.reach_top, edge)

    def pages(self, kit: Kit, width: int, height: int) -> int:
        """On how many pages the cards would come at this height."""
        shown = [(piece, high) for piece in self.pieces() if (high := piece.natural(kit, width))]
        spare = height - sum(high for _, high in shown) - sum(self.air(kit, piece) for piece, _ in shown[1:])
        return max((piece.pages_in(kit, width, high + spare) for piece, high in shown if piece.springy), default=1)

    def put(self, kit: Kit, x: int, y: int, w: int, h: int) -> None:
        self.pos, self.size = (x, y), (w, h)
        pieces = [(piece, piece.natural(kit, w)) for piece in self.pieces()]
        pieces = [(piece, high) for piece, high in pieces if high or self._hide(kit, piece)]
        airs = sum(self.air(kit, piece) for piece, _ in pieces[1:])
        springs = [piece for piece, _ in pieces if piece.springy]
        spare = h - airs - sum(high for _, high in pieces)
        top, bottom = y + h, y
        after: list[tuple[Piece, int]] = []
        for piece, least in pieces:
            high = least
            if piece.springy:
                high = min(least + max(0, spare) // len(springs), max(least, piece.most(kit, w)))
            if springs and not after and (piece.springy or top == y + h or piece.follows):
                if top < y + h:
                    top -= self.air(kit, piece)
                piece.put(kit, x, top - high, w, high)
                top -= high
            else:
                after.append((piece, high))
        for piece, high in reversed(after):
            piece.put(kit, x, bottom, w, high)
            bottom += high + self.air(kit, piece)

    @staticmethod
    def _hide(kit: Kit, piece: Piece) -> bool:
        piece.put(kit, -10, -10, 0, 0)
        return False


class Duo(Piece):
    """Two targets side by side, the right one wider by `lean`."""

    lean = NumericProperty(0.5)

    def _widths(self, kit: Kit, width: int) -> tuple[list[Piece], list[int]]:
        pieces = [child for child in reversed(self.children) if isinstance(child, Piece)]
        shown = [piece for piece in pieces if piece.natural(kit, width)]
        free = width - kit.tokens.gap * (len(shown) - 1)
        if len(shown) < 2:
            return shown, [free] * len(shown)
        right = int(free * self.lean)
        return shown, [free - right, right]

    def natural(self, kit: Kit, width: int) -> int:
        pieces, widths = self._widths(kit, width)
        return max((piece.natural(kit, w) for piece, w in zip(pieces, widths, strict=True)), default=0)

    def put(self, kit: Kit, x: int, y: int, w: int, h: int) -> None:
        self.pos, self.size = (x, y), (w, h)
        pieces, widths = self._widths(kit, w)
        for child in self.children:
            if isinstance(child, Piece) and child not in pieces:
                child.put(kit, -10, -10, 0, 0)
        for piece, width in zip(pieces, widths, strict=True):
            piece.put(kit, x, y, width, h)
            x += width + kit.tokens.gap
