"""The print desk: every slip goes through the journal first, then once to a printer, and its end is told to everyone.

A job known to the journal is never given to a printer again, whoever asks. After a restart a job that was begun and not
ended is UNKNOWN, one that was not begun is NOT_BEGUN; both are for the staff, neither is printed by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from devices.paper import Slip
from devices.ports import Health
from devices.printers.port import Ending, PrintEnd, Printer
from kiosk.clock import Clock
from kiosk.door import Appointment, Name, Reason, Request, SlipReport, SlipState, Ticket
from kiosk.ledger.journal import Content, Job, Journal
from kiosk.station.slips import REQUEST, TICKET, Letterhead, appointment_slip, kind_of, request_slip, ticket_slip
from kiosk.words import Language, Words

REPRINT = "reprint"
_ENDED = {state.value: state for state in SlipState}


@dataclass(frozen=True, slots=True)
class SlipOrder:
    """A slip that is wanted, for an appointment, a number or a request. `what` as in `steps.Finished`; `again` marks it
    补打; `windows`: those that serve the number."""

    job: str
    appointment: Appointment | None
    what: str = ""
    again: bool = False
    language: Language = "zh"
    ticket: Ticket | None = None
    windows: tuple[Name, ...] = ()
    request: Request | None = None

    @property
    def subject(self) -> str:
        """The opaque id of what it is for."""
        held = self.request or self.ticket or self.appointment
        return held.id if held else ""

    @property
    def kind(self) -> str:
        if self.again:
            return REPRINT
        if self.request:
            return REQUEST
        return TICKET if self.ticket or not self.appointment else kind_of(self.appointment, self.what)


@dataclass(frozen=True, slots=True)
class SlipEnd:
    """How a job ended, for the resident's page."""

    job: str
    state: SlipState
    reason: Reason | None = None


class PrintDesk:
    """All printing of one kiosk. For the station's loop; only `begun` runs in a driver's thread. `hall_now`: the time
    that stands on the slips, where the kiosk's own clock is wrong."""

    def __init__(self, journal: Journal, printers: Sequence[Printer], head: Letterhead, clock: Clock,
                 hall_now: Callable[[], datetime] | None = None) -> None:
        self._journal, self._printers, self._head = journal, printers, head
        self._hall_now = hall_now or clock.now
        self._running: dict[str, asyncio.Future[SlipEnd]] = {}

    async def print(self, order: SlipOrder) -> SlipEnd:
        """Print once and say how it ended; a job that was here before is told of, not printed."""
        running = self._running.get(order.job)
        if running is not None:
            return await asyncio.shield(running)
        content = _content(order)
        if not self._journal.queue(order.job, content):
            return self._known(order.job)
        mine: asyncio.Future[SlipEnd] = asyncio.get_running_loop().create_future()
        self._running[order.job] = mine
        try:
            end = await self._send(order, content)
            slip_end = self._note(order.job, end, content)
            mine.set_result(slip_end)
            return slip_end
        finally:
            if not mine.done():
                mine.cancel()
            del self._running[order.job]

    @property
    def busy(self) -> bool:
        return bool(self._running)

    def recover(self) -> bool:
        """After a start: settle what the last run left. Whether a slip was never begun."""
        lost = False
        for job in self._journal.jobs():
            if job.state == "begun":
                self._journal.state(job.job, "unknown", {**job.content, "reason": "unknown-ending"})
            elif job.state == "queued":
                self._journal.state(job.job, "not-begun", job.content)
                lost = True
        return lost

    def lost(self, job: str, held: Appointment | Ticket | Request, what: str) -> bool:
        """A command took effect and nobody was there for its slip: hand it to the staff. False: its slip is known."""
        content = _content(SlipOrder(
            job, held if isinstance(held, Appointment) else None, what,
            ticket=held if isinstance(held, Ticket) else None, request=held if isinstance(held, Request) else None))
        if not self._journal.queue(job, content):
            return False
        self._journal.state(job, "not-begun", content)
        return True

    def reports(self) -> tuple[SlipReport, ...]:
        """The ends staff have not been told of yet."""
        return tuple(_report(job) for job in self._journal.jobs() if job.state in _ENDED and job.content)

    def told(self, reports: Sequence[SlipReport]) -> None:
        """The hall has taken these reports."""
        now = {job.job: job.state for job in self._journal.jobs()}
        for report in reports:
            if now.get(report.job) == report.state.value:
                self._journal.strip(report.job)

    async def _send(self, order: SlipOrder, content: Content) -> PrintEnd:
        """To the first printer that will have it; to another only if not one byte left for the first."""
        slip = _drawn(order, self._head, self._hall_now())
        end = PrintEnd(Ending.FAILED, "absent")

        def begun() -> None:
            self._journal.state(order.job, "begun", content)

        for printer in sorted(self._printers, key=lambda p: p.status.health in (Health.BROKEN, Health.ABSENT)):
            end = await asyncio.wrap_future(printer.print(order.job, slip, begun))
            if end.ending is not Ending.FAILED or end.begun:
                break
        return end

    def _note(self, job: str, end: PrintEnd, content: Content) -> SlipEnd:
        self._journal.state(job, end.ending.value, {**content, "reason": end.reason})
        return SlipEnd(job, SlipState(end.ending.value), _reason(end.reason))

    def _known(self, job: str) -> SlipEnd:
        known = self._journal.job(job)
        if known is not None and known.state in _ENDED:
            return SlipEnd(job, _ENDED[known.state], _report(known).reason)
        return SlipEnd(job, SlipState.UNKNOWN, Reason("unknown-ending"))


def _content(order: SlipOrder) -> Content:
    """What the staff page needs: never the code, the telephone or what was booked."""
    return {"subject": order.subject, "kind": order.kind}


def _drawn(order: SlipOrder, head: Letterhead, now: datetime) -> Slip:
    words = Words(order.language)
    if order.request is not None:
        return request_slip(order.request, head, words, now, again=order.again)
    if order.ticket is not None:
        return ticket_slip(order.ticket, head, words, now, windows=order.windows, again=order.again)
    assert order.appointment is not None
    return appointment_slip(
        order.appointment, head, words, now, kind=kind_of(order.appointment, order.what), again=order.again)


def _report(job: Job) -> SlipReport:
    reason = job.content.get("reason")
    return SlipReport(
        job.job, str(job.content.get("subject", "")), str(job.content.get("kind", "")), _ENDED[job.state],
        _reason(reason if isinstance(reason, str) else None), job.at)


def _reason(code: str | None) -> Reason | None:
    return None if code is None else Reason(code)
