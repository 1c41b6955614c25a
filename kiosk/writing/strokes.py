"""Strokes as numbers: any input made into clean ink, and ink into the features a matcher compares. Where the pen went
counts, and in which direction; the order of the strokes and the ways through the air do not.

One character at the kiosk and thousands at set-up go through the same code: characters lie end to end in one `Ink`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: a second thread costs memory and helps nothing here
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Stroke = Sequence[tuple[float, float]]
"""x to the right, y DOWN, in any unit."""

DIRECTIONS, CELLS = 8, 8
WIDTH = DIRECTIONS * CELLS * CELLS
MOST_STROKES, MOST_POINTS = 64, 256
"""No character has more than 36 strokes; a finger that rests draws thousands of points that say nothing new."""

_FAR = 1e9
_STEP = 1 / 32
"""Between two points of clean ink, as a part of the character's size."""

_SPREADS = 3.7
"""A character is as wide as so many of its ink's standard deviations."""

_DOT, _DOT_SIZE = 0.03, 0.15
"""A stroke smaller than the first is a tap: it is drawn as a short stroke down to the right, as a 点 is written."""


@dataclass(frozen=True, slots=True)
class Ink:
    """Points of many strokes of many characters, end to end. Points of one stroke lie side by side, as do the strokes
    of one character; `owner` never falls."""

    points: Floats
    stroke: Whole
    owner: Whole


def clean(strokes: Sequence[Stroke]) -> list[Floats]:
    """What can be used of any input, in the unit square: numbers that are numbers, points a step apart, taps widened.
    The shape is kept, wherever on or beside the pad it was drawn. Empty when nothing is left."""
    kept = [line for stroke in islice(strokes, MOST_STROKES) if len(line := _line(stroke))]
    if not kept:
        return []
    every = np.concatenate(kept)
    low = every.min(axis=0)
    size = float((every.max(axis=0) - low).max())
    if size <= 0:
        return [_dot(np.full(2, 0.5))]
    return [_even((line - low) / size) for line in kept]


def ink(characters: Iterable[Sequence[Floats]]) -> Ink:
    """Clean strokes of many characters, end to end."""
    points, lengths, owners = [], [], []
    for owner, lines in enumerate(characters):
        for line in lines:
            points.append(line)
            lengths.append(len(line))
            owners.append(owner)
    if not points:
        return Ink(np.zeros((0, 2)), np.zeros(0, np.int64), np.zeros(0, np.int64))
    counts = np.asarray(lengths)
    return Ink(np.concatenate(points), np.repeat(np.arange(len(counts)), counts), np.repeat(np.asarray(owners), counts))


def features(drawn: Ink, count: int) -> NDArray[np.float32]:
    """For each of `count` characters `WIDTH` numbers: how much ink goes in which direction through which cell."""
    on = drawn.stroke[1:] == drawn.stroke[:-1]
    owner = drawn.owner[:-1][on]
    points = _square(drawn, count, on)
    begin, end = points[:-1][on], points[1:][on]
    way = end - begin
    length = np.hypot(way[:, 0], way[:, 1])
    turn = np.arctan2(way[:, 1], way[:, 0]) * (DIRECTIONS / (2 * np.pi))
    place = np.clip((begin + end) * (CELLS / 2) - 0.5, 0, CELLS - 1 - 1e-9)
    cell = place.astype(np.int64)
    part = place - cell
    direction = np.floor(turn).astype(np.int64)
    bend = turn - direction
    found = np.zeros(count * WIDTH)
    for along, share in ((direction, 1 - bend), (direction + 1, bend)):
        base = owner * WIDTH + (along % DIRECTIONS) * (CELLS * CELLS)
        for right in (0, 1):
            across = share * length * (part[:, 0] if right else 1 - part[:, 0])
            for down in (0, 1):
                weight = across * (part[:, 1] if down else 1 - part[:, 1])
                column = np.minimum(cell[:, 0] + right, CELLS - 1)
                row = np.minimum(cell[:, 1] + down, CELLS - 1)
                found += np.bincount(base + row * CELLS + column, weight, count * WIDTH)
    return np.sqrt(found.reshape(count, WIDTH)).astype(np.float32)


def _square(drawn: Ink, count: int, on: NDArray[np.bool_]) -> Floats:
    """The points with each character's ink in the middle of the unit square and spread as far as others' is; long and
    thin stays thinner, for 一 is no 口. A stroke that strays or is missing moves the rest little, as it would if the
    outermost points were laid on the edges: a fifth more of the shaken characters are found."""
    begin, end, owner = drawn.points[:-1][on], drawn.points[1:][on], drawn.owner[:-1][on]
    middle, length = (begin + end) / 2, np.hypot(*(end - begin).T)
    ink_of = np.bincount(owner, length, count) + 1e-9
    centre, spread = np.zeros((count, 2)), np.zeros((count, 2))
    for axis in (0, 1):
        centre[:, axis] = np.bincount(owner, length * middle[:, axis], count) / ink_of
        away = middle[:, axis] - centre[owner, axis]
        spread[:, axis] = np.sqrt(np.bincount(owner, length * away * away, count) / ink_of)
    side = _SPREADS * spread + 1e-6
    scale = np.sqrt(np.sin(np.pi / 2 * side / side.max(axis=1, keepdims=True))) / side
    square: Floats = (drawn.points - centre[drawn.owner]) * scale[drawn.owner] + 0.5
    return square


def _line(stroke: Stroke) -> Floats:
    """The stroke's points that are numbers, not too many; none if it is no stroke at all."""
    try:
        some = stroke if len(stroke) <= MOST_POINTS else [*stroke[::-(-len(stroke) // MOST_POINTS)], stroke[-1]]
        points = np.asarray(list(some), dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        return np.zeros((0, 2))
    if points.ndim != 2 or points.shape[1] != 2:
        return np.zeros((0, 2))
    return np.clip(points[np.isfinite(points).all(axis=1)], -_FAR, _FAR)


def _even(line: Floats) -> Floats:
    """The same stroke with its points a step apart and a finger's tremble taken out."""
    way = np.hypot(*np.diff(line, axis=0).T) if len(line) > 1 else np.zeros(0)
    gone = np.concatenate(([0.0], np.cumsum(way)))
    if (line.max(axis=0) - line.min(axis=0)).max() < _DOT:
        return _dot(line.mean(axis=0))
    count = min(MOST_POINTS, int(gone[-1] / _STEP) + 2)
    at = np.linspace(0, gone[-1], count)
    even = np.column_stack((np.interp(at, gone, line[:, 0]), np.interp(at, gone, line[:, 1])))
    if count > 3:
        even[1:-1] = (even[:-2] + 2 * even[1:-1] + even[2:]) / 4
    return even


def _dot(middle: Floats) -> Floats:
    half = _DOT_SIZE / 2
    dot: Floats = middle + np.linspace(-half, half, 5)[:, None] * np.array([0.7, 1.0])
    return dot
