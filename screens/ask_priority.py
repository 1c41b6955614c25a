"""One plain question: does priority apply to you? Why is neither asked nor kept, and the page says so."""

from __future__ import annotations

from kiosk.flows.steps import AskPriority
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class AskPriorityPage(Page):
    def show(self, step: AskPriority, kit: Kit, *, fresh: bool) -> None:
        say = kit.words.say
        self.where(step.trail, kit)
        self.ids.note.text = say(_("不用说是哪一种，机器也不记。"))
        self.ids.cards.fill([
            Item("no", say(_("不是")), ((say(_("按先后排")), "quiet"),), "people"),
            Item("yes", say(_("是")), ((say(_("优先办理")), "quiet"),), "person"),
        ], fresh=fresh)  # fmt: skip
