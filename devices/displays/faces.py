"""What stands on a display for each face: text in so many cells, letters that seven segments can show, bare digits.

Pure. Seven segments have no K, M, W or X (facts on devices §6); whatever cannot be shown becomes a dash, never another
letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from devices.displays.port import Face, Showing

SHOWABLE = "0123456789AbCdEFHLPU- "
"""What the LED-485 boards and their like can show, in the shapes they have."""
_SHAPES = {form: shape for shape in SHOWABLE for form in (shape.lower(), shape.upper())}


def segments(text: str) -> str:
    """`text` in the shapes of seven segments: B023 → b023, K001 → -001."""
    return "".join(_SHAPES.get(sign, "-") for sign in text)


def fitted(text: str, cells: int) -> str:
    """Exactly `cells` characters, right-aligned; of a longer text the last ones: A1000 on four cells is 1000."""
    return text[-cells:].rjust(cells) if cells else text


def digits(number: str) -> int:
    """The number without its letter, for boards that show nothing else: A023 → 23. 0 if there is none."""
    found = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    return int(found) if found else 0


@dataclass(frozen=True, slots=True)
class Faces:
    """What displays show when there is no number, as text, by hall.toml's options `free`, `paused`, `closed`."""

    free: str = ""
    paused: str = "----"
    closed: str = ""

    @staticmethod
    def of(options: Mapping[str, str], default: Faces | None = None) -> Faces:
        base = Faces() if default is None else default
        return Faces(options.get("free", base.free), options.get("paused", base.paused),
                     options.get("closed", base.closed))

    def text(self, showing: Showing) -> str:
        return {Face.NUMBER: showing.number, Face.FREE: self.free, Face.PAUSED: self.paused,
                Face.CLOSED: self.closed}[showing.face]

    def value(self, showing: Showing) -> int:
        """For boards that show only a number; where the text has no digits, 0."""
        return digits(self.text(showing))
