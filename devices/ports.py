"""What a printer and a scanner are to the rest of the house: protocols and the plain values that pass through
them.

Nothing here touches a wire, a clock or a picture; a third party's driver needs this module, `devices.paper` and
an entry point (`hall_kiosk.printers`, `hall_kiosk.scanners`), nothing else of ours. Whatever goes wrong with a
device is a state with a reason code, never an exception that leaves the driver.

Reason codes: paper-out, paper-near-end, paper-unknown, cover-open, cutter, jam, overheated, offline, no-answer,
died-half-way, unknown-ending, absent, bad-connection, driver-missing, driver-failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from devices.paper import Slip


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


class Health(StrEnum):
    OK = "ok"
    WARNING = "warning"
    BROKEN = "broken"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """What a device last said of itself. `detail` is for the technician (maker, model, error), never for residents."""

    health: Health
    reason: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """What hall.toml says of one device. `options`: what else the driver wants, as words (text = "gbk", paper = "58").
    `letters`: characters slips will likely need, for drivers that draw them ahead of time."""

    name: str
    driver: str
    connection: str
    options: Mapping[str, str] = field(default_factory=dict)
    letters: str = ""


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


class Scanner(Protocol):
    """Reads lines. `lines` and `changed` of the opener are called in the scanner's own thread."""

    @property
    def name(self) -> str: ...

    @property
    def status(self) -> DeviceStatus: ...

    def probe(self) -> Future[DeviceStatus]: ...

    def close(self) -> None: ...


Changed = Callable[[DeviceStatus], None]


class OpenPrinter(Protocol):
    """What an entry point in `hall_kiosk.printers` names. Returns at once; the device may be away for years."""

    def __call__(self, plan: DevicePlan, changed: Changed) -> Printer: ...


class OpenScanner(Protocol):
    """What an entry point in `hall_kiosk.scanners` names. `line` gets each line read, without its end."""

    def __call__(self, plan: DevicePlan, line: Callable[[str], None], changed: Changed) -> Scanner: ...
