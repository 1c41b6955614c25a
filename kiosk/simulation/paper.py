"""The kiosks' paper: the shipping print desk, journal and reporter of each, over a printer without a wire or a clock,
which can be out of paper or die half-way; and the clerk who prints again what failed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from devices.paper import Slip
from devices.ports import DeviceStatus, Health
from devices.printers.port import Ending, PrintEnd
from kiosk.config import Settings
from kiosk.door import Appointment, HallAway, Order, Refusal, Request, Role, SlipState, Ticket
from kiosk.hall import Caller
from kiosk.ledger.journal import Journal
from kiosk.simulation.script import Do, Hand, Script, Sleep
from kiosk.simulation.town import Town
from kiosk.station.printing import PrintDesk, SlipOrder
from kiosk.station.report import Reporter
from kiosk.station.slips import Letterhead

_DIES = 0.004
_REPORT_S, _NIGHT_REPORT_S = 120, 3600
_LOOK_S = 900
_TWICE = 0.05
CLERK = Caller("clerk-help", "导办", Role.CLERK)


class Tray:
    """A printer (see `devices.printers.port.Printer`) that is done at once. `came`: what lies in the tray, by job."""

    name = "打印机"

    def __init__(self, chance: random.Random) -> None:
        self.paper = True
        self.came: Counter[str] = Counter()
        self._chance = chance

    @property
    def status(self) -> DeviceStatus:
        return DeviceStatus(Health.OK) if self.paper else DeviceStatus(Health.BROKEN, "paper-out")

    def print(self, job: str, slip: Slip, begun: Callable[[], None] | None = None) -> Future[PrintEnd]:
        end: Future[PrintEnd] = Future()
        if not self.paper or not slip.body:
            end.set_result(PrintEnd(Ending.FAILED, "paper-out"))
            return end
        if begun is not None:
            begun()
        self.came[job] += 1
        died = self._chance.random() < _DIES
        ended = PrintEnd(Ending.UNKNOWN, "died-half-way", begun=True) if died else PrintEnd(Ending.PRINTED, begun=True)
        end.set_result(ended)
        return end

    def probe(self) -> Future[DeviceStatus]:
        state: Future[DeviceStatus] = Future()
        state.set_result(self.status)
        return state

    def close(self) -> None:
        """There is nothing to let go of."""


class Machine:
    """One kiosk beside its screen. `failed`: jobs whose end staff must come to know."""

    def __init__(self, town: Town, settings: Settings, caller: Caller, folder: Path) -> None:
        self.caller, self.tray = caller, Tray(town.chance(f"paper {caller.id}"))
        self.failed: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)
        self._town = town
        self._journal = Journal(folder, town.clock.now, monotonic=town.clock.monotonic)
        self._desk = PrintDesk(self._journal, (self.tray,), Letterhead(settings.hall.name), town.clock)
        self._orders: list[Order] = []
        self._reporter = Reporter(self._desk, self._journal, town.clock, self._orders.append)

    async def print(self, job: str, held: Appointment | Ticket | Request) -> None:
        """The slip of what was just given."""
        if isinstance(held, Ticket):
            await self._paper(SlipOrder(job, None, ticket=held))
        elif isinstance(held, Request):
            await self._paper(SlipOrder(job, None, request=held))
        else:
            await self._paper(SlipOrder(job, held))

    async def report(self) -> None:
        """One report, and what the hall asks for in return."""
        self._reporter.device(self.tray.name, "printer", self.tray.status)
        try:
            await self._reporter.tell(self._town.site.house.door(self.caller))
        except HallAway:
            return  # it is told again
        while self._orders:
            order = self._orders.pop(0)
            if order.kind == "reprint":
                await self._paper(SlipOrder(
                    f"order-{order.id}", order.appointment, again=True, ticket=order.ticket, request=order.request,
                ))  # fmt: skip
            self._reporter.done(order.id)

    def close(self) -> None:
        """Let go of the journal."""
        self._journal.close()

    async def _paper(self, order: SlipOrder) -> None:
        end = await self._desk.print(order)
        if end.state is not SlipState.PRINTED:
            self.failed.add(order.job)


class Paper:
    """Every kiosk's machine, by the caller's id."""

    def __init__(self, town: Town, settings: Settings, folder: Path, callers: tuple[Caller, ...]) -> None:
        self._town = town
        self._chance = town.chance("paper")
        self.machines = {one.id: Machine(town, settings, one, folder / "kiosks" / one.id) for one in callers}
        for machine in self.machines.values():
            town.spawn(self._reports(machine))
        town.spawn(self._helps())

    async def print(self, caller: Caller, key: str, held: Appointment | Ticket | Request) -> None:
        """The slip of what was just given, once for each key, also where the page asks for it twice."""
        machine = self.machines[caller.id]
        for _ in range(2 if self._chance.random() < _TWICE else 1):
            await machine.print(f"{caller.id} {key}", held)

    def count(self) -> tuple[int, int]:
        """How many slips came out, and how many did not."""
        machines = self.machines.values()
        return sum(len(one.tray.came) for one in machines), sum(len(one.failed) for one in machines)

    def midnight(self) -> None:
        """Hold paper and ledger against each other."""
        findings, now = self._town.watcher.findings, self._town.now
        known = self._town.watcher.slips()
        for machine in self.machines.values():
            for job, count in machine.tray.came.items():
                findings.check(count == 1, "paper", now, f"{job} came out {count} times")
            for job in machine.failed:
                findings.check(job in known, "paper", now, f"{job} did not come out, and nobody was told")

    def close(self) -> None:
        """The kiosks are switched off."""
        for machine in self.machines.values():
            machine.close()

    def _reports(self, machine: Machine) -> Script:
        while True:
            yield Do(machine.report)
            yield Sleep(_REPORT_S if self._town.busy else _NIGHT_REPORT_S)

    def _helps(self) -> Script:
        """A clerk who looks at what did not come out, and has it printed again or puts it aside."""
        chance = self._town.chance("helping clerk")
        hand = Hand("help", CLERK, chance)
        while True:
            yield Sleep(_LOOK_S if self._town.busy else _NIGHT_REPORT_S)
            seen = yield Do(self._town.site.house.attention)
            for slip in seen.slips:
                if slip.slip.state is SlipState.UNKNOWN or chance.random() < 0.2:
                    command = hand.manager("drop_slip", slip.slip.job)
                else:
                    command = hand.manager("print_slip_again", slip.slip.job)
                answer = yield from hand.insist(command)
                if isinstance(answer, Refusal):
                    break


def out_of_paper(paper: Paper, chance: random.Random, tell: Callable[[str], None]) -> Script:
    """For a while."""
    machine = chance.choice(list(paper.machines.values()))
    machine.tray.paper = False
    tell(f"{machine.caller.name}没有纸了：号照样取，凭条以后补打")
    yield Sleep(chance.uniform(600, 3000))
    machine.tray.paper = True
    tell(f"{machine.caller.name}换好了纸")
