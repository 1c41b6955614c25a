"""Turns a `Slip` into one buffer of ESC/POS bytes: a raster of the whole slip, or GBK text with rasters where
needed.

python-escpos serves as encoder only (`Dummy`): its `text()` is never used, because it guesses code pages and
loses Chinese punctuation (facts/devices.md §2). Chinese mode is switched on after every reset and code page. It
sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from escpos.printer import Dummy
from PIL import Image

from devices.paper import DOTS_PER_MM, Align, Badge, Field, Gap, Item, Line, Paper, Qr, Rule, Size, Slip
from devices.printers.replies import FENCE_LETTERS
from devices.raster import QR_QUIET, Drawer, Raster, qr_dots
from devices.typeset import break_lines, measure_all

BLOCK_ROWS = 128
CHINESE_ON = b"\x1c\x26"
STATUS_ON = b"\x1d\x61\xff"
_SCALES: dict[Size, tuple[tuple[int, int], ...]] = {
    Size.TEXT: ((1, 2),),
    Size.STRONG: ((2, 2), (1, 2)),
    Size.TITLE: ((3, 3), (2, 3), (2, 2)),
    Size.CODE: ((4, 4), (3, 4), (2, 4)),
}
"""Magnification of the ROM's letters, widest first; the first that keeps the text on one line is taken."""
_FEED_MM = 14  # from the head to the knife
_GBK_FORM = {"\u00a5": "\uffe5", "\u00a0": " ", "\u2022": "\u00b7", "\u2013": "-"}


@dataclass(frozen=True, slots=True)
class Encoded:
    """A slip ready to send. `ink_end`: bytes up to and with the cut. `blocks`: (start, end) of each raster command."""

    data: bytes
    length_mm: float
    blocks: tuple[tuple[int, int], ...]

    @property
    def ink_end(self) -> int:
        return len(self.data)

    @property
    def longest_block(self) -> int:
        """The most a printer can be waiting for when sending stops: its longest raster command."""
        return max((end - start for start, end in self.blocks), default=0)


