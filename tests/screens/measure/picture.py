"""A rendered page as numbers: relative luminance of every pixel, contrast inside a box, what lies around an edge.

WCAG 2.2's own formulas. The background of a box is its most frequent luminance; text is whatever stands out most.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

Box = tuple[float, float, float, float]  # x, y, right, top in pixels from the lower left, as Kivy counts

_BYTE = np.arange(256) / 255
_LINEAR = np.where(_BYTE <= 0.04045, _BYTE / 12.92, ((_BYTE + 0.055) / 1.055) ** 2.4)
_STEPS = 4096


class Picture:
    """One frame."""

    def __init__(self, image: Image.Image) -> None:
        self.pixels = np.asarray(image)
        red, green, blue = (_LINEAR[self.pixels[:, :, channel]] for channel in range(3))
        self.luminance = (0.2126 * red + 0.7152 * green + 0.0722 * blue).astype(np.float32)
        self.height, self.width = self.luminance.shape

    def box(self, box: Box) -> np.ndarray:
        """The luminances in a box, clipped to the picture."""
        left, low, right, top = (round(edge) for edge in box)
        return self.luminance[max(0, self.height - top):max(0, self.height - low), max(0, left):max(0, right)]

    def ground(self, box: Box) -> float:
        """The most frequent luminance in a box."""
        return ground_of(self.box(box))

    def contrast(self, box: Box) -> float:
        """The best ratio that anything in the box has against its ground; 1.0 for an empty box."""
        part = self.box(box)
        if not part.size:
            return 1.0
        ground = ground_of(part)
        return max(ratio(ground, float(part.min())), ratio(ground, float(part.max())))

    def edge(self, box: Box, reach: int) -> float:
        """How well a shape stands out: the best ratio along a line across each of its upper and lower edges, from
        `reach` px outside to `reach` px inside; the worse of the two edges."""
        left, low, right, top = (round(edge) for edge in box)
        middle = (left + right) // 2
        found = []
        for y in (low, top):
            column = self.box((middle, y - reach, middle + 1, y + reach))
            if column.size:
                found.append(ratio(float(column.min()), float(column.max())))
        return min(found, default=1.0)


def ground_of(part: np.ndarray) -> float:
    if not part.size:
        return 0.0
    counts = np.bincount((part.ravel() * (_STEPS - 1)).astype(np.int32), minlength=_STEPS)
    return float(counts.argmax() / (_STEPS - 1))


def ratio(one: float, other: float) -> float:
    """WCAG contrast of two relative luminances."""
    dark, light = sorted((one, other))
    return (light + 0.05) / (dark + 0.05)
