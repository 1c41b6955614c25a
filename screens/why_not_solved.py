"""What is still missing? One touch, and it is opened again; what happens then is said beforehand."""

from __future__ import annotations

from kiosk.flows.following import STILL
from kiosk.flows.steps import WhyNotSolved
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class WhyNotSolvedPage(Page):
    def show(self, step: WhyNotSolved, kit: Kit, *, fresh: bool) -> None:
        words = kit.words
        self.where(step.trail, kit)
        reasons = [Item(reason, words.say(STILL[reason])) for reason in step.reasons]
        self.ids.cards.fill([*reasons, Item("other", words.say(_("别的原因")))], fresh=fresh)
