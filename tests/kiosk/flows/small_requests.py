"""The small hall's requests: two categories, a village with two ends, and an answer whenever a test says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from kiosk.door import (
    Category,
    Grid,
    HelpKind,
    Name,
    Offer,
    Reason,
    Refusal,
    Request,
    RequestOrder,
    RequestState,
    Step,
)

CATEGORIES = (
    Category("environment", Name("环境卫生", "Environment"), Name("垃圾、路灯", "Rubbish, lights"),
             (Name("路灯不亮", "The light is out"), Name("下水道堵了", "The drain is blocked"), Name("太吵", "Noise"))),
    Category("suggestion", Name("意见建议", "Suggestions"), Name(""), (Name("多办活动"),)),
)
GRIDS = (
    Grid("park", Name("园区社区", "Park")),
    Grid("admin", Name("管委会大楼", "Administration"), within="park", here=True),
    Grid("market", Name("农贸市场1号楼", "Market"), ("菜市场",), "park"),
    Grid("river", Name("双河村", "Two Rivers")),
)
DUE = date(2026, 12, 2)
LATER = date(2026, 12, 9)


class SmallHallRequests:
    """Part of `SmallHall`, which has the clock, the book of answers and the refusal to give."""

    now: datetime
    filed: dict[str, Request]
    refuse: Refusal | None
    effects: list[str]
    town = (CATEGORIES, GRIDS)
    _once: Callable

    async def categories(self) -> tuple[Category, ...]:
        return self.town[0]

    async def grids(self) -> tuple[Grid, ...]:
        return self.town[1]

    async def file_request(self, key: str, order: RequestOrder) -> Request | Refusal:
        return self._once(key, order, lambda: self._file(order))

    def _file(self, order: RequestOrder) -> Request | Refusal:
        if self.refuse:
            return self.refuse
        self.effects.append("request")
        code = f"{4827610395 + len(self.filed)}"
        category = next(one for one in CATEGORIES if one.id == order.category)
        place = next((grid.name for grid in GRIDS if grid.id == order.grid), None)
        self.filed[code] = Request(
            f"id-{code}", code, f"HKR:{code}:ABCDEFGH", category.name, place, RequestState.REGISTERED, DUE, self.now,
            (Step(self.now, Reason("request-filed", {"due": DUE})),), may=frozenset({"help", "reprint"}),
            phone_tail=order.phone[-4:] if order.phone else None, text=order.text, category_id=order.category,
            grid=order.grid)
        return self.filed[code]

    def answered(self, code: str, text: str = "修好了。") -> Request:
        """An officer answers it."""
        self.filed[code] = replace(
            self.filed[code], state=RequestState.DONE, answer=text, officer="王志强",
            may=frozenset({"help", "reprint", "confirm", "not-solved"}))
        return self.filed[code]

    async def request(self, code_or_qr: str) -> Request | Refusal:
        if self.refuse:
            return self.refuse
        found = self.filed.get(_code(code_or_qr))
        return found or Refusal("missing", Reason("request-unknown"), (Offer(Reason("ask-clerk")),))

    async def answer_request(
        self, key: str, code_or_qr: str, solved: bool, why: str | None = None
    ) -> Request | Refusal:
        return self._once(key, (code_or_qr, solved, why), lambda: self._told(
            code_or_qr, "solved" if solved else f"not solved: {why}",
            **({"state": RequestState.CONFIRMED, "may": frozenset()} if solved
               else {"state": RequestState.DOING, "due": LATER, "may": frozenset({"help", "reprint"})})))

    async def ask_help(self, key: str, code_or_qr: str, kind: HelpKind) -> Request | Refusal:
        return self._once(key, (code_or_qr, kind), lambda: self._told(code_or_qr, f"help: {kind.value}"))

    async def reprint_request(self, key: str, code_or_qr: str) -> Request | Refusal:
        return self._once(key, code_or_qr, lambda: self._told(code_or_qr, "reprint"))

    def _told(self, code_or_qr: str, what: str, **fields: object) -> Request | Refusal:
        if self.refuse:
            return self.refuse
        self.effects.append(what)
        code = _code(code_or_qr)
        self.filed[code] = replace(self.filed[code], **fields)  # type: ignore[arg-type]
        return self.filed[code]


def _code(code_or_qr: str) -> str:
    return code_or_qr.split(":")[1] if ":" in code_or_qr else code_or_qr
