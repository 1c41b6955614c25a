"""What a measurement says and how it reads: goal, baseline of the same run, measured, verdict. It measures nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `met` is None for a figure that is only reported."""

    name: str
    goal: str
    baseline: str
    measured: str
    met: bool | None

    @property
    def verdict(self) -> str:
        return {True: "met", False: "MISSED", None: "reported"}[self.met]


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile: the smallest value with at least `share` of all at or below it."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def median(values: Sequence[float]) -> float:
    return percentile(values, 0.5)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def table(figures: Sequence[Figure]) -> str:
    """A Markdown table that also reads as text."""
    rows = [("figure", "goal", "baseline", "measured", "verdict"),
            *((f.name, f.goal, f.baseline, f.measured, f.verdict) for f in figures)]
    widths = [max(_width(row[column]) for row in rows) for column in range(5)]
    padded = [[cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)] for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in padded]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)
