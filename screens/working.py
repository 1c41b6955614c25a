"""A wait that became visible. It says what is being done; nothing turns or blinks."""

from __future__ import annotations

from kiosk.flows.steps import Working
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page

_DOING = {
    "asking": _("正在查看…"), "booking": _("正在预约…"), "changing": _("正在改期…"), "cancelling": _("正在取消…"),
    "checking-in": _("正在签到…"), "printing": _("正在准备凭条…"),
    "filing": _("正在提交…"), "sending": _("正在告诉大厅…"),
    "queueing": _("正在取号…"), "rating": _("正在交评价…"),
}  # fmt: skip


class WorkingPage(Page):
    def show(self, step: Working, kit: Kit, *, fresh: bool) -> None:
        del fresh
        self.question = kit.words.say(_DOING.get(step.what, _DOING["asking"]))
