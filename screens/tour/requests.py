"""The tour's residents with a problem: filed by page, by letters and with a clerk's help; followed by number and by
slip; not solved, solved.
"""

from __future__ import annotations

from datetime import timedelta

from kiosk.door import Request, RequestOrder, Role
from kiosk.flows import steps as s
from kiosk.hall import Caller
from screens.tour.guide import Guide
from screens.tour.stand import Astray
from screens.tour.writing import can, write


def _officer(guide: Guide, what: str, request: Request, *given: object) -> None:
    """What whoever answers for it does, some days later."""
    stand = guide.stand
    counter = stand.hall.counter(Caller("clerk-1", "王志强", Role.CLERK))
    stand.clock.advance(timedelta(minutes=1))
    stand.ask_hall(getattr(counter, what)(f"tour-{what}-{request.id}-{given}", request.id, *given))


def _filed_elsewhere(guide: Guide, text: str) -> Request:
    """Somebody filed this at another kiosk."""
    door = guide.stand.hall.door(Caller("kiosk-2", "kiosk-2", Role.KIOSK))
    order = RequestOrder("environment", text, "market", None, "13912345678")
    made = guide.stand.ask_hall(door.file_request(f"tour-filed-{text}", order))
    if not isinstance(made, Request):
        msg = f"the hall refused a request: {made}"
        raise Astray(msg)
    return made


def _answered_elsewhere(guide: Guide, text: str, answer: str) -> Request:
    """Such a request that has its answer, found by its slip."""
    request = _filed_elsewhere(guide, text)
    _officer(guide, "accept", request)
    _officer(guide, "answer", request, answer)
    guide.scan(request.qr, s.ShowRequest, "show-request-answered")
    return request


def file(guide: Guide) -> None:
    """反映诉求：哪方面、在哪里、什么事、电话、看一看、交上去"""
    guide.stand.press("轻触这里开始")
    guide.press("反映诉求", s.ChooseCategory)
    guide.press("环境卫生", s.ChoosePlace)
    guide.press("东风社区", s.ChoosePlace, "choose-place-inside")
    guide.bar("back", s.ChoosePlace)
    guide.press("按首字母找", s.Find, "find-place")
    guide.type("N", s.Find, "find-place")
    guide.press("农贸市场", s.ChoosePhrases)
    guide.press("下水道堵了", s.ChoosePhrases, "choose-phrases-one")
    guide.press("下一步", s.EnterPhone, "enter-phone-request")
    guide.type("13912345678", s.EnterPhone, "enter-phone-request")
    guide.press("下一步", s.CheckRequest)
    guide.press("改一改", s.CheckRequest, "check-request-changing")
    guide.press("不改了", s.CheckRequest)
    guide.stand.tap("提交")
    guide.stand.hears(s.RequestDone)
    guide.touched = "点「提交」"
    guide.picture("request-done-printing")
    guide.see(s.RequestDone, "request-done-printed", touched="凭条出来了")
    guide.press("好了", s.Waiting)


def by_letters(guide: Guide) -> None:
    """按首字母找要说的事：路灯是 L D，点一句就说明了什么事"""
    for label in ("轻触这里开始", "反映诉求"):
        guide.stand.press(label)
    guide.press("按首字母找", s.Find, "find-category-empty")
    guide.type("LD", s.Find, "find-category")
    guide.press("路灯不亮", s.ChoosePlace)
    guide.press("就在这里", s.EnterPhone, "enter-phone-request")
    guide.bar("home", s.Home)


def with_a_clerk(guide: Guide) -> None:
    """没有合适的话：请工作人员帮着写"""
    for label in ("轻触这里开始", "反映诉求", "矛盾调解", "就在这里"):
        guide.stand.press(label)
    guide.press("请人帮我写", s.Help, "help-write")
    guide.press("知道了，返回", s.ChoosePhrases)
    guide.bar("home", s.Home)


def follow(guide: Guide) -> None:
    """输入十位的号：办到哪一步了；申请帮助；再打一张"""
    request = _filed_elsewhere(guide, "路灯不亮")
    guide.stand.press("轻触这里开始")
    guide.stand.press("反映诉求")
    guide.press("看提过的诉求", s.EnterCode, "enter-code-request")
    guide.type(request.code, s.EnterCode, "enter-code-request")
    guide.press("查找", s.ShowRequest)
    guide.press("申请帮助", s.ChooseHelp)
    guide.press("上门", s.RequestDone, "request-done-help")
    guide.press("好了", s.Waiting)
    _officer(guide, "accept", request)
    _officer(guide, "doing", request)
    guide.scan(request.qr, s.ShowRequest, "show-request-doing")
    guide.press("再打一张", s.RequestDone, "request-done-again")
    guide.press("好了", s.Waiting)


def not_solved(guide: Guide) -> None:
    """办好了，可是没解决：为什么，什么时候再答复"""
    request = _answered_elsewhere(guide, "下水道堵了", "下水道已经疏通，井盖也换了新的。")
    guide.press("没解决", s.WhyNotSolved)
    guide.press("来过了，没有弄好", s.RequestDone, "request-done-not-solved")
    guide.press("好了", s.Waiting)
    guide.scan(request.qr, s.ShowRequest, "show-request-doing")
    guide.press("知道了", s.Waiting)


def not_solved_in_own_words(guide: Guide) -> None:
    """没解决：还差在哪里，自己写"""
    if not can(guide, "hand"):
        return
    _answered_elsewhere(guide, "楼道里没有灯", "灯装好了。")
    guide.press("没解决", s.WhyNotSolved)
    guide.press("自己写", s.Write, "write-why")
    write(guide, "灯")
    guide.press("choose", s.WhyNotSolved, "why-not-solved-own")
    guide.press("hand", s.Write, "write-why")
    guide.press("写好了", s.RequestDone, "request-done-not-solved")
    guide.press("好了", s.Waiting)


def solved(guide: Guide) -> None:
    """办好了，解决了：办结销号"""
    request = _answered_elsewhere(guide, "垃圾没有人清", "垃圾清走了，以后每天早上来收。")
    guide.press("解决了", s.ConfirmSolved)
    guide.press("对，解决了", s.RequestDone, "request-done-solved")
    guide.press("好了", s.Waiting)
    guide.scan(request.qr, s.ShowRequest, "show-request-over")
    guide.press("知道了", s.Waiting)


def no_paper(guide: Guide) -> None:
    """没有纸：十位的号留在屏幕上"""
    guide.stand.printer.fault("paper-out")
    for label in ("轻触这里开始", "反映诉求", "意见建议", "就在这里", "希望多办活动", "下一步", "没有电话"):
        guide.stand.press(label)
    guide.press("提交", s.RequestDone, "request-done-no-paper")
    guide.wait(60, s.Waiting)
