"""The ESC/POS driver: one thread owns one printer, keeps its wire alive, watches its state and prints what it is
given.

Built on `Transaction`; every fault is a state (`status`) or an ending, never an exception. A job that ended
UNKNOWN is not sent again here or anywhere. `open_printer` is its entry point; the connection's options and
hall.toml's are `text` ("raster", "gbk"), `paper` ("58", "80") `status` ("none": the printer cannot answer,
endings are then UNKNOWN) and `spare` (seconds it may take beyond wire and paper, default 3) and `speed` (mm of
paper a second, default 60).
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, replace

from devices.paper import PAPER_80, PAPERS, Slip
from devices.ports import Changed, DevicePlan, DeviceStatus, Health
from devices.printers.conversation import Capability, Conversation, NoAnswer
from devices.printers.encode import Encoder
from devices.printers.port import Ending, PrintEnd
from devices.printers.transaction import MM_PER_SECOND, Transaction
from devices.raster import QrTooLong
from devices.transport import Address, Wire, WireLost, open_wire, parse

_CONNECT_SECONDS = 2.0
_POLL_SECONDS = 3.0
_RETRY_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0)
_COMMON = "预约凭条补打请带取消手机尾号编号签到开始前分钟可在自助机大厅健身房阅览室远程教育设备上午下午0123456789 "


@dataclass(frozen=True, slots=True)
class _Print:
    number: int
    slip: Slip
    begun: Callable[[], None]
    end: Future[PrintEnd]


@dataclass(frozen=True, slots=True)
class _Probe:
    end: Future[DeviceStatus]


Connect = Callable[[Address, float], Wire]


class EscposPrinter:
    """One printer. `changed` is called in its thread whenever `status` becomes another."""

    def __init__(self, plan: DevicePlan, changed: Changed, connect: Connect = open_wire) -> None:
        self._plan = plan
        self._address = parse(plan.connection)
        options = {**plan.options, **self._address.options}
        self._encoder = Encoder(PAPERS.get(options.get("paper", ""), PAPER_80), _mode(self._address, options))
        self._spare = float(options.get("spare", "3"))
        self._speed = float(options.get("speed", MM_PER_SECOND))
        self._mute = options.get("status") == "none"
        self._capability = Capability(False, False, False, False) if self._mute else Capability()
        self._changed = changed
        self._connect = connect
        self._status = DeviceStatus(Health.BROKEN, "offline")
        self._work: deque[_Print | _Probe] = deque()
        self._talk: Conversation | None = None
        self._owed = self._failures = 0
        self._number = time.time_ns() // 1_000_000
        self._due = 0.0
        self._closing = False
        self._lock = threading.Lock()
        self._wake, self._wakes = os.pipe()
        os.set_blocking(self._wake, False)
        self._thread = threading.Thread(target=self._loop, name=f"printer {plan.name}", daemon=True)
        self._thread.start()

    # ---- for everyone ----------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self._plan.name

    @property
    def status(self) -> DeviceStatus:
        return self._status

    @property
    def capability(self) -> Capability:
        return self._capability

    def print(self, job: str, slip: Slip, begun: Callable[[], None] | None = None) -> Future[PrintEnd]:
        """As `Printer.print`; `job` names it in logs only, the fence carries a number of our own."""
        del job
        end: Future[PrintEnd] = Future()
        self._number += 1
        if not self._give(_Print(self._number, slip, begun or _nothing, end)):
            end.set_result(PrintEnd(Ending.FAILED, "offline"))
        return end

    def probe(self) -> Future[DeviceStatus]:
        end: Future[DeviceStatus] = Future()
        if not self._give(_Probe(end)):
            end.set_result(self._status)
        return end

    def close(self) -> None:
        with self._lock:
            if self._closing:
                return
            self._closing = True
            os.write(self._wakes, b"!")
        self._thread.join(120)

    def _give(self, work: _Print | _Probe) -> bool:
        with self._lock:
            if self._closing:
                return False
            self._work.append(work)
            os.write(self._wakes, b"!")
        return True

    # ---- its thread ------------------------------------------------------------------------------------------------

    def _loop(self) -> None:
        self._encoder.warm(_COMMON + self._plan.letters)
        while not (self._closing and not self._work):
            if self._work:
                work = self._work.popleft()
                if isinstance(work, _Print):
                    self._finish(work)
                else:
                    self._look()
                    work.end.set_result(self._status)
            elif self._closing:
                break
            elif time.monotonic() >= self._due:
                self._look()
            else:
                self._idle(self._due - time.monotonic())
        self._hang_up()
        with self._lock:  # whoever closes may still be waking this thread
            os.close(self._wake)
            os.close(self._wakes)

    def _idle(self, seconds: float) -> None:
        """Sleep until there is work, the printer speaks, or it is time to look."""
        poller = select.poll()
        poller.register(self._wake, select.POLLIN)
        if self._talk is not None:
            poller.register(self._talk.wire.fileno(), select.POLLIN)
        for fd, _event in poller.poll(max(0.0, seconds) * 1000):
            if fd == self._wake:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake, 4096)
            elif self._talk is not None:
                try:
                    self._talk.listen(0)
                except WireLost:
                    self._fail("offline")
                    return
                if self._talk.sensed.fault() is not None or self._talk.sensed.near_end is not None:
                    self._tell()

    def _look(self) -> None:
        """Connect if need be, find out what it can do, ask how it stands."""
        try:
            talk = self._open()
            if not self._mute:
                if talk.capability.known:
                    talk.sense()
                else:
                    self._capability = talk.probe()
            self._failures = 0
            self._due = time.monotonic() + _POLL_SECONDS
            self._tell()
        except WireLost:
            self._fail("offline")
        except NoAnswer:
            self._fail("no-answer")

    def _open(self) -> Conversation:
        if self._talk is None:
            wire = self._connect(self._address, _CONNECT_SECONDS)
            self._talk = Conversation(wire, self._capability)
            if wire.baud:
                self._talk.quiet()  # a serial line keeps old answers; a new connection has none
        return self._talk

    def _finish(self, work: _Print) -> None:
        """Print one slip; whatever happens its future gets an end."""
        try:
            end = self._print(work)
        except Exception as error:  # noqa: BLE001 - a bug in drawing must not leave a resident waiting
            end = PrintEnd(Ending.FAILED, "driver-failed")
            self._set(DeviceStatus(Health.BROKEN, "driver-failed", type(error).__name__))
        work.end.set_result(end)

    def _print(self, work: _Print) -> PrintEnd:
        try:
            talk = self._open()
            if not self._mute and talk.capability.realtime is None:
                self._capability = talk.probe()
        except WireLost:
            self._fail("offline")
            return PrintEnd(Ending.FAILED, "offline")
        except NoAnswer:
            self._fail("no-answer")
            return PrintEnd(Ending.FAILED, "no-answer")
        transaction = Transaction(talk, work.number, spare=self._spare, speed=self._speed)
        try:
            end = transaction.run(
                lambda: self._encoder.encode(work.slip, status=bool(talk.capability.status)), work.begun, self._owed)
        except QrTooLong:
            self._hang_up()  # a question is out
            return PrintEnd(Ending.FAILED, "driver-failed")
        if transaction.sent.begun:
            self._owed = 0 if end.ending is Ending.PRINTED else transaction.sent.owed
        self._after(end)
        return end

    def _after(self, end: PrintEnd) -> None:
        self._due = time.monotonic() + _POLL_SECONDS
        if end.ending is Ending.PRINTED:
            self._failures = 0
            self._tell()
        elif end.ending is Ending.UNKNOWN or end.reason in ("offline", "no-answer", "died-half-way"):
            # what it may still say must not answer the next job's questions
            if self._mute:
                self._tell()
            else:
                self._fail("no-answer" if end.reason == "unknown-ending" else end.reason or "no-answer")
        else:
            self._tell()

    def _tell(self) -> None:
        """Turn what was sensed into a status."""
        talk = self._talk
        sensed = talk.sensed if talk is not None else None
        title = self._capability.title
        if sensed is None or self._mute or not sensed.paper_known:
            self._set(DeviceStatus(Health.WARNING, "paper-unknown", title))
        elif (fault := sensed.fault()) is not None:
            self._set(DeviceStatus(Health.BROKEN, fault, title))
        elif sensed.near_end:
            self._set(DeviceStatus(Health.WARNING, "paper-near-end", title))
        else:
            self._set(DeviceStatus(Health.OK, None, title))

    def _fail(self, reason: str) -> None:
        self._hang_up()
        self._due = time.monotonic() + _RETRY_SECONDS[min(self._failures, len(_RETRY_SECONDS) - 1)]
        self._failures += 1
        self._set(DeviceStatus(Health.BROKEN, reason, self._capability.title))

    def _hang_up(self) -> None:
        if self._talk is not None:
            self._talk.wire.close()
            self._talk = None

    def _set(self, status: DeviceStatus) -> None:
        if status != self._status:
            self._status = status
            self._changed(replace(status))


def open_printer(plan: DevicePlan, changed: Changed) -> EscposPrinter:
    """The entry point `escpos`. Raises `BadConnection`."""
    if parse(plan.connection).kind == "virtual":
        from devices.printers.virtual import connect_virtual  # noqa: PLC0415 - only a hall without a printer needs it

        return EscposPrinter(plan, changed, connect_virtual(plan))
    return EscposPrinter(plan, changed)


def _mode(address: Address, options: dict[str, str]) -> str:
    if options.get("text") in ("raster", "gbk"):
        return options["text"]
    return "gbk" if address.kind == "serial" else "raster"


def _nothing() -> None:
    pass
