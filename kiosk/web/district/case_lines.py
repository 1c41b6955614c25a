"""Cases in words, for officers: lines of the register, one case with its story. Pure; asks nothing and no one.

Colour is never alone: what is late says by how many working days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kiosk.door import HELP_NAMES, Name
from kiosk.rules.deadline import days_left
from kiosk.upstream.case_rows import ASKED_BACK, HANDED, TAKEN, Case, CaseStep
from kiosk.upstream.cases import Shown
from kiosk.upstream.district import DistrictSettings
from kiosk.web.pages.saying import MARKS, due_words, excerpt, near
from kiosk.words import Words, _

STATES: Mapping[str, str] = {
    "registered": _("待受理"), "accepted": _("已受理"), "doing": _("办理中"), "done": _("已答复，等居民确认"),
    "confirmed": _("已销号"), "returned": _("已退回大厅"),
}  # fmt: skip
ABOVE: Mapping[int, str] = {
    HANDED: _("转到上一级，还没受理"), ASKED_BACK: _("在向上一级要回"), TAKEN: _("上一级在办"),
}  # fmt: skip
STEPS: Mapping[str, str] = {
    "given-first": _("分给 {unit} {officer}"),
    "accepted": _("{officer} 受理"), "doing": _("{officer} 正在办"), "done": _("{officer} 答复"),
    "extended": _("延期到 {due}"), "escalated": _("转到上一级"), "returned": _("退回大厅"),
    "brought-home": _("大厅收回，自己来办"),
    "give": _("转给 {unit} {officer}"), "confirmed": _("居民说解决了，销号"), "struck-off": _("大厅主管写明理由，销号"),
    "reopened": _("居民说没有解决，重新办"), "handed-over": _("大厅换了人跟进"), "called-back": _("大厅回访了居民"),
    "help-asked": _("居民申请帮助：{kind}，大厅在安排"), "help-settled": _("大厅安排好了帮助：{kind}"),
    "filed": _("大厅上报"),
    "above-accepted": _("上一级受理：{unit} {officer}"), "above-doing": _("上一级正在办"),
    "above-done": _("上一级答复"), "above-extended": _("上一级延期"), "above-escalated": _("上一级又往上转"),
    "above-returned": _("上一级退回，仍由这里办"), "above-kept": _("上一级已经受理，没有退回"),
    "recall": _("向上一级要回"), "recalled": _("下一级要回，退回去了"), "kept": _("下一级想要回，已经受理，没有退回"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One case in a list. `mark`: off, care (amber), late (red) or good; `due` says the same in words."""

    id: str
    about: str
    place: str
    text: str
    state: str
    ended: bool
    mark: str
    due: str
    day: str
    unit: str
    officer: str
    hall: str
    reopened: int


@dataclass(frozen=True, slots=True)
class Told:
    """One step of its story. `words`: what was written with it."""

    at: str
    what: str
    words: str


