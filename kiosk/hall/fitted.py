"""The devices that the hall itself holds, number displays, the voice, notifiers, as hall.toml has them, each with how
it last stood: one that nobody has asked yet is there too, and one that hall.toml names no more is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.config import Settings
from kiosk.door import DeviceReport, Name
from kiosk.hall.kiosks import KioskState

OWN = "device:"
"""How the ids begin under which the hall's own devices report, as kiosks do under their token's."""
VOICE = "语音"


@dataclass(frozen=True, slots=True)
class Board:
    """A window's number display. `report` is None until its port has asked it."""

    window: Name
    report: DeviceReport | None


@dataclass(frozen=True, slots=True)
class Fitted:
    """A port with its boards, the voice, or a notifier. `report`: its own, None until a hall process has opened it.
    `silent`: no process has told of it for a minute; `at`: when one last did."""

    name: str
    at: datetime | None = None
    silent: bool = False
    report: DeviceReport | None = None
    boards: tuple[Board, ...] = ()
    kind: str = "display-port"

    def each(self) -> Iterator[tuple[str, str, DeviceReport | None]]:
        """Itself and its boards: name, kind, how it last stood."""
        yield self.name, self.kind, self.report
        for board in self.boards:
            yield board.window.zh, "display", board.report


def fitted(settings: Settings, reports: Sequence[KioskState]) -> tuple[Fitted, ...]:
    """The displays' ports in the order of hall.toml, then the voice, then the notifiers."""
    told = {state.id: state for state in reports}
    names = {window.id: window.name for window in settings.windows}
    found = []
    for display in settings.displays:
        state, by_name = _told(told.get(OWN + display.name))
        windows = [names[window] for window in display.windows if window in names]
        boards = tuple(Board(window, by_name.get(window.zh)) for window in windows)
        found.append(_one(display.name, state, by_name, boards))
    if settings.voice is not None and settings.voice.on:
        found.append(_one(VOICE, *_told(told.get(OWN + VOICE)), kind="voice"))
    found += [_one(one.name, *_told(told.get(OWN + one.name)), kind="notifier") for one in settings.notifiers]
    return tuple(found)


def kiosks_only(reports: Sequence[KioskState]) -> tuple[KioskState, ...]:
    """Those that are machines of their own."""
    return tuple(state for state in reports if not state.id.startswith(OWN))


def _told(state: KioskState | None) -> tuple[KioskState | None, dict[str, DeviceReport]]:
    return state, {} if state is None else {report.name: report for report in state.devices}


def _one(
    name: str, state: KioskState | None, by_name: dict[str, DeviceReport], boards: tuple[Board, ...] = (),
    kind: str = "display-port",
) -> Fitted:  # fmt: skip
    if state is None:
        return Fitted(name, boards=boards, kind=kind)
    return Fitted(name, state.at, state.silent, by_name.get(name), boards, kind)
