"""The finger: pressed at once, fired on release inside, one finger only, no tremor, no tap meant for the page
before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.door import Name
from kiosk.flows.finding import FindingPlace, Sought
from kiosk.flows.places import Stay, World
from kiosk.flows.slip_code import CodePlace
from kiosk.flows.steps import Bar, FoundName, Pick, Press, Trail
from kiosk.flows.telephone import PhonePlace
from kiosk.writing.readings import ALPHABET
from kiosk.writing.search import Index
from screens.widgets.keypad import Key
from tests.screens.samples import STEPS

WORLD = World(datetime(2026, 11, 23, tzinfo=UTC))


@pytest.fixture
def home(driver):
    driver.show(STEPS["home"])
    return driver


def test_a_tap_fires_once(home) -> None:
    home.tap("我的预约")
    assert home.answers == [Pick("mine")]


def test_pressed_on_the_touch_down_frame_and_fired_on_release(home) -> None:
    card = home.target("我的预约")
    before = home.colours()
    home.touch_down(card)
    assert card.pressed
    assert home.colours() != before
    assert home.answers == []
    home.touch_up(card)
    assert not card.pressed
    assert home.answers == [Pick("mine")]


def test_release_outside_does_nothing(home) -> None:
    home.touch_down(home.target("我的预约"))
    home.touch_move((5, 1500))
    home.touch_up((5, 1500))
    assert home.answers == []


def test_sliding_onto_another_card_fires_neither(home) -> None:
    home.touch_down(home.target("我的预约"))
    other = home.target("请人帮忙")
    home.touch_move(other)
    home.touch_up(other)
    assert home.answers == []


def test_a_second_tap_within_a_tremor_is_one(home) -> None:
    card = home.target("我的预约")
    for _ in range(3):
        home.touch_down(card)
        home.touch_up(card)
        home.wait(0.05)
    assert home.answers == [Pick("mine")]
    home.wait(0.31)
    home.tap(card)
    assert len(home.answers) == 2


def test_a_tap_meant_for_the_page_before_is_ignored(driver) -> None:
    driver.show(STEPS["home"])
    driver.shell.show(STEPS["facility"])
    driver.frame()
    card = driver.target("健身房")
    driver.touch_down(card)
    driver.touch_up(card)
    assert driver.answers == []
    driver.wait(0.2)
    driver.tap(card)
    assert driver.answers == [Pick("gym")]


class Finger:
    """A second finger, as a panel that tells them apart would report it."""

    def __init__(self, uid: str, pos: tuple[float, float], wide: float = 0) -> None:
        self.uid, self.pos, self.button = uid, pos, "left"
        self.shape = type("Shape", (), {"width": wide, "height": wide})() if wide else None


def test_a_second_finger_is_ignored(home) -> None:
    first, second = home.target("我的预约"), home.target("请人帮忙")
    shell = home.shell
    one, two = Finger("1", first.center), Finger("2", second.center)
    shell.on_touch_down(one)
    shell.on_touch_down(two)
    assert first.pressed
    assert not second.pressed
    shell.on_touch_up(two)
    assert home.answers == []
    shell.on_touch_up(one)
    assert home.answers == [Pick("mine")]


def test_a_palm_is_ignored(home) -> None:
    card = home.target("我的预约")
    palm = Finger("1", card.center, wide=home.shell.kit.tokens.mm(40))
    home.shell.on_touch_down(palm)
    home.shell.on_touch_up(palm)
    assert home.answers == []


def test_the_right_button_and_the_wheel_are_no_finger(home) -> None:
    card = home.target("我的预约")
    home.loop.touch(*card.center, "down", button=3)
    home.frame()
    home.loop.touch(*card.center, "up", button=3)
    home.frame()
    assert home.answers == []


def test_what_is_off_does_nothing(driver) -> None:
    driver.show(STEPS["phone"])
    button = driver.shell.page.ids.ok
    assert button.off
    driver.tap((button.center_x, button.center_y))
    assert driver.answers == []


def _presses(place: PhonePlace | CodePlace | FindingPlace, key: str) -> bool:
    """Whether this key changes anything there."""
    move = place.answer(Press(key), WORLD)
    return isinstance(move, Stay) and move.place != place


SOUGHT = Sought("place", Trail(("反映诉求",)), Index.of((name, (name,), "") for name in ("农贸市场", "东风社区")),
                lambda hit: FoundName(Name(hit.thing)), Stay, {})


@pytest.mark.parametrize(("place", "typed"), [
    *((PhonePlace(Trail(()), "find", Stay), typed) for typed in ("", "1", "13912345678", "0431", "12", "25")),
    *((CodePlace(Trail(()), lambda _found, _world: None, request), typed)
      for request in (False, True) for typed in ("", "482761", "4827610395")),
    *((FindingPlace(SOUGHT), typed) for typed in ("", "N", "NMSC", "农")),
])
def test_a_key_that_would_do_nothing_is_off_and_no_other(driver, place, typed: str) -> None:
    place = replace(place, typed=typed)
    driver.show(place.step(WORLD))
    keys = [key for key in driver.shell.page.answers.walk(restrict=True) if isinstance(key, Key)]
    assert len(keys) in {12, 28}
    assert [key.label for key in keys if not key.off and not _presses(place, key.answer.key)] == []
    held = [key.label for key in keys if key.off and _presses(place, key.answer.key)]
    assert set(held) <= set(ALPHABET), "letters after which nothing would be found"


def test_keys_take_doubles_at_a_typists_speed(driver) -> None:
    driver.show(STEPS["phone"])
    key = driver.target("8")
    for _ in range(2):
        driver.touch_down(key)
        driver.touch_up(key)
        driver.wait(0.18)
    assert driver.answers == [Press("8"), Press("8")]


def test_a_slot_that_cannot_be_had_still_answers_why(driver) -> None:
    driver.show(STEPS["time"])
    driver.tap("11:00")
    assert driver.answers == [Pick("2026-11-24T11:00:00+08:00")]


def test_cards_that_do_not_fit_are_one_tap_away(driver) -> None:
    driver.use(look="elder", low=True)
    driver.show(STEPS["day"])
    seen = []
    for _ in range(20):
        seen += [target.choice for target in driver.targets() if target.choice]
        if not any(target.label == "下一页" for target in driver.targets()):
            break
        driver.tap("下一页")
    assert seen == [day.day.isoformat() for day in STEPS["day"].days]
    assert driver.answers == []


def test_the_bar_stands_on_every_page(driver) -> None:
    for name, step in STEPS.items():
        driver.show(step)
        labels = [target.label for target in driver.targets()][-5:]
        assert {"English", "帮助"} <= set(labels), name
    driver.tap("帮助")
    assert driver.answers == [Bar("help")]


def test_a_keypad_of_keys_reaches_everything(home) -> None:
    reached = []
    for _ in home.targets():
        home.shell._key(None, 9)
        reached.append(home.shell._focus.label)
    assert reached == [target.label for target in home.targets()]
    home.shell._key(None, 9)
    home.shell._key(None, 13)
    assert home.answers == [Pick("book")]
