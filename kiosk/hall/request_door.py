"""The requests' half of the door inside the hall, for one caller: what residents do with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kiosk.door import Category, Grid, HelpKind, Refusal, Request, RequestOrder
from kiosk.hall import codes, register, request_rows
from kiosk.hall.answers import Lodged
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Commands, Kept, Work
from kiosk.hall.neighbourhood import Neighbourhood
from kiosk.hall.request_changes import Changes
from kiosk.hall.request_desk import RequestDesk
from kiosk.hall.request_moves import REQUESTS
from kiosk.hall.request_views import RequestViews
from kiosk.hall.requests import Requests
from kiosk.ledger import Tx
from kiosk.rules.cleaning import clean


@dataclass(frozen=True, slots=True)
class RequestParts:
    """The requests' parts of a house, wired."""

    places: Neighbourhood
    use: Requests
    desk: RequestDesk
    changes: Changes
    views: RequestViews


class RequestDoor:
    """See `kiosk.door.HallRequests`."""

    def __init__(self, caller: Caller, commands: Commands, parts: RequestParts) -> None:
        self._caller = caller
        self._commands = commands
        self._requests = parts

    async def categories(self) -> tuple[Category, ...]:
        return self._requests.places.categories

    async def grids(self) -> tuple[Grid, ...]:
        return self._requests.places.grids

    async def file_request(self, key: str, order: RequestOrder) -> Request | Refusal:
        # Cleaned already here: what makes no difference to what is filed is the same request under the same key.
        said, place = clean(order.text), None if order.place is None else clean(order.place, lines=False)
        name = clean(order.name or "", lines=False)
        content = ("request", order.category, said, order.grid, place, order.phone, name)
        return await self._requested(key, content, lambda work: self._requests.use.file(work, order))

    async def request(self, code_or_qr: str) -> Request | Refusal:
        now = self._commands.clock.now()

        def look(tx: Tx) -> Request | Refusal:
            row = codes.look_for(tx, self._commands.vault, self._caller, code_or_qr, now, REQUESTS)
            if isinstance(row, Refusal):
                return row
            return self._shown(tx, request_rows.whole(tx, self._commands.vault, row), now)

        found = await self._commands.ask(look)
        if isinstance(found, Refusal) and codes.is_miss(self._caller, found, code_or_qr):
            await self._commands.note(self._caller, codes.miss)
        return found

    async def answer_request(
        self, key: str, code_or_qr: str, solved: bool, why: str | None = None
    ) -> Request | Refusal:
        content = ("solved", code_or_qr, solved, None if why is None else clean(why))
        return await self._requested(
            key, content, lambda work: self._requests.use.answer(work, code_or_qr, why, solved=solved)
        )

    async def ask_help(self, key: str, code_or_qr: str, kind: HelpKind) -> Request | Refusal:
        return await self._requested(
            key, ("ask-help", code_or_qr, kind.value), lambda work: self._requests.use.help(work, code_or_qr, kind)
        )

    async def reprint_request(self, key: str, code_or_qr: str) -> Request | Refusal:
        return await self._requested(
            key, ("reprint-request", code_or_qr), lambda work: self._requests.use.reprint(work, code_or_qr)
        )

    async def _requested(
        self, key: str, content: tuple[object, ...], body: Callable[[Work], Lodged]
    ) -> Request | Refusal:
        shown = self._show_request(await self._commands.run(self._caller, key, content, body))
        assert shown is not None
        return shown

    def _show_request(self, kept: Kept | Refusal) -> Request | Refusal | None:
        if isinstance(kept, Refusal):
            return kept
        match kept.answer:
            case Lodged() as lodged:
                return self._requests.views.request(lodged, kept.at, kept.phone, staff=self._caller.staff)
            case Refusal() as refusal:
                return refusal
        return None

    def _shown(self, tx: Tx, lodged: Lodged, now: datetime) -> Request:
        phone = register.phone_of(tx, self._commands.vault, lodged.row.id)
        return self._requests.views.request(lodged, now, phone[0] if phone else None, staff=self._caller.staff)
