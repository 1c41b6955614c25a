"""What the pages have in common with which a flow ends: what was done, what went wrong with the paper, the one button,
and the seconds until the page clears itself, which do not run while paper is coming.
"""

from __future__ import annotations

from kiosk.flows.steps import Finished, RequestDone, TicketTaken
from kiosk.words import _
from screens.kit import Kit
from screens.page import Page


class EndingPage(Page):
    def ends(self, step: Finished | RequestDone | TicketTaken, done: str, kit: Kit, *, fresh: bool) -> None:
        """Fill `done`, `problem`, `ok` and `left`. `done`: what was done, as a msgid."""
        ids, words = self.ids, kit.words
        printing = step.paper == "printing"
        ids.done.text = words.say(done)
        ids.problem.text = words.reason(step.problem) if step.problem is not None else ""
        ids.ok.off = printing
        ids.ok.text = words.say(_("正在打印…") if printing else _("记好了") if step.paper == "screen" else _("好了"))
        ids.left.text = "" if printing else words.plural("{n} 秒后自动清屏", step.clears_in)
        ids.left.whole = step.clears_in if fresh or printing else max(ids.left.whole, step.clears_in)
        ids.left.seconds = step.clears_in
