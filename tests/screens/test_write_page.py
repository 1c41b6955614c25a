"""The pages to write on, by real touches: what the finger draws is what the flow gets, right way up; and measured as
all pages are.
"""

from __future__ import annotations

import gc
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from kiosk.flows.places import Prompt, Stay, World
from kiosk.flows.steps import Draw, Press
from kiosk.flows.writing import SIGNS, Pen
from screens.tokens import Panel
from screens.widgets.candidates import Candidate
from tests.screens.faults import misfits
from tests.screens.measure.pages import LARGE, LYING, SMALL, Variant, cut_by_longer_words, stand_in, violations
from tests.screens.samples import STEPS
from tests.screens.write_samples import BIG, LIKE, LONG, WRITE_STEPS, write

pytestmark = pytest.mark.window
WORLD = World(datetime(2026, 11, 23, tzinfo=UTC))


def box(driver, number: int = 0):
    return driver.shell.page.ids.pad.boxes[number]


def trace(driver, stroke, number: int = 0, steps: int = 6) -> None:
    """A finger draws: `stroke` in the box's unit, y down; the pixels are worked out here, apart from the product."""
    pad = box(driver, number)
    side = min(pad.width, pad.height)
    left, top = pad.center_x - side / 2, pad.center_y + side / 2
    spots = [(left + x * side, top - y * side) for x, y in stroke]
    driver.touch_down(spots[0])
    for (x0, y0), (x1, y1) in pairwise(spots):
        for step in range(1, steps + 1):
            driver.touch_move((x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps))
    driver.touch_up(spots[-1])


def test_what_the_finger_draws_is_handed_over_right_way_up(driver) -> None:
    driver.show(WRITE_STEPS["hand"])
    trace(driver, ((0.2, 0.1), (0.3, 0.9)), 1)
    (drawn,) = driver.answers
    assert isinstance(drawn, Draw)
    assert drawn.box == 1
    (x0, y0), (x1, y1) = drawn.points[0], drawn.points[-1]
    assert (x0, y0, x1, y1) == pytest.approx((0.2, 0.1, 0.3, 0.9), abs=0.01)
    assert len(drawn.points) >= 6


class Guess:
    """A small reader: what these strokes are, by their number."""

    def candidates(self, strokes, before="", most=10, fit=None):
        del before, most, fit
        return {1: ["一", "丿"], 2: ["人", "十"], 3: ["大", "太", "犬"]}.get(len(strokes), [])


@pytest.fixture
def page(driver):
    """The writing page with its own place behind it, as a visit would have it."""
    given = []
    place = Pen(Guess()).place("", 20, given.append, Prompt(leave=lambda _place, _text: None))
    holder = [place]
    driver.given = given

    def answered(answer):
        driver.answers.append(answer)
        here = holder[0]
        move = here.draw(answer) if isinstance(answer, Draw) else here.answer(answer, None)
        if isinstance(move, Stay):
            holder[0] = move.place
            driver.shell.show(move.place.step(WORLD))

    driver.show(STEPS["home"])
    driver.show(place.step(WORLD))
    shown, shown.emit, old = driver.shell.page, answered, driver.shell.page.emit
    yield driver
    shown.emit = old


def test_three_strokes_are_read_chosen_and_stand_in_the_text(page) -> None:
    for number, stroke in enumerate(BIG, 1):
        trace(page, stroke)
        assert len(box(page).strokes) == number
    assert [target.label for target in page.targets() if isinstance(target, Candidate)] == ["大", "太", "犬"]
    page.tap("大")
    assert page.shell.page.ids.written.text == "大"
    assert box(page).strokes == ()
    page.tap("写好了")
    assert page.given == ["大"]


@pytest.mark.parametrize("variant", [
    Variant(SMALL, "zh", "standard"), Variant(SMALL, "en", "contrast"), Variant(SMALL, "zh", "low"),
    Variant(LARGE, "zh", "elder"), Variant(LYING, "en", "elder"),
], ids=str)
def test_every_page(driver, variant: Variant) -> None:
    stand_in(driver, variant)
    assert list(violations(driver, WRITE_STEPS)) == []


