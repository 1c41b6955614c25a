"""Which window's line? One card a service: its name, how many wait there and how long, or that no numbers are given.
Two more for those who would rather look by letters, or do not know.
"""

from __future__ import annotations

from kiosk.door import Service
from kiosk.flows.steps import ChooseService
from kiosk.words import Words, _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class ChooseServicePage(Page):
    def show(self, step: ChooseService, kit: Kit, *, fresh: bool) -> None:
        words = kit.words
        self.where(step.trail, kit)
        cards = [_card(service, words) for service in step.services]
        search = ((words.say(_("按 A、B、C 找要办的事")), "quiet"),)
        self.ids.cards.fill([*cards, Item("search", words.say(_("按首字母找")), search, "search"), unsure(words)],
                            fresh=fresh)


def unsure(words: Words) -> Item:
    """The way to a clerk, among the answers."""
    return Item("unsure", words.say(_("不知道找谁")), ((words.say(_("请工作人员来帮您看看")), "quiet"),), "help")


def _card(service: Service, words: Words) -> Item:
    if not service.open:
        about = (words.say(_("现在不取号")), "quiet")
    elif service.waiting:
        about = (words.queue(service.waiting, service.wait), "quiet")
    else:
        about = (words.say(_("现在没有人等")), "good")
    return Item(service.id, words.name(service.name), (about,), "window", off=not service.open)
