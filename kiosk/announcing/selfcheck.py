"""How displays, voice and notifiers stand, for `main.py check`: every port is opened, every board is asked, nothing is
said or sent.

A board is asked by putting on it what stands there before the hall opens (关), for most have no other question they
answer. With the hall at work its ports are taken: that is what is told then, and what stands on the boards stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from devices.displays.plug import open_displays
from devices.displays.port import DisplayPlan, Displays, Face, Hears, Showing
from devices.notifiers.plug import open_notifier
from devices.ports import DeviceStatus, Health
from devices.voice.plug import open_voice
from kiosk.announcing.fittings import Fittings
from kiosk.config import Settings

_OPEN_S = 2.0
_ASK_S = 2.0  # a silent board takes its time-out, twice
_ASK_EACH_S = 0.7
_FILE = "virtual"  # its boards are a file, which a hall at work may be writing
_SAYS = {
    Hears.ANSWERING: DeviceStatus(Health.OK),
    Hears.SENT_ONLY: DeviceStatus(Health.OK, "display-sent-only"),
    Hears.REFUSING: DeviceStatus(Health.BROKEN, "display-refuses"),
    Hears.UNPLUGGED: DeviceStatus(Health.BROKEN, "display-port-absent"),
}


def ask(settings: Settings, data: Path) -> tuple[tuple[str, DeviceStatus], ...]:
    """(name, how it stands) of each port, of each window's board on it, of the voice and the notifiers. Takes
    two seconds and a little for each board at most, and longer to let go."""
    fittings = Fittings.of(settings, data)
    names = {window.id: window.name.zh for window in settings.windows}
    ports = [(plan, open_displays(plan, _nothing)) for plan in fittings.displays]
    _wait(lambda: all(port.status.health is Health.OK for _plan, port in ports), _OPEN_S)
    for plan, port in ports:
        if _can_ask(plan, port):
            for window in plan.addresses:
                port.show(window, Showing(Face.CLOSED))
    boards = sum(len(plan.addresses) for plan, port in ports if _can_ask(plan, port))
    _wait(lambda: all(_answered(plan, port) for plan, port in ports), _ASK_S + _ASK_EACH_S * boards)
    found: list[tuple[str, DeviceStatus]] = []
    for plan, port in ports:
        found += [(port.name, port.status), *_boards(plan, port, names)]
        port.close()
    if fittings.voice is not None:
        voice = open_voice(fittings.voice, _nothing)
        found.append((voice.name, voice.status))
        voice.close()
    for told in fittings.notifiers:
        notifier = open_notifier(told.plan, _nothing)
        found.append((notifier.name, notifier.status))
        notifier.close()
    return tuple(found)


def _can_ask(plan: DisplayPlan, port: Displays) -> bool:
    return plan.driver != _FILE and port.status.health is Health.OK


def _answered(plan: DisplayPlan, port: Displays) -> bool:
    return not _can_ask(plan, port) or Hears.UNKNOWN not in port.hears.values()


def _boards(plan: DisplayPlan, port: Displays, names: dict[str, str]) -> Iterator[tuple[str, DeviceStatus]]:
    """Each board's row; none where the port itself is the trouble."""
    if _can_ask(plan, port):
        for window, hears in port.hears.items():
            status = _SAYS.get(hears, DeviceStatus(Health.BROKEN, "display-silent"))
            yield f"{port.name} {names.get(window, window)}", status


def _wait(true: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not true():
        time.sleep(0.05)


def _nothing(*_heard: object) -> None:
    """Nobody listens to changes while a table is made."""
