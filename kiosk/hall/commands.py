"""How every command runs: once for each key, on a clock that can be believed, its answer kept beside its effect.

A command is a plain function of a `Work`; it answers with a value or raises `Declined`, and then what it had changed is
taken back before the refusal itself is kept. Nothing here knows a use case or a wire.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import TypeVar
from uuid import UUID, uuid4, uuid5

from pydantic_core import to_json

from kiosk.clock import Clock
from kiosk.door import Offer, Reason, Refusal
from kiosk.hall import register, request_rows
from kiosk.hall.answers import Answer, Arrived, Held, Lodged, keep, moment, ms, recall
from kiosk.hall.callers import Caller
from kiosk.hall.ids import name_id
from kiosk.hall.outbox import Outbox
from kiosk.hall.returning import Home
from kiosk.ledger import Broke, Event, Hot, Ledger, LedgerBusy, LedgerTrouble, Row, Tx, Vault

T = TypeVar("T")

HOUSE = UUID("6f0c5d0e-6f53-5c0e-9f0a-2f4d0f3b8a11")
"""Name space of ids that belong to no token: timers' commands, and tokens themselves."""

CLOCK_TOLERANCE_MS = 60_000

_KNOWN = Hot("SELECT fingerprint, answer, at FROM command WHERE id = :id")
# The same with the latest time in the log, in one statement: every command begins with it.
_BEFORE = Hot(
    "SELECT newest.high, command.fingerprint, command.answer, command.at"
    " FROM (SELECT (SELECT high FROM event ORDER BY seq DESC LIMIT 1) AS high) AS newest"
    " LEFT JOIN command ON command.id = :id"
)
_KEEP = Hot("INSERT INTO command (id, fingerprint, answer, at) VALUES (:id, :fingerprint, :answer, :at)")

# DESIGN: 2xx, 404, 409 and 422 are kept 30 days, the rest never.
_KEPT = frozenset({"missing", "conflict", "rule"})
KEPT_FOR = timedelta(days=30)

REFUSED = {
    "slot_within_capacity": Refusal("conflict", Reason("full")),
    "phone_day_limit": Refusal("rule", Reason("phone-day-limit")),
}
"""The constraints that a command can run into, each as the one refusal it means. The statements in `places` are refused
before they get so far; this is the wall behind the door."""


class Declined(Exception):
    """The hall says no. `after` is done, in the same transaction, once everything else has been taken back."""

    def __init__(self, refusal: Refusal, after: Callable[[Work], None] | None = None) -> None:
        super().__init__(refusal.reason.code)
        self.refusal = refusal
        self.after = after


def declined(kind: str, reason: Reason, offers: Sequence[Offer] = ()) -> Declined:
    """A refusal to raise. Where nothing better is offered, the way on is a clerk."""
    return Declined(Refusal(kind, reason, tuple(offers) or (Offer(Reason("ask-clerk")),)))