class CaseWords:
    """One reader's words for one district's cases."""

    def __init__(self, settings: DistrictSettings, words: Words, now: datetime) -> None:
        self._settings = settings
        self._words = words
        self._now = now
        self._left: dict[str, int] = {}  # many are due on the same day
        self._units = {unit.id: words.name(unit.name) for unit in settings.units}
        self._halls = {hall.id: words.name(hall.name) for hall in settings.halls}

    def label(self, id_: str) -> str:
        """A category's or a grid's name."""
        return self._words.name(self._settings.labels.get(id_, Name(id_)))

    def unit(self, id_: str) -> str:
        """A unit's name."""
        return self._units.get(id_, id_)

    def hall(self, id_: str) -> str:
        """A hall's name."""
        return self._halls.get(id_, id_)

    def state(self, case: Case) -> str:
        """Where it has got to."""
        if case.above and case.state not in {"done", "confirmed"}:
            return self._words.say(ABOVE[case.above])
        return self._words.say(STATES.get(case.state, case.state))

    def due(self, case: Case) -> str:
        """还有 3 个工作日, 今天到期, 过期 2 个工作日; empty once it is answered or sent back."""
        if case.state in {"done", "confirmed", "returned"}:
            return ""
        if case.due not in self._left:
            self._left[case.due] = days_left(
                self._settings.calendar, date.fromisoformat(case.due), self._now.date()
            )  # fmt: skip
        return due_words(self._left[case.due], self._words)

    def line(self, shown: Shown, known: Mapping[str, str]) -> Line:
        """A case as a line of a list. `known`: its words."""
        case = shown.case
        ended = case.state in {"done", "confirmed", "returned"}
        comma = ", " if self._words.language == "en" else "、"
        where = [self.label(case.grid) if case.grid else "", " ".join(known.get("place", "").split())]
        return Line(
            case.id, self.label(case.category), comma.join(part for part in where if part),
            excerpt(known.get("text", "")), self.state(case), ended,
            "good" if ended else MARKS[shown.overdue], self.due(case),
            self._words.date(date.fromisoformat(case.due)), self.unit(case.unit), case.officer, self.hall(case.hall),
            case.reopened,
        )  # fmt: skip

    def holds(self, case: Case, known: Mapping[str, str], wanted: Sequence[str]) -> bool:
        """Whether every word stands somewhere in what a list or its page shows of a case. `known`: its words."""
        parts = (case.id, self.label(case.category), self.label(case.grid), known.get("place", ""),
                 known.get("text", ""), self.unit(case.unit), case.officer, self.hall(case.hall))  # fmt: skip
        shown = " ".join(parts).casefold()
        return all(word in shown for word in wanted)

    def step(self, one: CaseStep, words: str) -> Told:
        """What happened."""
        facts = {name: "" if value is None else str(value) for name, value in one.facts.items()}
        facts["unit"] = self.unit(facts.get("unit", ""))
        if facts.get("due"):
            facts["due"] = self._words.date(date.fromisoformat(facts["due"]))
        facts["kind"] = self.kind_of_help(facts.get("kind", ""))
        sentence = self._words.say(STEPS.get(one.code, one.code), None, **facts)
        return Told(self.near(one.at), " ".join(sentence.split()), words)

    def kind_of_help(self, id_: str) -> str:
        """A kind of help's name; an event of an older hall names none."""
        return self._words.name(HELP_NAMES[id_]) if id_ in HELP_NAMES else self._words.say(_("没有说哪一种"))

    def helps(self, told: Sequence[CaseStep]) -> str:
        """What help the resident waits for, as the hall has not said that it is settled."""
        open_: dict[str, None] = {}
        for one in told:
            kind = "call-back" if one.code == "called-back" else str(one.facts.get("kind") or "")
            if one.code == "help-asked" and kind:
                open_[kind] = None
            elif one.code in {"help-settled", "called-back"}:
                open_.pop(kind, None)
        comma = ", " if self._words.language == "en" else "、"
        return comma.join(self.kind_of_help(kind) for kind in open_)

    def why(self, one: CaseStep, case: Case) -> str:
        """Why a case is whose it is, by the step that gave it; empty once it is somebody else's."""
        officer, unit, facts = str(one.facts.get("officer") or ""), str(one.facts.get("unit") or ""), one.facts
        if (unit, officer) != (case.unit, case.officer):
            return ""
        if not officer:
            return self._words.say(_("{unit}现在没有能接件的人，请主管转给别人。"), None, unit=self.unit(unit))
        if facts.get("among") == 1:
            sentence = _("为什么是{officer}：{unit}能接件的只有这一位。")
        else:
            sentence = _("为什么是{officer}：{unit}能接件的 {among} 位里，来件时手里最少（{open} 件没办完）。")
        told = {name: str(facts.get(name)) for name in ("among", "open")}
        return self._words.say(sentence, None, officer=officer, unit=self.unit(unit), **told)

    def near(self, at: int) -> str:
        """A moment of the ledger; with its day when that is not today."""
        return near(self.moment(at), self._now, self._words)

    def moment(self, at: int) -> datetime:
        """The same as a moment in the district's zone."""
        return datetime.fromtimestamp(at / 1000, self._settings.calendar.zone)
