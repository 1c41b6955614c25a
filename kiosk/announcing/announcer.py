"""Shows calls over the windows and speaks them: one reader of the event log, one claim for each port and for the voice.

A call goes from the log to its display in the reader's thread; whatever else changes a window has the windows looked
at again a moment later. Leases, reports and everything slow live in a second thread. Trouble with the ledger is waited
out; displays keep what they show.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from devices.displays.plug import open_displays
from devices.displays.port import DisplayPlan, Displays, Face, Showing
from devices.ports import DeviceStatus, Health
from devices.voice.plug import open_voice
from devices.voice.port import Voice, VoicePlan
from kiosk.announcing.faces import called, changes_windows, ended, faces
from kiosk.announcing.fittings import Fittings
from kiosk.announcing.queue import Call
from kiosk.announcing.reporting import Register, Told, of_displays, of_voice
from kiosk.announcing.speech import Speech
from kiosk.claims import Claim
from kiosk.clock import Clock
from kiosk.config import Settings
from kiosk.door import DeviceReport, Window
from kiosk.ledger import Hot, Ledger, LedgerTrouble, Logged, Tx

_LOG = logging.getLogger(__name__)
_NEWEST = Hot("SELECT seq FROM event ORDER BY seq DESC LIMIT 1")
_AT_ONCE = 500
_POLL_S = 1.0
_SETTLE_S = 0.1  # finishing and calling the next is one command: the windows are looked at once
_BREATH_S = 0.004  # under a flood of commands the log is read so often at most
_KEEP_S = 0.5
_REPORT_S = 10.0
_TROUBLED_S = 0.5
_GONE = (Health.ABSENT, Health.BROKEN)


class Hall(Protocol):
    """What the announcer asks of the hall it stands in. Both may block, and are called in its own threads."""

    def windows(self) -> Sequence[Window]:
        """Every window as things stand. May raise `LedgerTrouble`."""
        ...

    def report(self, device: str, reports: tuple[DeviceReport, ...]) -> None:
        """How a port or the voice stands, by its name. Must not raise."""
        ...


OpenDisplayPlan = Callable[[DisplayPlan, Callable[[], None]], Displays]
OpenVoicePlan = Callable[[VoicePlan, Callable[[DeviceStatus], None]], Voice]


@dataclass(slots=True)
class _Port:
    """One port: this process's claim on it, and the driver while the claim is held."""

    plan: DisplayPlan
    claim: Claim
    driver: Displays | None = None
    report_at: float = 0.0


@dataclass(slots=True)
class _Now:
    """What the displays are to show, and when the windows are looked at again (None: nothing is due)."""

    faces: dict[str, Showing] = field(default_factory=dict)
    look_at: float | None = 0.0


