"""The queue's half of the door inside the hall, for one caller: services, numbers, ratings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.door import Facility, Rating, Refusal, Service, Ticket, TicketOrder
from kiosk.hall import ratings
from kiosk.hall.answers import Number, Numbered, ms
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Commands, Kept, Work
from kiosk.hall.lines import Lines
from kiosk.hall.queue_views import QueueViews
from kiosk.hall.schedule import Schedule
from kiosk.hall.tickets import Tickets
from kiosk.hall.views import Views
from kiosk.hall.waits import Waits
from kiosk.hall.windows import Windows
from kiosk.ledger import Tx
from kiosk.rules.cleaning import clean


@dataclass(frozen=True, slots=True)
class Queue:
    """The queue's parts of a house, wired."""

    lines: Lines
    waits: Waits
    tickets: Tickets
    windows: Windows
    views: QueueViews


class QueueDoor:
    """The part of `kiosk.door.Hall` that is about numbers."""

    def __init__(self, caller: Caller, commands: Commands, schedule: Schedule, views: Views, queue: Queue) -> None:
        self._caller = caller
        self._commands = commands
        self._schedule = schedule
        self._views = views
        self._queue = queue

    async def services(self) -> tuple[Service, ...]:
        await self._queue.waits.refresh()
        now = self._commands.clock.now().astimezone(self._schedule.zone)
        found = await self._commands.ask(lambda tx: self._queue.views.services(tx, now))
        return self._queue.views.services(None, now) if isinstance(found, Refusal) else found

    async def bookable_services(self) -> tuple[Facility, ...]:
        now = self._commands.clock.now().astimezone(self._schedule.zone)
        places = self._schedule.window_places

        def look(tx: Tx | None) -> tuple[Facility, ...]:
            return tuple(self._views.facility(tx, place, now) for place in places)

        found = await self._commands.ask(look)
        return look(None) if isinstance(found, Refusal) else found

    async def take_ticket(self, key: str, order: TicketOrder) -> Ticket | Refusal:
        await self._queue.waits.refresh()
        content = ("ticket", order.service, order.matter, order.phone, order.priority)
        return await self._numbered(key, content, lambda work: self._queue.tickets.take(work, order))

    async def ticket(self, qr_or_id: str) -> Ticket | Refusal:
        await self._queue.waits.refresh()
        now = self._commands.clock.now().astimezone(self._schedule.zone)

        def look(tx: Tx) -> Numbered | Refusal:
            found = self._queue.tickets.look(tx, self._caller, qr_or_id, now.date().isoformat())
            return self._queue.tickets.shown(tx, found, ms(now)) if isinstance(found, Number) else found

        found = await self._commands.ask(look)
        return found if isinstance(found, Refusal) else self._queue.views.ticket(found)

    async def reprint_ticket(self, key: str, qr_or_id: str) -> Ticket | Refusal:
        await self._queue.waits.refresh()
        return await self._numbered(
            key, ("reprint-ticket", qr_or_id), lambda work: self._queue.tickets.reprint(work, qr_or_id)
        )

    async def rate(self, key: str, rating: Rating) -> Refusal | None:
        content = ("rate", rating.subject, rating.level, rating.reasons, clean(rating.text or ""))
        kept = await self._commands.run(
            self._caller, key, content,
            lambda work: ratings.rate(work, self._queue.tickets, self._commands.vault, rating),
        )  # fmt: skip
        if isinstance(kept, Refusal):
            return kept
        return kept.answer if isinstance(kept.answer, Refusal) else None

    async def _numbered(
        self, key: str, content: tuple[object, ...], body: Callable[[Work], Numbered]
    ) -> Ticket | Refusal:
        kept = await self._commands.run(self._caller, key, content, body)
        shown = self._show_ticket(kept)
        assert shown is not None
        return shown

    def _show_ticket(self, kept: Kept | Refusal) -> Ticket | Refusal | None:
        if isinstance(kept, Refusal):
            return kept
        match kept.answer:
            case Numbered() as numbered:
                return self._queue.views.ticket(numbered)
            case Refusal() as refusal:
                return refusal
        return None
