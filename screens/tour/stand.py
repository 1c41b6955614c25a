"""A whole kiosk on one table: real pages on an off-screen window, the real flow, station and ESC/POS driver, a virtual
printer and scanner, and a hall in this process on a ledger of its own, all under one clock that moves when told to.

The tour and the journey tests stand on it. It takes nothing out of the path between finger and paper; what it adds is a
wire that can be cut (`wire`), a printer that can be told to fail (`printer`) and patience (`settle`).
"""

from __future__ import annotations

import asyncio
import dataclasses
import random
import time
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from devices.ports import DevicePlan
from devices.printers.virtual import VirtualPrinter
from devices.printers.virtual_paper import PrintedSlip
from devices.scanners.port import Scanner
from devices.scanners.virtual import VirtualScanner
from kiosk.clock import FakeClock
from kiosk.config import Settings
from kiosk.door import Appointment, Booking, Role
from kiosk.flows.steps import Ask, Bar, HelpComing, PaperEnded, Press, PrintSlip, Replied, Step
from kiosk.hall import Caller, open_hall
from kiosk.ledger import Vault, open_ledger
from kiosk.station.events import DevicesChanged
from kiosk.station.station import Station
from screens.app import KioskApp, panel_of
from screens.driver import Driver
from screens.front import Front
from screens.tokens import Panel
from screens.tour.wire import SLOW, Wire

T = TypeVar("T")
PATIENCE = 20.0  # s of real time for a hall and a printer on this machine; a slip takes a tenth of one
_BREATH = 0.002


class Astray(AssertionError):
    """The page that stands is not the one expected, or what was to be touched is not on it."""


