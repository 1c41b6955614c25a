"""What a scanner is to the rest of the house: something that reads lines, and says how it stands.

Plain values and a protocol. A third party's driver needs this module and an entry point in `hall_kiosk.scanners`.

Reason codes: offline, absent, bad-connection, driver-missing, driver-failed.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from devices.ports import Changed, DevicePlan, DeviceStatus


class Scanner(Protocol):
    """Reads lines. `lines` and `changed` of the opener are called in the scanner's own thread."""

    @property
    def name(self) -> str: ...

    @property
    def status(self) -> DeviceStatus: ...

    def probe(self) -> Future[DeviceStatus]: ...

    def close(self) -> None: ...


class OpenScanner(Protocol):
    """What an entry point in `hall_kiosk.scanners` names. `line` gets each line read, without its end."""

    def __call__(self, plan: DevicePlan, line: Callable[[str], None], changed: Changed) -> Scanner: ...
