"""One port and its displays on one thread: what each shall show, sent in the right order, again and again.

Calls go first, then other changes, then the repeats of what nobody acknowledges, then refreshes (every 30 s) and new
attempts at displays that are silent, one at a time, so that a silent one delays the others by its own time-out at most.
After a reconnect everything is sent again. It knows no protocol: a driver gives it a way to open a `Line`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from devices.displays.port import DisplayPlan, Hears, Showing
from devices.ports import DeviceStatus, Health
from devices.transport import BadConnection, WireLost

_LOOK_S = 0.5
_REOPEN_S = (0.25, 0.5, 1.0, 2.0)
_AGAIN_S = (0.3, 1.0, 2.0, 4.0, 8.0, 15.0)
_SILENT_AFTER = 2
_CLOSE_S = 5.0


class Silent(Exception):
    """A display did not answer within its time-out; the port itself is well."""


class Said(StrEnum):
    """How one sending ended, when it did not end in `Silent` or `WireLost`."""

    ANSWERED = "answered"
    SENT = "sent"
    REFUSED = "refused"


class Line(Protocol):
    """An open port, for the bus's thread alone. Nothing here may block longer than its own time-outs."""

    def send(self, window: str, address: int, showing: Showing) -> Said:
        """Put `showing` on the display at `address`. Raises `Silent`, `WireLost`."""
        ...

    def check(self) -> None:
        """Raises `WireLost` if the port is gone. Called while there is nothing to send."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds. `repeat`: how often a call is sent in all where nothing acknowledges it, `spacing` apart."""

    refresh: float = 30.0
    repeat: int = 3
    spacing: float = 0.15

    @staticmethod
    def of(options: Mapping[str, str]) -> Pace:
        """From a plan's options `refresh` and `repeat`. Raises `BadConnection`."""
        return Pace(number(options, "refresh", 30.0, 0.05, 3600), round(number(options, "repeat", 3, 1, 9)),
                    number(options, "spacing", 0.15, 0, 10))


def number(options: Mapping[str, str], key: str, default: float, least: float, most: float) -> float:
    """One of a driver's own settings. Raises `BadConnection` with what would be right."""
    try:
        found = float(options.get(key, default))
    except ValueError:
        found = least - 1
    if not least <= found <= most:
        raise BadConnection(f"{key} = {options[key]}: a number from {least:g} to {most:g}")
    return found


@dataclass(slots=True)
class _Window:
    """One display. `fresh`: what it shall show has not been tried yet. `left`: copies still to be sent."""

    address: int
    showing: Showing | None = None
    version: int = 0
    call: bool = False
    fresh: bool = False
    left: int = 0
    due: float = 0.0
    misses: int = 0
    hears: Hears = Hears.UNKNOWN


