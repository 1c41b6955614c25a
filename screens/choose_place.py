"""Where is it? Right here, by initials, or by community and then by what lies inside it; no place is an answer too."""

from __future__ import annotations

from kiosk.door import Grid
from kiosk.flows.steps import ChoosePlace
from kiosk.words import Words, _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class ChoosePlacePage(Page):
    def show(self, step: ChoosePlace, kit: Kit, *, fresh: bool) -> None:
        words = kit.words
        self.where(step.trail, kit)
        other = fresh or step.within != self._within
        self._within = step.within
        cards = [_card(grid, words) for grid in step.places]
        if step.within is not None:
            self.question = words.say(_("{place}的哪里？"), place=step.within.name)
            whole = Item("all", words.say(_("整个{place}"), place=step.within.name),
                         ((words.say(_("或者说不清是哪里")), "quiet"),), "place")
            self.ids.cards.fill([whole, *cards], fresh=other)
            return
        self.question = words.say(_("事情在哪里？"))
        here = [] if step.here is None else [
            Item("here", words.say(_("就在这里")), ((words.name(step.here.name), "quiet"),), "place")]
        search = Item("search", words.say(_("按首字母找")), ((words.say(_("按 A、B、C 找地方")), "quiet"),), "search")
        none = Item("none", words.say(_("不在这些地方")), ((words.say(_("由工作人员来分")), "quiet"),))
        self.ids.cards.fill([*here, search, *cards, none], fresh=other)

    def wipe(self) -> None:
        self._within = None
        super().wipe()

    _within: Grid | None = None


def _card(grid: Grid, words: Words) -> Item:
    """What it is called too, in Chinese: nobody gave those names in English."""
    called = words.say(_("也叫{names}"), names="、".join(grid.also)) if grid.also and words.language == "zh" else ""
    return Item(grid.id, words.name(grid.name), ((called, "quiet"),) if called else ())
