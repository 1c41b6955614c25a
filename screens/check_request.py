"""Please look: is it right? Everything that will be filed, and one thing to press; or, after 改一改, what to change."""

from __future__ import annotations

from kiosk.door import Name
from kiosk.flows.steps import CheckRequest
from kiosk.words import Words, _
from screens.kit import Kit
from screens.page import Page
from screens.widgets import Item

_PARTS = {"category": _("换个类别"), "place": _("换个位置"), "text": _("换一句话"), "phone": _("改号码"),
          "name": _("改称呼")}
_ICONS = {"category": "slip", "place": "place", "text": "change", "phone": "phone",
          "name": "person"}


class CheckRequestPage(Page):
    def show(self, step: CheckRequest, kit: Kit, *, fresh: bool) -> None:
        ids, words = self.ids, kit.words
        self.where(step.trail, kit)
        rows = _rows(step, words)
        if step.changing:
            self.question = words.say(_("您要改哪一项？"))
            ids.facts.fill(())
            ids.cards.fill([Item(key, words.say(_PARTS[key]), ((value, "quiet"),), _ICONS[key])
                            for key, _label, value, _role in rows], fresh=fresh or not ids.cards.items)
            ids.yes.text, ids.no.text, ids.no.choice, ids.note.text = "", words.say(_("不改了")), "keep", ""
            return
        self.question = words.say(_("请看一看，对不对？"))
        ids.cards.fill((), fresh=True)
        ids.facts.fill([(label, value, role) for _key, label, value, role in rows])
        ids.note.text = words.plural("交上去以后给您一张单子，{n} 个工作日内答复。", step.category.days)
        ids.yes.text, ids.no.text, ids.no.choice = words.say(_("提交")), words.say(_("改一改")), "change"


def _rows(step: CheckRequest, words: Words) -> list[tuple[str, str, str, str]]:
    """(what may be changed, label, value, role)."""
    said = [words.name(part) if isinstance(part, Name) else part for part in step.said]
    rows = [
        ("category", words.say(_("类别")), words.name(step.category.name), "body"),
        ("place", words.say(_("在哪里")), words.name(step.place) if step.place else words.say(_("没有选")), "body"),
        ("text", words.say(_("什么事")), words.say(_("；")).join(said), "lead" if len(said) == 1 else "body"),
        ("phone", words.say(_("电话")), step.phone or words.say(_("没有留")), "body"),
    ]
    if step.name is not None:
        rows.append(("name", words.say(_("称呼")), step.name or words.say(_("没有写")), "body"))
    return rows
