"""What a resident writes as canaries: the text, the strokes and the pinyin. Once the visit is over, however it ended,
they are in no live object, no texture, no instruction on a canvas, no log and no file, and nothing reads them aloud.
"""

from __future__ import annotations

import gc
import logging
from dataclasses import dataclass
from pathlib import Path

import pytest
from kivy.graphics import Line

from kiosk.door import RequestCase, RequestOrder, Role
from kiosk.flows.steps import ChoosePhrases, RequestDone, Write
from kiosk.flows.writing import Pen
from kiosk.hall import Caller
from tests.privacy.test_requests_canary import held, on_disk, said, settle
from tests.screens.test_write_page import trace

pytestmark = pytest.mark.window
# made of pieces at run time, so that neither this file's constants nor a test's arguments hold it
_WRITTEN = ("麒", "麟", "阁", "鹳")
_TYPED = ("zhu", "zhua", "ng", "zu")
_ODD = 0.4321


class Guess:
    """A small reader: the next of the characters for any stroke."""

    def candidates(self, strokes, before="", most=10, fit=None):
        del strokes, most, fit
        return [_WRITTEN[len(before) % 4]]


@dataclass(frozen=True)
class Offer:
    text: str
    used: int


class Letters:
    def listen(self):
        return Listening()


class Listening:
    """Holds all it has heard, as an ear may: it goes with the place."""

    def __init__(self) -> None:
        self._all: list[tuple[str, str]] = []

    def heard(self, typed, before=""):
        self._all.append((typed, before))
        return [Offer("字", len(typed))], [typed]


class Mouth:
    """Knows whether it is silent; keeps nothing."""

    silent = True

    def say(self, text: str) -> None:
        assert text
        self.silent = False

    def hush(self) -> None:
        self.silent = True


@pytest.fixture
def writing(stand):
    stand.app.lend(Pen(Guess(), Letters()), Mouth())
    return stand


def write(stand, *, proved: bool = False) -> None:
    """A text, an undecided stroke in each box, letters that are no word yet. `proved`: all of it is found; looking
    through every object takes a second or two."""
    for label in ("轻触这里开始", "反映诉求", "环境卫生", "就在这里", "手写"):
        stand.press(label)
    for sign in _WRITTEN:
        trace(stand.driver, ((_ODD, 0.2), (_ODD, 0.8)))
        stand.press(sign)
    trace(stand.driver, ((_ODD, 0.2), (_ODD, 0.8)))
    trace(stand.driver, ((_ODD, 0.2), (_ODD, 0.8)), 1)
    stand.press("读一读")
    assert not stand.app._aloud.silent
    stand.press("拼音")
    stand.type(said(_TYPED).upper())
    assert any(said(_WRITTEN) in text for text in stand.words)
    if proved:  # otherwise nothing below proves anything
        assert held(_WRITTEN)
        assert held(_TYPED)
        assert drawn(stand)
        assert strokes()


def strokes() -> list[str]:
    """Live objects that hold what was drawn: the collector does not know tuples of numbers, but who holds them."""
    gc.collect()
    seen: set[int] = set()
    found = []
    for thing in gc.get_objects():
        for inner in (thing, *gc.get_referents(thing)):
            if type(inner) is tuple and id(inner) not in seen:
                seen.add(id(inner))
                if _is_stroke(inner) or any(type(part) is tuple and _holds(part) for part in inner):
                    found.append(type(thing).__name__)
    return found


def _holds(part: tuple) -> bool:
    """A stroke, or one with its box."""
    return _is_stroke(part) or any(type(inner) is tuple and _is_stroke(inner) for inner in part)


def _is_stroke(thing: tuple) -> bool:
    return len(thing) > 2 and all(type(point) is tuple and len(point) == 2 and type(point[0]) is float
                                  and abs(point[0] - _ODD) < 0.01 for point in thing)


