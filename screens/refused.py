"""No, why, and what works instead: each offer is one tap away."""

from __future__ import annotations

from kiosk.door import Offer
from kiosk.flows.steps import Refused
from kiosk.words import Words, _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class RefusedPage(Page):
    def show(self, step: Refused, kit: Kit, *, fresh: bool) -> None:
        ids, words = self.ids, kit.words
        self.where(step.trail, kit)
        numbered = list(enumerate(step.refusal.next))
        offers = [
            (number, offer)
            for number, offer in numbered
            if offer.facility or offer.service or offer.reason.code == "ask-clerk"
        ]
        told = [words.reason(offer.reason) for number, offer in numbered if (number, offer) not in offers]
        works = any(offer.facility or offer.service for _number, offer in offers)
        rated = step.refusal.reason.code == "already-rated"  # a no that is a thank-you
        no = _("谢谢您的评价") if rated else _("这个办不了")
        self.question = words.say(_("这个不行，换一个可以吗？") if works else no)
        ids.why.text, ids.why.kind = words.reason(step.refusal.reason), "good" if rated else "care"
        ids.told.text = "\n".join(told)
        ids.cards.fill([_card(number, offer, words) for number, offer in offers], fresh=fresh)
        ids.ok.text = words.say(_("都不要，返回") if offers else _("知道了"))
        ids.ok.kind = "second" if offers else "main"


def _card(number: int, offer: Offer, words: Words) -> Item:
    name = offer.reason.facts.get("facility")
    about = words.fact(name) if name is not None else ""
    if offer.reason.code == "ask-clerk":
        return Item(str(number), words.reason(offer.reason), (), "help")
    if offer.facility is None:
        return Item(str(number), words.reason(offer.reason), (), "ticket")
    if offer.start is None:
        return Item(str(number), words.reason(offer.reason), (), "calendar")
    said = (words.reason(offer.reason), "good") if offer.reason.code == "walk-in-now" else (about, "quiet")
    return Item(str(number), words.moment(offer.start), (said,) if said[0] else (), "calendar")
