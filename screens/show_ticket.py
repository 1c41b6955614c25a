"""How a number stands: who is ahead, which window calls, or that it is over and what can be done then."""

from __future__ import annotations

from kiosk.door import TicketState
from kiosk.flows.steps import ShowTicket
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.ticket_taken import about

_QUESTIONS = {
    TicketState.WAITING: _("还在排队"), TicketState.CALLED: _("请到{window}"), TicketState.HELD: _("请回{window}"),
    TicketState.PARKED: _("叫过您的号了"), TicketState.NO_SHOW: _("这个号过了"), TicketState.EXPIRED: _("这个号过期了"),
    TicketState.DONE: _("已经办完了"),
}  # fmt: skip
_SAID = {
    TicketState.WAITING: (_("请听广播、看屏幕。"), "info"),
    TicketState.CALLED: (_("正在叫您的号，请现在过去。"), "good"),
    TicketState.HELD: (_("东西拿来了，直接回窗口找工作人员。"), "info"),
    TicketState.PARKED: (_("请到窗口告诉工作人员您来了，可以接着排。"), "care"),
    TicketState.NO_SHOW: (_("叫号时您没有来。可以重新取号。"), "care"),
    TicketState.EXPIRED: (_("号码只在当天有用。可以重新取号。"), "care"),
    TicketState.DONE: (_("这个号已经办完了。"), "info"),
}


class ShowTicketPage(Page):
    def show(self, step: ShowTicket, kit: Kit, *, fresh: bool) -> None:
        del fresh
        ids, words, ticket = self.ids, kit.words, step.ticket
        self.where(step.trail, kit)
        window = words.name(step.window) if step.window else words.say(_("窗口"))
        self.question = words.say(_QUESTIONS[ticket.state], window=window)
        ids.number.text = ticket.number
        ids.number.role = "giant" if kit.tokens.portrait else "code"
        said, kind = _SAID[ticket.state]
        ids.state.kind, ids.state.text = kind, words.say(said)
        waits = ticket.state is TicketState.WAITING
        ids.queue.text = words.queue(ticket.ahead, ticket.wait) if waits else ""
        ids.about.align = "center" if kit.tokens.portrait else "left"
        ids.about.text = about(ticket, (step.window,) if step.window else (), words)
        ids.more.text = words.say(_("重新取号") if "take" in step.may else _("再打一张凭条")) if step.may else ""
        ids.more.icon = "ticket" if "take" in step.may else "printer"
        ids.more.choice = step.may[0] if step.may else ""