def drawn(stand) -> list[object]:
    """Lines of ink on the canvas of any page."""
    found = []
    for page in stand.driver.shell._pages.values():
        for widget in page.walk(restrict=True):
            for group in (getattr(widget, "_done", None), getattr(widget, "_live", None)):
                found += [line for line in getattr(group, "children", ()) if isinstance(line, Line)]
    return found


def gone(stand, folder: Path, log: str) -> None:
    settle(stand)
    assert held(_WRITTEN, _TYPED) == []
    assert strokes() == []
    assert drawn(stand) == []
    assert on_disk(folder, _WRITTEN, _TYPED) == []
    assert not [each for each in (said(_WRITTEN), said(_TYPED), str(_ODD)) if each in log]
    assert stand.app._aloud.silent


def test_a_visit_that_timed_out(writing, tmp_path: Path, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    write(writing, proved=True)
    writing.wait(60)
    writing.wait(31)
    gone(writing, tmp_path, caplog.text)


def test_why_it_is_not_solved_in_words_of_ones_own(writing, tmp_path: Path, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    stand = writing
    qr = stand.ask_hall(stand.desk.file_request("filed", RequestOrder("environment", "路灯不亮"))).qr
    officer = stand.hall.counter(Caller("clerk-1", "clerk-1", Role.CLERK))
    found = stand.ask_hall(officer.requests())[0].request.id
    for what, given in (("accept", ()), ("answer", ("修好了。",))):
        assert isinstance(stand.ask_hall(getattr(officer, what)(f"{what}-it", found, *given)), RequestCase)
    stand.scan(qr)
    for label in ("没解决", "自己写"):
        stand.press(label)
    for sign in _WRITTEN:
        trace(stand.driver, ((_ODD, 0.2), (_ODD, 0.8)))
        stand.press(sign)
    assert any(said(_WRITTEN) in text for text in stand.words)
    stand.press("写好了")
    stand.sees(RequestDone)
    told = stand.ask_hall(officer.request_by_id(found))
    assert any(step.what.facts.get("words") == said(_WRITTEN) for step in told.request.steps), "it is handed in"
    del told
    stand.press("好了")
    # the hall's writer holds its newest command until the next: here the hall lives in the same process
    stand.ask_hall(stand.desk.file_request("another", RequestOrder("suggestion", "多办活动")))
    gone(stand, tmp_path, caplog.text)


def test_a_visit_that_was_left_from_the_list(writing, tmp_path: Path, caplog) -> None:
    """What is undecided waits while one looks at the list, and goes with the visit."""
    caplog.set_level(logging.DEBUG)
    write(writing)
    writing.press("选一选")
    writing.sees(ChoosePhrases)
    writing.press("拼音")
    assert "".join(writing.sees(Write).spelt) == said(_TYPED)
    writing.bar("back")
    writing.sees(ChoosePhrases)
    assert writing.app._aloud.silent, "what is read aloud ends with its page"
    writing.bar("home")
    writing.bar("back")
    gone(writing, tmp_path, caplog.text)


def test_a_page_that_broke_under_the_finger(writing, tmp_path: Path, caplog) -> None:
    write(writing)
    writing.press("手写")
    box = writing.driver.shell.page.ids.pad.boxes[0]
    writing.driver.touch_down((box.center_x, box.center_y))
    writing.driver.touch_move((box.center_x + 50, box.center_y))

    def breaks(*_: object) -> None:
        raise RuntimeError(said(_WRITTEN))

    writing.app.loop.post(breaks)
    writing.driver.frame(2)
    gone(writing, tmp_path, caplog.text)
    writing.driver.touch_up((box.center_x, box.center_y))


def test_the_same_pixels_whoever_wrote_here(writing) -> None:
    stand = writing
    for label in ("轻触这里开始", "反映诉求", "环境卫生", "就在这里", "手写"):
        stand.press(label)
    empty = stand.driver.colours()
    stand.bar("home")
    stand.bar("back")
    write(stand)
    stand.bar("home")
    stand.bar("back")
    for label in ("轻触这里开始", "反映诉求", "环境卫生", "就在这里", "手写"):
        stand.press(label)
    assert stand.driver.colours() == empty
