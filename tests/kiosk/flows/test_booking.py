"""Booking, as the pages a resident sees and what is pressed on each."""

from __future__ import annotations

from datetime import timedelta

from kiosk.flows.steps import (
    Away,
    Bar,
    CheckBooking,
    ChooseDay,
    ChooseFacility,
    ChoosePeople,
    ChooseTime,
    EnterPhone,
    Finished,
    Help,
    Home,
    PaperEnded,
    Pick,
    Press,
    Refused,
    Replied,
    Waiting,
    Working,
)
from tests.kiosk.flows.small_hall import SmallHall
from tests.kiosk.flows.walk import TO_CHECK, Walk, digits

TUESDAY_9 = Pick("2026-11-24T09:00:00+08:00")


def test_the_gym_from_touch_to_slip():
    walk = Walk()
    page = walk.path(
        Waiting, Pick("start"),
        Home, Pick("book"),
        ChooseFacility, Pick("gym"),
        ChooseDay, Pick("2026-11-24"),
        ChooseTime, TUESDAY_9,
        ChoosePeople, Pick("2"),
        EnterPhone, digits("13912345678"), Pick("ok"),
        CheckBooking, Pick("yes"),
        Finished,
    )
    assert (page.what, page.paper, page.clears_in, page.appointment.people) == ("booked", "printed", 20, 2)
    assert [(slip.again, slip.appointment.code) for slip in walk.slips] == [(False, "482761")]
    walk.path(Pick("done"), Waiting)
    assert walk.left == 1


def test_each_page_counts_where_it_stands():
    walk, seen = Walk(), []
    for answer in TO_CHECK:
        walk.do(*(answer if isinstance(answer, tuple) else (answer,)))
        trail = getattr(walk.page, "trail", None)
        if trail and (trail.at, trail.of) not in seen:
            seen.append((trail.at, trail.of))
    assert seen == [(n, 6) for n in range(1, 7)]


def test_people_are_asked_only_where_two_may_come_and_two_places_are_free():
    walk = Walk()
    walk.path(Pick("start"), Pick("book"), Pick("reading-room"), Pick("2026-11-24"), TUESDAY_9, EnterPhone)
    assert walk.page.trail.of == 5
    hall = SmallHall()
    hall.free[hall.at(9, hall.now.date() + timedelta(days=1))] = 1
    Walk(hall).path(Pick("start"), Pick("book"), Pick("gym"), Pick("2026-11-24"), TUESDAY_9, EnterPhone)


def test_a_slot_that_has_begun_goes_straight_to_check_without_a_telephone():
    walk = Walk()
    page = walk.path(Pick("start"), Pick("book"), Pick("gym"), Pick("2026-11-23"),
                     ChooseTime, Pick("2026-11-23T09:00:00+08:00"), CheckBooking)
    assert page.phone is None
    page = walk.path(Pick("yes"), Finished)
    assert page.what == "walked-in"
    assert walk.commands[-1].args[0].phone is None
    assert walk.commands[-1].args[0].walk_in


def test_no_telephone_leads_to_a_clerk_and_back_to_the_page():
    walk = Walk()
    page = walk.path(*TO_CHECK[:6], digits("139"), EnterPhone, Pick("no-phone"), Help)
    assert (page.state, page.why, walk.hall.rings) == ("rung", "no-phone", ["EnterPhone"])
    assert walk.path(Bar("back"), EnterPhone).typed == "139"


def test_the_keypad_takes_only_what_can_be_a_number():
    walk = Walk()
    walk.path(*TO_CHECK[:6], EnterPhone)
    assert walk.page.missing == 11
    assert walk.path(digits("139123456"), EnterPhone).missing == 2
    walk.path(Pick("ok"), EnterPhone)  # not whole
    assert walk.path(digits("789999"), EnterPhone).typed == "13912345678"
    assert walk.path(Press("back"), EnterPhone).typed == "1391234567"
    assert walk.path(Press("clear"), EnterPhone).typed == ""
    assert walk.path(digits("x*二"), Press(""), Press("12"), EnterPhone).typed == ""
    assert walk.path(digits("5"), EnterPhone).problem.code == "phone-needs-area-code"
    assert walk.path(digits("55"), Press("back"), EnterPhone).typed == ""
    assert walk.path(digits("12"), EnterPhone).problem.code == "phone-mobile-prefix"
    assert walk.path(Press("clear"), digits("0431"), EnterPhone).problem is None
    assert walk.path(digits("88888888"), Pick("ok"), CheckBooking).phone.endswith("8888")
    assert "0431888" not in repr(walk.page)


def test_the_check_page_shows_the_number_masked():
    page = Walk().path(*TO_CHECK, CheckBooking)
    assert page.phone == "139 **** 5678"
    assert "13912345678" not in repr(page)


