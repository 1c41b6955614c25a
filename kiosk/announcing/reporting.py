"""How displays, voice and notifiers stand, as staff read it: one report for each port, one for the voice and for each
notifier, made of plain values.

Only the process that holds a device reports it, under the device's own name, so there is one row whoever holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from devices.displays.port import Displays, Hears
from devices.notifiers.port import Delivery
from devices.ports import DeviceStatus, Health
from devices.voice.port import Voice
from kiosk.door import DeviceReport, DeviceState, Reason

_STATES = {Health.OK: DeviceState.OK, Health.WARNING: DeviceState.WARNING, Health.BROKEN: DeviceState.BROKEN,
           Health.ABSENT: DeviceState.ABSENT}
_HEARS: Mapping[Hears, tuple[DeviceState, str | None]] = {
    Hears.ANSWERING: (DeviceState.OK, None),
    Hears.SENT_ONLY: (DeviceState.OK, "display-sent-only"),
    Hears.REFUSING: (DeviceState.BROKEN, "display-refuses"),
    Hears.SILENT: (DeviceState.BROKEN, "display-silent"),
    Hears.UNPLUGGED: (DeviceState.BROKEN, "display-port-absent"),
}
Told = tuple[str, str, DeviceState, str | None]


def of_displays(displays: Displays, names: Mapping[str, str]) -> tuple[Told, ...]:
    """(name, kind, state, reason code): the port first, then each window's display of which anything is known."""
    told: list[Told] = [_told(displays.name, "display-port", displays.status)]
    for window, hears in displays.hears.items():
        if hears in _HEARS:
            told.append((names.get(window, window), "display", *_HEARS[hears]))
    return tuple(told)


def of_voice(voice: Voice) -> tuple[Told, ...]:
    return (_told(voice.name, "voice", voice.status),)


def of_notifier(name: str, status: DeviceStatus, last: Delivery | None) -> tuple[Told, ...]:
    """`last`: what became of the last message. A driver that says of itself that it is well and fails is not well."""
    if status.health in (Health.OK, Health.WARNING) and last is Delivery.FAILED:
        status = DeviceStatus(Health.BROKEN, "notifier-failed")
    elif status.health is Health.OK and last is Delivery.UNKNOWN:
        status = DeviceStatus(Health.WARNING, "notifier-unknown")
    return (_told(name, "notifier", status),)


def _told(name: str, kind: str, status: DeviceStatus) -> Told:
    return name, kind, _STATES[status.health], status.reason


class Register:
    """Since when each device has stood as it does."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Told, datetime]] = {}

    def reports(self, told: tuple[Told, ...], now: datetime) -> tuple[DeviceReport, ...]:
        """The same as values of the door, each with the moment it became so."""
        out = []
        for one in told:
            name, kind, state, reason = one
            known = self._known.get(name)
            since = known[1] if known is not None and known[0] == one else now
            self._known[name] = (one, since)
            out.append(DeviceReport(name, kind, state, None if reason is None else Reason(reason), since))
        return tuple(out)
