"""反映诉求 and what follows: every way through the pages, on the small hall."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from kiosk.door import HelpKind, Offer, Reason, Refusal, RequestOrder
from kiosk.flows.following import STILL
from kiosk.flows.steps import (
    Away,
    Bar,
    CheckRequest,
    ChooseCategory,
    ChooseHelp,
    ChoosePhrases,
    ChoosePlace,
    ConfirmSolved,
    EnterCode,
    EnterPhone,
    Help,
    Home,
    HowToFind,
    Pick,
    Press,
    Refused,
    RequestDone,
    Scanned,
    ShowRequest,
    Waiting,
    WhyNotSolved,
)
from kiosk.flows.visit import Visit
from tests.kiosk.flows.small_hall import SmallHall
from tests.kiosk.flows.small_requests import LATER
from tests.kiosk.flows.walk import Walk, digits

PHONE = "13912345678"
BEGIN = (Pick("start"), Pick("request"))
TO_PHRASES = (*BEGIN, Pick("environment"), Pick("here"))
TO_CHECK = (*TO_PHRASES, Pick("1"), Pick("ok"), digits(PHONE), Pick("ok"))


@pytest.fixture
def walk() -> Walk:
    return Walk()


def filed(walk: Walk) -> RequestDone:
    page = walk.path(*TO_CHECK, CheckRequest, Pick("yes"), RequestDone)
    walk.path(Pick("done"), Waiting)
    return page


def orders(walk: Walk) -> list[RequestOrder]:
    return [ask.args[0] for ask in walk.commands if ask.method == "file_request"]


def test_from_home_to_the_slip(walk):
    page = walk.path(Pick("start"), Home)
    assert "request" in page.cards
    page = walk.path(Pick("request"), ChooseCategory, Pick("environment"), ChoosePlace)
    assert (page.here.id, [grid.id for grid in page.places], page.trail.at) == ("admin", ["park", "river"], 2)
    walk.path(Pick("here"), ChoosePhrases, Pick("ok"), ChoosePhrases)  # nothing is said yet
    page = walk.path(Pick("1"), ChoosePhrases)
    assert page.ticked == (1,)
    page = walk.path(Pick("ok"), EnterPhone)
    assert page.purpose == "request"
    page = walk.path(digits(PHONE), Pick("ok"), CheckRequest)
    assert (page.place.zh, [name.zh for name in page.said]) == ("管委会大楼", ["下水道堵了"])
    assert page.phone == "139 **** 5678"
    page = walk.path(Pick("yes"), RequestDone)
    assert (page.what, page.paper, page.request.code) == ("filed", "printed", "4827610395")
    assert orders(walk) == [RequestOrder("environment", "下水道堵了", "admin", None, PHONE)]
    assert walk.slips[-1].request == page.request


@dataclass
class Way:
    """What is pressed on the page of places, and the grid that is filed."""

    presses: tuple[object, ...]
    grid: str | None


@pytest.mark.parametrize("way", [
    Way((Pick("here"),), "admin"),
    Way((Pick("river"),), "river"),
    Way((Pick("park"), Pick("market")), "market"),
    Way((Pick("park"), Pick("all")), "park"),
    Way((Pick("none"),), None),
    Way((Pick("search"), Press("N"), Press("M"), Pick("0")), "market"),
    Way((Pick("search"), Press("C"), Press("S"), Pick("0")), "market"),  # what people call it
    Way((Pick("search"), Press("Y"), Press("Q"), Pick("0"), Pick("admin")), "admin"),  # found, and then inside it
    Way((Pick("search"), Pick("none")), None),
], ids=str)
def test_every_way_to_a_place(walk, way):
    walk.path(*BEGIN, Pick("environment"), *way.presses, ChoosePhrases)
    walk.path(Pick("0"), Pick("ok"), Pick("skip"), CheckRequest, Pick("yes"), RequestDone)
    assert [(order.grid, order.phone) for order in orders(walk)] == [(way.grid, None)]


def test_one_phrase_or_two_in_their_order_and_no_third(walk):
    page = walk.path(*TO_PHRASES, Pick("2"), Pick("0"), Pick("1"), ChoosePhrases)
    assert page.ticked == (2, 0)
    walk.path(Pick("2"), Pick("1"), Pick("ok"), Pick("skip"), Pick("yes"), RequestDone)
    assert orders(walk)[0].text == "路灯不亮；下水道堵了"


def test_a_clerk_writes_and_nobody_else_does(walk):
    page = walk.path(*TO_PHRASES, ChoosePhrases)
    assert not page.ways, "no card leads to a page that does not exist"
    walk.path(Pick("hand"), ChoosePhrases)
    page = walk.path(Pick("clerk"), Help)
    assert page.why == "write"
    assert walk.hall.rings == ["ChoosePhrases"]
    walk.path(Pick("ok"), ChoosePhrases)


@dataclass(frozen=True)
class Written:
    """A writer's page: any choice is what was written."""

    text: str
    then: object
    leave: object = None
    scans: bool = False
    over: bool = False

    def step(self, _world):
        return Refused(None, self.text)

    def answer(self, answer, _world):
        return self.then(answer.choice) if answer.choice != "choose" else self.leave(self, "写到一半")


