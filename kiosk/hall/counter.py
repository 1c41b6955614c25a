"""Windows and requests as clerks hold them inside the hall: `kiosk.door.Counter` made of use cases, for one person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from kiosk.door import BoardView, QueueView, Reason, Refusal, Ticket, Window
from kiosk.hall.answers import Answer, Done, Nobody, Numbered, Stood, ms
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Commands, Work
from kiosk.hall.queue_door import Queue
from kiosk.hall.request_counter import CounterRequestsDesk
from kiosk.hall.request_door import RequestParts
from kiosk.hall.schedule import Schedule
from kiosk.ledger import Hot

MOST_NOTICE = 200
_SET_NOTICE = Hot(
    "INSERT INTO mark (name, value) VALUES ('notice', :text) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_NOT_ALLOWED = Refusal("forbidden", Reason("not-allowed"))


class CounterDesk(CounterRequestsDesk):
    """See `kiosk.door.Counter`."""

    def __init__(
        self, caller: Caller, commands: Commands, schedule: Schedule, queue: Queue, requests: RequestParts
    ) -> None:
        super().__init__(caller, commands, requests)
        self._schedule = schedule
        self._queue = queue

    # ---- looking -----------------------------------------------------------------------------------------------------

    async def windows(self) -> tuple[Window, ...] | Refusal:
        now = self._now()
        return await self._commands.ask(lambda tx: self._queue.views.windows(tx, now))

    async def view(self, window: str) -> QueueView | Refusal:
        if not self._caller.staff:
            return _NOT_ALLOWED
        now = self._now()
        return await self._commands.ask(lambda tx: self._queue.views.view(tx, window, now))

    async def board(self) -> BoardView | Refusal:
        await self._queue.waits.refresh()
        now = self._now()
        return await self._commands.ask(lambda tx: self._queue.views.board(tx, now))

    # ---- the window itself -------------------------------------------------------------------------------------------

    async def open_window(
        self, key: str, window: str, services: tuple[str, ...] = (), from_: str | None = None
    ) -> Window | Refusal:
        return await self._stood(
            key, ("open", window, services, from_),
            lambda work: self._queue.windows.open(work, window, services, from_),
        )  # fmt: skip

    async def close_window(self, key: str, window: str, serving: str | None = None) -> Window | Refusal:
        return await self._stood(
            key, ("close", window, serving), lambda work: self._queue.windows.close(work, window, serving)
        )

    async def pause(self, key: str, window: str, reason: str, back_at: datetime | None = None) -> Window | Refusal:
        until = None if back_at is None else ms(back_at)
        return await self._stood(
            key,
            ("pause", window, reason, until),
            lambda work: self._queue.windows.pause(work, window, reason, back_at),
        )

    async def resume(self, key: str, window: str) -> Window | Refusal:
        return await self._stood(key, ("resume", window), lambda work: self._queue.windows.resume(work, window))

    async def set_notice(self, key: str, text: str) -> Refusal | None:
        said = " ".join(text.split())[:MOST_NOTICE]

        def body(work: Work) -> Done:
            work.tx.run(_SET_NOTICE, text=said)
            work.tell("board.notice", "board", {"text": said})
            return Done("board")

        answer = await self._run(key, ("notice", said), body)
        return answer if isinstance(answer, Refusal) else None

    # ---- calling -----------------------------------------------------------------------------------------------------

    async def call_next(self, key: str, window: str, serving: str | None = None) -> Ticket | Refusal | None:
        answer = await self._run(
            key, ("call-next", window, serving), lambda work: self._queue.windows.call_next(work, window, serving)
        )
        if isinstance(answer, Numbered):
            return self._queue.views.ticket(answer)
        return answer if isinstance(answer, Refusal) else None

    async def call(self, key: str, window: str, ticket: str, serving: str | None = None) -> Ticket | Refusal:
        return await self._numbered(
            key, ("call", window, ticket, serving),
            lambda work: self._queue.windows.call(work, window, ticket, serving),
        )  # fmt: skip

    async def recall(self, key: str, window: str, serving: str | None = None) -> Ticket | Refusal:
        return await self._numbered(
            key, ("recall", window, serving), lambda work: self._queue.windows.recall(work, window, serving)
        )

    async def no_show(self, key: str, window: str, serving: str | None = None) -> Ticket | Refusal:
        return await self._numbered(
            key, ("no-show", window, serving), lambda work: self._queue.windows.no_show(work, window, serving)
        )

    async def hold(self, key: str, window: str, serving: str | None = None) -> Ticket | Refusal:
        return await self._numbered(
            key, ("hold", window, serving), lambda work: self._queue.windows.hold(work, window, serving)
        )

    async def resume_held(self, key: str, window: str, ticket: str) -> Ticket | Refusal:
        return await self._numbered(
            key, ("return", window, ticket), lambda work: self._queue.windows.resume_held(work, window, ticket)
        )

    async def transfer(
        self, key: str, window: str, *, service: str | None = None, to: str | None = None, come_back: bool = False,
        serving: str | None = None,
    ) -> Ticket | Refusal:  # fmt: skip
        return await self._numbered(
            key, ("transfer", window, service, to, come_back, serving),
            lambda work: self._queue.windows.transfer(work, window, service, to, serving, come_back=come_back),
        )  # fmt: skip

    async def finish(self, key: str, window: str, serving: str | None = None) -> Ticket | Refusal:
        return await self._numbered(
            key, ("finish", window, serving), lambda work: self._queue.windows.finish(work, window, serving)
        )

    # ---- how -----------------------------------------------------------------------------------------------------

    async def _run(self, key: str, content: tuple[object, ...], body: Callable[[Work], Answer]) -> Answer:
        if not self._caller.staff:
            return _NOT_ALLOWED

        def alone(work: Work) -> Answer:
            work.tx.alone()
            return body(work)

        kept = await self._commands.run(self._caller, key, content, alone)
        return kept if isinstance(kept, Refusal) else kept.answer

    async def _stood(self, key: str, content: tuple[object, ...], body: Callable[[Work], Stood]) -> Window | Refusal:
        answer = await self._run(key, content, body)
        assert isinstance(answer, Stood | Refusal)
        return self._queue.views.window(answer) if isinstance(answer, Stood) else answer

    async def _numbered(
        self, key: str, content: tuple[object, ...], body: Callable[[Work], Numbered | Nobody]
    ) -> Ticket | Refusal:
        answer = await self._run(key, content, body)
        assert isinstance(answer, Numbered | Refusal)
        return self._queue.views.ticket(answer) if isinstance(answer, Numbered) else answer

    def _now(self) -> datetime:
        return self._commands.clock.now().astimezone(self._schedule.zone)