def test_change_something_keeps_everything_else():
    walk = Walk()
    page = walk.path(*TO_CHECK, CheckBooking, Pick("change"), CheckBooking)
    assert page.changing
    assert page.can == ("facility", "day", "time", "people", "phone")
    page = walk.path(Pick("time"), ChooseTime, Pick("2026-11-24T10:00:00+08:00"), CheckBooking)
    assert (page.slot.start.hour, page.phone, page.people, page.changing) == (10, "139 **** 5678", 1, False)
    page = walk.path(Pick("people"), ChoosePeople, Pick("2"), CheckBooking)
    assert (page.people, page.slot.start.hour) == (2, 10)
    page = walk.path(Pick("day"), ChooseDay, Pick("2026-11-25"), ChooseTime, Pick("2026-11-25T09:00:00+08:00"),
                     CheckBooking)
    assert (page.people, page.phone) == (2, "139 **** 5678")
    page = walk.path(Pick("facility"), ChooseFacility, Pick("reading-room"), ChooseDay, Pick("2026-11-25"), ChooseTime,
                     Pick("2026-11-25T09:00:00+08:00"), CheckBooking)
    assert (page.facility.id, page.people, page.phone) == ("reading-room", 1, "139 **** 5678")
    page = walk.path(Pick("phone"), EnterPhone, Press("back"), Press("9"), Pick("ok"), CheckBooking)
    assert page.phone == "139 **** 5679"
    assert not walk.commands
    assert walk.path(Pick("change"), Pick("keep"), CheckBooking).changing is False


def test_a_slot_that_cannot_be_had_says_why_and_offers_the_nearest():
    walk = Walk()
    page = walk.path(Pick("start"), Pick("book"), Pick("gym"), Pick("2026-11-23"), ChooseTime,
                     Pick("2026-11-23T11:00:00+08:00"), Refused)
    assert page.refusal.reason.code == "lead"
    assert [offer.start.hour for offer in page.refusal.next] == [14, 15]
    page = walk.path(Pick("0"), ChoosePeople, Pick("1"), EnterPhone, digits("13912345678"), Pick("ok"), CheckBooking)
    assert page.slot.start.hour == 14


def test_a_day_without_slots_says_why():
    walk = Walk()
    page = walk.path(Pick("start"), Pick("book"), Pick("gym"), Pick("2026-11-28"), Refused)
    assert page.refusal.reason.code == "closed-weekend"
    assert [offer.start.isoformat()[:13] for offer in page.refusal.next] == ["2026-11-27T09", "2026-11-27T10"]
    assert walk.path(Pick("1"), ChoosePeople).slot.start.hour == 10
    walk.path(Bar("back"), Refused, Pick("ok"), ChooseDay)


def test_where_a_whole_day_is_gone_the_nearest_other_day_is_one_tap_away():
    walk = Walk()
    for hour in (9, 10, 11, 14, 15, 16):
        walk.hall.free[walk.hall.at(hour, walk.now.date() + timedelta(days=1))] = 0
    tuesday = (Pick("start"), Pick("book"), Pick("gym"), Pick("2026-11-24"), ChooseTime)
    page = walk.path(*tuesday, Pick("2026-11-24T10:00:00+08:00"), Refused)
    assert page.refusal.reason.code == "full"
    assert [offer.start.isoformat()[:13] for offer in page.refusal.next] == ["2026-11-25T09", "2026-11-25T10"]
    for day in range(7):
        for hour in (9, 10, 11, 14, 15, 16):
            walk.hall.free[walk.hall.at(hour, walk.now.date() + timedelta(days=day))] = 0
    page = walk.path(Pick("ok"), ChooseTime, Pick("2026-11-24T11:00:00+08:00"), Refused)
    assert [offer.reason.code for offer in page.refusal.next] == ["ask-clerk"], "nothing is left: somebody helps"
    walk.path(Pick("0"), Help)


def test_a_place_free_now_is_offered_where_nothing_of_the_day_can_be_booked():
    walk = Walk()
    for hour in (14, 15, 16):
        walk.hall.free[walk.hall.at(hour)] = 0
    page = walk.path(Pick("start"), Pick("book"), Pick("gym"), Pick("2026-11-23"), ChooseTime,
                     Pick("2026-11-23T10:00:00+08:00"), Refused)
    assert [(offer.reason.code, offer.start.hour) for offer in page.refusal.next] == [("walk-in-now", 9)]
    assert walk.path(Pick("0"), CheckBooking).slot.walk_in


def test_taken_at_the_last_moment_the_offer_is_one_tap_and_one_confirmation_away():
    walk = Walk()
    walk.path(*TO_CHECK, CheckBooking)
    walk.hall.free[walk.hall.at(9, walk.now.date() + timedelta(days=1))] = 0
    page = walk.path(Pick("yes"), Refused)
    assert page.refusal.reason.code == "full"
    page = walk.path(Pick("0"), CheckBooking)
    assert (page.slot.start.hour, page.phone, page.people) == (10, "139 **** 5678", 1)
    walk.path(Pick("yes"), Finished)
    assert walk.hall.effects == ["book"]
    assert len({ask.key for ask in walk.commands}) == 2  # two confirmations, two keys


