"""显示: how the pages look. Each choice shows at once; low reach can be added to any of them."""

from __future__ import annotations

from kiosk.flows.steps import Display
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item

_LOOKS = (
    ("standard", "small", _("标准"), _("平常的样子")),
    ("elder", "large", _("大字"), _("字大，等得久")),
    ("contrast", "contrast", _("高对比"), _("黑底，颜色分明")),
)


class DisplayPage(Page):
    def show(self, step: Display, kit: Kit, *, fresh: bool) -> None:
        say = kit.words.say
        chosen = say(_("已选"))
        items = []
        for look, icon, title, about in _LOOKS:
            here = step.look == look
            line = (f"✓ {chosen}", "ink") if here else (say(about), "quiet")
            items.append(Item(look, say(title), (line,), icon, chosen=here))
        low = (f"✓ {chosen}", "ink") if step.low else (say(_("坐着也够得到")), "quiet")
        items.append(Item("low", say(_("低位")), (low,), "low", chosen=step.low))
        self.ids.cards.fill(items, fresh=fresh)