class Announcer:
    """One hall process's. `holder` is this process's name on its leases."""

    def __init__(
        self, settings: Settings, fittings: Fittings, ledger: Ledger, clock: Clock, hall: Hall, holder: str, *,
        open_displays: OpenDisplayPlan = open_displays, open_voice: OpenVoicePlan = open_voice,
    ) -> None:
        self._ledger, self._clock, self._hall = ledger, clock, hall
        self._open_displays = open_displays
        self._names = {window.id: window.name.zh for window in settings.windows}
        self._ports = [_Port(plan, Claim(ledger, clock, f"display:{plan.name}", holder)) for plan in fittings.displays]
        self._speech = None
        if fittings.voice is not None:
            periods = () if settings.voice is None else settings.voice.quiet
            claim = Claim(ledger, clock, "voice", holder)
            self._speech = Speech(fittings.voice, claim, ledger, clock, self._names, periods, open_voice, self.nudge)
        self._register = Register()
        self._now = _Now()
        self._guard = threading.Lock()
        self._after: int | None = None
        self._news = threading.Event()
        self._changes = threading.Event()
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=work, name=f"announcer {name}", daemon=True)
                         for name, work in (("log", self._follow), ("keep", self._keep))]
        self._unfollow: Callable[[], None] | None = None

    def start(self) -> None:
        """Returns at once, however ledger and devices are. Does nothing in a hall without displays and voice."""
        if self._ports or self._speech is not None:
            self._unfollow = self._ledger.follow(self.nudge)
            for thread in self._threads:
                thread.start()

    def nudge(self) -> None:
        """The log may have grown. From any thread."""
        self._news.set()

    def close(self) -> None:
        """Let go of devices and leases; the displays keep what they show."""
        self._closing.set()
        self._news.set()
        self._changes.set()
        if self._unfollow is not None:
            self._unfollow()
            for thread in self._threads:
                thread.join(10)
        for port in self._ports:
            if port.driver is not None:
                port.driver.close()
            port.claim.let_go()
        if self._speech is not None:
            self._speech.close()

    # ---- the log ---------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        while not self._closing.is_set():
            try:
                self._read()
                self._look()
                if self._speech is not None:
                    self._speech.pump()
                self._closing.wait(_BREATH_S)
                self._news.wait(self._patience())
                self._news.clear()
            except LedgerTrouble:
                self._closing.wait(_TROUBLED_S)
            except Exception:  # noqa: BLE001 - one event that cannot be shown must not darken the hall for good
                _LOG.exception("announcer")
                self._closing.wait(_TROUBLED_S)

    def _patience(self) -> float:
        due = self._now.look_at
        return _POLL_S if due is None else max(0.0, min(_POLL_S, due - self._clock.monotonic()))

    def _read(self) -> None:
        if self._after is None:  # what happened before this process came is in the windows
            self._after = self._ledger.read(_newest)
            return
        while True:
            events, newest = self._ledger.read(self._since)
            if events:
                self._take(events)
                self._after = events[-1].seq
            elif newest < self._after:  # an older copy stands in the ledger's place
                self._after, self._now.look_at = newest, 0.0
            if self._after >= newest:
                return

    def _since(self, tx: Tx) -> tuple[list[Logged], int]:
        return tx.log(self._after or 0, _AT_ONCE), _newest(tx)

    def _take(self, events: Sequence[Logged]) -> None:
        latest: dict[str, str] = {}
        for logged in events:
            call = called(logged.event)
            if call is not None:
                number, window = call
                latest[window] = number
                if self._speech is not None:
                    self._speech.heard(Call(logged.seq, number, window, self._moment(logged.event.at)))
            elif (over := ended(logged.event)) is not None and self._speech is not None:
                self._speech.ended(*over)
            if changes_windows(logged.event) and self._now.look_at is None:
                self._now.look_at = self._clock.monotonic() + _SETTLE_S
        for window, number in latest.items():
            self._show(window, Showing(Face.NUMBER, number), call=True)

    def _look(self) -> None:
        """Look at the windows again if that is due."""
        due = self._now.look_at
        if due is None or self._clock.monotonic() < due:
            return
        self._now.look_at = None
        try:
            seen = faces(self._hall.windows())
        except BaseException:
            self._now.look_at = self._clock.monotonic() + _TROUBLED_S
            raise
        for window, showing in seen.items():
            self._show(window, showing, call=False)

    def _show(self, window: str, showing: Showing, *, call: bool) -> None:
        with self._guard:
            self._now.faces[window] = showing
            for port in self._ports:
                if port.driver is not None and window in port.plan.addresses:
                    port.driver.show(window, showing, call=call)

    def _moment(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, self._clock.now().tzinfo)

    # ---- leases and reports ----------------------------------------------------------------------------------------

    def _keep(self) -> None:
        while not self._closing.is_set():
            try:
                for port in self._ports:
                    self._keep_port(port)
                if self._speech is not None and self._speech.keep():
                    self._tell(self._speech.name, of_voice(self._speech.voice))
            except Exception:  # noqa: BLE001 - as above
                _LOG.exception("announcer")
            self._changes.wait(_KEEP_S)
            self._changes.clear()

    def _keep_port(self, port: _Port) -> None:
        useful = port.driver is None or port.driver.status.health not in _GONE
        ours = port.claim.keep(useful=useful)
        if ours and port.driver is None:
            driver = self._open_displays(port.plan, self._changed(port))
            with self._guard:
                port.driver = driver
                for window, showing in self._now.faces.items():
                    driver.show(window, showing)
            port.report_at = 0.0
        elif not ours and port.driver is not None:
            with self._guard:
                driver, port.driver = port.driver, None
            driver.close()
        if port.driver is not None and port.claim.held and self._clock.monotonic() >= port.report_at:
            port.report_at = self._clock.monotonic() + _REPORT_S
            self._tell(port.plan.name, of_displays(port.driver, self._names))

    def _changed(self, port: _Port) -> Callable[[], None]:
        def tell() -> None:
            port.report_at = 0.0
            self._changes.set()

        return tell

    def _tell(self, device: str, told: tuple[Told, ...]) -> None:
        self._hall.report(device, self._register.reports(told, self._clock.now()))


def _newest(tx: Tx) -> int:
    row = tx.one(_NEWEST)
    return 0 if row is None else int(row[0])
