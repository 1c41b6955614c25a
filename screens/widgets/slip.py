"""What a resident carries away, on the glass: the QR code, drawn here from the module matrix, and the slip as it comes
out of the printer. Pictures only; the printing is the station's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import NumericProperty, StringProperty

from screens.kit import Kit
from screens.widgets.piece import Box, Piece
from screens.widgets.wording import Wording

QUIET = 4  # modules of white around the code (ISO/IEC 18004 §6.3.8)


class QrCode(Piece):
    """`content` as a QR code of error level M on white, black, whole pixels to a module, in every look."""

    speech_role = "image"
    content = StringProperty("")
    mm = NumericProperty(52)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._modules = 0
        self._texture: Any = None

    def on_content(self, *_: object) -> None:
        self._texture, self._modules = None, 0
        if not self.content:
            return
        from qrcode.constants import ERROR_CORRECT_M
        from qrcode.main import QRCode

        code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
        code.add_data(self.content)
        code.make(fit=True)
        matrix = code.get_matrix()
        self._modules = len(matrix)
        dots = b"".join(b"\x00\x00\x00" if dark else b"\xff\xff\xff" for row in reversed(matrix) for dark in row)
        self._texture = Texture.create(size=(self._modules, self._modules), colorfmt="rgb")
        self._texture.blit_buffer(dots, colorfmt="rgb", bufferfmt="ubyte")
        self._texture.mag_filter = self._texture.min_filter = "nearest"

    def natural(self, kit: Kit, width: int) -> int:
        return min(kit.tokens.mm(self.mm), width) if self.content else 0

    def draw(self, kit: Kit) -> None:
        self.ink.clear()
        if self._texture is None:
            return
        side = int(min(self.width, self.height))
        dot = side // (self._modules + 2 * QUIET)
        whole, inner = dot * (self._modules + 2 * QUIET), dot * self._modules
        left, bottom = int(self.center_x - whole / 2), int(self.center_y - whole / 2)
        with self.ink:
            Color(1, 1, 1)
            Rectangle(pos=(left, bottom), size=(whole, whole))
            Rectangle(texture=self._texture, pos=(left + dot * QUIET, bottom + dot * QUIET), size=(inner, inner))

    def forget(self) -> None:
        self.content = ""
        self.renew()
        self.ink.clear()


class SlipPaper(Piece):
    """The slip as it will look: lines of (words, role, bold) with the QR code where a line's role is "qr"."""

    speech_role = "image"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._box = Box(self.ground_ink)
        self._lines: tuple[tuple[str, str, bool], ...] = ()
        self._words: list[Wording] = []
        self._code = QrCode(mm=52)  # as wide as on an 80 mm slip, and more where there is room
        self.add_widget(self._code)

    def fill(self, lines: Sequence[tuple[str, str, bool]]) -> None:
        """An empty sequence hides it."""
        self._lines = tuple(lines)
        self.label = "，".join(words for words, role, _bold in lines if role != "qr")
        while len(self._words) < len(self._lines):
            self._words.append(Wording(align="center", private=True, balanced=True))
            self.add_widget(self._words[-1])
        self._code.content = next((words for words, role, _bold in lines if role == "qr"), "")
        for number, piece in enumerate(self._words):
            words, role, bold = self._lines[number] if number < len(self._lines) else ("", "body", False)
            piece.text, piece.bold = ("" if role == "qr" else words), bold
            piece.role, piece.tone = ("fine" if role == "qr" else role), "slip"

    def drawn(self) -> tuple[object, ...]:
        return (*super().drawn(), self._lines, self._code.mm)

    def size_code(self, mm: int) -> None:
        """The width of the QR code."""
        self._code.mm = mm

    def wide(self, kit: Kit, width: int) -> int:
        return min(width, kit.tokens.mm(140 if kit.tokens.elder else 120))

    def natural(self, kit: Kit, width: int) -> int:
        if not self._lines:
            return 0
        room = self.wide(kit, width) - 2 * kit.tokens.pad
        code = self._code.natural(kit, room) if self._code.content else 0
        return sum(words.natural(kit, room) for words in self._words) + code + 2 * kit.tokens.mm(5)

    def draw(self, kit: Kit) -> None:
        h = int(self.height)
        wide = self.wide(kit, int(self.width))
        x, y = int(self.center_x - wide / 2), int(self.y)
        self.ink.clear()
        self._box.put(kit, (x, y, wide, h) if h else (0, 0, 0, 0), "slip_paper" if h else "", "rule" if h else "")
        top, left, room = y + h - kit.tokens.mm(5), x + kit.tokens.pad, wide - 2 * kit.tokens.pad
        self._code.put(kit, left, y, 0, 0)
        for piece in self._words[len(self._lines) :]:
            piece.put(kit, left, y, 0, 0)
        for piece, (_w, role, _b) in zip(self._words, self._lines, strict=False):
            if role == "qr":
                high = self._code.natural(kit, room)
                self._code.put(kit, left, top - high, room, high)
            else:
                high = piece.natural(kit, room)
            piece.put(kit, left, top - high, room, 0 if role == "qr" else high)
            top -= high

    def forget(self) -> None:
        self.fill(())
        super().forget()
