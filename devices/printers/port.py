"""What a printer is to the rest of the house: something that prints slips, one at a time, and says how each ended.

Plain values and a protocol: no wire, no clock, no picture. A third party's driver needs this module, `devices.paper`
and an entry point in `hall_kiosk.printers`.

Reason codes: paper-out, paper-near-end, paper-unknown, cover-open, cutter, jam, overheated, offline, no-answer,
died-half-way, unknown-ending, absent, bad-connection, driver-missing, driver-failed.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from devices.paper import Slip
from devices.ports import Changed, DevicePlan, DeviceStatus


class Ending(StrEnum):
    """How a print job ended. UNKNOWN means just that: it may or may not lie in the tray, so it is never sent again."""

    PRINTED = "printed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PrintEnd:
    """The end of one job. `reason` is set unless printed. `begun`: at least one byte of the slip has left."""

    ending: Ending
    reason: str | None = None
    begun: bool = False


class Printer(Protocol):
    """Prints slips, one at a time, in the order given. Every method may be called from any thread and never blocks."""

    @property
    def name(self) -> str: ...

    @property
    def status(self) -> DeviceStatus: ...

    def print(self, job: str, slip: Slip, begun: Callable[[], None] | None = None) -> Future[PrintEnd]:
        """Print `slip` once. `begun` is called, in the driver's thread, before the slip's first byte can leave."""
        ...

    def probe(self) -> Future[DeviceStatus]:
        """Ask the device, without moving paper, what it is and how it stands."""
        ...

    def close(self) -> None:
        """Finish the job in hand (bounded by its deadlines), let go of the device, end the thread."""
        ...


class OpenPrinter(Protocol):
    """What an entry point in `hall_kiosk.printers` names. Returns at once; the device may be away for years."""

    def __call__(self, plan: DevicePlan, changed: Changed) -> Printer: ...
