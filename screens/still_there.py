"""Nobody has touched for a while: go on, or everything is wiped when the seconds have run out."""

from __future__ import annotations

from kiosk.flows.steps import StillThere
from screens.kit import Kit
from screens.page import Page


class StillTherePage(Page):
    without = frozenset({"back", "home", "display"})

    def show(self, step: StillThere, kit: Kit, *, fresh: bool) -> None:
        words, left = kit.words, self.ids.left
        self.ids.said.text = words.plural("{n} 秒后清屏，给下一位使用", step.seconds)
        self.ids.said.role = "lead" if kit.tokens.calm else "body"
        left.whole = step.seconds if fresh else max(left.whole, step.seconds)
        left.seconds = step.seconds
