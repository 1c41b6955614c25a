"""What a resident carries away, on the glass: the QR code, drawn here from the module matrix, and the slip as it comes
out of the printer. Pictures only; the printing is the station's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import BooleanProperty, NumericProperty, StringProperty

from screens.kit import Kit
from screens.widgets.piece import Box, Piece
from screens.widgets.wording import Wording

LEAST = 40  # mm: 33 modules and their quiet zone at a millimetre each
QUIET = 4  # modules of white around the code (ISO/IEC 18004 §6.3.8)


class QrCode(Piece):
    """`content` as a QR code of error level M on white, black, whole pixels to a module, in every look."""

    speech_role = "image"
    content = StringProperty("")
    mm = NumericProperty(66)  # wide, and half as much again where there is air
    above = NumericProperty(0)
    spare = BooleanProperty(True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._less = 0
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
        return min(kit.tokens.rhythm(self.mm - self._less, self.mm / 4), width) if self.content else 0

    def stand_whole(self) -> None:
        self._less = 0

    def give_way(self) -> bool:
        """Smaller, as long as a telephone reads it at arm's length."""
        may = bool(self.content) and self.mm - self._less > LEAST
        self._less += 4 if may else 0
        return may

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
    """The slip as it will look: lines of (words, role, bold) with the QR code where a line's role is "qr", and a
    dashed line where it is "rule"."""

    speech_role = "image"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._box = Box(self.ground_ink)
        self._lines: tuple[tuple[str, str, bool], ...] = ()
        self._words: list[Wording] = []
        self._code = QrCode(mm=40)
        self.add_widget(self._code)

    def fill(self, lines: Sequence[tuple[str, str, bool]]) -> None:
        """An empty sequence hides it."""
        self._lines = tuple(lines)
        self.label = "，".join(words for words, role, _bold in lines if words and role != "qr")
        while len(self._words) < len(self._lines):
            self._words.append(Wording(align="center", private=True, balanced=True))
            self.add_widget(self._words[-1])
        self._code.content = next((words for words, role, _bold in lines if role == "qr"), "")
        for number, piece in enumerate(self._words):
            words, role, bold = self._lines[number] if number < len(self._lines) else ("", "body", False)
            piece.text, piece.bold = ("" if role == "qr" else words), bold
            piece.role, piece.tone = ("body" if role in {"qr", "rule"} else role), "slip"

    def drawn(self) -> tuple[object, ...]:
        return (*super().drawn(), self._lines, self._code.mm)

    def wide(self, kit: Kit, width: int) -> int:
        return min(width, kit.tokens.rhythm(132 if kit.tokens.elder else 116, 12))

    def size_code(self, mm: int) -> None:
        """The least width of the QR code."""
        self._code.mm = mm

    def _room(self, kit: Kit, width: int) -> int:
        return self.wide(kit, width) - 2 * kit.tokens.sized(6)

    def _heights(self, kit: Kit, width: int) -> list[int]:
        """Of each line; a time or a number is rather set smaller than torn."""
        room, larger = self._room(kit, width), {"title": ("title", "lead", "body"), "lead": ("lead", "body")}
        high = []
        for piece, (words, role, _bold) in zip(self._words, self._lines, strict=False):
            if role in larger and any(char.isdigit() for char in words):
                piece.fit(kit, room, *larger[role])
            if role == "rule":
                high.append(kit.tokens.rhythm(2, 2))
            elif role == "qr":
                high.append(self._code.natural(kit, room))
            else:
                high.append(piece.natural(kit, room) + kit.tokens.rhythm(0, 0.5))
        return high

    def natural(self, kit: Kit, width: int) -> int:
        return sum(self._heights(kit, width)) + 2 * kit.tokens.rhythm(4, 2) if self._lines else 0

    def draw(self, kit: Kit) -> None:
        h = int(self.height)
        wide, room = self.wide(kit, int(self.width)), self._room(kit, int(self.width))
        x, y = int(self.center_x - wide / 2), int(self.y)
        self.ink.clear()
        shown = h > 0 and bool(self._lines)
        self._box.put(kit, (x, y, wide, h) if shown else (0, 0, 0, 0), "slip_paper" if shown else "",
                      "rule" if shown else "", radius=kit.tokens.mm(1))
        top, left = y + h - kit.tokens.rhythm(4, 2), x + (wide - room) // 2
        self._code.put(kit, left, y, 0, 0)
        for piece in self._words[len(self._lines) :]:
            piece.put(kit, left, y, 0, 0)
        heights = self._heights(kit, int(self.width))
        for piece, (_w, role, _b), high in zip(self._words, self._lines, heights, strict=False):
            if role == "qr":
                self._code.put(kit, left, top - high, room, high)
            elif role == "rule":
                self._dashes(kit, left, top - high // 2, room)
            piece.put(kit, left, top - high, room, 0 if role in {"qr", "rule"} else high)
            top -= high

    def _dashes(self, kit: Kit, x: int, y: int, wide: int) -> None:
        hair, dash = kit.tokens.hair, kit.tokens.mm(1.2)
        with self.ink:
            Color(*kit.colour("slip"))
            for left in range(x, x + wide - dash, 2 * dash):
                Rectangle(pos=(left, y), size=(dash, hair))

    def forget(self) -> None:
        self.fill(())
        super().forget()
