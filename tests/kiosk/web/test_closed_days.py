"""What becomes of the bookings that a closed day or a smaller room hits: many at once, one by one, and afterwards."""

from __future__ import annotations

import re
from datetime import date

import httpx

from kiosk.door import Appointment, AppointmentState, Booking, Refusal, Role
from tests.kiosk.hall.building import at
from tests.kiosk.web.person import Person
from tests.kiosk.web.standing import KIOSK, Standing

PHONE = "13912345678"


def book(hall: Standing, count: int = 1, days: int = 1) -> list[Appointment]:
    door, made = hall.house.door(KIOSK), []
    for n in range(count):
        booked = hall.run(door.book(f"b{n}", Booking("gym", at(14, days=days), f"1391234567{n}")))
        assert isinstance(booked, Appointment)
        made.append(booked)
    return made


def test_closing_a_day_asks_about_each_booking(hall: Standing) -> None:
    manager, clerk = Person(hall, "m", Role.MANAGER), Person(hall, "c", Role.CLERK)
    kept, lost = book(hall, 2)
    form = {"first": "2026-11-24", "last": "", "why": "停电检修"}
    asked = manager.press("/manage/plans/close", **form)
    assert "影响 2 个预约" in asked.text
    assert asked.text.count('name="cancel"') == 2
    assert "没有位子了" not in asked.text, "the day is closed: no word of places"
    assert "checked" not in asked.text.split('name="cancel"', 1)[1].split("</ul>")[0], "nothing is chosen beforehand"
    done = manager.press("/manage/plans/close", sure="yes", last="2026-11-24", cancel=[lost.id],
                         first=form["first"], why=form["why"])  # fmt: skip
    assert "1 个预约取消了" in done.text
    door = hall.house.door(KIOSK)
    assert hall.run(door.appointment(kept.code)).state is AppointmentState.BOOKED  # type: ignore[union-attr]
    told = hall.run(door.check_in("k", lost.code))
    assert isinstance(told, Refusal)
    assert told.reason.code == "cancelled-by-hall"
    assert told.reason.facts["why"] == "停电检修"
    refused = hall.run(door.book("again", Booking("gym", at(15, days=1), PHONE)))
    assert isinstance(refused, Refusal)
    assert refused.reason.code == "closed-by-hall"
    todo = clerk.client.get("/staff/todo").text
    assert "139 1234 5671" in todo, "the clerk has somebody to telephone"
    assert "已经告诉" in clerk.press(f"/staff/told/{lost.id}").text
    assert "139 1234 5671" not in clerk.client.get("/staff/todo").text


def test_a_closure_outlives_the_process_and_can_be_taken_back(hall: Standing) -> None:
    manager = Person(hall, "m", Role.MANAGER)
    manager.press("/manage/plans/close", first="2026-11-25", why="活动", sure="yes")
    hall.stop()
    hall.start()
    assert hall.house.schedule.day(date(2026, 11, 25)).closed is not None
    other = Standing(hall.data, hall.clock)
    try:
        page = manager.client.get("/manage/plans").text
        path = re.search(r"/manage/plans/reopen/[0-9a-f-]+", page)
        assert path is not None
        assert "照常开放" in manager.press(path[0]).text
        other.house.commands.prepare()  # what its timers do every second
        assert other.house.schedule.day(date(2026, 11, 25)).closed is None, "another process knows"
    finally:
        other.stop()


def test_a_smaller_room_names_those_for_whom_no_place_is_left(hall: Standing) -> None:
    manager = Person(hall, "m", Role.MANAGER)
    made = book(hall, 3)
    asked = manager.press("/manage/plans/resize", facility="gym", capacity="2", why="器材在修")
    assert asked.text.count("没有位子了") == 1
    assert hall.house.schedule.place("gym").capacity == 10, "asking changes nothing"  # type: ignore[union-attr]
    manager.press("/manage/plans/resize", facility="gym", capacity="2", why="器材在修", sure="yes", cancel=[made[2].id])
    assert hall.house.schedule.place("gym").capacity == 2  # type: ignore[union-attr]
    full = hall.run(hall.house.door(KIOSK).book("f", Booking("gym", at(14, days=1), PHONE)))
    assert isinstance(full, Refusal)
    assert full.reason.code == "full"
    manager.press("/manage/plans/resize", facility="gym", capacity="", sure="yes")
    assert hall.house.schedule.place("gym").capacity == 10  # type: ignore[union-attr]


