"""What number displays are to the rest of the house: one port with displays on it, what each shall show, how each
stands.

Plain values and a protocol; no wire, no clock. A third party's driver needs this module, `devices.displays.bus` if it
likes, and an entry point in `hall_kiosk.displays`. What goes wrong with a display is a state with a reason code, never
an exception that leaves the driver.

Reason codes: display-silent, display-refuses, display-sent-only, display-port-absent, display-port-stalled,
bad-connection, driver-missing, driver-failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from devices.ports import DeviceStatus


class Face(StrEnum):
    """What a window's display is about. FREE: open, and nobody is being served."""

    NUMBER = "number"
    FREE = "free"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Showing:
    """What one display shall show. `number` is the ticket's, as printed (A023), when the face is NUMBER."""

    face: Face
    number: str = ""


class Hears(StrEnum):
    """How a display stands. SENT_ONLY: its protocol has no answer, so "sent" is all there is to know."""

    UNKNOWN = "unknown"
    ANSWERING = "answering"
    SENT_ONLY = "sent-only"
    REFUSING = "refusing"
    SILENT = "silent"
    UNPLUGGED = "unplugged"


@dataclass(frozen=True, slots=True)
class DisplayPlan:
    """One port as hall.toml has it. `addresses`: window id → address on the bus. `options`: what else the driver
    wants, as words."""

    name: str
    driver: str
    port: str
    baud: int
    addresses: Mapping[str, int]
    options: Mapping[str, str] = field(default_factory=dict)


class Displays(Protocol):
    """The displays on one port. Every method may be called from any thread and never blocks, `close` excepted."""

    @property
    def name(self) -> str: ...

    @property
    def status(self) -> DeviceStatus:
        """The port's own."""
        ...

    @property
    def hears(self) -> Mapping[str, Hears]:
        """How each window's display stands, by window id."""
        ...

    def show(self, window: str, showing: Showing, *, call: bool = False) -> None:
        """From now on `window` shows this. A call goes before everything else, also when it shows what stands there
        already (a recall). A window that has no display here is nothing."""
        ...

    def close(self) -> None:
        """Let go of the port and end the thread; what the displays show stays."""
        ...


class OpenDisplays(Protocol):
    """What an entry point in `hall_kiosk.displays` names. Returns at once; the port may be away for years. `changed` is
    called in the driver's thread when `status` or `hears` is another than before. May raise `BadConnection`."""

    def __call__(self, plan: DisplayPlan, changed: Callable[[], None]) -> Displays: ...
