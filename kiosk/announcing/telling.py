"""Tells residents of their requests by text message: one teller for each notifier, a reader of the event log under a
lease, one message after the other.

Where it is in the log is marked under the lease's fence, and so is the message it is about to hand to its driver: what
a process had handed over when it died is not sent again, whoever takes over; staff call instead. A driver that fails is
tried again, ever more seldom, and nothing behind is sent before. It decides neither what is told nor how; telephones
are in its hands between the ledger and the driver only, and in no log.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Literal, Protocol

from devices.notifiers.plug import open_notifier
from devices.notifiers.port import Delivery, Notifier, NotifierPlan
from devices.ports import DeviceStatus, Health
from kiosk.announcing.messages import message
from kiosk.announcing.queue import Periods, quiet
from kiosk.announcing.reporting import Register, of_notifier
from kiosk.claims import Claim
from kiosk.clock import Clock
from kiosk.door import DeviceReport
from kiosk.hall.notices import TOLD, Notice
from kiosk.ledger import Event, Hot, Ledger, LedgerTrouble, Logged, Tx

_LOG = logging.getLogger(__name__)
_MARK = Hot("SELECT value FROM mark WHERE name = :name")
_SET_MARK = Hot(
    "INSERT INTO mark (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_NEWEST = Hot("SELECT seq FROM event ORDER BY seq DESC LIMIT 1")
_AT_ONCE = 500
_FAR = 5000  # events passed over before the mark follows: so many are looked at again at most
_POLL_S = 1.0
_BREATH_S = 0.02
_TROUBLED_S = 0.5
_REPORT_S = 10.0
_ANSWER_S = 60.0  # a driver that says nothing for so long has not said what became of it
_ENDING_S = 5.0
_FIRST_RETRY_S, _LAST_RETRY_S = 5.0, 600.0
_GONE = (Health.ABSENT, Health.BROKEN)
_WHY: dict[Delivery, Literal["unknown", "refused"]] = {Delivery.UNKNOWN: "unknown", Delivery.REFUSED: "refused"}

OpenNotifierPlan = Callable[[NotifierPlan, Callable[[DeviceStatus], None]], Notifier]


class Notices(Protocol):
    """See `kiosk.hall.notices.Notices`."""

    def prepare(self) -> None: ...

    def of(self, tx: Tx, event: Event) -> Notice | None: ...

    def unsent(self, tx: Tx, event: Event, by: str, why: Literal["unknown", "refused"]) -> None: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What hall.toml says of one notifier: its driver's plan, and when messages wait."""

    plan: NotifierPlan
    quiet: Periods = ()


@dataclass(frozen=True, slots=True)
class _Flying:
    """A message in its driver's hands."""

    logged: Logged
    end: Future[Delivery]
    since: float


