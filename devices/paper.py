"""A slip of paper as a value: lines, rules, gaps, a QR code and a footer, top to bottom, and the paper it goes on.

It says what stands on the slip and how strong each line is; it knows no dots, no bytes and no printer. Sizes are names,
not points, so that the same slip can be drawn as a raster or sent as text with a printer's own letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

DOTS_PER_MM = 8
"""203 dpi thermal heads (KP-628E manual and every other 58/80 mm head we know of)."""


class Size(Enum):
    """How large a line stands. The height of its capitals and digits in mm, at least, is the value."""

    TEXT = 3.0
    STRONG = 4.0
    TITLE = 5.5
    CODE = 8.0


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph; breaks by itself where the paper ends."""

    text: str
    size: Size = Size.TEXT
    bold: bool = False
    align: Align = Align.CENTER


@dataclass(frozen=True, slots=True)
class Field:
    """A short word and what belongs to it ("请带" "身份证"); continuation lines stand under the value."""

    label: str
    value: str
    size: Size = Size.TEXT


@dataclass(frozen=True, slots=True)
class Badge:
    """White on black, for what must not be overlooked: 补打, 已取消."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""

    dashed: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    mm: float


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code, error correction M, at most 36 mm wide with its quiet zone."""

    content: str


Item = Line | Field | Badge | Rule | Gap | Qr


@dataclass(frozen=True, slots=True)
class Slip:
    """`body` first, then `footer`: the same words on every slip of a kind."""

    body: tuple[Item, ...]
    footer: tuple[Item, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        return self.body + self.footer


@dataclass(frozen=True, slots=True)
class Paper:
    """A roll: its printable width in dots (8 per mm)."""

    name: str
    dots: int

    @property
    def columns(self) -> int:
        """Half-width columns of a printer's own 12-dot letters."""
        return self.dots // 12


PAPER_58 = Paper("58", 384)
PAPER_80 = Paper("80", 576)
PAPERS: dict[str, Paper] = {"58": PAPER_58, "80": PAPER_80}
