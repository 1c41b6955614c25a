"""Where would you like to go? One card a facility: its name, from when it can be had, and its rule in words."""

from __future__ import annotations

from datetime import datetime

from kiosk.door import Facility
from kiosk.flows.steps import ChooseFacility
from kiosk.words import Words, _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class ChooseFacilityPage(Page):
    def show(self, step: ChooseFacility, kit: Kit, *, fresh: bool) -> None:
        self.where(step.trail, kit)
        cards = [_card(facility, step.now, kit.words) for facility in step.facilities]
        windows = [_card(facility, step.now, kit.words, window=True) for facility in step.windows]
        quiet = ((kit.words.say(_("按 A、B、C 找地方")), "quiet"),)
        search = [Item("search", kit.words.say(_("按首字母找")), quiet, "search")] if step.search else []
        self.ids.cards.fill([*search, *cards, *windows], fresh=fresh)


def length(facility: Facility, words: Words) -> str:
    """每次 1 小时, 每次半天."""
    if facility.slot_minutes is None:
        return words.say(_("每次半天"))
    long = words.length(facility.slot_minutes)
    return words.say(_("每次{length}"), length=f" {long}" if words.language == "zh" and long[0].isdigit() else long)


def _card(facility: Facility, now: datetime, words: Words, *, window: bool = False) -> Item:
    free = []
    if facility.free_now:
        free.append((words.say(_("现在有 {places}"), places=words.places(facility.free_now, facility.unit)), "good"))
    if facility.earliest is not None:
        bookable = words.say(_("{start} 起可约"), now=now, start=facility.earliest)
        free.append((bookable, "quiet" if free else "good"))
    elif not free and facility.earliest_free == 0:
        free.append((words.say(_("近期已约满")), "quiet"))
    rule = words.say(_("要{lead}预约，{length}"), lead=facility.lead, length=length(facility, words))
    name = words.name(facility.name)
    if window:
        name = words.say(_("{service}窗口"), service=name)
    off = facility.earliest_free == 0 and not facility.free_now
    return Item(facility.id, name, (*free, *(((rule, "quiet"),) * (not off))),
                "window" if window else facility.icon or "place", off=off)