class Pad:
    ways = ("hand",)

    def place(self, text, most, then, prompt):
        assert 480 < most <= 500
        assert prompt.way == "hand"
        assert prompt.left is None or prompt.left.text == ""
        return Written(text, then, prompt.leave)


def test_the_port_for_own_words_is_one_place(walk):
    walk.visit = Visit(walk.visit._new_id, writer=Pad())
    walk._do(walk.visit.start(walk.now).effects)
    page = walk.path(*TO_PHRASES, ChoosePhrases)
    assert page.ways == ("hand",)
    walk.path(Pick("0"), Pick("hand"), Refused, Pick("楼道里有车"), EnterPhone, Pick("skip"), CheckRequest)
    page = walk.path(Pick("change"), Pick("text"), ChoosePhrases)
    assert (page.own, page.ticked) == ("楼道里有车", (0,))
    walk.path(Pick("hand"), Refused, Pick("楼道里有两辆车"), CheckRequest, Pick("yes"), RequestDone)
    assert orders(walk)[0].text == "路灯不亮；楼道里有两辆车"


@pytest.mark.parametrize(("part", "presses", "changed"), [
    ("category", (Pick("suggestion"), ChoosePhrases, Pick("0"), Pick("ok")), RequestOrder(
        "suggestion", "多办活动", "admin", None, PHONE)),
    ("category", (Pick("environment"),), RequestOrder("environment", "下水道堵了", "admin", None, PHONE)),
    ("place", (Pick("river"),), RequestOrder("environment", "下水道堵了", "river", None, PHONE)),
    ("text", (Pick("1"), Pick("2"), Pick("ok")), RequestOrder("environment", "太吵", "admin", None, PHONE)),
    ("phone", (Pick("skip"),), RequestOrder("environment", "下水道堵了", "admin")),
])
def test_changing_one_thing_keeps_all_else(walk, part, presses, changed):
    page = walk.path(*TO_CHECK, CheckRequest, Pick("change"), CheckRequest)
    assert page.changing
    walk.path(Pick("keep"), CheckRequest, Pick("change"), Pick(part), *presses, CheckRequest, Pick("yes"), RequestDone)
    assert orders(walk) == [changed]


def test_two_taps_and_a_lost_answer_are_one_request(walk):
    walk.path(*TO_CHECK, CheckRequest)
    walk.wire = "deaf"
    walk.path(Pick("yes"), Pick("yes"), Away)
    walk.wire = "up"
    walk.wait(6)
    assert walk.path(RequestDone).request.code == "4827610395"
    assert walk.hall.effects == ["request"]


def test_a_refusal_says_why_and_leads_back(walk):
    walk.path(*TO_CHECK, CheckRequest)
    walk.hall.refuse = Refusal("missing", Reason("unknown-grid"), (Offer(Reason("file-without-grid")),))
    page = walk.path(Pick("yes"), Refused)
    assert page.refusal.reason.code == "unknown-grid"
    walk.path(Pick("ok"), CheckRequest)


def test_a_hall_that_takes_no_requests(walk):
    walk.hall.town = ((), ())
    assert walk.path(*BEGIN, Refused).refusal.reason.code == "unknown-category"
    none = Visit(lambda: "id", requests=False)
    none.start(walk.now)
    none.handle(Pick("start"), walk.now)
    assert none.step(walk.now).cards == ("book", "ticket", "mine", "help")


# ---- what follows ----------------------------------------------------------------------------------------------------


def test_by_its_ten_digits_and_a_wrong_one_stays_to_be_compared(walk):
    code = filed(walk).request.code
    page = walk.path(*BEGIN, Pick("follow"), EnterCode, digits("4827610"), EnterCode)
    assert (page.request, page.scanner, page.missing) == (True, True, 3)
    page = walk.path(digits("399"), Pick("ok"), EnterCode)
    assert (page.typed, page.problem.code) == ("4827610399", "request-unknown")
    page = walk.path(Press("back"), Press(code[-1]), Pick("ok"), ShowRequest)
    assert page.request.code == code


def test_by_my_bookings_too(walk):
    code = filed(walk).request.code
    page = walk.path(Pick("start"), Pick("mine"), Pick("code"), digits(code[:6]), EnterCode)
    assert page.missing == 0, "an appointment's six"
    assert walk.path(digits(code[6:9]), EnterCode).missing == 1
    walk.path(digits(code[9:]), Pick("ok"), ShowRequest)


