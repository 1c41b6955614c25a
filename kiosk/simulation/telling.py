"""What a manager reads of a simulated day: a calm line for each thing as it happens, and a few lines at the end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from unicodedata import east_asian_width

from kiosk.config import Settings
from kiosk.door import Refusal
from kiosk.simulation.mirror import Event
from kiosk.simulation.script import Command
from kiosk.simulation.watcher import Waited
from kiosk.simulation.wire import Counted
from kiosk.words import Words

_WORDS = {
    "ticket.issued": "取号  {number} {service}",
    "ticket.called": "叫号  {number} 请到 {window}",
    "ticket.recalled": "再叫  {number} 请到 {window}（第 {again} 次）",
    "ticket.parked": "过号  {number} 叫了几次没有人来",
    "ticket.held": "挂起  {number} {window}",
    "ticket.returned": "重排  {number} 回来了，继续等",
    "ticket.transferred": "转办  {number} 转到 {to}",
    "ticket.finished": "办完  {number} {window}",
    "ticket.no-show": "未到  {number} {window}",
    "ticket.expired": "作废  {number} 等到今天结束也没有办成",
    "ticket.reprinted": "补打  {number} 的号条",
    "appointment.booked": "预约  {facility} {start}，{people} 人",
    "appointment.checked-in": "到场  {facility}",
    "appointment.rescheduled": "改期  {facility} 改到 {start}",
    "appointment.cancelled": "取消  {facility} {start}",
    "appointment.no-show": "爽约  {facility}，名额放出来了",
    "appointment.done": "结束  {facility}",
    "window.opened": "开窗  {window}：{services}",
    "window.paused": "暂停  {window}：{reason}",
    "window.resumed": "恢复  {window}",
    "window.closed": "关窗  {window}",
    "rating.given": "评价  {service} {level} 分",
    "request.filed": "诉求  {about}，{due} 以前答复",
    "request.taken-over": "接手  {about}",
    "request.accepted": "受理  {about}",
    "request.doing": "在办  {about}",
    "request.answered": "答复  {about}，等居民说解决没有",
    "request.confirmed": "销号  {about}：居民说解决了",
    "request.reopened": "重办  {about}：居民说没有解决",
}
_ROWS = (
    ("预约", "booked", "appointment.booked"),
    ("改期", "rescheduled", "appointment.rescheduled"),
    ("取消", "cancelled", "appointment.cancelled"),
    ("到场", "checked in", "appointment.checked-in"),
    ("爽约", "did not come", "appointment.no-show"),
    ("取号", "numbers taken", "ticket.issued"),
    ("叫号", "calls", "ticket.called"),
    ("再叫", "called again", "ticket.recalled"),
    ("转办", "sent on", "ticket.transferred"),
    ("办完", "finished", "ticket.finished"),
    ("未到", "gone when called", "ticket.no-show"),
    ("作废", "expired at midnight", "ticket.expired"),
    ("评价", "ratings", "rating.given"),
    ("诉求", "requests filed", "request.filed"),
    ("答复", "requests answered", "request.answered"),
    ("销号", "requests solved", "request.confirmed"),
    ("重办", "requests not solved", "request.reopened"),
)
_VERBS = {
    "take_ticket": "取号", "book": "预约", "cancel": "取消", "check_in": "签到", "reschedule": "改期", "rate": "评价",
    "reprint": "补打", "reprint_ticket": "补打", "call_next": "叫下一位", "call": "点名叫号", "recall": "再叫",
    "no_show": "未到", "hold": "挂起", "resume_held": "重排", "transfer": "转办", "finish": "办完", "pause": "暂停",
    "resume": "恢复", "file_request": "登记诉求", "answer_request": "说解决没有", "take_over": "接手",
    "accept": "受理", "doing": "在办", "answer": "答复", "open_window": "开窗", "close_window": "关窗",
    "resize": "改名额", "declare_time": "声明时间",
}  # fmt: skip
_WIDE = {"W", "F"}


class Teller:
    """Speaks through `say`; with `watch`, while it happens."""

    def __init__(self, settings: Settings, say: Callable[[str], None], *, watch: bool) -> None:
        self._say, self._watch, self._words = say, watch, Words("zh")
        self._names = {one.id: one.name.zh for one in settings.facilities}
        self._names |= {one.id: one.name.zh for one in settings.services}
        self._windows = {one.id: one.name.zh for one in settings.windows}
        self._names |= {one.id: one.name.zh for one in settings.categories}
        self._names |= {one.id: one.name.zh for one in settings.grids}
        self._happened: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()
        self._mishaps = 0
        self._hall = settings.hall.name.zh
        self._day: date | None = None

    def mishap(self, at: datetime, what: str) -> None:
        """Bad luck."""
        self._mishaps += 1
        self._line(at, f"意外  {what}")

    def told(self, at: datetime, what: str) -> None:
        """Something that leaves no event."""
        self._line(at, what)

    def event(self, event: Event, at: datetime) -> None:
        """Something stands in the log."""
        name = ".".join(event.about)
        self._happened[name] += 1
        if self._watch and name in _WORDS:
            self._line(at, _WORDS[name].format_map(self._facts(json.loads(event.data), at)))

    def answer(self, command: Command, answer: object, at: datetime, *, again: bool) -> None:
        """The hall said something."""
        if isinstance(answer, Refusal):
            self._refused[answer.reason.code] += not again
            if self._watch and not again:
                self._line(at, f"婉拒  {self._words.reason(answer.reason, at)}{self._instead(answer, at)}")
        if again:
            self._line(at, f"重发  {_VERBS.get(command.verb, command.verb)}：同一次按键又来了一遍，没有多办")

    def summary(
        self, residents: int, counted: Counted, waited: Sequence[Waited], more: Sequence[tuple[str, str, int]]
    ) -> None:
        """A few lines at the end."""
        self._say(f"{self._hall}：模拟 / simulated")
        self._row("居民", "residents", f"{residents:,}")
        for zh, en, name in _ROWS:
            self._row(zh, en, f"{self._happened[name]:,}")
        self._row("婉拒", "refused, with a way on", f"{sum(self._refused.values()):,}")
        self._row("等候", "minutes waited: half, nine of ten", _quantiles([one.minutes for one in waited]))
        told = [one.minutes <= one.high for one in waited if one.high is not None]
        self._row("说准", "called within what was said", f"{sum(told) / len(told):.0%}" if told else "-")
        self._row("意外", "mishaps", f"{self._mishaps}")
        self._row("断电", "process killed", f"{counted.kills}")
        self._row("丢答复", "answers lost", f"{counted.lost}")
        self._row("重发", "sent again with the same key", f"{counted.again}")
        self._row("同时", "commands at one instant with others", f"{counted.together:,}")
        for zh, en, count in more:
            self._row(zh, en, f"{count:,}")

    # ---- how ---------------------------------------------------------------------------------------------------------

    def _line(self, at: datetime, text: str) -> None:
        if not self._watch:
            return
        if at.date() != self._day:
            self._day = at.date()
            self._say(f"—— {self._hall} {at.year}年{self._words.day(at.date())} ——")
        self._say(f"{at:%H:%M:%S}  {text}")

    def _row(self, zh: str, en: str, value: str) -> None:
        label = f"{zh} {en}"
        width = sum(2 if east_asian_width(sign) in _WIDE else 1 for sign in label)
        self._say(f"  {label}{' ' * max(1, 44 - width)}{value:>10}")

    def _instead(self, refusal: Refusal, at: datetime) -> str:
        offers = [self._words.reason(offer.reason, at) for offer in refusal.next[:1]]
        return f"（{offers[0]}）" if offers else ""

    def _facts(self, data: Mapping[str, Any], at: datetime) -> dict[str, str]:
        facts = {name: "" if value is None else str(value) for name, value in data.items()}
        for name in ("service", "facility", "category", "grid"):
            if name in facts:
                facts[name] = self._names.get(facts[name], facts[name])
        facts["window"] = self._windows.get(facts.get("window", ""), "")
        facts["to"] = self._windows.get(facts.get("to", ""), self._names.get(facts.get("to", ""), ""))
        facts["about"] = " ".join(facts[name] for name in ("category", "grid") if facts.get(name))
        if "due" in facts:
            facts["due"] = self._words.date(date.fromisoformat(facts["due"]))
        if "start" in facts:
            facts["start"] = self._words.moment(datetime.fromisoformat(facts["start"]), at)
        facts["services"] = "、".join(self._names.get(one, one) for one in data.get("services", ()))
        return facts


def _quantiles(minutes: list[float]) -> str:
    if not minutes:
        return "-"
    known = sorted(minutes)
    return f"{known[len(known) // 2]:.0f}, {known[len(known) * 9 // 10]:.0f}"
