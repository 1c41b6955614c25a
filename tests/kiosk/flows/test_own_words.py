"""Words of one's own beside a request's: with a rating, and what to call the resident where the hall asks for it. On
the page that a kiosk has, with a small reader of handwriting behind it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kiosk.door import Rating, Request, RequestOrder, TicketState
from kiosk.flows.steps import (
    Bar,
    CheckRequest,
    ChoosePhrases,
    Draw,
    EnterPhone,
    Finished,
    Pick,
    RateLevel,
    RateReasons,
    RequestDone,
    Scanned,
    Waiting,
    Write,
)
from kiosk.flows.visit import Visit
from kiosk.flows.writing import Pen, Stroke
from tests.kiosk.flows.test_requesting import PHONE, TO_PHRASES, orders
from tests.kiosk.flows.test_ticketing import TO_PHONE
from tests.kiosk.flows.walk import Walk, digits

SLIP = Scanned("HKT:A001:ABCDEFGH")
LINE = ((0.1, 0.5), (0.5, 0.5), (0.9, 0.5))
TO_PHONE_PAGE = (*TO_PHRASES, Pick("1"), Pick("ok"))


class Guess:
    """One stroke is 好, two are 王."""

    def candidates(
        self, strokes: Sequence[Stroke], before: str = "", most: int = 10, fit: object = None
    ) -> list[str]:
        del before, most, fit
        return {1: ["好", "一"], 2: ["王", "二"]}.get(len(strokes), [])


def write(strokes: int, box: int = 0) -> tuple[object, ...]:
    return (*(Draw(box, LINE) for _ in range(strokes)), Pick("0"))


def walk_of(writer: Pen | None = None, *, names: bool = False) -> Walk:
    walk = Walk()
    walk.visit = Visit(walk.visit._new_id, writer=writer, names=names)
    walk._do(walk.visit.start(walk.now).effects)
    return walk


@pytest.fixture
def rating() -> Walk:
    """Somebody whose number is served."""
    walk = walk_of(Pen(Guess()))
    walk.path(*TO_PHONE, Pick("skip"), Pick("done"), Waiting)
    walk.hall.stand("A001", TicketState.DONE)
    walk.path(SLIP, RateLevel)
    return walk


# ---- ratings ---------------------------------------------------------------------------------------------------------


def test_a_rating_in_own_words_too(rating: Walk) -> None:
    page = rating.path(Pick("2"), RateReasons, Pick("unclear"), RateReasons)
    assert (page.ways, page.own) == (("hand",), "")
    page = rating.path(Pick("hand"), Write, write(1), write(2, 1), Write)
    assert (page.text, page.room, page.choose) == ("好王", 198, True)
    page = rating.path(Pick("ok"), RateReasons)
    assert (page.own, page.ticked) == ("好王", ("unclear",)), "what was ticked is ticked still"
    rating.path(Pick("ok"), Finished)
    assert rating.hall.ratings == [Rating("HKT:A001:ABCDEFGH", 2, ("unclear",), "好王")]


def test_what_is_written_with_a_rating_is_kept_on_the_way_back_and_may_be_taken_out(rating: Walk) -> None:
    rating.path(Pick("5"), Pick("hand"), write(1), Draw(0, LINE), Write)
    page = rating.path(Bar("back"), RateReasons)
    assert page.own == "好", "what is not decided is no text"
    page = rating.path(Pick("hand"), Write)
    assert (page.text, len(page.strokes)) == ("好", 1), "and stands as it was left"
    rating.path(Bar("back"), RateReasons, Bar("back"), RateLevel, Pick("5"), RateReasons)
    assert rating.page.own == "", "another level, another rating"
    rating.path(Pick("ok"), Finished)
    assert rating.hall.ratings == [Rating("HKT:A001:ABCDEFGH", 5)]


def test_without_a_writer_there_is_no_card_that_leads_nowhere(rating: Walk) -> None:
    rating.visit.writer = None
    page = rating.path(Pick("5"), RateReasons, Pick("hand"), RateReasons)
    assert page.ways == ()


# ---- names -----------------------------------------------------------------------------------------------------------


def test_a_name_is_asked_after_the_telephone_and_shown() -> None:
    walk = walk_of(Pen(Guess()), names=True)
    page = walk.path(TO_PHONE_PAGE, EnterPhone)
    assert (page.trail.at, page.trail.of) == (4, 6)
    page = walk.path(digits(PHONE), Pick("ok"), Write)
    assert (page.question, page.trail.at, page.room, page.ready) == ("怎么称呼您？", 5, 30, True)
    page = walk.path(write(2), Pick("ok"), CheckRequest)
    assert (page.name, page.trail.at, page.phone) == ("王", 6, "139 **** 5678")
    page = walk.path(Pick("change"), Pick("name"), Write)
    assert page.text == "王"
    page = walk.path(write(1), Pick("ok"), CheckRequest)
    assert (page.name, page.changing) == ("王好", False)
    walk.path(Pick("yes"), RequestDone)
    assert orders(walk) == [RequestOrder("environment", "下水道堵了", "admin", None, PHONE, "王好")]
    (request,) = [slip.request for slip in walk.slips]
    assert isinstance(request, Request)
    assert "王好" not in repr(request), "printed nowhere"


def test_nobody_has_to_say_a_name() -> None:
    walk = walk_of(Pen(Guess()), names=True)
    page = walk.path(TO_PHONE_PAGE, Pick("skip"), Write, Pick("ok"), CheckRequest)
    assert page.name == ""
    walk.path(Bar("back"), Write, Bar("back"), EnterPhone, Pick("skip"), Write, Pick("ok"), CheckRequest, Pick("yes"))
    assert orders(walk) == [RequestOrder("environment", "下水道堵了", "admin")]


@pytest.mark.parametrize(("writer", "names"), [(None, True), (Pen(Guess()), False), (None, False)])
def test_where_it_is_not_asked_or_cannot_be_written_there_is_no_such_page(writer: Pen | None, names: bool) -> None:
    walk = walk_of(writer, names=names)
    page = walk.path(TO_PHONE_PAGE, EnterPhone)
    assert (page.trail.at, page.trail.of) == (4, 5)
    page = walk.path(Pick("skip"), CheckRequest, Pick("change"), Pick("name"), CheckRequest)
    assert (page.name, page.changing) == (None, True)


def test_all_of_it_goes_with_the_visit() -> None:
    walk = walk_of(Pen(Guess()), names=True)
    walk.path(TO_PHONE_PAGE, Pick("skip"), Write, write(2), Pick("ok"), CheckRequest, Bar("home"))
    page = walk.path(Pick("request"), Pick("environment"), Pick("here"), ChoosePhrases, Pick("1"), Pick("ok"),
                     Pick("skip"), Write)
    assert page.text == ""
