"""Who is called next: the rules' promises, for any crowd, and the sentences they give for it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.rules import calling
from kiosk.rules.calling import APPOINTMENT, PRIORITY, WALK_IN, Candidate, choose, order

MINUTE = 60_000
NOW = 600 * MINUTE


def who(n: int, waited: float, kind: str = WALK_IN, line: str = "A") -> Candidate:
    """One who has waited so many minutes."""
    return Candidate(f"{line}{n}", line, kind, round(NOW - waited * MINUTE), n)


kinds = st.sampled_from([PRIORITY, APPOINTMENT, WALK_IN, WALK_IN])
crowds = st.lists(st.tuples(kinds, st.sampled_from("AC"), st.integers(-15, 90)), max_size=25).map(
    lambda rows: [who(n, waited, kind, line) for n, (kind, line, waited) in enumerate(rows)]
)


@given(crowds, st.integers(0, 5))
@settings(max_examples=200, deadline=None)
def test_somebody_goes_whenever_somebody_waits_and_everybody_goes_once(crowd, streak):
    called = order(crowd, NOW, streak)
    assert sorted(choice.candidate.id for choice in called) == sorted(one.id for one in crowd)
    assert (choose(crowd, NOW, streak) is None) == (not crowd)


@given(crowds)
@settings(max_examples=200, deadline=None)
def test_first_come_first_served_within_class_and_line(crowd):
    called = [choice.candidate for choice in order(crowd, NOW)]
    for kind in calling.RATES:
        for line in "AC":
            own = [one for one in called if (one.kind, one.line) == (kind, line)]
            assert own == sorted(own, key=lambda one: (one.since, one.n))


@given(crowds)
@settings(max_examples=200, deadline=None)
def test_never_three_before_a_waiting_walk_in(crowd):
    passed, left = 0, sum(one.kind == WALK_IN for one in crowd)
    for choice in order(crowd, NOW):
        if choice.candidate.kind == WALK_IN:
            passed, left = 0, left - 1
        elif left:
            passed += 1
            assert passed <= calling.MOST_IN_A_ROW


@given(crowds, st.integers(0, 5))
@settings(max_examples=200, deadline=None)
def test_only_the_first_of_each_class_and_line_need_be_looked_at(crowd, streak):
    heads = {}
    for one in sorted(crowd, key=lambda one: (one.since, one.n)):
        heads.setdefault((one.kind, one.line), one)
    whole, few = choose(crowd, NOW, streak), choose(list(heads.values()), NOW, streak)
    assert (whole and whole.candidate) == (few and few.candidate)


@given(st.lists(st.tuples(kinds, st.integers(1, 6)), min_size=1, max_size=120), st.integers(2, 8))
@settings(max_examples=60, deadline=None)
def test_nobody_starves(arrivals, service):
    """However many priority persons keep coming: a walk-in who has waited half an hour is passed by nobody who has not,
    but for those whom the cap lets by."""
    waiting, at, streak, n = [], 0, 0, 0
    queue = list(arrivals)
    comes = 0
    while queue or waiting:
        while queue and comes <= at:
            kind, gap = queue.pop(0)
            waiting.append(Candidate(str(n), "A", kind, comes * MINUTE, n))
            comes, n = comes + gap, n + 1
        choice = choose(waiting, at * MINUTE, streak)
        if choice is None:
            at = comes
            continue
        aged = [one for one in waiting if at * MINUTE - one.since >= calling.AGE_LIMIT_MS]
        if aged and choice.candidate not in aged:
            assert streak >= calling.MOST_IN_A_ROW
        if aged and choice.candidate in aged and not (streak >= calling.MOST_IN_A_ROW):
            assert choice.candidate.since == min(one.since for one in aged)
        streak = choice.streak
        waiting.remove(choice.candidate)
        at += service


def codes(*crowd: Candidate, streak: int = 0) -> list[str]:
    return [f"{choice.candidate.id} {choice.why.code}" for choice in order(crowd, NOW, streak)]


def test_priority_counts_double_and_says_so():
    assert codes(who(1, 10), who(2, 6, PRIORITY)) == ["A2 why-priority", "A1 why-first"]
    assert codes(who(1, 10), who(2, 4, PRIORITY)) == ["A1 why-longest", "A2 why-first"]


def test_an_appointment_counts_from_its_time():
    early = who(2, -5, APPOINTMENT)
    assert codes(who(1, 1), early) == ["A1 why-longest", "A2 why-first"]
    assert codes(early) == ["A2 why-first"], "nobody else waits: no window stands idle"
    assert codes(who(1, 7), who(2, 5, APPOINTMENT))[0] == "A2 why-appointment"


def test_after_two_it_is_a_walk_ins_turn():
    crowd = [who(1, 5), *(who(n, 20 - n, PRIORITY) for n in range(2, 6))]
    assert codes(*crowd)[2] == "A1 why-turn"


def test_half_an_hour_goes_before_any_score():
    assert codes(who(1, 30), who(2, 29, PRIORITY))[0] == "A1 why-age"
    assert codes(who(1, 29.9), who(2, 29, PRIORITY))[0] == "A2 why-priority"


def test_equal_scores_go_by_number():
    assert codes(who(2, 5), who(1, 5))[0].startswith("A1")
