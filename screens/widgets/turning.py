"""上一页 and 下一页: the buttons that turn what does not fit on one page, and the row in which they stand with the
number of the page between them. Whoever lays the pages knows which one it is and how many there are.
"""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle

from kiosk.words import _
from screens.kit import Kit
from screens.widgets.piece import Piece, Target
from screens.widgets.wording import Wording


class PageButton(Target):
    """上一页 or 下一页: turns (`turn(by)`) the pages of the piece it stands in."""

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


class TurnRow:
    """The two buttons at the ends of a row, "2 / 3" between them."""

    def __init__(self) -> None:
        self._back, self._on = PageButton("previous", -1), PageButton("next", 1)
        self._where = Wording(align="center", tone="quiet")

    def natural(self, kit: Kit, width: int) -> int:
        """Its height in px."""
        return self._on.natural(kit, width)

    def places(
        self, kit: Kit, page: int, pages: int, place: tuple[int, int, int, int], gap: int
    ) -> list[tuple[Piece, tuple[int, int, int, int]]]:
        """What stands in the row on `page` (from 0) of `pages`, from the left, each with its place. `place`: the row's,
        in px; `gap`: px between them."""
        x, y, w, h = place
        middle = kit.width(f" {pages} / {pages} ", kit.tokens.font("body"))
        wanted = max(self._back.wanted(kit), self._on.wanted(kit))
        side = max((w - 2 * gap) * 3 // 8, min((w - 2 * gap - middle) // 2, wanted))
        self._back.off, self._on.off = page == 0, page == pages - 1
        self._where.text = f"{page + 1} / {pages}"
        return [
            (self._back, (x, y, side, h)),
            (self._where, (x + side + gap, y, w - 2 * side - 2 * gap, h)),
            (self._on, (x + w - side, y, side, h)),
        ]
