"""A request on the real hall, from the kiosk's pages to its end: the demo's places, a clerk who answers, a manager."""

from __future__ import annotations

import asyncio

import pytest

from devices.paper import Line, Qr
from kiosk.door import HelpKind, RequestState, Role
from kiosk.flows.steps import (
    Away,
    CheckRequest,
    ChooseCategory,
    ChooseHelp,
    ChoosePhrases,
    ChoosePlace,
    ConfirmSolved,
    EnterCode,
    EnterPhone,
    Find,
    Pick,
    Press,
    Refused,
    RequestDone,
    Scanned,
    ShowRequest,
    Waiting,
    WhyNotSolved,
)
from kiosk.hall import Caller
from kiosk.hall.house import HallHouse
from kiosk.station.slips import Letterhead, request_slip
from kiosk.words import Words
from tests.kiosk.flows.walk import Walk, digits
from tests.kiosk.hall.building import demo

PHONE = "13912345678"


def desk(house: HallHouse, what: str, *args: object) -> object:
    """What the clerk does who has requests in hand."""
    counter = house.counter(Caller("clerk-1", "王志强", Role.CLERK))
    return asyncio.run(getattr(counter, what)(f"desk-{what}-{args}", *args))


TO_CHECK = (Pick("start"), Pick("request"), ChooseCategory, Pick("environment"), ChoosePlace, Pick("search"), Find,
            Press("N"), Press("M"), Pick("0"), ChoosePhrases, Pick("3"), Pick("ok"), EnterPhone, digits(PHONE),
            Pick("ok"), CheckRequest)


def filed(walk: Walk):
    page = walk.path(*TO_CHECK, Pick("yes"), RequestDone)
    walk.path(Pick("done"), Waiting)
    return page.request


def test_filed_answered_not_solved_answered_again_and_solved(walk, house):
    request = filed(walk)
    assert (request.text, request.place_name.zh, request.phone_tail) == ("下水道堵了", "农贸市场", "5678")
    page = walk.path(Pick("start"), Pick("request"), Pick("follow"), EnterCode, digits(request.code), Pick("ok"),
                     ShowRequest)
    assert (page.request.state, page.request.may) == (RequestState.REGISTERED, {"help", "reprint"})
    for what in ("accept", "doing"):
        desk(house, what, request.id)
    desk(house, "answer", request.id, "疏通了。")
    page = walk.path(Scanned(request.qr), ShowRequest)
    assert (page.request.answer, page.request.state) == ("疏通了。", RequestState.DONE)
    page = walk.path(Pick("not-solved"), WhyNotSolved, Pick("in-part"), RequestDone)
    assert (page.request.state, page.request.reopened) == (RequestState.DOING, 1)
    assert page.request.steps[-1].what.facts["words"] == "只解决了一部分"
    desk(house, "answer", request.id, "这回全通了。")
    walk.path(Pick("done"), Scanned(request.qr), ShowRequest, Pick("confirm"), ConfirmSolved, Pick("yes"))
    page = walk.path(RequestDone)
    assert page.request.state is RequestState.CONFIRMED
    page = walk.path(Pick("done"), Scanned(request.qr), ShowRequest)
    assert page.request.may == frozenset()


def test_help_is_asked_once_of_each_kind(walk, house):
    request = filed(walk)
    walk.path(Scanned(request.qr), Pick("help"), ChooseHelp, Pick(HelpKind.HOME_VISIT.value), RequestDone)
    page = walk.path(Pick("done"), Scanned(request.qr), Pick("help"), Pick("home-visit"), Refused)
    assert page.refusal.reason.code == "help-already-asked"
    walk.path(Pick("ok"), ChooseHelp, Pick("call-back"), RequestDone)
    case = asyncio.run(house.counter(Caller("clerk-1", "clerk-1", Role.CLERK)).request_by_id(request.id))
    assert {one.kind for one in case.helps} == {HelpKind.HOME_VISIT, HelpKind.CALL_BACK}


def test_somebody_solves_it_meanwhile(walk, house):
    """The page is older than the hall: what is pressed then is refused in words, with a way back."""
    request = filed(walk)
    desk(house, "accept", request.id)
    desk(house, "answer", request.id, "疏通了。")
    walk.path(Scanned(request.qr), Pick("confirm"), ConfirmSolved)
    manager = house.counter(Caller("boss", "张主任", Role.MANAGER))
    asyncio.run(manager.strike_off("strike", request.id, "本人电话里说好了"))
    assert walk.path(Pick("yes"), Refused).refusal.reason.code == "request-over"


def test_a_lost_answer_is_one_request_and_its_slip_is_printed(walk):
    walk.path(*TO_CHECK)
    walk.wire = "deaf"
    walk.path(Pick("yes"), Away)
    walk.wire = "up"
    walk.wait(6)
    page = walk.path(RequestDone)
    assert page.paper == "printed"
    assert len({slip.request.code for slip in walk.slips}) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_slip_says_how_to_follow_and_never_what_it_is(walk, language):
    request = filed(walk)
    words = Words(language)
    slip = request_slip(request, Letterhead(demo().hall.name), words, walk.now)
    said = " ".join(str(getattr(item, "text", getattr(item, "value", ""))) for item in slip.items)
    for part in (words.name(request.category), words.name(request.place_name), words.code(request.code),
                 words.day(request.due), "5678"):
        assert part in said
    assert request.text not in said
    assert PHONE not in said
    assert [item.content for item in slip.items if isinstance(item, Qr)] == [request.qr]
    largest = max((item for item in slip.items if isinstance(item, Line)), key=lambda item: item.size.value)
    assert largest.text == words.code(request.code)
    again = request_slip(request, Letterhead(demo().hall.name), words, walk.now, again=True)
    assert any(getattr(item, "text", "") == words.say("补打") for item in again.items)
