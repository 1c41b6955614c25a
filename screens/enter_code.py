"""The digits printed on the slip: an appointment's six, a request's ten. A slip may be scanned here as well."""

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
        self.question = words.say(_("诉求单上的号") if step.request else _("凭条上的号"))
        ids.field.hint = words.say(_("诉求单上最大的十位数字") if step.request else _("凭条上最大的六位或十位数字"))
        scan = _("有诉求单？把二维码对准下面的扫码口，不用按。")
        ids.scan.text = words.say(scan) if step.request and step.scanner and step.problem is None else ""
        ids.digits.some, ids.digits.full = bool(step.typed), step.full
        ids.field.whole = step.missing == 0
        ids.field.wrong = step.problem is not None
        ids.problem.text = words.reason(step.problem) if step.problem is not None else ""
        ids.ok.off = step.missing > 0
        some = step.missing > 0 and step.typed
        ids.ok.text = words.plural("还差 {n} 位", step.missing) if some else words.say(_("查找"))
