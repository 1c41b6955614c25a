"""A clerk is rung for: whether the bell was heard, and who is coming."""

from __future__ import annotations

from kiosk.flows.steps import Help
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page

_STATES = {
    "ringing": (_("正在叫工作人员…"), _("请在这里稍等。"), "bell", "ink"),
    "rung": (_("已经叫了工作人员"), _("请在这里稍等，工作人员看到了就来。"), "bell", "ink"),
    "coming": (_("工作人员来了"), _("请在这里稍等，马上就到。"), "check", "good"),
    "failed": (_("没有叫到工作人员"), _("机器会一直再叫。着急的话，请到窗口找工作人员。"), "care", "care"),
}
_WHY = {
    "no-phone": _("没有电话也能办：工作人员可以替您预约。"),
    "write": _("说给工作人员听就行：工作人员帮您写，写好了念给您听。"),
    "unsure": _("不知道找谁没关系：工作人员帮您看看该办哪一项。"),
}


class HelpPage(Page):
    def show(self, step: Help, kit: Kit, *, fresh: bool) -> None:
        del fresh
        ids, words = self.ids, kit.words
        title, about, self.sign, self.emblem.tone = _STATES[step.state]
        self.question = words.say(title)
        ids.state.text, ids.state.tone = words.say(about), self.emblem.tone
        ids.why.text = words.say(_WHY.get(step.why, ""))
