"""The same walks on the real hall: the demo's rules, a real ledger, the hall's own refusals and offers."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.flows.steps import (
    Away,
    Bar,
    CheckBooking,
    ChooseDay,
    ChooseFacility,
    ChooseFound,
    ChoosePeople,
    ChooseTime,
    ConfirmCancel,
    EnterCode,
    EnterPhone,
    Finished,
    Help,
    Home,
    HowToFind,
    Pick,
    Refused,
    Scanned,
    ShowAppointment,
    Waiting,
)
from tests.kiosk.flows.small_hall import ZONE
from tests.kiosk.flows.walk import Walk, digits

TUESDAY_9 = Pick("2026-11-24T09:00:00+08:00")
BOOKING = (Pick("start"), Pick("book"), ChooseFacility, Pick("gym"), ChooseDay, Pick("2026-11-24"), ChooseTime,
           TUESDAY_9)
CLOSING = (EnterPhone, digits("13912345678"), Pick("ok"), CheckBooking, Pick("yes"), Finished)


def book(walk: Walk) -> None:
    walk.path(*BOOKING)
    if isinstance(walk.page, ChoosePeople):
        walk.do(Pick("1"))
    walk.path(*CLOSING)


def test_from_touch_to_slip_to_check_in(walk):
    assert walk.path(Waiting).facts is not None
    book(walk)
    held = walk.page.appointment
    assert (held.phone_tail, held.start.hour) == ("5678", 9)
    walk.path(Pick("done"), Waiting)
    page = walk.path(Scanned(held.qr + "\r\n"), ShowAppointment)
    assert page.undo
    assert walk.path(Pick("check-in"), Refused).refusal.reason.code == "too-early-check-in"
    walk.path(Bar("home"), Bar("back"), Waiting)
    walk.at(datetime(2026, 11, 24, 8, 50, tzinfo=ZONE))
    walk.path(Pick("start"), Pick("mine"), Pick("code"), EnterCode, digits(held.code), Pick("ok"), ShowAppointment,
              Pick("check-in"), Finished)
    assert walk.page.what == "checked-in"


def test_by_telephone_one_checks_in_and_no_more(walk):
    book(walk)
    walk.path(Pick("done"), Waiting)
    walk.at(datetime(2026, 11, 24, 8, 50, tzinfo=ZONE))
    walk.path(Pick("start"), Pick("mine"), Pick("phone"), digits("13912345678"), Pick("ok"), ChooseFound, Pick("0"),
              Finished)
    assert walk.page.found is not None


def test_change_reprint_and_undo(walk):
    book(walk)
    qr = walk.page.appointment.qr
    walk.path(Bar("home"), Scanned(qr), ShowAppointment, Pick("reprint"), Finished)
    assert walk.slips[-1].again
    walk.path(Bar("home"), Scanned(qr), Pick("change"), ChooseDay, Pick("2026-11-25"), ChooseTime,
              Pick("2026-11-25T10:00:00+08:00"), CheckBooking, Pick("yes"), Finished)
    assert walk.page.appointment.start.day == 25
    walk.path(Bar("home"), Scanned(qr), ShowAppointment, Pick("undo"), ConfirmCancel, Pick("yes"), Finished)
    assert walk.page.what == "cancelled"
    walk.path(Bar("home"), Scanned(qr))
    assert isinstance(walk.page, HowToFind | Refused | ShowAppointment)


def test_a_second_booking_of_the_day_is_refused_in_words(walk):
    book(walk)
    walk.path(Pick("done"), Waiting, *BOOKING[:-1], Pick("2026-11-24T10:00:00+08:00"))
    if isinstance(walk.page, ChoosePeople):
        walk.do(Pick("1"))
    page = walk.path(*CLOSING[:-1], Refused)
    assert page.refusal.reason.code == "phone-day-limit"


def test_what_is_too_late_leads_to_what_is_not(walk):
    page = walk.path(Pick("start"), Pick("book"), Pick("gym"), Pick("2026-11-23"), ChooseTime,
                     Pick("2026-11-23T11:00:00+08:00"), Refused)
    assert page.refusal.reason.code == "lead"
    walk.path(Pick("0"))
    if isinstance(walk.page, ChoosePeople):
        walk.do(Pick("1"))
    walk.path(*CLOSING)
    assert walk.page.appointment.start.hour == 14


def test_a_free_place_in_a_slot_that_has_begun_is_taken_on_the_spot(walk):
    walk.path(Pick("start"), Pick("book"), Pick("gym"), Pick("2026-11-23"), ChooseTime,
              Pick("2026-11-23T09:00:00+08:00"), CheckBooking, Pick("yes"), Finished)
    assert walk.page.what == "walked-in"


def test_the_last_place_goes_once_and_the_other_is_offered_the_next(walk):
    other = Walk(walk.hall, clock=walk.clock, ids="other")
    for each, number in ((walk, "13900000001"), (other, "13900000002")):
        each.path(Pick("start"), Pick("book"), Pick("remote-education"), ChooseDay, Pick("2026-11-26"), ChooseTime,
                  Pick("2026-11-26T09:00:00+08:00"), EnterPhone, digits(number), Pick("ok"), CheckBooking)
    walk.path(Pick("yes"), Finished)
    page = other.path(Pick("yes"), Refused)
    assert page.refusal.reason.code == "full"
    index = next(n for n, offer in enumerate(page.refusal.next) if offer.facility == "remote-education")
    page = other.path(Pick(str(index)), CheckBooking)
    assert page.phone == "139 **** 0002"
    other.path(Pick("yes"), Finished)


def test_a_lost_answer_is_one_booking(walk):
    walk.path(*BOOKING)
    if isinstance(walk.page, ChoosePeople):
        walk.do(Pick("1"))
    walk.path(*CLOSING[:-2])
    walk.wire = "deaf"
    walk.path(Pick("yes"), Pick("yes"), Away)
    walk.wait(4)
    walk.wire = "up"
    walk.wait(6)
    walk.path(Finished)
    assert len({ask.key for ask in walk.commands}) == 1
    walk.path(Bar("home"), Pick("mine"), Pick("phone"), digits("13912345678"), Pick("ok"), ChooseFound)
    assert len(walk.page.found) == 1


def test_wrong_codes_wait_and_the_rest_goes_on(walk):
    book(walk)
    qr = walk.page.appointment.qr
    wrong = "000000" if walk.page.appointment.code != "000000" else "111111"
    walk.path(Bar("home"), Pick("mine"), Pick("code"), digits(wrong))
    for _n in range(11):
        walk.path(Pick("ok"), EnterCode)
    assert walk.page.problem.code == "codes-wait"
    assert walk.path(Bar("back"), HowToFind).codes_wait_until - walk.now <= timedelta(minutes=5)
    walk.path(Scanned(qr), ShowAppointment)


def test_a_noodle_shop_and_another_hall(walk):
    walk.path(Pick("start"), Pick("mine"), Scanned("https://noodles.example"), HowToFind)
    assert walk.page.problem.code == "code-not-code"
    assert walk.path(Scanned("HKA:482761:AAAAAAAA"), HowToFind).problem.code == "code-foreign"


def test_a_clerk_is_called(walk):
    assert walk.path(Pick("start"), Home, Pick("help"), Help).state == "rung"
