"""From finger to paper: booking, refusals and what leads on from them."""

from __future__ import annotations

import pytest
import zxingcpp

from kiosk.flows.steps import (
    CheckBooking,
    ChooseDay,
    ChooseFacility,
    ChoosePeople,
    ChooseTime,
    EnterPhone,
    Finished,
    Help,
    Home,
    Refused,
    Waiting,
)
from tests.journeys.walks import PHONE, booked, places_taken, to_check, to_phone, tomorrow

pytestmark = pytest.mark.window


def test_a_resident_books_the_gym_and_walks_away_with_a_slip(stand) -> None:
    stand.sees(Waiting)
    stand.press("轻触这里开始")
    stand.sees(Home)
    stand.press("预约场地")
    stand.sees(ChooseFacility)
    stand.press("健身房")
    stand.sees(ChooseDay)
    stand.press("明天")
    stand.sees(ChooseTime)
    stand.press("9:00")
    stand.sees(ChoosePeople)
    stand.press("2 人")
    stand.sees(EnterPhone)
    stand.type("13912345678")
    assert "139 1234 5678" in stand.words
    stand.press("下一步")
    stand.sees(CheckBooking)
    assert "139 **** 5678" in stand.words
    stand.press("对，就约这个")
    done = stand.sees(Finished)
    assert done.paper == "printed"
    assert places_taken(stand, "gym", tomorrow(stand, 9)) == 2
    ((kind, slip),) = stand.slips
    assert kind == "booked"
    (read,) = zxingcpp.read_barcodes(slip.image.convert("L"))
    assert read.text == done.appointment.qr
    stand.wait(20)
    stand.sees(Waiting)


def test_a_landline_and_a_wrong_number(stand) -> None:
    to_phone(stand)
    stand.type("12")
    assert any("第二位" in text for text in stand.words)
    stand.press("清空")
    stand.type("043188888888")
    assert "0431 8888 8888" in stand.words
    stand.press("下一步")
    stand.sees(CheckBooking)


def test_no_telephone_leads_to_a_clerk(stand) -> None:
    to_phone(stand)
    stand.press("没有电话")
    stand.sees(Help)
    assert stand.ask_hall(stand.hall.attention()).help_calls
    stand.comes()
    stand.sees(Help)
    assert any("工作人员来了" in text for text in stand.words)
    stand.press("知道了，返回")
    stand.sees(EnterPhone)


def test_a_full_slot_offers_the_nearest_and_one_tap_takes_it(stand) -> None:
    for number in range(10):
        stand.book_elsewhere("gym", tomorrow(stand, 11), f"1380000{number:04d}")
    for label in ("轻触这里开始", "预约场地", "健身房", "明天", "11:00"):
        stand.press(label)
    refused = stand.sees(Refused)
    assert refused.refusal.reason.code == "full"
    assert any("约满" in text for text in stand.words)
    offer = next(one for one in refused.refusal.next if one.start)
    stand.press(str(refused.refusal.next.index(offer)))
    stand.sees(ChoosePeople)
    stand.press("1 人")
    stand.type(PHONE)
    stand.press("下一步")
    assert stand.sees(CheckBooking).slot.start == offer.start


def test_a_slot_that_fills_while_the_number_is_typed(stand) -> None:
    to_check(stand, time="11:00")
    for number in range(10):
        stand.book_elsewhere("gym", tomorrow(stand, 11), f"1380000{number:04d}")
    stand.press("对，就约这个")
    refused = stand.sees(Refused)
    assert refused.refusal.reason.code == "full"
    stand.press("0")
    stand.sees(CheckBooking)  # what was typed is kept: nobody types a number twice
    stand.press("对，就约这个")
    assert stand.sees(Finished).paper == "printed"
    assert places_taken(stand, "gym", tomorrow(stand, 11)) == 10


def test_too_late_for_this_morning_says_from_when(stand) -> None:
    for label in ("轻触这里开始", "预约场地", "健身房", "今天", "10:00"):
        stand.press(label)
    refused = stand.sees(Refused)
    assert refused.refusal.reason.code == "lead"
    assert any(one.start and one.start.hour == 14 for one in refused.refusal.next)


def test_a_slot_that_has_begun_is_taken_on_the_spot(stand) -> None:
    for label in ("轻触这里开始", "预约场地", "健身房", "今天", "9:00"):
        stand.press(label)
    stand.sees(CheckBooking)
    stand.press("对，现在就用")
    done = stand.sees(Finished)
    assert done.what == "walked-in"
    assert done.appointment.state == "checked-in"


def test_the_same_number_twice_a_day_is_told_why_not(stand) -> None:
    booked(stand)
    stand.press("好了")
    to_check(stand, time="10:00")
    stand.press("对，就约这个")
    assert stand.sees(Refused).refusal.reason.code == "phone-day-limit"


def test_what_was_wrong_can_be_changed_before_it_is_booked(stand) -> None:
    to_check(stand)
    stand.press("改一改")
    stand.press("换个时间")
    stand.sees(ChooseTime)
    stand.press("15:00")
    page = stand.sees(CheckBooking)
    assert page.slot.start == tomorrow(stand, 15)
    assert page.phone == "139 **** 5678"


def test_home_and_back_lead_out_of_everything(stand) -> None:
    to_phone(stand)
    stand.type("139")
    stand.bar("back")
    stand.sees(ChoosePeople)
    stand.bar("home")
    stand.sees(Home)
    stand.bar("back")
    stand.sees(Waiting)
