"""The hall as one thing: its settings, ledger, key and clock put together, and the doors it opens."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from kiosk.clock import Clock
from kiosk.config import Settings
from kiosk.door import Hall
from kiosk.hall.accounts import Accounts
from kiosk.hall.appointments import Appointments
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Commands
from kiosk.hall.door import Door
from kiosk.hall.schedule import Schedule, new_code
from kiosk.hall.staff import Attention, Staff, attention
from kiosk.hall.timers import Timers
from kiosk.hall.views import Views
from kiosk.ledger import Ledger, Vault

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
        self.accounts = Accounts(ledger, clock)
        self._appointments = Appointments(self.schedule, vault, lambda: new_code(chance))
        self._views = Views(self.schedule, vault, self._appointments)
        self.timers = Timers(self.commands, self.schedule.grace, self.schedule.personal_for)

    def door(self, caller: Caller) -> Hall:
        """The door for one caller."""
        return Door(caller, self.commands, self.schedule, self._appointments, self._views)

    def staff(self, caller: Caller) -> Staff:
        """What staff can do beyond the door. Whether `caller` may is asked there."""
        return Staff(caller, self.commands, self._views)

    async def attention(self) -> Attention:
        """What staff have to look at, now."""
        return await attention(self.commands, self.schedule, self._views)

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
