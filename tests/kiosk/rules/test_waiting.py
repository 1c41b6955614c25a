"""Estimates of waits: what they say and when they say nothing, and how good they are on simulated days."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.rules import waiting
from kiosk.rules.bar import Bar
from kiosk.rules.calling import APPOINTMENT, PRIORITY, WALK_IN
from kiosk.rules.waiting import Guess, Past, Server
from tests.kiosk.rules.queue_days import judge

MINUTE = 60_000
SPANS = [5 * MINUTE, 10 * MINUTE, 15 * MINUTE] * 4
BUSY = Server(0, 1.0)


def expect(spans: list[int], servers: list[Server], ahead: int) -> Guess | None:
    line = waiting.pace(spans, servers)
    return None if line is None else waiting.expect(line, ahead)


def test_few_calls_or_no_window_say_nothing():
    assert expect(SPANS[:4], [BUSY], 3) is None
    assert expect(SPANS, [], 3) is None
    assert expect(SPANS[:5], [BUSY], 3) is not None


def test_it_says_what_it_rests_on_or_why_it_says_nothing():
    assert waiting.explain(SPANS, []).code == "wait-no-window"
    assert waiting.explain(SPANS[:4], [BUSY]) == Bar("wait-thin", {"calls": 4, "fewest": 5})
    assert waiting.explain(SPANS, [BUSY] * 2) == Bar("wait-why", {"calls": 12, "minutes": 10, "windows": 2})
    for spans, servers in ((SPANS, []), (SPANS[:4], [BUSY]), (SPANS, [BUSY])):
        assert (waiting.pace(spans, servers) is None) == (waiting.explain(spans, servers).code != "wait-why")


def test_a_free_window_means_no_wait():
    guess = expect(SPANS, [Server(None, 1.0)], 0)
    assert guess is not None
    assert guess.mean == 0


@given(st.integers(0, 40), st.integers(1, 6))
@settings(deadline=None)
def test_more_ahead_is_longer_and_more_windows_shorter(ahead, windows):
    def mean(before: int, count: int) -> int:
        guess = expect(SPANS, [BUSY] * count, before)
        assert guess is not None
        return guess.mean

    assert mean(ahead + 1, windows) > mean(ahead, windows)
    assert mean(ahead + 1, windows + 1) < mean(ahead + 1, windows)


def test_ten_minutes_each_and_three_ahead_is_about_half_an_hour_and_the_rest_of_the_first():
    guess = expect(SPANS, [BUSY], 3)
    assert guess is not None
    assert guess.mean == 40 * MINUTE


def test_who_is_quicker_passed_has_fewer_before_them():
    assert [waiting.before(6, kind) for kind in (WALK_IN, APPOINTMENT, PRIORITY)] == [6, 4, 3]


def test_people_are_told_fives():
    assert waiting.rounded(0, 0) == (5, 5)
    assert waiting.rounded(10 * MINUTE, 10 * MINUTE + 1) == (10, 15)


def test_errors_seen_move_the_bounds():
    guess = Guess(30 * MINUTE, 10 * MINUTE)
    before, after = (waiting.bounds(guess, waiting.reach(errors)) for errors in ([], [3.0] * 200))
    assert after[0] > before[0]
    assert after[1] > before[1]


def test_a_window_is_kept_until_its_next_call_if_somebody_waited():
    busy = Past("1", 0, 10, 20, 0, None, None)
    waited = Past("1", 15, 50, None, 15, 30, 5)
    came_later = Past("1", 40, 50, None, 40, None, None)
    assert waiting.learned([("A", waited), ("A", busy)]) == {"A": ([40], [1.0])}
    assert waiting.learned([("A", came_later), ("A", busy)])["A"][0] == [10]


def _good(seeds: range) -> None:
    verdict = judge(seeds)
    print(verdict)
    assert verdict.residents > 50 * len(seeds)
    assert verdict.error <= 1.15 * verdict.oracle
    assert 0.85 <= verdict.covered <= 0.95
    assert 0.85 <= verdict.covered_as_shown <= 0.95


def test_twenty_days_near_the_oracle():
    _good(range(20))


@pytest.mark.long("soak")
def test_two_hundred_days_near_the_oracle():
    _good(range(1000, 1200))
