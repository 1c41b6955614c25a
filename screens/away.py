"""The hall does not answer. What still works, and whether something of the resident's is on its way."""

from __future__ import annotations

from kiosk.flows.steps import Away
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page


class AwayPage(Page):
    def show(self, step: Away, kit: Kit, *, fresh: bool) -> None:
        del fresh
        words = kit.words
        self.question = words.say(_("正在核对结果，请稍等") if step.pending else _("大厅暂时没有回应"))
        self.ids.why.text = words.reason(step.reason)
        self.ids.pending.text = (
            words.say(_("您刚才的已经发出。机器一直在问同一件事，只会办一次，不会重复。")) if step.pending else ""
        )
