"""What is the matter? Ready phrases to tick; a clerk writes for whoever finds none; own words where there is a
writer.
"""

from __future__ import annotations

from kiosk.flows.steps import ChoosePhrases
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class ChoosePhrasesPage(Page):
    def show(self, step: ChoosePhrases, kit: Kit, *, fresh: bool) -> None:
        ids, words = self.ids, kit.words
        self.where(step.trail, kit)
        self.hint = words.plural("点一句，最多可以点 {n} 句", step.most)
        cards = [_tick(str(at), words.name(said), on=at in step.ticked)
                 for at, said in enumerate(step.category.phrases)]
        if step.ways:
            cards.append(_tick(step.ways[0], words.say(_("自己写")), on=bool(step.own)))
        cards.append(Item("clerk", words.say(_("请工作人员帮我写")), (), "help"))
        ids.cards.fill(cards, fresh=fresh)
        ready = bool(step.ticked or step.own)
        ids.ok.off = not ready
        ids.ok.text = words.say(_("下一步") if ready else _("先点一句"))


def _tick(choice: str, said: str, *, on: bool) -> Item:
    """A box to tick: ticked or not, the card takes the same room, so that nothing moves under the finger."""
    return Item(choice, said, (), "tick-on" if on else "tick-off", chosen=on)
