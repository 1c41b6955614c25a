"""A telephone number on a large keypad. The page says what it is for, who keeps it and how long."""

from __future__ import annotations

from typing import NamedTuple

from kiosk.flows.steps import EnterPhone
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page


class _Purpose(NamedTuple):
    """What the number is asked for. `brief`: the same in large letters; `on`: the button that leads on; `none`, `skip`:
    the button for who leaves none, and what it picks."""

    hint: str
    brief: str
    on: str
    none: str = ""
    skip: str = "no-phone"


_TO_FIND = _("用来查找您的预约，凭条上只印后四位。由{keeper}保管，事情办完 {days} 天后删除。")
_ONCE = _("只用来查找您的预约，查完就忘，不会保存。")
_PURPOSES = {
    "book": _Purpose(_TO_FIND, _TO_FIND, _("下一步"), _("没有电话")),
    "find": _Purpose(_ONCE, _ONCE, _("查找")),
    "ticket": _Purpose(
        _("可以不留。留了，凭条丢了还能找回原来的号。由{keeper}保管，{days} 天后删除。"),
        _("可以不留。由{keeper}保管，{days} 天后删除。"), _("取号"), _("不留电话"), "skip",
    ),
    "request": _Purpose(
        _("有话问您、办好了，都打这个电话。由{keeper}保管，事情办完 {days} 天后删除。"),
        _("有事好找您。由{keeper}保管，办完 {days} 天后删除。"), _("下一步"), _("没有电话"), "skip",
    ),
}  # fmt: skip


class EnterPhonePage(Page):
    def show(self, step: EnterPhone, kit: Kit, *, fresh: bool) -> None:
        del fresh
        ids, words, purpose = self.ids, kit.words, _PURPOSES[step.purpose]
        self.where(step.trail, kit)
        keeper = words.name(self.house.keeper) or words.name(self.house.name)
        self.hint = words.say(purpose.brief if kit.tokens.elder else purpose.hint, keeper=keeper, days=self.house.days)
        if step.problem is not None and kit.tokens.elder:
            self.hint = ""  # what is wrong is read first; what the number is for has been read by now
        ids.field.text = words.phone(step.typed)
        ids.field.hint = words.say(_("手机号，或带区号的座机"))
        ids.digits.some, ids.digits.full = bool(step.typed), step.full
        ids.field.wrong = step.problem is not None
        ids.problem.text = words.reason(step.problem) if step.problem is not None else ""
        whole = bool(step.typed) and step.missing == 0
        ids.field.whole = whole and step.problem is None
        # the second look at a number that was looked up in vain is the resident's, not ours: it may be sent again
        ids.ok.off = not whole
        left = step.missing if step.typed else 0
        ids.ok.text = words.plural("还差 {n} 位", left) if left else words.say(purpose.on)
        ids.ok.choice = "ok"
        ids.none.choice = purpose.skip
        ids.none.text = words.say(purpose.none)
