"""The staff page as values: what needs doing now, in words, ready for its template. Pure; asks nothing and no one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.door import HELP_NAMES, AppointmentState, Reason, Role, SlipState
from kiosk.hall.accounts import Account
from kiosk.hall.kiosks import HelpCall, WaitingSlip
from kiosk.hall.staff import Attention, HelpWanted
from kiosk.web.pages.devices import DeviceLine, lines, to_staff
from kiosk.web.pages.saying import kiosk_name, minutes, near
from kiosk.words import Words

SLIPS = {
    **dict.fromkeys(("booked", "walked-in", "changed", "cancelled"), "预约凭条"),
    "ticket": "号条", "request": "诉求凭条", "reprint": "补打的凭条",
}  # fmt: skip
ENDS = {
    SlipState.FAILED: "没有打出来",
    SlipState.UNKNOWN: "不知道打出来没有，给之前先问问居民",
    SlipState.NOT_BEGUN: "机器中途停了，还没有打",
}
ROLES = {Role.CLERK: "办事员", Role.MANAGER: "主管"}
MOST_SHOWN = 50
CLOCK = "clock-doubt"
ADVICE = {
    "ledger-full": "请清理大厅电脑的硬盘，或换大一些的。",
    "ledger-locked": "请关掉正在打开台账的其他程序；用 PostgreSQL 的，请看数据库是否在运行。",
    "ledger-missing": "台账文件不见了。请用 main.py restore 恢复最近的备份；要从头开始，请先移走钥匙文件 hall.key。",
    "ledger-damaged": "请用 main.py restore 恢复最近的备份。",
    "key-missing": "请把密钥文件 hall.key 放回数据文件夹；没有它，电话号码读不出来。",
    "upstream-gone": "问清对方以后，主管在大厅总览的「上报」里点「继续上报」。",
    "upstream-aside": "主管在大厅总览的「上报」里看是哪几条，改好以后可以再发一次。",
    **dict.fromkeys(
        ("upstream-away", "upstream-slow", "upstream-cut-off", "upstream-busy", "upstream-broken"),
        "本大厅照常办理，要报的都留着，一条不丢；现在不用做什么。",
    ),
    "upstream-no-changes": "本大厅照常办理；办理进展暂时看不到最新的。",
    "calendar-unpublished": "放假通知公布后，请写进 hall.toml；在那之前照法定假日预约，并写明“以大厅公告为准”。",
}


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody waits for help. `waited` in words."""

    id: str
    kiosk: str
    waited: str


@dataclass(frozen=True, slots=True)
class SlipLine:
    """A slip that did not come out. `why` says what is known of its end."""

    job: str
    title: str
    kiosk: str
    kiosk_id: str
    at: str
    why: str


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Help that was asked for with a request. `kind_id` is what settles it."""

    request: str
    kind_id: str
    kind: str
    about: str
    waited: str


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801 - `Warning` is Python's
    """Something about the calendar, and what to do about it."""

    what: str
    advice: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class HitLine:
    """A booking that a changed hall.toml hits. It holds all the same. `booked`: nobody has come to it yet."""

    id: str
    booked: bool
    when: str
    facility: str
    why: str
    phone_tail: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page. `todo`: is there anything to do?"""

    who: str
    role: str
    manager: bool
    iso: str
    day: str
    time: str
    headline: str
    summary: str
    todo: bool
    todo_count: int
    calls: tuple[Call, ...]
    doubt: str
    warnings: tuple[Warning_, ...]
    slips: tuple[SlipLine, ...]
    devices: tuple[DeviceLine, ...]
    hit: tuple[HitLine, ...]
    helps: tuple[HelpLine, ...] = ()
    printers: tuple[tuple[str, str], ...] = ()  # kiosks whose printer works: id, name
    hit_count: int = 0  # all of them; `hit` lists the first

    def at(self, slip: SlipLine) -> tuple[str, str]:
        """Where a slip is best printed again: at its own kiosk, or where a printer works if that one's does not."""
        own = slip.kiosk_id, slip.kiosk
        return own if own in self.printers or not self.printers else self.printers[0]


