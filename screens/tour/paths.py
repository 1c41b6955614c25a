"""Where a tour goes: each path is one resident, page by page and touch by touch, in the order of a Monday morning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from kiosk.flows import steps as s
from kiosk.station.events import SlipLost
from screens.tour import numbers, requests, writing
from screens.tour.guide import Guide

PHONE = "13912345678"
Path = Callable[[Guide], None]


def seed(guide: Guide) -> None:
    """The hall has been open since nine: some places are taken, one slot of tomorrow is full."""
    stand, now = guide.stand, guide.stand.clock.now()
    tomorrow = (now + timedelta(days=1)).replace(minute=0)
    for number in range(10):
        stand.book_elsewhere("gym", tomorrow.replace(hour=11), f"1380000{number:04d}")
    for hour, many in ((10, 4), (14, 1), (16, 8)):
        for number in range(many):
            stand.book_elsewhere("gym", tomorrow.replace(hour=hour), f"137{hour:02d}00{number:04d}")
    for number in range(3):
        stand.book_elsewhere("reading-room", now.replace(hour=10, minute=0), f"136000{number:05d}", 2)


def _to_phone(guide: Guide, time: str, day: str = "明天", place: str = "健身房") -> None:
    guide.stand.press("轻触这里开始")
    guide.stand.press("预约场地")
    guide.stand.press(place)
    guide.stand.press(day)
    guide.stand.press(time)
    guide.stand.press("1 人")
    guide.stand.sees(s.EnterPhone)


def book(guide: Guide) -> None:
    """约健身房，取走凭条"""
    guide.see(s.Waiting, touched="没有人")
    guide.press("轻触这里开始", s.Home)
    guide.press("预约场地", s.ChooseFacility)
    guide.press("健身房", s.ChooseDay)
    guide.press("明天", s.ChooseTime)
    guide.press("9:00", s.ChoosePeople)
    guide.press("2 人", s.EnterPhone)
    guide.type(PHONE[:9], s.EnterPhone, "enter-phone-missing")
    guide.type(PHONE[9:], s.EnterPhone, "enter-phone-whole")
    guide.press("下一步", s.CheckBooking)
    guide.press("改一改", s.CheckBooking, "check-booking-changing")
    guide.press("改人数", s.ChoosePeople)
    guide.press("1 人", s.CheckBooking)
    guide.stand.tap("对，就约这个")
    guide.stand.hears(s.Finished)
    guide.touched = "点「对，就约这个」"
    guide.picture("finished-printing")
    guide.see(s.Finished, "finished-printed", touched="凭条出来了")
    guide.wait(20, s.Waiting)


def no_paper(guide: Guide) -> None:
    """打印机没纸：号码留在屏幕上"""
    guide.stand.printer.fault("paper-out")
    _to_phone(guide, "10:00", place="党群阅览室")
    guide.type("13987654321", s.EnterPhone, "enter-phone-whole")
    guide.press("下一步", s.CheckBooking)
    guide.press("对，就约这个", s.Finished, "finished-no-paper")
    guide.wait(60, s.Waiting)


def full(guide: Guide) -> None:
    """约满了：改约旁边的时间，一点就行"""
    guide.stand.press("轻触这里开始")
    guide.stand.press("预约场地")
    guide.stand.press("健身房")
    guide.press("明天", s.ChooseTime)
    refused = guide.press("11:00", s.Refused, "refused-full")
    offer = next(number for number, one in enumerate(refused.refusal.next) if one.facility)
    guide.stand.press(str(offer))
    guide.see(s.ChoosePeople, touched="点第一个可约的时间")
    guide.press("1 人", s.EnterPhone)
    guide.type("13911112222", s.EnterPhone, "enter-phone-whole")
    guide.press("下一步", s.CheckBooking)
    guide.press("对，就约这个", s.Finished, "finished-printed")
    guide.press("好了", s.Waiting)


def late(guide: Guide) -> None:
    """来不及了：要提前半天，最早可约下午"""
    guide.stand.press("轻触这里开始")
    guide.stand.press("预约场地")
    guide.stand.press("健身房")
    guide.press("今天", s.ChooseTime, "choose-time-today")
    guide.press("10:00", s.Refused, "refused-late")
    guide.press("都不要，返回", s.ChooseTime, "choose-time-today")
    guide.bar("home", s.Home)
    guide.bar("back", s.Waiting)


def twice(guide: Guide) -> None:
    """同一个号码同一天约第二次"""
    _to_phone(guide, "15:00")
    guide.type(PHONE, s.EnterPhone, "enter-phone-whole")
    guide.press("下一步", s.CheckBooking)
    guide.press("对，就约这个", s.Refused, "refused-twice")
    guide.bar("home", s.Home)


def walk_in(guide: Guide) -> None:
    """已经开始的场次有空位：现在就进去"""
    guide.stand.press("轻触这里开始")
    guide.stand.press("预约场地")
    guide.stand.press("健身房")
    guide.stand.press("今天")
    guide.stand.press("9:00")
    if isinstance(guide.stand.page, s.ChoosePeople):
        guide.stand.press("1 人")
    if isinstance(guide.stand.page, s.EnterPhone):
        guide.stand.type("13955556666")
        guide.stand.press("下一步")
    guide.see(s.CheckBooking, "check-booking-walk-in", touched="点「9:00 现在有空位」")
    guide.press("对，现在就用", s.Finished, "finished-walked-in")
    guide.press("好了", s.Waiting)


def equipment(guide: Guide) -> None:
    """远程教育设备：提前三天，半天一场"""
    guide.stand.press("轻触这里开始")
    guide.stand.press("预约场地")
    guide.press("远程教育设备", s.ChooseDay, "choose-day-equipment")
    guide.press("11月26日", s.ChooseTime, "choose-time-halves")
    guide.bar("back", s.ChooseDay, "choose-day-equipment")


def change_and_undo(guide: Guide) -> None:
    """用凭条上的号：改期，再撤销"""
    made = guide.stand.book_elsewhere("gym", _tomorrow(guide, 9), "13933334444")
    guide.stand.press("轻触这里开始")
    guide.press("我的预约", s.HowToFind)
    guide.press("输入凭条上的号", s.EnterCode)
    guide.type(made.code[:3], s.EnterCode, "enter-code-missing")
    guide.type(made.code[3:], s.EnterCode, "enter-code-whole")
    guide.press("查找", s.ShowAppointment, "show-appointment-undo")
    guide.press("改期", s.ChooseDay, "choose-day-changing")
    guide.press("11月25日", s.ChooseTime, "choose-time-changing")
    guide.press("15:00", s.CheckBooking, "check-booking-changed")
    guide.press("对，就改到这个", s.Finished, "finished-changed")
    guide.press("好了", s.Waiting)
    guide.stand.press("轻触这里开始")
    guide.stand.press("我的预约")
    guide.stand.scan(made.qr)
    guide.see(s.ShowAppointment, "show-appointment-undo", touched="扫凭条")
    guide.press("撤销", s.ConfirmCancel, "confirm-undo")
    guide.press("不，留着", s.ShowAppointment, "show-appointment-undo")
    guide.press("撤销", s.ConfirmCancel, "confirm-undo")
    guide.stand.press("对，")
    guide.see(s.Finished, "finished-cancelled", touched="点「对，…」")
    guide.wait(20, s.Waiting)


def cancel_and_reprint(guide: Guide) -> None:
    """扫凭条：补打；过了十分钟，取消"""
    made = guide.stand.book_elsewhere("gym", _tomorrow(guide, 15), "13977778888")
    guide.jump(guide.stand.clock.now() + timedelta(minutes=11))
    guide.scan(made.qr, s.ShowAppointment)
    guide.press("补打", s.Finished, "finished-reprinted")
    guide.press("好了", s.Waiting)
    guide.scan(made.qr, s.ShowAppointment)
    guide.press("取消", s.ConfirmCancel)
    guide.stand.press("对，")
    guide.see(s.Finished, "finished-cancelled", touched="点「对，…」")
    guide.press("好了", s.Waiting)
    guide.scan(made.qr, s.ShowAppointment, "show-appointment-cancelled")
    guide.bar("home", s.Home)


def wrong_codes(guide: Guide) -> None:
    """面馆的二维码，打错的号，打错的电话"""
    guide.stand.press("轻触这里开始")
    guide.stand.press("我的预约")
    guide.scan("https://noodles.example/menu?table=7", s.HowToFind, "how-to-find-not-ours")
    guide.press("输入凭条上的号", s.EnterCode)
    guide.stand.type("000000")
    guide.press("查找", s.EnterCode, "enter-code-unknown")
    guide.bar("back", s.HowToFind, "how-to-find-not-ours")
    guide.press("用电话号码找", s.EnterPhone, "find-phone")
    guide.type("12", s.EnterPhone, "find-phone-wrong")
    guide.bar("home", s.Home)


def timed_out(guide: Guide) -> None:
    """走开了：先提醒，再清屏"""
    _to_phone(guide, "15:00")
    guide.type("1391", s.EnterPhone, "enter-phone-missing")
    guide.wait(60, s.StillThere)
    guide.press("我还在，继续", s.EnterPhone, "enter-phone-missing")
    guide.wait(60, s.StillThere)
    guide.wait(30, s.Waiting)


def hall_away(guide: Guide) -> None:
    """大厅的电脑没有回应，又好了；按下去的那一下只算一次"""
    guide.stand.press("轻触这里开始")
    guide.stand.wire.state = "down"
    guide.press("预约场地", s.Away)
    guide.stand.wire.state = "up"
    guide.stand.wait(3)
    guide.see(s.ChooseFacility, touched="大厅回来了")
    guide.stand.press("党群阅览室")
    guide.stand.press("明天")
    guide.stand.press("14:00")
    guide.stand.press("1 人")
    guide.stand.type("13922223333")
    guide.stand.press("下一步")
    guide.stand.wire.state = "deaf"
    guide.press("对，就约这个", s.Away, "away-pending")
    guide.stand.wire.state = "up"
    guide.stand.wait(3)
    guide.see(s.Finished, "finished-printed", touched="大厅回来了")
    guide.press("好了", s.Waiting)
    guide.stand.wire.state = "down"
    guide.stand.wait(16)
    guide.see(s.Waiting, "waiting-away", touched="没有人，大厅没有回应")
    guide.stand.wire.state = "up"
    guide.stand.wait(3)


def slow(guide: Guide) -> None:
    """等得看得见的时候，页面会说"""
    guide.stand.press("轻触这里开始")
    guide.stand.wire.state = "slow"
    guide.stand.tap("预约场地")
    guide.stand.wait(0.3)
    guide.see(s.Working, touched="点「预约场地」，大厅很慢")
    guide.stand.wire.state = "up"
    guide.see(s.ChooseFacility, touched="大厅回答了")
    guide.bar("home", s.Home)


def ask_for_help(guide: Guide) -> None:
    """请人帮忙"""
    guide.stand.press("轻触这里开始")
    guide.stand.wire.state = "slow"
    guide.stand.bar("help")
    guide.see(s.Help, "help-ringing", touched="bar: help")
    guide.stand.wire.state = "up"
    guide.see(s.Help, "help-rung", touched="工作人员那边响了")
    guide.stand.comes()
    guide.see(s.Help, "help-coming", touched="工作人员点「我去帮忙」")
    guide.press("知道了，返回", s.Home)
    guide.bar("back", s.Waiting)
    guide.stand.press("轻触这里开始")
    guide.stand.wire.state = "down"
    guide.stand.bar("help")
    guide.see(s.Help, "help-failed", touched="bar: help，大厅没有回应")
    guide.stand.wire.state = "up"


def no_phone(guide: Guide) -> None:
    """没有电话：请工作人员来"""
    _to_phone(guide, "15:00")
    guide.press("没有电话", s.Help, "help-no-phone")
    guide.press("知道了，返回", s.EnterPhone)


def looks(guide: Guide) -> None:
    """显示和语言：换了，页面还在"""
    guide.stand.press("轻触这里开始")
    guide.stand.press("预约场地")
    guide.bar("display", s.Display)
    guide.press("大字", s.Display)
    guide.press("就这样", s.ChooseFacility)
    guide.bar("language", s.ChooseFacility)
    guide.bar("display", s.Display)
    guide.press("High contrast", s.Display)
    guide.press("Low", s.Display)
    guide.bar("back", s.ChooseFacility)
    guide.bar("home", s.Home)
    guide.bar("language", s.Home)


def check_in(guide: Guide) -> None:
    """下午三点的阅览室：用号、用二维码、用电话签到"""
    stand = guide.stand
    three = stand.clock.now().replace(hour=15, minute=0, second=0, microsecond=0)
    phones = ("13901010101", "13902020202", "13903030303")
    by_code, by_scan, _by_phone = (stand.book_elsewhere("reading-room", three, phone) for phone in phones)
    guide.jump(three - timedelta(minutes=14))
    stand.press("轻触这里开始")
    stand.press("我的预约")
    stand.press("输入凭条上的号")
    stand.type(by_code.code)
    guide.press("查找", s.ShowAppointment, "show-appointment-check-in")
    guide.press("签到", s.Finished, "finished-checked-in")
    guide.press("好了", s.Waiting)
    guide.scan(by_scan.qr, s.ShowAppointment, "show-appointment-check-in")
    guide.press("签到", s.Finished, "finished-checked-in")
    guide.press("好了", s.Waiting)
    stand.press("轻触这里开始")
    stand.press("我的预约")
    stand.press("用电话号码找")
    guide.type(phones[2], s.EnterPhone, "find-phone-whole")
    guide.press("查找", s.ChooseFound)
    guide.press("党群阅览室", s.Finished, "finished-checked-in-by-phone")
    guide.press("好了", s.Waiting)


def closed(guide: Guide) -> None:
    """周六：为什么不开、什么时候开；断电前没打出来的凭条"""
    saturday = guide.stand.clock.now().replace(hour=10, minute=0) + timedelta(days=5)
    guide.jump(saturday)
    guide.see(s.Waiting, "waiting-closed", touched="没有人，周六")
    guide.stand.app.on_event(SlipLost())
    guide.see(s.Waiting, "waiting-after-a-crash", touched="没有人，刚刚重新启动")


def _tomorrow(guide: Guide, hour: int):  # noqa: ANN202 - a datetime
    return (guide.stand.clock.now() + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)


PATHS: tuple[Path, ...] = (
    book, no_paper, full, late, twice, walk_in, equipment, change_and_undo, cancel_and_reprint, wrong_codes, timed_out,
    hall_away, slow, ask_for_help, no_phone, looks, requests.file, requests.by_letters, requests.with_a_clerk,
    requests.follow, requests.not_solved, requests.not_solved_in_own_words, requests.solved, requests.no_paper,
    writing.by_hand, writing.by_pinyin, writing.with_a_name, numbers.take, numbers.same_again, numbers.by_letters,
    numbers.unsure, numbers.called_and_rated, numbers.missed, numbers.book_window, check_in, numbers.late,
    numbers.after_hours, closed,
)
