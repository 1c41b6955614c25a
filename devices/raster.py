"""Draws a `Slip` as black and white dots, 8 to the millimetre, with our own letters, line breaks and QR code.

The result is packed rows (1 = black, leftmost dot in the highest bit), as `GS v 0` and PNG both want them. It knows no
printer. Text stands at 3 mm cap height at least, a code at 8 mm, QR modules at 6 dots or more within 36 mm.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from devices.glyphs import CAP_HEIGHT, Typeface
from devices.paper import DOTS_PER_MM, Align, Badge, Field, Gap, Item, Line, Paper, Qr, Rule, Size, Slip
from devices.typeset import break_lines

QR_MOST_MM = 36
QR_LEAST_DOTS = 6
QR_MOST_DOTS = 9
QR_QUIET = 4
_LEADING = {Size.TEXT: 1.36, Size.STRONG: 1.3, Size.TITLE: 1.2, Size.CODE: 1.12}
_FIELD_GAP = 6
_TOP = 0.88  # Noto's Hanzi reach 0.88 em above the baseline
EMS: dict[Size, int] = {size: math.ceil(size.value * DOTS_PER_MM / CAP_HEIGHT) for size in Size}
"""Font size in dots whose capitals are as high as the size promises."""


class QrTooLong(ValueError):
    """The content does not fit a QR code of 36 mm with 6 dots a module."""


@dataclass(frozen=True, slots=True)
class Raster:
    """`height` rows of `width` dots (a multiple of 8), packed, 1 = black."""

    width: int
    height: int
    data: bytes

    @property
    def row_bytes(self) -> int:
        return self.width // 8

    def image(self) -> Image.Image:
        """Black on white, mode "1"."""
        return Image.frombytes("1", (self.width, self.height), bytes(b ^ 0xFF for b in self.data))

    def png(self, margin_mm: float = 0) -> bytes:
        """As paper looks: black on white, with `margin_mm` of bare paper around."""
        margin = round(margin_mm * DOTS_PER_MM)
        sheet = Image.new("1", (self.width + 2 * margin, self.height + 2 * margin), 1)
        sheet.paste(self.image(), (margin, margin))
        out = io.BytesIO()
        sheet.save(out, "PNG")
        return out.getvalue()


class Drawer:
    """Draws slips for one paper. Keeps single letters between slips and nothing else. Not for several threads."""

    def __init__(self, paper: Paper, face: Typeface | None = None) -> None:
        self.paper = paper
        self._face = face or Typeface()

    def warm(self, text: str) -> None:
        """Draw the letters of `text` in the sizes slips use most."""
        self._face.warm(text, [(EMS[Size.TEXT], False), (EMS[Size.TEXT], True)])
        self._face.warm("0123456789:–月日星期一二三四五六 ", [(EMS[size], True) for size in Size])

    def draw(self, slip: Slip) -> Raster:
        """Raises `QrTooLong`."""
        return self._stack([self.strip(item) for item in slip.items])

    def strip(self, item: Item) -> Raster:
        """One item by itself: a line GBK cannot hold, or the QR code of a slip sent as text."""
        return _pack(self._image(item))

    def _stack(self, strips: list[Raster]) -> Raster:
        return Raster(self.paper.dots, sum(s.height for s in strips), b"".join(s.data for s in strips))

    def _image(self, item: Item) -> Image.Image:
        match item:
            case Line():
                return self._lines(item)
            case Field():
                return self._field(item)
            case Badge():
                return self._badge(item)
            case Rule():
                return self._rule(item)
            case Gap():
                return self._blank(round(item.mm * DOTS_PER_MM))
            case Qr():
                return self._qr(item)

    def _blank(self, height: int) -> Image.Image:
        return Image.new("1", (self.paper.dots, max(1, height)), 0)

    def _lines(self, line: Line) -> Image.Image:
        em, bold = EMS[line.size], line.bold
        spread = round(em * 0.04) if line.size is Size.CODE else 0
        lines = break_lines(line.text, self.paper.dots, lambda c: self._face.glyph(c, em, bold=bold).advance + spread)
        step = round(em * _LEADING[line.size])
        sheet = self._blank(step * len(lines))
        for row, text in enumerate(lines):
            width = self._width(text, em, bold=bold, spread=spread)
            left = (self.paper.dots - width) // 2 if line.align is Align.CENTER else 0
            pen = (max(0, left), row * step + self._baseline(em, step))
            self._write(sheet, text, pen, em, bold=bold, spread=spread)
        return sheet

    def _field(self, item: Field) -> Image.Image:
        """Label in bold on the left, value in its own column; under the label where the paper is narrow."""
        em = EMS[item.size]
        step = round(em * _LEADING[item.size])
        indent = self._width(item.label, em, bold=True) + em // 2
        short = indent + self._width(item.value, em) <= self.paper.dots
        beside = short or indent <= self.paper.dots * 0.42
        if not beside:
            indent = 0
        lines = break_lines(item.value, self.paper.dots - indent, lambda c: self._face.glyph(c, em).advance)
        if not beside:
            lines.insert(0, "")
        sheet = self._blank(_FIELD_GAP + step * len(lines))
        self._write(sheet, item.label, (0, _FIELD_GAP + self._baseline(em, step)), em, bold=True)
        for row, text in enumerate(lines):
            self._write(sheet, text, (indent, _FIELD_GAP + row * step + self._baseline(em, step)), em)
        return sheet

    def _badge(self, badge: Badge) -> Image.Image:
        em = EMS[Size.STRONG]
        width = self._width(badge.text, em, bold=True)
        high, wide = round(em * 1.5), min(self.paper.dots, width + 2 * em)
        sheet = self._blank(high + 8)
        left = (self.paper.dots - wide) // 2
        sheet.paste(1, (left, 0, left + wide, high))
        self._write(sheet, badge.text, (left + (wide - width) // 2, self._baseline(em, high)), em, bold=True, ink=0)
        return sheet

    def _rule(self, rule: Rule) -> Image.Image:
        sheet = self._blank(20)
        sheet.paste(1, (0, 9, self.paper.dots, 11))
        if rule.dashed:
            for x in range(8, self.paper.dots, 12):
                sheet.paste(0, (x, 9, x + 4, 11))
        return sheet

    def _qr(self, item: Qr) -> Image.Image:
        side, dots = qr_dots(item.content)
        sheet = self._blank(side.shape * dots)
        left = (self.paper.dots - side.shape * dots) // 2 + QR_QUIET * dots
        count = len(side.modules)
        small = Image.new("1", (count, count))
        small.putdata([255 if dark else 0 for row in side.modules for dark in row])
        sheet.paste(small.resize((count * dots, count * dots), Image.Resampling.NEAREST), (left, QR_QUIET * dots))
        return sheet

    def _baseline(self, em: int, step: int) -> int:
        return (step - em) // 2 + round(em * _TOP)

    def _width(self, text: str, em: int, *, bold: bool = False, spread: int = 0) -> int:
        return sum(self._face.glyph(c, em, bold=bold).advance + spread for c in text) - (spread if text else 0)

    def _write(self, sheet: Image.Image, text: str, pen: tuple[int, int], em: int, *, bold: bool = False,
               spread: int = 0, ink: int = 1) -> None:
        x, y = pen
        for character in text:
            glyph = self._face.glyph(character, em, bold=bold)
            if glyph.mask is not None:
                sheet.paste(ink, (x + glyph.left, y + glyph.top), glyph.mask)
            x += glyph.advance + spread


@dataclass(frozen=True, slots=True)
class _Modules:
    modules: list[list[bool | None]]

    @property
    def shape(self) -> int:
        """Modules on a side, the quiet zone on both sides included."""
        return len(self.modules) + 2 * QR_QUIET


def qr_dots(content: str) -> tuple[_Modules, int]:
    """The modules of `content` at error correction M and the dots each gets. Raises `QrTooLong`."""
    # any of the eight masks is valid; trying all of them costs more than the rest of the slip
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=3)
    code.add_data(content)
    code.make(fit=True)
    side = _Modules(code.get_matrix())
    dots = min(QR_MOST_DOTS, QR_MOST_MM * DOTS_PER_MM // side.shape)
    if dots < QR_LEAST_DOTS:
        raise QrTooLong(content[:3])
    return side, dots


def _pack(image: Image.Image) -> Raster:
    return Raster(image.width, image.height, image.tobytes())
