"""One set of tokens, three looks and a low-reach layout: every size in millimetres of the real panel, every colour by
its meaning. Pure values; it draws nothing and knows no widget.

Sizes come from people, not from pixels: capital letters of body text subtend 0.7° at the viewing distance (EN 301 549
§5.1.4), targets are 20 mm (Duff 2010), their top edges at most 1220 mm above the floor (EN 301 549 §8.3, US 508
§407.8), in low reach 1000 mm. A panel smaller than the smallest our pages are drawn for (21.5 inches) is read from
nearer: letters, paper and air shrink with it, never below 4.8 mm capitals (US 508 §402.4), targets hardly. There are
eight font sizes in all, one geometric scale: a larger look is the same scale one step up, so that Kivy's cache of open
fonts stays small.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import ceil, hypot, pi

CAP = 0.733  # capital height of Noto Sans CJK SC in em; a test reads it from the font
STEP = 1.31  # an elder's text is one step larger: more than the 1.3 asked for
STEPS = 8
BODY_ANGLE = 0.7  # degrees
REACH, LOW_REACH = 1220.0, 1000.0  # mm above the floor
DRAWN_FOR = 267.6, 600.0  # mm: the shorter side of 21.5 inches, and the farthest it is read from
LEAST_CAP = 4.8  # mm
LOWEST = 200.0  # mm above the panel's lower edge: no page stands in less

STANDARD, ELDER, CONTRAST = "standard", "elder", "contrast"


@dataclass(frozen=True)
class Panel:
    """A screen as it stands in the hall: diagonal in inches, resolution in pixels, lower edge above the floor and
    distance of the reader's eye in mm."""

    inches: float = 21.5
    width: int = 1080
    height: int = 1920
    lower_edge: float = 800.0
    distance: float = 600.0

    @cached_property
    def px_per_mm(self) -> float:
        return hypot(self.width, self.height) / (self.inches * 25.4)

    @property
    def portrait(self) -> bool:
        return self.height > self.width

    @cached_property
    def share(self) -> float:
        """How large the panel is beside the smallest that our pages are drawn for, at most 1."""
        return min(1.0, min(self.width, self.height) / self.px_per_mm / DRAWN_FOR[0])

    @cached_property
    def read_from(self) -> float:
        """`distance`, or, where letters for it would not leave room for the page, as far as they can be read, in mm."""
        most = DRAWN_FOR[1] * min(self.width, self.height) / self.px_per_mm / DRAWN_FOR[0]
        return min(self.distance, most)


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours by meaning, "#rrggbb". `on_…` is text upon that ground; `edge` bounds what can be touched (≥ 3:1 against
    paper), `rule` only divides."""

    paper: str
    card: str
    ink: str
    quiet: str
    edge: str
    rule: str
    main: str
    main_down: str
    on_main: str
    card_down: str
    accent: str
    good: str
    care: str
    care_ground: str
    off: str
    on_off: str
    focus: str
    slip: str
    slip_paper: str
    chosen: str
    on_chosen: str


WARM = Colours(
    paper="#FAF6EE", card="#FFFFFF", ink="#221C15", quiet="#554B3F", edge="#8D8070", rule="#E2D8C8",
    main="#B3261E", main_down="#7E1812", on_main="#FFFFFF", card_down="#F0E3CE", accent="#B3261E",
    good="#1A5C3B", care="#6F4100", care_ground="#FBEBCB", off="#EFE7DA", on_off="#554B3F", focus="#0B57D0",
    slip="#000000", slip_paper="#FFFFFF",
    chosen="#221C15", on_chosen="#FFFFFF",
)  # fmt: skip
STARK = Colours(
    paper="#000000", card="#000000", ink="#FFFFFF", quiet="#FFFFFF", edge="#FFFFFF", rule="#6A6A6A",
    main="#FFD500", main_down="#FFFFFF", on_main="#000000", card_down="#4A4A00", accent="#FFD500",
    good="#7CF2A8", care="#FFD500", care_ground="#000000", off="#000000", on_off="#BDBDBD", focus="#00E5FF",
    slip="#000000", slip_paper="#FFFFFF",
    chosen="#FFFFFF", on_chosen="#000000",
)  # fmt: skip

# role -> step on the scale in the standard look; 0 is body text
_ROLES = {"body": 0, "lead": 1, "title": 2, "key": 2, "hero": 3, "long": 4, "code": 5, "huge": 6, "giant": 7}
_KEPT = {"giant", "huge", "code", "long", "key"}  # large enough already, and bound to the panel's width
_LYING = {"title", "hero"}
AIRY = 2  # how roomy a page is laid: from 0, as tight as is good, to as in the pictures


@dataclass(frozen=True)
class Tokens:
    """Every size and colour of one look on one panel. Lengths in pixels unless said otherwise.

    `air` is the rhythm: a page takes the roomiest in which everything stands on it, and nothing that can be touched
    moves to a further page for it.
    """

    panel: Panel
    look: str = STANDARD
    low: bool = False
    air: int = 0

    def mm(self, length: float) -> int:
        """Millimetres on the glass as whole pixels, never less than asked for."""
        return ceil(length * self.panel.px_per_mm - 1e-6)

    def sized(self, length: float) -> int:
        """Millimetres of air or paper, fewer on a panel smaller than our pages are drawn for, as whole pixels."""
        return self.mm(length * self.panel.share)

    def in_mm(self, pixels: float) -> float:
        return pixels / self.panel.px_per_mm

    @property
    def elder(self) -> bool:
        return self.look == ELDER

    @property
    def calm(self) -> bool:
        """Standing, within easy reach, in ordinary type: the pictures' own case."""
        return self.portrait and not self.low and not self.elder

    @property
    def portrait(self) -> bool:
        return self.panel.portrait

    @property
    def colours(self) -> Colours:
        return STARK if self.look == CONTRAST else WARM

    @cached_property
    def scale(self) -> tuple[int, ...]:
        """The eight font sizes in pixels, small to large, the same in every look of one panel."""
        cap = max(BODY_ANGLE * pi / 180 * self.panel.read_from, LEAST_CAP)
        body = ceil(cap * self.panel.px_per_mm / CAP)
        return tuple(ceil(body * STEP**n) for n in range(STEPS))

    def font(self, role: str) -> int:
        """Font size in pixels: "body", "lead", "title", "key", "hero", "long", "code", "huge" or "giant"."""
        step = _ROLES[role]
        # lying down, the panel has no height for large titles: they stay above the elder's 60 px all the same
        if self.elder and role not in _KEPT and (self.portrait or role not in _LYING):
            step += 1
        return self.scale[step]

    def line(self, px: int) -> int:
        """Height of one line of text: 1.35 em, more than the 1.3 asked for."""
        return ceil(px * 1.35)

    @property
    def reach_top(self) -> int:
        """The highest pixel row, counted from below, that any target may reach; of a panel hung so high that a page
        would not stand below that, as low as it can."""
        limit = LOW_REACH if self.low else REACH
        reach = int((limit - self.panel.lower_edge) * self.panel.px_per_mm)
        return min(self.panel.height, max(reach, int(LOWEST * self.panel.px_per_mm)))

    @property
    def icons(self) -> tuple[int, ...]:
        """The sizes in which icons are drawn."""
        return self.scale[:7]

    # ---- rhythm ----
    def rhythm(self, tight: float, step: float) -> int:
        """`tight` mm, and `step` mm more for each degree of air, in pixels."""
        return self.sized(tight + step * self.air)

    @property
    def margin(self) -> int:
        return self.sized(15 if self.calm else 14 if self.portrait else 13)

    @property
    def gap(self) -> int:
        return max(self.mm(3.2), self.rhythm(4, 2))

    @property
    def close(self) -> int:
        """The gap between keys, and between the cards of days and times."""
        return max(self.mm(3.2), self.rhythm(4, 1.2))

    @property
    def pad(self) -> int:
        return self.rhythm(5, 2.5)

    @property
    def radius(self) -> int:
        return self.mm(4)

    @property
    def hair(self) -> int:
        return max(2, round(self.panel.px_per_mm * 0.4))

    @property
    def header(self) -> int:
        if not self.portrait:
            return max(self.sized(20), self.line(self.font("body")) + self.sized(6))
        return max(self.sized(30), 2 * self.line(self.font("body")) + self.sized(4))

    @property
    def bar(self) -> int:
        if not self.portrait:  # the icon stands beside its word
            return max(self.mm(20), self.sized(24), self.line(self.font("body")) + self.sized(5))
        least = self.font("lead" if self.calm else "body") + self.line(self.font("body")) + self.sized(5)
        return max(self.mm(20), self.sized(26 if self.low else 40), least)

    @property
    def primary(self) -> int:
        """Least height of a primary target."""
        return max(self.mm(20), self.sized(22))

    @property
    def listed(self) -> int:
        """Least height of a key, a chip or a list row."""
        return max(self.mm(15.2), self.sized(16))
