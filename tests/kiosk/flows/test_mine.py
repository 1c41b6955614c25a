"""我的预约, as the pages a resident sees and what is pressed on each."""

from __future__ import annotations

from datetime import datetime

import pytest

from kiosk.door import Offer, Reason, Refusal
from kiosk.flows.steps import (
    Bar,
    CheckBooking,
    ChooseDay,
    ChooseFacility,
    ChooseFound,
    ChooseTime,
    ConfirmCancel,
    Display,
    EnterCode,
    EnterPhone,
    Finished,
    Help,
    Home,
    HowToFind,
    PaperEnded,
    Pick,
    Press,
    Refused,
    Scanned,
    ShowAppointment,
    Waiting,
)
from tests.kiosk.flows.small_hall import ZONE
from tests.kiosk.flows.walk import TO_CHECK, Walk, digits

SLIP = Scanned("HKA:482761:ABCDEFGH\r\n")


@pytest.fixture
def walk() -> Walk:
    """A gym booked for Tuesday 9:00 by 139 1234 5678, code 482761; the booker has gone."""
    walk = Walk()
    walk.path(*TO_CHECK, Pick("yes"), Finished, Pick("done"), Waiting)
    walk.sent.clear()
    walk.slips.clear()
    walk.hall.effects.clear()
    return walk


def test_a_slip_scanned_at_the_waiting_page_goes_straight_to_its_appointment(walk):
    page = walk.path(Waiting, SLIP, ShowAppointment)
    assert (page.appointment.code, page.undo) == ("482761", True)
    walk.path(Bar("back"), Home, SLIP, ShowAppointment)


def test_a_slip_is_taken_everywhere_in_mine_and_over_help_and_display(walk):
    for way in (
        (Pick("start"), Pick("mine"), HowToFind),
        (Pick("start"), Pick("mine"), Pick("code"), digits("48"), EnterCode),
        (Pick("start"), Pick("mine"), Pick("phone"), digits("139"), EnterPhone),
        (Pick("start"), Pick("mine"), Pick("phone"), digits("13912345678"), Pick("ok"), ChooseFound),
        (Pick("start"), Bar("help"), Help),
        (Pick("start"), Bar("display"), Display),
        (SLIP, ShowAppointment, Pick("cancel"), ConfirmCancel),
    ):
        walk.path(*way, SLIP, ShowAppointment, Bar("home"), Bar("back"), Waiting)


def test_a_slip_whose_place_was_given_away_offers_what_is_free_now(walk):
    walk.hall.refuse = Refusal("conflict", Reason("appointment-no-show"), (
        Offer(Reason("walk-in-now"), "gym", walk.hall.at(9)), Offer(Reason("ask-clerk"))))
    page = walk.path(SLIP, Refused)
    assert page.refusal.reason.code == "appointment-no-show"
    walk.path(Pick("1"), Help, Bar("back"), Refused, Pick("0"), CheckBooking, Pick("yes"), Finished)
    assert walk.page.what == "walked-in"


def test_a_slip_scanned_while_booking_disturbs_nothing(walk):
    walk.path(*TO_CHECK, CheckBooking, SLIP, CheckBooking)
    walk.path(Pick("yes"), Finished, SLIP, Finished)


@pytest.mark.parametrize("text", ["https://noodles.example/menu", "你好", "x" * 10_000, "HKA:\x00\x1b", "", "   "])
def test_what_is_no_slip_gets_a_plain_sentence(walk, text):
    page = walk.path(Pick("start"), Pick("mine"), Scanned(text), HowToFind)
    assert page.problem.code == "code-not-code"
    assert len(repr(walk.sent)) < 2_000  # 10 kB never reach the wire
    walk.path(Bar("back"), Home)


