"""Requests as clerks hold them inside the hall: `kiosk.door.CounterRequests`, for one signed-in person."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile

from kiosk.door import ChangeAside, HelpKind, Reason, Refusal, RequestCase, View
from kiosk.hall import register, request_rows
from kiosk.hall.answers import Asked, Done, Lodged, moment, ms
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Commands, Work, declined
from kiosk.hall.request_door import RequestParts
from kiosk.ledger import Tx
from kiosk.rules.cleaning import clean

MOST_LISTED = 200
_NOT_ALLOWED = Refusal("forbidden", Reason("not-allowed"))
_ANSWERED = frozenset({"done", "confirmed"})


class CounterRequestsDesk:
    """See `kiosk.door.CounterRequests`."""

    def __init__(self, caller: Caller, commands: Commands, parts: RequestParts) -> None:
        self._caller = caller
        self._commands = commands
        self._requests = parts

    # ---- looking -----------------------------------------------------------------------------------------------------

    async def requests(self, view: View = "open", search: str = "") -> tuple[RequestCase, ...] | Refusal:
        if not self._caller.staff:
            return _NOT_ALLOWED
        now = self._commands.clock.now()
        wanted = clean(search, lines=False).casefold().split()

        def look(tx: Tx) -> tuple[RequestCase, ...]:
            rows = request_rows.latest(tx) if view == "all" else request_rows.living(tx)
            if view == "mine":
                rows = (row for row in rows if row.holder == self._caller.name)
            if view == "late":  # what has its answer comes behind all others, and is late no more
                rows = takewhile(lambda row: row.state != "done", rows)
            found = []
            for lodged in request_rows.listed(tx, self._commands.vault, rows):
                if wanted and not self._is_meant(lodged, wanted):
                    continue
                case = self._requests.views.case(lodged, now, self._caller, None, whole=False)
                if view != "late" or case.request.overdue != "fine":
                    found.append(case)
                if len(found) >= MOST_LISTED:
                    break
            return tuple(found)

        return await self._commands.ask(look)

    async def request_by_id(self, id_: str) -> RequestCase | Refusal:
        if not self._caller.staff:
            return _NOT_ALLOWED
        now = self._commands.clock.now()

        def look(tx: Tx) -> RequestCase | Refusal:
            row = request_rows.by_id(tx, id_) if id_.isprintable() else None
            if row is None:
                return Refusal("missing", Reason("request-unknown"))
            phone = register.phone_of(tx, self._commands.vault, id_)
            whole = request_rows.whole(tx, self._commands.vault, row)
            return self._requests.views.case(whole, now, self._caller, phone[0] if phone else None)

        return await self._commands.ask(look)

    async def changes_aside(self) -> tuple[ChangeAside, ...] | Refusal:
        if not self._caller.staff:
            return _NOT_ALLOWED
        zone = self._commands.zone
        return await self._commands.ask(
            lambda tx: tuple(
                ChangeAside(id_, request, kind, moment(at, zone), why)
                for id_, request, kind, at, why in request_rows.aside(tx)
            )
        )

    # ---- doing -------------------------------------------------------------------------------------------------------

    async def take_over(self, key: str, id_: str) -> RequestCase | Refusal:
        return await self._case(key, ("take-over", id_), lambda work: self._requests.desk.take_over(work, id_))

    async def hand_over(self, key: str, id_: str, to: str, why: str) -> RequestCase | Refusal:
        return await self._case(
            key, ("hand-over", id_, clean(to), clean(why)),
            lambda work: self._requests.desk.hand_over(work, id_, clean(to, lines=False), why),
        )  # fmt: skip

    async def note_call_back(self, key: str, id_: str, text: str) -> RequestCase | Refusal:
        return await self._case(
            key, ("called-back", id_, clean(text)), lambda work: self._requests.desk.note_call_back(work, id_, text)
        )

    async def settle_help(self, key: str, id_: str, kind: HelpKind) -> RequestCase | Refusal:
        return await self._case(
            key, ("settle-help", id_, kind.value), lambda work: self._requests.desk.settle_help(work, id_, kind)
        )

    async def accept(self, key: str, id_: str) -> RequestCase | Refusal:
        return await self._case(key, ("accept", id_), lambda work: self._requests.desk.accept(work, id_))

    async def doing(self, key: str, id_: str) -> RequestCase | Refusal:
        return await self._case(key, ("doing", id_), lambda work: self._requests.desk.doing(work, id_))

    async def answer(self, key: str, id_: str, text: str) -> RequestCase | Refusal:
        return await self._case(
            key, ("answer", id_, clean(text)), lambda work: self._requests.desk.answer(work, id_, text)
        )

    async def extend(self, key: str, id_: str, days: int, why: str) -> RequestCase | Refusal:
        return await self._case(
            key, ("extend", id_, days, clean(why)), lambda work: self._requests.desk.extend(work, id_, days, why)
        )

    async def bring_home(self, key: str, id_: str, why: str) -> RequestCase | Refusal:
        return await self._case(
            key, ("bring-home", id_, clean(why)), lambda work: self._requests.desk.bring_home(work, id_, why)
        )

    async def strike_off(self, key: str, id_: str, why: str) -> RequestCase | Refusal:
        return await self._case(
            key, ("strike-off", id_, clean(why)), lambda work: self._requests.desk.strike_off(work, id_, why)
        )

    async def settle_change(self, key: str, id_: str) -> Refusal | None:
        def body(work: Work) -> Done:
            if not id_.isprintable() or not request_rows.settle_change(work.tx, id_, ms(work.now)):
                raise declined("missing", Reason("unknown"))
            work.tell("request.change-settled", "change", {"by": self._caller.id})
            return Done("change")

        if not self._caller.staff:
            return _NOT_ALLOWED
        kept = await self._commands.run(self._caller, key, ("settle-change", id_), body)
        if isinstance(kept, Refusal):
            return kept
        return kept.answer if isinstance(kept.answer, Refusal) else None

    async def _case(
        self, key: str, content: tuple[object, ...], body: Callable[[Work], Lodged]
    ) -> RequestCase | Refusal:
        if not self._caller.staff:
            return _NOT_ALLOWED
        kept = await self._commands.run(self._caller, key, content, body)
        if isinstance(kept, Refusal):
            return kept
        if isinstance(kept.answer, Refusal):
            return kept.answer
        assert isinstance(kept.answer, Lodged)
        return self._requests.views.case(kept.answer, kept.at, self._caller, kept.phone)

    def _is_meant(self, lodged: Lodged, wanted: list[str]) -> bool:
        """Whether every word searched for stands somewhere in it."""
        row: Asked = lodged.row
        places = self._requests.places
        names = (places.category_name(row.category), places.grid_name(row.grid), places.unit_name(row.unit))
        parts = [row.code or "", row.holder, row.officer, *lodged.words.values()]
        parts += [part for name in names if name is not None for part in (name.zh, name.en)]
        haystack = "\n".join(parts).casefold()
        return all(word in haystack for word in wanted)
