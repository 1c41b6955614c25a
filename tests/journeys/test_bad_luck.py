"""Paper, wires, fingers and time: whatever happens, one booking, one slip, and a number in hand or on the screen."""

from __future__ import annotations

import pytest

from kiosk.flows.steps import Away, ChooseFacility, EnterPhone, Finished, Home, StillThere, Waiting, Working
from tests.journeys.walks import PHONE, appointment, booked, places_taken, to_check, to_phone, tomorrow

pytestmark = pytest.mark.window


@pytest.mark.parametrize("fault", ["paper-out", "cover-open", "cutter", "jam", "overheated"])
def test_a_fault_before_the_slip_leaves_the_number_on_the_screen(stand, fault: str) -> None:
    to_check(stand)
    stand.printer.fault(fault)
    stand.press("对，就约这个")
    done = stand.sees(Finished)
    assert done.paper == "screen"
    code = appointment(done).code
    assert f"{code[:3]} {code[3:]}" in stand.words
    assert not stand.slips
    stand.wait(59)
    stand.sees(Finished)
    stand.wait(2)
    stand.sees(Waiting)
    stand.printer.recover()
    stand.wait(5)
    assert not stand.slips, "what was not printed waits for staff, it does not fall into the next hand"


@pytest.mark.parametrize(
    ("when", "fault"), [("byte", "paper-out"), ("byte", "disconnect"), ("byte", "die"), ("fence", "silent")]
)
def test_a_fault_in_the_middle_of_the_slip(stand, when: str, fault: str) -> None:
    to_check(stand)
    if when == "byte":
        stand.printer.at_byte(3000, fault)
    else:
        stand.printer.at_fence(fault)
    stand.press("对，就约这个")
    done = stand.sees(Finished)
    assert done.paper == "screen"
    assert done.problem is not None
    code = appointment(done).code
    assert f"{code[:3]} {code[3:]}" in stand.words
    stand.printer.recover()
    stand.wait(61)
    stand.sees(Waiting)
    assert len([slip for _kind, slip in stand.slips if slip.cut]) <= 1
    assert places_taken(stand, "gym", tomorrow(stand, 9)) == 1


def test_a_double_tap_is_one_booking_and_one_slip(stand) -> None:
    to_check(stand)
    yes = stand.driver.target("对，就约这个")
    for _ in range(6):  # every 50 ms, as a tremor does
        stand.driver.touch_down(yes)
        stand.driver.touch_up(yes)
        stand.driver.wait(0.05)
    stand.sees(Finished)
    assert len([ask for ask in stand.watched.asked if ask.method == "book"]) == 1
    assert len(stand.slips) == 1
    assert places_taken(stand, "gym", tomorrow(stand, 9)) == 1


def test_taps_while_the_hall_is_slow_order_nothing_twice(stand) -> None:
    to_check(stand)
    stand.wire.state = "slow"
    stand.tap("对，就约这个")
    place = stand.driver.target("对，就约这个").center
    for _ in range(5):
        stand.driver.wait(0.4)
        stand.driver.tap(tuple(place))
    stand.wait(0.3)
    stand.sees(Working)
    stand.wire.state = "up"
    stand.hears(Finished)
    stand.settle()
    assert len(stand.slips) == 1
    assert places_taken(stand, "gym", tomorrow(stand, 9)) == 1


def test_a_lost_answer_is_asked_for_again_under_the_same_key(stand) -> None:
    to_check(stand)
    stand.wire.state = "deaf"
    stand.press("对，就约这个")
    assert stand.sees(Away).pending
    stand.wait(4)
    stand.sees(Away)
    stand.wire.state = "up"
    stand.wait(4)
    assert stand.sees(Finished).paper == "printed"
    assert len(stand.slips) == 1
    assert places_taken(stand, "gym", tomorrow(stand, 9)) == 1
    assert len({ask.key for ask in stand.watched.asked if ask.method == "book"}) == 1