def board(seen: Attention, who: Account, now: datetime, words: Words, notes: Sequence[Reason] = ()) -> Board:
    """Put into words what needs attention. `notes`: what there is to say of posting upstream."""
    calls = tuple(_call(call, now) for call in seen.help_calls[:MOST_SHOWN])
    slips = tuple(_slip(slip, now, words) for slip in seen.slips[:MOST_SHOWN])
    devices = lines(seen.kiosks, seen.fitted, now, words)
    doubt = ""
    warnings = [Warning_(words.reason(reason, now), advice(reason.code)) for reason in seen.calendar]
    if seen.key is not None:
        warnings.insert(0, Warning_(words.reason(seen.key, now), advice(seen.key.code), urgent=True))
    if seen.trouble is not None and seen.trouble.code == CLOCK:
        doubt = _doubt(seen.trouble, words)
    elif seen.trouble is not None:
        warnings.insert(0, Warning_(words.reason(seen.trouble, now), advice(seen.trouble.code), urgent=True))
    warnings += [
        Warning_(
            f"{kiosk_name(rest.kiosk)} 输错预约号太多次，{words.time(rest.until)} 前不能输",
            "请去看看是不是有人需要帮忙。",
        )
        for rest in seen.codes_rest
    ]
    warnings += [Warning_(words.reason(note, now), advice(note.code)) for note in notes]
    if seen.changes_aside:
        warnings.append(Warning_(f"上级发来的 {seen.changes_aside} 条办理进展对不上", "主管在大厅总览的「上报」里看。"))
    helps = tuple(_help(one, now, words) for one in seen.helps[:MOST_SHOWN])
    hit = tuple(
        HitLine(
            one.appointment.id, one.appointment.state is AppointmentState.BOOKED,
            words.moment(one.appointment.start, now), words.name(one.appointment.facility_name),
            words.reason(one.reason, now), one.appointment.phone_tail or "",
        )
        for one in seen.hit[:MOST_SHOWN]
    )  # fmt: skip
    todo = _todo(calls, slips, devices, doubt, warnings, len(seen.hit))
    todo += [f"{len(seen.helps)} 份帮助申请"] if seen.helps else []
    todo += [f"{seen.late} 件诉求过期"] if seen.late else []
    return Board(
        who=who.name, role=ROLES[who.role], manager=who.role is Role.MANAGER, iso=now.isoformat(timespec="seconds"),
        day=words.day(now), time=words.time(now),
        headline=f"有 {len(todo)} 件事要处理" if todo else "一切正常",
        summary="、".join(todo) if todo else "没有要处理的事。有人求助、凭条没打出或设备出问题，都会显示在这里。",
        todo=bool(todo), todo_count=len(todo), calls=calls,
        doubt=doubt, warnings=tuple(warnings), slips=slips, devices=devices, hit=hit,
        helps=helps, printers=tuple((one.id, kiosk_name(one.name)) for one in seen.kiosks if one.prints),
        hit_count=len(seen.hit),
    )  # fmt: skip


def _todo(
    calls: tuple[Call, ...],
    slips: tuple[SlipLine, ...],
    devices: tuple[DeviceLine, ...],
    doubt: str,
    warnings: list[Warning_],
    hit: int,
) -> list[str]:
    todo = [f"{call.kiosk} 有人求助" for call in calls]
    if doubt:
        todo.append("时钟对不上")
    if slips:
        todo.append(f"{len(slips)} 张凭条没打出")
    todo += [f"{line.name} {line.word}" for line in devices if line.mark == "care"]
    if warnings:
        todo.append(f"{len(warnings)} 条提醒")
    if hit:
        todo.append(f"{hit} 个预约受设置改动影响")
    return todo


def _call(call: HelpCall, now: datetime) -> Call:
    return Call(call.id, kiosk_name(call.kiosk_name), minutes(now - call.at))


def _help(one: HelpWanted, now: datetime, words: Words) -> HelpLine:
    about = words.name(one.category) + ("" if one.place is None else f" · {words.name(one.place)}")
    return HelpLine(one.request, one.kind.value, HELP_NAMES[one.kind].zh, about, minutes(now - one.at))


def _slip(slip: WaitingSlip, now: datetime, words: Words) -> SlipLine:
    report = slip.slip
    why = ENDS.get(report.state, "")
    if report.reason is not None:
        why = f"{why}：{to_staff(report.reason, now, words)}"
    return SlipLine(
        report.job, SLIPS.get(report.kind, "凭条"), kiosk_name(slip.kiosk_name), slip.kiosk,
        near(report.at, now, words), why,
    )  # fmt: skip


def _doubt(reason: Reason, words: Words) -> str:
    hall, ledger = reason.facts.get("hall"), reason.facts.get("ledger")
    if isinstance(hall, datetime) and isinstance(ledger, datetime):
        return (
            f"大厅电脑的时钟是 {words.day(hall)} {words.time(hall)}，可是最近一笔记录是 {words.day(ledger)} "
            f"{words.time(ledger)}。请把电脑的时钟调准；如果现在的时间本来就是对的，请主管确认。"
        )
    return "请把大厅电脑的时钟调准；如果现在的时间本来就是对的，请主管确认。"


def advice(code: str) -> str:
    """What staff can do about it."""
    return ADVICE.get(code, "请主管核对 hall.toml，或看大厅系统的日志。")
