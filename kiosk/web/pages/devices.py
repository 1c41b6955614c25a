"""Kiosks and devices as staff read them: how each stands, since when, and what to do. Pure; asks nothing and no one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.door import DeviceReport, DeviceState, Reason
from kiosk.hall.fitted import Fitted
from kiosk.hall.kiosks import KioskState
from kiosk.web.pages.saying import kiosk_name, near
from kiosk.words import Words

KINDS = {"printer": "打印机", "scanner": "扫码器", "screen": "屏幕", "ledger": "本机记录"}
STATES = {
    DeviceState.OK: ("good", "正常"),
    DeviceState.WARNING: ("care", "要留意"),
    DeviceState.BROKEN: ("care", "不能用"),
    DeviceState.ABSENT: ("off", "没有接上"),
}
NOT_YET = ("off", "还没问过")
BOARDS = {
    None: ("good", "有回应"),
    "display-sent-only": ("good", "只发不回"),
    "display-silent": ("care", "没有回应"),
    "display-refuses": ("care", "不认内容"),
    "display-port-absent": ("care", "线没接上"),
}
"""What is known of a window's number display, by the code of its reason."""
TO_STAFF = {
    "paper-out": "没纸了，请换纸",
    "paper-near-end": "纸快用完了，请备好纸",
    "cover-open": "盖子开着，请盖好",
    "cutter": "切刀卡住了，请关机后清理",
    "jam": "卡纸了，请取出卡住的纸",
    "offline": "打印机停下了，请看面板上的灯",
    "no-answer": "没有回应，请看电源和线",
    "died-half-way": "打印到一半停了",
    "unknown-ending": "不知道打出来没有",
    "overheated": "太热了，歇一会儿会自己恢复",
    "absent": "没有打印机",
    "scanner-absent": "没有扫码器",
}
"""What residents are told of a device ends with 已经通知工作人员; those who are told want to know what to do."""


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """One kiosk or device. `mark` is "good", "care" or "off"; the word says the same. `part`: of what the line above
    is; where there is little room it is told only when it wants care."""

    name: str
    mark: str
    word: str
    since: str
    why: str
    part: bool = False


def lines(
    kiosks: Sequence[KioskState], fitted: Sequence[Fitted], now: datetime, words: Words
) -> tuple[DeviceLine, ...]:
    """Kiosks with their devices, then the hall's own displays and voice."""
    found = [line for kiosk in kiosks for line in _kiosk(kiosk, now, words)]
    return (*found, *(line for one in fitted for line in _fitted(one, now, words)))


def to_staff(reason: Reason, now: datetime, words: Words) -> str:
    """Why, for whoever can do something about it."""
    return TO_STAFF.get(reason.code) or words.reason(reason, now)


def _kiosk(kiosk: KioskState, now: datetime, words: Words) -> list[DeviceLine]:
    name = kiosk_name(kiosk.name)
    if kiosk.silent:
        return [DeviceLine(name, "care", "没有消息", near(kiosk.at, now, words), "请看看机器是否开着、网线是否接好")]
    itself = DeviceLine(name, "good", "正常", "", "")
    if kiosk.clock_wrong:
        minutes = abs(round(kiosk.skew_s / 60))
        way = "快" if kiosk.skew_s > 0 else "慢"
        why = f"比大厅的时钟{way}约 {minutes} 分钟"
        itself = DeviceLine(name, "care", "时钟不准", near(kiosk.at, now, words), why)
    return [itself, *(_device(f"{name} {KINDS.get(device.kind, device.name)}", device, now, words)
                      for device in kiosk.devices)]  # fmt: skip


def _device(name: str, device: DeviceReport, now: datetime, words: Words) -> DeviceLine:
    mark, word = STATES[device.state]
    why = "" if device.reason is None else to_staff(device.reason, now, words)
    return DeviceLine(name, mark, word, near(device.since, now, words), why)


def _fitted(one: Fitted, now: datetime, words: Words) -> Iterator[DeviceLine]:
    """A port and its boards, those that stand alike in one line; of a port that is away, the port alone."""
    if one.silent and one.at is not None:
        why = "大厅系统没有再说起它，请看大厅系统是否在运行"
        yield DeviceLine(one.name, "care", "没有消息", near(one.at, now, words), why)
        return
    if one.report is None:
        boards = f"管 {len(one.boards)} 块屏。" if one.boards else ""
        yield DeviceLine(one.name, *NOT_YET, "", f"{boards}大厅系统还没有打开它")
        return
    yield _device(one.name, one.report, now, words)
    if one.report.state is not DeviceState.OK:
        return
    alike: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for board in one.boards:
        if board.report is None:
            state, since = (*NOT_YET, "有号要显示时才问得到"), ""
        else:
            reason = board.report.reason
            mark, word = BOARDS.get(None if reason is None else reason.code, STATES[board.report.state])
            state = mark, word, "" if reason is None else to_staff(reason, now, words)
            since = near(board.report.since, now, words)
        alike.setdefault(state, []).append((words.name(board.window), since))
    for (mark, word, why), those in alike.items():
        name = "、".join(window for window, _since in those)
        yield DeviceLine(f"{name}的屏", mark, word, max(since for _window, since in those), why, part=True)
