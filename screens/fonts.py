"""The kiosk's two fonts and what they can show: the Simplified Chinese face of Noto Sans CJK, regular and bold, taken
out of Debian's collection once and kept in a cache, with a table of which characters it has and how wide they are.

Never uses the collection itself: Kivy would open its face 0, which has Japanese shapes. Never lets a missing glyph turn
into an empty box: rare characters come from another installed font, and what no font has is shown as 〓, the
typesetter's mark for a missing sort, and counted. fontTools is imported only while the cache is being made.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 3
FAMILY = "Noto Sans CJK SC"
MISSING = "〓"
_COLLECTIONS = {
    "regular": ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Regular.otc"),
    "bold": ("NotoSansCJK-Bold.ttc", "NotoSansCJK-Bold.otc"),
}
_FOLDERS = (
    "/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk", "/usr/share/fonts/google-noto-cjk",
    "/usr/local/share/fonts", "/usr/share/fonts/truetype/noto",
)  # fmt: skip
# in the order of how well they sit beside Noto Sans
_RARE = (
    "/usr/share/fonts/truetype/hanazono/HanaMinA.ttf", "/usr/share/fonts/truetype/hanazono/HanaMinB.ttf",
    "/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/opentype/unifont/unifont.otf",
)  # fmt: skip

log = logging.getLogger("hall.fonts")


class FontsMissing(RuntimeError):
    """The Chinese font is not installed. The message names the package."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: which characters it has, and their advances in em. `cap` is the height of a capital H in em."""

    path: str
    cap: float
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    advances: tuple[float, ...]

    def advance(self, char: str) -> float | None:
        """Advance width in em, None when the face has no such character."""
        code = ord(char)
        at = bisect_right(self.starts, code) - 1
        return self.advances[at] if at >= 0 and code <= self.ends[at] else None


@dataclass(slots=True)
class FontBook:
    """The faces of the kiosk. `missing` counts characters that no font had, without saying which (they may be a
    name)."""

    regular: Face
    bold: Face
    rare: tuple[Face, ...]
    missing: int = 0
    _spare: dict[str, Face | None] = field(default_factory=dict)

    def runs(self, text: str, *, bold: bool = False) -> list[tuple[Face, str]]:
        """Split one line into stretches that each have one font. Every character of the result has a glyph."""
        main = self.bold if bold else self.regular
        out: list[tuple[Face, str]] = []
        for char in text:
            face, shown = self._face(main, char)
            if out and out[-1][0] is face:
                out[-1] = (face, out[-1][1] + shown)
            else:
                out.append((face, shown))
        return out

    def _face(self, main: Face, char: str) -> tuple[Face, str]:
        if main.advance(char) is not None:
            return main, char
        for face in self.rare:
            if face.advance(char) is not None:
                return face, char
        self.missing += 1
        return main, MISSING

    def width(self, text: str, px: int, *, bold: bool = False) -> int:
        """Width in pixels of one line at `px` pixels to the em; each advance rounded as the rasteriser rounds it."""
        main = self.bold if bold else self.regular
        total = 0
        for char in text:
            advance = main.advance(char)
            if advance is None:
                face, shown = self._face(main, char)
                advance = face.advance(shown) or 1.0
            total += int(advance * px + 0.5)
        return total


def _find(names: tuple[str, ...]) -> Path:
    for folder in _FOLDERS:
        for name in names:
            path = Path(folder) / name
            if path.is_file():
                return path
    msg = f"没有中文字体 {names[0]}，请安装 fonts-noto-cjk / the Chinese font is missing: apt install fonts-noto-cjk"
    raise FontsMissing(msg)


def _stamp(path: Path) -> list[object]:
    stat = path.stat()
    return [str(path), stat.st_size, int(stat.st_mtime)]


def _describe(font: Any, path: Path) -> dict[str, object]:
    """Coverage as runs of consecutive characters with one advance."""
    upem = font["head"].unitsPerEm
    metrics = font["hmtx"].metrics
    runs: list[list[float]] = []
    for code, glyph in sorted(font.getBestCmap().items()):
        advance = round(metrics[glyph][0] / upem, 4)
        if runs and runs[-1][1] == code - 1 and runs[-1][2] == advance:
            runs[-1][1] = code
        else:
            runs.append([code, code, advance])
    cap = getattr(font["OS/2"], "sCapHeight", 0) / upem
    return {"path": str(path), "bytes": path.stat().st_size, "cap": cap, "runs": runs}


def _take_out(source: Path, target: Path) -> dict[str, object]:
    """The SC face of a collection as a font of its own, written beside its place and moved there whole."""
    from fontTools.ttLib import TTCollection, TTFont

    with TTCollection(source, lazy=True) as faces:
        number = next((n for n, face in enumerate(faces) if face["name"].getDebugName(1) == FAMILY), None)
    if number is None:
        msg = f"{source} 里没有 {FAMILY}，请重新安装 fonts-noto-cjk / it holds no {FAMILY}: reinstall fonts-noto-cjk"
        raise FontsMissing(msg)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".font-")
    try:
        with TTFont(source, fontNumber=number, lazy=True) as font, os.fdopen(handle, "wb") as file:
            font.save(file, reorderTables=None)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    with TTFont(target, lazy=True) as font:
        return _describe(font, target)


def prepare(cache: Path) -> None:
    """Make the cache: about four seconds, once. Raises `FontsMissing` or `OSError`."""
    from fontTools.ttLib import TTFont

    cache.mkdir(parents=True, exist_ok=True)
    sources = {weight: _find(names) for weight, names in _COLLECTIONS.items()}
    index: dict[str, object] = {"format": FORMAT, "sources": {w: _stamp(p) for w, p in sources.items()}}
    for weight, source in sources.items():
        index[weight] = _take_out(source, cache / f"sc-{weight}.otf")
    rare = []
    for place in _RARE:
        path = Path(place)
        if path.is_file():
            with TTFont(path, lazy=True) as font:
                rare.append(_describe(font, path))
    index["rare"] = rare
    write_whole(cache / "fonts.json", json.dumps(index, separators=(",", ":")).encode())


def write_whole(path: Path, content: bytes) -> None:
    """All of it or nothing: written beside its place, then moved there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)


def _face(entry: dict[str, Any]) -> Face:
    path = Path(entry["path"])
    if path.stat().st_size != entry["bytes"]:
        msg = f"{path} is not the file the table describes"
        raise ValueError(msg)
    runs = entry["runs"]
    return Face(
        str(path), entry["cap"], tuple(r[0] for r in runs), tuple(r[1] for r in runs), tuple(r[2] for r in runs)
    )


def _read(cache: Path) -> FontBook:
    index = json.loads((cache / "fonts.json").read_bytes())
    if index["format"] != FORMAT or any(_stamp(Path(s[0])) != s for s in index["sources"].values()):
        msg = "made from other fonts"
        raise ValueError(msg)
    return FontBook(_face(index["regular"]), _face(index["bold"]), tuple(_face(entry) for entry in index["rare"]))


def load(cache: Path) -> FontBook:
    """The fonts of the cache; made (again) when it is missing, damaged or older than the installed fonts."""
    try:
        return _read(cache)
    except (OSError, ValueError, KeyError, TypeError) as why:
        log.info("making the font cache: %s", why)
    prepare(cache)
    return _read(cache)


def default_cache() -> Path:
    """Fonts are the same for every hall on a machine, so the cache is the user's and not the hall's."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "hall-kiosk"