def test_check_in_by_code(walk):
    walk.now = walk.hall.now = datetime(2026, 11, 24, 8, 50, tzinfo=ZONE)
    page = walk.path(
        Waiting, Pick("start"),
        Home, Pick("mine"),
        HowToFind, Pick("code"),
        EnterCode, digits("482761"), Pick("ok"),
        ShowAppointment, Pick("check-in"),
        Finished,
    )
    assert (page.what, page.paper, page.appointment.state) == ("checked-in", "none", "checked-in")


def test_too_early_says_from_when_and_leads_back(walk):
    page = walk.path(SLIP, Pick("check-in"), Refused)
    assert page.refusal.reason.code == "too-early-check-in"
    walk.path(Pick("ok"), ShowAppointment)


def test_cancelling_asks_once_more(walk):
    page = walk.path(SLIP, ShowAppointment, Pick("cancel"), ConfirmCancel)
    assert page.undo
    walk.path(Pick("no"), ShowAppointment, Pick("undo"), ConfirmCancel, Pick("yes"), Pick("yes"), Finished)
    assert walk.page.what == "cancelled"
    assert walk.hall.effects == ["cancel"]
    assert not walk.slips


def test_after_ten_minutes_cancelling_is_no_undo(walk):
    walk.wait(601)
    assert not walk.path(SLIP, ShowAppointment).undo
    assert not walk.path(Pick("cancel"), ConfirmCancel).undo


def test_printing_again_is_marked_so(walk):
    walk.path(SLIP, ShowAppointment, Pick("reprint"), Finished)
    assert [slip.again for slip in walk.slips] == [True]
    assert walk.page.paper == "printed"


def test_moving_an_appointment(walk):
    page = walk.path(SLIP, ShowAppointment, Pick("change"), ChooseDay)
    assert page.changing.code == "482761"
    page = walk.path(Pick("2026-11-25"), ChooseTime, Pick("2026-11-25T10:00:00+08:00"), CheckBooking)
    assert (page.moving_from.start.day, page.slot.start.day, page.can, page.trail.of) == (24, 25, ("day", "time"), 3)
    page = walk.path(Pick("yes"), Finished)
    assert (page.what, page.appointment.start.day) == ("changed", 25)
    assert (walk.hall.effects, len(walk.slips)) == (["reschedule"], 1)


def test_a_slot_on_the_spot_is_no_place_to_move_to(walk):
    page = walk.path(SLIP, Pick("change"), Pick("2026-11-23"), ChooseTime)
    assert (page.slots[0].walk_in, page.slots[0].reason.code) == (False, "already-begun"), "it says so, not 约满了"
    page = walk.path(Pick("2026-11-23T09:00:00+08:00"), Refused)
    assert page.refusal.reason.code == "already-begun"
    walk.path(Pick("0"), CheckBooking)


def test_what_an_appointment_does_not_allow_is_not_done(walk):
    walk.hall._change("x", "482761", may=())
    walk.path(SLIP, ShowAppointment, Pick("cancel"), Pick("change"), Pick("reprint"), Pick("undo"), ShowAppointment)
    assert not walk.commands


# ---- by telephone ---------------------------------------------------------------------------------------------------


def test_a_telephone_number_shows_and_checks_in_and_no_more(walk):
    walk.now = walk.hall.now = datetime(2026, 11, 24, 8, 50, tzinfo=ZONE)
    page = walk.path(Pick("start"), Pick("mine"), Pick("phone"), EnterPhone, digits("13912345678"), Pick("ok"),
                     ChooseFound)
    assert "482761" not in repr([(found.facility_name, found.start, found.state) for found in page.found])
    walk.path(Pick("cancel"), Pick("change"), Pick("reprint"), Pick("5"), ChooseFound)
    page = walk.path(Pick("0"), Finished)
    assert (page.what, page.appointment, page.found.state) == ("checked-in", None, "checked-in")
    assert [ask.args for ask in walk.commands] == [("ref-482761",)]


