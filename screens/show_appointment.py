"""One appointment, and what can be done with it at this moment."""

from __future__ import annotations

from kiosk.door import Appointment, AppointmentState
from kiosk.flows.steps import ShowAppointment
from kiosk.words import Words, _
from screens.choose_found import STATES
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class ShowAppointmentPage(Page):
    def show(self, step: ShowAppointment, kit: Kit, *, fresh: bool) -> None:
        ids, words, it = self.ids, kit.words, step.appointment
        self.where(step.trail, kit)
        self.question = words.say(_("您要做什么？") if it.may else _("您的预约"))
        ids.facts.fill(facts(it, words))
        booked = it.state is AppointmentState.BOOKED
        times = words.span(it.check_in_from, it.check_in_until)
        ids.note.text = words.say(_("{times} 可以签到。"), times=times) if booked and "check-in" not in it.may else ""
        ids.check_in.text = words.say(_("签到")) if "check-in" in it.may else ""
        cancel = words.say(_("撤销") if step.undo else _("取消"))
        about = words.say(_("刚约的，随时可撤") if step.undo else _("不来了"))
        can = [
            ("reschedule", Item("change", words.say(_("改期")), ((words.say(_("换个时间")), "quiet"),), "change")),
            ("cancel", Item("undo" if step.undo else "cancel", cancel, ((about, "quiet"),), "cross")),
            ("reprint", Item("reprint", words.say(_("补打")), ((words.say(_("再打一张凭条")), "quiet"),), "printer")),
        ]
        ids.cards.fill([item for may, item in can if may in it.may], fresh=fresh)


def facts(it: Appointment, words: Words) -> list[tuple[str, str, str]]:
    """The rows that say which appointment this is."""
    rows = [
        (words.say(_("地方")), words.name(it.facility_name), "body"),
        (words.say(_("日子")), words.day(it.start), "body"),
        (words.say(_("时间")), words.span(it.start, it.end), "lead"),
    ]
    if it.people > 1:
        rows.append((words.say(_("人数")), words.plural("{n} 人", it.people), "body"))
    if it.state is not AppointmentState.BOOKED:
        rows.append((words.say(_("状态")), words.say(STATES[it.state]), "body"))
    return rows
