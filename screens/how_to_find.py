"""How to find one's appointment: hold the slip under the scanner, type its code, or give the telephone number."""

from __future__ import annotations

from kiosk.flows.steps import HowToFind
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item


class HowToFindPage(Page):
    def show(self, step: HowToFind, kit: Kit, *, fresh: bool) -> None:
        ids, words = self.ids, kit.words
        self.where(step.trail, kit)
        ids.problem.text = words.reason(step.problem) if step.problem is not None else ""
        ids.scan.text = words.say(_("有凭条？把二维码对准下面的扫码口，不用按。")) if step.scanner else ""
        waits = step.codes_wait_until
        code = words.say(_("{until:time} 以后才能再输"), until=waits) if waits else words.say(_("凭条上的六位数字"))
        phone = words.say(_("只能看时间和签到"))
        ids.cards.fill([
            Item("code", words.say(_("输入凭条上的号")), ((code, "quiet"),), "digits", off=waits is not None),
            Item("phone", words.say(_("用电话号码找")), ((phone, "quiet"),), "phone"),
        ], fresh=fresh)  # fmt: skip