class Bus:
    """See `devices.displays.port.Displays`. `open_line` raises `WireLost` while the port cannot be opened."""

    def __init__(self, plan: DisplayPlan, open_line: Callable[[], Line], changed: Callable[[], None]) -> None:
        self._plan, self._open_line, self._changed = plan, open_line, changed
        self._pace = Pace.of(plan.options)
        self._windows = {window: _Window(address) for window, address in plan.addresses.items()}
        self._status = DeviceStatus(Health.ABSENT, "display-port-absent")
        self._news = threading.Condition()
        self._versions = 0
        self._closing = False
        self._thread = threading.Thread(target=self._loop, name=f"displays {plan.name}", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        return self._plan.name

    @property
    def status(self) -> DeviceStatus:
        return self._status

    @property
    def hears(self) -> Mapping[str, Hears]:
        return {window: state.hears for window, state in self._windows.items()}

    def show(self, window: str, showing: Showing, *, call: bool = False) -> None:
        with self._news:
            state = self._windows.get(window)
            if state is None or (state.showing == showing and not call):
                return
            self._versions += 1
            state.showing, state.version = showing, self._versions
            state.call, state.fresh = call, True
            self._news.notify()

    def close(self) -> None:
        with self._news:
            self._closing = True
            self._news.notify()
        self._thread.join(_CLOSE_S)

    # ---- the thread ------------------------------------------------------------------------------------------------

    def _loop(self) -> None:
        failures = 0
        while not self._closing:
            try:
                line = self._open_line()
            except WireLost as error:
                self._gone("display-port-absent", error)
                self._pause(_REOPEN_S[min(failures, len(_REOPEN_S) - 1)])
                failures += 1
                continue
            opened = time.monotonic()
            try:
                self._back()
                self._work(line)
            except WireLost as error:
                stalled = "stalled" in str(error)
                self._gone("display-port-stalled" if stalled else "display-port-absent", error)
            except Exception as error:  # noqa: BLE001 - a driver of anyone's; the port is opened anew
                self._gone("driver-failed", error)
            finally:
                line.close()
            # a port that opens and breaks at once is not opened in a tight circle
            failures = failures + 1 if time.monotonic() - opened < 1 else 0
            self._pause(_REOPEN_S[min(failures, len(_REOPEN_S) - 1)])

    def _work(self, line: Line) -> None:
        """Until closed. Raises `WireLost`."""
        while True:
            with self._news:
                if self._closing:
                    return
                window, wait = self._next(time.monotonic())
                if window is None:
                    self._news.wait(min(wait, _LOOK_S))
                    window, _wait = self._next(time.monotonic())
                state = None if window is None else self._windows[window]
                version, showing = (0, None) if state is None else (state.version, state.showing)
            if window is None or state is None or showing is None:
                line.check()
                continue
            try:
                said: Said | None = line.send(window, state.address, showing)
            except Silent:
                said = None
            self._ended(state, version, said)

    def _next(self, now: float) -> tuple[str | None, float]:
        """Which display is served next, else seconds until one is due."""
        best: tuple[tuple[int, float], str] | None = None
        wait = _LOOK_S
        for window, state in self._windows.items():
            if state.showing is None:
                continue
            if state.fresh:
                rank = 2 if state.misses >= _SILENT_AFTER else 0 if state.call else 1
                order = (rank, float(state.version))
            elif state.due <= now:
                order = (3 if state.left else 4, state.due)
            else:
                wait = min(wait, state.due - now)
                continue
            if best is None or (order, window) < best:
                best = (order, window)
        return (None, wait) if best is None else (best[1], 0.0)

    def _ended(self, state: _Window, version: int, said: Said | None) -> None:
        now = time.monotonic()
        with self._news:
            first = state.fresh
            if state.version == version:
                state.fresh = False
                state.left = self._left(state, said, first=first)
            if said is None:
                state.due = now + _AGAIN_S[min(state.misses, len(_AGAIN_S) - 1)]
                state.misses += 1
                hears = Hears.SILENT if state.misses >= _SILENT_AFTER else state.hears
            else:
                state.misses = 0
                state.due = now + (self._pace.spacing if state.left else self._pace.refresh)
                hears = {Said.ANSWERED: Hears.ANSWERING, Said.SENT: Hears.SENT_ONLY,
                         Said.REFUSED: Hears.REFUSING}[said]
            told = hears is not state.hears
            state.hears = hears
        if told:
            self._changed()

    def _left(self, state: _Window, said: Said | None, *, first: bool) -> int:
        if said is not Said.SENT:
            return 0
        if first:
            return self._pace.repeat - 1
        return max(0, state.left - 1)

    def _back(self) -> None:
        """The port is open (again): everything is sent, calls that came meanwhile first."""
        with self._news:
            for state in self._windows.values():
                state.due, state.misses, state.left = 0.0, 0, 0
                state.hears = Hears.UNKNOWN
        self._set(DeviceStatus(Health.OK))

    def _gone(self, reason: str, error: Exception) -> None:
        with self._news:
            for state in self._windows.values():
                state.hears = Hears.UNPLUGGED
        self._set(DeviceStatus(Health.BROKEN, reason, str(error)))

    def _set(self, status: DeviceStatus) -> None:
        told = (status.health, status.reason) != (self._status.health, self._status.reason)
        self._status = status
        if told:
            self._changed()

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        with self._news:
            while not self._closing and (left := until - time.monotonic()) > 0:
                self._news.wait(left)
