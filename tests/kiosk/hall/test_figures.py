"""What managers are told of waiting and of satisfaction, on both databases: who counts, once, and for which days."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.door import Rating
from kiosk.hall.figures import FRESH_S, Span
from tests.kiosk.hall.building import PHONE, Desk, Resident, at, run


@pytest.fixture
def desk(house, clock) -> Desk:
    return Desk(house, clock)


def figures(desk: Desk, service: str) -> tuple[Span, Span]:
    desk.clock.advance(timedelta(seconds=FRESH_S))
    return run(desk.house.figures.services())[service]


def served_after(desk: Desk, minutes: int, level: int | None = None, service: str = "party") -> None:
    """Somebody waits so long (the clock goes on a second with each number), is served and rates."""
    ticket = desk.take(service)
    desk.clock.advance(timedelta(minutes=minutes))
    desk.do("call_next", "1")
    desk.do("finish", "1")
    if level is not None:
        assert run(desk.kiosk.rate(desk.key(), Rating(ticket.id, level))) is None


def test_today_and_seven_days_by_service(desk, clock):
    for days, minutes, level in ((-7, 50, 1), (-6, 30, 2), (0, 10, 5), (0, 20, 3)):
        clock.set(at(9 if minutes != 20 else 10, days=days))
        desk.do("open_window", "1", ("party",))
        served_after(desk, minutes, level)
    today, week = figures(desk, "party")
    assert today == Span(2, timedelta(minutes=15), 2, 2)
    assert week == Span(3, timedelta(minutes=20), 3, 2), "the seventh day back is no more"
    assert figures(desk, "health") == (Span(), Span())


def test_who_is_called_again_or_sent_on_has_waited_once(desk, clock):
    desk.do("open_window", "1", ("party", "health"))
    ticket = desk.take()
    clock.advance(timedelta(minutes=10))
    desk.do("call_next", "1")
    clock.advance(timedelta(minutes=30))
    desk.do("hold", "1")
    desk.do("call", "1", ticket.number)
    desk.do("transfer", "1", service="health")
    clock.advance(timedelta(minutes=30))
    desk.do("call_next", "1")
    assert figures(desk, "party")[0] == Span(1, timedelta(minutes=10))
    assert figures(desk, "health")[0] == Span()


def test_who_is_called_before_the_appointed_time_has_not_waited(desk, clock):
    resident = Resident(desk.kiosk)
    held = resident.book("civil-affairs", at(11), phone=PHONE)
    clock.set(at(10, 50))
    assert resident.check_in(held.code).ticket is not None
    desk.do("open_window", "2")
    desk.do("call_next", "2")
    assert figures(desk, "civil-affairs")[0] == Span(1, timedelta(0))


def test_who_has_waited_longest_and_who_waits_for_one_window(desk, clock):
    first, second = desk.take("civil-affairs", priority=True), desk.take("civil-affairs")
    clock.advance(timedelta(minutes=5))
    longest, aimed = run(desk.house.figures.waiting())
    assert (longest["civil-affairs"].number, aimed) == (first.number, ())
    desk.do("open_window", "2")
    desk.do("open_window", "3")
    desk.do("call", "2", first.number)
    desk.do("transfer", "2", to="3")
    longest, aimed = run(desk.house.figures.waiting())
    assert longest["civil-affairs"].number == second.number
    assert [(one.window, one.waiting) for one in aimed] == [("3", 1)]
    assert aimed[0].since == first.taken_at, "by its old time"


def test_a_call_that_midnight_ended_says_nothing_of_how_long_anything_takes(desk, clock):
    """The clerk went home and did not press 完成: it took no day."""
    clock.set(at(9, days=-7))
    for _ in range(4):
        desk.do("open_window", "1", ("party",))
        desk.take()
        desk.do("call_next", "1")
        clock.set(clock.now() + timedelta(days=1))
        desk.house.timers.tick()
    clock.set(at(9))
    desk.do("open_window", "1", ("party",))
    for _ in range(9):
        desk.take()
        desk.do("call_next", "1")
        clock.advance(timedelta(minutes=6))
    told = desk.take()
    assert told.wait is not None
    assert told.wait.high <= 30, told.wait