def test_a_hall_that_goes_away_in_mid_flow_and_comes_back(stand) -> None:
    stand.press("轻触这里开始")
    stand.wire.state = "down"
    stand.press("预约场地")
    stand.sees(Away)
    assert any("没有回应" in text for text in stand.words)
    stand.wire.state = "up"
    stand.wait(4)
    stand.sees(ChooseFacility)


def test_the_waiting_page_says_that_the_hall_is_away_and_heals(stand) -> None:
    stand.wire.state = "down"
    stand.wait(40)
    assert any("没有回应" in text for text in stand.words)
    stand.wire.state = "up"
    stand.wait(3)
    assert not any("没有回应" in text for text in stand.words)


def test_nobody_there_a_warning_then_everything_is_wiped(stand) -> None:
    to_phone(stand)
    stand.type("13912")
    stand.wait(59)
    stand.sees(EnterPhone)
    stand.wait(1.5)
    assert stand.sees(StillThere).seconds in {29, 30}
    stand.press("我还在，继续")
    assert stand.sees(EnterPhone).typed == "13912"
    stand.wait(60)
    stand.sees(StillThere)
    stand.wait(29)
    stand.sees(StillThere)
    stand.wait(2)
    stand.sees(Waiting)
    to_phone(stand)
    assert stand.sees(EnterPhone).typed == ""


def test_any_touch_beside_the_buttons_keeps_a_visit_alive(stand) -> None:
    to_phone(stand)
    stand.type("139")
    for _ in range(12):
        stand.wait(50)
        stand.driver.tap((540.0, 1800.0))
    assert stand.sees(EnterPhone).typed == "139"
    stand.wait(60)
    stand.sees(StillThere)
    stand.driver.tap((540.0, 1850.0))
    stand.sees(EnterPhone)


def test_leaving_from_the_warning_wipes_at_once(stand) -> None:
    to_phone(stand)
    stand.type(PHONE)
    stand.wait(60)
    stand.press("办完了，离开")
    stand.sees(Waiting)


def test_elders_have_twice_the_time(stand) -> None:
    stand.press("轻触这里开始")
    stand.bar("display")
    stand.press("大字")
    stand.press("就这样")
    stand.wait(119)
    stand.sees(Home)
    stand.wait(1.5)
    stand.sees(StillThere)


def test_language_and_look_change_in_mid_flow_and_nothing_is_lost(stand) -> None:
    to_phone(stand)
    stand.type("1391234")
    stand.bar("language")
    assert stand.sees(EnterPhone).typed == "1391234"
    assert "Help" in stand.words
    stand.bar("display")
    stand.press("contrast")
    stand.bar("back")
    stand.sees(EnterPhone)
    stand.type("5678")
    stand.press("ok")
    assert "139 **** 5678" in stand.words
    stand.press("yes")
    assert stand.sees(Finished).paper == "printed"
    stand.wait(21)
    stand.sees(Waiting)
    assert stand.app.visit.language == "zh"
    assert stand.app.visit.look == "standard"


def test_a_second_finger_presses_nothing(stand) -> None:
    from kivy.tests.common import UnitTestTouch

    stand.press("轻触这里开始")
    card, other = stand.driver.target("预约场地"), stand.driver.target("请人帮忙")
    first, second = UnitTestTouch(*card.center), UnitTestTouch(*other.center)
    first.button = second.button = "left"
    first.touch_down()
    second.touch_down()
    second.touch_up()
    stand.driver.frame()
    stand.sees(Home)
    first.touch_up()
    stand.settle()
    stand.sees(ChooseFacility)
    assert not [ask for ask in stand.watched.asked if ask.method == "call_help"]


def test_two_visits_one_after_the_other_share_nothing(stand) -> None:
    first = booked(stand)
    stand.press("好了")
    to_phone(stand, time="10:00")
    assert stand.sees(EnterPhone).typed == ""
    stand.type("13800000000")
    stand.press("下一步")
    stand.press("对，就约这个")
    second = appointment(stand.sees(Finished))
    assert first.code not in " ".join(stand.words).replace(" ", "")
    assert second.code != first.code
    assert len(stand.slips) == 2