@pytest.mark.parametrize(("panel", "language", "look", "low"), [
    (SMALL, "zh", "elder", True), (SMALL, "en", "elder", True), (LARGE, "en", "elder", True),
    (LYING, "en", "elder", True), (LYING, "zh", "standard", False),
])
def test_pages_fit(driver, panel: Panel, language: str, look: str, low: bool) -> None:
    driver.use(panel=panel, look=look, low=low, language=language)
    assert misfits(driver, WRITE_STEPS) == {}


def test_a_fifth_more_text_is_not_cut(driver) -> None:
    stand_in(driver, Variant(SMALL, "en", "elder"))
    assert cut_by_longer_words(driver, WRITE_STEPS) == []


def test_undo_clear_and_the_other_box_by_touch(page) -> None:
    for stroke in BIG:
        trace(page, stroke)
    page.tap("撤一笔")
    assert len(box(page).strokes) == 2
    trace(page, BIG[0], 1)
    assert (len(box(page).strokes), len(box(page, 1).strokes)) == (2, 1)
    assert box(page).asked, "which box is read is to be seen"
    assert "先点左边格子的字" in page.words()
    page.tap("人")
    assert [target.label for target in page.targets() if isinstance(target, Candidate)] == ["一", "丿"]
    page.tap("重写")
    assert box(page, 1).strokes == ()
    assert page.shell.page.ids.written.text == "人"


def test_pinyin_and_digits_by_keys(driver) -> None:
    driver.show(WRITE_STEPS["pinyin"])
    for key in "DENG":
        driver.tap(key)
    driver.tap("删一个词")
    driver.show(WRITE_STEPS["signs"])
    for key in "3号楼B座，":
        driver.tap(key)
    assert driver.answers == [Press(key) for key in (*"DENG", "word", *"3号楼B座，")]


@pytest.mark.parametrize("way", ["pinyin", "signs"])
def test_keys_that_delete_are_off_while_there_is_nothing_to_delete(driver, way: str) -> None:
    def off() -> set[bool]:
        page = driver.shell.page
        return {widget.off for widget in page.walk() if getattr(widget, "key", "") in {"back", "word"} and widget.width}

    driver.show(write(way=way))
    assert off() == {True}
    driver.show(write(way=way, text="三"))
    assert off() == {False}
    driver.show(write(way="pinyin", spelt=("d",), pending=True))
    assert off() == {False}


def test_nothing_is_to_be_chosen_where_nothing_was_recognised(driver) -> None:
    driver.show(WRITE_STEPS["hand4"])
    assert "没认出来，请重写，或改用拼音" in driver.words()
    assert "先选字" not in driver.words()
    driver.show(WRITE_STEPS["hand1"])
    assert "先选字" in driver.words()


def test_every_sign_on_a_key_is_taken() -> None:
    from screens.widgets import keyboard

    assert set("".join(keyboard.SIGNS)) <= set(SIGNS)


@pytest.mark.parametrize(("panel", "low"), [(SMALL, False), (SMALL, True), (LYING, False), (LARGE, False)])
def test_two_boxes_of_ninety_millimetres_and_ten_candidates_of_fifteen(driver, panel: Panel, low: bool) -> None:
    driver.use(panel=panel, low=low)
    driver.show(WRITE_STEPS["hand1"])
    per_mm = panel.px_per_mm
    for number in (0, 1):
        assert min(box(driver, number).width, box(driver, number).height) / per_mm >= 90
    offered = [target for target in driver.targets() if isinstance(target, Candidate)]
    assert [target.label for target in offered] == list(LIKE)
    assert min(min(target.width, target.height) for target in offered) / per_mm >= 15


def test_a_panel_too_small_for_two_has_one_and_a_key_for_the_next(driver) -> None:
    driver.use(panel=Panel(15.6, 1920, 1080, 900))
    driver.show(WRITE_STEPS["hand1"])
    assert box(driver, 1).width == 0
    assert box(driver).width / driver.panel.px_per_mm > 130
    driver.tap("下一格")
    assert driver.answers == [Press("next")]
    driver.show(WRITE_STEPS["hand1"].__class__(**{**_fields(WRITE_STEPS["hand1"]), "at": 1}))
    assert box(driver).width == 0
    assert box(driver, 1).width > 0


