"""What for? One card a matter of the service, by what people call it too; none of them is an answer as well."""

from __future__ import annotations

from kiosk.door import Matter
from kiosk.flows.steps import ChooseMatter
from kiosk.words import Words, _
from screens.choose_service import unsure
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class ChooseMatterPage(Page):
    def show(self, step: ChooseMatter, kit: Kit, *, fresh: bool) -> None:
        words = kit.words
        self.where(step.trail, kit)
        cards = [Item(str(at), words.name(matter.name), also(matter, words))
                 for at, matter in enumerate(step.service.matters)]
        other = (words.say(_("到窗口再说")), "quiet")
        self.ids.cards.fill([*cards, Item("other", words.say(_("别的事")), (other,)), unsure(words)], fresh=fresh)


def also(matter: Matter, words: Words) -> tuple[tuple[str, str], ...]:
    """What else it is called, in Chinese: nobody gave those names in English."""
    if words.language != "zh" or not matter.also:
        return ()
    return ((words.say(_("也叫{names}"), names="、".join(matter.also)), "quiet"),)
