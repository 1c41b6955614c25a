"""Closing a day, making a room smaller, entering a holiday notice: what a manager does to the calendar, and what
becomes of the bookings it hits. Each is kept, or cancelled with a reason that the resident sees; who was cancelled
stands in a list for clerks until somebody has told them. Nothing is ever cancelled that nobody named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kiosk.door import Appointment, Name, Reason, Refusal, Role
from kiosk.door import AppointmentState as State
from kiosk.hall import entered, places, register
from kiosk.hall.answers import Answer, Done, Held, moment, ms
from kiosk.hall.callers import Caller
from kiosk.hall.commands import Commands, Work, declined
from kiosk.hall.entered import Entered, EnteredClosure, Plans
from kiosk.hall.schedule import Schedule
from kiosk.hall.views import Views
from kiosk.ledger import Hot, Tx
from kiosk.rules.holidays import DayKind

MOST_DAYS = 366
MOST_WHY = 60
MOST_CAPACITY = 10_000
_ADD = Hot("INSERT INTO hall_cancel (appointment, why, at) VALUES (:id, :why, :at)")
_UNTOLD = Hot("SELECT appointment, why, at FROM hall_cancel WHERE told_at IS NULL ORDER BY at LIMIT 200")
_TELL = Hot("UPDATE hall_cancel SET told_at = :at, told_by = :by WHERE appointment = :id AND told_at IS NULL")
_NOT_ALLOWED = Refusal("forbidden", Reason("not-allowed"))


@dataclass(frozen=True, slots=True)
class Struck:
    """A living booking that a plan would hit. `over`: it is among those for whom no place would be left (the last
    booked); always so on a closed day."""

    appointment: Appointment
    over: bool


@dataclass(frozen=True, slots=True)
class Untold:
    """Somebody whose booking the hall cancelled and whom nobody has told yet. `phone`: digits, None without one."""

    id: str
    facility_name: Name
    start: datetime
    phone: str | None
    why: str


class Closing:
    """The calendar in a manager's hands; clerks see and tick off the call list. Commands answer None when done."""

    def __init__(
        self, caller: Caller, commands: Commands, schedule: Schedule, views: Views, kept: Entered
    ) -> None:
        self._caller = caller
        self._commands = commands
        self._schedule = schedule
        self._views = views
        self._entered = kept

    # ---- looking -----------------------------------------------------------------------------------------------------

    async def plans(self) -> Plans | Refusal:
        """Everything entered."""
        return await self._commands.ask(entered.plans)

    async def struck_by_closing(self, first: date, last: date) -> tuple[Struck, ...] | Refusal:
        """The bookings that closing these days hits."""
        if (wrong := _span_wrong(first, last)) is not None:
            return wrong
        return await self._commands.ask(lambda tx: self._on_days(tx, lambda day: first <= day <= last))

    async def struck_by_year(self, year: int, days: Mapping[date, DayKind] | None) -> tuple[Struck, ...] | Refusal:
        """The bookings on days that this notice (None: taking it back) closes and that are open so far."""
        if (wrong := _year_wrong(year, days)) is not None:
            return wrong
        closes = self._schedule.closed_by_notice(year, days)
        return await self._commands.ask(lambda tx: self._on_days(tx, closes))

    async def struck_by_capacity(self, facility: str, capacity: int) -> tuple[Struck, ...] | Refusal:
        """The bookings of every slot that has more taken than a room of this size holds."""
        return await self._commands.ask(lambda tx: self._above(tx, facility, capacity))

    async def untold(self) -> tuple[Untold, ...] | Refusal:
        """The call list, oldest first."""
        if not self._caller.staff:
            return _NOT_ALLOWED
        return await self._commands.ask(self._untold)

    # ---- doing -------------------------------------------------------------------------------------------------------

    async def close(
        self, key: str, first: date, last: date, why: Name, cancel: Sequence[str] = ()
    ) -> Refusal | None:
        """Close days, both ends included, and cancel the named bookings for that reason."""
        said = Name(" ".join(why.zh.split())[:MOST_WHY], " ".join(why.en.split())[:MOST_WHY])

        def body(work: Work) -> Done:
            if (wrong := _span_wrong(first, last)) is not None:
                raise declined(wrong.kind, wrong.reason)
            if not said.zh:
                raise declined("rule", Reason("why-missing"))
            entered.add_closure(work.tx, EnteredClosure(work.id, first, last, said), work.at, work.caller.id)
            work.tell("calendar.closed", work.id, {"first": first.isoformat(), "last": last.isoformat()})
            hit = {one.appointment.id for one in self._on_days(work.tx, lambda day: first <= day <= last)}
            self._cancel(work, [id_ for id_ in cancel if id_ in hit], said.zh)
            return Done(work.id)

        return await self._manage(key, ("close", first, last, said.zh, said.en, sorted(cancel)), body)

    async def reopen(self, key: str, id_: str) -> Refusal | None:
        """Take a closure back. What was cancelled stays cancelled."""

        def body(work: Work) -> Done:
            if not entered.drop_closure(work.tx, id_):
                raise declined("missing", Reason("closure-unknown"))
            work.tell("calendar.reopened", id_)
            return Done(id_)

        return await self._manage(key, ("reopen", id_), body)

    async def resize(
        self, key: str, facility: str, capacity: int | None, why: str = "", cancel: Sequence[str] = ()
    ) -> Refusal | None:
        """Give a room another capacity (None: hall.toml's again), and cancel the named bookings for that reason."""
        said = " ".join(why.split())[:MOST_WHY]

        def body(work: Work) -> Done:
            if self._schedule.place(facility) is None:
                raise declined("missing", Reason("unknown-facility"))
            if capacity is not None and not 0 <= capacity <= MOST_CAPACITY:
                raise declined("rule", Reason("capacity-invalid"))
            if cancel and not said:
                raise declined("rule", Reason("why-missing"))
            written = self._schedule.written_capacity(facility)
            kept = None if capacity == written else capacity
            entered.set_limit(work.tx, facility, kept, work.at, work.caller.id)
            work.tell("calendar.resized", facility, {"capacity": written if kept is None else kept})
            hit = {one.appointment.id for one in self._above(work.tx, facility, capacity or 0)}
            self._cancel(work, [id_ for id_ in cancel if id_ in hit], said)
            return Done(facility)

        return await self._manage(key, ("resize", facility, capacity, said, sorted(cancel)), body)

    async def enter_year(
        self, key: str, year: int, days: Mapping[date, DayKind] | None, why: str = "", cancel: Sequence[str] = ()
    ) -> Refusal | None:
        """Enter a year's published holiday notice (None takes it back), and cancel the named bookings for that reason.
        It may speak of the December before."""
        said = " ".join(why.split())[:MOST_WHY]

        def body(work: Work) -> Done:
            if (wrong := _year_wrong(year, days)) is not None:
                raise declined(wrong.kind, wrong.reason)
            if cancel and not said:
                raise declined("rule", Reason("why-missing"))
            hit = {one.appointment.id for one in self._on_days(work.tx, self._schedule.closed_by_notice(year, days))}
            entered.set_notice(work.tx, year, days, work.at, work.caller.id)
            work.tell("calendar.notice-entered", str(year), {"days": len(days or ())})
            self._cancel(work, [id_ for id_ in cancel if id_ in hit], said)
            return Done(str(year))

        notice = None if days is None else [(d, k.holiday, k.makeup) for d, k in days.items()]
        return await self._manage(key, ("enter-year", year, notice, said, sorted(cancel)), body)

    async def cancel(self, key: str, id_: str, why: str) -> Refusal | None:
        """A clerk cancels somebody's booking, whatever its lead time, for a reason."""
        said = " ".join(why.split())[:MOST_WHY]

        def body(work: Work) -> Done:
            if not said:
                raise declined("rule", Reason("why-missing"))
            if not self._cancel(work, [id_], said, told=True):
                raise declined("conflict", Reason("not-cancellable"))
            return Done(id_)

        if not self._caller.staff:
            return _NOT_ALLOWED
        return await self._run(key, ("cancel-for", id_, said), body)

    async def strike(self, key: str, id_: str, why: str) -> Refusal | None:
        """A manager cancels one of the bookings that a closed day or a changed hall.toml hits; it stands in the call
        list until somebody has told them."""
        said = " ".join(why.split())[:MOST_WHY]

        def body(work: Work) -> Done:
            if not said:
                raise declined("rule", Reason("why-missing"))
            if not self._cancel(work, [id_], said):
                raise declined("conflict", Reason("not-cancellable"))
            return Done(id_)

        return await self._manage(key, ("strike", id_, said), body)

    async def told(self, key: str, id_: str) -> Refusal | None:
        """Somebody has been told."""

        def body(work: Work) -> Done:
            if work.tx.run(_TELL, id=id_, at=work.at, by=work.caller.id) == 1:
                work.tell("appointment.told", id_)
            return Done(id_)

        if not self._caller.staff:
            return _NOT_ALLOWED
        return await self._run(key, ("told", id_), body)

    # ---- steps of these ----------------------------------------------------------------------------------------------

    async def _manage(self, key: str, content: tuple[object, ...], body: Callable[[Work], Answer]) -> Refusal | None:
        if self._caller.role is not Role.MANAGER:
            return _NOT_ALLOWED
        done = await self._run(key, content, body)
        await self._commands.in_background(self._entered.look)
        return done

    async def _run(self, key: str, content: tuple[object, ...], body: Callable[[Work], Answer]) -> Refusal | None:
        kept = await self._commands.run(self._caller, key, content, body)
        if isinstance(kept, Refusal):
            return kept
        return kept.answer if isinstance(kept.answer, Refusal) else None

    def _cancel(self, work: Work, ids: Sequence[str], why: str, *, told: bool = False) -> int:
        """Cancel those that are still booked; how many there were. `told`: the resident knows already."""
        count = 0
        for id_ in ids:
            held = register.by_id(work.tx, id_)
            if held is None or held.state != State.BOOKED:
                continue
            register.move(work.tx, held, State.CANCELLED, work.at)
            places.release(work.tx, held.facility, held.begins, held.places)
            if (phone := register.phone_of(work.tx, self._commands.vault, held.id)) is not None:
                places.release_day(work.tx, phone[1], held.facility, held.day)
            work.tx.run(_ADD, id=held.id, why=why, at=work.at)
            if told:
                work.tx.run(_TELL, id=held.id, at=work.at, by=work.caller.id)
            facts = {"facility": held.facility, "start": moment(held.begins, self._schedule.zone).isoformat()}
            work.tell("appointment.cancelled", held.id, facts | {"by_hall": True})
            count += 1
        return count

    def _on_days(self, tx: Tx, closes: Callable[[date], bool]) -> tuple[Struck, ...]:
        living = register.living(tx, ms(self._now()))
        return tuple(Struck(self._shown(tx, held), over=True) for held in living
                     if closes(moment(held.begins, self._schedule.zone).date()))  # fmt: skip

    def _above(self, tx: Tx, facility: str, capacity: int) -> tuple[Struck, ...]:
        slots: dict[int, list[Held]] = {}
        for held in register.living(tx, ms(self._now())):
            if held.facility == facility:
                slots.setdefault(held.begins, []).append(held)
        found = []
        for living in slots.values():
            if sum(held.places for held in living) <= capacity:
                continue
            left = capacity
            for held in sorted(living, key=lambda one: (one.booked_at, one.id)):
                left -= held.places
                found.append(Struck(self._shown(tx, held), over=left < 0))
        return tuple(sorted(found, key=lambda one: (one.appointment.start, one.over)))

    def _untold(self, tx: Tx) -> tuple[Untold, ...]:
        found = []
        for id_, why, _at in tx.all(_UNTOLD):
            held = register.by_id(tx, id_)
            if held is None:
                continue
            phone = register.phone_of(tx, self._commands.vault, id_)
            shown = self._views.appointment(held, self._now(), None)
            found.append(Untold(id_, shown.facility_name, shown.start, phone[0] if phone else None, why))
        return tuple(found)

    def _shown(self, tx: Tx, held: Held) -> Appointment:
        phone = register.phone_of(tx, self._commands.vault, held.id)
        return self._views.appointment(held, self._now(), phone[0] if phone else None)

    def _now(self) -> datetime:
        return self._commands.clock.now()


def _year_wrong(year: int, days: Mapping[date, DayKind] | None) -> Refusal | None:
    # Days of the December before belong to New Year's holiday.
    fits = all(day.year == year or (day.year, day.month) == (year - 1, 12) for day in days or ())
    return None if 2000 <= year <= 2100 and fits else Refusal("rule", Reason("year-invalid"))


def _span_wrong(first: date, last: date) -> Refusal | None:
    if first <= last <= first + timedelta(days=MOST_DAYS):
        return None
    return Refusal("rule", Reason("days-invalid"))
