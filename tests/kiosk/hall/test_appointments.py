"""What a resident can do with a place, and what they are told when they cannot."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.door import Appointment, AppointmentState, Found, Refusal
from kiosk.hall import codes
from tests.kiosk.hall.building import (
    CLERK,
    KIOSK,
    MANAGER,
    OTHER,
    PHONE,
    Resident,
    at,
    build,
    demo,
    run,
    with_rules,
)  # fmt: skip

MINUTE = timedelta(minutes=1)


def slot(resident: Resident, facility: str, start):
    return next(s for s in run(resident.door.slots(facility, start.date())) if s.start == start)


def code_of(answer: object) -> str:
    return answer.reason.code if isinstance(answer, Refusal) else "fine"


def test_a_booking_holds_a_place_and_shows_four_digits_at_most(resident):
    before = slot(resident, "gym", at(14)).free
    booked = resident.book(phone=PHONE, people=2)
    assert isinstance(booked, Appointment)
    assert (booked.state, booked.phone_tail, booked.start, booked.end) == ("booked", "5678", at(14), at(15))
    assert len(booked.code) == 6
    assert booked.code.isdecimal()
    assert slot(resident, "gym", at(14)).free == before - 2
    assert resident.look(booked.code) == resident.look(booked.qr) == booked


def test_without_a_telephone_one_may_book_too(resident):
    assert resident.book().phone_tail is None


@pytest.mark.parametrize(
    ("facility", "start", "more", "kind", "code"),
    [
        ("gym", at(11), {}, "rule", "lead"),
        ("gym", at(9), {}, "conflict", "already-begun"),
        ("gym", at(9, days=-1), {}, "conflict", "past"),
        ("gym", at(9, days=5), {}, "conflict", "closed-weekend"),
        ("gym", at(13), {}, "rule", "outside-hours"),
        ("gym", at(14, 30), {}, "rule", "not-a-slot"),
        ("gym", at(9, days=15), {}, "rule", "beyond-horizon"),
        ("gym", at(14), {"walk_in": True}, "conflict", "not-begun"),
        ("gym", at(14), {"people": 3}, "rule", "people-too-many"),
        ("gym", at(14), {"people": 0}, "rule", "people-invalid"),
        ("gym", at(14), {"phone": "1391234567"}, "rule", "phone-invalid"),
        ("gym", at(14), {"phone": "12012345678"}, "rule", "phone-mobile-prefix"),
        ("remote-education", at(9, days=2), {}, "rule", "lead"),
        ("swimming-pool", at(14), {}, "missing", "unknown-facility"),
    ],
)
def test_what_cannot_be_had_is_refused_with_a_reason_and_a_way_on(resident, facility, start, more, kind, code):
    refusal = resident.book(facility, start, **more)
    assert isinstance(refusal, Refusal)
    assert (refusal.kind, refusal.reason.code) == (kind, code)
    assert refusal.next
    for offer in refusal.next:
        if offer.start is not None:
            walk_in = offer.reason.code == "walk-in-now"
            assert isinstance(resident.book(offer.facility, offer.start, walk_in=walk_in), Appointment), (
                "an offer that fails"
            )


def test_too_late_for_the_gym_names_the_first_slot_that_works(resident):
    refusal = resident.book("gym", at(11))
    assert refusal.reason.facts["earliest"] == at(14)
    assert (refusal.next[0].facility, refusal.next[0].start) == ("gym", at(14))
    assert (refusal.next[1].facility, refusal.next[1].start) == ("reading-room", at(11))


def test_a_full_slot_offers_the_nearest_and_then_another_room(resident):
    for _ in range(5):
        assert isinstance(resident.book("gym", at(15), people=2), Appointment)
    refusal = resident.book("gym", at(15))
    assert code_of(refusal) == "full"
    assert [(offer.facility, offer.start) for offer in refusal.next] == [("gym", at(16)), ("reading-room", at(15))]
    shown = slot(resident, "gym", at(15))
    assert (shown.free, shown.bookable, shown.reason.code) == (0, False, "full")


def test_one_telephone_books_a_facility_once_a_day(resident):
    first = resident.book(phone=PHONE)
    again = resident.book(phone=PHONE, start=at(15))
    assert (again.kind, again.reason.code) == ("rule", "phone-day-limit")
    assert slot(resident, "gym", at(15)).free == 10, "the place that was taken on the way is given back"
    assert again.next[0].start.date() > at(9).date()
    assert isinstance(resident.book("reading-room", at(14), phone=PHONE), Appointment)
    resident.cancel(first.code)
    assert isinstance(resident.book(phone=PHONE, start=at(15)), Appointment)


def test_a_free_place_in_a_slot_that_has_begun_is_taken_on_the_spot(resident):
    assert slot(resident, "gym", at(9)).walk_in
    walked_in = resident.book("gym", at(9), walk_in=True)
    assert walked_in.state is AppointmentState.CHECKED_IN
    undone = resident.cancel(walked_in.code)
    assert undone.state is AppointmentState.CANCELLED


def test_changing_takes_the_new_place_and_gives_back_the_old(resident):
    booked = resident.book(phone=PHONE)
    moved = resident.reschedule(booked.code, at(9, days=1))
    assert (moved.id, moved.code, moved.start) == (booked.id, booked.code, at(9, days=1))
    assert slot(resident, "gym", at(14)).free == 10
    assert slot(resident, "gym", at(9, days=1)).free == 9
    assert isinstance(resident.book(phone=PHONE), Appointment), "the telephone's day is free again"
    refused = resident.book("gym", at(10, days=1), phone=PHONE)
    assert code_of(refused) == "phone-day-limit"


def test_a_change_that_cannot_be_leaves_everything_as_it_was(resident):
    for _ in range(5):
        resident.book("gym", at(15), people=2)
    booked = resident.book("gym", at(14))
    assert code_of(resident.reschedule(booked.code, at(15))) == "full"
    assert code_of(resident.reschedule(booked.code, at(11))) == "lead"
    assert code_of(resident.reschedule(booked.code, at(14))) == "same-slot"
    assert resident.look(booked.code).start == at(14)
    assert slot(resident, "gym", at(14)).free == 9


def test_leads_for_cancelling_and_changing_hold_but_not_within_ten_minutes_of_booking(tmp_path, clock):
    from kiosk.rules.lead import Lead

    late = with_rules(demo(), "gym", cancel_lead=Lead("hours", 6), change_lead=Lead("hours", 6))
    house = build(tmp_path, clock=clock, settings=late)
    resident = Resident(house.door(KIOSK))
    booked = resident.book()
    assert booked.may == ("cancel", "reprint")
    clock.advance(10 * MINUTE)
    assert resident.look(booked.code).may == ("cancel", "reprint")
    clock.advance(MINUTE)
    assert resident.look(booked.code).may == ("reprint",)
    assert code_of(resident.cancel(booked.code)) == "cancel-lead"
    assert code_of(resident.reschedule(booked.code, at(9, days=1))) == "change-lead"
    house.close()


@pytest.mark.parametrize(
    ("minutes", "code"),
    [(-16, "too-early-check-in"), (-15, "fine"), (0, "fine"), (15, "fine"), (16, "too-late-check-in")],
)
def test_one_checks_in_from_15_minutes_before_to_15_after(resident, clock, minutes, code):
    booked = resident.book()
    clock.set(at(14) + minutes * MINUTE)
    assert ("check-in" in resident.look(booked.code).may) == (code == "fine")
    answer = resident.check_in(booked.qr)
    assert code_of(answer) == code
    if code == "too-late-check-in":
        assert [offer.reason.code for offer in answer.next] == ["walk-in-now", "earliest"]
    if code == "fine":
        assert code_of(resident.check_in(booked.code)) == "already-checked-in"
        assert code_of(resident.cancel(booked.code)) == "already-checked-in"


def test_what_has_ended_is_told_as_what_it_is(resident, clock, house):
    gone, missed, came = (resident.book() for _ in range(3))
    resident.cancel(gone.code)
    clock.set(at(14))
    resident.check_in(came.code)
    clock.set(at(14, 16))
    house.timers.tick()
    for appointment, code in ((gone, "appointment-cancelled"), (missed, "appointment-no-show")):
        refusal = resident.check_in(appointment.code)
        assert code_of(refusal) == code
        works = [(offer.reason.code, offer.start) for offer in refusal.next]
        assert works == [("walk-in-now", at(14)), ("earliest", at(9, days=1))]
    clock.set(at(15))
    house.timers.tick()
    over = resident.cancel(came.code)
    assert (code_of(over), over.next[-1].reason.code) == ("appointment-over", "earliest")
    assert [resident.look(a.code).state.value for a in (gone, missed, came)] == ["cancelled", "no-show", "done"]


# ---- by telephone ----------------------------------------------------------------------------------------------------


def test_by_telephone_one_sees_day_time_and_room_and_may_check_in(resident, clock):
    booked = resident.book(phone=PHONE)
    (found,) = run(resident.door.find(PHONE))
    assert isinstance(found, Found)
    assert booked.code not in repr(found)
    assert booked.id not in repr(found)
    assert (found.start, found.may) == (at(14), ())
    clock.set(at(13, 50))
    (found,) = run(resident.door.find(PHONE))
    assert found.may == ("check-in",)
    for forbidden in (resident.cancel, resident.look, lambda ref: resident.reschedule(ref, at(15))):
        assert isinstance(forbidden(found.ref), Refusal)
    arrived = resident.check_in(found.ref)
    assert isinstance(arrived, Found)
    assert arrived.state == "checked-in"


def test_a_ref_is_good_for_ten_minutes_and_for_who_asked(resident, clock, house):
    resident.book(phone=PHONE)
    clock.set(at(13, 50))
    (found,) = run(resident.door.find(PHONE))
    assert code_of(Resident(house.door(OTHER)).check_in(found.ref)) == "ref-stale"
    clock.advance(11 * MINUTE)
    assert code_of(resident.check_in(found.ref)) == "ref-stale"
    assert code_of(resident.check_in("ref_nonsense")) == "ref-stale"


def test_an_unknown_telephone_finds_nothing_and_a_wrong_one_is_told(resident):
    assert run(resident.door.find("13800000000")) == ()
    assert code_of(run(resident.door.find("139"))) == "phone-invalid"


# ---- wrong codes -----------------------------------------------------------------------------------------------------


def wrong_codes(resident: Resident, booked: Appointment, count: int) -> list[str]:
    return [code_of(resident.look(f"{(int(booked.code) + 1 + n) % 10**6:06d}")) for n in range(count)]


@pytest.mark.parametrize(
    "text", ["", "1", "12345x", "HKA:123456", "https://noodles.example/menu", "面" * 5000, "HKB:1:AAAAAAAA"]
)
def test_what_is_no_code_of_ours_is_told_so(resident, text):
    refusal = resident.look(text)
    assert (refusal.kind, code_of(refusal)) == ("rule", "code-not-code")


def test_after_ten_misses_typed_codes_rest_for_five_minutes_and_nothing_else_does(resident, clock, house):
    booked = resident.book(phone=PHONE)
    assert wrong_codes(resident, booked, 10) == ["code-unknown"] * 10
    resting = resident.look(booked.code)
    assert (resting.kind, code_of(resting)) == ("busy", "codes-wait")
    assert resting.reason.facts["until"] == clock.now() + codes.REST
    assert resting.retry_after == codes.REST == timedelta(minutes=5)
    assert code_of(resident.cancel(booked.code)) == "codes-wait"
    assert resident.look(booked.qr) == booked
    assert len(run(resident.door.find(PHONE))) == 1
    for other in (CLERK, OTHER):
        assert Resident(house.door(other)).look(booked.code) == booked
    (told,) = run(house.attention()).codes_rest
    assert told.until == clock.now() + codes.REST
    clock.advance(codes.REST)
    assert resident.look(booked.code).code == booked.code
    assert run(house.attention()).codes_rest == ()


def test_nine_misses_or_ten_over_a_longer_time_make_nobody_wait(resident, clock):
    booked = resident.book()
    wrong_codes(resident, booked, 9)
    clock.advance(codes.WITHIN)
    wrong_codes(resident, booked, 9)
    assert isinstance(resident.look(booked.code), Appointment)


def test_a_foreign_or_forged_qr_code_is_known(resident):
    booked = resident.book()
    head, code, proof = booked.qr.split(":")
    forged = f"{head}:{(int(code) + 1) % 10**6:06d}:{proof}"
    assert code_of(resident.look(forged)) == "code-foreign"


# ---- a changed hall.toml ---------------------------------------------------------------------------------------------


def test_a_changed_hall_toml_voids_nothing_and_lists_what_it_hits(tmp_path, url, clock):
    house = build(tmp_path, url, clock=clock)
    resident = Resident(house.door(KIOSK))
    booked = [resident.book("gym", at(14), people=2) for _ in range(5)]
    moved = resident.book("gym", at(14, days=1))
    house.close()
    less = with_rules(with_rules(demo(), "gym", capacity=4), "reading-room", slot_minutes=30)
    house = build(tmp_path, url, clock=clock, settings=less)
    resident = Resident(house.door(KIOSK))
    hit = run(house.attention()).hit
    assert {one.appointment.id for one in hit} == {a.id for a in booked}
    assert {one.reason.code for one in hit} == {"full"}
    assert slot(resident, "gym", at(14)).free == 0
    assert code_of(resident.book("gym", at(14))) == "full"
    assert resident.cancel(booked[0].code).state == "cancelled"
    assert code_of(resident.book("gym", at(14))) == "full", "eight of four places are still held"
    assert isinstance(resident.reschedule(booked[1].code, at(15)), Appointment)
    assert resident.look(moved.code).state == "booked"
    house.close()
    half = with_rules(demo(), "gym", slot_minutes=None)
    house = build(tmp_path, url, clock=clock, settings=half)
    assert {one.reason.code for one in run(house.attention()).hit} == {"not-a-slot"}
    house.close()


# ---- the clock -------------------------------------------------------------------------------------------------------


def test_a_clock_set_back_confirms_nothing_until_it_is_right_or_declared_so(resident, clock, house):
    booked = resident.book(key="first")
    clock.set(at(9, 29))
    assert run(resident.door.about()).clock_doubt is None, "sixty seconds are tolerated"
    clock.set(at(9, 28))
    assert run(resident.door.about()).clock_doubt.code == "clock-doubt"
    refused = resident.book(key="second")
    assert (refused.kind, code_of(refused)) == ("broken", "clock-doubt")
    assert [offer.reason.code for offer in refused.next] == ["ask-clerk"], "no refusal without a way on"
    assert code_of(resident.cancel(booked.code)) == "clock-doubt"
    assert house.timers.tick() == 0
    assert resident.book(key="first") == booked, "what is done is still told"
    assert code_of(run(house.attention()).trouble and Refusal("", run(house.attention()).trouble)) == "clock-doubt"
    clock.set(at(9, 31))
    assert isinstance(resident.book(key="second"), Appointment), "the refusal was not kept"
    clock.set(at(8))
    assert run(house.staff(CLERK).declare_time("k")).kind == "forbidden"
    assert run(house.staff(MANAGER).declare_time("k")) is None
    assert run(resident.door.about()).clock_doubt is None
    assert isinstance(resident.book(), Appointment)
    clock.set(at(7, 50))
    assert run(resident.door.about()).clock_doubt is not None, "and is judged anew from there"
