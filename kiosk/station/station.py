"""The kiosk's machine room: one asyncio loop on one thread that asks the hall, prints slips, reads the scanner,
reports.

Everything reaches the screens through the one `post` it is given; nothing here draws, and nothing here decides
what a resident may do. It starts whether or not the hall, the printer or the scanner are there, and says when
they are.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path

from devices.ports import DevicePlan, DeviceStatus, Health
from devices.printers.plug import open_printer
from devices.printers.port import Printer
from devices.scanners.plug import open_scanner
from devices.scanners.port import Scanner
from kiosk.clock import Clock
from kiosk.config import Settings
from kiosk.door import Hall, HallAway, Order
from kiosk.flows.steps import Ask, HelpComing, PaperEnded, PrintSlip, Replied, Scanned
from kiosk.flows.timing import CLOCKS_APART
from kiosk.ledger.journal import FolderLock, Journal
from kiosk.station.events import DevicesChanged, HallFound, HallSilent, SlipLost
from kiosk.station.fittings import Fittings
from kiosk.station.printing import PrintDesk, SlipEnd, SlipOrder
from kiosk.station.report import EVERY_SECONDS, Reporter
from kiosk.station.unanswered import Unanswered

ConnectDoor = Callable[[], Awaitable[Hall]]
OpenPrinterPlan = Callable[[DevicePlan, Callable[[DeviceStatus], None]], Printer]
OpenScannerPlan = Callable[[DevicePlan, Callable[[str], None], Callable[[DeviceStatus], None]], Scanner]
_ASK_SECONDS = 30.0
_DOOR_SECONDS = 3.0
_RETRY_SECONDS = 1.0
_FRESH_SECONDS = 120.0
_CLOSE_SECONDS = 10.0
_LAST_WORD_SECONDS = 2.0


class Station:
    """One kiosk's. `ask`, `print` and `close` may be called from any thread; `on_event` is only ever called by `post`.

    Raises `KioskInUse` when another kiosk has the data folder. `open_printer` and `open_scanner` are the drivers' door.
    """

    def __init__(
        self, settings: Settings, connect_door: ConnectDoor, data_dir: Path, clock: Clock,
        post: Callable[[Callable[[], None]], None], on_event: Callable[[object], None], *,
        open_printer: OpenPrinterPlan = open_printer, open_scanner: OpenScannerPlan = open_scanner,
    ) -> None:
        self._fittings = Fittings.of(settings)
        self._connect_door, self._clock, self._post, self._on_event = connect_door, clock, post, on_event
        self._open_printer, self._open_scanner = open_printer, open_scanner
        folder = data_dir / "kiosk"
        holder = f"{socket.gethostname()} pid {os.getpid()} {clock.now().isoformat(timespec='seconds')}"
        self._lock = FolderLock(folder, holder)
        self._journal = Journal(folder, clock.now, monotonic=clock.monotonic)
        self._printers: list[Printer] = []
        self._scanners: list[Scanner] = []
        self._door: Hall | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()  # here, for one may be closed before its thread has begun
        self._thread = threading.Thread(target=self._run, name="station", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ask(self, ask: Ask) -> None:
        """Call the door; a `Replied` comes back through `post`, with `HallAway` as its value if nobody answered."""
        self._later(lambda: self._spawn(self._ask(ask)))

    def print(self, effect: PrintSlip) -> None:
        """Print a slip; a `PaperEnded` comes back through `post`."""
        order = SlipOrder(effect.job, effect.appointment, effect.what, effect.again,
                          "en" if effect.language == "en" else "zh", effect.ticket, effect.windows,
                          effect.request)
        self._later(lambda: self._spawn(self._print(order)))

    def close(self) -> None:
        """Let jobs in hand end (bounded), close the devices, give the folder back."""
        if self._thread.is_alive():
            self._later(self._stop.set)
            self._thread.join(_CLOSE_SECONDS + 5)
        self._journal.close()
        self._lock.release()

    # ---- the thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._main())
        finally:
            self._loop.close()

    def _later(self, call: Callable[[], object]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the kiosk is ending
            self._loop.call_soon_threadsafe(call)

    def _emit(self, event: object) -> None:
        self._post(lambda: self._on_event(event))

    async def _main(self) -> None:
        self._begin()
        work = (self._keep_door(), self._keep_reporting(), self._keep_settling())
        jobs = [asyncio.ensure_future(each) for each in work]
        await self._stop.wait()
        for job in jobs:
            job.cancel()
        await asyncio.wait(jobs, timeout=1)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_CLOSE_SECONDS)
        if self._door is not None:
            with contextlib.suppress(HallAway, OSError, TimeoutError):
                await asyncio.wait_for(self._reporter.last_word(self._door), _LAST_WORD_SECONDS)
        for device in (*self._scanners, *self._printers):
            await asyncio.to_thread(device.close)
        left = set(self._tasks)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=1)
        hang_up = getattr(self._door, "close", None)  # a door over a wire holds lines
        if hang_up is not None:
            await hang_up()

    def _begin(self) -> None:
        """Within the loop: settle the journal, then open the devices."""
        self._changed = asyncio.Event()
        self._found = asyncio.Event()
        self._began = self._clock.monotonic()
        self._printers.extend(
            self._open_printer(plan, self._watch("printer", plan)) for plan in self._fittings.printers)
        self._scanners.extend(self._open_scanner(plan, self._scanned, self._watch("scanner", plan))
                              for plan in self._fittings.scanners)
        self._desk = PrintDesk(self._journal, self._printers, self._fittings.head, self._clock, self._hall_now)
        self._journal.purge()
        lost = self._desk.recover()
        self._unanswered = Unanswered(self._journal, self._clock, self._desk.lost)
        self._reporter = Reporter(self._desk, self._journal, self._clock, self._ordered)
        for kind, devices in (("printer", self._printers), ("scanner", self._scanners)):
            for device in devices:
                self._reporter.device(device.name, kind, device.status)
        self._reporter.journal_state()
        self._tell_devices()
        if lost:
            self._emit(SlipLost())

    def _apart(self) -> timedelta | None:
        """How far the hall's clock is ahead of this machine's; only a door over a wire has measured it."""
        apart = getattr(self._door, "skew", None)
        return apart if isinstance(apart, timedelta) else None

    def _clock_agrees(self) -> bool:
        apart = self._apart()
        return apart is not None and abs(apart) <= CLOCKS_APART

    def _hall_now(self) -> datetime:
        """The hall's time, as far as its clock was seen to differ from this machine's."""
        now, apart = self._clock.now(), self._apart()
        return now if apart is None or abs(apart) <= CLOCKS_APART else now + apart

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # ---- the hall --------------------------------------------------------------------------------------------------

    async def _keep_door(self) -> None:
        while self._door is None:
            try:
                self._door = await self._connect_door()
            except (HallAway, OSError):
                await asyncio.sleep(_RETRY_SECONDS)
        self._found.set()
        self._changed.set()
        self._emit(HallFound())

    async def _ask(self, ask: Ask) -> None:
        if ask.key is not None:
            self._unanswered.sending(ask.key, ask.method)
        answer: object
        try:
            door = await self._wait_for_door()
            arguments = ask.args if ask.key is None else (ask.key, *ask.args)
            answer = await asyncio.wait_for(getattr(door, ask.method)(*arguments), _ASK_SECONDS)
        except (HallAway, TimeoutError, OSError) as error:
            answer = error if isinstance(error, HallAway) else HallAway(str(error))
        if ask.key is not None:
            answer = self._unanswered.believed(ask.key, answer)
            self._unanswered.returned(ask.key, ask.method, answer, known=not isinstance(answer, HallAway))
            self._journal_changed()
        self._emit(Replied(ask.number, answer))

    async def _wait_for_door(self) -> Hall:
        if self._door is None:
            try:
                await asyncio.wait_for(self._found.wait(), _DOOR_SECONDS)
            except TimeoutError:
                raise HallAway("not found yet") from None
        assert self._door is not None
        return self._door

    async def _keep_reporting(self) -> None:
        while not self._stop.is_set():  # 3.11's wait_for can swallow a cancellation
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), EVERY_SECONDS)
            self._changed.clear()
            self._reporter.journal_state()
            if self._door is not None:
                try:
                    await asyncio.wait_for(self._reporter.tell(self._door), _ASK_SECONDS)
                except (HallAway, OSError):
                    self._emit(HallSilent())

    async def _keep_settling(self) -> None:
        earlier, heard = bool(self._unanswered.earlier), False
        while not self._stop.is_set():
            # What an earlier run left is settled with the hall before anything is forgotten by the wall clock.
            self._journal.purge(believed=heard and not earlier and self._clock_agrees())
            self._journal_changed()
            heard = False
            if self._door is not None:
                with contextlib.suppress(HallAway, OSError, TimeoutError):
                    if await self._unanswered.settle(self._door):
                        if earlier and self._clock.monotonic() - self._began < _FRESH_SECONDS:
                            self._emit(SlipLost())
                        self._changed.set()
                    earlier, heard = False, not self._desk.reports()
            await asyncio.sleep(_RETRY_SECONDS if earlier else EVERY_SECONDS)

    def _ordered(self, order: Order) -> None:
        if order.kind == "reprint" and (order.appointment or order.ticket or order.request) is not None:
            slip = SlipOrder(
                f"order-{order.id}", order.appointment, again=True, ticket=order.ticket, request=order.request)
            self._spawn(self._reprint(order.id, slip))
            return
        if order.kind == "help-coming" and order.help is not None:
            self._emit(HelpComing(order.help))
        self._reporter.done(order.id)
        self._changed.set()

    # ---- paper and scanner -----------------------------------------------------------------------------------------

    async def _print(self, order: SlipOrder) -> None:
        end = await self._paper(order)
        self._emit(PaperEnded(end.job, end.state.value, end.reason))

    async def _reprint(self, order_id: str, slip: SlipOrder) -> None:
        await self._paper(slip)
        self._reporter.done(order_id)
        self._changed.set()

    async def _paper(self, order: SlipOrder) -> SlipEnd:
        printing = asyncio.ensure_future(self._desk.print(order))
        await asyncio.sleep(0)  # the job stands in the journal now
        self._unanswered.done(order.job)
        end = await printing
        self._journal_changed()
        self._changed.set()
        return end

    def _scanned(self, text: str) -> None:
        """In the scanner's thread."""
        self._emit(Scanned(text))

    def _watch(self, kind: str, plan: DevicePlan) -> Callable[[DeviceStatus], None]:
        """In a driver's thread: carry a change into the loop."""
        return lambda status: self._later(lambda: self._device(plan.name, kind, status))

    def _device(self, name: str, kind: str, status: DeviceStatus) -> None:
        if self._reporter.device(name, kind, status):
            self._changed.set()
            self._tell_devices()

    def _journal_changed(self) -> None:
        if self._reporter.journal_state():
            self._changed.set()

    def _tell_devices(self) -> None:
        stands = self._reporter.devices.values()
        usable = {stand.kind for stand in stands if stand.status.health in (Health.OK, Health.WARNING)}
        self._emit(DevicesChanged("scanner" in usable, "printer" in usable, self._reporter.make().devices))