class _Watched:
    """A station whose open questions and slips are counted, so that it is known when everything rests."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self.open: set[int] = set()
        self.papers: dict[str, PrintSlip] = {}
        self.asked: list[Ask] = []

    def ask(self, ask: Ask) -> None:
        self.open.add(ask.number)
        self.asked.append(ask)
        self._station.ask(ask)

    def print(self, effect: PrintSlip) -> None:
        self.papers[effect.job] = effect
        self._station.print(effect)

    def heard(self, event: object) -> None:
        if isinstance(event, Replied):
            self.open.discard(event.ask)
        elif isinstance(event, PaperEnded):
            self.papers.pop(event.job, None)


class Stand:
    """One kiosk with its hall. `folder` is theirs alone; `on_slip(kind, slip)` hears of every slip that fell, in the
    printer's thread. Close it when done; the driver's window stays for the next."""

    def __init__(
        self, driver: Driver, settings: Settings, folder: Path, start: datetime, *, panel: Panel | None = None,
        on_slip: Callable[[str, PrintedSlip], None] | None = None, seed: int = 1,
    ) -> None:  # fmt: skip
        self.driver, self.folder, self.clock = driver, folder, FakeClock(start)
        self.hall_loop = asyncio.new_event_loop()
        ledger = open_ledger("sqlite:///hall.db", folder)
        vault = Vault(folder / "hall.key")
        vault.prepare(ledger)
        self.hall = open_hall(settings, ledger, vault, self.clock, chance=random.Random(seed).randbytes)  # noqa: S311 - codes that repeat
        self.wire = Wire(self.hall.door(Caller("kiosk-1", "kiosk-1", Role.KIOSK)))
        self.desk = self.hall.door(Caller("clerk-1", "clerk-1", Role.CLERK))
        self.staff = self.hall.staff(Caller("clerk-1", "clerk-1", Role.CLERK))
        self._slip_heard = on_slip
        self.slips: list[tuple[str, PrintedSlip]] = []
        self.printer = VirtualPrinter(on_slip=self._slip)
        port = self.printer.listen()
        first = dataclasses.replace(settings.printers[0], connection=f"tcp://127.0.0.1:{port}")
        self.settings = dataclasses.replace(settings, printers=(first,))
        self.scanner: VirtualScanner | None = None
        self._open_kiosk(panel)

    def _open_kiosk(self, panel: Panel | None) -> None:
        driver, settings = self.driver, self.settings
        panel = panel or panel_of(settings.screen, (1080, 1920))
        driver.loop.window.remove_widget(driver.shell)
        if tuple(driver.loop.window.size) != (panel.width, panel.height):
            driver.loop.window.size = (panel.width, panel.height)
        self.app = KioskApp(driver.loop, panel, Front.of(settings), self.clock, monotonic=lambda: driver.clock)
        driver.panel, driver.shell = panel, self.app.shell
        self.devices: DevicesChanged | None = None
        station = Station(settings, self._door, self.folder, self.clock, driver.loop.post, self._event,
                          open_scanner=self._open_scanner)
        self.station = station
        self.watched = _Watched(station)
        self.app.start()
        station.start()
        self.app.attach(self.watched)
        self._later_than(lambda: self.devices is not None and self.devices.printer, "the printer does not answer")
        self.settle()

    async def _door(self) -> Wire:
        return self.wire

    def _open_scanner(self, plan: DevicePlan, line: Callable[[str], None], _changed: object) -> Scanner:
        self.scanner = VirtualScanner(plan, line)
        return self.scanner

    def _event(self, event: object) -> None:
        self.watched.heard(event)
        if isinstance(event, DevicesChanged):
            self.devices = event
        self.app.on_event(event)

    def _slip(self, slip: PrintedSlip) -> None:
        effect = next(iter(self.watched.papers.values()), None)
        kind = "reprint" if effect is None or effect.again else effect.what or "booked"
        kind = "request" if kind == "filed" else kind
        self.slips.append((kind, slip))
        if self._slip_heard is not None:
            self._slip_heard(kind, slip)

    # ---- the hall's side --------------------------------------------------------------------------------------------

    def ask_hall(self, asked: Coroutine[Any, Any, T]) -> T:
        """What somebody else does at the same hall: another kiosk, a clerk."""
        return self.hall_loop.run_until_complete(asked)

    def book_elsewhere(self, facility: str, start: datetime, phone: str, people: int = 1) -> Appointment:
        """Another kiosk books."""
        key = f"elsewhere-{facility}-{start.isoformat()}-{phone}"
        door = self.hall.door(Caller("kiosk-2", "kiosk-2", Role.KIOSK))
        made = self.ask_hall(door.book(key, Booking(facility, start, phone, people)))
        if not isinstance(made, Appointment):
            msg = f"the hall refused {facility} {start}: {made}"
            raise Astray(msg)
        return made

    # ---- what a resident sees and does ------------------------------------------------------------------------------

    @property
    def page(self) -> Step:
        """The step that is shown."""
        return self.driver.shell.step  # type: ignore[return-value]

    @property
    def words(self) -> list[str]:
        return self.driver.words()

    def sees(self, kind: type[T]) -> T:
        """The page must be this one; its step."""
        self.settle()
        if not isinstance(self.page, kind):
            msg = f"expected {kind.__name__}, there stands {type(self.page).__name__}: {' | '.join(self.words)[:400]}"
            raise Astray(msg)
        return self.page

    def _find(self, label: str) -> Any:
        """What is called this, on a further page of cards if need be."""
        for _page in range(8):
            try:
                return self._called(label)
            except LookupError as lost:
                turn = next((t for t in self.driver.targets() if getattr(t, "by", 0) == 1), None)
                if turn is None:
                    raise Astray(str(lost)) from None
                self.driver.tap(turn)
        msg = f"{label!r} is on no page of cards"
        raise Astray(msg)

    def _called(self, label: str) -> Any:
        """By its choice, else by what stands on it."""
        return next((t for t in self.driver.targets() if t.choice == label), None) or self.driver.target(label)

    def tap(self, label: str) -> None:
        """Touch it and wait for nothing."""
        self.driver.tap(self._find(label))

    def press(self, label: str) -> None:
        """Touch what is called this; then wait until all has come to rest."""
        self.tap(label)
        self.settle()

    def bar(self, button: str) -> None:
        """Touch "back", "home", "display", "language" or "help"."""
        self.driver.tap(self._with(Bar(button)))
        self.settle()

    def type(self, digits: str) -> None:
        """Touch the keys."""
        for digit in digits:
            self.driver.tap(self._with(Press(digit)))
        self.settle()

    def scan(self, text: str) -> None:
        """Hold something under the scanner."""
        assert self.scanner is not None
        self.scanner.scan(text)
        self.settle()

    def wait(self, seconds: float) -> None:
        """Time passes, for everybody."""
        until = self.clock.now() + timedelta(seconds=seconds)
        while (now := self.clock.now()) < until:
            due = self.app.visit.due(now) or until
            step = min(max(due, now + timedelta(milliseconds=5)), until)
            self.clock.advance(step - now)
            self.app.tick()
            self.settle()
        self.driver.wait(seconds)
        self.driver.shell.tick()
        self.driver.frame()

    def jump(self, moment: datetime) -> None:
        """Nobody comes until then; the hall does what is due meanwhile."""
        self.clock.advance(moment - self.clock.now())
        self.hall.timers.tick()
        self.app.tick()
        self.settle()
        self.driver.shell.tick()
        self.driver.frame()

    def settle(self, seconds: float = PATIENCE) -> None:
        """Until every question is answered and every slip has ended; while the wire is slow, until nothing moves."""
        self.driver.frame(2)
        self.driver.wait(0.5)  # a resident looks before the next touch
        if self.wire.state == SLOW:
            self._pump(0.05)
            return
        self._later_than(lambda: not self.watched.open and not self.watched.papers, "it does not come to rest", seconds)
        self.driver.wait(0.5)

    def hears(self, event: type, seconds: float = PATIENCE) -> None:
        """Until the page that stands is of this kind, whoever brings it about."""
        self._later_than(lambda: isinstance(self.page, event), f"{event.__name__} does not come", seconds)

    def until(self, true: Callable[[], bool], seconds: float = PATIENCE) -> None:
        self._later_than(true, "it does not come", seconds)

    def comes(self) -> None:
        """A clerk presses 我去帮忙 for the call that waits, and the kiosk hears of it."""
        call = self.ask_hall(self.hall.attention()).help_calls[0]
        self.ask_hall(self.staff.answer_help(f"answer-{call.id}", call.id))
        ring = next(ask.key for ask in reversed(self.watched.asked) if ask.method == "call_help")
        self._event(HelpComing(ring or ""))

    def _with(self, answer: object) -> Any:
        for target in self.driver.targets():
            if target.answer == answer:
                return target
        msg = f"{answer} is not on {type(self.page).__name__}"
        raise Astray(msg)

    def _pump(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.driver.frame()
            time.sleep(_BREATH)

    def _later_than(self, true: Callable[[], bool], sentence: str, seconds: float = PATIENCE) -> None:
        until = time.monotonic() + seconds
        while not true():
            if time.monotonic() > until:
                msg = f"{sentence} ({type(self.page).__name__})"
                raise Astray(msg)
            time.sleep(_BREATH)
            self.driver.frame()
        self.driver.frame()

    # ---- the end ----------------------------------------------------------------------------------------------------

    def close_kiosk(self) -> None:
        """The kiosk alone ends; the hall, the paper and the folder stay."""
        self.app.close()
        self.station.close()

    def close(self) -> None:
        self.close_kiosk()
        self.printer.close()
        self.hall.close()
        self.hall_loop.close()
