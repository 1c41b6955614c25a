"""How many of you? One card a number, up to what one booking may be for."""

from __future__ import annotations

from kiosk.flows.steps import ChoosePeople
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class ChoosePeoplePage(Page):
    def show(self, step: ChoosePeople, kit: Kit, *, fresh: bool) -> None:
        words = kit.words
        self.where(step.trail, kit)
        self.hint = f"{words.day(step.slot.start)} · {words.span(step.slot.start, step.slot.end)}"
        cards = []
        for number in range(1, step.most + 1):
            title = words.plural("{n} 人", number)
            about = words.say(_("我一个人") if number == 1 else _("我们一起来"))
            cards.append(Item(str(number), title, ((about, "quiet"),), "person" if number == 1 else "people"))
        self.ids.cards.fill(cards, fresh=fresh)
