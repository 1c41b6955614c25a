"""取号排队, page by page: by service, by initials, with and without a telephone, late, closed, refused, cut off."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.door import Name, Offer, Reason, Refusal, TicketOrder, Wait
from kiosk.flows.steps import (
    AskPriority,
    Away,
    Bar,
    ChooseDay,
    ChooseMatter,
    ChooseService,
    EnterPhone,
    Help,
    Home,
    LateTicket,
    Pick,
    Press,
    Refused,
    Scanned,
    Step,
    TicketTaken,
    Waiting,
)
from tests.kiosk.flows.small_hall import SmallHall
from tests.kiosk.flows.test_visit import canary, lives
from tests.kiosk.flows.walk import Walk, digits

PHONE = "13912345678"
TO_SERVICE = (Pick("start"), Home, Pick("ticket"), ChooseService)
TO_PHONE = (*TO_SERVICE, Pick("party"), ChooseMatter, Pick("1"), AskPriority, Pick("no"), EnterPhone)


def orders(walk: Walk) -> list[TicketOrder]:
    return [ask.args[0] for ask in walk.commands if ask.method == "take_ticket"]


def test_a_number_from_the_first_page_to_the_slip():
    walk = Walk()
    page = walk.path(*TO_SERVICE)
    assert [service.id for service in page.services] == ["party", "civil-affairs", "health"]
    page = walk.path(Pick("party"), ChooseMatter)
    assert (page.trail.at, page.trail.of, len(page.service.matters)) == (2, 4, 2)
    assert walk.path(Pick("1"), AskPriority, Pick("yes"), EnterPhone).purpose == "ticket"
    page = walk.path(Pick("skip"), TicketTaken)
    assert (page.what, page.paper, page.windows) == ("ticket", "printed", (Name("1号窗口", "Window 1"),))
    assert (page.ticket.number, page.ticket.ahead, page.ticket.wait) == ("A001", 3, Wait(10, 20))
    assert orders(walk) == [TicketOrder("party", "党费收缴", None, priority=True)]
    (slip,) = walk.slips
    assert (slip.ticket, slip.windows, slip.what, slip.appointment) == (page.ticket, page.windows, "ticket", None)
    walk.wait(20)
    walk.path(Waiting)


def test_priority_is_one_answer_and_no_reason():
    for answer, priority in (("yes", True), ("no", False)):
        walk = Walk()
        walk.path(*TO_SERVICE, Pick("party"), Pick("other"), AskPriority, Pick("veteran"), AskPriority, Pick(answer),
                  Pick("skip"), TicketTaken)
        assert orders(walk) == [TicketOrder("party", None, None, priority)]


def test_a_service_without_matters_asks_for_none():
    walk = Walk()
    walk.path(*TO_SERVICE, Pick("health"), AskPriority, Pick("no"), EnterPhone, Pick("skip"), TicketTaken)
    assert orders(walk) == [TicketOrder("health")]


@pytest.mark.parametrize("way", [(), (Pick("party"),), (Pick("search"),)])
def test_who_does_not_know_where_to_go_is_one_tap_from_a_clerk(way):
    walk = Walk()
    page = walk.path(*TO_SERVICE, *way)
    assert walk.path(Pick("unsure"), Help) == Help("rung", "unsure")
    assert len(walk.hall.rings) == 1
    assert walk.path(Pick("ok"), type(page)) == page


def test_the_same_telephone_gets_the_same_number_on_the_screen_and_no_second_slip():
    walk = Walk()
    walk.path(*TO_PHONE, digits(PHONE), Pick("ok"), TicketTaken, Pick("done"), Waiting)
    page = walk.path(*TO_PHONE, digits(PHONE), Pick("ok"), TicketTaken)
    assert (page.what, page.paper, page.ticket.number, page.clears_in) == ("ticket-same", "screen", "A001", 60)
    assert len(walk.slips) == 1
    walk.wait(59)
    walk.path(TicketTaken, Pick("done"), Waiting)


def test_without_a_telephone_each_is_a_new_number():
    walk = Walk()
    for number in ("A001", "A002"):
        assert walk.path(*TO_PHONE, Pick("skip"), TicketTaken).ticket.number == number
        walk.path(Pick("done"), Waiting)


def test_half_a_telephone_number_goes_nowhere_but_skipping_does():
    walk = Walk()
    page = walk.path(*TO_PHONE, digits("139"), Pick("ok"), EnterPhone)
    assert page.missing == 8
    walk.path(Pick("skip"), TicketTaken)
    assert orders(walk)[0].phone is None


# ---- late, closed, refused ------------------------------------------------------------------------------------------


def late(walk: Walk, service: str) -> None:
    walk.hall.lines[service] = replace(walk.hall.lines[service], past_closing=True, wait=Wait(90, 140))


def test_a_wait_past_closing_is_told_before_the_number_is_given():
    walk = Walk()
    walk.path(*TO_PHONE)
    late(walk, "party")  # while the resident was typing
    page = walk.path(Pick("skip"), LateTicket)
    assert page.service.wait == Wait(90, 140)
    assert not walk.commands
    assert walk.path(Pick("book"), LateTicket) == page  # the party's window takes no appointments
    assert walk.path(Pick("yes"), TicketTaken).ticket.past_closing
    assert len(orders(walk)) == 1


def test_who_does_not_want_to_wait_leaves_without_a_number_or_books_another_day():
    walk = Walk()
    late(walk, "civil-affairs")
    to_late = (*TO_SERVICE, Pick("civil-affairs"), Pick("0"), Pick("no"), Pick("skip"), LateTicket)
    walk.path(*to_late, Pick("no"), Waiting)
    assert walk.path(*to_late, Pick("book"), ChooseDay).facility.id == "civil-affairs"
    walk.path(Bar("back"), LateTicket, Bar("back"), EnterPhone)
    assert not walk.commands


def test_a_closed_service_says_why_and_offers_an_appointment():
    walk = Walk()
    walk.hall.lines["civil-affairs"] = replace(
        walk.hall.lines["civil-affairs"], open=False, reason=Reason("service-closed"))
    page = walk.path(*TO_SERVICE, Pick("civil-affairs"), Refused)
    assert page.refusal.reason == Reason("service-closed")
    assert [offer.reason.code for offer in page.refusal.next] == ["book-window", "ask-clerk"]
    walk.path(Pick("1"), Help, Pick("ok"), Refused, Pick("0"), ChooseDay, Bar("back"), Refused)
    walk.path(Pick("ok"), ChooseService, Pick("search"), Press("D"), Press("B"), Pick("0"), Refused)
    walk.hall.lines["party"] = replace(walk.hall.lines["party"], open=False)
    page = walk.path(Bar("home"), Pick("ticket"), Pick("party"), Refused)
    assert [offer.reason.code for offer in page.refusal.next] == ["ask-clerk"]


def test_the_halls_no_leads_to_what_it_offers():
    walk = Walk()
    walk.path(*TO_PHONE)
    walk.hall.refuse = Refusal("conflict", Reason("service-closed"), (
        Offer(Reason("other-service"), service="health"), Offer(Reason("book-window"), facility="civil-affairs")))
    walk.path(Pick("skip"), Refused, Pick("1"), ChooseDay, Bar("back"), Refused)
    walk.hall.refuse = None
    walk.path(Pick("0"), AskPriority, Pick("no"), Pick("skip"), TicketTaken)
    assert walk.page.ticket.service == "health"


def test_a_service_that_is_gone_is_refused():
    walk = Walk()
    walk.path(*TO_PHONE)
    del walk.hall.lines["party"]
    assert walk.path(Pick("skip"), Refused).refusal.reason == Reason("unknown-service")
    walk.path(Pick("ok"), EnterPhone)


def test_a_hall_without_queues_has_no_card_for_them():
    walk = Walk(hall=SmallHall())
    walk.hall.lines = {}
    walk.wait(16)
    assert walk.path(Pick("start"), Home).cards == ("book", "request", "mine", "help")
    walk.path(Pick("ticket"), Home)


# ---- the wire and the paper -----------------------------------------------------------------------------------------


def test_impatient_taps_and_a_lost_answer_give_one_number():
    walk = Walk()
    walk.path(*TO_PHONE)
    walk.wire = "slow"
    walk.path(Pick("skip"), Pick("skip"), Pick("ok"))
    walk.deliver()
    walk.path(Pick("skip"))
    walk.wire = "deaf"
    walk.deliver()
    walk.path(Away)
    walk.wire = "up"
    walk.wait(6)
    walk.path(TicketTaken)
    assert len({ask.key for ask in walk.commands}) == 1
    assert walk.hall.effects == ["ticket"]


def test_a_number_whose_answer_was_lost_is_given_once():
    walk = Walk()
    late(walk, "party")
    walk.path(*TO_PHONE, Pick("skip"), LateTicket)
    walk.wire = "deaf"
    page = walk.path(Pick("yes"), Away)
    assert page.pending
    walk.wire = "up"
    walk.wait(6)
    assert walk.path(TicketTaken).ticket.number == "A001"
    assert walk.hall.effects == ["ticket"]
    assert len({ask.key for ask in walk.commands}) == 1
    assert len(walk.slips) == 1


@pytest.mark.parametrize("paper", ["failed", "unknown"])
def test_without_paper_the_number_stays_on_the_screen(paper):
    walk = Walk(paper=paper)
    page = walk.path(*TO_PHONE, Pick("skip"), TicketTaken)
    assert (page.paper, page.clears_in) == ("screen", 60)
    assert page.problem is not None
    walk.wait(60)
    walk.path(Waiting)


def test_nobody_walks_off_while_the_number_is_printing():
    walk = Walk(paper=None)
    walk.path(*TO_PHONE, Pick("skip"), TicketTaken, Pick("done"), TicketTaken)
    assert walk.page.paper == "printing"


# ---- the waiting page and the next person ---------------------------------------------------------------------------


def test_the_waiting_page_knows_who_waits_until_the_hall_is_away():
    walk = Walk()
    assert [line.waiting for line in walk.path(Waiting).services] == [3, 0, 0]
    walk.hall.lines["party"] = replace(walk.hall.lines["party"], waiting=7)
    walk.wait(16)
    assert walk.path(Waiting).services[0].waiting == 7
    walk.wire = "down"
    walk.wait(16)
    assert walk.path(Waiting).services == ()


@pytest.mark.parametrize("end", ["done", "time-out", "late", "home"])
def test_no_telephone_of_a_number_is_left_in_any_live_object(end):
    walk = Walk()
    if end == "late":
        late(walk, "party")
    walk.path(*TO_PHONE, canary(), EnterPhone)
    assert lives()
    if end == "home":
        walk.path(Bar("home"), Home)
    else:
        walk.path(Pick("ok"), LateTicket if end == "late" else TicketTaken)
        walk.path(Pick("done" if end == "done" else "no")) if end != "time-out" else walk.wait(91)
        walk.path(Waiting)
    walk.sent.clear()
    walk.asked.clear()
    walk.hall = SmallHall()
    assert lives() == []


# ---- anything at all ------------------------------------------------------------------------------------------------

DEEDS = st.one_of(
    st.sampled_from([Pick(choice) for choice in (
        "start", "ticket", "party", "civil-affairs", "health", "search", "unsure", "other", "0", "1", "2", "yes", "no",
        "skip", "ok", "book", "done", "reprint", "take", "rate", "5", "1", "friendly", "long-wait", "7", "²", "")]),
    st.sampled_from([Press(key) for key in ("D", "B", "Z", "1", "3", "back", "clear", "é", "")]),
    st.sampled_from([Bar("back"), Bar("home"), Bar("help"), Scanned("HKT:A001:ABCDEFGH"), Scanned("HKT:X:ABCDEFGH")]),
    st.sampled_from(["up", "down", "deaf", "slow", "deliver", "late", "closed", "wait", "short", "called", "done"]),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(DEEDS, max_size=60))
def test_whatever_is_done_a_page_stands_and_an_answer_orders_at_most_once(deeds):
    from kiosk.door import TicketState

    walk = Walk()
    walk.path(Pick("start"), Pick("ticket"), ChooseService)
    for deed in deeds:
        before = {ask.key for ask in walk.commands}
        if deed in ("up", "down", "deaf", "slow"):
            walk.wire = deed
        elif deed == "deliver":
            walk.deliver()
        elif deed == "late":
            late(walk, "party")
        elif deed == "closed":
            walk.hall.lines["health"] = replace(walk.hall.lines["health"], open=False)
        elif deed in ("called", "done") and walk.hall.numbers:
            walk.hall.stand(next(iter(walk.hall.numbers)), TicketState(deed), "2")
        elif isinstance(deed, str):
            walk.wait(45 if deed == "wait" else 0.2)
        else:
            walk.do(deed)
        assert isinstance(walk.page, Step)
        new = {ask.key for ask in walk.commands} - before
        # a delivered look at the service may turn into the order it was for
        assert len(new) <= 1
    contents: dict[str, set[object]] = {}
    for ask in walk.commands:
        contents.setdefault(str(ask.key), set()).add((ask.method, ask.args))
    assert all(len(each) == 1 for each in contents.values())
    assert walk.hall.effects.count("ticket") <= len({ask.key for ask in walk.commands if ask.method == "take_ticket"})
