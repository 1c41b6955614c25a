"""The first question: what would you like to do? A card stands here when its flow exists."""

from __future__ import annotations

from kiosk.flows.steps import Home
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item

_CARDS = {
    "book": ("calendar", _("预约场地"), _("健身房、阅览室、远程教育设备")),
    "ticket": ("ticket", _("取号排队"), _("到窗口办事，先取号")),
    "request": ("megaphone", _("反映诉求"), _("提诉求、报问题，看办得怎么样了")),
    "mine": ("slip", _("我的预约"), _("签到、改期、取消、补打凭条")),
    "help": ("help", _("请人帮忙"), _("工作人员到您身边来")),
}


class HomePage(Page):
    def show(self, step: Home, kit: Kit, *, fresh: bool) -> None:
        say = kit.words.say
        items = []
        for card in step.cards:
            icon, title, about = _CARDS[card]
            items.append(Item(card, say(title), ((say(about), "quiet"),), icon))
        self.ids.cards.fill(items, fresh=fresh)
