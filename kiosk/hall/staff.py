"""What staff see and do beyond the door: who waits for help, which slips did not come out, what is wrong in the house,
which bookings a changed hall.toml hits, and the word that the clock is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.config import Settings
from kiosk.door import Appointment, HelpKind, Name, Reason, Refusal, Role
from kiosk.hall import codes, kiosks, places, queue, ratings, register, request_rows
from kiosk.hall.answers import Answer, Done, Held, moment, ms
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Commands, Work, clock_doubt, declined
from kiosk.hall.fitted import Fitted, fitted, kiosks_only
from kiosk.hall.kiosks import HelpCall, KioskState, WaitingSlip
from kiosk.hall.schedule import Schedule
from kiosk.hall.views import Views
from kiosk.ledger import Tx


@dataclass(frozen=True, slots=True)
class Hit:
    """A living booking that today's hall.toml would not make. It stands; staff decide. `reason`: what changed."""

    appointment: Appointment
    reason: Reason


@dataclass(frozen=True, slots=True)
class CodesRest:
    """Typed codes rest at a kiosk after too many wrong ones."""

    kiosk: str
    until: datetime


@dataclass(frozen=True, slots=True)
class HelpWanted:
    """A kind of help that a resident asked for with a request (its id), and nobody has seen to."""

    request: str
    kind: HelpKind
    at: datetime
    category: Name
    place: Name | None


@dataclass(frozen=True, slots=True)
class Attention:
    """Everything that wants a person. `trouble`: why nothing can be confirmed at present (ledger, key, clock)."""

    trouble: Reason | None
    help_calls: tuple[HelpCall, ...] = ()
    slips: tuple[WaitingSlip, ...] = ()
    kiosks: tuple[KioskState, ...] = ()
    fitted: tuple[Fitted, ...] = ()
    codes_rest: tuple[CodesRest, ...] = ()
    hit: tuple[Hit, ...] = ()
    calendar: tuple[Reason, ...] = field(default=())
    helps: tuple[HelpWanted, ...] = ()
    late: int = 0  # requests past their due day
    changes_aside: int = 0  # from upstream, that could not be applied
    key: Reason | None = None  # everything works still, and will not after the next start


class Staff:
    """Commands of staff; each answers None when done, or a `Refusal`."""

    def __init__(self, caller: Caller, commands: Commands, views: Views) -> None:
        self._caller = caller
        self._commands = commands
        self._views = views

    async def answer_help(self, key: str, call: str) -> Refusal | None:
        """我去帮忙: the kiosk shows that somebody is coming."""
        return await self._do(key, ("answer-help", call), lambda work: kiosks.answer_help(work, call))

    async def print_slip_again(self, key: str, job: str, kiosk: str | None = None) -> Refusal | None:
        """补打: have a waiting slip printed, at the kiosk where it failed unless another is named."""
        return await self._do(key, ("print-again", job, kiosk), lambda work: kiosks.settle_slip(work, job, kiosk))

    async def print_slip(self, key: str, subject: str, kiosk: str) -> Refusal | None:
        """打印: have the slip of an appointment, a number or a request (its id) printed at a kiosk, for somebody who
        telephoned or came to the desk."""

        def body(work: Work) -> Done | None:
            known = (one(work.tx, subject) for one in (register.by_id, queue.by_id, request_rows.by_id))
            if not subject.isprintable() or all(found is None for found in known):
                return None
            return kiosks.order_slip(work, subject, kiosk)

        return await self._do(key, ("print-slip", subject, kiosk), body)

    async def drop_slip(self, key: str, job: str) -> Refusal | None:
        """Put a waiting slip aside: the resident has the number."""
        return await self._do(key, ("drop-slip", job), lambda work: kiosks.drop_slip(work, job))

    async def declare_time(self, key: str) -> Refusal | None:
        """A manager's word that the hall's clock shows the right time; from this event on the clock is judged."""
        if self._caller.role is not Role.MANAGER:
            return Refusal("forbidden", Reason("not-allowed"))

        def body(work: Work) -> Done:
            work.tell("clock.declared", "clock", {"by": self._caller.id}, declares=True)
            return Done("clock")

        return await self._do(key, ("declare-time",), body)

    async def rating_words(self, most: int) -> tuple[ratings.Written, ...] | Refusal:
        """What people wrote with their ratings, the newest first: for a manager."""
        if self._caller.role is not Role.MANAGER:
            return Refusal("forbidden", Reason("not-allowed"))
        vault, zone = self._commands.vault, self._commands.zone
        return await self._commands.ask(lambda tx: ratings.written(tx, vault, zone, most))

    async def _do(self, key: str, content: tuple[object, ...], body: Callable[[Work], Done | None]) -> Refusal | None:
        if not self._caller.staff:
            return Refusal("forbidden", Reason("not-allowed"))

        def checked(work: Work) -> Answer:
            done = body(work)
            if done is None:
                raise declined("missing", Reason("unknown"))
            return done

        kept = await self._commands.run(self._caller, key, content, checked, timeless=True)
        if isinstance(kept, Refusal):
            return kept
        return kept.answer if isinstance(kept.answer, Refusal) else None