def test_the_slip_leads_there_from_wherever_scanning_is_heard(walk):
    held = filed(walk).request
    walk.path(Scanned(held.qr), ShowRequest, Scanned(held.qr), ShowRequest, Bar("back"), Home)
    walk.path(Pick("request"), Pick("follow"), EnterCode, Scanned(held.qr), ShowRequest)
    page = walk.path(Bar("back"), Scanned("https://noodles.example"), EnterCode)
    assert page.problem.code == "code-not-code"
    walk.hall.filed.clear()
    assert walk.path(Scanned(held.qr), EnterCode).problem.code == "request-unknown"
    assert walk.path(Bar("home"), Scanned(held.qr), HowToFind).problem.code == "request-unknown"


def test_codes_rest_and_the_slip_goes_on(walk):
    held = filed(walk).request
    walk.path(*BEGIN, Pick("follow"), digits("0000000000"))
    walk.hall.refuse = Refusal("busy", Reason("codes-wait", {"until": walk.now}))
    walk.path(Pick("ok"), EnterCode)
    walk.hall.refuse = None
    walk.path(Scanned(held.qr), ShowRequest)


def test_solved_is_asked_twice(walk):
    held = filed(walk).request
    walk.path(Scanned(held.qr), ShowRequest, Pick("confirm"), ShowRequest)  # nobody has answered it yet
    walk.hall.answered(held.code)
    walk.path(Scanned(held.qr), Pick("confirm"), ConfirmSolved, Pick("no"), ShowRequest)
    page = walk.path(Pick("confirm"), Pick("yes"), RequestDone)
    assert (page.what, page.paper) == ("solved", "none")
    assert walk.hall.effects[1:] == ["solved"]
    page = walk.path(Pick("done"), Scanned(held.qr), ShowRequest)
    assert page.request.may == frozenset()
    walk.path(Pick("done"), Waiting)


@pytest.mark.parametrize("why", [*STILL, "other"])
def test_not_solved_says_why_and_when_the_next_answer_is_due(walk, why):
    held = filed(walk).request
    walk.hall.answered(held.code)
    page = walk.path(Scanned(held.qr), Pick("not-solved"), WhyNotSolved)
    assert page.reasons == tuple(STILL)
    page = walk.path(Pick("nonsense"), WhyNotSolved, Pick(why), RequestDone)
    assert (page.what, page.request.due) == ("not-solved", LATER)
    assert walk.hall.effects[-1] == f"not solved: {STILL.get(why)}"


@pytest.mark.parametrize(("picks", "why"), [
    ((Pick("hand"), Refused, Pick("楼上也漏了")), "楼上也漏了"),
    ((Pick("hand"), Refused, Pick("choose"), WhyNotSolved, Pick("hand"), Refused, Pick("写完了")), "写完了"),
    ((Pick("hand"), Refused, Pick("choose"), WhyNotSolved, Pick("in-part")), "只解决了一部分；写到一半"),
    ((Pick("hand"), Refused, Pick("choose"), WhyNotSolved, Pick("other")), "写到一半"),
])  # fmt: skip
def test_not_solved_in_words_of_ones_own(walk, picks, why):
    walk.visit = Visit(walk.visit._new_id, writer=Pad())
    walk._do(walk.visit.start(walk.now).effects)
    held = filed(walk).request
    walk.hall.answered(held.code)
    page = walk.path(Scanned(held.qr), Pick("not-solved"), WhyNotSolved)
    assert (page.ways, page.own) == (("hand",), "")
    walk.path(*picks, RequestDone)
    assert walk.hall.effects[-1] == f"not solved: {why}"
    assert why not in repr(walk.commands)


@pytest.mark.parametrize("kind", list(HelpKind))
def test_each_kind_of_help(walk, kind):
    held = filed(walk).request
    page = walk.path(Scanned(held.qr), Pick("help"), ChooseHelp)
    assert kind in page.kinds
    assert walk.path(Pick(kind.value), RequestDone).what == "help-asked"
    assert walk.hall.effects[-1] == f"help: {kind.value}"


def test_the_slip_once_more(walk):
    held = filed(walk).request
    page = walk.path(Scanned(held.qr), Pick("reprint"), RequestDone)
    assert (page.what, page.paper, walk.slips[-1].again) == ("request-again", "printed", True)


def test_without_paper_the_number_stands_a_minute(walk):
    walk.paper = "failed"
    page = walk.path(*TO_CHECK, Pick("yes"), RequestDone)
    assert (page.paper, page.clears_in) == ("screen", 60)
    walk.wait(61)
    walk.path(Waiting)


def test_no_place_prints_what_was_typed(walk):
    """Places go into logs and reports as they print themselves."""
    walk.path(*TO_CHECK, CheckRequest)
    assert PHONE not in repr(walk.visit._stack)
    assert isinstance(walk.hall, SmallHall)
