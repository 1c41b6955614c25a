"""The end of a flow: it is done, and here is what you carry away. On paper where there is paper; else the number stands
huge with its QR code. The page clears itself, visibly counting.
"""

from __future__ import annotations

from kiosk.door import Appointment
from kiosk.flows.steps import Finished
from kiosk.words import Words, _
from screens.ending import EndingPage
from screens.kit import Kit

_DONE = {
    "booked": _("约好了"), "walked-in": _("可以进去了"), "changed": _("改好了"), "cancelled": _("已经取消"),
    "checked-in": _("签到好了"), "reprinted": _("补打凭条"), "rated": _("谢谢您的评价"),
}  # fmt: skip
_NEXT = {
    "walked-in": _("请直接进去。"), "cancelled": _("名额已经让出来了，欢迎再来。"), "checked-in": _("请直接进去。"),
}  # fmt: skip


class FinishedPage(EndingPage):
    def show(self, step: Finished, kit: Kit, *, fresh: bool) -> None:
        ids, words = self.ids, kit.words
        appointment = step.appointment
        on_screen = step.paper == "screen" and appointment is not None
        self.ends(step, _DONE.get(step.what, _("办好了")), kit, fresh=fresh)
        ids.next.text = self._next(step, words)
        ids.code.text = words.code(appointment.code) if on_screen and appointment else ""
        ids.qr.content = appointment.qr if on_screen and appointment else ""
        calm = kit.tokens.calm
        ids.slip.size_code(40 if kit.tokens.portrait else 34)
        ids.done.role, ids.next.role, ids.where.role = ("hero", "lead", "lead") if calm else ("title", "body", "body")
        ids.code.role = "huge" if kit.tokens.portrait else "code"
        ids.next.align = "center" if on_screen and kit.tokens.portrait else "left"
        ids.slip.fill(())
        ids.facts.fill(())
        if appointment is not None and step.paper in {"printing", "printed"}:
            hall, short = words.name(self.house.name), not kit.tokens.portrait
            ids.slip.fill(_slip(appointment, hall, words, short=short, bare=kit.tokens.elder))
        elif on_screen and appointment:
            ids.where.text = f"{words.name(appointment.facility_name)}　{words.moment(appointment.start)}"
        elif appointment is not None or step.found is not None:
            thing = appointment or step.found
            assert thing is not None
            ids.facts.fill([
                (words.say(_("地方")), words.name(thing.facility_name), "body"),
                (words.say(_("日子")), words.day(thing.start), "body"),
                (words.say(_("时间")), words.span(thing.start, thing.end), "lead"),
            ])  # fmt: skip
        if not on_screen:
            ids.where.text = ""
        undo = step.what in {"booked", "changed"} and appointment is not None
        sentence = words.say(_("约错了？10 分钟内可以在「我的预约」里撤销。")) if undo else ""
        below = kit.tokens.portrait and not kit.tokens.low
        ids.undo.text, ids.below.text = ("", sentence) if below else (sentence, "")

    @staticmethod
    def _next(step: Finished, words: Words) -> str:
        if step.paper == "printing":
            return words.say(_("正在打印凭条，请稍等。"))
        if step.paper == "printed":
            return words.say(_("请在下方取走凭条。"))
        if step.paper == "screen":
            return words.say(_("请记住或拍下这个号："))
        return words.say(_NEXT[step.what]) if step.what in _NEXT else ""


def _slip(
    appointment: Appointment, hall: str, words: Words, *, short: bool, bare: bool
) -> list[tuple[str, str, bool]]:
    """The slip's lines as on paper, the most important ones only; `short` where there is little height for them,
    `bare` where the hall's name stands large enough above."""
    large = "lead" if short else "title"
    lines = [
        (words.name(appointment.facility_name), "lead", True),
        (words.day(appointment.start), "body", False),
        (words.span(appointment.start, appointment.end), large, True),
        (words.code(appointment.code), large, True),
        (appointment.qr, "qr", False),
    ]
    if short:
        return lines
    tail = words.say(_("电话尾号 {tail}"), tail=appointment.phone_tail) if appointment.phone_tail else ""
    head = [] if bare else [(hall, "body", False), ("", "rule", False)]
    return [*head, *lines, *([(tail, "body", False)] if tail else [])]
