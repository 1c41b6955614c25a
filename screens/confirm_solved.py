"""Really solved? It is asked a second time: only this word ends a request, and it cannot be taken back."""

from __future__ import annotations

from kiosk.flows.steps import ConfirmSolved
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page


class ConfirmSolvedPage(Page):
    def show(self, step: ConfirmSolved, kit: Kit, *, fresh: bool) -> None:
        del fresh
        ids, words, it = self.ids, kit.words, step.request
        self.where(step.trail, kit)
        rows = [(words.say(_("类别")), words.name(it.category), "body")]
        if it.place_name:
            rows.append((words.say(_("在哪里")), words.name(it.place_name), "body"))
        ids.facts.fill(rows)
        ids.note.text = words.say(_("点了就销号，不再办。还没弄好，就点下面那个。"))
