"""Letters as black dots: single characters of Noto Sans CJK (face 2, the SC forms), thresholded, never dithered.

A `Typeface` keeps what it has drawn, one character at a time: no line of text stays in memory, so nothing a resident
typed does. It also says which characters it has no picture for. It places nothing on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageFont

SC_FACE = 2
CAP_HEIGHT = 0.733
"""Height of capitals and digits of Noto Sans CJK in em (OS/2 sCapHeight 733)."""
_INK = 118
_FOLDERS = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts/noto-cjk"),
    Path("/usr/share/fonts/google-noto-sans-cjk-fonts"),
)
_RARE = (
    Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"),
    Path("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf"),
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
)
_MOST_KEPT = 4000


class FontMissing(Exception):
    """Noto Sans CJK is not on this machine (Debian: fonts-noto-cjk)."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: its ink as a 1-bit mask, where it sits from the pen on the baseline, and how far the pen moves."""

    mask: Image.Image | None
    left: int
    top: int
    advance: int


class Typeface:
    """Characters in regular and bold at any size in dots. Not for several threads at once."""

    def __init__(self, folders: Sequence[Path] = _FOLDERS) -> None:
        self._files = {bold: _find(folders, "Bold" if bold else "Regular") for bold in (False, True)}
        self._fonts: dict[tuple[bool, int, Path], ImageFont.FreeTypeFont] = {}
        self._glyphs: dict[tuple[str, bool, int], Glyph] = {}

    def glyph(self, character: str, em: int, *, bold: bool = False) -> Glyph:
        key = (character, bold, em)
        found = self._glyphs.get(key)
        if found is None:
            if len(self._glyphs) >= _MOST_KEPT:
                self._glyphs.clear()
            found = self._glyphs[key] = self._draw(character, em, bold=bold)
        return found

    def warm(self, text: str, sizes: Sequence[tuple[int, bool]]) -> None:
        """Draw these characters ahead of time, so that the first slip is as quick as the hundredth. The files are let
        go afterwards: every size maps its own 20 MB of them, and to open one again takes less than a millisecond."""
        for em, bold in sizes:
            for character in text:
                self.glyph(character, em, bold=bold)
        self._fonts.clear()

    def missing(self, text: str) -> str:
        """The characters of `text` that no font here can draw."""
        return "".join(c for c in text if not c.isspace() and self._file_for(c, bold=False) is None)

    def _draw(self, character: str, em: int, *, bold: bool) -> Glyph:
        font = self._font(self._file_for(character, bold=bold) or self._files[bold], em, bold=bold)
        advance = round(font.getlength(character))
        mask, (left, top) = font.getmask2(character, mode="L", anchor="ls")
        if not mask.size[0] or not mask.size[1]:
            return Glyph(None, 0, 0, advance)
        grey = Image.frombytes("L", mask.size, bytes(mask))
        return Glyph(grey.point(_THRESHOLD, mode="1"), left, top, advance)

    def _file_for(self, character: str, *, bold: bool) -> Path | None:
        """The first font that has `character`; GBK's characters are all in Noto, so only rare ones are looked up."""
        if _common(character):
            return self._files[bold]
        for file in (self._files[bold], *(rare for rare in _RARE if rare.exists())):
            font = self._font(file, 24, bold=bold)
            nothing = font.getmask("\U0010ffff")
            drawn = font.getmask(character)
            if (drawn.size, bytes(drawn)) != (nothing.size, bytes(nothing)):
                return file
        return None

    def _font(self, file: Path, em: int, *, bold: bool) -> ImageFont.FreeTypeFont:
        key = (bold, em, file)
        if key not in self._fonts:
            face = SC_FACE if "CJK" in file.name else 0
            self._fonts[key] = ImageFont.truetype(str(file), em, index=face, layout_engine=ImageFont.Layout.BASIC)
        return self._fonts[key]


_THRESHOLD = [255 if grey >= _INK else 0 for grey in range(256)]


def _common(character: str) -> bool:
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _find(folders: Sequence[Path], weight: str) -> Path:
    for folder in folders:
        file = folder / f"NotoSansCJK-{weight}.ttc"
        if file.exists():
            return file
    raise FontMissing(f"NotoSansCJK-{weight}.ttc")
