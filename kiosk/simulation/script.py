"""What somebody does, step by step: a script sleeps, looks at something, or gives the hall a command and gets its
answer. Everybody in the simulation (residents, clerks, mishaps, the hall's own timers) is a script; none knows the
others, the clock or the wire.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import Any

from kiosk.door import Refusal
from kiosk.hall import Caller, HallHouse

_TRIES = 12


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer came: nobody knows whether the command took effect."""


@dataclass(frozen=True, slots=True)
class Sleep:
    """Nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Do:
    """Look at a page, or have something happen; at once, and alone."""

    run: Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it stands before the first attempt: sent again, it is the same one. `content`: what it says, for the
    watcher. `taps`: how often the finger came down."""

    caller: Caller
    key: str
    verb: str
    content: tuple[object, ...]
    run: Callable[[HallHouse], Awaitable[object]]
    taps: int = 1


Step = Sleep | Do | Command
Script = Generator[Step, Any, None]
Part = Generator[Step, Any, Any]
"""A piece of a script, which ends with a value."""


class Hand:
    """One person's hand at one machine: gives each new command a key of its own."""

    def __init__(self, name: str, caller: Caller, chance: random.Random, twice: float = 0.0) -> None:
        """`twice`: how often the finger comes down two times."""
        self.caller, self.chance = caller, chance
        self._name, self._twice, self._keys = name, twice, 0

    def door(self, verb: str, *content: object) -> Command:
        """A command at the kiosk: a method of `kiosk.door.Hall`."""
        key, caller = self._key(), self.caller
        return self._made(key, verb, content, lambda house: getattr(house.door(caller), verb)(key, *content))

    def counter(self, verb: str, *content: object, **named: object) -> Command:
        """A command at a window: a method of `kiosk.door.Counter`."""
        key, caller = self._key(), self.caller
        return self._made(
            key, verb, (*content, *named.values()),
            lambda house: getattr(house.counter(caller), verb)(key, *content, **named),
        )  # fmt: skip

    def manager(self, verb: str, *content: object) -> Command:
        """A command of a manager's: of `HallHouse.staff` or `HallHouse.closing`."""
        key, caller = self._key(), self.caller

        def run(house: HallHouse) -> Awaitable[object]:
            page = house.closing(caller) if verb == "resize" else house.staff(caller)
            answer: Awaitable[object] = getattr(page, verb)(key, *content)
            return answer

        return self._made(key, verb, content, run)

    def insist(self, command: Command, gives_up: float = 0.0) -> Part:
        """Send until somebody answers, with the same key; at the end an answer, or `Lost` for one who went away."""
        answer: object = Lost()
        for _ in range(_TRIES):
            answer = yield command
            if isinstance(answer, Lost):
                if self.chance.random() < gives_up:
                    return answer
                yield Sleep(self.chance.uniform(2, 20))
            elif isinstance(answer, Refusal) and answer.kind in {"broken", "busy"}:
                wait = answer.retry_after.total_seconds() if answer.retry_after else 30.0
                yield Sleep(wait + self.chance.uniform(0, 20))
            else:
                return answer
        return Lost()

    def _made(
        self, key: str, verb: str, content: tuple[object, ...], run: Callable[[HallHouse], Awaitable[object]]
    ) -> Command:
        return Command(self.caller, key, verb, content, run, 2 if self.chance.random() < self._twice else 1)

    @property
    def key(self) -> str:
        """The key of the latest command."""
        return f"{self._name}-{self._keys}"

    def _key(self) -> str:
        self._keys += 1
        return self.key
