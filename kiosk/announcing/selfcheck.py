"""How displays and voice stand, for `main.py check`: every port is opened, none is written to, nothing is said.

What stands on the displays stays; with the hall at work its ports are taken, and that is what is told then.
"""

from __future__ import annotations

import time
from pathlib import Path

from devices.displays.plug import open_displays
from devices.ports import DeviceStatus, Health
from devices.voice.plug import open_voice
from kiosk.announcing.fittings import Fittings
from kiosk.config import Settings

_OPEN_S = 2.0


def ask(settings: Settings, data: Path) -> tuple[tuple[str, DeviceStatus], ...]:
    """(name, how it stands) of each port and of the voice. Takes two seconds at most, and longer to let go."""
    fittings = Fittings.of(settings, data)
    ports = [open_displays(plan, _nothing) for plan in fittings.displays]
    until = time.monotonic() + _OPEN_S
    while time.monotonic() < until and any(port.status.health is not Health.OK for port in ports):
        time.sleep(0.05)
    found = [(port.name, port.status) for port in ports]
    for port in ports:
        port.close()
    if fittings.voice is not None:
        voice = open_voice(fittings.voice, _nothing)
        found.append((voice.name, voice.status))
        voice.close()
    return tuple(found)


def _nothing(*_heard: object) -> None:
    """Nobody listens to changes while a table is made."""
