"""A resident with a problem, by real touches: filed, followed, helped, not solved, solved."""

from __future__ import annotations

import pytest

from kiosk.door import RequestState, Role
from kiosk.flows.steps import (
    CheckRequest,
    ChooseCategory,
    ChooseHelp,
    ChoosePhrases,
    ChoosePlace,
    ConfirmSolved,
    EnterCode,
    EnterPhone,
    Find,
    Help,
    RequestDone,
    ShowRequest,
    WhyNotSolved,
)
from kiosk.hall import Caller
from kiosk.writing.readings import ALPHABET
from tests.journeys.walks import PHONE

pytestmark = pytest.mark.window


def officer(stand, what: str, *given: object) -> None:
    counter = stand.hall.counter(Caller("clerk-1", "王志强", Role.CLERK))
    stand.ask_hall(getattr(counter, what)(f"officer-{what}-{given}", *given))


def test_the_drain_from_the_first_touch_to_solved(stand) -> None:
    for label, page in (("轻触这里开始", None), ("反映诉求", ChooseCategory), ("环境卫生", ChoosePlace),
                        ("按首字母找", Find)):
        stand.press(label)
        if page:
            stand.sees(page)
    stand.type("NM")
    stand.press("农贸市场")
    stand.sees(ChoosePhrases)
    stand.press("请人帮我写")
    stand.sees(Help)
    stand.press("知道了，返回")
    stand.press("下水道堵了")
    stand.press("下一步")
    stand.sees(EnterPhone)
    stand.type(PHONE)
    stand.press("下一步")
    stand.sees(CheckRequest)
    assert {"农贸市场", "下水道堵了", "139 **** 5678"} <= set(stand.words)
    stand.press("提交")
    done = stand.sees(RequestDone)
    held = done.request
    stand.until(lambda: len(stand.slips) == 1)
    ((kind, slip),) = stand.slips
    printed = "".join(slip.text) if slip.text else ""
    assert kind == "request"
    assert held.text not in printed
    stand.press("好了")

    stand.press("轻触这里开始")
    stand.press("反映诉求")
    stand.press("看提过的诉求")
    stand.sees(EnterCode)
    stand.type(held.code)
    stand.press("查找")
    assert stand.sees(ShowRequest).request.state is RequestState.REGISTERED
    stand.press("申请帮助")
    stand.sees(ChooseHelp)
    stand.press("上门")
    assert stand.sees(RequestDone).what == "help-asked"
    stand.press("好了")

    officer(stand, "accept", held.id)
    officer(stand, "answer", held.id, "疏通了。")
    stand.scan(held.qr)
    stand.sees(ShowRequest)
    assert any("疏通了。" in text for text in stand.words)
    stand.press("没解决")
    stand.sees(WhyNotSolved)
    stand.press("来过了，没有弄好")
    again = stand.sees(RequestDone)
    assert any(str(again.request.due.day) in text for text in stand.words)
    stand.press("好了")

    officer(stand, "answer", held.id, "这回全通了。")
    stand.scan(held.qr)
    stand.press("解决了")
    stand.sees(ConfirmSolved)
    stand.press("对，解决了")
    assert stand.sees(RequestDone).request.state is RequestState.CONFIRMED


def test_the_street_light_by_its_letters(stand) -> None:
    for label in ("轻触这里开始", "反映诉求", "按首字母找"):
        stand.press(label)
    for typed in ("LD", "LUDENG", "LDBL"):
        if stand.sees(Find).typed:
            stand.press("清空")
        for letter in typed:
            assert letter in stand.sees(Find).letters
            stand.type(letter)
        assert stand.sees(Find).typed == typed
        assert {"路灯不亮", "环境卫生"} <= set(stand.words)
    page = stand.sees(Find)
    for key in stand.driver.shell.page.ids.letters.children:
        if key.key in set(ALPHABET) - set(page.letters):
            stand.driver.tap(key)
    stand.settle()
    assert stand.sees(Find) == page, "a letter that leads nowhere cannot be pressed"
    stand.press("路灯不亮")
    stand.sees(ChoosePlace)
    stand.press("就在这里")
    stand.sees(EnterPhone)
    stand.press("没有电话")
    assert {"环境卫生", "路灯不亮"} <= set(stand.words)
    assert [said.zh for said in stand.sees(CheckRequest).said] == ["路灯不亮"]