def test_a_holiday_notice_asks_about_each_booking_that_it_hits(hall: Standing) -> None:
    manager, clerk = Person(hall, "m", Role.MANAGER), Person(hall, "c", Role.CLERK)
    kept, lost = book(hall, 2)
    other = hall.run(hall.house.door(KIOSK).book("o", Booking("gym", at(14, days=2), PHONE)))
    assert isinstance(other, Appointment)
    form = {"year": "2026", "days": "元旦 2026-1-1 至 1-3\r\n临时 11-24 至 11-24\r\n上班 11-28"}
    asked = manager.press("/manage/plans/year", **form)
    assert "影响 2 个预约" in asked.text
    assert hall.house.schedule.day(date(2026, 11, 24)).closed is None, "asking changes nothing"
    sent = dict(re.findall(r'<input type="hidden" name="(year|days|sure)" value="([^"]*)"', asked.text))
    done = manager.press("/manage/plans/year", **sent, why="放假", cancel=[lost.id, other.id])
    assert "放假 4 天，调休上班 1 天" in done.text
    door = hall.house.door(KIOSK)
    states = [hall.run(door.appointment(one.code)) for one in (kept, lost, other)]
    found = [state.state.value for state in states]  # type: ignore[union-attr]
    assert found == ["booked", "cancelled", "booked"], "never one that it does not hit"
    assert "139 1234 5671" in clerk.client.get("/staff/todo").text
    hit = hall.run(door.book("n", Booking("gym", at(15, days=1), PHONE)))
    assert isinstance(hit, Refusal)
    assert hit.reason.code == "closed-holiday"
    assert "撤掉了" in manager.press("/manage/plans/year", year="2026", drop="yes").text, "nothing is hit by that"
    assert "年份或日子不对" in manager.press("/manage/plans/year", year="2026", days="元旦 2024-1-1").text


def test_a_closed_fortnight_may_cancel_hundreds_and_none_that_was_not_shown(hall: Standing) -> None:
    manager, door = Person(hall, "m", Role.MANAGER), hall.house.door(KIOSK)
    for n in range(480):
        start = at((9, 10, 11, 14, 15)[n % 5], days=(1, 2, 3, 4, 7, 8, 9, 10)[n // 60])
        assert isinstance(hall.run(door.book(f"b{n}", Booking("reading-room", start))), Appointment)
    form = {"first": "2026-11-24", "last": "2026-12-04", "why": "停电检修"}
    asked = manager.press("/manage/plans/close", **form)
    shown = re.findall(r'name="shown" value="([^"]+)"', asked.text)
    assert len(shown) == len(re.findall(r'name="cancel" value="([^"]+)"', asked.text)) == 480
    late = hall.run(door.book("late", Booking("reading-room", at(15, days=10))))
    assert isinstance(late, Appointment)
    done = manager.press("/manage/plans/close", sure="yes", all="yes", shown=shown, **form)
    assert "480 个预约取消了" in done.text
    assert hall.run(door.appointment(late.code)).state is AppointmentState.BOOKED  # type: ignore[union-attr]
    assert manager.press("/manage/plans/close", sure="yes", why="x" * 1_000_000).status_code == 413
    with httpx.Client(base_url=hall.url, follow_redirects=False, timeout=30) as nobody:
        assert nobody.post("/manage/plans/close", content=b"x" * 100_000).status_code == 303, "not read from a stranger"


def test_a_booking_that_a_closed_day_hits_can_be_cancelled_where_it_is_listed(hall: Standing) -> None:
    manager, clerk = Person(hall, "m", Role.MANAGER), Person(hall, "c", Role.CLERK)
    held, other = book(hall, 2)
    manager.press("/manage/plans/close", first="2026-11-24", why="停电检修", sure="yes")  # both are kept
    page = manager.client.get("/staff/todo").text
    assert f'action="/staff/hit/{held.id}"' in page
    assert f'action="/staff/hit/{held.id}"' not in clerk.client.get("/staff/todo").text
    assert clerk.press(f"/staff/hit/{held.id}", why="不行").status_code == 403
    assert "请写原因" in manager.press(f"/staff/hit/{held.id}", why=" ").text
    assert "139 1234 5670" in manager.press(f"/staff/hit/{held.id}", why="停电检修").text, "now to be telephoned"
    door = hall.house.door(KIOSK)
    assert hall.run(door.check_in("k", held.code)).reason.code == "cancelled-by-hall"  # type: ignore[union-attr]
    assert hall.run(door.appointment(other.code)).state is AppointmentState.BOOKED  # type: ignore[union-attr]


def test_whom_the_hall_cancelled_may_book_that_day_again(hall: Standing) -> None:
    """One booking for a facility and day by a telephone: one that the hall took away is none."""
    manager, clerk, door = Person(hall, "m", Role.MANAGER), Person(hall, "c", Role.CLERK), hall.house.door(KIOSK)
    first, second = book(hall, 2)
    clerk.press("/staff/desk/cancel", id=first.id, text=first.code, why="")
    manager.press("/manage/plans/resize", facility="gym", capacity="0", why="在修", sure="yes", cancel=[second.id])
    manager.press("/manage/plans/resize", facility="gym", capacity="")
    for n in range(2):
        again = hall.run(door.book(f"again{n}", Booking("gym", at(15 + n, days=1), f"1391234567{n}")))
        assert isinstance(again, Appointment), again
