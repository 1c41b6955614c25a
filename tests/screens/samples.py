"""A step of every kind and state, as the flows would give it: what tests, pictures and new pages are tried on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from kiosk.door import (
    Appointment,
    AppointmentState,
    BookableDay,
    Day,
    Facility,
    Found,
    HallFacts,
    Matter,
    Name,
    Offer,
    Period,
    Reason,
    Refusal,
    Service,
    Slot,
    Ticket,
    TicketState,
    Wait,
)
from kiosk.flows.steps import (
    AskPriority,
    Away,
    CheckBooking,
    ChooseDay,
    ChooseFacility,
    ChooseFound,
    ChooseMatter,
    ChoosePeople,
    ChooseService,
    ChooseTime,
    ConfirmCancel,
    Display,
    EnterCode,
    EnterPhone,
    Find,
    Finished,
    FoundName,
    Help,
    Home,
    HowToFind,
    LateTicket,
    RateLevel,
    RateReasons,
    Refused,
    ShowAppointment,
    ShowTicket,
    StillThere,
    TicketTaken,
    Trail,
    Waiting,
    Working,
)

Z = timezone(timedelta(hours=8))


def at(d, h, m=0):
    return datetime(2026, 11, d, h, m, tzinfo=Z)


NOW = at(23, 9, 30)
gym = Facility(
    "gym",
    Name("健身房", "Gym"),
    Name("五楼东侧", "5th floor, east"),
    Name("运动鞋、毛巾", "Sports shoes, a towel"),
    "gym",
    10,
    "个",
    60,
    {"half_days": 1},
    2,
    at(23, 14),
    8,
    3,
)
rr = Facility(
    "reading-room",
    Name("党群阅览室", "Reading room"),
    Name("五楼西侧", "5th floor, west"),
    Name("无", "Nothing"),
    "book",
    20,
    "座",
    60,
    {"minutes": 30},
    2,
    at(23, 10),
    17,
)
re_ = Facility(
    "remote-education",
    Name("远程教育设备", "Remote-education equipment"),
    Name("五楼多功能厅", "5th floor, hall"),
    Name("身份证", "ID card"),
    "screen",
    1,
    "套",
    None,
    {"days": 3},
    1,
    at(26, 9),
    1,
)
F = (gym, rr, re_)
FULL = tuple(replace(one, earliest=None, earliest_free=0, free_now=n) for n, one in enumerate(F))
day = Day(date(2026, 11, 23), (Period(at(23, 9), at(23, 12)), Period(at(23, 14), at(23, 17, 30))))
facts = HallFacts(
    Name("园区党群服务中心", "Park Community Service Centre"),
    Name("园区管委会五楼", "Park Administration, 5th floor"), NOW, day, None, at(23, 12), F,
)  # fmt: skip
sun = HallFacts(
    facts.name, facts.address, NOW, Day(date(2026, 11, 22), (), Reason("closed-weekend")), at(24, 9), None, F
)
T2 = Trail(("预约", gym.name), 2, 6)
WHY = {
    5: Reason("closed-weekend"),
    6: Reason("closed-weekend"),
    9: Reason("full"),
    12: Reason("closed-weekend"),
    13: Reason("closed-weekend"),
}
FREE = (9, 60, 52, 48, 60, 0, 0, 60, 31, 0, 55, 58, 0, 0)
days = tuple(BookableDay(date(2026, 11, 23) + timedelta(n), FREE[n], WHY.get(n)) for n in range(14))


def slot_at(h, free, b=True, w=False, r=None, d=24):
    return Slot("gym", at(d, h), at(d, h + 1), 10, free, b, w, r)


slots = (
    slot_at(9, 10),
    slot_at(10, 6),
    slot_at(11, 0, False, False, Reason("full", {"facility": gym.name, "start": at(24, 11)})),
    slot_at(14, 9),
    slot_at(15, 10),
    slot_at(16, 2),
)
today = (
    slot_at(9, 3, False, True, None, 23),
    slot_at(10, 10, False, False, Reason("lead", {"facility": gym.name, "lead": "half_days:1"}), 23),
    slot_at(11, 10, False, False, Reason("lead", {"facility": gym.name, "lead": "half_days:1"}), 23),
    slot_at(14, 9, d=23),
    slot_at(15, 10, d=23),
    slot_at(16, 2, d=23),
)
appt = Appointment(
    "a1",
    "482761",
    "HKA:482761:ABCDEFGH",
    "gym",
    gym.name,
    gym.place,
    gym.bring,
    at(24, 9),
    at(24, 10),
    2,
    AppointmentState.BOOKED,
    "5678",
    at(23, 9, 40),
    at(24, 8, 45),
    at(24, 9, 15),
    ("cancel", "reschedule", "reprint"),
)
appt2 = Appointment(
    "a1",
    "482761",
    "HKA:482761:ABCDEFGH",
    "gym",
    gym.name,
    gym.place,
    gym.bring,
    at(23, 9, 30),
    at(23, 10, 30),
    1,
    AppointmentState.BOOKED,
    "5678",
    at(23, 9, 20),
    at(23, 9, 15),
    at(23, 9, 45),
    ("check-in", "cancel", "reschedule", "reprint"),
)
found = (
    Found("r1", "gym", gym.name, at(24, 9), at(24, 10), AppointmentState.BOOKED),
    Found("r2", "reading-room", rr.name, at(23, 9, 30), at(23, 10, 30), AppointmentState.BOOKED, ("check-in",)),
)
ref = Refusal(
    "conflict",
    Reason("full", {"facility": gym.name, "start": at(24, 11)}),
    (
        Offer(Reason("nearest", {"facility": gym.name, "start": at(24, 10)}), "gym", at(24, 10)),
        Offer(Reason("nearest", {"facility": gym.name, "start": at(24, 14)}), "gym", at(24, 14)),
    ),
)
M = Trail(("我的预约",))


def service(id_, zh, en, letter, waiting=0, wait=None, matters=(), **more):
    return Service(id_, Name(zh, en), letter, tuple(
        Matter(Name(a, b), also) for a, b, also in matters), more.pop("open", True), waiting, wait,
        more.pop("past_closing", False), more.pop("bookable", False), **more)


civil = service("civil-affairs", "民政服务", "Civil affairs", "b", 7, Wait(20, 35), (
    ("最低生活保障申请", "Minimum living allowance", ("低保申请", "低保")),
    ("特困人员供养", "Support for the destitute", ()),
    ("临时救助", "Temporary relief", ()),
    ("高龄津贴", "Old-age allowance", ("老人补贴",)),
    ("老年人优待证", "Senior citizen card", ("老年证",)),
    ("残疾人两项补贴", "Disability allowances", ("残疾补贴",)),
    ("孤儿和困境儿童保障", "Support for children in need", ()),
    ("居家养老服务", "Care at home", ()),
    ("殡葬惠民补贴", "Funeral allowance", ()),
), bookable=True)
social = service("social-security", "社会保障", "Social security", "d", 12, Wait(60, 110), bookable=True,
                 past_closing=True)
services = (
    service("party", "党员服务", "Party members", "A"), civil,
    service("health", "卫生健康", "Health", "C", 3), social,
    service("employment", "劳动就业", "Employment", "E", 1, Wait(5, 5)),
    service("veterans", "退役军人服务", "Veterans", "F", open=False, reason=Reason("service-closed")),
)
windows = (Facility("civil-affairs", Name("民政服务", "Civil affairs"), Name("", ""), Name("", ""), "", 2, "个", 30,
                    {"minutes": 60}, 1, at(23, 11)),)
Q2 = Trail(("取号排队", civil.name), 2, 4)
TWO, THREE = Name("2号窗口", "Window 2"), Name("3号窗口", "Window 3")


SOON = Wait(20, 35)


def ticket_as(state=TicketState.WAITING, ahead=7, wait=SOON, **more):
    return Ticket("t1", "b023", "civil-affairs", civil.name, state, ahead, wait, False, NOW,
                  "HKT:0123456789ABCDEF:ABCDEFGH", matter="高龄津贴", **more)


MINE = Trail(("我的号码",))
RATE = Trail(("评价",))
STEPS = dict(  # noqa: C408 - the names read better so
    waiting=Waiting(facts),
    waiting_lines=Waiting(facts, services=services),
    waiting_full=Waiting(replace(facts, facilities=FULL)),
    waiting_idle=Waiting(facts, services=services[:1]),
    sunday=Waiting(sun),
    away0=Waiting(None, Reason("hall-away"), True, shut=True),
    away1=Waiting(facts, Reason("hall-away"), shut=True),
    broken=Waiting(None, Reason("config-broken"), shut=True),
    doubt=Waiting(facts, Reason("kiosk-clock"), True),
    home=Home(),
    facility=ChooseFacility(Trail(("预约",), 1, 6), F, NOW),
    facility_full=ChooseFacility(Trail(("预约",), 1, 6), FULL, NOW),
    windows=ChooseFacility(Trail(("预约",), 1, 6), F, NOW, (*windows, windows[0])),
    service=ChooseService(Trail(("取号排队",), 1, 4), services),
    matter=ChooseMatter(Q2, civil),
    letters=Find(Trail(("取号排队",)), "matter", "D", tuple(FoundName(matter.name) for matter in civil.matters), "BQ"),
    priority=AskPriority(Q2, civil),
    skip=EnterPhone(Q2, "ticket", "", 11),
    skip2=EnterPhone(Q2, "ticket", "13912345678", 0, None, True),
    late=LateTicket(Q2, social),
    late2=LateTicket(Q2, services[2]),
    ticket=TicketTaken("ticket", ticket_as(), (TWO, THREE), "printing", 20),
    ticket2=TicketTaken("ticket", ticket_as(ahead=0, wait=None), (), "printed", 20),
    ticket3=TicketTaken("ticket", ticket_as(), (TWO,), "screen", 60, Reason("paper-out")),
    ticket4=TicketTaken("ticket-same", ticket_as(wait=None), (TWO,), "screen", 60),
    ticket5=TicketTaken("checked-in", ticket_as(appointment=at(23, 10)), (), "printed", 20),
    standing=ShowTicket(MINE, ticket_as(), ("reprint",)),
    called=ShowTicket(MINE, ticket_as(TicketState.CALLED, window="2"), ("reprint",), TWO),
    heldnum=ShowTicket(MINE, ticket_as(TicketState.HELD, window="2"), ("reprint",), TWO),
    parked=ShowTicket(MINE, ticket_as(TicketState.PARKED), ("reprint",)),
    noshow=ShowTicket(MINE, ticket_as(TicketState.NO_SHOW), ("take",)),
    rate=RateLevel(RATE, ticket_as(TicketState.DONE)),
    praise=RateReasons(RATE, 5, ("friendly", "fast", "clear", "one-trip"), ("fast",)),
    praise_own=RateReasons(RATE, 4, ("friendly", "fast", "clear", "one-trip"), ("clear",), "谢谢", ("hand", "pinyin")),
    blame_own=RateReasons(RATE, 2, ("long-wait", "unclear", "unfriendly", "many-papers", "not-done"), ways=("hand",)),
    blame=RateReasons(RATE, 1, ("long-wait", "unclear", "unfriendly", "many-papers", "not-done")),
    rated_before=Refused(RATE, Refusal("conflict", Reason("already-rated", {"number": "b023"}))),
    rated=Finished("rated", None, "none", 20),
    unsure=Help("rung", "unsure"),
    refused_line=Refused(Trail(("取号排队", civil.name)), Refusal("conflict", Reason("service-closed"), (
        Offer(Reason("book-window", {"service": civil.name}), "civil-affairs"), Offer(Reason("ask-clerk"))))),
    day=ChooseDay(T2, gym, days, NOW),
    time=ChooseTime(Trail(("预约", gym.name), 3, 6), gym, date(2026, 11, 24), slots, NOW),
    today=ChooseTime(Trail(("预约", gym.name), 3, 6), gym, date(2026, 11, 23), today, NOW),
    people=ChoosePeople(Trail(("预约", gym.name), 4, 6), gym, slots[0], 2),
    phone=EnterPhone(Trail(("预约", gym.name), 5, 6), "book", "139123456", 2),
    phone0=EnterPhone(Trail(("预约", gym.name), 5, 6), "book", "", 11),
    phoneok=EnterPhone(Trail(("预约", gym.name), 5, 6), "book", "13912345678", 0, None, True),
    phonebad=EnterPhone(M, "find", "25", 0, Reason("phone-invalid")),
    check=CheckBooking(
        Trail(("预约", gym.name), 6, 6),
        gym,
        slots[0],
        2,
        "139 **** 5678",
        None,
        ("facility", "day", "time", "people", "phone"),
    ),
    changing=CheckBooking(
        Trail(("预约", gym.name), 6, 6),
        gym,
        slots[0],
        2,
        "139 **** 5678",
        None,
        ("facility", "day", "time", "people", "phone"),
        True,
    ),
    moving=CheckBooking(Trail(("我的预约", "改期", gym.name), 3, 3), gym, slots[3], 2, None, appt, ("day", "time")),
    changed=Finished("changed", replace(appt, start=at(24, 15), end=at(24, 16)), "printed", 20),
    find=EnterPhone(M, "find", "13912345678", 0, None, True),
    lost=Waiting(facts, None, True),
    full=Waiting(facts, Reason("ledger-full"), True, shut=True),
    done=Finished("booked", appt, "printing", 20),
    printed=Finished("booked", appt, "printed", 20),
    nopaper=Finished("booked", appt, "screen", 60, None, Reason("paper-out")),
    cancelled=Finished("cancelled", appt, "none", 20),
    checkedin=Finished("checked-in", None, "none", 20, found[1]),
    walked=Finished("walked-in", appt2, "printed", 18),
    refused=Refused(T2, ref),
    refused_now=Refused(T2, replace(ref, next=(
        Offer(Reason("walk-in-now", {"facility": gym.name, "start": NOW}), "gym", NOW), Offer(Reason("ask-clerk"))))),
    refused0=Refused(M, Refusal("missing", Reason("code-unknown"))),
    how=HowToFind(M, True),
    how2=HowToFind(M, False, at(23, 9, 35), Reason("code-foreign")),
    code=EnterCode(M, "482", 3),
    code2=EnterCode(M, "", 6, Reason("code-unknown")),
    found=ChooseFound(M, found, NOW),
    appt=ShowAppointment(M, appt, NOW, True),
    appt2=ShowAppointment(M, appt2, NOW, False),
    cancel=ConfirmCancel(M, appt),
    undo=ConfirmCancel(M, appt, True),
    away=Away(Reason("hall-away")),
    pending=Away(Reason("hall-away"), True),
    working=Working("booking"),
    help=Help("ringing"),
    rung=Help("rung"),
    coming=Help("coming"),
    helpfail=Help("failed"),
    nophone=Help("rung", "no-phone"),
    display=Display("standard", False),
    still=StillThere(28),
)
