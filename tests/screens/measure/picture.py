"""A rendered page as numbers: relative luminance of every pixel, contrast inside a box, what lies around an edge.

WCAG 2.2's own formulas. The background of a box is its most frequent luminance; text is whatever stands out most.
"""

from __future__ import annotations

import numpy as np

from screens.driver import Driver

Box = tuple[float, float, float, float]  # x, y, right, top in pixels from the lower left, as Kivy counts

_BYTE = np.arange(256) / 255
_LINEAR = np.where(_BYTE <= 0.04045, _BYTE / 12.92, ((_BYTE + 0.055) / 1.055) ** 2.4)
_RED, _GREEN, _BLUE = ((share * _LINEAR).astype(np.float32) for share in (0.2126, 0.7152, 0.0722))
_STEPS = 4096


class Picture:
    """The frame that stands."""

    def __init__(self, driver: Driver) -> None:
        self.width, self.height = driver.loop.window.size
        self.pixels = np.frombuffer(driver.colours(), np.uint8).reshape(self.height, self.width, 3)[::-1]

    def box(self, box: Box) -> np.ndarray:
        """The luminances in a box, clipped to the picture."""
        left, low, right, top = (round(edge) for edge in box)
        return luminance(self.pixels[max(0, self.height - top):max(0, self.height - low), max(0, left):max(0, right)])

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


def luminance(pixels: np.ndarray) -> np.ndarray:
    """WCAG's relative luminance, 0 to 1."""
    return _RED[pixels[:, :, 0]] + _GREEN[pixels[:, :, 1]] + _BLUE[pixels[:, :, 2]]


def ground_of(part: np.ndarray) -> float:
    if not part.size:
        return 0.0
    counts = np.bincount((part.ravel() * (_STEPS - 1)).astype(np.int32), minlength=_STEPS)
    return float(counts.argmax() / (_STEPS - 1))


def ratio(one: float, other: float) -> float:
    """WCAG contrast of two relative luminances."""
    dark, light = sorted((one, other))
    return (light + 0.05) / (dark + 0.05)
