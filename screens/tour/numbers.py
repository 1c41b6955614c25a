"""The tour's residents at the queue: numbers by page and by letters, with and without paper, late, called, served,
rated; and a window booked like a room.
"""

from __future__ import annotations

from datetime import timedelta

from kiosk.door import Role, Ticket, TicketOrder
from kiosk.flows import steps as s
from kiosk.hall import Caller
from screens.tour.guide import Guide
from screens.tour.stand import Astray
from screens.tour.writing import can, write

_CLERK = Caller("clerk-1", "clerk-1", Role.CLERK)


def _desk(guide: Guide, what: str, window: str, *given: object) -> object:
    """What a clerk does at a window."""
    stand = guide.stand
    key = f"tour-{what}-{window}-{stand.clock.now().isoformat()}-{given}"
    return stand.ask_hall(getattr(stand.hall.counter(_CLERK), what)(key, window, *given))


def _others(guide: Guide, service: str, many: int) -> None:
    """Others take numbers at another kiosk."""
    door = guide.stand.desk
    for number in range(many):
        key = f"tour-other-{service}-{number}-{guide.stand.clock.now().isoformat()}"
        guide.stand.ask_hall(door.take_ticket(key, TicketOrder(service)))


def _taken(step: s.TicketTaken) -> Ticket:
    return step.ticket


def take(guide: Guide) -> None:
    """取号：民政服务，高龄津贴"""
    _desk(guide, "open_window", "2", ("civil-affairs",))
    _others(guide, "civil-affairs", 3)
    _others(guide, "social-security", 1)
    guide.stand.wait(16)
    guide.see(s.Waiting, "waiting-queues", touched="没有人，窗口前有人在等")
    guide.press("轻触这里开始", s.Home)
    guide.press("取号排队", s.ChooseService)
    guide.press("民政服务", s.ChooseMatter)
    guide.press("高龄津贴", s.AskPriority)
    guide.press("不是", s.EnterPhone, "enter-phone-ticket")
    guide.type("13912345678", s.EnterPhone, "enter-phone-ticket-whole")
    guide.stand.tap("取号")
    guide.stand.hears(s.TicketTaken)
    guide.touched = "点「取号」"
    guide.picture("ticket-taken-printing")
    guide.see(s.TicketTaken, "ticket-taken-printed", touched="凭条出来了")
    guide.wait(20, s.Waiting)


def same_again(guide: Guide) -> None:
    """同一个电话再取：还是原来的号，不再打印"""
    guide.stand.press("轻触这里开始")
    guide.stand.press("取号排队")
    guide.stand.press("民政服务")
    guide.press("别的事", s.AskPriority)
    guide.stand.press("是")
    guide.stand.type("13912345678")
    guide.press("取号", s.TicketTaken, "ticket-taken-same")
    guide.press("记好了", s.Waiting)


def by_letters(guide: Guide) -> None:
    """按首字母找：低保是 D B；没有纸，号留在屏幕上"""
    guide.stand.printer.fault("paper-out")
    guide.stand.press("轻触这里开始")
    guide.stand.press("取号排队")
    guide.press("按首字母找", s.Find, "find-matter-empty")
    guide.type("D", s.Find, "find-matter")
    guide.type("B", s.Find, "find-matter")
    guide.press("最低生活保障申请", s.AskPriority)
    guide.stand.press("是")
    guide.press("不留电话", s.TicketTaken, "ticket-taken-no-paper")
    guide.wait(60, s.Waiting)


def unsure(guide: Guide) -> None:
    """不知道找谁：工作人员来"""
    guide.stand.press("轻触这里开始")
    guide.stand.press("取号排队")
    guide.press("不知道找谁", s.Help, "help-unsure")
    guide.stand.comes()
    guide.see(s.Help, "help-coming", touched="工作人员点「我去帮忙」")
    guide.press("知道了，返回", s.ChooseService)
    guide.bar("home", s.Home)


