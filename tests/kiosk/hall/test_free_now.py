"""What is free now: the waiting page and the first question of a booking count a place that may be had on the spot."""

from __future__ import annotations

from datetime import timedelta

from kiosk.door import Appointment, AppointmentState
from tests.kiosk.hall.building import KIOSK, PHONE, Resident, at, build, demo, run, with_rules
from tests.kiosk.hall.test_strays import hall as gym_of_one

ROOM = "reading-room"


def room(resident: Resident, facility: str = ROOM):
    return next(one for one in run(resident.door.facilities()) if one.id == facility)


def test_a_place_freed_by_a_no_show_is_told_though_everything_is_booked(tmp_path, clock, url):
    settings = with_rules(demo(), ROOM, capacity=1, horizon=0)
    clock.set(at(8))
    house = build(tmp_path, url, clock=clock, settings=settings)
    resident = Resident(house.door(KIOSK))
    try:
        assert (room(resident).earliest, room(resident).earliest_free, room(resident).free_now) == (at(9), 1, 0)
        for hour in (9, 10, 11, 14, 15, 16):
            assert isinstance(resident.book(ROOM, at(hour)), Appointment)
        clock.advance(timedelta(minutes=75, seconds=1))
        assert (room(resident).earliest, room(resident).earliest_free, room(resident).free_now) == (None, 0, 0)
        assert house.timers.tick() == 1
        assert (room(resident).earliest, room(resident).free_now) == (None, 1)
        today = run(resident.door.days(ROOM))[0]
        assert (today.free, today.reason) == (1, None), "the way to it is open"
        taken = resident.book(ROOM, at(9), walk_in=True)
        assert isinstance(taken, Appointment)
        assert taken.state is AppointmentState.CHECKED_IN
        assert room(resident).free_now == 0
    finally:
        house.close()


def test_nobody_walks_in_between_slots_or_at_a_window(resident, clock):
    assert room(resident).free_now == 20
    assert [one.free_now for one in run(resident.door.bookable_services())] == [0, 0]
    clock.advance(at(12) - clock.now())
    assert room(resident).free_now == 0


def test_a_booking_off_the_grid_is_no_free_place(tmp_path):
    house, resident = gym_of_one(tmp_path, "sqlite:///hall.db", slot_minutes=30)
    assert isinstance(resident.book("gym", at(14, 30), phone=PHONE), Appointment)
    house.close()
    house, resident = gym_of_one(tmp_path, "sqlite:///hall.db", slot_minutes=60)
    try:
        gym = room(resident, "gym")
        assert (gym.earliest, gym.earliest_free) == (at(15), 1)
        house.commands.clock.advance(at(14, 31) - house.commands.clock.now())
        assert room(resident, "gym").free_now == 0, "it holds its place in the slot that runs"
    finally:
        house.close()
