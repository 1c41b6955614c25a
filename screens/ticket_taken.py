"""A number, huge, whether there is paper or not: how many are ahead, about how long, at which window. The page clears
itself, visibly counting.
"""

from __future__ import annotations

from kiosk.door import Name, Ticket
from kiosk.flows.steps import TicketTaken
from kiosk.words import Words, _
from screens.ending import EndingPage
from screens.kit import Kit

_DONE = {
    "ticket": _("取好号了"), "ticket-same": _("您取过号了"), "ticket-again": _("补打凭条"), "checked-in": _("签到好了"),
}  # fmt: skip
_PAPER = {"printing": _("正在打印凭条，请稍等。"), "printed": _("请在下方取走凭条，听到叫号再去窗口。")}
_SCREEN = _("请记住或拍下这个号，听到叫号再去窗口。")


class TicketTakenPage(EndingPage):
    def show(self, step: TicketTaken, kit: Kit, *, fresh: bool) -> None:
        ids, words = self.ids, kit.words
        on_screen = step.paper == "screen"
        self.ends(step, _DONE.get(step.what, _DONE["ticket"]), kit, fresh=fresh)
        crowded = kit.tokens.elder and on_screen
        ids.next.text = words.say(_PAPER.get(step.paper, _("请记住或拍下这个号：") if crowded else _SCREEN))
        ids.number.text = step.ticket.number
        ids.queue.align = "center" if kit.tokens.portrait else "left"
        ids.qr.content = step.ticket.qr if on_screen else ""
        ids.number.role = "giant" if kit.tokens.portrait and not crowded else "code"
        ids.qr.mm = (44 if kit.tokens.elder else 66) if kit.tokens.portrait else 40
        ids.queue.text = words.queue(step.ticket.ahead, step.ticket.wait)
        ids.about.align = "center" if kit.tokens.portrait else "left"
        ids.about.text = about(step.ticket, step.windows, words)


def about(ticket: Ticket, windows: tuple[Name, ...], words: Words) -> str:
    """What the number is for, when it is booked for, and where it will be called."""
    parts = [words.name(ticket.service_name)]
    if ticket.appointment is not None:
        parts.append(words.say(_("约的 {at:time}"), at=ticket.appointment))
    if windows:
        parts.append(words.say(_("、")).join(words.name(window) for window in windows))
    return " · ".join(parts)
