"""Stretches that many journeys begin with: what a resident presses from the waiting page on."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.door import Appointment
from kiosk.flows.steps import CheckBooking, EnterPhone, Finished, HowToFind, Step
from screens.tour.stand import Stand

PHONE = "13912345678"


def tomorrow(stand: Stand, hour: int) -> datetime:
    return (stand.clock.now() + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)


def to_phone(stand: Stand, time: str = "9:00", place: str = "健身房", day: str = "明天", people: str = "1 人") -> None:
    for label in ("轻触这里开始", "预约场地", place, day, time, people):
        stand.press(label)
    stand.sees(EnterPhone)


def to_check(stand: Stand, phone: str = PHONE, **where: str) -> CheckBooking:
    to_phone(stand, **where)
    stand.type(phone)
    stand.press("下一步")
    return stand.sees(CheckBooking)


def booked(stand: Stand, phone: str = PHONE, **where: str) -> Appointment:
    to_check(stand, phone, **where)
    stand.press("对，就约这个")
    return appointment(stand.sees(Finished))


def to_mine(stand: Stand) -> None:
    for label in ("轻触这里开始", "我的预约"):
        stand.press(label)
    stand.sees(HowToFind)


def appointment(page: Step) -> Appointment:
    assert isinstance(page, Finished)
    assert page.appointment is not None
    return page.appointment


def places_taken(stand: Stand, facility: str, start: datetime) -> int:
    slots = stand.ask_hall(stand.desk.slots(facility, start.date()))
    assert isinstance(slots, tuple)
    (slot,) = [slot for slot in slots if slot.start == start]
    return slot.capacity - slot.free
