"""The check list of the accessibility facts, measured on a page as it was rendered: sizes of what can be touched by
asking `collide_point`, capital heights by the font file, contrast by the pixels. It trusts no token and no layout.

Numbers: EN 301 549 V3.2.1 §5.1.4 (0.7°) and §8.3 (reach), US 508 §402.4 (4.8 mm), WCAG 2.2 (contrast), Duff 2010
(20 mm).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import pi
from pathlib import Path
from typing import Any

from screens.driver import Driver
from screens.fonts import MISSING
from screens.widgets.frame import BarButton
from screens.widgets.piece import Target
from screens.widgets.wording import Wording
from tests.screens.measure.picture import Box, Picture

FLOOR_MM, ANGLE = 4.8, 0.7
PRIMARY_MM, LISTED_MM, GAP_MM = 20.0, 15.0, 3.0
REACH_MM, LOW_REACH_MM, LOWEST_MM = 1220.0, 1000.0, 380.0
TEXT, BODY, SHAPE = 4.5, 7.0, 3.0
LINE = 1.3
ALWAYS = {"back", "home", "help"}
NOWHERE_BACK = {"WaitingPage", "StillTherePage"}  # nobody is there to go back; or the warning's own two buttons
_HALF = 0.5  # px: where a line of pixels ends


@dataclass(frozen=True, slots=True)
class Fault:
    """One violation: the item of the check list, and a sentence with what was measured."""

    item: str
    says: str

    def __str__(self) -> str:
        return f"{self.item}: {self.says}"


@cache
def cap_of(path: str) -> float:
    """Height of a capital H in em, read from the font file."""
    from fontTools.ttLib import TTFont

    with TTFont(Path(path), lazy=True) as font:
        return font["OS/2"].sCapHeight / font["head"].unitsPerEm


def measure(
    driver: Driver, *, picture: Picture | None = None, reading_mm: float = 600.0, body: float = BODY
) -> list[Fault]:
    """Everything that is wrong with the page that stands; without a `picture` of it, geometry only. `body`: the least
    contrast of body text."""
    ruler = _Ruler(driver, reading_mm, body)
    found = [*ruler.text(), *ruler.targets(), *ruler.spacing(), *ruler.always(), *ruler.states()]
    if picture is not None:
        found += ruler.contrast(picture)
    return found


class _Ruler:
    def __init__(self, driver: Driver, reading_mm: float, body: float) -> None:
        self.body = body
        self.panel = driver.panel
        self.shell: Any = driver.shell
        self.kit = driver.shell.kit
        self.look, self.low = self.kit.tokens.look, self.kit.tokens.low
        self.per_mm = (self.panel.width**2 + self.panel.height**2) ** 0.5 / (self.panel.inches * 25.4)
        self.body_mm = ANGLE * pi / 180 * reading_mm
        self.touchable = driver.targets()
        self.texts = [w for w in self.shell.walk(restrict=True)
                      if isinstance(w, Wording) and w.text.strip() and w.width > 0 and w.height > 0]

    # ---- 1, 2, 3: text ----------------------------------------------------------------------------------------------

    def text(self) -> Iterator[Fault]:
        least = self.body_mm * (1.3 if self.look == "elder" else 1.0)
        for words in self.texts:
            said = words.text[:20]
            em = words.px(self.kit)
            face = self.kit.fonts.bold if words.bold else self.kit.fonts.regular
            cap = em * cap_of(face.path) / self.per_mm
            if cap < max(FLOOR_MM, least) - 0.01:
                yield Fault("cap height", f"{said!r} {cap:.1f} mm, wanted {max(FLOOR_MM, least):.1f}")
            lines = words.lines(self.kit, int(words.width))
            if words.height + 1 < len(lines) * em * LINE:
                yield Fault("clipped", f"{said!r}: {len(lines)} lines of {em} px in {words.height:.0f} px")
            wide = max((self.kit.width(line, em, bold=words.bold) for line in lines), default=0)
            if wide > words.width + 3:
                yield Fault("clipped", f"{said!r} is {wide} px wide in {words.width:.0f} px")
            if words.x < -1 or words.y < -1 or words.right > self.panel.width + 1 or words.top > self.panel.height + 1:
                yield Fault("clipped", f"{said!r} leaves the panel")
            for char in words.text:
                if not char.isspace() and char != MISSING and MISSING in "".join(
                        shown for _face, shown in self.kit.fonts.runs(char, bold=words.bold)):
                    yield Fault("glyph", f"{said!r}: no font has {char!r}")
        for one, other in combinations(self.texts, 2):
            if _meet(_box(one), _box(other), 0):
                yield Fault("overlap", f"{one.text[:20]!r} lies on {other.text[:20]!r}")
        for words in self.texts:
            for target in self.touchable:
                if not _within(words, target) and _meet(_box(words), _box(target), 0):
                    yield Fault("overlap", f"{words.text[:20]!r} lies on the target {target.label[:20]!r}")

    # ---- 4, 5: what can be touched ----------------------------------------------------------------------------------

    def touched_box(self, target: Target) -> Box:
        """What `collide_point` says can be touched, walked from the middle outwards."""
        x, y = target.center

        def end(dx: int, dy: int) -> float:
            low, high = 0.0, float(max(self.panel.width, self.panel.height))
            while high - low > _HALF / 2:
                middle = (low + high) / 2
                inside = target.collide_point(x + dx * middle, y + dy * middle)
                low, high = (middle, high) if inside else (low, middle)
            return low

        if not target.collide_point(x, y):
            return (x, y, x, y)
        return (x - end(-1, 0), y - end(0, -1), x + end(1, 0), y + end(0, 1))

    def targets(self) -> Iterator[Fault]:
        limit = LOW_REACH_MM if self.low else REACH_MM
        for target in self.touchable:
            left, low, right, top = self.touched_box(target)
            wide, high = (right - left) / self.per_mm, (top - low) / self.per_mm
            name = target.label[:20] or type(target).__name__
            least = LISTED_MM if _listed(target) else PRIMARY_MM
            if min(wide, high) < least - 0.2:
                yield Fault("target size", f"{name!r} {wide:.1f} × {high:.1f} mm, wanted {least:.0f}")
            if top / self.per_mm + self.panel.lower_edge > limit + 0.3:
                yield Fault("reach", f"{name!r} {top / self.per_mm + self.panel.lower_edge:.0f} mm above the floor")
            if low / self.per_mm + self.panel.lower_edge < LOWEST_MM or left < -1 or right > self.panel.width + 1:
                yield Fault("reach", f"{name!r} leaves the panel")
            if not target.label.strip():
                yield Fault("speech", f"a {type(target).__name__} without a name")

    def spacing(self) -> Iterator[Fault]:
        boxes = [(target, self.touched_box(target)) for target in self.touchable]
        for (one, a), (other, b) in combinations(boxes, 2):
            gap = 0.0 if isinstance(one, BarButton) and isinstance(other, BarButton) else GAP_MM * self.per_mm - 1.5
            # the five of the bar are 40 mm wide and more, so that they need no air between them
            if _meet(a, b, gap - (0.75 if not gap else 0)):
                yield Fault("gap", f"{one.label[:20]!r} and {other.label[:20]!r}")

    # ---- 7, 10: nothing by colour alone, always a way on ------------------------------------------------------------

    def always(self) -> Iterator[Fault]:
        page = type(self.shell.page).__name__
        there = {target.button for target in self.touchable if isinstance(target, BarButton)}
        wanted = {"help"} if page in NOWHERE_BACK else ALWAYS
        for button in sorted(wanted - there):
            yield Fault("way on", f"{page} has no {button!r}")
        shut = getattr(self.shell.step, "shut", False)
        if shut and not any(word in text.text for text in self.texts for word in ("窗口", "window")):
            yield Fault("way on", f"{page} is shut and does not say where to go")
        if not any(not isinstance(target, BarButton) for target in self.touchable) and not shut and "back" not in there:
            yield Fault("way on", f"{page} leads nowhere")

    def states(self) -> Iterator[Fault]:
        for words in self.shell.walk(restrict=True):
            item = getattr(words, "item", None)
            if item is None or words.width <= 0:
                continue
            said = item.title + "".join(line for line, _tone in item.lines)
            if item.chosen and "✓" not in said and item.icon != "tick-on":
                yield Fault("colour only", f"{item.title[:20]!r} is chosen by colour alone")
            if item.off and not any(line.strip() for line, _tone in item.lines):
                yield Fault("colour only", f"{item.title[:20]!r} is grey and does not say why")

    # ---- 6: contrast on the pixels ----------------------------------------------------------------------------------

    def contrast(self, picture: Picture) -> Iterator[Fault]:
        for words in self.texts:
            found = picture.contrast(_ink_box(words, self.kit))
            least = self.body if self._is_body(words) else TEXT
            if found < least:
                yield Fault("contrast", f"{words.text[:20]!r} {found:.2f}, wanted {least}")
        for target in self.touchable:
            if isinstance(target, BarButton) or getattr(getattr(target, "item", None), "off", False):
                continue  # its place is the bar's; what cannot be had is said in words (WCAG 1.4.11 leaves it out)
            if (found := picture.edge(_box(target), int(self.per_mm * 1.5))) < SHAPE:
                yield Fault("contrast", f"the edge of {target.label[:20]!r} {found:.2f}, wanted {SHAPE}")

    def _is_body(self, words: Wording) -> bool:
        """What cannot be had may be paler (4.5); all other words are body."""
        holder: Any = words
        while holder is not None and not isinstance(holder, Target):
            holder = holder.parent if holder.parent is not holder else None
        unavailable = holder is not None and (holder.off or getattr(getattr(holder, "item", None), "off", False))
        on_colour = words.tone in {"on_main", "accent"}  # white on red is 6.5, red on white too: large and bold
        return not unavailable and not on_colour


def _listed(target: Target) -> bool:
    """Keys, calendar and list cards, page turners: 15 mm; everything else is primary."""
    kind = type(target).__name__
    return kind in {"Key", "LetterKey", "PageButton"} or getattr(target, "shape", "") == "slot"


def _box(widget: Any) -> Box:
    return (widget.x, widget.y, widget.right, widget.top)


def _ink_box(words: Wording, kit: Any) -> Box:
    """Where the letters stand: the lines in the middle of the widget's height."""
    high = min(words.height, len(words.lines(kit, int(words.width))) * words.px(kit) * LINE)
    middle = words.y + words.height / 2
    return (words.x, middle - high / 2, words.right, middle + high / 2)


def _meet(a: Box, b: Box, gap: float) -> bool:
    return a[0] < b[2] + gap and b[0] < a[2] + gap and a[1] < b[3] + gap and b[1] < a[3] + gap


def _within(widget: Any, holder: Any) -> bool:
    while widget is not None and widget is not holder:
        widget = widget.parent if widget.parent is not widget else None
    return widget is not None
