"""Numbers and windows."""

from __future__ import annotations

from kiosk.reasons.sentence import Sentences, _

QUEUE: dict[str, Sentences] = {
    "service-closed": (_("现在不取号。大厅开门前半小时起可以取号。"),),
    "already-rated": (_("这个号已经评价过了，谢谢您。"),),
    "unknown-service": (_("这里没有这个窗口服务，请从列出的里选。"),),
    "unknown-matter": (_("{service}没有这一项，请从列出的里选。"), _("没有这一项，请从列出的里选。")),
    "unknown-window": (_("没有这个窗口。"),),
    "numbers-not-yet": (
        _("还没到取号的时间，{from:time} 起可以取号。"),
        _("还没到取号的时间，开门前半小时起可以取号。"),
    ),
    "numbers-over": (_("今天不再发号了，请在开放的日子再来。"),),
    "ticket-unknown": (_("没有找到这个号。请扫号条上的二维码，或找工作人员。"),),
    "code-not-ticket": (_("这不是号条上的二维码。请扫号条，或找工作人员。"),),
    "ticket-over": (_("{number} 号已经结束了。还要办，请重新取号。"), _("这个号已经结束了。还要办，请重新取号。")),
    "rating-late": (
        _("{number} 号办完超过七天，不能再评价了。有话想说，请找工作人员。"),
        _("这个号办完超过七天，不能再评价了。有话想说，请找工作人员。"),
    ),
    "rating-level": (_("请在五个评价里选一个。"),),
    "rating-reasons": (_("选的原因太多或太长了，请少选几个。"),),
    "rating-early": (_("{number} 号还没有办完，办完以后可以评价。"), _("这个号还没有办完，办完以后可以评价。")),
    "other-service": (_("可以取号：{service}"), _("看看别的服务")),
    "numbers-from": (_("{start}起可以取号"), _("看看取号时间")),
    "take-number": (_("重新取号"),),
}

WINDOWS: dict[str, Sentences] = {
    "window-closed": (_("{window}没有开，请先开窗口。"), _("这个窗口没有开，请先开窗口。")),
    "window-paused": (_("{window}正在暂停，请先恢复。"), _("这个窗口正在暂停，请先恢复。")),
    "window-taken": (_("{window}现在由 {clerk} 开着。要接过来，请再选一次。"), _("这个窗口现在有人开着。")),
    "serving-nobody": (
        _("{believed} 号已经不在这个窗口了，没有再做一次。"),
        _("这个窗口现在没有正在办理的号，请先叫号。"),
    ),
    "serving-other": (
        _("{window}现在办理的是 {number} 号，刚才那一下是给 {believed} 号的，没有动 {number} 号。"),
        _("{window}正在办理的是 {number} 号，刚才的按键没有算数。"),
        _("正在办理的已经换了，刚才的按键没有算数。"),
    ),
    "serving-it": (_("{number} 号正在这个窗口办理。"), _("这个号正在这个窗口办理。")),
    "elsewhere": (_("{number} 号在{window}。"), _("这个号在别的窗口。")),
    "not-aside": (_("{number} 号没有挂起，也没有过号。"), _("这个号没有挂起，也没有过号。")),
    "rejoined-already": (_("{number} 号已经重排过一次，可以直接叫它。"), _("这个号已经重排过一次，可以直接叫它。")),
    "pause-why": (_("请选或写一个原因，大屏上会显示给居民看。"),),
    "pause-back-at": (_("几点回来写得不对：请写今天晚一些的时间，比如 11:30；不知道就空着。"),),
    "transfer-where": (_("请选要转到哪个服务或哪个窗口。"),),
    "open-window": (_("开{window}"), _("开窗口")),
    "resume-window": (_("恢复{window}"), _("恢复窗口")),
    "call-next": (_("叫下一位"),),
    "call-it": (_("直接叫 {number} 号"), _("直接叫这个号")),
    "call-again": (_("再叫一次 {number} 号"), _("再叫一次")),
    "look-again": (_("再看一眼页面"),),
    "why-first": (_("排在最前面，等了 {minutes} 分钟。"), _("排在最前面。")),
    "why-longest": (_("等得最久：{minutes} 分钟。"), _("等得最久。")),
    "why-priority": (_("优先：等 1 分钟算 2 分钟，已经等了 {minutes} 分钟。"), _("优先：等 1 分钟算 2 分钟。")),
    "why-appointment": (
        _("有预约：从约定的时间起 1 分钟算 1.5 分钟，已经过了 {minutes} 分钟。"),
        _("有预约：从约定的时间起 1 分钟算 1.5 分钟。"),
    ),
    "why-turn": (_("前面连续叫了 {calls} 位优先或预约的，轮到普通号。"), _("轮到普通号。")),
    "why-age": (_("已经等了 {minutes} 分钟，超过半小时的先叫。"), _("等了半小时以上的先叫。")),
    "wait-why": (
        _("按最近 {calls} 次叫号：每位约 {minutes} 分钟，{windows} 个窗口在办。"),
        _("按最近的叫号估算。"),
    ),
    "wait-thin": (_("最近只叫了 {calls} 次，满 {fewest} 次才估。"), _("最近叫的号太少，还估不了。")),
    "wait-no-window": (_("没有窗口在办，估不了。"),),
    "wait-resting": (_("午间休息，上班以后再估。"),),
    "why-asked": (_("工作人员点名叫的这个号。"),),
}
