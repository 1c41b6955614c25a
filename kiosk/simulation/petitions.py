"""Requests (诉求): residents file one at a kiosk, look it up again by its code or slip, and say whether it is solved; a
clerk takes what comes in, answers for it and answers it, as far as the hall answers by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from kiosk.door import Refusal, Request, RequestCase, RequestOrder, RequestState, Role
from kiosk.hall import Caller
from kiosk.simulation.residents import Resident, arrivals
from kiosk.simulation.script import Do, Hand, Part, Script, Sleep
from kiosk.simulation.town import Town

CLERK = Caller("clerk-requests", "网格员", Role.CLERK)
_SHARE = (0.05, 0.1)  # of a day's crowd, besides it
_LOOKS = (1, 2, 2, 3)
_ROUND_S = (600, 1800)
_A_ROUND = 6
_NEXT = ("take-over", "accept", "doing", "answer")
_TWICE = 0.04
_STATES = {
    RequestState.REGISTERED: "还没受理", RequestState.ACCEPTED: "受理了", RequestState.DOING: "在办",
    RequestState.DONE: "答复了", RequestState.CONFIRMED: "销号了",
}  # fmt: skip


class Petitions:
    """One simulation's. `seen`: how often somebody looked theirs up."""

    def __init__(self, town: Town, tell: Callable[[str], None]) -> None:
        """`tell` is told of every look: a look leaves no event."""
        self.seen = 0
        self._town, self._tell = town, tell
        town.spawn(self._rounds())

    def of_a_day(self, name: str, day: datetime, periods: Sequence[tuple[datetime, datetime]], crowd: int) -> None:
        """Those who come with something on a day."""
        chance = self._town.chance(f"{name} petitions")
        count = min(crowd, max(1, round(crowd * chance.uniform(*_SHARE))))
        for n, at in enumerate(arrivals(self._town, day, periods, count)):
            self._town.spawn(self._somebody(f"{name} petition {n}"), at)

    def _somebody(self, name: str) -> Script:
        self._town.residents += 1
        me = Resident(self._town, name)
        filed = yield from self._files(me)
        if not isinstance(filed, Request):
            return
        yield from me.slip(filed)
        for _ in range(me.chance.choice(_LOOKS)):
            yield Sleep(me.chance.uniform(900, 3 * 3600))
            now = yield from self._looks(me, filed)
            if now is not None and now.state is RequestState.DONE:
                solved = me.chance.random() < 0.8
                why = None if solved else "还是老样子"
                text = filed.qr if me.chance.random() < 0.5 else filed.code
                yield from me.insist(me.hand.door("answer_request", text, solved, why))
                if solved:
                    return

    def _files(self, me: Resident) -> Part:
        door = self._town.site.house.door(me.hand.caller)
        categories, grids = (yield Do(door.categories)), (yield Do(door.grids))
        if not categories:
            return None
        category = me.chance.choice(categories)
        text = me.chance.choice(category.phrases).zh if category.phrases else category.name.zh
        grid = me.chance.choice(grids).id if grids and me.chance.random() < 0.8 else None
        phone = me.phone if me.chance.random() < 0.6 else None
        return (yield from me.insist(me.hand.door("file_request", RequestOrder(category.id, text, grid, phone=phone))))

    def _looks(self, me: Resident, filed: Request) -> Part:
        """It is there under the code that was given; None while codes rest or nobody can look."""
        text = filed.qr if me.chance.random() < 0.5 else filed.code
        seen = yield Do(lambda: self._town.site.house.door(me.hand.caller).request(text))
        if isinstance(seen, Refusal) and (seen.kind in {"broken", "busy"} or seen.retry_after is not None):
            return None
        self.seen += 1
        self._town.watcher.looked_up(filed, seen)
        if not isinstance(seen, Request):
            return None
        self._tell(f"查询  {seen.category.zh}，{_STATES[seen.state]}")
        return seen

    def _rounds(self) -> Script:
        """The clerk goes through what is open, the first due first, and brings each a step further."""
        chance = self._town.chance("petitions clerk")
        hand = Hand("petitions clerk", CLERK, chance, _TWICE)
        while True:
            yield Sleep(chance.uniform(*_ROUND_S) if self._town.busy else _ROUND_S[1])
            cases = (yield Do(lambda: self._town.site.house.counter(CLERK).requests())) if self._town.busy else ()
            for case in cases[:_A_ROUND] if isinstance(cases, tuple) else ():
                yield from self._a_step(hand, case)

    @staticmethod
    def _a_step(hand: Hand, case: RequestCase) -> Script:
        """Only the first that may be done: the page is looked at again before the next."""
        what = next((one for one in _NEXT if one in case.may), None)
        if what is None:
            return
        verb, words = what.replace("-", "_"), ("已经安排人去办了，办好了。",) if what == "answer" else ()
        yield from hand.insist(hand.counter(verb, case.request.id, *words))
        yield Sleep(hand.chance.uniform(20, 240))
