"""The scanner driver: a barcode scanner as a virtual serial port, read line by line on a thread of its own.

An unplugged scanner is a state; the port is opened again by its path (use /dev/serial/by-id/…) as soon as it is back.
It passes lines on unjudged and keeps none. `open_scanner` is its entry point.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from devices.ports import Changed, DevicePlan, DeviceStatus, Health
from devices.scanners.lines import LineReader
from devices.transport import Wire, WireLost, open_wire, parse

_RETRY_SECONDS = 1.0
_SILENCE_SECONDS = 0.5
_BURST_LINES = 20


class SerialScanner:
    """One port. `line` and `changed` are called in its thread; they must be quick and must not raise."""

    def __init__(self, plan: DevicePlan, line: Callable[[str], None], changed: Changed) -> None:
        connection = plan.connection
        self._plan = plan
        self._address = parse(f"serial://{connection}" if connection.startswith("/") else connection)
        self._line, self._changed = line, changed
        self._status = DeviceStatus(Health.ABSENT, "absent")
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._loop, name=f"scanner {plan.name}", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        return self._plan.name

    @property
    def status(self) -> DeviceStatus:
        return self._status

    def probe(self) -> Future[DeviceStatus]:
        """A scanner cannot be asked; that its port is open is all there is to know."""
        end: Future[DeviceStatus] = Future()
        end.set_result(self._status)
        return end

    def close(self) -> None:
        self._closing.set()
        self._thread.join(5)

    def _loop(self) -> None:
        while not self._closing.is_set():
            try:
                wire = open_wire(self._address, _RETRY_SECONDS)
            except WireLost as error:
                self._set(DeviceStatus(Health.BROKEN, "absent", str(error)))
                self._closing.wait(_RETRY_SECONDS)
                continue
            self._set(DeviceStatus(Health.OK))
            try:
                self._read(wire)
            except WireLost as error:
                self._set(DeviceStatus(Health.BROKEN, "offline", str(error)))
                self._closing.wait(_RETRY_SECONDS / 4)
            finally:
                wire.close()

    def _read(self, wire: Wire) -> None:
        """Until the port is gone. Raises `WireLost`."""
        reader = LineReader()
        second, lines = time.monotonic(), 0
        while not self._closing.is_set():
            data = wire.read(_SILENCE_SECONDS)
            if not data:
                reader.idle()
                continue
            if time.monotonic() - second > 1:
                second, lines = time.monotonic(), 0
            for text in reader.feed(data):
                lines += 1
                if lines <= _BURST_LINES:  # nobody scans faster; a chattering port must not drown the kiosk
                    self._line(text)

    def _set(self, status: DeviceStatus) -> None:
        if (status.health, status.reason) != (self._status.health, self._status.reason):
            self._status = status
            self._changed(status)


def open_scanner(plan: DevicePlan, line: Callable[[str], None], changed: Changed) -> SerialScanner:
    """The entry point `serial`. Raises `BadConnection`."""
    return SerialScanner(plan, line, changed)
