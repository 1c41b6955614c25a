"""Where a finger writes: two boxes side by side, each at least 90 mm, or one as large as fits. The ink follows the
finger at once; the line is a box's own until the finger is lifted, then it is handed over and drawn from the step.

A box's unit is the largest square in its middle, x to the right and y DOWN: here, and nowhere else, Kivy's upward y is
turned over.
"""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, InstructionGroup, Line, ScissorPop, ScissorPush
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty

from kiosk.flows.steps import Draw, Stroke
from kiosk.words import _
from screens.kit import Kit
from screens.widgets.piece import Piece, Surface

BOX = 90.0  # mm: the least side of one of two boxes
LEAST, MOST = 60.0, 118.0  # mm
_PEN = 2.6  # mm: how thick the ink is
_CLOSE = 0.35  # mm: a resting finger trembles; what is nearer says nothing
_CHUNK = 48  # points of one line on the canvas: a longer one would be tessellated anew with every point


class WritingBox(Surface):
    """One box, 0 or 1. `strokes`: its own, in its unit; `asked`: what is offered is for this one of two."""

    speech_role = "canvas"
    strokes = ObjectProperty(())
    asked = BooleanProperty(False)

    def __init__(self, box: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.number = box
        self._drawn: tuple[object, ...] = ()
        self._done, self._live = InstructionGroup(), InstructionGroup()
        self._points: list[tuple[float, float]] = []
        self._line: Any = None

    def natural(self, kit: Kit, width: int) -> int:
        return kit.tokens.mm(BOX)

    # ---- the unit ----

    def _square(self) -> tuple[float, float, float]:
        """Left, top and side in px of the unit square."""
        side = min(self.width, self.height)
        return self.center_x - side / 2, self.center_y + side / 2, side

    def to_unit(self, x: float, y: float) -> tuple[float, float]:
        left, top, side = self._square()
        return ((x - left) / side, (top - y) / side) if side else (0.0, 0.0)

    def to_pixels(self, stroke: Stroke) -> list[float]:
        left, top, side = self._square()
        return [each for u, v in stroke for each in (left + u * side, top - v * side)]

    # ---- the finger ----

    def begin(self, x: float, y: float) -> None:
        self._points = [(x, y)]
        self._line = None
        self._ink([x, y, x + 1, y])

    def follow(self, x: float, y: float) -> None:
        if not self._points or self.kit is None:
            return
        last_x, last_y = self._points[-1]
        if abs(x - last_x) + abs(y - last_y) < self.kit.tokens.mm(_CLOSE):
            return
        self._points.append((x, y))
        if self._line is None or len(self._line.points) > 2 * _CHUNK:
            self._ink([last_x, last_y, x, y])
        else:
            self._line.points += (x, y)

    def end(self, x: float, y: float) -> Draw | None:
        self.follow(x, y)
        points = tuple(self.to_unit(*point) for point in self._points)
        self._points = []
        return Draw(self.number, points) if points else None

    def drop(self) -> None:
        self._points, self._line = [], None
        self._live.clear()

    def _ink(self, points: list[float]) -> None:
        if self.kit is None:
            return
        self._line = _line(self.kit, points)
        self._live.add(Color(*self.kit.colour("ink")))
        self._live.add(self._line)

    # ---- drawing ----

    def draw(self, kit: Kit) -> None:
        x, y, w, h = int(self.x), int(self.y), int(self.width), int(self.height)
        self.label = kit.words.say(_("左边的格子") if self.number == 0 else _("右边的格子"))
        place = (kit, x, y, w, h)
        before: tuple[Stroke, ...] = self._drawn[1] if self._drawn[:1] == (place,) else ()  # type: ignore[assignment]
        if not before or self.strokes[:len(before)] != before:
            self._frame(kit, x, y, w, h)
            before = ()
        for stroke in self.strokes[len(before):]:
            points = self.to_pixels(stroke)
            self._done.add(_line(kit, points if len(points) > 2 else [*points, points[0] + 1, points[1]]))
        self._drawn = (place, self.strokes)
        self.dress()

    def _frame(self, kit: Kit, x: int, y: int, w: int, h: int) -> None:
        """A pale cross to aim at; ink stays within the box."""
        self.ink.clear()
        self.over.clear()
        self._done.clear()
        if not w or not h:
            return
        inside = (x + kit.tokens.hair, y + kit.tokens.hair, w - 2 * kit.tokens.hair, h - 2 * kit.tokens.hair)
        short = kit.tokens.mm(6)
        self._done.add(Color(*kit.colour("ink")))
        with self.ink:
            Color(*kit.colour("rule"))
            Line(points=[x + w / 2, y + short, x + w / 2, y + h - short], width=1)
            Line(points=[x + short, y + h / 2, x + w - short, y + h / 2], width=1)
        for canvas, group in ((self.ink, self._done), (self.over, self._live)):
            corner = {"x": inside[0], "y": inside[1], "width": inside[2], "height": inside[3]}
            canvas.add(ScissorPush(**corner))
            canvas.add(group)
            canvas.add(ScissorPop())

    def ground(self) -> tuple[str, str, int | None]:
        """Pressed it stays white: the ink is what answers the finger."""
        if self.asked and self.kit is not None:
            return "card", "accent", self.kit.tokens.hair * 3
        return "card", "edge", None

    def undraw(self) -> None:
        super().undraw()
        self.drop()
        self._done.clear()
        self._drawn = ()

    def forget(self) -> None:
        self.strokes = ()
        self.drop()
        self._done.clear()
        self._drawn = ()
        super().forget()


class Pad(Piece):
    """The boxes. `strokes`: all, in the order of writing, each with its box; `asked`: the box what is offered is for;
    `at`: the box shown where there is room for one only (`single`)."""

    springy = True
    strokes = ObjectProperty(())
    asked = ObjectProperty(None, allownone=True)
    at = NumericProperty(0)
    shown = BooleanProperty(True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.spare = True
        self.single = False
        self._least = BOX
        self.boxes = (WritingBox(0), WritingBox(1))
        for box in self.boxes:
            self.add_widget(box)

    def natural(self, kit: Kit, width: int) -> int:
        return kit.tokens.mm(self._least) if self.shown else 0

    def most(self, kit: Kit, width: int) -> int:
        return min(kit.tokens.mm(MOST), width) if self.shown else 0

    def stand_whole(self) -> None:
        self._least = BOX

    def give_way(self) -> bool:
        if not self.shown or self._least <= LEAST:
            return False
        self._least -= 3
        return True

    def put(self, kit: Kit, x: int, y: int, w: int, h: int) -> None:
        self.pos, self.size = (x, y), (w, h)
        gap, least = kit.tokens.gap, kit.tokens.mm(BOX)
        half = (w - gap) // 2
        if w and h:
            self.single = half < least or h < least
        both = len({box for box, _stroke in self.strokes}) == 2
        for box in self.boxes:
            box.strokes = tuple(stroke for mine, stroke in self.strokes if mine == box.number)
            box.asked = both and box.number == self.asked and not self.single
            if self.single:
                here = box.number == self.at
                box.put(kit, x if here else -10, y if here else -10, w if here else 0, h if here else 0)
            else:
                box.put(kit, x + box.number * (w - half), y, half, h)

    def forget(self) -> None:
        self.strokes, self.asked, self.at = (), None, 0
        super().forget()


def _line(kit: Kit, points: list[float]) -> Any:
    return Line(points=points, width=kit.tokens.mm(_PEN) / 2, cap="round", joint="round")
