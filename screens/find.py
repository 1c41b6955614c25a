"""What one came for, a place, what a request is about: found by the first letters of its name's pinyin, by more of it,
or by characters written by hand. 低保 is D B. Letters that lead nowhere cannot be pressed.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flows.steps import Find, FoundName
from kiosk.words import Words, _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item
from screens.widgets.letters import Letters

__all__ = ["FindPage", "Letters"]  # the .kv names both

_SPACED = 8
"""So many letters stand apart, as initials do; what is longer is pinyin."""


@dataclass(frozen=True, slots=True)
class _Sayings:
    """What the page says of one kind of thing: an example, what a card says of the other name that was looked for, and
    the way on for whoever does not find it."""

    example: str
    called: str
    way_on: str
    says: str


_SAYINGS = {
    "matter": _Sayings(_("比如低保，按 D B"), _("也叫{names}"), "unsure", _("不知道找谁")),
    "place": _Sayings(_("比如农贸市场，按 N M"), _("也叫{names}"), "none", _("不在这些地方")),
    "facility": _Sayings(_("比如健身房，按 J S F"), "", "unsure", _("不知道选哪个")),
    "category": _Sayings(_("比如路灯，按 L D"), _("包括{names}"), "unsure", _("不知道选哪个")),
}


class FindPage(Page):
    def show(self, step: Find, kit: Kit, *, fresh: bool) -> None:
        ids, words, sayings = self.ids, kit.words, _SAYINGS[step.what]
        self.where(step.trail, kit)
        before, ids.field.text = ids.field.text, _apart(step.typed)
        ids.field.hint = words.say(sayings.example)
        ids.letters.live, ids.letters.some = step.letters, bool(step.typed)
        cards = [_card(str(at), found, sayings, words) for at, found in enumerate(step.found)]
        if step.writing and (not step.typed.isascii() or not step.found):
            cards.append(Item("write", words.say(_("手写名字"))))
        cards.append(Item(sayings.way_on, words.say(sayings.says)))
        ids.cards.fill(cards, fresh=fresh or ids.field.text != before)


def _apart(typed: str) -> str:
    return " ".join(typed) if typed.isascii() and len(typed) <= _SPACED else typed


def _card(choice: str, found: FoundName, sayings: _Sayings, words: Words) -> Item:
    """What it is called too, in Chinese: nobody gave those names in English."""
    called = words.say(sayings.called, names=found.called) if found.called and words.language == "zh" else ""
    about = words.name(found.about) if found.about else ""
    return Item(choice, words.name(found.name), tuple((line, "quiet") for line in (about, called) if line))
