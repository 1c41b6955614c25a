"""A matter by the first letters of its pinyin: 低保 by D B. Letters that lead nowhere cannot be pressed."""

from __future__ import annotations

from kiosk.flows.steps import FindMatter
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item
from screens.widgets.letters import Letters

__all__ = ["FindMatterPage", "Letters"]  # the .kv names both


class FindMatterPage(Page):
    def show(self, step: FindMatter, kit: Kit, *, fresh: bool) -> None:
        ids, words = self.ids, kit.words
        self.where(step.trail, kit)
        before, ids.field.text = ids.field.text, " ".join(step.typed)
        ids.field.hint = words.say(_("比如低保，按 D B"))
        ids.letters.live = step.letters
        found = [Item(str(at), words.name(matter.name)) for at, (_service, matter) in enumerate(step.found)]
        other = fresh or ids.field.text != before
        ids.cards.fill([*found, Item("unsure", words.say(_("不知道找谁")))], fresh=other)
