"""What a number's slip leads to when it is scanned: how it stands, its slip once more, and the rating."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.door import Name, Rating, Reason, TicketState
from kiosk.flows.steps import (
    Bar,
    Finished,
    Home,
    HowToFind,
    Pick,
    RateLevel,
    RateReasons,
    Refused,
    Scanned,
    ShowTicket,
    TicketTaken,
    Waiting,
)
from tests.kiosk.flows.test_ticketing import TO_PHONE
from tests.kiosk.flows.walk import Walk

SLIP = Scanned("HKT:A001:ABCDEFGH")


@pytest.fixture
def walk() -> Walk:
    walk = Walk()
    walk.path(*TO_PHONE, Pick("skip"), TicketTaken, Pick("done"), Waiting)
    return walk


def test_a_waiting_number_shows_who_is_ahead_and_prints_again(walk):
    page = walk.path(SLIP, ShowTicket)
    assert (page.ticket.ahead, page.may) == (3, ("reprint",))
    page = walk.path(Pick("reprint"), TicketTaken)
    assert (page.what, page.paper) == ("ticket-again", "printed")
    assert walk.slips[-1].again
    assert walk.slips[-1].ticket.number == "A001"
    walk.path(Pick("done"), Waiting)


def test_a_called_number_shows_its_window(walk):
    walk.hall.stand("A001", TicketState.CALLED, "2")
    page = walk.path(SLIP, ShowTicket)
    assert (page.ticket.state, page.window) == (TicketState.CALLED, Name("2号窗口", "Window 2"))
    walk.path(Pick("take"), ShowTicket, Pick("done"), Waiting)
    assert walk.left == 2


def test_a_number_already_rated_is_thanked_for_at_once_and_the_next_slip_is_taken(walk):
    walk.hall.stand("A001", TicketState.DONE)
    walk.hall.numbers["A001"] = replace(walk.hall.numbers["A001"], rating_bar=Reason("already-rated"))
    page = walk.path(SLIP, Refused)
    assert (page.refusal.reason.code, page.refusal.next, page.trail.words) == ("already-rated", (), ("评价",))
    walk.path(SLIP, Refused, Pick("ok"), Refused, Pick("ok"), Home)
    assert not [ask for ask in walk.commands if ask.method == "rate"]


@pytest.mark.parametrize("state", [TicketState.NO_SHOW, TicketState.EXPIRED])
def test_a_number_that_is_over_leads_to_a_new_one(walk, state):
    walk.hall.stand("A001", state)
    assert walk.path(SLIP, ShowTicket).may == ("take",)
    walk.path(Pick("reprint"), ShowTicket, Pick("take"))
    assert walk.page.service.id == "party"


def test_a_finished_number_is_rated_with_nothing_chosen_beforehand(walk):
    walk.hall.stand("A001", TicketState.DONE)
    walk.path(SLIP, RateLevel, Pick("6"), RateLevel, Pick("0"), RateLevel)
    page = walk.path(Pick("2"), RateReasons)
    assert (page.level, page.ticked) == (2, ())
    assert "friendly" not in page.reasons
    page = walk.path(Pick("long-wait"), Pick("unclear"), Pick("friendly"), RateReasons)
    assert page.ticked == ("long-wait", "unclear")
    walk.path(Pick("unclear"), RateReasons)
    assert walk.path(Pick("ok"), Finished).what == "rated"
    assert walk.hall.ratings == [Rating("HKT:A001:ABCDEFGH", 2, ("long-wait",))]
    page = walk.path(Pick("done"), Waiting, SLIP, Pick("5"), Pick("ok"), Refused)
    assert page.refusal.reason == Reason("already-rated")


def test_a_rating_may_be_skipped_or_have_no_reasons(walk):
    walk.hall.stand("A001", TicketState.DONE)
    walk.path(SLIP, RateLevel, Pick("skip"), Waiting)
    assert walk.hall.ratings == []
    walk.path(SLIP, Pick("4"), RateReasons, Bar("back"), RateLevel, Pick("5"), Pick("ok"), Finished)
    assert walk.hall.ratings == [Rating("HKT:A001:ABCDEFGH", 5)]


def test_a_slip_of_nobody_says_so(walk):
    assert walk.path(Scanned("HKT:Z999:ABCDEFGH"), HowToFind).problem == Reason("code-unknown")
    walk.path(Bar("home"), Home, SLIP, ShowTicket)


def test_another_slip_takes_the_place_of_the_first(walk):
    walk.path(*TO_PHONE, Pick("skip"), TicketTaken, Pick("done"), Waiting, SLIP, ShowTicket)
    assert walk.path(Scanned("HKT:A002:ABCDEFGH"), ShowTicket).ticket.number == "A002"
    walk.path(Bar("back"), Home)
