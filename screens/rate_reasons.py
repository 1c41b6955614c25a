"""What was good, or what was not: ready phrases to tick, as many as fit, or none; own words where there is a writer."""

from __future__ import annotations

from kiosk.flows.steps import RateReasons
from kiosk.words import PRAISE, RATING_LEVELS, _
from screens.kit import Kit
from screens.page import Page
from screens.ticks import own_tick, tick


class RateReasonsPage(Page):
    def show(self, step: RateReasons, kit: Kit, *, fresh: bool) -> None:
        words = kit.words
        self.where(step.trail, kit)
        asked = _("「{level}」，哪里好？") if step.level > 3 else _("「{level}」，因为什么？")
        self.question = words.say(asked, level=words.say(RATING_LEVELS[step.level]))
        cards = [tick(reason, words.say(PRAISE[reason][1]), on=reason in step.ticked) for reason in step.reasons]
        if step.ways:
            cards.append(own_tick(step.ways[0], step.own, words))
        self.ids.cards.fill(cards, fresh=fresh)
