"""What is still missing? One touch, or words of one's own, and it is opened again; what happens then is said
beforehand."""

from __future__ import annotations

from kiosk.flows.following import STILL
from kiosk.flows.steps import WhyNotSolved
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.ticks import own_words
from screens.widgets import Item


class WhyNotSolvedPage(Page):
    def show(self, step: WhyNotSolved, kit: Kit, *, fresh: bool) -> None:
        words = kit.words
        self.where(step.trail, kit)
        cards = [Item(reason, words.say(STILL[reason])) for reason in step.reasons]
        if step.ways:
            cards.append(Item(step.ways[0], own_words(step.own, words)))
        self.ids.cards.fill([*cards, Item("other", words.say(_("别的原因")))], fresh=fresh)
