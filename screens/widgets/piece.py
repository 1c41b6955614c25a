"""The ground of all widgets: a `Piece` knows how high it wants to be for a width, and is put into its place by its
parent, at once and in whole pixels. Nothing of Kivy's own layouts: they arrange in later frames, and a page here stands
in the frame in which it was asked for. A `Target` is a piece that can be touched.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

from kivy.graphics import BorderImage, Canvas, Color
from kivy.properties import BooleanProperty, ObjectProperty, Property, StringProperty
from kivy.uix.widget import Widget

from screens.kit import Kit


@cache
def _own_properties(kind: type) -> Callable[[Any], tuple[object, ...]]:
    """Reads the Kivy properties that our classes define, but for what only `dress` shows."""
    ours = {name for cls in kind.__mro__ if cls.__module__.startswith("screens.") for name, value in vars(cls).items()
            if isinstance(value, Property)}
    return attrgetter(*sorted(ours - {"pressed", "focused", "label"}))


class Piece(Widget):
    """`speech_role` and `label` are what a screen reader or `speak()` says of it."""

    speech_role = ""
    label = StringProperty("")
    springy = False  # takes the height that is left over
    read_above = False  # its upper part is only read: it may stand higher than a hand reaches
    follows = BooleanProperty(False)  # stands right below what is springy, not at the lower edge
    spare = BooleanProperty(False)  # gives way where what must be said leaves no room for it

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._state: tuple[object, ...] = ()
        self.ground_ink, self.ink, self.over = Canvas(), Canvas(), Canvas()  # below, beside and above the children
        self.canvas.before.add(self.ground_ink)
        self.canvas.before.add(self.ink)
        self.canvas.after.add(self.over)

    def natural(self, kit: Kit, width: int) -> int:
        """The height in px it needs at this width. 0: nothing to show."""
        raise NotImplementedError

    def most(self, kit: Kit, width: int) -> int:
        """The height in px beyond which more would not help."""
        return self.natural(kit, width)

    def pages_in(self, kit: Kit, width: int, height: int) -> int:
        """On how many pages its content would come in this place."""
        del kit, width, height
        return 1

    def stand_whole(self) -> None:
        """Take all the room it would like, again."""

    def give_way(self) -> bool:
        """Take a little less room; False where it already takes the least."""
        return False

    def put(self, kit: Kit, x: int, y: int, w: int, h: int) -> None:
        """Take this place (px, from the lower left) and draw; nothing is drawn again that stands already."""
        state = (kit, x, y, w, h, self.drawn())
        if state != self._state:
            self._state = state
            self.pos, self.size = (x, y), (w, h)
            self.draw(kit)

    def drawn(self) -> tuple[object, ...]:
        """What the drawing depends on beside the place: our own properties, and what a subclass adds."""
        return _own_properties(type(self))(self)

    def draw(self, kit: Kit) -> None:
        """Bring the canvas up to date with place, state and `kit`."""

    def renew(self) -> None:
        """Draw anew at the next `put`."""
        self._state = ()

    def undraw(self) -> None:
        """Give back what the drawing holds, textures and buffers; drawn anew at the next `put`."""
        self.renew()
        self.ink.clear()
        self.over.clear()
        for held in vars(self).values():
            if isinstance(held, Box):
                held.drop()

    def forget(self) -> None:
        """Drop whatever a resident typed or was told. What is emptied must `renew`: the next may be told the same."""
        self.renew()
        for child in self.children:
            if isinstance(child, Piece):
                child.forget()


class Box:
    """A round-cornered ground with an edge: one nine-patch, made when there is first something to show (each costs some
    60 kB of buffers), whose texture and place change without new drawing."""

    def __init__(self, canvas: Any) -> None:
        self._state: tuple[object, ...] = ()
        self._canvas = canvas
        self._parts: tuple[Any, ...] = ()
        self._image: Any = None

    def put(self, kit: Kit, place: tuple[int, int, int, int], fill: str, edge: str = "", thick: int | None = None,
            radius: int | None = None) -> None:
        """`fill` and `edge` are colour names; "" for none."""
        state = (kit, place, fill, edge, thick, radius)
        if state == self._state:
            return
        self._state = state
        x, y, w, h = place
        if not (fill or edge) or w <= 0 or h <= 0:  # a nine-patch of no size would still draw its corners
            self.drop()
            self._state = state
            return
        if self._image is None:
            with self._canvas:
                self._parts = (Color(1, 1, 1, 1), BorderImage())
            self._image = self._parts[1]
        r = kit.tokens.radius if radius is None else radius
        self._image.texture = kit.box(r, kit.tokens.hair if thick is None else thick, fill, edge)
        self._image.border = (r, r, r, r)
        self._image.pos, self._image.size = (x, y), (w, h)

    def drop(self) -> None:
        """Give its buffers back; made anew at the next `put`."""
        self._state = ()
        for part in self._parts:
            self._canvas.remove(part)
        self._parts, self._image = (), None


class Target(Piece):
    """What can be touched. The shell presses, releases and fires it; it never handles touches by itself.

    `choice` becomes `Pick(choice)` unless `answer` holds another answer. `rest`: seconds in which a second tap on the
    same target is a tremor and not a wish.
    """

    speech_role = "button"
    choice = StringProperty("")
    answer = ObjectProperty(None, allownone=True)
    off = BooleanProperty(False)
    pressed = BooleanProperty(False)
    focused = BooleanProperty(False)
    rest = 0.3
    kit: Kit | None = None

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.box = Box(self.ground_ink)
        self._ring = Box(self.canvas.after)

    def put(self, kit: Kit, x: int, y: int, w: int, h: int) -> None:
        self.kit = kit
        super().put(kit, x, y, w, h)
        self.dress()

    def on_pressed(self, *_: object) -> None:
        self.dress()

    def on_focused(self, *_: object) -> None:
        self.dress()

    def on_off(self, *_: object) -> None:
        self.dress()

    def dress(self) -> None:
        """Ground, edge and focus ring for the present state. Must be quick: it runs on the touch-down frame."""
        kit = self.kit
        if kit is None:
            return
        place = (int(self.x), int(self.y), int(self.width), int(self.height))
        fill, edge, thick = self.ground()
        self.box.put(kit, place, fill, edge, thick)
        out = kit.tokens.hair * 2
        ring = (place[0] - out, place[1] - out, place[2] + 2 * out, place[3] + 2 * out)
        self._ring.put(kit, ring, "", "focus" if self.focused else "", out, kit.tokens.radius + out)

    def ground(self) -> tuple[str, str, int | None]:
        """Fill, edge and the edge's thickness."""
        if self.off:
            return "off", "rule", None
        return ("card_down" if self.pressed else "card"), "edge", None


class Toned(Target):
    """A target whose word and icon change their tone with its state: drawn anew when it goes off or comes back. With
    the `kind` "main" it is the red one, the one to press."""

    kind = StringProperty("plain")

    def on_off(self, *_: object) -> None:
        if self.kit is not None:
            self.draw(self.kit)
        super().on_off()

    def ground(self) -> tuple[str, str, int | None]:
        if self.kind == "main" and not self.off:
            return ("main_down" if self.pressed else "main"), "", None
        return super().ground()


class Surface(Target):
    """A target on which the finger draws. The shell begins a line where it was put down, follows it wherever it goes
    and ends it where it was lifted; `end` gives the answer to emit, None for none. `drop`: the line is no more."""

    def begin(self, x: float, y: float) -> None:
        raise NotImplementedError

    def follow(self, x: float, y: float) -> None:
        raise NotImplementedError

    def end(self, x: float, y: float) -> object | None:
        raise NotImplementedError

    def drop(self) -> None:
        raise NotImplementedError
