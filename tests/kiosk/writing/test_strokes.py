"""Any input becomes clean ink or none: numbers that are none, taps, a resting finger, a pad left and entered again."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.writing.strokes import MOST_POINTS, MOST_STROKES, WIDTH, clean, features, ink

NAN, INF = math.nan, math.inf


@pytest.mark.parametrize("strokes", [
    [], [[]], [[], []], [[(NAN, 0.0)]], [[(INF, 1.0), (0.0, -INF)]], [[(1.0,)]], [[(1.0, 2.0), (3.0,)]], [["up"]],
    [[(1.0, 2.0, 3.0)]], [5], [None], [[(10**400, 1)]], ["ab"],
], ids=str)
def test_what_is_no_stroke_leaves_nothing(strokes) -> None:
    assert clean(strokes) == []


def test_one_bad_point_takes_only_itself_away() -> None:
    whole = clean([[(0.0, 0.0), (0.5, 0.5), (1.0, 1.0)]])
    spoilt = clean([[(0.0, 0.0), (NAN, 0.2), (0.5, 0.5), (INF, INF), (1.0, 1.0)]])
    assert np.array_equal(whole[0], spoilt[0])


def test_a_tap_is_kept_and_widened_down_to_the_right() -> None:
    """The dots of 小 and 心: one point, or the same one many times, or a finger that trembled."""
    wall = [(0.0, 0.0), (0.0, 1.0)]
    for tap in ([(0.5, 0.5)], [(0.5, 0.5)] * 40, [(0.5, 0.5), (0.505, 0.497), (0.5, 0.5)]):
        _, dot = clean([wall, tap])
        first, last = dot[0], dot[-1]
        assert (last > first).all()
        assert 0.05 < float(np.hypot(*(last - first))) < 0.2
        assert np.allclose(dot.mean(axis=0), (0.5, 0.5), atol=0.01)


def test_a_tap_alone_is_ink_too() -> None:
    assert features(ink([clean([[(7.0, 7.0)]])]), 1).any()


def test_a_shape_is_the_same_wherever_it_is_drawn_and_however_large() -> None:
    shape = [[(0.1, 0.1), (0.9, 0.2), (0.5, 0.8)], [(0.2, 0.5), (0.4, 0.5)]]
    there = [[(x * 900 - 5000, y * 900 + 12345) for x, y in stroke] for stroke in shape]
    for one, other in zip(clean(shape), clean(there), strict=True):
        assert np.allclose(one, other, atol=1e-9)


def test_thousands_of_points_and_of_strokes_are_thinned_and_the_ends_stay() -> None:
    line = [(at / 5000, (at / 5000) ** 2) for at in range(5001)]
    (found,) = clean([line])
    assert len(found) <= MOST_POINTS
    assert np.allclose(found[[0, -1]], [(0, 0), (1, 1)])
    assert len(clean([[(0.0, 0.0), (1.0, float(at))] for at in range(5000)])) == MOST_STROKES


def test_a_resting_finger_s_tremble_is_taken_out() -> None:
    straight = [(at / 200, 0.5) for at in range(201)]
    trembling = [(x, y + 0.004 * (-1) ** at) for at, (x, y) in enumerate(straight)]
    frame = [(0.0, 0.0), (0.0, 1.0)]
    one, other = (features(ink([clean([frame, line])]), 1)[0] for line in (straight, trembling))
    assert float(one @ other / np.linalg.norm(one) / np.linalg.norm(other)) > 0.97


def test_many_characters_at_once_give_what_each_gives_alone() -> None:
    some = [clean([[(0.0, 0.0), (1.0, at / 7)], [(0.3, 0.9), (0.1, 0.2), (at / 3, 0.5)]]) for at in range(1, 6)]
    together = features(ink(some), len(some))
    for at, lines in enumerate(some):
        assert np.allclose(features(ink([lines]), 1)[0], together[at], atol=1e-5)


number = st.one_of(st.floats(allow_nan=True, allow_infinity=True), st.integers(-10**30, 10**30), st.floats(-2, 2))
stroke = st.lists(st.tuples(number, number), max_size=40)


@given(st.lists(stroke, max_size=8))
def test_features_of_anything_are_numbers(strokes) -> None:
    lines = clean(strokes)
    assert all(np.isfinite(line).all() and len(line) > 1 for line in lines)
    found = features(ink([lines]), 1)
    assert found.shape == (1, WIDTH)
    assert np.isfinite(found).all()
    usable = any(math.isfinite(float(x)) and math.isfinite(float(y)) for line in strokes for x, y in line)
    assert bool(lines) == usable
