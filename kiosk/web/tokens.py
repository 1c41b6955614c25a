"""Whose token is it? Asks the hall's accounts, which remember for a moment; keeps each caller's door at hand."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

from kiosk.door import Counter, Hall, Role
from kiosk.hall.accounts import Accounts
from kiosk.hall.callers import Caller

MOST_DOORS = 500


class Doors(Protocol):
    """What opens the door for a caller: the hall."""

    def door(self, caller: Caller) -> Hall: ...

    def counter(self, caller: Caller) -> Counter: ...


@dataclass(frozen=True, slots=True)
class Guest:
    """A caller, that caller's door, and the windows (which ask themselves whether the caller may)."""

    name: str
    role: Role
    door: Hall
    counter: Counter
    caller: Caller


class TokenDesk:
    """Finds who a token belongs to. A new token is known at once; a dropped one dies when the accounts forget it."""

    def __init__(self, accounts: Accounts, doors: Doors, readers: Executor) -> None:
        self._accounts = accounts
        self._doors = doors
        self._readers = readers
        self._guests: dict[Caller, Guest] = {}

    async def bearer(self, token: str) -> Guest | None:
        """The guest with this token, None if it is nobody's. Raises `LedgerTrouble`."""
        caller = self._accounts.remembered(token)
        if caller is None:
            caller = await asyncio.get_running_loop().run_in_executor(self._readers, self._accounts.caller, token)
        if caller is None:
            return None
        guest = self._guests.get(caller)
        if guest is None:
            if len(self._guests) >= MOST_DOORS:
                self._guests.clear()
            guest = self._guests[caller] = Guest(
                caller.name, caller.role, self._doors.door(caller), self._doors.counter(caller), caller
            )
        return guest
