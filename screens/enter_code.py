"""The six digits printed on the slip."""

from __future__ import annotations

from kiosk.flows.steps import EnterCode
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page


class EnterCodePage(Page):
    def show(self, step: EnterCode, kit: Kit, *, fresh: bool) -> None:
        del fresh
        ids, words = self.ids, kit.words
        self.where(step.trail, kit)
        ids.field.text = words.code(step.typed)
        ids.field.hint = words.say(_("凭条上最大的六位数字"))
        ids.field.whole = step.missing == 0
        ids.field.wrong = step.problem is not None
        ids.problem.text = words.reason(step.problem) if step.problem is not None else ""
        ids.ok.off = step.missing > 0
        some = step.missing > 0 and step.typed
        ids.ok.text = words.plural("还差 {n} 位", step.missing) if some else words.say(_("查找"))