class Work:
    """A command at work: its transaction, its moment, and the events it will leave behind."""

    __slots__ = ("_source", "at", "caller", "events", "id", "now", "phone", "private", "tx")

    def __init__(self, tx: Tx, id_: str, caller: Caller, now: datetime, source: str) -> None:
        self.tx = tx
        self.id = id_
        self.caller = caller
        self.now = now
        self.at = ms(now)
        self.events: list[Event] = []
        self.private: list[tuple[Event, Mapping[str, str]]] = []
        # The digits of the appointment or request that is the answer, if they are at hand anyway.
        self.phone: str | None = None
        self._source = source

    def tell(
        self, what: str, subject: str, data: Mapping[str, object] | None = None,
        private: Mapping[str, str] | None = None, *, declares: bool = False,
    ) -> None:  # fmt: skip
        """Leave an event, e.g. `tell("appointment.booked", id, …)`. Nothing personal and no code may stand in it:
        `private` ("text", "place", "phone", "name") goes to the outbox only, sealed for each destination."""
        event = Event(
            f"{self.id}-{len(self.events)}",
            f"cn.hall.{what}.v1",
            self._source,
            subject,
            self.at,
            {} if data is None else data,
            declares,
        )
        self.events.append(event)
        if private:
            self.private.append((event, private))

    def forget(self) -> None:
        """What was told is not so: the command has been taken back."""
        self.events.clear()
        self.private.clear()

    def leave(self, outbox: Outbox | None) -> None:
        """Write what was told into the log, and what is private of it into the outbox."""
        self.tx.append(self.events)
        if outbox is not None:
            for event, private in self.private:
                outbox.keep(self.tx, event, private)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, the moment it was first given, by which it is shown again, and the telephone of what it shows."""

    answer: Answer
    at: datetime
    phone: str | None = None


@lru_cache(maxsize=1024)
def _space(token: str) -> UUID:
    return uuid5(HOUSE, f"token:{token}")


def command_id(token: str, key: str) -> str:
    """The UUIDv5 of (token id, Idempotency-Key)."""
    return name_id(_space(token), key)


def timer_id(name: str) -> str:
    """The id of what a timer does, by what it acts on, e.g. `no-show:{appointment}`."""
    return name_id(HOUSE, name)


class Commands:
    """Runs commands and queries, and turns the ledger's trouble into refusals that nobody keeps."""

    def __init__(
        self, ledger: Ledger, vault: Vault, clock: Clock, source: str, zone: tzinfo, readers: Executor
    ) -> None:
        self.ledger = ledger
        self.vault = vault
        self.clock = clock
        self.source = source
        self.zone = zone
        self._readers = readers
        self._returning: Home | None = None
        self._ready = False
        self.learn: Callable[[], None] | None = None
        """Looks whether managers entered something, here or in another process (`kiosk.hall.entered`)."""
        self.outbox: Outbox | None = None
        """Keeps what destinations are to get of private fields; None where no destination wants anything."""
        self.trouble: Reason | None = None
        """Why nothing can be written at present, as the last command or the timers' last beat found it."""

    async def run(
        self,
        caller: Caller,
        key: str,
        content: Sequence[object],
        body: Callable[[Work], Answer],
        *,
        timeless: bool = False,
    ) -> Kept | Refusal:
        """Run a command once for (caller, key). `content` is what makes another request with this key another one.

        `timeless`: it does not depend on the present time, and goes on when the clock is in doubt.
        """
        id_ = command_id(caller.id, key)
        try:
            if not self._ready:
                await self.in_background(self.prepare)
            fingerprint = self.vault.mac("fingerprint", to_json(content, fallback=str).decode())

            def command(tx: Tx) -> Kept | Refusal:
                newest, *known = tx.all(_BEFORE, id=id_)[0]
                if known[0] is not None:
                    if not hmac.compare_digest(known[0], fingerprint):
                        return Refusal("rule", Reason("key-reused"), (Offer(Reason("ask-clerk")),))
                    return self._again(tx, tuple(known))
                work = Work(tx, id_, caller, self.clock.now(), self.source)
                if not timeless and (doubt := _doubt(newest, work.now, self.zone)) is not None:
                    return Refusal("broken", doubt, (Offer(Reason("ask-clerk")),))
                answer = self._attempt(work, body)
                if isinstance(answer, Refusal) and answer.kind not in _KEPT:
                    return answer
                tx.run(_KEEP, id=id_, fingerprint=fingerprint, answer=keep(answer), at=work.at)
                return Kept(answer, work.now, work.phone or self._phone(tx, answer))

            return await self._home().wait(self.ledger.write(command))
        except LedgerTrouble as trouble:
            self.noticed(trouble)
            return refusal_of(trouble)

    def noticed(self, trouble: LedgerTrouble | None) -> None:
        """The ledger could not serve, or (None) has just taken something: what the waiting page and staff are told."""
        if not isinstance(trouble, LedgerBusy):
            self.trouble = None if trouble is None else Reason(trouble.code)

    def _attempt(self, work: Work, body: Callable[[Work], Answer]) -> Answer:
        try:
            answer = body(work)
        except Declined as no:
            work.tx.undo()
            work.forget()
            answer = no.refusal
            if no.after is not None:
                no.after(work)
        except Broke as broke:
            refusal = REFUSED.get(broke.constraint)
            if refusal is None:
                raise
            work.tx.undo()
            work.forget()
            answer = refusal
        work.leave(self.outbox)
        return answer

    async def ask(self, query: Callable[[Tx], T]) -> T | Refusal:
        """Run a query beside the event loop."""
        try:
            if not self._ready:
                await self.in_background(self.prepare)
            return await self.in_background(lambda: self.ledger.read(query))
        except LedgerTrouble as trouble:
            return refusal_of(trouble)

    async def outcome(self, caller: Caller, key: str) -> Kept | Refusal | None:
        """What became of a command; None if it never took effect."""

        def look(tx: Tx) -> Kept | None:
            known = tx.one(_KNOWN, id=command_id(caller.id, key))
            return None if known is None else self._again(tx, known)

        return await self.ask(look)

    async def note(self, caller: Caller, body: Callable[[Work], T], id_: str | None = None) -> T | Refusal:
        """Run what has no key and keeps no answer: a kiosk's report, a wrong code. May be done twice, unless `body`
        sees to that. `id_`: the command's, where it must be the same each time."""
        try:
            if not self._ready:
                await self.in_background(self.prepare)

            def command(tx: Tx) -> T:
                work = Work(tx, id_ or str(uuid4()), caller, self.clock.now(), self.source)
                done = body(work)
                work.leave(self.outbox)
                return done

            return await self._home().wait(self.ledger.write(command))
        except LedgerTrouble as trouble:
            return refusal_of(trouble)

    def _again(self, tx: Tx, known: Row) -> Kept:
        answer = recall(known[1])
        if isinstance(answer, Held):
            answer = _coded(tx, answer)
        elif isinstance(answer, Arrived) and isinstance(answer.who, Held):
            answer = Arrived(_coded(tx, answer.who), answer.numbered)
        elif isinstance(answer, Lodged):
            answer = request_rows.whole(tx, self.vault, answer.row)
        return Kept(answer, moment(known[2], self.zone), self._phone(tx, answer))

    def _phone(self, tx: Tx, answer: Answer) -> str | None:
        if isinstance(answer, Arrived):
            answer = answer.who
        if not isinstance(answer, Held | Lodged):
            return None
        phone = register.phone_of(tx, self.vault, answer.id if isinstance(answer, Held) else answer.row.id)
        return None if phone is None else phone[0]

    def prepare(self) -> None:
        """See that ledger and key are at hand, and learn what managers entered. Raises `LedgerTrouble`."""
        self.ledger.open()
        self.vault.prepare(self.ledger)
        if self.learn is not None:
            self.learn()
        self._ready = True

    def _home(self) -> Home:
        loop = asyncio.get_running_loop()
        home = self._returning
        if home is None or home.loop is not loop:
            home = self._returning = Home(loop)
        return home

    async def in_background(self, work: Callable[[], T]) -> T:
        """Run what blocks beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, work)


def _coded(tx: Tx, held: Held) -> Held:
    """An appointment with the code it has today, if it still has one."""
    today = register.by_id(tx, held.id)
    return held._replace(code=None if today is None else today.code)


def refusal_of(trouble: LedgerTrouble) -> Refusal:
    """What a resident is told of the ledger's trouble; nothing was done."""
    kind = "busy" if isinstance(trouble, LedgerBusy) else "broken"
    return Refusal(kind, Reason(trouble.code), retry_after=timedelta(seconds=2 if kind == "busy" else 10))


def clock_doubt(tx: Tx, now: datetime, zone: tzinfo) -> Reason | None:
    """Set when the log already knows a later time than the clock shows (DESIGN: judged against nothing else)."""
    return _doubt(tx.newest(), now, zone)


def _doubt(newest: int | None, now: datetime, zone: tzinfo) -> Reason | None:
    if newest is None or newest - ms(now) <= CLOCK_TOLERANCE_MS:
        return None
    return Reason("clock-doubt", {"hall": now, "ledger": moment(newest, zone)})
