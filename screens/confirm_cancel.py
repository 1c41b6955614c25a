"""Really? The one answer that cannot be taken back is asked for a second time, naming what will be lost."""

from __future__ import annotations

from kiosk.flows.steps import ConfirmCancel
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.show_appointment import facts


class ConfirmCancelPage(Page):
    def show(self, step: ConfirmCancel, kit: Kit, *, fresh: bool) -> None:
        del fresh
        ids, words = self.ids, kit.words
        self.where(step.trail, kit)
        self.question = words.say(_("要撤销这个预约吗？") if step.undo else _("要取消这个预约吗？"))
        ids.facts.fill(facts(step.appointment, words))
        ids.note.text = words.say(_("名额会马上让给别人，要来可以再约。"))
        ids.yes.text = words.say(_("对，撤销") if step.undo else _("对，取消"))
