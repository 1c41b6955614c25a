"""What is it about? One card a category, with what belongs to it; one more to look by letters, one for a request filed
before, one for a clerk.
"""

from __future__ import annotations

from kiosk.flows.steps import ChooseCategory
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class ChooseCategoryPage(Page):
    def show(self, step: ChooseCategory, kit: Kit, *, fresh: bool) -> None:
        words = kit.words
        self.where(step.trail, kit)
        cards = [Item(one.id, words.name(one.name), _about(words.name(one.hint))) for one in step.categories]
        follow = Item("follow", words.say(_("看提过的诉求")), _about(words.say(_("办到哪一步了"))))
        unsure = Item("unsure", words.say(_("不知道选哪个")), _about(words.say(_("请工作人员来帮您看看"))))
        search = Item("search", words.say(_("按首字母找")), _about(words.say(_("按 A、B、C 找要说的事"))))
        self.ids.cards.fill([*cards, search, follow, unsure], fresh=fresh)


def _about(said: str) -> tuple[tuple[str, str], ...]:
    return ((said, "quiet"),) if said else ()
