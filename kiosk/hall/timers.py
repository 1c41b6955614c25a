"""What the hall does by itself: no-shows free their places, finished appointments end, personal fields die in time.

Runs in every hall process, works in the one that holds the lease. Each thing done is a command of its own under an id
made of what it acts on (`no-show:{id}`): done twice, it is done once. With the clock in doubt nothing is done.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from kiosk.door import AppointmentState, Role
from kiosk.hall import keeping, places, register, rollover
from kiosk.hall.answers import Held, ms
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Commands, Work, clock_doubt, timer_id
from kiosk.leases import RENEW_S, Lease
from kiosk.ledger import Hot, LedgerTrouble, Tx

_LOG = logging.getLogger(__name__)
_AT_ONCE = 200
_TICK_S = 1.0
_PURGE_HOUR = 3  # nobody is in the hall
_PURGED = Hot("SELECT value FROM mark WHERE name = 'purged'")

ITSELF = Caller("hall", "hall", Role.MANAGER)


class Timers:
    """One hall process's timers. `tick` does everything that is due now; `run` ticks every second."""

    def __init__(self, commands: Commands, grace: Callable[[Held], timedelta], personal_for: timedelta) -> None:
        """`grace`: how long after an appointment's beginning its place is kept; `personal_for`: how long after a
        matter's end personal fields are."""
        self._personal_for = personal_for
        self._commands = commands
        self._grace = grace
        self._lease = Lease(commands.ledger, commands.clock, "timers", f"{uuid4()}")
        self._fence: int | None = None
        self._renew_at = 0.0

    async def run(self) -> None:
        """Tick until cancelled. Trouble with the ledger is waited out."""
        try:
            while True:
                try:
                    await self._commands.in_background(self.tick)
                except LedgerTrouble as trouble:
                    self._commands.noticed(trouble)
                    self._fence, self._renew_at = None, 0.0
                except Exception:  # noqa: BLE001 - one thing that cannot be done must not end all others for good
                    _LOG.exception("timers")
                await asyncio.sleep(_TICK_S)
        finally:
            await self._commands.in_background(self.stop)

    def stop(self) -> None:
        """Let another process take over at once."""
        if self._fence is not None:
            try:
                self._lease.give_up()
            except LedgerTrouble:
                return

    def tick(self) -> int:
        """Do what is due; how many things were done. Raises `LedgerTrouble`."""
        clock = self._commands.clock
        self._commands.prepare()
        if clock.monotonic() >= self._renew_at:
            self._fence = self._lease.renew()
            self._commands.noticed(None)
            self._renew_at = clock.monotonic() + RENEW_S
        if self._fence is None:
            return 0
        now = clock.now()
        if self._commands.ledger.read(lambda tx: clock_doubt(tx, now, self._commands.zone)) is not None:
            return 0
        return self._no_shows() + self._done() + self._roll_over() + self._purge()

    def _no_shows(self) -> int:
        now = self._commands.clock.now()

        def late(tx: Tx) -> list[Held]:
            return [h for h in register.begun(tx, ms(now), _AT_ONCE) if h.begins + _ms(self._grace(h)) < ms(now)]

        return self._each(late, AppointmentState.NO_SHOW, "no-show")

    def _done(self) -> int:
        now = self._commands.clock.now()
        return self._each(lambda tx: register.ended(tx, ms(now), _AT_ONCE), AppointmentState.DONE, "done")

    def _each(self, due: Callable[[Tx], list[Held]], state: AppointmentState, name: str) -> int:
        ledger = self._commands.ledger
        fence = self._fence

        def settle(held: Held) -> Callable[[Tx], int]:
            def command(tx: Tx) -> int:
                if self._lease.fence(tx) != fence:
                    return 0
                seen = register.by_id(tx, held.id)
                if seen is None or seen.state != held.state or seen.begins != held.begins:
                    return 0  # somebody came, moved or cancelled it meanwhile
                work = Work(
                    tx, timer_id(f"{name}:{held.id}"), ITSELF, self._commands.clock.now(), self._commands.source
                )
                register.move(tx, seen, state.value, work.at)
                if state is AppointmentState.NO_SHOW:
                    free(self._commands, tx, seen)
                work.tell(f"appointment.{state.value}", held.id, {"facility": held.facility})
                tx.append(work.events)
                return 1

            return command

        answers = [ledger.write(settle(held)) for held in ledger.read(due)]
        return sum(answer.result() for answer in answers)

    def _roll_over(self) -> int:
        now = self._commands.clock.now().astimezone(self._commands.zone)
        fence = self._fence

        def settle(name: str, body: Callable[[Work], int]) -> Callable[[Tx], int]:
            def command(tx: Tx) -> int:
                tx.alone()
                if self._lease.fence(tx) != fence:
                    return 0
                work = Work(tx, timer_id(name), ITSELF, self._commands.clock.now(), self._commands.source)
                done = body(work)
                tx.append(work.events)
                return done

            return command

        return rollover.roll_over(self._commands.ledger, now, settle)

    def _purge(self) -> int:
        now = self._commands.clock.now()
        today = now.date().isoformat()
        if now.hour < _PURGE_HOUR:
            return 0
        row = self._commands.ledger.read(lambda tx: tx.one(_PURGED))
        if row is not None and row[0] >= today:
            return 0
        return keeping.purge(self._commands.ledger, now, self._commands.source, self._personal_for)


def free(commands: Commands, tx: Tx, held: Held) -> None:
    """Give back what an appointment held: its places, and its telephone's booking of that day."""
    places.release(tx, held.facility, held.begins, held.places)
    phone = register.phone_of(tx, commands.vault, held.id)
    if phone is not None:
        places.release_day(tx, phone[1], held.facility, held.day)


def _ms(span: timedelta) -> int:
    return round(span.total_seconds() * 1000)
