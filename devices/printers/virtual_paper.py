"""The paper that comes out of the virtual printer: letters, dots and feeds become a picture, slip by slip.

Raster dots are kept exactly as sent. Text is set in the printer's own fixed grid (12×24 dots a half-width cell,
times the size in force) with Noto's letters standing in for the ROM font. It knows no commands and no wires.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import qrcode
from PIL import Image

from devices.glyphs import Typeface

CELL_W, CELL_H = 12, 24
_ROM_EM, _ROM_BASELINE = 22, 19


@dataclass(frozen=True, slots=True)
class Style:
    """How letters are set: magnification 1–8 each way, bold, white on black."""

    wide: int = 1
    high: int = 1
    bold: bool = False
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """One slip as it fell: every byte the printer took for it, the picture, the lines of text it set, whole or torn."""

    raw: bytes
    image: Image.Image
    text: tuple[str, ...]
    cut: bool

    def png(self, margin: int = 16) -> bytes:
        sheet = Image.new("1", (self.image.width + 2 * margin, self.image.height + 2 * margin), 1)
        sheet.paste(self.image, (margin, margin))
        out = io.BytesIO()
        sheet.save(out, "PNG")
        return out.getvalue()


class Sheet:
    """One slip growing downwards. Widths and heights in dots."""

    def __init__(self, width: int, face: Typeface) -> None:
        self.width = width
        self._face = face
        self._strips: list[Image.Image] = []
        self._cells: list[Image.Image] = []
        self._line = ""
        self.text: list[str] = []
        self.spacing = 30
        self.align = 0

    @property
    def inked(self) -> bool:
        return bool(self._cells) or any(strip.getbbox() for strip in self._strips)

    @property
    def at_line_start(self) -> bool:
        return not self._cells

    def letter(self, character: str, style: Style) -> None:
        columns = 1 if character.isascii() else 2
        cell = Image.new("1", (CELL_W * columns, CELL_H), 0)
        glyph = self._face.glyph(character, _ROM_EM, bold=style.bold)
        if glyph.mask is not None:
            left = glyph.left if columns == 2 else (CELL_W - glyph.advance) // 2 + glyph.left
            cell.paste(1, (max(0, left), max(0, _ROM_BASELINE + glyph.top)), glyph.mask)
        if style.reverse:
            cell = cell.point(_INVERT, mode="1")
        size = (cell.width * style.wide, cell.height * style.high)
        if sum(c.width for c in self._cells) + size[0] > self.width:
            self.line_feed()
        self._cells.append(cell.resize(size, Image.Resampling.NEAREST))
        self._line += character

    def line_feed(self) -> None:
        """Print the line in hand, or feed one line."""
        if not self._cells:
            self.feed(self.spacing)
            return
        height = max(cell.height for cell in self._cells)
        strip = Image.new("1", (self.width, max(height, self.spacing)), 0)
        x = self._left(sum(cell.width for cell in self._cells))
        for cell in self._cells:
            strip.paste(1, (x, height - cell.height), cell)
            x += cell.width
        self._strips.append(strip)
        self.text.append(self._line)
        self._cells, self._line = [], ""

    def feed(self, dots: int) -> None:
        if dots > 0:
            self._strips.append(Image.new("1", (self.width, dots), 0))

    def raster(self, row_bytes: int, data: bytes, scale: tuple[int, int] = (1, 1)) -> None:
        rows = len(data) // row_bytes if row_bytes else 0
        if not rows:
            return
        picture = Image.frombytes("1", (row_bytes * 8, rows), data)
        if scale != (1, 1):
            picture = picture.resize((picture.width * scale[0], picture.height * scale[1]), Image.Resampling.NEAREST)
        strip = Image.new("1", (self.width, picture.height), 0)
        strip.paste(picture, (self._left(picture.width), 0))
        self._strips.append(strip)

    def qr(self, content: bytes, dots: int, level: int) -> None:
        code = qrcode.QRCode(error_correction=level, border=0)
        code.add_data(content)
        code.make(fit=True)
        rows = code.get_matrix()
        picture = Image.new("1", (len(rows), len(rows)), 0)
        for y, row in enumerate(rows):
            for x, dark in enumerate(row):
                picture.putpixel((x, y), int(bool(dark)))
        picture = picture.resize((picture.width * dots, picture.height * dots), Image.Resampling.NEAREST)
        strip = Image.new("1", (self.width, picture.height), 0)
        strip.paste(picture, (self._left(picture.width), 0))
        self._strips.append(strip)

    def tear(self, raw: bytes, *, cut: bool) -> PrintedSlip:
        """Everything so far as a slip; the sheet starts anew."""
        if self._cells:
            self.line_feed()
        image = Image.new("1", (self.width, max(1, sum(s.height for s in self._strips))), 1)
        y = 0
        for strip in self._strips:
            image.paste(0, (0, y), strip)
            y += strip.height
        slip = PrintedSlip(raw, image, tuple(self.text), cut)
        self._strips, self.text = [], []
        return slip

    def _left(self, width: int) -> int:
        room = self.width - width
        return max(0, (0, room // 2, room)[self.align])


_INVERT = [255 if value == 0 else 0 for value in range(256)]
