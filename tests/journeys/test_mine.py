"""What a resident does with an appointment: by slip, by code, by telephone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.flows.steps import (
    CheckBooking,
    ChooseDay,
    ChooseFound,
    ChooseTime,
    ConfirmCancel,
    EnterCode,
    EnterPhone,
    Finished,
    Home,
    HowToFind,
    ShowAppointment,
    Waiting,
)
from tests.journeys.walks import PHONE, booked, places_taken, to_mine, tomorrow

pytestmark = pytest.mark.window


def test_by_code_change_the_time_and_get_a_new_slip(stand) -> None:
    held = stand.book_elsewhere("gym", tomorrow(stand, 9), PHONE)
    to_mine(stand)
    stand.press("输入凭条上的号")
    stand.sees(EnterCode)
    stand.type(held.code)
    stand.press("查找")
    stand.sees(ShowAppointment)
    stand.press("改期")
    stand.sees(ChooseDay)
    stand.press("11月25日")
    stand.sees(ChooseTime)
    stand.press("15:00")
    stand.sees(CheckBooking)
    stand.press("对，就改到这个")
    done = stand.sees(Finished)
    assert done.what == "changed"
    assert done.appointment.code == held.code
    assert [kind for kind, _slip in stand.slips] == ["changed"]
    assert places_taken(stand, "gym", tomorrow(stand, 9)) == 0
    assert places_taken(stand, "gym", tomorrow(stand, 15) + timedelta(days=1)) == 1


def test_by_slip_cancelling_asks_once_more_and_frees_the_place(stand) -> None:
    held = stand.book_elsewhere("gym", tomorrow(stand, 9), PHONE)
    stand.jump(stand.clock.now() + timedelta(minutes=11))
    stand.scan(held.qr)
    stand.sees(ShowAppointment)
    stand.press("取消")
    stand.sees(ConfirmCancel)
    stand.press("不，留着")
    stand.sees(ShowAppointment)
    stand.press("取消")
    stand.press("对，取消")
    assert stand.sees(Finished).what == "cancelled"
    assert places_taken(stand, "gym", tomorrow(stand, 9)) == 0


def test_within_ten_minutes_it_is_undone_whatever_the_lead_time(stand) -> None:
    held = booked(stand, time="14:00", day="今天")
    stand.press("好了")
    stand.scan(held.qr)
    assert stand.sees(ShowAppointment).undo
    stand.press("撤销")
    stand.press("对，撤销")
    assert stand.sees(Finished).what == "cancelled"


def test_print_again_is_marked(stand) -> None:
    held = stand.book_elsewhere("gym", tomorrow(stand, 9), PHONE)
    stand.scan(held.qr)
    stand.press("补打")
    assert stand.sees(Finished).paper == "printed"
    assert [kind for kind, _slip in stand.slips] == ["reprint"]


def test_check_in_by_slip_and_by_telephone(stand) -> None:
    two = stand.clock.now().replace(hour=14, minute=0)
    held = stand.book_elsewhere("gym", two, PHONE)
    stand.book_elsewhere("gym", two, "13900000001")
    stand.jump(two - timedelta(minutes=20))
    stand.scan(held.qr)
    assert "check-in" not in stand.sees(ShowAppointment).appointment.may, "five minutes too early"
    stand.bar("home")
    stand.sees(Home)
    stand.bar("back")
    stand.sees(Waiting)
    stand.jump(two - timedelta(minutes=15))
    stand.scan(held.qr)
    stand.press("签到")
    assert stand.sees(Finished).what == "checked-in"
    stand.press("好了")
    to_mine(stand)
    stand.press("用电话号码找")
    stand.sees(EnterPhone)
    stand.type("13900000001")
    stand.press("查找")
    assert len(stand.sees(ChooseFound).found) == 1
    stand.press("0")
    done = stand.sees(Finished)
    assert done.appointment is None, "by telephone nothing more than room, day and time is seen"
    assert not stand.slips


def test_by_telephone_one_may_not_cancel(stand) -> None:
    stand.book_elsewhere("gym", tomorrow(stand, 9), PHONE)
    to_mine(stand)
    stand.press("用电话号码找")
    stand.type(PHONE)
    stand.press("查找")
    stand.sees(ChooseFound)
    stand.press("要改期、取消")
    stand.sees(EnterCode)


def test_a_noodle_shop_and_ten_kilobytes_from_the_scanner(stand) -> None:
    to_mine(stand)
    for rubbish in ("https://noodles.example/?table=7", "x" * 10_000, "\x00\x1b[2J", "HKA:000000:AAAAAAAA", "　"):
        stand.scan(rubbish)
        stand.sees(HowToFind)
    assert any("凭条" in text for text in stand.words)
    stand.press("输入凭条上的号")
    stand.sees(EnterCode)


def test_a_wrong_code_stays_to_be_compared(stand) -> None:
    to_mine(stand)
    stand.press("输入凭条上的号")
    stand.type("000000")
    stand.press("查找")
    assert stand.sees(EnterCode).typed == "000000"
    assert any("没有找到" in text for text in stand.words)


def test_after_ten_wrong_codes_typing_rests_and_scanning_goes_on(stand) -> None:
    held = stand.book_elsewhere("gym", tomorrow(stand, 9), PHONE)
    to_mine(stand)
    stand.press("输入凭条上的号")
    for number in range(11):
        if number:
            stand.press("清空")
        stand.type(f"{number:06d}")
        stand.press("查找")
    assert any("输错的次数多了" in text for text in stand.words)
    stand.scan(held.qr)
    stand.sees(ShowAppointment)
