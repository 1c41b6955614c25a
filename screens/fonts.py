"""The kiosk's two fonts and what they can show: the Simplified Chinese face of Noto Sans CJK, regular and bold, taken
out of Debian's collection once and kept in a cache, with a table of which characters it has and how wide they are.

What is said every day comes from an excerpt of that face (the 6,763 characters of GB 2312, Latin, punctuation: 2 MB
instead of 17 for each size that is open); rarer characters, as in names, from the whole face; what it lacks from
another installed font; and what no font has is shown as 〓, the typesetter's mark for a missing sort, and counted: a
missing glyph never turns into an empty box. Never uses the collection itself: Kivy would open its face 0, which has
Japanese shapes. fontTools is imported only while the cache is being made.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

FORMAT = 4
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

# everyday characters beside GB 2312: Latin with its accents, punctuation, arrows, circled numbers, signs, full width
_EVERYDAY = (
    (0x20, 0x24F), (0x2000, 0x206F), (0x20AC, 0x20AC), (0x2100, 0x21FF), (0x2460, 0x2473), (0x25A0, 0x25FF),
    (0x2713, 0x2717), (0x3000, 0x303F), (0xFF01, 0xFF5E), (0xFFE5, 0xFFE5),
)  # fmt: skip

_UNUSABLE = (OSError, ValueError, KeyError, TypeError)  # what a damaged cache raises when it is read

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
    """The faces of the kiosk: excerpts for every day, the whole faces behind them, other fonts behind those. `missing`
    counts characters that no font had, without saying which (they may be a name)."""

    regular: Face
    bold: Face
    whole: tuple[Face, Face]
    rare: tuple[Face, ...]
    missing: int = 0

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
        for face in (self.whole[main is self.bold], *self.rare):
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
    with TTFont(source, fontNumber=number, lazy=True) as font, _whole(target) as file:
        font.save(file, reorderTables=None)
    with TTFont(target, lazy=True) as font:
        return _describe(font, target)


def everyday() -> frozenset[int]:
    """The characters of the excerpt."""
    codes = {code for first, last in _EVERYDAY for code in range(first, last + 1)}
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            with suppress(UnicodeDecodeError):
                codes.add(ord(bytes((row, cell)).decode("gb2312")))
    return frozenset(codes)


def _excerpt(whole: Path, target: Path) -> dict[str, object]:
    """The everyday characters of a face, with its features and its outlined `.notdef`."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(layout_features=["*"], layout_closure=False, notdef_outline=True, name_IDs=["*"])
    options.drop_tables += ["vhea", "vmtx", "VORG"]  # nothing here is written downwards
    with TTFont(whole, lazy=True, recalcBBoxes=False) as font, _whole(target) as file:
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=everyday())
        subsetter.subset(font)
        font.save(file)
    with TTFont(target, lazy=True) as font:
        return _describe(font, target)


def prepare(cache: Path) -> None:
    """Make the cache, or what is missing or damaged in it: about ten seconds, once. Raises `FontsMissing` or
    `OSError`."""
    cache.mkdir(parents=True, exist_ok=True)
    for weight in _COLLECTIONS:
        try:
            _weight(cache, weight)
        except _UNUSABLE as why:
            log.info("making the %s font: %s", weight, why)
            _make(cache, weight)
    try:
        _rare(cache)
    except _UNUSABLE:
        from fontTools.ttLib import TTFont

        found = []
        for path in _rare_files():
            with TTFont(path, lazy=True) as font:
                found.append({"stamp": _stamp(path), **_describe(font, path)})
        _note(cache / "rare.json", {"format": FORMAT, "faces": found})


def _make(cache: Path, weight: str) -> None:
    source = _find(_COLLECTIONS[weight])
    whole = _take_out(source, cache / f"sc-{weight}.otf")
    excerpt = _excerpt(cache / f"sc-{weight}.otf", cache / f"everyday-{weight}.otf")
    _note(cache / f"{weight}.json", {"format": FORMAT, "source": _stamp(source), "whole": whole, "everyday": excerpt})


def _rare_files() -> list[Path]:
    return [path for path in map(Path, _RARE) if path.is_file()]


def _note(path: Path, table: dict[str, object]) -> None:
    write_whole(path, json.dumps(table, separators=(",", ":")).encode())


def write_whole(path: Path, content: bytes) -> None:
    """All of it or nothing."""
    with _whole(path) as file:
        file.write(content)


@contextmanager
def _whole(target: Path) -> Iterator[IO[bytes]]:
    """A file that is there whole or not at all: written beside its place, then moved there."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _face(entry: dict[str, Any]) -> Face:
    path = Path(entry["path"])
    if path.stat().st_size != entry["bytes"]:
        msg = f"{path} is not the file the table describes"
        raise ValueError(msg)
    runs = entry["runs"]
    return Face(
        str(path), entry["cap"], tuple(r[0] for r in runs), tuple(r[1] for r in runs), tuple(r[2] for r in runs)
    )


def _table(path: Path) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(path.read_bytes())
    if table["format"] != FORMAT:
        msg = "made by another version"
        raise ValueError(msg)
    return table


def _weight(cache: Path, weight: str) -> tuple[Face, Face]:
    """The everyday face of a weight and the whole one."""
    table = _table(cache / f"{weight}.json")
    if _stamp(Path(table["source"][0])) != table["source"]:
        msg = "made from another font"
        raise ValueError(msg)
    return _face(table["everyday"]), _face(table["whole"])


def _rare(cache: Path) -> tuple[Face, ...]:
    entries = _table(cache / "rare.json")["faces"]
    if [entry["stamp"] for entry in entries] != [_stamp(path) for path in _rare_files()]:
        msg = "other fonts are installed now"
        raise ValueError(msg)
    return tuple(map(_face, entries))


def _read(cache: Path) -> FontBook:
    (regular, whole_regular), (bold, whole_bold) = _weight(cache, "regular"), _weight(cache, "bold")
    return FontBook(regular, bold, (whole_regular, whole_bold), _rare(cache))


def load(cache: Path) -> FontBook:
    """The fonts of the cache; made (again) where it is missing, damaged or older than the installed fonts."""
    try:
        return _read(cache)
    except _UNUSABLE as why:
        log.info("making the font cache: %s", why)
    prepare(cache)
    return _read(cache)


def default_cache() -> Path:
    """Fonts are the same for every hall on a machine, so the cache is the user's and not the hall's."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "hall-kiosk"
