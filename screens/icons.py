"""The line icons: read from `assets/icons/*.txt`, drawn once at the sizes a panel needs, kept as alpha masks in the
cache.

A drawing is a text file on a grid of 24 × 24, y downwards, one stroke a line, all strokes two units wide with round
ends:
`path x y x y … [close]`, `curve x y  cx cy cx cy  x y …`, `circle x y r`, `arc x y r from to` (degrees, clockwise from
three o'clock), `box x y w h r`, `dot x y r` (filled). Pillow is imported only while the masks are being made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from math import cos, pi, sin
from pathlib import Path

from screens.fonts import write_whole

GRID = 24.0
STROKE = 1.9
DRAWINGS = Path(__file__).resolve().parent.parent / "assets" / "icons"
_OVER = 6  # samples along a pixel's side

Point = tuple[float, float]


def _bezier(a: Point, b: Point, c: Point, d: Point) -> Iterator[Point]:
    for n in range(1, 17):
        t = n / 16
        u = 1 - t
        yield (
            u**3 * a[0] + 3 * u * u * t * b[0] + 3 * u * t * t * c[0] + t**3 * d[0],
            u**3 * a[1] + 3 * u * u * t * b[1] + 3 * u * t * t * c[1] + t**3 * d[1],
        )


def _arc(x: float, y: float, r: float, start: float, end: float) -> list[Point]:
    steps = max(6, int(abs(end - start) / 6))
    angles = [(start + (end - start) * n / steps) * pi / 180 for n in range(steps + 1)]
    return [(x + r * cos(a), y + r * sin(a)) for a in angles]


def _box(x: float, y: float, w: float, h: float, r: float) -> list[Point]:
    corners = ((x + w - r, y + r, -90), (x + w - r, y + h - r, 0), (x + r, y + h - r, 90), (x + r, y + r, 180))
    line = [point for cx, cy, a in corners for point in _arc(cx, cy, r, a, a + 90)]
    return [*line, line[0]]


def strokes(drawing: str) -> list[tuple[str, list[Point]]]:
    """A drawing as ("line" | "dot", points) on the grid; a dot's second point is its radius. Raises ValueError."""
    out: list[tuple[str, list[Point]]] = []
    for row in drawing.splitlines():
        word, *rest = row.split("#")[0].split() or [""]
        if not word:
            continue
        close = rest[-1:] == ["close"]
        n = [float(value) for value in (rest[:-1] if close else rest)]
        points = list(zip(n[::2], n[1::2], strict=False))
        if word == "path":
            out.append(("line", [*points, points[0]] if close else points))
        elif word == "curve":
            line = [points[0]]
            for at in range(1, len(points) - 2, 3):
                line.extend(_bezier(line[-1], *points[at : at + 3]))
            out.append(("line", line))
        elif word == "circle":
            out.append(("line", _arc(*n, 0, 360)))  # type: ignore[call-arg]
        elif word == "arc":
            out.append(("line", _arc(*n)))
        elif word == "box":
            out.append(("line", _box(*n)))
        elif word == "dot":
            out.append(("dot", [(n[0], n[1]), (n[2], n[2])]))
        else:
            msg = f"unknown stroke {word!r}"
            raise ValueError(msg)
    return out


def draw(drawing: str, px: int) -> bytes:
    """One icon as `px` × `px` bytes of coverage, rows from below (as textures count). Needs Pillow."""
    from PIL import Image, ImageDraw

    side = px * _OVER
    unit = side / GRID
    image = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(image)
    half = STROKE / 2 * unit

    def disc(x: float, y: float, r: float) -> None:
        pen.ellipse((x - r, y - r, x + r, y + r), fill=255)

    for kind, points in strokes(drawing):
        scaled = [(x * unit, y * unit) for x, y in points]
        if kind == "dot":
            disc(*scaled[0], scaled[1][0])
            continue
        pen.line(scaled, fill=255, width=round(2 * half))
        for x, y in scaled:
            disc(x, y, half)
    return image.resize((px, px), Image.Resampling.BOX).transpose(Image.Transpose.FLIP_TOP_BOTTOM).tobytes()


class IconBook:
    """Icons as alpha masks, read from the cache one by one when first wanted."""

    def __init__(self, path: Path, places: dict[str, int]) -> None:
        self._path, self._places = path, places
        self.names = frozenset(key.split("@")[0] for key in places)

    def mask(self, name: str, px: int) -> bytes:
        """`px` × `px` bytes. Raises KeyError for an icon or a size that was not drawn."""
        with self._path.open("rb") as file:
            file.seek(self._places[f"{name}@{px}"])
            return file.read(px * px)


def load(cache: Path, sizes: tuple[int, ...]) -> IconBook:
    """The icons at these sizes (pixels); drawn when the cache has them not, or not of the present drawings."""
    drawings = {path.stem: path.read_text(encoding="utf-8") for path in sorted(DRAWINGS.glob("*.txt"))}
    stamp = sha256(repr((drawings, sizes, GRID, STROKE, _OVER)).encode()).hexdigest()[:16]
    table, masks = cache / f"icons-{stamp}.json", cache / f"icons-{stamp}.bin"
    try:
        places = json.loads(table.read_bytes())
        if masks.stat().st_size == places.pop("bytes"):
            return IconBook(masks, places)
    except (OSError, ValueError, KeyError):
        pass
    places, content = {}, bytearray()
    for name, drawing in drawings.items():
        for px in sizes:
            places[f"{name}@{px}"] = len(content)
            content += draw(drawing, px)
    cache.mkdir(parents=True, exist_ok=True)
    write_whole(masks, bytes(content))
    write_whole(table, json.dumps({**places, "bytes": len(content)}).encode())
    return IconBook(masks, places)
