"""The hall as one thing: its settings, ledger, key and clock put together, and the doors it opens."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from kiosk.clock import Clock
from kiosk.config import Settings
from kiosk.door import Appointment, Change, Counter, Hall, Reason, Refusal
from kiosk.hall import rating_due, register
from kiosk.hall.accounts import Accounts
from kiosk.hall.answers import ms
from kiosk.hall.appointments import Appointments
from kiosk.hall.callers import Caller
from kiosk.hall.closures import Closing
from kiosk.hall.commands import Commands
from kiosk.hall.counter import CounterDesk
from kiosk.hall.door import Door
from kiosk.hall.entered import Entered
from kiosk.hall.figures import Figures
from kiosk.hall.lines import Lines
from kiosk.hall.neighbourhood import Neighbourhood
from kiosk.hall.notices import Notices
from kiosk.hall.queue_door import Queue
from kiosk.hall.queue_views import QueueViews
from kiosk.hall.request_changes import Changes
from kiosk.hall.request_desk import RequestDesk
from kiosk.hall.request_door import RequestParts
from kiosk.hall.request_moves import Moves
from kiosk.hall.request_views import RequestViews
from kiosk.hall.requests import Requests
from kiosk.hall.schedule import Schedule, new_code
from kiosk.hall.staff import Attention, Staff, attention
from kiosk.hall.tickets import Tickets
from kiosk.hall.timers import Timers
from kiosk.hall.views import Views
from kiosk.hall.waits import Waits
from kiosk.hall.windows import Windows
from kiosk.ledger import Ledger, Vault
from kiosk.rules.codes import REQUEST_LENGTH

_BACKGROUND_THREADS = 4


class HallHouse:
    """A hall at work. It owns no process and no port: whoever opened it runs `timers.run()` and closes it."""

    def __init__(
        self,
        settings: Settings,
        ledger: Ledger,
        vault: Vault,
        clock: Clock,
        node: str,
        chance: Callable[[int], bytes],
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.schedule = Schedule(settings)
        self._background = ThreadPoolExecutor(_BACKGROUND_THREADS, "hall")
        self.commands = Commands(
            ledger, vault, clock, f"/halls/{self.schedule.hall_id}/{node}", self.schedule.zone, self._background
        )
        self.entered = Entered(ledger, self.schedule, clock)
        self.commands.learn = self.entered.look
        self.accounts = Accounts(ledger, clock)
        lines = Lines(settings, self.schedule.day)
        waits = Waits(self.commands, lines)
        self.figures = Figures(self.commands, lines)
        tickets = Tickets(lines, self.schedule, vault, waits)
        self.queue = Queue(lines, waits, tickets, Windows(lines, tickets), QueueViews(lines, waits, vault))
        self._appointments = Appointments(self.schedule, vault, lambda: new_code(chance), tickets)
        self._views = Views(self.schedule, vault, self._appointments)
        places = Neighbourhood(settings, self.schedule)
        moves = Moves(self.schedule, vault, places)
        self.requests = RequestParts(
            places,
            Requests(moves, lambda: new_code(chance, REQUEST_LENGTH)),
            RequestDesk(moves),
            Changes(self.commands, moves),
            RequestViews(self.schedule, vault, places),
        )
        self.notices = Notices(self.commands, places)
        self.timers = Timers(self.commands, self.schedule.grace, self.schedule.personal_for)

    def door(self, caller: Caller) -> Hall:
        """The door for one caller."""
        return Door(caller, self.commands, self.schedule, self._appointments, self._views, self.queue, self.requests)

    def counter(self, caller: Caller) -> Counter:
        """The windows and the requests, for one caller. Whether `caller` may is asked there."""
        return CounterDesk(caller, self.commands, self.schedule, self.queue, self.requests)

    def staff(self, caller: Caller) -> Staff:
        """What staff can do beyond the door. Whether `caller` may is asked there."""
        return Staff(caller, self.commands, self._views)

    def closing(self, caller: Caller) -> Closing:
        """Closed days, smaller rooms, holiday notices, the bookings they hit. Whether `caller` may is asked there."""
        return Closing(caller, self.commands, self.schedule, self._views, self.entered)

    async def of_phone(self, caller: Caller, phone: str) -> tuple[Appointment, ...] | Refusal:
        """Every living booking of a telephone, whole: for a clerk with the resident on the line."""
        digits, bar = self.schedule.phone(phone)
        if not caller.staff or bar is not None:
            return Refusal("rule", bar or Reason("not-allowed"))
        now = self.clock.now()
        return await self.commands.ask(
            lambda tx: tuple(
                self._views.appointment(held, now, digits)
                for held in register.by_phone(tx, self.commands.vault, digits)
            )
        )

    async def to_rate(self, window: str, since: datetime) -> tuple[str, str] | None:
        """Id and number of whom a window's tablet may ask for a rating."""
        found = await self.commands.ask(lambda tx: rating_due.to_rate(tx, window, ms(since)))
        return None if isinstance(found, Refusal) else found

    async def skip_rating(self, ticket: str, window: str) -> None:
        """Whom the tablet asks would rather not; anybody else's ticket is left alone. Where it cannot be kept just now,
        the question goes by itself in a minute."""
        asked = await self.to_rate(window, self.clock.now() - rating_due.WRITTEN_FOR)
        if asked is not None and asked[0] == ticket:
            await rating_due.skip(self.commands, ticket, window)

    async def apply_change(self, change: Change) -> str | Refusal:
        """Apply what upstream says of a request, once (`kiosk.hall.request_changes`)."""
        return await self.requests.changes.apply_change(change)

    async def attention(self) -> Attention:
        """What staff have to look at, now."""
        return await attention(self.commands, self.schedule, self._views, self.settings)

    def close(self) -> None:
        """Finish what was accepted and let go of the ledger."""
        self._background.shutdown(wait=True)
        self.commands.ledger.close()


def open_hall(
    settings: Settings,
    ledger: Ledger,
    vault: Vault,
    clock: Clock,
    node: str = "1",
    *,
    chance: Callable[[int], bytes] = os.urandom,
) -> HallHouse:
    """Put a hall together. Touches neither disk nor network: the ledger and the key are met at the first command, and
    whatever is wrong with them is refused there until it is right. `chance(n)` gives n random bytes (for codes)."""
    return HallHouse(settings, ledger, vault, clock, node, chance)