def test_a_number_that_finds_nothing_says_so_and_can_be_mended(walk):
    page = walk.path(Pick("start"), Pick("mine"), Pick("phone"), digits("13912345679"), Pick("ok"), EnterPhone)
    assert page.problem.code == "nothing-found"
    assert page.typed == "13912345679"
    page = walk.path(Press("back"), EnterPhone)
    assert page.problem is None
    walk.path(Press("8"), Pick("ok"), ChooseFound)


def test_three_different_telephones_a_visit(walk):
    walk.path(Pick("start"), Pick("mine"), Pick("phone"))
    for number in ("13900000001", "13900000002", "13900000002", "13900000003"):
        page = walk.path(Press("clear"), digits(number), Pick("ok"), EnterPhone)
        assert page.problem.code == "nothing-found"
    page = walk.path(Press("clear"), digits("13912345678"), Pick("ok"), EnterPhone)
    assert page.problem.code == "three-phones"
    assert sum(ask.method == "find" for ask in walk.sent) == 4
    walk.path(Bar("home"), Home, Pick("mine"), Pick("phone"), digits("13912345678"), Pick("ok"), EnterPhone)
    assert walk.page.problem.code == "three-phones"
    walk.path(Press("clear"), digits("13900000001"), Pick("ok"), EnterPhone)  # one of the three may be asked again
    assert walk.page.problem.code == "nothing-found"
    walk.path(SLIP, ShowAppointment)  # the rest goes on
    walk.path(Bar("home"), Bar("back"), Waiting, Pick("start"), Pick("mine"), Pick("phone"), digits("13912345678"),
              Pick("ok"), ChooseFound)  # the next visit starts anew


# ---- codes ----------------------------------------------------------------------------------------------------------


def test_an_unknown_code_stays_to_be_compared_with_the_slip(walk):
    page = walk.path(Pick("start"), Pick("mine"), Pick("code"), digits("48276"), EnterCode)
    assert page.missing == 1
    page = walk.path(Pick("ok"), digits("2"), Pick("ok"), EnterCode)
    assert (page.typed, page.problem.code) == ("482762", "code-unknown")
    walk.path(Press("back"), digits("1"), Pick("ok"), ShowAppointment)


def test_codes_wait_while_scan_and_telephone_go_on(walk):
    walk.path(Pick("start"), Pick("mine"), Pick("code"), digits("000000"))
    for _n in range(4):
        page = walk.path(Pick("ok"), EnterCode)
    assert page.problem.code == "codes-wait"
    asked = len(walk.sent)
    walk.path(Pick("ok"), EnterCode)
    assert len(walk.sent) == asked  # resting, not asking
    page = walk.path(Bar("back"), HowToFind)
    assert page.codes_wait_until == walk.now.replace(minute=35)
    assert walk.path(Pick("code"), HowToFind).problem.code == "codes-wait"
    walk.path(Pick("phone"), digits("13912345678"), Pick("ok"), ChooseFound, Pick("code"), HowToFind)
    walk.path(SLIP, ShowAppointment, Bar("home"), Bar("back"), Waiting)
    page = walk.path(Pick("start"), Pick("mine"), HowToFind)
    assert page.codes_wait_until is not None  # also for the next person: it is the kiosk that waits
    for _n in range(6):
        walk.wait(55)
        walk.do(Bar("display"), Bar("display"))
    assert walk.path(HowToFind).codes_wait_until is None
    walk.hall.misses = 0
    walk.path(Pick("code"), digits("482761"), Pick("ok"), ShowAppointment)


def test_paper_of_a_reprint_that_fails(walk):
    walk.paper = None
    walk.path(SLIP, Pick("reprint"), Finished)
    walk.path(PaperEnded(walk.slips[0].job, "failed"), Finished)
    assert walk.page.paper == "screen"


def test_booking_begins_anew_after_mine(walk):
    walk.path(SLIP, Bar("home"), Home, Pick("book"), ChooseFacility)
    assert walk.page.trail.at == 1