def test_an_offer_that_is_gone_too_is_refused_again_with_others():
    walk = Walk()
    walk.path(*TO_CHECK)
    for hour in (9, 10):
        walk.hall.free[walk.hall.at(hour, walk.now.date() + timedelta(days=1))] = 0
    walk.path(Pick("yes"), Refused)
    walk.hall.free[walk.hall.at(11, walk.now.date() + timedelta(days=1))] = 0
    page = walk.path(Pick("0"), Refused)
    assert [offer.start.hour for offer in page.refusal.next] == [14, 15]
    walk.path(Pick("7"), Pick("²"), Refused)
    walk.path(Pick("0"), CheckBooking, Pick("yes"), Finished)


# ---- once, however often --------------------------------------------------------------------------------------------


def test_a_double_tap_is_one_booking_and_one_slip():
    walk = Walk(wire="up")
    walk.path(*TO_CHECK, CheckBooking)
    walk.wire = "slow"
    walk.do(Pick("yes"), Pick("yes"), Pick("yes"))
    walk.wire = "up"
    walk.deliver()
    walk.path(Finished)
    assert len(walk.commands) == 1
    assert walk.hall.effects == ["book"]
    assert len(walk.slips) == 1


def test_a_lost_answer_is_asked_again_with_the_same_key_until_it_comes():
    walk = Walk()
    walk.path(*TO_CHECK, CheckBooking)
    walk.wire = "deaf"
    page = walk.path(Pick("yes"), Away)
    assert page.pending
    walk.path(Pick("yes"), Pick("change"), Away)
    walk.wait(15)
    walk.path(Away)
    walk.wire = "up"
    walk.wait(6)
    walk.path(Finished)
    assert walk.hall.effects == ["book"]
    assert len(walk.commands) > 4
    assert len({(ask.method, ask.key) for ask in walk.commands}) == 1
    assert len({ask.number for ask in walk.commands}) == len(walk.commands)
    assert len(walk.slips) == 1


def test_giving_up_on_a_silent_hall_and_confirming_the_same_again_takes_the_same_key():
    walk = Walk()
    walk.path(*TO_CHECK, CheckBooking)
    walk.wire = "down"
    walk.path(Pick("yes"), Away, Bar("back"), Home)
    walk.wire = "slow"
    walk.path(*(item for item in TO_CHECK[1:2]))
    walk.wire = "up"
    walk.deliver()
    walk.path(*TO_CHECK[2:], CheckBooking)
    walk.wire = "down"
    walk.path(Pick("yes"), Away)
    walk.wire = "up"
    walk.wait(6)
    walk.path(Finished)
    assert len({ask.key for ask in walk.commands}) == 1
    assert walk.hall.effects == ["book"]


def test_who_walks_off_to_the_first_page_still_learns_that_it_was_booked():
    walk = Walk()
    walk.path(*TO_CHECK, CheckBooking)
    walk.wire = "deaf"
    walk.path(Pick("yes"), Away, Bar("home"), Home)
    walk.wire = "up"
    walk.wait(3)
    walk.path(Finished)
    assert len(walk.slips) == 1


def test_a_question_to_a_silent_hall_heals_by_itself():
    walk = Walk(wire="down")
    page = walk.path(Pick("start"), Pick("book"), Away)
    assert not page.pending
    walk.wire = "up"
    walk.wait(2)
    walk.path(ChooseFacility)


def test_an_answer_that_gets_lost_inside_the_kiosk_is_asked_again():
    walk = Walk()
    walk.path(*TO_CHECK)
    walk.wire = "slow"
    walk.do(Pick("yes"))
    walk.asked.clear()
    walk.wait(40)
    walk.path(Away)
    walk.wire = "up"
    walk.deliver()
    walk.path(Finished)
    assert len({ask.key for ask in walk.commands}) == 1


def test_a_wait_shows_after_a_tenth_of_a_second_and_back_leaves_a_question():
    walk = Walk()
    walk.do(Pick("start"))
    walk.wire = "slow"
    walk.path(Pick("book"), Home)
    walk.wait(0.099)
    walk.path(Home)
    walk.wait(0.001)
    assert walk.path(Working).what == "asking"
    number = walk.asked[-1].number
    walk.path(Bar("back"), Home, Replied(number, (1, 2)), Home)


