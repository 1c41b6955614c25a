"""What was done with a request, and what happens next: filed, with its number on paper or huge on the screen; solved;
opened again; help asked for. The page clears itself, visibly counting.
"""

from __future__ import annotations

from kiosk.door import Request
from kiosk.flows.steps import RequestDone
from kiosk.words import Words, _
from screens.ending import EndingPage
from screens.kit import Kit

_DONE = {
    "filed": _("交上去了"), "request-again": _("补打凭条"), "solved": _("谢谢您，办结了"),
    "not-solved": _("记下了，重新办"), "help-asked": _("申请好了"),
}  # fmt: skip
_NEXT = {
    "solved": _("这件诉求销号了。以后还有事，可以再提。"),
    "not-solved": _("办的人会看到您说的。{due:day} 以前再答复您，还用原来那张单子看进度。"),
    "help-asked": _("工作人员会安排，办了会写在这件诉求里。还用原来那张单子看进度。"),
}


class RequestDonePage(EndingPage):
    def show(self, step: RequestDone, kit: Kit, *, fresh: bool) -> None:
        ids, words, it = self.ids, kit.words, step.request
        on_screen, paper = step.paper == "screen", step.paper != "none"
        self.ends(step, _DONE[step.what], kit, fresh=fresh)
        ids.done.role = "hero" if kit.tokens.calm else "title"
        ids.next.text = _next(step, words)
        ids.next.role = "lead" if kit.tokens.calm else "body"
        ids.next.align = "center" if on_screen and kit.tokens.portrait else "left"
        ids.code.text = words.code(it.code) if on_screen else ""
        ids.code.role = "long" if kit.tokens.portrait else "hero"
        ids.qr.content = it.qr if on_screen else ""
        due = words.say(_("{due:day} 以前答复"), due=it.due)
        ids.due.text = due if on_screen else ""
        ids.slip.size_code(40 if kit.tokens.portrait else 34)
        short = not kit.tokens.portrait
        hall = "" if short or kit.tokens.elder else words.name(self.house.name)
        by = words.say(_("{day} 以前答复"), day=words.date(it.due))
        ids.slip.fill(_slip(it, hall, by, words, short=short) if paper and not on_screen else ())
        ids.facts.fill(() if paper else _facts(it, words, due=step.what != "solved"))


def _next(step: RequestDone, words: Words) -> str:
    if step.paper == "printing":
        return words.say(_("正在打印凭条，请稍等。"))
    if step.paper == "printed":
        return words.say(_("请在下方取走凭条，凭它看进度。"))
    if step.paper == "screen":
        return words.say(_("请记住或拍下这个号，凭它看进度："))
    return words.say(_NEXT.get(step.what, ""), due=step.request.due)


def _facts(it: Request, words: Words, *, due: bool) -> list[tuple[str, str, str]]:
    rows = [(words.say(_("类别")), words.name(it.category), "body")]
    if it.place_name:
        rows.append((words.say(_("在哪里")), words.name(it.place_name), "body"))
    if due:
        rows.append((words.say(_("答复期限")), words.day(it.due), "lead"))
    return rows


def _slip(it: Request, hall: str, by: str, words: Words, *, short: bool) -> list[tuple[str, str, bool]]:
    """The slip's lines as on paper, the most important ones only."""
    place = [(words.name(it.place_name), "body", False)] if it.place_name and not short else []
    head = [(hall, "body", False), ("", "rule", False)] if hall else []
    return [
        *head, (words.name(it.category), "lead", True), *place, (words.code(it.code), "title", True),
        (it.qr, "qr", False), (by, "body", True),
    ]  # fmt: skip
