"""What the station tells the screens besides a flow's own answers. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.door import DeviceReport


@dataclass(frozen=True, slots=True)
class SlipLost:
    """A slip of the visit before a crash was not printed: the waiting page says so for 60 s, naming nothing."""


@dataclass(frozen=True, slots=True)
class DevicesChanged:
    """`scanner`: one can be used now; `printer`: slips can be expected to come out."""

    scanner: bool
    printer: bool
    devices: tuple[DeviceReport, ...] = ()


@dataclass(frozen=True, slots=True)
class HallFound:
    """The first answer of the hall has come; before it every question is answered with `HallAway`."""


@dataclass(frozen=True, slots=True)
class HallSilent:
    """The hall gave no answer, or its process is gone: the waiting page looks again now, not at its next turn."""