def test_an_order_in_flight_is_not_taken_back_by_going_back():
    walk = Walk()
    walk.path(*TO_CHECK)
    walk.wire = "slow"
    walk.do(Pick("yes"))
    walk.wait(0.2)
    assert walk.path(Working).what == "booking"
    walk.path(Bar("back"), Home)
    walk.wire = "up"
    walk.deliver()
    walk.path(Finished)


def test_a_late_answer_to_a_former_visit_reaches_nobody():
    walk = Walk()
    walk.path(*TO_CHECK)
    walk.wire = "slow"
    walk.do(Pick("yes"))
    late = walk.asked[-1]
    walk.wait(95)
    walk.path(Waiting, Pick("start"), Home)
    walk.hall.now = walk.now
    held = walk.hall._book(late.args[0])
    walk.path(Replied(late.number, held), Home)
    walk.path(PaperEnded("key-1", "failed"), Home)
    assert not walk.slips


def test_a_late_answer_is_not_taken_for_another_of_the_same_count():
    walk = Walk()
    walk.do(Pick("start"))
    walk.wire = "slow"
    walk.do(Pick("book"))
    late = walk.asked.pop().number
    walk.path(Bar("home"), Bar("back"), Waiting, Pick("start"), Pick("book"))
    assert walk.asked[-1].method == "facilities"
    walk.path(Replied(late, tuple(walk.hall.rooms.values())), Home)


def test_a_second_tap_asks_nothing_twice():
    walk = Walk()
    walk.do(Pick("start"))
    walk.wire = "slow"
    walk.do(Pick("book"), Pick("book"), Pick("mine"), Pick("help"))
    assert [ask.method for ask in walk.asked if ask.number > 0] == ["facilities"]


def test_a_no_to_an_order_that_was_walked_away_from_disturbs_nobody():
    walk = Walk()
    walk.path(*TO_CHECK)
    walk.wire = "slow"
    walk.path(Pick("yes"), Bar("home"), Home)
    walk.hall.free[walk.hall.at(9, walk.now.date() + timedelta(days=1))] = 0
    walk.wire = "up"
    walk.deliver()
    walk.path(Home)


def test_an_answer_nobody_understands_is_a_plain_refusal():
    walk = Walk()
    walk.path(*TO_CHECK)
    walk.wire = "slow"
    walk.do(Pick("yes"))
    page = walk.path(Replied(walk.asked[-1].number, object()), Refused)
    assert page.refusal.reason.code == "unknown"


# ---- paper ----------------------------------------------------------------------------------------------------------


def test_no_paper_leaves_the_number_on_the_screen_for_a_minute():
    for ended in ("failed", "unknown"):
        walk = Walk(paper=None)
        page = walk.path(*TO_CHECK, Pick("yes"), Finished)
        assert (page.paper, page.clears_in) == ("printing", 20)
        walk.path(Pick("done"), Finished)  # nobody walks off without a number
        page = walk.path(PaperEnded(walk.slips[0].job, ended), Finished)
        assert (page.paper, page.clears_in) == ("screen", 60)
        assert page.problem.code == ("no-answer" if ended == "failed" else "unknown-ending")
        assert walk.path(Pick("done"), Waiting)


def test_a_printer_that_never_ends_is_no_printer():
    walk = Walk(paper=None)
    walk.path(*TO_CHECK, Pick("yes"), Finished)
    walk.wait(31)
    assert walk.path(Finished).paper == "screen"
    assert walk.path(PaperEnded(walk.slips[0].job, "printed"), Finished).paper == "printed"


def test_who_went_home_while_it_printed_is_brought_back_to_the_number_if_no_paper_comes():
    walk = Walk(paper=None)
    walk.path(*TO_CHECK, Pick("yes"), Finished, Bar("home"), Home)
    walk.path(PaperEnded(walk.slips[0].job, "failed"), Finished)
    walk = Walk(paper=None)
    walk.path(*TO_CHECK, Pick("yes"), Finished, Bar("home"), Home)
    walk.path(PaperEnded(walk.slips[0].job, "printed"), Home)


def test_the_paper_of_a_former_visit_and_of_nobody_changes_nothing():
    walk = Walk(paper=None)
    walk.path(*TO_CHECK, Pick("yes"), Finished, PaperEnded("none", "failed"), Finished)
    assert walk.page.paper == "printing"
    walk.path(Bar("home"), Bar("back"), Waiting, Pick("start"), Home)
    walk.path(PaperEnded(walk.slips[0].job, "failed"), Home)


def test_a_slip_is_in_the_residents_language_and_says_what_it_is_for():
    walk = Walk()
    walk.path(*TO_CHECK, Bar("language"), Pick("yes"), Finished)
    assert [(slip.language, slip.what) for slip in walk.slips] == [("en", "booked")]


def test_a_slip_goes_by_its_commands_key():
    walk = Walk()
    walk.path(*TO_CHECK, Pick("yes"), Finished)
    assert walk.slips[0].job == walk.commands[0].key