class Encoder:
    """For one printer: its paper, "raster" or "gbk", and whether status frames are wanted (`status`)."""

    def __init__(self, paper: Paper, text: str, drawer: Drawer | None = None) -> None:
        self.paper = paper
        self.text = text
        self._drawer = drawer or Drawer(paper)

    def warm(self, text: str) -> None:
        """Draw letters ahead of time."""
        if self.text == "raster":
            self._drawer.warm(text)

    def encode(self, slip: Slip, *, status: bool = False) -> Encoded:
        out = _Stream()
        out.raw(b"\x1b@" + CHINESE_ON + (STATUS_ON if status else b""))
        if self.text == "raster":
            out.raster(self._drawer.draw(slip))
        else:
            for item in slip.items:
                self._item(out, item)
        out.commands.cut(feed=False)
        return out.encoded()

    def _item(self, out: _Stream, item: Item) -> None:
        match item:
            case Line():
                self._line(out, item)
            case Field():
                self._field(out, item)
            case Badge():
                self._badge(out, item)
            case Rule():
                self._plain(out, "-" * self.paper.columns, (1, 1))
            case Gap():
                out.feed(round(item.mm * DOTS_PER_MM))
            case Qr():
                out.align(Align.CENTER)
                out.doubled(_small_qr(item.content))

    def _line(self, out: _Stream, line: Line) -> None:
        text = clean(line.text)
        scale = self._scale(text, line.size)
        out.align(line.align)
        out.bold(on=line.bold)
        for row in break_lines(text, self.paper.columns // scale[0], columns):
            if gbk(row) is None:
                out.raster(self._drawer.strip(Line(row, line.size, line.bold, line.align)))
            else:
                self._plain(out, row, scale)
        out.bold(on=False)

    def _field(self, out: _Stream, item: Field) -> None:
        label, value = clean(item.label), clean(item.value)
        scale = self._scale("", item.size)
        if gbk(label + value) is None:
            out.raster(self._drawer.strip(item))  # a field keeps its columns only as a whole
            return
        indent = sum(1 if c.isascii() else 2 for c in label) + 1
        room = self.paper.columns // scale[0]
        if indent > room * 0.45 and indent + measure_all(value, columns) > room:
            self._line(out, Line(label, item.size, bold=True, align=Align.LEFT))
            self._line(out, Line(value, item.size, align=Align.LEFT))
            return
        out.align(Align.LEFT)
        rows = break_lines(value, room - indent, columns)
        for at, row in enumerate(rows):
            self._plain(out, (label + " " if at == 0 else " " * indent) + row, scale)

    def _badge(self, out: _Stream, badge: Badge) -> None:
        text = clean(badge.text)
        if gbk(text) is None:
            out.raster(self._drawer.strip(badge))
            return
        out.align(Align.CENTER)
        out.raw(b"\x1dB\x01")
        self._plain(out, f" {text} ", (2, 2))
        out.raw(b"\x1dB\x00")

    def _plain(self, out: _Stream, text: str, scale: tuple[int, int]) -> None:
        out.size(*scale)
        out.raw((gbk(text) or b"") + b"\n")
        out.size(1, 1)  # sticky otherwise

    def _scale(self, text: str, size: Size) -> tuple[int, int]:
        scales = _SCALES[size]
        wide = sum(map(columns, text))
        return next((scale for scale in scales if wide * scale[0] <= self.paper.columns), scales[-1])


class _Stream:
    """Bytes in the making."""

    def __init__(self) -> None:
        self.commands = Dummy()
        self._blocks: list[tuple[int, int]] = []
        self._dots = 0
        self._high = 1

    def raw(self, data: bytes) -> None:
        self.commands._raw(data)  # noqa: SLF001 - the encoder's one way in for bytes
        self._dots += data.count(b"\n") * max(30, 24 * self._high)

    def size(self, wide: int, high: int) -> None:
        self._high = high
        self.raw(bytes([0x1D, 0x21, (wide - 1) << 4 | (high - 1)]))

    def align(self, align: Align) -> None:
        self.raw(b"\x1ba\x01" if align is Align.CENTER else b"\x1ba\x00")

    def bold(self, *, on: bool) -> None:
        self.raw(b"\x1bE\x01" if on else b"\x1bE\x00")

    def feed(self, dots: int) -> None:
        while dots > 0:
            self.raw(b"\x1bJ" + bytes([min(dots, 255)]))
            self._dots += min(dots, 255)
            dots -= 255

    def raster(self, picture: Raster) -> None:
        self._rows(picture, 0)
        self._dots += picture.height

    def doubled(self, picture: Raster) -> None:
        """Each dot twice as wide and high (GS v 0, m = 3): a quarter of the bytes."""
        self._rows(picture, 3)
        self._dots += 2 * picture.height

    def _rows(self, picture: Raster, mode: int) -> None:
        row = picture.row_bytes
        for top in range(0, picture.height, BLOCK_ROWS):
            data = harmless(picture.data[top * row:(top + BLOCK_ROWS) * row])
            rows = len(data) // row
            start = len(self.commands.output)
            head = b"\x1dv0" + bytes([mode, row & 255, row >> 8, rows & 255, rows >> 8])
            self.commands._raw(head + data)  # noqa: SLF001
            self._blocks.append((start, start + len(head) + len(data)))

    def encoded(self) -> Encoded:
        return Encoded(bytes(self.commands.output), self._dots / DOTS_PER_MM + _FEED_MM, tuple(self._blocks))


def fence(letters: bytes) -> bytes:
    """GS ( H with four letters: "37 22 letters 00" comes back once all before it is printed."""
    return b"\x1d\x28\x48\x06\x00\x30\x30" + letters


def fence_letters(number: int) -> bytes:
    """Four letters for job number `number`; they repeat after five million jobs."""
    letters = bytearray()
    for _ in range(4):
        number, at = divmod(number, len(FENCE_LETTERS))
        letters.append(FENCE_LETTERS[at])
    return bytes(letters)


def clean(text: str) -> str:
    """`text` without control characters (they would be commands), in forms a GBK ROM sets well (¥ as ￥, – as -)."""
    return "".join(_GBK_FORM.get(c, c) for c in text if c == "\n" or (c.isprintable() or c == "\u00a0"))


def gbk(text: str) -> bytes | None:
    """`text` as GBK, None if GBK lacks a character. Never GB18030: a GBK printer reads its four bytes as two Hanzi."""
    try:
        return text.encode("gbk")
    except UnicodeEncodeError:
        return None


def columns(character: str) -> float:
    """Half-width columns of the ROM's letters."""
    return 1 if character.isascii() else 2


def harmless(data: bytes) -> bytes:
    """Raster bytes without DLE EOT, ENQ and DC4: printers obey those even inside image data. Only lone dots (0x10)
    in front of such a byte are lost; letters, rules and QR modules never have one."""
    for second in (b"\x04", b"\x05", b"\x14"):
        data = data.replace(b"\x10" + second, b"\x00" + second)
    return data


def _small_qr(content: str) -> Raster:
    """The QR code at half its dots, to be sent doubled; its quiet zone is paper on both sides."""
    code, dots = qr_dots(content)
    half = max(3, dots // 2)
    side = code.shape * half
    image = Image.new("1", (-(-side // 8) * 8, side), 0)
    for y, row in enumerate(code.modules):
        for x, dark in enumerate(row):
            if dark:
                at = ((x + QR_QUIET) * half, (y + QR_QUIET) * half)
                image.paste(1, (*at, at[0] + half, at[1] + half))
    return Raster(image.width, image.height, image.tobytes())
