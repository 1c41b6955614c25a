"""Sent on to another window, and back to those that wait for it; on both databases."""

from __future__ import annotations

import pytest

from kiosk.door import TicketState
from tests.kiosk.hall.building import Desk


@pytest.fixture
def desk(house, clock) -> Desk:
    return Desk(house, clock)


def test_sent_to_a_window_it_is_called_there_only_and_comes_back(desk):
    first = desk.take()
    desk.take()
    desk.do("open_window", "1")
    desk.do("open_window", "3", ("party", "health"))
    desk.do("call_next", "1")
    sent = desk.do("transfer", "1", to="3", come_back=True)
    assert (sent.window, sent.state) == ("3", TicketState.WAITING)
    assert desk.do("call_next", "1").number == "A002", "not the one sent away"
    assert desk.do("call_next", "3").number == first.number
    assert desk.do("finish", "3").state is TicketState.WAITING, "it has to come back"
    assert desk.do("call_next", "3") is None
    assert desk.do("call_next", "1").number == first.number
    assert desk.do("finish", "1").state is TicketState.DONE


def test_sent_on_from_window_to_window_it_comes_back_to_each(desk):
    number = desk.take().number
    for window, services in (("1", ()), ("3", ("health",)), ("5", ("veterans",))):
        desk.do("open_window", window, services)
    desk.do("call_next", "1")
    desk.do("transfer", "1", to="3", come_back=True)
    desk.do("call_next", "3")
    desk.do("transfer", "3", service="veterans", come_back=True)
    for window, next_ in (("5", "3"), ("3", "1")):
        assert desk.do("call_next", window).number == number
        done = desk.do("finish", window)
        assert (done.state, done.window) == (TicketState.WAITING, next_)
    assert desk.do("call_next", "1").number == number, "the first that asked for it is not forgotten"
    desk.do("transfer", "1", to="5", come_back=True)
    desk.do("call_next", "5")
    desk.do("transfer", "5", to="1", come_back=True)  # a question in between
    desk.do("call_next", "1")
    assert desk.do("finish", "1").window == "5"
    desk.do("close_window", "1")
    desk.do("call_next", "5")
    left = desk.do("finish", "5")
    assert (left.state, left.window) == (TicketState.WAITING, None), "that window has closed: any other may call it"
    desk.do("open_window", "3", ("party",))
    desk.do("call_next", "3")
    assert desk.do("finish", "3").state is TicketState.DONE
