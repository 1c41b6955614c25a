"""The pages to write on, by real touches: what the finger draws is what the flow gets, right way up; and measured as all
pages are.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from kiosk.flows.places import Stay, World
from kiosk.flows.steps import Draw, Pick, Press, Prompt
from kiosk.flows.writing import Pen
from screens.tokens import Panel
from screens.widgets.candidates import Candidate
from tests.screens.faults import faults
from tests.screens.measure.longer import LongWords
from tests.screens.measure.pages import LARGE, LYING, SMALL, Variant, stand_in, violations
from tests.screens.samples import STEPS
from tests.screens.write_samples import BIG, WRITE_STEPS

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
    wrong = {}
    for name, step in WRITE_STEPS.items():
        driver.show(step)
        if found := faults(driver):
            wrong[name] = found
    assert not wrong


def test_a_fifth_more_text_is_not_cut(driver) -> None:
    stand_in(driver, Variant(SMALL, "en", "elder"))
    shell = driver.shell
    words = LongWords("en")
    shell.kit = shell.kit.changed(shell.kit.tokens, words)
    shell.speaker.say = words.say
    try:
        found = violations(driver, WRITE_STEPS, pixels=False)
        assert [fault for fault in found if ": clipped" in fault or ": overlap" in fault] == []
    finally:
        driver.use(language="zh")
