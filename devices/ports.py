"""What all devices share: how one stands, and what hall.toml says of one. Whatever goes wrong with a device is a
state with a reason code, never an exception that leaves its driver.

A third party's driver needs this module, the port of its kind (`devices.printers.port`, `devices.scanners.port`, …) and
an entry point (`hall_kiosk.printers`, `hall_kiosk.scanners`, …), nothing else of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


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


Changed = Callable[[DeviceStatus], None]
