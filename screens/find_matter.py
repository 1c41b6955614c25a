"""A matter or a place by the first letters of its pinyin: 低保 by D B. Letters that lead nowhere cannot be pressed."""

from __future__ import annotations

from kiosk.flows.steps import FindMatter, FindPlace
from kiosk.words import Words, _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item
from screens.widgets.letters import Letters

__all__ = ["FindMatterPage", "Letters"]  # the .kv names both


class FindMatterPage(Page):
    def show(self, step: FindMatter | FindPlace, kit: Kit, *, fresh: bool) -> None:
        ids, words = self.ids, kit.words
        self.where(step.trail, kit)
        before, ids.field.text = ids.field.text, " ".join(step.typed)
        ids.letters.live = step.letters
        if isinstance(step, FindMatter):
            hint, last = _("比如低保，按 D B"), Item("unsure", words.say(_("不知道找谁")))
            found = [Item(str(at), words.name(matter.name)) for at, (_service, matter) in enumerate(step.found)]
        else:
            hint, last = _("比如农贸市场，按 N M"), Item("none", words.say(_("不在这些地方")))
            found = _places(step, words)
        ids.field.hint = words.say(hint)
        other = fresh or ids.field.text != before
        ids.cards.fill([*found, last], fresh=other)


def _places(step: FindPlace, words: Words) -> list[Item]:
    """Places, with what lies around each: there is an east end in every village."""
    return [Item(str(at), words.name(grid.name), ((words.name(around), "quiet"),) if around else ())
            for at, (grid, around) in enumerate(zip(step.found, step.inside, strict=True))]
