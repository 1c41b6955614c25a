"""A window by appointment: booked like a room, and checking in gives a number that counts from the appointed time."""

from __future__ import annotations

from kiosk.flows.steps import (
    Bar,
    CheckBooking,
    ChooseDay,
    ChooseFacility,
    ChoosePeople,
    ChooseTime,
    EnterPhone,
    Finished,
    Pick,
    Scanned,
    ShowAppointment,
    TicketTaken,
)
from tests.kiosk.flows.walk import Walk, digits

PHONE = "13912345678"
TO_WINDOW = (Pick("start"), Pick("book"), Pick("civil-affairs"), ChooseDay, Pick("2026-11-23"), ChooseTime,
             Pick("2026-11-23T10:00:00+08:00"), EnterPhone, digits(PHONE), Pick("ok"), CheckBooking, Pick("yes"),
             Finished)


def test_a_window_is_booked_like_a_room_and_checking_in_gives_a_number():
    walk = Walk()
    page = walk.path(Pick("start"), Pick("book"), ChooseFacility)
    assert [facility.id for facility in page.windows] == ["civil-affairs"]
    walk.path(Bar("back"), Bar("back"), *TO_WINDOW, Pick("done"))
    assert walk.hall.effects == ["book"]
    walk.at(walk.hall.at(9).replace(minute=50))
    walk.path(Pick("start"), Scanned("HKA:482761:ABCDEFGH"), ShowAppointment)
    page = walk.path(Pick("check-in"), TicketTaken)
    assert (page.what, page.ticket.number, page.ticket.appointment) == ("checked-in", "b001", walk.hall.at(10))
    assert walk.slips[-1].ticket == page.ticket


def test_checking_in_by_telephone_gives_the_number_too():
    walk = Walk()
    walk.path(*TO_WINDOW, Pick("done"))
    walk.at(walk.hall.at(9).replace(minute=50))
    page = walk.path(Pick("start"), Pick("mine"), Pick("phone"), digits(PHONE), Pick("ok"), Pick("0"), TicketTaken)
    assert page.ticket.number == "b001"


def test_checking_in_for_a_room_gives_none():
    walk = Walk()
    walk.path(Pick("start"), Pick("book"), Pick("gym"), Pick("2026-11-24"), Pick("2026-11-24T09:00:00+08:00"),
              ChoosePeople, Pick("1"), digits(PHONE), Pick("ok"), Pick("yes"), Finished, Pick("done"))
    walk.at(walk.hall.at(9, walk.hall.at(9).date().replace(day=24)).replace(minute=0))
    walk.path(Pick("start"), Scanned("HKA:482761:ABCDEFGH"), ShowAppointment, Pick("check-in"), Finished)
    assert walk.hall.numbers == {}


def test_a_window_appointment_is_changed_like_any_other():
    walk = Walk()
    walk.path(*TO_WINDOW, Pick("done"), Pick("start"), Scanned("HKA:482761:ABCDEFGH"), ShowAppointment, Pick("change"))
    assert walk.path(ChooseDay).facility.id == "civil-affairs"
