"""hours or slot changed in hall.toml under living bookings: no slot that they overlap is sold above its capacity."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.door import Appointment, Refusal
from tests.kiosk.hall.building import KIOSK, MONDAY, Resident, at, build, demo, run, with_rules

GYM = "gym"
TOMORROW = 1


def hall(tmp_path, url, **rules):
    house = build(tmp_path, url, settings=with_rules(demo(), GYM, capacity=1, **rules))
    return house, Resident(house.door(KIOSK))


def free(resident) -> dict[str, int]:
    slots = run(resident.door.slots(GYM, (MONDAY + timedelta(days=TOMORROW)).date()))
    return {f"{slot.start:%H:%M}": slot.free for slot in slots}


@pytest.mark.parametrize(
    ("before", "after", "booked", "hit"),
    [
        (60, 30, at(14, days=1), {"14:00", "14:30"}),
        (30, 60, at(14, 30, days=1), {"14:00"}),
        (60, 45, at(15, days=1), {"14:45", "15:30"}),
        (60, 60, at(14, days=1), {"14:00"}),
    ],
)
def test_a_booking_off_the_grid_holds_its_place(tmp_path, url, before, after, booked, hit):
    house, resident = hall(tmp_path, url, slot_minutes=before)
    held = resident.book(GYM, booked)
    assert isinstance(held, Appointment)
    house.close()
    house, resident = hall(tmp_path, url, slot_minutes=after)
    try:
        shown = free(resident)
        assert {start for start, places in shown.items() if places == 0} == hit
        assert bool(house.schedule.strays) == (before != after)
        for start in sorted(hit):
            hour, minute = map(int, start.split(":"))
            refused = resident.book(GYM, at(hour, minute, days=1))
            assert isinstance(refused, Refusal)
            assert refused.reason.code == "full"
            assert all(offer.start != at(hour, minute, days=1) for offer in refused.next if offer.facility == GYM)
        beside = next(start for start, places in shown.items() if places and start > max(hit))
        assert isinstance(resident.book(GYM, at(*map(int, beside.split(":")), days=1)), Appointment)
        if before != after:  # it may itself move to where it overlaps; what it held is free then
            other = next(start for start in sorted(hit) if start != f"{booked:%H:%M}")
            moved = resident.reschedule(held.code, at(*map(int, other.split(":")), days=1))
            assert isinstance(moved, Appointment), moved
            assert isinstance(resident.cancel(held.code), Appointment)
            assert all(places for start, places in free(resident).items() if start in hit)
            assert isinstance(resident.book(GYM, at(*map(int, other.split(":")), days=1)), Appointment)
    finally:
        house.close()
