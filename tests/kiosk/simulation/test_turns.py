"""Whose turn it is, by the watcher's own reading of the rule: each way of going wrong, and the right one."""

from __future__ import annotations

import pytest

from kiosk.rules import calling
from kiosk.simulation.turns import Standing, Turns

MINUTE = 60_000
NOW = 100 * MINUTE


def who(id_, waited, kind="walk-in", line="A", aim=""):
    return Standing(id_, line, kind, NOW - round(waited * MINUTE), int(id_[1:]), aim, sure=True)


def turns(*standing, streak=0):
    made = Turns({"party": "A", "health": "C"}, streak={"1": streak})
    made.open("1", ["party", "health"])
    for one in standing:
        made.wait(one)
    return made


@pytest.mark.parametrize(("crowd", "called", "streak", "wrong"), [
    ([who("A1", 9), who("A2", 5)], "A1", 0, None),
    ([who("A1", 9), who("A2", 5)], "A2", 0, "A001 of the same class came first"),
    ([who("A1", 9), who("C1", 5, line="C")], "C1", 0, "A001 has the greater weight"),
    ([who("A1", 9), who("A2", 5, "priority")], "A2", 0, None),
    ([who("A1", 9), who("A2", 4, "priority")], "A2", 0, "A001 has the greater weight"),
    ([who("A1", 9), who("A2", 8, "appointment")], "A2", 1, None),
    ([who("A1", 9), who("A2", 8, "appointment")], "A2", 2, "call 3 in a row before a walk-in who waits"),
    ([who("A1", 9), who("A2", 8, "appointment")], "A1", 2, None),
    ([who("A1", 31), who("A2", 29, "priority")], "A2", 0, "A001 has waited half an hour"),
    ([who("A1", 31), who("A2", 29, "priority")], "A1", 0, None),
    ([who("A1", 9, aim="2")], "A1", 0, "its line A is not this window's"),
    ([who("A1", 9, aim="1"), who("A2", 12)], "A2", 0, None),
    ([who("A1", 9)], "A7", 0, "it does not wait"),
])  # fmt: skip
def test_a_call_is_right_or_wrong_for_a_reason(crowd, called, streak, wrong):
    assert turns(*crowd, streak=streak).judge(called, "1", NOW) == wrong


def test_the_house_s_own_choice_is_always_right():
    """Two readings of one rule, held against each other over a few hundred crowds."""
    kinds = ("walk-in", "priority", "appointment")
    for round_ in range(300):
        crowd = [who(f"A{n + 1}", (round_ * 7 + n * n * 5) % 43 + n / 7, kinds[(round_ + n * n) % 3], "AC"[n % 2])
                 for n in range(2 + round_ % 6)]  # fmt: skip
        streak = round_ % 3
        candidates = [calling.Candidate(one.id, one.line, one.kind, one.since, one.n) for one in crowd]
        choice = calling.choose(candidates, NOW, streak)
        judging = turns(*crowd, streak=streak)
        assert judging.judge(choice.candidate.id, "1", NOW) is None
        assert judging.streak["1"] == choice.streak


def test_where_the_row_is_not_known_neither_turn_is_wrong():
    crowd = [who("A1", 50, "appointment"), who("A2", 45), who("A3", 40)]
    assert turns(*crowd, streak=None).judge("A1", "1", NOW) is None
    assert turns(*crowd, streak=None).judge("A2", "1", NOW) is None
    assert turns(*crowd, streak=None).judge("A3", "1", NOW) == "A002 of the same class came first"
