"""Booking a place, and what can be had instead."""

from __future__ import annotations

from kiosk.reasons.sentence import Sentences, _

BOOKING: dict[str, Sentences] = {
    "full": (
        _("{facility} {start}已经约满了，请看看别的时间。"),
        _("这个时间已经约满了，请看看别的时间。"),
    ),
    "lead": (
        _("{facility}需要{lead}预约，这个时间来不及了。最早可约：{earliest}。"),
        _("{facility}需要{lead}预约，这个时间来不及了，请选晚一些的时间。"),
        _("需要{lead}预约，这个时间来不及了，请选晚一些的时间。"),
        _("这个时间来不及预约了，请选晚一些的时间。"),
    ),
    "past": (_("这个时间已经过去了，请选晚一些的时间。"),),
    "over": (_("这一场已经结束了，请选晚一些的时间。"),),
    "already-begun": (
        _("这一场已经开始了，不能预约；如果还有空位，可以现在直接进场。"),
    ),
    "not-begun": (
        _("这一场 {start:time} 才开始，现在还不能直接进场，请先预约。"),
        _("这一场还没开始，现在还不能直接进场，请先预约。"),
    ),
    "closed-weekend": (_("这天是周末，大厅不开放，请选工作日。"),),
    "closed-holiday": (
        _("这天放假（{holiday}），大厅不开放，请选别的日子。"),
        _("这天放假，大厅不开放，请选别的日子。"),
    ),
    "closed-by-hall": (
        _("这天大厅不开放：{why}。请选别的日子。"),
        _("这天大厅不开放，请选别的日子。"),
    ),
    "closed": (_("这天大厅不开放，请选别的日子。"),),
    "outside-hours": (_("这个时间大厅不开放，请在开放时间里选。"),),
    "beyond-horizon": (
        _("现在只能约 {days} 天以内的，请选近一些的日子。"),
        _("这天太远了，现在还不能约，请选近一些的日子。"),
    ),
    "not-a-slot": (_("没有这个时间段，请在列出的时间里选。"),),
    "unknown-facility": (_("这里没有这个场地，请从列出的场地里选。"),),
    "phone-day-limit": (
        _("这个号码 {day} 已经约过{facility}了，每天只能约一次。要改时间，请到「我的预约」。"),
        _("这个号码这一天已经约过了，每天只能约一次。要改时间，请到「我的预约」。"),
    ),
    "phone-invalid": (_("这个号码好像不对，请再看一看。手机号是 11 位；座机要加区号。"),),
    "phone-mobile-prefix": (_("手机号的第二位没有这个数字，请再看一看。"),),
    "phone-area-code": (_("没有这个区号，请再看一看。座机前面要加区号，比如 0431。"),),
    "phone-needs-area-code": (_("手机号从 1 开始；座机前面要加区号，从 0 开始。"),),
    "phone-too-long": (_("数字多了，请按删除键去掉多的。"),),
    "phone-missing": (_("预约要留一个电话号码。没有电话，请找工作人员办理。"),),
    "people-too-many": (
        _("一次最多约 {most} 人，人数请选少一些。"),
        _("人数多了，请选少一些。"),
    ),
    "people-invalid": (_("人数不对，请再选一次。"),),
    "provisional": (_("这一年的放假安排还没有公布，以大厅公告为准。"),),
}

OFFERS: dict[str, Sentences] = {
    "earliest": (_("最早可约：{facility} {start}"), _("最早可约：{start}"), _("看看最早可约的时间")),
    "nearest": (_("可以改约：{facility} {start}"), _("可以改约：{start}"), _("看看别的时间")),
    "same-time-elsewhere": (_("同一时间可约：{facility}"), _("同一时间可以约别的场地")),
    "walk-in-now": (_("现在可以直接用：{facility}"), _("现在有空位，可以直接用")),
    "other-day": (_("看看别的日子"),),
    "ask-clerk": (_("请找工作人员帮忙"),),
    "use-code": (_("请扫凭条上的二维码，或输入凭条上的号"),),
    "book-window": (_("改天来：预约{service}窗口"), _("改天来：预约窗口")),
}
