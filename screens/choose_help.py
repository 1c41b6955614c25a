"""Which help? Five kinds, each in one line; one touch asks for it."""

from __future__ import annotations

from kiosk.door import HelpKind
from kiosk.flows.steps import ChooseHelp
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item

_KINDS = {
    HelpKind.FOLLOW_UP: (_("跟踪"), _("有人一直盯着，有进展告诉您"), "search"),
    HelpKind.TEACHING: (_("教办"), _("手把手教您怎么办"), "people"),
    HelpKind.HOME_VISIT: (_("上门"), _("工作人员到您家里来"), "home"),
    HelpKind.EXTENDED_HOURS: (_("延时"), _("下班以后、休息日也给您办"), "clock"),
    HelpKind.CALL_BACK: (_("回访"), _("办完以后打电话问您好没好"), "phone"),
}


class ChooseHelpPage(Page):
    def show(self, step: ChooseHelp, kit: Kit, *, fresh: bool) -> None:
        words = kit.words
        self.where(step.trail, kit)
        cards = []
        for kind in step.kinds:
            name, about, icon = _KINDS[kind]
            cards.append(Item(kind.value, words.say(name), ((words.say(about), "quiet"),), icon))
        self.ids.cards.fill(cards, fresh=fresh)