def _fields(step) -> dict:
    return {name: getattr(step, name) for name in step.__slots__}


def test_a_second_finger_and_a_palm_draw_nothing(driver) -> None:
    from types import SimpleNamespace

    driver.show(WRITE_STEPS["hand"])
    shell, pad = driver.shell, box(driver)
    spot = (pad.center_x, pad.center_y)

    def finger(uid: int, pos: tuple[float, float], wide: float = 10.0) -> SimpleNamespace:
        return SimpleNamespace(uid=uid, pos=pos, shape=SimpleNamespace(width=wide, height=wide))

    shell.on_touch_down(finger(1, spot, 400.0))
    shell.on_touch_down(finger(2, spot))
    shell.on_touch_down(finger(3, (spot[0] + 90, spot[1])))
    shell.on_touch_move(finger(3, (spot[0] + 190, spot[1])))
    shell.on_touch_move(finger(2, (spot[0], spot[1] - 60)))
    shell.on_touch_up(finger(3, (spot[0] + 190, spot[1])))
    assert driver.answers == []
    shell.on_touch_up(finger(2, (spot[0], spot[1] - 60)))
    (drawn,) = driver.answers
    assert all(abs(x - 0.5) < 0.01 for x, _y in drawn.points)


def test_the_ink_follows_the_finger_and_a_long_rest_ends_nothing(driver) -> None:
    driver.show(WRITE_STEPS["hand"])
    pad = box(driver)
    empty = driver.pixels()
    driver.touch_down((pad.center_x - 100, pad.center_y))
    driver.touch_move((pad.center_x, pad.center_y))
    spot = (int(pad.center_x - 50), int(driver.panel.height - pad.center_y))
    assert empty.getpixel(spot) != driver.pixels().getpixel(spot), "at once, not when it is lifted"
    driver.wait(30)
    driver.frame(5)
    assert driver.answers == []
    driver.touch_move((pad.center_x + 100, pad.center_y))
    driver.touch_up((pad.center_x + 100, pad.center_y))
    assert len(driver.answers) == 1


def test_a_tap_is_a_dot(driver) -> None:
    driver.show(WRITE_STEPS["hand"])
    pad = box(driver)
    for _dot in range(2):  # as quick as a tremor
        driver.touch_down((pad.center_x, pad.center_y))
        driver.touch_up((pad.center_x, pad.center_y))
    assert [len(drawn.points) for drawn in driver.answers] == [1, 1]


def test_the_end_of_a_long_text_is_seen(driver) -> None:
    for name in ("hand2", "full", "pinyin2"):
        driver.show(WRITE_STEPS[name])
        shown = [said.replace("\n", "") for said in driver.words() if said.startswith("…")]
        assert any(len(said) > 20 and LONG.endswith(said[1:]) for said in shown)
        assert driver.shell.page.ids.written.label == LONG, "and all of it can be spoken"


def test_two_thousand_strokes_leave_nothing_behind(page) -> None:
    """Objects, not megabytes: those are the bench's. By the box and the shell, without a touch for each point. Counted
    while the same stands there: two strokes more are two lines, two candidates and some hundred objects."""
    pad, shown = box(page), page.shell.page

    def kinds_after(strokes: int) -> Counter[str]:
        for number in range(strokes):
            pad.begin(pad.x + 50, pad.y + 50)
            pad.follow(pad.x + 90, pad.y + 50 + number % 300)
            shown.emit(pad.end(pad.x + 300, pad.y + 300))
            pad.drop()
            if number % 3 == 2:
                shown.emit(Press("clear"))
            if number % 100 == 0:
                page.frame()
        page.answers.clear()
        gc.collect()
        return Counter(type(thing).__name__ for thing in gc.get_objects())

    kinds_after(3)  # a first count leaves traces of its own
    before = kinds_after(240)
    grown = kinds_after(2001) - before
    assert sum(grown.values()) <= 50, grown
    assert len(box(page)._done.children) < 20
