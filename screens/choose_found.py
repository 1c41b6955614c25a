"""What a telephone number found: room, day and time, and checking in. For more one needs the code."""

from __future__ import annotations

from kiosk.door import AppointmentState, Found
from kiosk.flows.steps import ChooseFound
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item

STATES = {
    AppointmentState.BOOKED: _("已约好"), AppointmentState.CHECKED_IN: _("已签到"), AppointmentState.DONE: _("已结束"),
    AppointmentState.CANCELLED: _("已取消"), AppointmentState.NO_SHOW: _("未签到，已让出"),
}  # fmt: skip


class ChooseFoundPage(Page):
    def show(self, step: ChooseFound, kit: Kit, *, fresh: bool) -> None:
        words = kit.words
        self.where(step.trail, kit)

        def card(number: int, found: Found) -> Item:
            ready = "check-in" in found.may
            state = words.say(_("现在可以签到，请点这里")) if ready else words.say(STATES[found.state])
            day = words.near(found.start, step.now)
            when = f"{day[:1].upper()}{day[1:]} {words.span(found.start, found.end)}"
            lines = ((when, "ink"), (state, "good" if ready else "quiet"))
            return Item(str(number), words.name(found.facility_name), lines, "calendar")

        self.ids.cards.fill([card(number, found) for number, found in enumerate(step.found)], fresh=fresh)
