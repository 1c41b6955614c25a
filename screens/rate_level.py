"""How was it? Five answers from very good to very bad, none chosen beforehand, and a way past them."""

from __future__ import annotations

from kiosk.flows.steps import RateLevel
from kiosk.words import RATING_LEVELS, _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class RateLevelPage(Page):
    def show(self, step: RateLevel, kit: Kit, *, fresh: bool) -> None:
        words = kit.words
        self.where(step.trail, kit)
        self.hint = words.say(
            _("{number}，{service}。不记名，可以不评。"), number=step.ticket.number, service=step.ticket.service_name)
        self.ids.cards.fill(
            [Item(str(level), words.say(said), (), f"face{level}") for level, said in RATING_LEVELS.items()],
            fresh=fresh)
