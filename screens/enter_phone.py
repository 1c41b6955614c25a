"""A telephone number on a large keypad. The page says what it is for, who keeps it and how long."""

from __future__ import annotations

from kiosk.flows.steps import EnterPhone
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page


class EnterPhonePage(Page):
    def show(self, step: EnterPhone, kit: Kit, *, fresh: bool) -> None:
        del fresh
        ids, words = self.ids, kit.words
        self.where(step.trail, kit)
        booking, queueing, filing = (step.purpose == what for what in ("book", "ticket", "request"))
        keeper = words.name(self.house.keeper) or words.name(self.house.name)
        self.hint = words.say(
            _("可以不留。由{keeper}保管，{days} 天后删除。") if kit.tokens.elder
            else _("可以不留。留了，凭条丢了还能找回原来的号。由{keeper}保管，{days} 天后删除。"),
            keeper=keeper, days=self.house.days,
        ) if queueing else words.say(
            _("有事好找您。由{keeper}保管，办完 {days} 天后删除。") if kit.tokens.elder
            else _("有话问您、办好了，都打这个电话。由{keeper}保管，事情办完 {days} 天后删除。"),
            keeper=keeper, days=self.house.days,
        ) if filing else (
            words.say(_("用来查找您的预约，凭条上只印后四位。由{keeper}保管，事情办完 {days} 天后删除。"),
                      keeper=keeper, days=self.house.days)
            if booking
            else words.say(_("只用来查找您的预约，查完就忘，不会保存。"))
        )
        if step.problem is not None and kit.tokens.elder:
            self.hint = ""  # what is wrong is read first; what the number is for has been read by now
        ids.field.text = words.phone(step.typed)
        ids.field.hint = words.say(_("手机号，或带区号的座机"))
        ids.digits.some, ids.digits.full = bool(step.typed), step.full
        ids.field.wrong = step.problem is not None
        ids.problem.text = words.reason(step.problem) if step.problem is not None else ""
        whole = bool(step.typed) and step.missing == 0 and step.problem is None
        ids.field.whole = whole
        # the second look at a number that was looked up in vain is the resident's, not ours: it may be sent again
        ids.ok.off = not (whole or (bool(step.typed) and step.missing == 0))
        if step.missing and step.typed:
            ids.ok.text = words.plural("还差 {n} 位", step.missing)
        else:
            ids.ok.text = words.say(_("下一步") if booking or filing else _("取号") if queueing else _("查找"))
        ids.ok.choice = "ok"
        ids.none.choice = "skip" if queueing or filing else "no-phone"
        ids.none.text = words.say(_("没有电话")) if booking or filing else words.say(_("不留电话")) if queueing else ""
