"""What is the matter? Ready phrases to tick; a clerk writes for whoever finds none; and where one can write, the doors
to that stand above, as they do on the page to write on.
"""

from __future__ import annotations

from kiosk.flows.steps import ChoosePhrases
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.ticks import own_tick, tick
from screens.widgets import Item
from screens.widgets.strip import DOORS, Strip, Tool

__all__ = ["ChoosePhrasesPage", "Strip", "Tool"]  # the .kv names them


class ChoosePhrasesPage(Page):
    def show(self, step: ChoosePhrases, kit: Kit, *, fresh: bool) -> None:
        ids, words = self.ids, kit.words
        self.where(step.trail, kit)
        self.hint = words.plural("点一句，最多可以点 {n} 句", step.most)
        for door in ("choose", "hand", "pinyin"):
            there = door in step.ways or (door == "choose" and step.ways)
            ids[door].text = words.say(DOORS[door]) if there else ""
        cards = [tick(str(at), words.name(said), on=at in step.ticked)
                 for at, said in enumerate(step.category.phrases)]
        if step.own and step.ways:
            cards.insert(0, own_tick(step.ways[0], step.own, words))
        cards.append(Item("clerk", words.say(_("请人帮我写")), (), "help"))
        ids.cards.fill(cards, fresh=fresh)
        ready = bool(step.ticked or step.own)
        ids.ok.off = not ready
        ids.ok.text = words.say(_("下一步") if ready else _("先点一句"))
