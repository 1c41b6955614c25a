"""The wire between hands and hall: loses answers, delivers twice, late and in another order, and breaks when the hall's
process dies. What was asked for at one instant reaches the hall at once; whatever the hall answers, the watcher hears.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk.simulation.script import Command, Lost, Script, Sleep
from kiosk.simulation.site import Killed, Site
from kiosk.simulation.watcher import Watcher

_WAITS_LOOKED_AT = frozenset({"take_ticket", "check_in", "reprint_ticket"})
LOST_ANSWERS = 0.02
LATE_AGAIN = 0.015


@dataclass(slots=True)
class Counted:
    """What went over the wire. `commands`: different ones; `tries`: how often any was sent."""

    commands: int = 0
    tries: int = 0
    together: int = 0
    lost: int = 0
    again: int = 0
    late: int = 0
    kills: int = 0


class Wire:
    """One hall's. `spawn` starts a script."""

    def __init__(self, site: Site, watcher: Watcher, chance: random.Random, spawn: Callable[[Script], None]) -> None:
        self.counted = Counted()
        self.hear: Callable[[Command, object, bool], None] = lambda _command, _answer, _again: None
        self._site, self._watcher, self._chance, self._spawn = site, watcher, chance, spawn
        self._known: set[tuple[str, str]] = set()
        self._answered: set[tuple[str, str]] = set()
        self._dies = ""

    def dies(self, when: str) -> None:
        """The hall's process dies at the next command: "before" its commit, or "after" it and before the answer."""
        self._dies = when

    async def volley(self, sent: list[tuple[Script, Command]]) -> list[tuple[Script, object]]:
        """Send what stands at one instant all at once; to every script its answer."""
        if not sent:
            return []
        house = self._site.house
        deliveries = [(script, command) for script, command in sent for _ in range(command.taps)]
        self._chance.shuffle(deliveries)
        for _script, command in deliveries:
            self._count(command)
        if any(command.verb in _WAITS_LOOKED_AT for _script, command in deliveries):
            await house.door(deliveries[0][1].caller).services()  # what the kiosk's page shows beforehand
        dies, self._dies = self._dies, ""
        if dies == "before":
            self._site.doom()
        answers = await asyncio.gather(*(self._deliver(command) for _script, command in deliveries))
        if dies:
            self._watcher.away()
            self._site.kill()
            self.counted.kills += 1
        self._watcher.look()
        self.counted.together += len(deliveries) if len(deliveries) > 1 else 0
        heard: dict[int, tuple[Script, object]] = {}
        for (script, command), answer in zip(deliveries, answers, strict=True):
            if not isinstance(answer, Lost):
                self._hear(command, answer)
            heard[id(script)] = script, Lost() if dies else self._carry(command, answer)
        self._watcher.rest()
        return [heard[id(script)] for script, _command in sent]

    def _hear(self, command: Command, answer: object) -> None:
        key = command.caller.id, command.key
        self._watcher.answered(command, answer)
        self.hear(command, answer, key in self._answered)
        self._answered.add(key)

    async def _deliver(self, command: Command) -> object:
        try:
            return await command.run(self._site.house)
        except Killed:
            return Lost()
        except Exception as error:  # noqa: BLE001 - a command that ends so breaks a promise, not the day
            self._watcher.failed(command, error)
            return Lost()

    def _carry(self, command: Command, answer: object) -> object:
        """An answer on its way back, and perhaps the command itself, which comes to the hall once more much later."""
        if self._chance.random() < LATE_AGAIN:
            self.counted.late += 1
            self._spawn(_ghost(replace(command, taps=1), self._chance.uniform(20, 1200)))
        if self._chance.random() < LOST_ANSWERS:
            self.counted.lost += 1
            return Lost()
        return answer

    def _count(self, command: Command) -> None:
        self.counted.tries += 1
        known = command.caller.id, command.key
        if known in self._known:
            self.counted.again += 1
            return
        self._known.add(known)
        self.counted.commands += 1
        self._watcher.sent(command)


def _ghost(command: Command, after: float) -> Script:
    yield Sleep(after)
    yield command
