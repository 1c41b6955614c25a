"""The sentence for every reason code: what happened, why, and what to do next, in words a 70-year-old uses every day.

It holds sentences and nothing else; `kiosk.words` picks, translates and fills them. A code maps to a tuple, the most
telling sentence first: the first whose every {fact} is at hand is said, so the last one needs none. A test scans the
source for codes and fails on one that has no sentence here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType


def _(msgid: str) -> str:
    """Mark a literal as something residents read, for the extractor. Gives it back unchanged."""
    return msgid


Sentences = tuple[str, ...]

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
    "why-asked": (_("工作人员点名叫的这个号。"),),
}

REQUESTS: dict[str, Sentences] = {
    "unknown-category": (_("没有这个类别，请从列出的里选。"),),
    "unknown-grid": (_("没有这个地方，请从列出的里选，也可以不选。"),),
    "request-empty": (_("还没有写是什么事。请写几个字，或点一句现成的话。"),),
    "place-empty": (_("地点没有写清楚，请再写一下，也可以不写。"),),
    "words-too-many": (_("写得太长了：最多 {most} 个字，现在是 {found} 个字。"), _("写得太长了，请写短一些。")),
    "words-missing": (_("请写几个字，说明情况。"),),
    "code-not-request": (_("这不是诉求单上的号。诉求单上的号是十位数字，请再看一看，或找工作人员。"),),
    "request-unknown": (_("没有找到这件诉求，可能写错了。"),),
    "request-over": (_("这件诉求已经办结销号了。还有事，可以再提一件。"),),
    "request-not-answered": (
        _("这件诉求还在办，{due} 以前会答复。答复以后再请您确认。"),
        _("这件诉求还在办，答复以后再请您确认。"),
    ),
    "only-resident-confirms": (_("是不是解决了，只能由本人凭诉求单上的号来确认。"),),
    "only-manager-strikes-off": (_("销号要由本人确认，或由负责人写明理由。"),),
    "help-already-asked": (_("已经申请过{kind}了，工作人员会联系您。"), _("已经申请过了，工作人员会联系您。")),
    "help-not-asked": (_("没有等着处理的{kind}申请。"), _("没有等着处理的这种申请。")),
    "request-held": (_("这件诉求已经由{by}接手。"), _("这件诉求已经有人接手。")),
    "already-theirs": (_("这件诉求本来就在{by}手里。"), _("这件诉求本来就在这个人手里。")),
    "unknown-colleague": (_("没有叫{to}的工作人员。"), _("没有这位工作人员。")),
    "answered-upstream": (_("这件诉求由上级单位答复，大厅不能代办。"),),
    "request-already": (_("这件诉求已经走过这一步了，请再看一眼页面。"),),
    "extension-invalid": (_("延期请写 1 到 {most} 个工作日。"), _("延期的天数不对。")),
    "change-unknown-request": (_("上级说的诉求，这里没有。请和上级核对。"),),
    "change-unknown-kind": (_("上级说的变化，这里不认识。请和上级核对。"),),
    "change-bad-due": (_("上级说的新期限不对。请和上级核对。"),),
    "file-another": (_("再提一件诉求"),),
    "file-under": (_("可以选：{category}"), _("看看别的类别")),
    "file-without-grid": (_("不选地方，由工作人员来分派"),),
    "say-it-shorter": (_("写短一些，最多 {most} 个字"), _("写短一些")),
    "ask-for-help-with-it": (_("申请帮助：跟踪、教办、上门、延时、回访"),),
    "ask-holder": (_("请找{by}"), _("请找接手的同事")),
    "manager-strikes-off": (_("请负责人写明理由来销号"),),
    "request-filed": (_("已经登记，{due} 以前答复。"), _("已经登记。")),
    "request-filed-by-clerk": (_("{by}帮您登记了，{due} 以前答复。"), _("工作人员帮您登记了。")),
    "request-taken-over": (_("{by}接手了。"), _("有工作人员接手了。")),
    "request-handed-over": (_("{giver}转给了{to}。"), _("转给了别的工作人员。")),
    "request-accepted": (_("{unit}的{officer}受理了，{due} 以前答复。"), _("{officer}受理了。"), _("已经受理。")),
    "request-doing": (_("{unit}的{officer}正在办。"), _("{officer}正在办。"), _("正在办。")),
    "request-done": (_("{officer}办好了，请您看看解决没有。"), _("办好了，请您看看解决没有。")),
    "request-extended": (_("要多用些时间，改在 {due} 以前答复。"), _("要多用些时间。")),
    "request-escalated": (_("转到了上一级：{unit}。"), _("转到了上一级。")),
    "request-returned": (_("上级退回，由大厅来办。"),),
    "request-solved": (_("您说解决了，这件诉求办结销号。"),),
    "request-not-solved": (_("您说没有解决，重新办，{due} 以前答复。"), _("您说没有解决，重新办。")),
    "request-struck-off": (_("负责人{by}写明理由，这件诉求办结销号。"), _("负责人写明理由，这件诉求办结销号。")),
    "request-called-back": (_("{by}回访过了。"), _("已经回访过了。")),
    "request-help-asked": (_("您申请了帮助：{kind}。"), _("您申请了帮助。")),
    "request-message-unknown": (_("有一条短信不知道发出没有，工作人员会打电话告诉您。"),),
    "request-message-refused": (_("这个号码收不到短信，工作人员会打电话告诉您。"),),
    "request-help-settled": (_("{by}已经安排了帮助：{kind}。"), _("已经安排了帮助。")),
}

CODES: dict[str, Sentences] = {
    "code-unknown": (_("没有找到这个号。请对照凭条再看一看，也可以用电话号码查，或找工作人员。"),),
    "code-foreign": (_("这张凭条不是本大厅的，请看一看凭条最上面的大厅名称。"),),
    "code-not-code": (_("这不是我们的预约凭条。请扫凭条上的二维码，也可以输入凭条上的号。"),),
    "appointment-cancelled": (
        _("这个预约已经在 {at} 取消了。想来，可以重新预约。"),
        _("这个预约已经取消了。想来，可以重新预约。"),
    ),
    "cancelled-by-hall": (
        _("这个预约已经在 {at} 由大厅取消：{why}。给您添麻烦了，可以重新预约，或找工作人员。"),
        _("这个预约已经由大厅取消。给您添麻烦了，可以重新预约，或找工作人员。"),
    ),
    "not-cancellable": (_("这个预约已经取消、用过或过期了，不用再取消。"),),
    "days-invalid": (_("日期不对：请写起止日期，止不早于起，最长一年。"),),
    "why-missing": (_("请写原因，居民会看到。"),),
    "capacity-invalid": (_("数量不对，请写 0 到 10000 的整数。"),),
    "year-invalid": (_("年份或日子不对：只写这一年和上一年十二月的日子。"),),
    "closure-unknown": (_("没有这条关门安排，可能已经撤掉了。"),),
    "appointment-over": (_("这个预约的时间已经过了。想再来，可以重新预约。"),),
    "appointment-no-show": (_("过了 15 分钟没有签到，名额已经让给别人了。如果还有空位，可以现在直接进场。"),),
    "already-checked-in": (_("已经签到过了，直接进去就可以。"),),
    "too-early-check-in": (
        _("还没到签到时间，{from} 起可以签到。"),
        _("还没到签到时间，开始前 15 分钟可以签到。"),
    ),
    "too-late-check-in": (
        _("签到时间是到 {until} 为止，现在已经过了，名额让给了别人。请重新预约或找工作人员。"),
        _("签到时间已经过了，名额让给了别人。请重新预约或找工作人员。"),
    ),
    "cancel-lead": (
        _("取消需要{lead}，现在已经来不及在机器上取消，请找工作人员。"),
        _("现在已经来不及在机器上取消，请找工作人员。"),
    ),
    "change-lead": (
        _("改期需要{lead}，现在已经来不及在机器上改期，请找工作人员。"),
        _("现在已经来不及在机器上改期，请找工作人员。"),
    ),
    "same-slot": (_("这就是您现在约的时间，不用改。"),),
    "ref-stale": (_("离刚才查询已经过了一会儿，请再查一次。"),),
    "codes-wait": (
        _("输错的次数多了，{until:time} 以后才能再输号。现在可以扫二维码、用电话号码查，或找工作人员。"),
        _("输错的次数多了，请过几分钟再输号。现在可以扫二维码、用电话号码查，或找工作人员。"),
    ),
    "three-phones": (_("一次最多查三个电话号码。请用凭条上的二维码或号，或找工作人员。"),),
    "needs-code": (_("用电话号码只能看时间和签到。要改期、取消或补打，请用凭条上的号，或找工作人员。"),),
    "nothing-found": (_("这个号码没有查到预约。请看一看号码对不对，或找工作人员。"),),
}

HOUSE: dict[str, Sentences] = {
    "hall-away": (_("大厅的电脑暂时没有回应，现在办不了。机器会一直试，请稍等，或到窗口找工作人员。"),),
    "starting": (_("机器正在准备，请稍等。"),),
    "ledger-full": (_("大厅的电脑存满了，现在不能办理，刚才的没有办成。已经通知工作人员，请到窗口。"),),
    "ledger-locked": (_("大厅的电脑正忙，刚才的没有办成。请过一会儿再试，或找工作人员。"),),
    "ledger-damaged": (_("大厅的电脑出了故障，刚才的没有办成。已经通知工作人员，请到窗口。"),),
    "ledger-missing": (_("大厅的台账文件不见了，现在不能办理。已经通知工作人员，请到窗口。"),),
    "key-adrift": (_("钥匙文件不在了或被换过。现在还能办理，重新启动以后就不能了：请马上放回 hall.key。"),),
    "key-missing": (_("大厅的电脑缺少钥匙文件，现在不能办理。已经通知工作人员，请到窗口。"),),
    "calendar-unpublished": (
        _("{year} 年的放假安排还没有录入，机器先按法定节日算。公布后请录入。"),
        _("放假安排还没有录入，机器先按法定节日算。公布后请录入。"),
    ),
    "calendar-unpublished-urgent": (
        _("{year} 年的放假安排还没有录入，请尽快录入，不然调休日会排错。"),
        _("放假安排还没有录入，请尽快录入，不然调休日会排错。"),
    ),
    "config-broken": (_("这台机器的设置有错误，现在不能办理。请到窗口，并告诉工作人员。"),),
    "clock-doubt": (
        _("机器的钟可能不准（大厅 {hall}，记录 {ledger}），现在不能办理。已经通知工作人员，请到窗口。"),
        _("机器的钟可能不准，现在不能办理。已经通知工作人员，请到窗口。"),
    ),
    "kiosk-clock": (
        _("这台机器的钟和大厅的不一样，时间以大厅为准。已经通知工作人员。"),
    ),
    "busy": (_("现在办理的人多，刚才的没有办成，请过一会儿再试。"),),
    "key-reused": (_("刚才的没有办成，请返回再试一次，或找工作人员。"),),
    "not-allowed": (_("这件事要由工作人员办理，请到窗口。"),),
    "unknown": (_("现在办不了这件事，请找工作人员帮忙。"),),
}

WIRE: dict[str, Sentences] = {
    "malformed": (
        _("请求写得不对：{key} 应为 {wanted}。"),
        _("机器之间没有说清楚，刚才的没有办成，请找工作人员。"),
    ),
    "key-missing-header": (_("请求缺少 Idempotency-Key：每个 POST 都要带。"),),
    "key-malformed": (_("Idempotency-Key 应为 1 到 128 个可见的 ASCII 字符。"),),
    "no-token": (_("请求要带大厅发的令牌（Authorization: Bearer …）。"),),
    "not-your-role": (_("这个令牌没有这个权限。"),),
    "no-such-page": (_("没有这个地址。"),),
    "no-such-method": (_("这个地址不接受这种请求。"),),
    "body-too-large": (_("内容太大，最多 {most} 字节。"), _("内容太大。")),
    "broken": (_("大厅系统出了错，已经记下。请过一会儿再试，或找工作人员。"),),
}

DEVICES: dict[str, Sentences] = {
    "paper-out": (_("打印机没纸了，已经通知工作人员。"),),
    "paper-near-end": (_("打印机的纸快用完了。"),),
    "cover-open": (_("打印机的盖子开着，已经通知工作人员。"),),
    "cutter": (_("打印机的切刀卡住了，已经通知工作人员。"),),
    "jam": (_("打印机卡纸了，已经通知工作人员。"),),
    "offline": (_("打印机停下了，已经通知工作人员。"),),
    "no-answer": (_("打印机没有回应，已经通知工作人员。"),),
    "died-half-way": (_("打印到一半停了，已经通知工作人员。"),),
    "unknown-ending": (_("不知道凭条有没有打出来，请看一看出纸口。没有的话，请记下屏幕上的号。"),),
    "absent": (_("这台机器没有打印机，请记下屏幕上的号。"),),
    "overheated": (_("打印机太热了，要歇一会儿，已经通知工作人员。"),),
    "scanner-absent": (_("这台机器没有扫码器，请输入凭条上的号。"),),
    "paper-unknown": (_("这台打印机不会报告有没有纸。"),),
    "driver-missing": (_("设置里写的设备驱动没有安装，这台设备现在不能用。"),),
    "driver-failed": (_("设备出了错，现在不能用，已经通知工作人员。"),),
    "bad-connection": (_("设置里的设备接口写得不对，这台设备现在不能用。"),),
    "font-missing": (_("没有中文字体，凭条印不出来。"),),
    "disk-low": (_("磁盘快满了，请腾出空间。"),),
    "journal-full": (_("这台机器存满了，暂时不留记录。预约和打印照常，请维护人员腾出空间。"),),
    "journal-damaged": (_("这台机器的记录坏过一次，坏的读不出来，已经删掉换新的。那时没印完的凭条可能没有记下。"),),
    "journal-unwritable": (_("这台机器现在写不了记录。预约和打印照常，请维护人员看一看磁盘。"),),
    "display-silent": (_("窗口屏没有回应，请看它的电源和线。叫号照常，请口头叫一声。"),),
    "display-refuses": (_("窗口屏不认我们发的内容，请看设置里的寄存器。"),),
    "display-sent-only": (_("号码已经发给窗口屏；这种屏不会回话，显示没显示请看一眼。"),),
    "display-port-absent": (_("接窗口屏的线没有插上，插好以后会自己恢复。"),),
    "display-port-stalled": (_("接窗口屏的转换器卡住了，请拔下来再插上。"),),
    "writing-missing": (_("这样写字要用的数据还没有准备。"),),
    "voice-absent": (_("这台机器不能出声：没有喇叭程序或语音程序。叫号只在屏上显示。"),),
    "voice-failed": (_("刚才没能出声，请看喇叭和音量。叫号照常在屏上显示。"),),
    "voice-clips-missing": (_("录音没有录全，缺的句子由电脑来念。"),),
    "notifier-failed": (_("短信发不出去，过一会儿会自己再发。请看发短信的设备和网络。诉求照常办理。"),),
    "notifier-folder": (_("短信写不进设置里的文件夹，过一会儿会自己再写。请看文件夹和磁盘。"),),
    "notifier-busy": (_("别的程序占着短信文件，过一会儿会自己再写。"),),
    "notifier-unknown": (_("有一条短信不知道发出没有，不会再发。要打电话告诉的，都在待办里。"),),
    "not-begun-slip": (_("凭条没有打出来，请到窗口领取。"),),
}

UPSTREAM: dict[str, Sentences] = {
    "upstream-silent": (
        _("{destination} 的 events 没有写，什么都不会上报。"),
        _("hall.toml 里没有写 events，什么都不会上报。"),
    ),
    "upstream-wrong": (
        _("{destination} 的设置不对，请核对 secret、public_key 和 options。"),
        _("上报的设置不对，请核对 secret、public_key 和 options。"),
    ),
    "upstream-away": (
        _("上报不通：{destination} 现在连不上，有 {waiting} 条在等，通了会自己接着报。"),
        _("上报不通，通了会自己接着报。"),
    ),
    "upstream-slow": (
        _("{destination} 太久没有回应，有 {waiting} 条在等，会自己再报。"),
        _("上报太久没有回应，会自己再报。"),
    ),
    "upstream-cut-off": (
        _("和 {destination} 的连接总断，有 {waiting} 条在等，会自己再报。"),
        _("上报的连接总断，会自己再报。"),
    ),
    "upstream-busy": (
        _("{destination} 现在忙，有 {waiting} 条在等，会自己再报。"),
        _("上级系统现在忙，会自己再报。"),
    ),
    "upstream-redirects": (
        _("{destination} 的地址变了，请问清新地址，改 hall.toml 里的 url。"),
        _("上报的地址变了，请改 hall.toml 里的 url。"),
    ),
    "upstream-clock": (
        _("和 {destination} 的时钟对不上，请校准时钟。"),
        _("和上级系统的时钟对不上，请校准时钟。"),
    ),
    "upstream-not-believed": (
        _("{destination} 不认我们的签名，请核对 hall.toml 里的 secret。"),
        _("上级系统不认我们的签名，请核对 hall.toml 里的 secret。"),
    ),
    "upstream-not-there": (
        _("{destination} 的地址上没有接收的程序，请核对 hall.toml 里的 url。"),
        _("上报的地址上没有接收的程序，请核对 hall.toml 里的 url。"),
    ),
    "upstream-gone": (
        _("{destination} 说不再接收，上报已经停下，一条也没丢。问清以后请点「继续上报」。"),
        _("上级系统说不再接收，上报已经停下，一条也没丢。"),
    ),
    "upstream-refused": (
        _("{destination} 什么都不收（{status}），请和对方联系。有 {waiting} 条在等。"),
        _("上级系统什么都不收，请和对方联系。"),
    ),
    "upstream-broken": (
        _("{destination} 出了错（{status}），有 {waiting} 条在等，会自己再报。"),
        _("上级系统出了错，会自己再报。"),
    ),
    "upstream-nonsense": (
        _("{destination} 的办理进展读不懂，请和对方联系。"),
        _("上级系统的办理进展读不懂，请和对方联系。"),
    ),
    "upstream-aside": (
        _("有 {count} 条 {destination} 没有收，放在一边了，请看一看。"),
        _("有几条上级系统没有收，放在一边了，请看一看。"),
    ),
    "upstream-skew": (
        _("和 {destination} 的时钟差了 {seconds} 秒，请校准时钟。"),
        _("和上级系统的时钟差得太多，请校准时钟。"),
    ),
    "upstream-no-changes": (
        _("从 {destination} 取不到办理进展，会自己再试。"),
        _("取不到办理进展，会自己再试。"),
    ),
}
"""What staff are told of posting upstream."""

RATING_LEVELS: Mapping[int, str] = MappingProxyType({
    5: _("非常满意"), 4: _("满意"), 3: _("基本满意"), 2: _("不满意"), 1: _("非常不满意"),
})  # fmt: skip
"""The five levels of 好差评 (GB/T 39735), best first."""

_GOOD, _MIDDLING, _BAD = frozenset({5, 4}), frozenset({3}), frozenset({2, 1})
PRAISE: Mapping[str, tuple[frozenset[int], str]] = MappingProxyType({
    "friendly": (_GOOD, _("态度热情")),
    "fast": (_GOOD | _MIDDLING, _("办得快")),
    "clear": (_GOOD | _MIDDLING, _("讲得清楚")),
    "one-trip": (_GOOD, _("一次就办好")),
    "long-wait": (_MIDDLING | _BAD, _("等得太久")),
    "unclear": (_MIDDLING | _BAD, _("没讲清楚")),
    "unfriendly": (_BAD, _("态度不好")),
    "many-papers": (_MIDDLING | _BAD, _("要的材料太多")),
    "not-done": (_BAD, _("事情没办成")),
})
"""Ready phrases for a rating: id → the levels they are offered at, and the words."""

REASONS: Mapping[str, Sentences] = MappingProxyType(
    {**BOOKING, **OFFERS, **QUEUE, **WINDOWS, **REQUESTS, **CODES, **HOUSE, **WIRE, **DEVICES,
     **UPSTREAM})
"""Every code, with its sentences. `unknown` is said for a code that is not here: a page never breaks over one."""
