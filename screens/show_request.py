"""How a request stands: what it is, what was answered, what has happened so far, what comes next; and what its owner
can do now. Once it is answered that is one question: is it solved?
"""

from __future__ import annotations

from kiosk.door import Request, RequestState
from kiosk.flows.steps import ShowRequest
from kiosk.words import Words, _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Para

_STANDS = {
    RequestState.REGISTERED: _("登记了，等人受理"), RequestState.ACCEPTED: _("有人受理了"),
    RequestState.DOING: _("正在办"), RequestState.DONE: _("办好了，问题解决了吗？"),
    RequestState.CONFIRMED: _("已经办结"),
}  # fmt: skip
_ON = {
    RequestState.REGISTERED: _("接下来：有单位受理"), RequestState.ACCEPTED: _("接下来：去办"),
    RequestState.DOING: _("接下来：办好以后，请您来看解决没有"), RequestState.DONE: _("接下来：请您说解决了没有"),
}  # fmt: skip
_SHORT = 60
"""Characters up to which an answer is set bold: a page of bold is hard to read."""


class ShowRequestPage(Page):
    def show(self, step: ShowRequest, kit: Kit, *, fresh: bool) -> None:
        ids, words, it = self.ids, kit.words, step.request
        self.where(step.trail, kit)
        self.question = words.say(_STANDS[it.state])
        ids.facts.fill(_facts(it, words))
        ids.story.fill(_story(it, words), fresh=fresh)
        ids.yes.tall = ids.no.tall = 0 if kit.tokens.low else 28
        ids.yes.text = words.say(_("解决了")) if "confirm" in it.may else ""
        ids.no.text = words.say(_("没解决")) if "not-solved" in it.may else ""
        ids.help.text = words.say(_("申请帮助")) if "help" in it.may else ""
        ids.again.text = words.say(_("再打一张")) if "reprint" in it.may else ""
        ids.ok.text = words.say(_("知道了")) if not it.may & {"confirm", "not-solved"} else ""


def _facts(it: Request, words: Words) -> list[tuple[str, str, str]]:
    about = words.name(it.category)
    if it.place_name:
        about += f" · {words.name(it.place_name)}"
    rows = [(words.say(_("诉求")), about, "body")]
    if it.state not in {RequestState.DONE, RequestState.CONFIRMED}:
        rows.append((words.say(_("答复期限")), words.day(it.due), "lead"))
    return rows


def _story(it: Request, words: Words) -> list[Para]:
    """The answer first, if there is one; then every step in its order and what comes next; then what was said."""
    answer = (it.answer or "") if it.state is RequestState.DONE else ""
    story = [Para(answer, words.say(_("答复")), "info", bold=len(answer) <= _SHORT)] if answer else []
    last = len(it.steps) - 1
    for at, step in enumerate(it.steps):
        told = words.reason(step.what)
        written = step.what.facts.get("words")
        if written and not (answer and step.what.code == "request-done"):
            told += words.say(_("“{words}”"), words=written)
        told = f"{words.date(step.at)}{'　' if words.language == 'zh' else ': '}{told}"
        over = at < last or it.state is RequestState.CONFIRMED
        story.append(Para(told, "", "check" if over else "clock", "good" if over else "ink", not over, tied=at > 0))
    if it.state in _ON:
        story.append(Para(words.say(_ON[it.state]), "", "next", "quiet", tied=True))
    said = "\n".join(part for part in (it.text, it.place) if part)
    return [*story, Para(said, words.say(_("您说的事")), "slip")]
