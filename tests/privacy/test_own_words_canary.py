"""Words of one's own with a rating, and a name with a request, written by a finger on a whole kiosk: they reach those
they are meant for, and once the visit is over they are in no live object, no log, no slip and in no file in the clear.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from kiosk.config import load
from kiosk.config.settings import RequestSettings
from kiosk.door import RequestOrder, Role, TicketOrder
from kiosk.flows.steps import CheckRequest, EnterPhone, Finished, RateLevel, RateReasons, RequestDone, Stroke, Write
from kiosk.flows.writing import Pen
from kiosk.hall import Caller
from tests.journeys.conftest import DEMO, MONDAY
from tests.privacy.test_requests_canary import held, on_disk, said, settle
from tests.screens.test_write_page import trace

pytestmark = pytest.mark.window
LINE = ((0.2, 0.5), (0.8, 0.5))
MANAGER = Caller("manager-1", "manager-1", Role.MANAGER)
# written one by one, so that nothing but what is written holds them together
_SIGNS = ("鹂", "翎", "潺", "霁")


class Guess:
    """A small reader: each stroke is the next of the four."""

    def candidates(
        self, strokes: Sequence[Stroke], before: str = "", most: int = 10, fit: object = None
    ) -> list[str]:
        del strokes, most, fit
        return [_SIGNS[len(before) % 4]]


@pytest.fixture
def writing(window, tmp_path: Path) -> Iterator:
    """A kiosk on which one can write, in a hall that asks for names."""
    from screens.tour.stand import Stand

    stand = Stand(window, dataclasses.replace(load(DEMO), requests=RequestSettings(asks_name=True)), tmp_path, MONDAY)
    stand.app.lend(Pen(Guess()))
    yield stand
    stand.close()


def write(stand) -> None:
    for sign in _SIGNS:
        stand.sees(Write)
        trace(stand.driver, LINE)
        stand.press(sign)
    assert any(said(_SIGNS) in text for text in stand.words), "what stands so far can be read"
    assert held(_SIGNS), "otherwise nothing below proves anything"
    stand.press("写好了")


def gone(stand, folder: Path, log: str) -> None:
    """What was written is over. The hall's writer holds its newest command until the next; the hall lives here too."""
    stand.ask_hall(stand.desk.file_request("another", RequestOrder("suggestion", "多办活动")))
    settle(stand)
    assert held(_SIGNS) == []
    assert on_disk(folder, _SIGNS) == []
    assert said(_SIGNS) not in log


def test_a_rating_in_own_words(writing, tmp_path: Path, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    stand, hall = writing, writing.hall
    ticket = stand.ask_hall(stand.desk.take_ticket("t", TicketOrder("party")))
    counter = hall.counter(Caller("clerk-1", "clerk-1", Role.CLERK))
    for step in (counter.open_window("o", "1"), counter.call_next("n", "1"), counter.finish("f", "1")):
        stand.ask_hall(step)
    stand.scan(ticket.qr)
    stand.sees(RateLevel)
    stand.press("不满意")
    stand.sees(RateReasons)
    stand.press("没讲清楚")
    stand.press("自己写")
    write(stand)
    page = stand.sees(RateReasons)
    assert page.own == said(_SIGNS)
    assert page.ticked == ("unclear",)
    del page
    stand.press("交评价")
    stand.sees(Finished)
    ((_at, _service, _window, level, _reasons, text),) = stand.ask_hall(hall.staff(MANAGER).rating_words(10))
    assert (level, text) == (2, said(_SIGNS))
    del text
    stand.press("好了")
    gone(stand, tmp_path, caplog.text)


def test_a_name_with_a_request(writing, tmp_path: Path, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    stand = writing
    for label in ("轻触这里开始", "反映诉求", "环境卫生", "就在这里", "下水道堵了", "下一步"):
        stand.press(label)
    stand.sees(EnterPhone)
    stand.press("没有电话")
    write(stand)
    assert stand.sees(CheckRequest).name == said(_SIGNS)
    assert any(said(_SIGNS) in text for text in stand.words)
    stand.press("提交")
    done = stand.sees(RequestDone)
    case = stand.ask_hall(stand.hall.counter(MANAGER).request_by_id(done.request.id))
    assert case.name == said(_SIGNS)
    stand.until(lambda: len(stand.slips) == 1)
    ((_kind, slip),) = stand.slips
    assert not any(sign in line for sign in _SIGNS for line in slip.text), "printed nowhere"
    assert said(_SIGNS).encode() not in slip.raw
    del case, done
    stand.press("好了")
    gone(stand, tmp_path, caplog.text)
