"""What every widget is drawn with: the tokens of the present look, fonts, icons and words, and the few textures
that are
shared (icons and rounded corners, which say nothing about anybody). It keeps no text: a texture of words lives only in
the widget that shows it, so that wiping the widget wipes the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import hypot
from typing import TYPE_CHECKING, Any

from kivy.core.text import Label as CoreLabel
from kivy.graphics.texture import Texture

from kiosk.words import Words
from screens.lexicon import Lexicon
from screens.text import balance, break_lines, keep_words

if TYPE_CHECKING:
    from screens.fonts import FontBook
    from screens.icons import IconBook
    from screens.tokens import Colours, Tokens

BELOW = 0.12  # a Chinese character's square reaches 0.12 em below the baseline and 0.88 em above
_SHORT = 3  # lines: a text of no more is broken between words
Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one line in one font: its texture, where it stands in the line (px from the line's left), and
    how far its box reaches below the baseline (px)."""

    texture: Any
    left: int
    drop: int


def rgb(colour: str) -> Rgb:
    """"#rrggbb" as three numbers from 0 to 1."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _alpha_texture(size: int, coverage: bytes) -> Any:
    """White with `coverage` as its alpha, so that any colour can tint it."""
    pixels = bytearray(b"\xff") * (4 * size * size)
    pixels[3::4] = coverage
    texture = Texture.create(size=(size, size), colorfmt="rgba")
    texture.blit_buffer(bytes(pixels), colorfmt="rgba", bufferfmt="ubyte")
    texture.mag_filter = texture.min_filter = "nearest"
    return texture


def _corners(radius: int, thickness: int | None) -> bytes:
    """Coverage of a round-cornered square of side 2·radius+2: filled, or a ring `thickness` wide."""
    side = 2 * radius + 2
    out = bytearray(side * side)
    for y in range(side):
        dy = max(radius - y - 0.5, y + 0.5 - (side - radius), 0)
        for x in range(side):
            dx = max(radius - x - 0.5, x + 0.5 - (side - radius), 0)
            edge = min(x + 0.5, y + 0.5, side - x - 0.5, side - y - 0.5)
            inward = radius - hypot(dx, dy) if dx and dy else edge
            cover = min(max(inward + 0.5, 0.0), 1.0)
            if thickness is not None:
                cover *= min(max(thickness - inward + 0.5, 0.0), 1.0)
            out[y * side + x] = round(cover * 255)
    return bytes(out)


def _box_texture(radius: int, thickness: int, fill: str, edge: str) -> Any:
    """The nine-patch itself; `fill` and `edge` are "#rrggbb" or ""."""
    ring = _corners(radius, thickness) if edge else None
    whole = _corners(radius, None) if fill else ring
    assert whole is not None, "neither filled nor outlined"
    outer = [round(part * 255) for part in rgb(edge or fill)]
    inner = [round(part * 255) for part in rgb(fill or edge)]
    pixels = bytearray(4 * len(whole))
    for channel in range(3):
        low, high = inner[channel], outer[channel]
        pixels[channel::4] = bytes(low + (high - low) * cover // 255 for cover in ring or whole)
    pixels[3::4] = whole
    side = 2 * radius + 2
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(bytes(pixels), colorfmt="rgba", bufferfmt="ubyte")
    texture.mag_filter = texture.min_filter = "linear"
    return texture


@dataclass(slots=True, weakref_slot=True)
class _Shelf:
    """What every look shares: textures, and the words that are known."""

    icons: dict[tuple[str, int], Any] = field(default_factory=dict)
    boxes: dict[tuple[int, int, str, str], Any] = field(default_factory=dict)
    lexicon: Lexicon = field(default_factory=Lexicon)


class Kit:
    """Tokens, fonts, icons and words of the present moment. Replaced, never changed, when look or language change."""

    def __init__(
        self, tokens: Tokens, fonts: FontBook, icons: IconBook, words: Words, shelf: _Shelf | None = None
    ) -> None:
        self.tokens, self.fonts, self.icons, self.words = tokens, fonts, icons, words
        self._shelf = shelf or _Shelf()
        self._aired: dict[int, Kit] = {}

    def changed(self, tokens: Tokens, words: Words) -> Kit:
        return Kit(tokens, self.fonts, self.icons, words, self._shelf)

    def aired(self, air: int) -> Kit:
        """The same look with more or less air; the same object each time, so that what stands is not drawn again."""
        if air == self.tokens.air:
            return self
        if air not in self._aired:
            self._aired[air] = self.changed(replace(self.tokens, air=air), self.words)
        return self._aired[air]

    @cached_property
    def colours(self) -> Colours:
        return self.tokens.colours

    def colour(self, name: str) -> Rgb:
        return rgb(getattr(self.colours, name))

    # ---- words ----

    def width(self, text: str, px: int, *, bold: bool = False) -> int:
        return self.fonts.width(text, px, bold=bold)

    def lines(
        self, text: str, px: int, width: float, *, bold: bool = False, balanced: bool = False, more: bool = False
    ) -> list[str]:
        """`text` broken for a column `width` pixels wide; `more`: there is room for a line that keeps a word whole."""
        if "\n" in text:
            return [line for part in text.split("\n") for line in self.lines(part, px, width, bold=bold, more=more)]
        fonts = self.fonts

        def measure(line: str) -> float:
            return fonts.width(line, px, bold=bold)

        lines = (balance if balanced else break_lines)(text, width, measure)
        if 1 < len(lines) <= _SHORT:
            inside = self._shelf.lexicon.inside(text)
            return keep_words(text, lines, width, measure, inside, even=balanced, more=more)
        return lines

    def learn(self, words: Sequence[str] = ()) -> None:
        """Read which words are not to be broken, if they are not known yet; `words`: a hall's own."""
        self._shelf.lexicon.load()
        self._shelf.lexicon.add(words)

    def runs(self, line: str, px: int, *, bold: bool = False) -> list[Run]:
        """One line as textures, each in a font that has its characters."""
        out: list[Run] = []
        left = 0
        for face, text in self.fonts.runs(line, bold=bold):
            label = CoreLabel(text=text, font_size=px, font_name=face.path, color=(1, 1, 1, 1))
            label.refresh()
            # fonts stand on one baseline: `drop` is how far this one's box reaches below it
            out.append(Run(label.texture, left, -int(label.get_descent())))
            left += label.texture.width
        return out

    # ---- shapes ----

    def icon(self, name: str, px: int) -> Any:
        """An icon's texture, white; `px` is brought to the nearest size that was drawn."""
        px = min(self.icon_sizes, key=lambda size: abs(size - px))
        key = (name, px)
        if key not in self._shelf.icons:
            self._shelf.icons[key] = _alpha_texture(px, self.icons.mask(name, px))
        return self._shelf.icons[key]

    @cached_property
    def icon_sizes(self) -> Sequence[int]:
        return self.tokens.icons

    def box(self, radius: int, thickness: int, fill: str, edge: str) -> Any:
        """A nine-patch with round corners: filled, outlined `thickness` px wide, or both; colours by name, "" for
        none."""
        key = (radius, thickness, fill and getattr(self.colours, fill), edge and getattr(self.colours, edge))
        if key not in self._shelf.boxes:
            self._shelf.boxes[key] = _box_texture(*key)
        return self._shelf.boxes[key]