class Teller:
    """One notifier's, in one hall process. `hall`: its Chinese name; `report` tells staff and must not raise."""

    def __init__(
        self, told: Told, hall: str, notices: Notices, ledger: Ledger, clock: Clock, holder: str,
        report: Callable[[str, tuple[DeviceReport, ...]], None], *, open_notifier: OpenNotifierPlan = open_notifier,
    ) -> None:  # fmt: skip
        self._told, self._hall, self._notices, self._ledger, self._clock = told, hall, notices, ledger, clock
        self._report, self._open = report, open_notifier
        self._name = told.plan.name
        self._claim = Claim(ledger, clock, f"notifier:{self._name}", holder)
        self._driver: Notifier | None = None
        self._mine = False
        self._read_to = self._marked = 0
        self._waiting: deque[Logged] = deque()
        self._flying: _Flying | None = None
        self._last: Delivery | None = None
        self._failed = 0
        self._retry_at = 0.0
        self._register = Register()
        self._report_at = 0.0
        self._news = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"teller {self._name}", daemon=True)
        self._unfollow: Callable[[], None] | None = None

    def start(self) -> None:
        """Returns at once, however ledger and driver are."""
        self._unfollow = self._ledger.follow(self._news.set)
        self._thread.start()

    def close(self) -> None:
        """Wait a little for what is in the driver's hands, then let go of driver and lease."""
        self._closing.set()
        self._news.set()
        if self._unfollow is not None:
            self._unfollow()
            self._thread.join(_ENDING_S + 10)

    def _work(self) -> None:
        while not self._closing.is_set():
            try:
                self._turn()
                self._closing.wait(_BREATH_S)
                (self._news if self._mine else self._closing).wait(_POLL_S)
                self._news.clear()
            except LedgerTrouble:
                self._closing.wait(_TROUBLED_S)
            except Exception as error:  # noqa: BLE001 - a message that cannot be made must not silence all others
                _LOG.error("teller: %s", type(error).__name__)  # no more: it may hold a telephone
                self._closing.wait(_TROUBLED_S)
        self._end()

    def _end(self) -> None:
        if self._driver is not None:
            flying = self._flying
            if flying is not None:
                landed = threading.Event()
                flying.end.add_done_callback(lambda _: landed.set())
                landed.wait(_ENDING_S)
            self._driver.close()
        try:
            if self._mine and self._claim.held:
                self._land()
        except LedgerTrouble:
            pass  # whoever takes over finds it begun, and staff call
        self._claim.let_go()

    def _turn(self) -> None:
        """All there is to do now."""
        driver = self._kept()
        if not self._claim.held or driver is None:
            self._mine = False
            return
        self._mine = self._mine or self._take_over()
        while self._mine and not self._closing.is_set() and self._land() and self._next(driver):
            pass
        if self._clock.monotonic() >= self._report_at:
            self._report_at = self._clock.monotonic() + _REPORT_S
            told = of_notifier(self._name, driver.status, self._last)
            self._report(self._name, self._register.reports(told, self._clock.now()))

    def _kept(self) -> Notifier | None:
        """Keep the claim; the driver, open while it is held or on offer."""
        busy = self._flying is not None or self._driver is None
        ours = self._claim.keep(useful=busy or (self._driver is not None and self._driver.status.health not in _GONE))
        if ours and self._driver is None:
            self._driver = self._open(self._told.plan, self._changed)
            self._report_at = 0.0
        elif not ours and self._driver is not None:
            driver, self._driver = self._driver, None
            driver.close()
        return self._driver

    def _changed(self, _status: DeviceStatus) -> None:
        self._report_at = 0.0
        self._news.set()

    # ---- the log, and the mark in it ---------------------------------------------------------------------------------

    def _take_over(self) -> bool:
        """Go on from the mark; the very first time, from now on. What another process had handed to its driver without
        hearing what became of it may have gone: it is passed over, and staff hear."""
        self._notices.prepare()
        ours = None if self._flying is None else self._flying.logged.seq

        def take(tx: Tx) -> tuple[int, int | None] | None:
            if not self._claim.fenced(tx):
                return None
            row = tx.one(_MARK, name=self._mark_name)
            first, _, second = (str(_newest(tx)) if row is None else str(row[0])).partition(" ")
            after, begun = int(first), int(second) if second else None
            if begun is not None and begun != ours:
                for logged in tx.log(begun - 1, 1):
                    self._notices.unsent(tx, logged.event, self._name, "unknown")
                after, begun = begun, None
            self._set(tx, after, begun)
            return after, begun

        taken = self._ledger.write(take).result()
        if taken is None:
            return False
        self._marked, begun = taken
        if begun is None:  # what is in the driver's hands, another has settled
            self._flying = None
        self._waiting.clear()
        self._read_to = self._marked if begun is None else begun
        return True

    def _look(self) -> None:
        """Read on in the log."""
        while len(self._waiting) < _AT_ONCE:
            events, newest = self._ledger.read(lambda tx: (tx.log(self._read_to, _AT_ONCE), _newest(tx)))
            if newest < self._read_to:  # an older copy stands in the ledger's place, with a mark of its own
                self._mine = False
                return
            self._waiting.extend(logged for logged in events if logged.event.type in TOLD)
            if not events:
                return
            self._read_to = events[-1].seq

    def _set(self, tx: Tx, after: int, begun: int | None = None) -> bool:
        """Mark where it is, and what is about to be sent; False if the work is not this process's any more."""
        if not self._claim.fenced(tx):
            return False
        tx.run(_SET_MARK, name=self._mark_name, value=str(after) if begun is None else f"{after} {begun}")
        return True

    @property
    def _mark_name(self) -> str:
        return f"told:{self._name}"

    # ---- one message -------------------------------------------------------------------------------------------------

    def _next(self, driver: Notifier) -> bool:
        """Begin the next message; whether one was dealt with."""
        now = self._clock.monotonic()
        if now < self._retry_at or quiet(self._clock.now().time(), self._told.quiet):
            return False
        if not self._waiting:
            self._look()
        if not self._mine or not self._waiting:
            self._follow_up()
            return False
        logged = self._waiting[0]
        self._mine, notice = self._begin(logged)
        if not self._mine:
            return False
        self._waiting.popleft()
        if notice is None:
            self._marked = logged.seq
            return True
        self._flying = _Flying(logged, self._sent(driver, notice), now)
        self._flying.end.add_done_callback(lambda _: self._news.set())
        return True

    def _begin(self, logged: Logged) -> tuple[bool, Notice | None]:
        """Mark a message as begun, before its driver has it: whether the work is this process's still, and what is to
        be told, with the telephone as it is then; None where there is nothing."""

        def begin(tx: Tx) -> tuple[bool, Notice | None]:
            notice = self._notices.of(tx, logged.event)
            if notice is None:
                return self._set(tx, logged.seq), None
            return self._set(tx, self._marked, logged.seq), notice

        return self._ledger.write(begin).result()

    def _sent(self, driver: Notifier, notice: Notice) -> Future[Delivery]:
        try:
            return driver.send(notice.number, message(notice, self._hall))
        except Exception as error:  # noqa: BLE001 - a driver of anyone's may raise anything, and may have sent it
            unknown: Future[Delivery] = Future()
            unknown.set_exception(error)
            return unknown

    def _land(self) -> bool:
        """Settle what was in the driver's hands, if it has answered; whether nothing is there any more."""
        flying = self._flying
        if flying is None:
            return True
        if not flying.end.done() and self._clock.monotonic() - flying.since < _ANSWER_S:
            return False
        ended = _ended(flying.end)

        def settle(tx: Tx) -> bool:
            if ended is Delivery.FAILED:
                return self._set(tx, self._marked)
            ours = self._set(tx, flying.logged.seq)
            if ours and ended in _WHY:
                self._notices.unsent(tx, flying.logged.event, self._name, _WHY[ended])
            return ours

        self._mine = self._ledger.write(settle).result()
        self._flying = None
        if ended is Delivery.FAILED:
            self._waiting.appendleft(flying.logged)
            self._retry_at = self._clock.monotonic() + min(_LAST_RETRY_S, _FIRST_RETRY_S * 2**self._failed)
            self._failed = min(self._failed + 1, 20)
        else:
            self._marked, self._failed = flying.logged.seq, 0
        if ended is not self._last:
            self._last, self._report_at = ended, 0.0
        return True

    def _follow_up(self) -> None:
        """Let the mark follow over a long stretch in which there was nothing to tell."""
        if self._mine and not self._waiting and self._read_to - self._marked > _FAR:
            to = self._read_to
            self._mine = self._ledger.write(lambda tx: self._set(tx, to)).result()
            self._marked = to


def _ended(end: Future[Delivery]) -> Delivery:
    """What a driver answered; UNKNOWN if nothing, an exception, or nonsense."""
    if not end.done() or end.cancelled() or end.exception() is not None:
        return Delivery.UNKNOWN
    answer = end.result()
    return answer if isinstance(answer, Delivery) else Delivery.UNKNOWN


def _newest(tx: Tx) -> int:
    row = tx.one(_NEWEST)
    return 0 if row is None else int(row[0])

