"""Coming to an appointment at a window: the number it gives is found again, and counts from when it should."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.door import Refusal
from kiosk.ledger import Hot
from tests.kiosk.hall.building import PHONE, Desk, Resident, at, run


@pytest.fixture
def desk(house, clock) -> Desk:
    return Desk(house, clock)


def rows(house, sql):
    return house.commands.ledger.read(lambda tx: tx.all(Hot(sql)))


def test_a_number_from_a_check_in_by_telephone_is_not_lost_with_its_answer(desk, clock):
    resident = Resident(desk.kiosk)
    held = resident.book("civil-affairs", at(11), phone=PHONE)
    clock.set(at(10, 50))
    (found,) = run(desk.kiosk.find(PHONE))
    arrived = resident.check_in(found.ref, key="come")
    assert run(desk.kiosk.outcome("come")).number == arrived.ticket.number == "b001"
    (found,) = run(desk.kiosk.find(PHONE))
    again = resident.check_in(found.ref)
    assert (again.reason.code, again.reason.facts["number"]) == ("checked-in-number", "b001")
    desk.do("open_window", "2")
    desk.do("call_next", "2")
    desk.do("finish", "2")
    assert resident.check_in(held.code).reason.code == "ticket-over"
    assert resident.look(held.code).ticket.state == "done"


def test_who_comes_more_than_ten_minutes_late_waits_as_a_walk_in_from_then(desk, clock, house):
    resident = Resident(desk.kiosk)
    for minute, second, kind in ((10, 0, "appointment"), (10, 1, "walk-in")):
        held = resident.book("civil-affairs", at(11 if kind == "appointment" else 14), phone=None)
        assert not isinstance(held, Refusal), held
        clock.set(held.start.replace(minute=minute, second=second))
        number = resident.check_in(held.code).ticket
        since = held.start if kind == "appointment" else clock.now()
        assert rows(house, f"SELECT kind, since FROM ticket WHERE id = '{number.id}'") == [
            (kind, round(since.timestamp() * 1000))
        ]


def test_who_comes_early_to_an_appointment_is_told_no_less_than_until_then(desk, clock):
    held = Resident(desk.kiosk).book("civil-affairs", at(11))
    desk.do("open_window", "2")
    for _ in range(6):
        desk.take("civil-affairs")
        desk.do("call_next", "2")
        clock.advance(timedelta(minutes=5))
        desk.do("finish", "2")
    clock.set(at(10, 45))
    assert Resident(desk.kiosk).check_in(held.code).ticket.wait.low == 15, "nobody waits, and it is not eleven yet"
