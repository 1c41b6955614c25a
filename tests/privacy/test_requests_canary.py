"""What a request says, where it is and whose telephone it has, as canaries: once the visit is over they are in no live
object, no log, no slip, no picture and in no file in the clear.
"""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from kiosk.door import Request, RequestOrder
from kiosk.flows.steps import CheckRequest, Find, RequestDone, ShowRequest
from tests.memory import living
from tests.privacy import test_canary as canaries

pytestmark = pytest.mark.window

# made of pieces at run time, as in `test_canary`
_TEXT = ("玄武", "门外", "三棵", "歪脖树")
_PLACE = ("碧螺", "巷尾", "蓝门")


def said(pieces: tuple[str, ...]) -> str:
    return "".join(pieces)


def held(*pieces: tuple[str, ...]) -> list[str]:
    """Live strings that hold what was said, or any three of its four pieces in a row."""
    return living(*(said(each[:3]) for each in pieces))


def on_disk(folder: Path, *pieces: tuple[str, ...]) -> list[str]:
    needles = [said(each).encode(code) for each in pieces for code in ("utf-8", "utf-16-le", "gbk")]
    return [path.name for path in folder.rglob("*") if path.is_file()
            if any(needle in path.read_bytes() for needle in needles)]


def settle(stand) -> None:
    canaries.settle(stand)


def to_check(stand) -> None:
    for label in ("轻触这里开始", "反映诉求", "环境卫生", "按首字母找"):
        stand.press(label)
    stand.sees(Find)
    stand.type("NM")
    stand.press("农贸市场")
    stand.press("下水道堵了")
    stand.press("下一步")
    canaries.type_it(stand)
    stand.press("下一步")
    stand.sees(CheckRequest)


def test_the_telephone_after_a_request_was_filed_and_after_one_was_left(stand, tmp_path: Path, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    to_check(stand)
    stand.press("提交")
    done = stand.sees(RequestDone)
    stand.until(lambda: len(stand.slips) == 1)
    assert done.request.phone_tail == canaries.canary()[-4:]
    stand.press("好了")
    settle(stand)
    assert canaries.in_memory() == []
    assert canaries.on_disk(tmp_path) == []
    assert not [form for form in canaries.forms() if form in caplog.text]
    ((_kind, slip),) = stand.slips
    assert not [form for form in canaries.forms() if form.encode() in slip.raw]
    to_check(stand)
    stand.wait(60)
    stand.wait(31)
    settle(stand)
    assert canaries.in_memory() == []
    assert canaries.on_disk(tmp_path) == []


def test_what_a_request_says_after_it_was_looked_at(stand, tmp_path: Path, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    order = RequestOrder("environment", said(_TEXT), "market", said(_PLACE))
    made = stand.ask_hall(stand.desk.file_request("written-by-a-clerk", order))
    assert isinstance(made, Request)
    qr = made.qr
    del order, made
    # the hall's writer holds its newest command until the next: here the hall lives in the same process
    stand.ask_hall(stand.desk.file_request("another", RequestOrder("suggestion", "多办活动")))
    stand.scan(qr)
    shown = stand.sees(ShowRequest)
    assert any(said(_TEXT) in text for text in stand.words)
    assert held(_TEXT, _PLACE), "otherwise nothing below proves anything"
    del shown
    stand.press("知道了")
    settle(stand)
    assert held(_TEXT, _PLACE) == []
    assert on_disk(tmp_path, _TEXT, _PLACE) == []
    assert said(_TEXT) not in caplog.text
    assert said(_PLACE) not in caplog.text