def called_and_rated(guide: Guide) -> None:
    """扫凭条：前面几人，补打，叫到几号窗口；办完了评价"""
    stand = guide.stand
    stand.press("轻触这里开始")
    stand.press("取号排队")
    stand.press("党员服务")
    stand.press("党费收缴")
    stand.press("不是")
    number = _taken(guide.press("不留电话", s.TicketTaken, "ticket-taken-printed"))
    guide.press("好了", s.Waiting)
    guide.scan(number.qr, s.ShowTicket)
    guide.press("再打一张凭条", s.TicketTaken, "ticket-taken-again")
    guide.press("好了", s.Waiting)
    _desk(guide, "open_window", "1", ("party",))
    _desk(guide, "call_next", "1")
    guide.scan(number.qr, s.ShowTicket, "show-ticket-called")
    guide.press("知道了", s.Waiting)
    _desk(guide, "hold", "1")
    guide.scan(number.qr, s.ShowTicket, "show-ticket-held")
    guide.press("知道了", s.Waiting)
    _desk(guide, "call", "1", number.id)
    stand.clock.advance(timedelta(minutes=6))
    _desk(guide, "finish", "1")
    guide.scan(number.qr, s.RateLevel)
    guide.press("非常满意", s.RateReasons)
    guide.press("办得快", s.RateReasons, "rate-reasons-ticked")
    if can(guide, "hand"):
        guide.press("hand", s.Write, "write-rating")
        write(guide, "人")
        guide.press("写好了", s.RateReasons, "rate-reasons-own")
    guide.press("交评价", s.Finished, "finished-rated")
    guide.press("好了", s.Waiting)


def missed(guide: Guide) -> None:
    """叫过没来：这个号过了，重新取"""
    stand = guide.stand
    stand.press("轻触这里开始")
    stand.press("取号排队")
    stand.press("党员服务")
    stand.press("入党咨询")
    stand.press("不是")
    stand.press("不留电话")
    number = _taken(stand.sees(s.TicketTaken))
    stand.press("好了")
    _desk(guide, "call_next", "1")
    for _recall in range(4):
        _desk(guide, "recall", "1")
        stand.clock.advance(timedelta(seconds=31))
    guide.scan(number.qr, s.ShowTicket, "show-ticket-parked")
    guide.press("知道了", s.Waiting)
    _desk(guide, "call", "1", number.id)
    _desk(guide, "no_show", "1")
    guide.scan(number.qr, s.ShowTicket, "show-ticket-no-show")
    guide.press("重新取号", s.ChooseMatter)
    guide.bar("home", s.Home)


def book_window(guide: Guide) -> None:
    """预约窗口，到时候签到就有号"""
    stand = guide.stand
    stand.press("轻触这里开始")
    stand.press("预约场地")
    guide.press("社会保障窗口", s.ChooseDay)
    guide.press("今天", s.ChooseTime, "choose-time-window")
    slot = next(slot for slot in stand.sees(s.ChooseTime).slots if slot.bookable)
    guide.stand.press(slot.start.isoformat())
    guide.type("13944445555", s.EnterPhone, "enter-phone-whole")
    guide.press("下一步", s.CheckBooking, "check-booking-window")
    done = guide.press("对，就约这个", s.Finished, "finished-printed")
    held = guide.booked(done)
    guide.press("好了", s.Waiting)
    guide.jump(held.check_in_from)
    guide.scan(held.qr, s.ShowAppointment, "show-appointment-check-in")
    guide.press("签到", s.TicketTaken, "ticket-taken-checked-in")
    guide.press("好了", s.Waiting)


def late(guide: Guide) -> None:
    """快下班了：先说可能轮不到，再让人选"""
    stand = guide.stand
    guide.jump(stand.clock.now().replace(hour=16, minute=0, second=0, microsecond=0))
    _others(guide, "civil-affairs", 25)
    for _served in range(8):  # what the estimate is made of
        _desk(guide, "call_next", "2")
        stand.clock.advance(timedelta(minutes=6))
    stand.jump(stand.clock.now() + timedelta(seconds=16))
    guide.see(s.Waiting, "waiting-queues", touched="没有人，窗口前有人在等")
    stand.press("轻触这里开始")
    stand.press("取号排队")
    stand.press("民政服务")
    stand.press("临时救助")
    stand.press("不是")
    guide.press("不留电话", s.LateTicket)
    guide.press("不取了", s.Waiting)


def after_hours(guide: Guide) -> None:
    """下班了：为什么不取号，什么能办"""
    guide.jump(guide.stand.clock.now().replace(hour=18, minute=30, second=0, microsecond=0))
    guide.stand.press("轻触这里开始")
    guide.press("取号排队", s.ChooseService, "choose-service-closed")
    refused = guide.press("民政服务", s.Refused, "refused-numbers")
    if not refused.refusal.next:
        msg = "a no without a way on"
        raise Astray(msg)
    guide.bar("home", s.Home)
