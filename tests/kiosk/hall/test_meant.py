"""`serving` at the counter: a command meant for another than the window serves touches nobody, on both databases."""

from __future__ import annotations

import pytest

from kiosk.door import Refusal, TicketState
from tests.kiosk.hall.building import Desk, run


@pytest.fixture
def desk(house, clock) -> Desk:
    return Desk(house, clock)


ABOUT_SERVING = (
    ("finish", (), {}), ("recall", (), {}), ("no_show", (), {}), ("hold", (), {}), ("call_next", (), {}),
    ("call", ("A003",), {}), ("transfer", (), {"service": "civil-affairs"}), ("close_window", (), {}),
)  # fmt: skip


@pytest.mark.parametrize(("verb", "what", "more"), ABOUT_SERVING, ids=[verb for verb, *_ in ABOUT_SERVING])
def test_what_was_meant_for_another_touches_nobody(desk, verb, what, more):
    first, second, third = (desk.take() for _ in range(3))
    desk.do("open_window", "1")
    gone = desk.do(verb, "1", *what, serving="A001", **more)
    assert (gone.kind, gone.reason.code, gone.reason.facts["believed"]) == ("conflict", "serving-nobody", "A001")
    desk.do("call_next", "1")
    desk.do("call_next", "1")
    for behind in (first.number, first.id, "", "13912345678"):
        no = desk.do(verb, "1", *what, serving=behind, **more)
        assert (no.kind, no.reason.code, no.reason.facts["number"]) == ("conflict", "serving-other", "A002")
        assert no.next
        assert ("believed" in no.reason.facts) == (behind == first.number), "what is no number of ours is not repeated"
        assert [desk.look(one).state for one in (second, third)] == [TicketState.CALLED, TicketState.WAITING]
        assert desk.look(second).recalls == 0
    assert not isinstance(desk.do(verb, "1", *what, serving=second.id, **more), Refusal), "who is meant by id is meant"


def test_a_press_sent_again_is_answered_as_the_first_time(desk):
    """The answer was lost and the window serves the next by now: the same key is no press meant for another."""
    for _ in range(2):
        desk.take()
    desk.do("open_window", "1")
    desk.do("call_next", "1")
    first = run(desk.counter.finish("press", "1", "A001"))
    desk.do("call_next", "1")
    assert run(desk.counter.finish("press", "1", "A001")).number == first.number == "A001"
    assert run(desk.counter.view("1")).window.serving.number == "A002"
