"""On which day? One card a day of the facility's horizon, greyed with the reason where nothing can be had."""

from __future__ import annotations

from kiosk.door import BookableDay
from kiosk.flows.steps import ChooseDay
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.short import why
from screens.widgets import Item


class ChooseDayPage(Page):
    def show(self, step: ChooseDay, kit: Kit, *, fresh: bool) -> None:
        words = kit.words
        self.where(step.trail, kit)
        self.hint = ""
        if step.changing is not None:
            self.hint = words.say(_("原来约的是 {start}。"), now=step.now, start=step.changing.start)

        def card(day: BookableDay) -> Item:
            near = words.near(day.day, step.now.date())
            title = near if near != words.day(day.day) else words.date(day.day)
            have = day.free > 0 and day.reason is None
            free = words.say(_("还有 {places}"), places=words.places(day.free, step.facility.unit))
            lines = ((words.weekday(day.day), "quiet"), (free, "good") if have else (why(day.reason, words), "quiet"))
            return Item(day.day.isoformat(), title[:1].upper() + title[1:], lines, off=not have)

        self.ids.cards.fill([card(day) for day in step.days], fresh=fresh)
        provisional = any(day.provisional for day in step.days)
        self.ids.notice.text = words.say(_("明年的放假安排还没有公布，以大厅公告为准。")) if provisional else ""
