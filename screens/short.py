"""Why not, in the few words that fit on a card: 约满了, 放假, 来不及了. The whole sentence stands one tap further."""

from __future__ import annotations

from kiosk.door import Reason
from kiosk.words import Words, _

_SHORT = {
    "full": _("约满了"),
    "lead": _("要{lead}约"),
    "past": _("已经过了"),
    "over": _("已经结束"),
    "already-begun": _("已经开始"),
    "closed-weekend": _("周末不开"),
    "closed-holiday": _("{holiday}放假"),
    "closed-by-hall": _("不开放"),
    "closed": _("不开放"),
    "outside-hours": _("不开放"),
    "beyond-horizon": _("还不能约"),
    "phone-day-limit": _("已经约过"),
    "same-slot": _("现在约的"),
}
_WITHOUT_FACTS = {"lead": _("来不及了"), "closed-holiday": _("放假")}


def why(reason: Reason | None, words: Words) -> str:
    """In at most eight characters or so; "约满了" where nothing is said."""
    if reason is None:
        return words.say(_SHORT["full"])
    fact = {"lead": "lead", "closed-holiday": "holiday"}.get(reason.code)
    if fact is not None and not reason.facts.get(fact):
        return words.say(_WITHOUT_FACTS[reason.code])
    return words.say(_SHORT.get(reason.code, _("不能约")), **reason.facts)
