"""Numbers on the real hall: the demo's six services, a clerk at the other side of the counter, midnight, closing."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from kiosk.door import Appointment, Role, Ticket, TicketState
from kiosk.flows.steps import (
    AskPriority,
    Away,
    Bar,
    CheckBooking,
    ChooseDay,
    ChooseFacility,
    ChooseMatter,
    ChooseService,
    ChooseTime,
    EnterPhone,
    Find,
    Finished,
    HowToFind,
    LateTicket,
    Pick,
    Press,
    RateLevel,
    RateReasons,
    Refused,
    Scanned,
    ShowAppointment,
    ShowTicket,
    TicketTaken,
    Waiting,
)
from kiosk.hall import Caller
from kiosk.hall.house import HallHouse
from kiosk.station.slips import Letterhead, ticket_slip
from kiosk.words import Words
from tests.kiosk.flows.small_hall import ZONE
from tests.kiosk.flows.walk import Walk, digits
from tests.kiosk.hall.building import demo

PHONE = "13912345678"
TO_PHONE = (Pick("start"), Pick("ticket"), ChooseService, Pick("civil-affairs"), ChooseMatter, Pick("0"), AskPriority,
            Pick("no"), EnterPhone)
CLERK = Caller("clerk-1", "clerk-1", Role.CLERK)


def desk(house: HallHouse, what: str, *args: object) -> object:
    """What a clerk does at window 2."""
    return asyncio.run(getattr(house.counter(CLERK), what)(f"desk-{what}-{args}", "2", *args))


def take(walk: Walk, *how: object) -> Ticket:
    page = walk.path(*TO_PHONE, *(how or (Pick("skip"),)), TicketTaken)
    walk.path(Pick("done"), Waiting)
    return page.ticket


def test_from_a_matter_to_a_number_to_the_window_to_the_rating(walk, house):
    page = walk.path(Pick("start"), Pick("ticket"), Pick("search"), Press("D"), Press("B"), Find)
    assert page.found[0].name.zh == "最低生活保障申请"
    page = walk.path(Pick("0"), AskPriority, Pick("no"), Pick("skip"), TicketTaken, Pick("done"), Waiting)
    number = walk.slips[-1].ticket
    assert (number.number, number.state, number.matter) == ("b001", TicketState.WAITING, "最低生活保障申请")
    assert len(number.qr) <= 38
    ahead = take(walk)
    page = walk.path(Scanned(ahead.qr), ShowTicket)
    assert page.ticket.ahead == 1
    walk.path(Pick("done"), Waiting)
    desk(house, "open_window", ("civil-affairs",))
    assert desk(house, "call_next").number == "b001"
    page = walk.path(Scanned(number.qr), ShowTicket)
    assert (page.ticket.state, page.window.zh) == (TicketState.CALLED, "2号窗口")
    walk.path(Bar("home"), Bar("back"), Waiting)
    desk(house, "finish")
    walk.path(Scanned(number.qr), RateLevel, Pick("5"), RateReasons, Pick("fast"), Pick("ok"), Finished)
    page = walk.path(Pick("done"), Scanned(number.qr), Refused)
    assert page.refusal.reason.code == "already-rated"


def test_the_same_telephone_has_one_number_until_it_was_served(walk, house):
    first = take(walk, digits(PHONE), Pick("ok"))
    page = walk.path(*TO_PHONE, digits(PHONE), Pick("ok"), TicketTaken)
    assert (page.what, page.ticket.number, page.paper) == ("ticket-same", first.number, "screen")
    assert len(walk.slips) == 1
    walk.path(Pick("done"), Waiting)
    desk(house, "open_window", ("civil-affairs",))
    desk(house, "call_next")
    desk(house, "finish")
    assert take(walk, digits(PHONE), Pick("ok")).number == "b002"


def test_an_open_window_is_named_and_a_lost_answer_is_one_number(walk, house):
    desk(house, "open_window", ("civil-affairs",))
    walk.path(*TO_PHONE)
    walk.wire = "slow"
    walk.do(Pick("skip"))
    walk.wire = "up"
    walk.deliver()
    assert [window.zh for window in walk.path(TicketTaken).windows] == ["2号窗口"]
    assert [line.waiting for line in asyncio.run(walk.hall.services()) if line.id == "civil-affairs"] == [1]


def test_an_order_whose_answer_is_lost(walk):
    walk.path(*TO_PHONE)
    walk.wire = "slow"
    walk.do(Pick("skip"))
    services = walk.asked.pop()
    walk.wire = "deaf"
    walk.asked = [services]
    walk.deliver()
    walk.path(Away)
    walk.wire = "up"
    walk.wait(6)
    assert walk.path(TicketTaken).ticket.number == "b001"


def test_a_window_is_booked_and_checking_in_gives_a_number_from_the_appointed_time(walk):
    page = walk.path(Pick("start"), Pick("book"), ChooseFacility)
    assert [facility.id for facility in page.windows] == ["civil-affairs", "social-security"]
    page = walk.path(Pick("civil-affairs"), ChooseDay, Pick("2026-11-23"), ChooseTime)
    start = next(slot.start for slot in page.slots if slot.bookable)
    walk.path(Pick(start.isoformat()), EnterPhone, digits(PHONE), Pick("ok"), CheckBooking, Pick("yes"), Finished)
    held = walk.page.appointment
    assert isinstance(held, Appointment)
    walk.path(Pick("done"), Waiting)
    assert walk.path(Scanned(held.qr), ShowAppointment).appointment.ticket is None
    walk.path(Bar("home"), Bar("back"))
    walk.at(held.check_in_from)
    page = walk.path(Scanned(held.qr), ShowAppointment, Pick("check-in"), TicketTaken)
    assert (page.what, page.ticket.appointment, page.ticket.number) == ("checked-in", start, "b001")
    assert walk.slips[-1].ticket == page.ticket
    walk.path(Pick("done"), Waiting)
    page = walk.path(Scanned(held.qr), ShowTicket, Pick("reprint"), TicketTaken)  # the number's own slip is lost
    assert (page.ticket.number, walk.slips[-1].again) == ("b001", True)
    walk.path(Pick("done"), Waiting)
    page = walk.path(Pick("start"), Pick("mine"), Pick("phone"), digits(PHONE), Pick("ok"), Pick("0"), Refused)
    assert page.refusal.reason.facts["number"] == "b001"


def test_before_opening_and_after_closing_it_says_when_and_offers_what_works(walk):
    walk.at(datetime(2026, 11, 23, 18, 30, tzinfo=ZONE))
    page = walk.path(Pick("start"), Pick("ticket"), Pick("civil-affairs"), Refused)
    assert page.refusal.reason.code == "numbers-over"
    assert walk.path(Pick("0"), ChooseDay).facility.id == "civil-affairs"


def test_a_number_taken_just_as_the_hall_closes_is_refused_with_a_way_on(walk):
    walk.path(*TO_PHONE)
    walk.clock.set(datetime(2026, 11, 23, 18, 30, tzinfo=ZONE))  # the kiosk's page is older than the hall's clock
    page = walk.path(Pick("skip"), Refused)
    assert page.refusal.reason.code == "numbers-over"
    assert page.refusal.next


def test_yesterdays_slip_leads_to_a_new_number(walk, house):
    number = take(walk)
    walk.at(datetime(2026, 11, 24, 9, 30, tzinfo=ZONE))
    house.timers.tick()
    page = walk.path(Scanned(number.qr), ShowTicket)
    assert (page.ticket.state, page.may) == (TicketState.EXPIRED, ("take",))
    assert walk.path(Pick("take"), ChooseMatter).service.id == "civil-affairs"


def test_a_forged_slip_is_not_ours(walk):
    number = take(walk)
    forged = number.qr[:-8] + "AAAAAAAA"
    assert walk.path(Scanned(forged), HowToFind).problem.code in {"code-foreign", "code-unknown"}


def test_late_in_the_day_the_wait_is_told_first(walk, house):
    """Enough people wait that whoever is last is not served today."""
    desk(house, "open_window", ("civil-affairs",))
    walk.at(datetime(2026, 11, 23, 15, 50, tzinfo=ZONE))
    asyncio.run(_fill(walk, 40))
    for served in range(8):
        asyncio.run(house.counter(CLERK).call_next(f"serve-{served}", "2"))
        walk.clock.advance(timedelta(minutes=6))
    walk.at(walk.clock.now())
    page = walk.path(*TO_PHONE, Pick("skip"), LateTicket)
    assert page.service.waiting == 32
    assert page.service.wait.low >= 100
    assert walk.path(Pick("yes"), TicketTaken).ticket.past_closing


async def _fill(walk: Walk, many: int) -> None:
    from kiosk.door import TicketOrder

    for number in range(many):
        await walk.hall.take_ticket(f"fill-{number}", TicketOrder("civil-affairs"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_slip_says_it_all(walk, language):
    number = take(walk)
    words = Words(language)
    slip = ticket_slip(number, Letterhead(demo().hall.name), words, walk.now, windows=walk.slips[-1].windows)
    said = " ".join(str(getattr(item, "text", getattr(item, "value", ""))) for item in slip.items)
    for part in (number.number, words.name(number.service_name), words.queue(0, None), "9:30"):
        assert part in said
    assert any(getattr(item, "content", "") == number.qr for item in slip.items)
    again = ticket_slip(number, Letterhead(demo().hall.name), words, walk.now, again=True)
    said = " ".join(str(getattr(item, "text", "")) for item in again.items)
    assert words.say("补打") in said
    assert words.queue(0, None) not in said, "who was ahead then says nothing now"