async def attention(commands: Commands, schedule: Schedule, views: Views, settings: Settings) -> Attention:
    """Everything that wants a person, as it is now. Never fails: trouble with the ledger is part of the answer."""
    now = commands.clock.now()

    def look(tx: Tx) -> Attention:
        reports = kiosks.kiosks(tx, now, schedule.zone)
        names = {state.id: state.name for state in reports}
        return Attention(
            trouble=clock_doubt(tx, now, schedule.zone) or commands.trouble,
            help_calls=kiosks.waiting_help(tx, schedule.zone),
            slips=kiosks.waiting_slips(tx, schedule.zone),
            kiosks=kiosks_only(reports),
            fitted=fitted(settings, reports),
            codes_rest=tuple(
                CodesRest(names.get(kiosk, kiosk), moment(until, schedule.zone))
                for kiosk, until in codes.rests(tx, ms(now))
            ),
            hit=_hit(tx, commands, schedule, views, now),
            calendar=schedule.warnings(now),
            helps=_helps(tx, schedule, settings),
            late=request_rows.late(tx, now.astimezone(schedule.zone).date().isoformat()),
            changes_aside=len(request_rows.aside(tx)),
            key=Reason("key-adrift") if commands.vault.adrift else None,
        )

    seen = await commands.ask(look)
    return Attention(trouble=seen.reason, calendar=schedule.warnings(now)) if isinstance(seen, Refusal) else seen


def _helps(tx: Tx, schedule: Schedule, settings: Settings) -> tuple[HelpWanted, ...]:
    categories = {one.id: one.name for one in settings.categories}
    grids = {one.id: one.name for one in settings.grids}
    return tuple(
        HelpWanted(request, HelpKind(kind), moment(at, schedule.zone), categories.get(category, Name(category)),
                   grids.get(grid or ""))
        for request, kind, at, category, grid in request_rows.helps_wanted(tx)
    )  # fmt: skip


def _hit(tx: Tx, commands: Commands, schedule: Schedule, views: Views, now: datetime) -> tuple[Hit, ...]:
    hit = []
    for held in register.living(tx, ms(now)):
        reason = _void(tx, schedule, held)
        if reason is not None:
            phone = register.phone_of(tx, commands.vault, held.id)
            hit.append(Hit(views.appointment(held, now, phone[0] if phone else None), reason))
    return tuple(hit)


def _void(tx: Tx, schedule: Schedule, held: Held) -> Reason | None:
    place = schedule.place(held.facility)
    if place is None:
        return Reason("unknown-facility")
    start = moment(held.begins, schedule.zone)
    stretch = schedule.stretch(place, start)
    if stretch is None:
        return schedule.day(start.date()).closed or Reason("not-a-slot")
    if places.taken_of(tx, place.id, held.begins) > place.capacity:
        return Reason("full", {"facility": place.name, "start": start})
    return None
