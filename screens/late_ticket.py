"""Before a number whose wait would run past closing: how many wait, how long, and what can be done instead."""

from __future__ import annotations

from kiosk.flows.steps import LateTicket
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class LateTicketPage(Page):
    def show(self, step: LateTicket, kit: Kit, *, fresh: bool) -> None:
        words, service = kit.words, step.service
        self.where(step.trail, kit)
        queue = words.queue(service.waiting, service.wait)
        self.ids.why.text = words.say(_("{queue}，可能到关门还轮不到您。"), queue=queue)
        cards = []
        if service.bookable:
            about = words.say(_("约好时间，到时先办"))
            cards.append(Item("book", words.say(_("改天来，预约窗口")), ((about, "quiet"),), "calendar"))
        wait = words.say(_("我愿意等"))
        cards.append(Item("yes", words.say(_("还是取号")), ((wait, "quiet"),), "ticket"))
        self.ids.cards.fill(cards, fresh=fresh)
