"""我的预约: find an appointment by its slip, its code or a telephone number, and do with it what it allows. A slip
with a number of the queue leads to how that number stands, a request's to the request.

By slip or code: check in, change, cancel, print again, undo. By telephone one sees room, day and time and may check in,
nothing more: anyone can know a neighbour's number. The hall decides all of it; these pages only offer what it said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from kiosk.door import Appointment, Found, Reason, Request, Ticket
from kiosk.flows import following, standing
from kiosk.flows.bookable import Bookable, ask_bookable
from kiosk.flows.booking import onward, refused
from kiosk.flows.draft import Draft
from kiosk.flows.keypads import reason
from kiosk.flows.places import (
    Back,
    Command,
    Fetch,
    Finish,
    Go,
    Move,
    Place,
    Stay,
    World,
    leads_on,
    many,
    refusal_of,
)
from kiosk.flows.slip_code import CodePlace
from kiosk.flows.steps import (
    ChooseFound,
    ConfirmCancel,
    HowToFind,
    Pick,
    Press,
    ShowAppointment,
    Step,
    Trail,
)
from kiosk.flows.telephone import PhonePlace
from kiosk.rules import codes
from kiosk.rules.bar import Bar
from kiosk.words import _

_TRAIL = Trail((_("我的预约"),))
_ASKED = {codes.REQUEST: "request", codes.TICKET: "ticket"}
"""What the hall is asked for, by the kind of slip; else an appointment."""


def begin() -> Move:
    """The first question of 我的预约."""
    return Go(HowPlace())


def scanned(text: str, at: Place | None) -> Move:
    """A slip was held under the scanner while `at` stood there: straight to its appointment."""
    scan = codes.read(text)
    if isinstance(scan, Bar):
        return _how(at, reason(scan))  # a noodle shop's: not worth asking the hall
    return Fetch(_ASKED.get(scan.kind, "appointment"), (text.strip(),), partial(_scanned, at))


def _how(at: Place | None, problem: Reason) -> Move:
    if isinstance(at, CodePlace) and at.request:
        return Stay(replace(at, problem=problem))
    place = HowPlace(problem)
    return Stay(place) if isinstance(at, HowPlace) else Go(place)


def _scanned(at: Place | None, value: object, world: World) -> Move:
    move = _shown(at, value, world)
    if move is not None:
        return move
    refusal = refusal_of(value)
    return refused(refusal) if leads_on(refusal) else _how(at, refusal.reason)


def _shown(at: Place | None, value: object, world: World) -> Move | None:
    """The page of what a slip or a code led to; None where that is a no."""
    if isinstance(value, Ticket):
        return standing.shown(value, at)
    if isinstance(value, Appointment) and value.ticket is not None:
        return standing.shown(value.ticket, at)  # come already: what counts now is the number
    if isinstance(value, Appointment):
        place = AppointmentPlace(value, world.now)
        return Stay(place) if isinstance(at, AppointmentPlace) else Go(place)
    return following.shown(value, at) if isinstance(value, Request) else None


@dataclass(frozen=True, slots=True)
class HowPlace:
    problem: Reason | None = None
    scans: bool = True
    over: bool = False

    def step(self, world: World) -> Step:
        return HowToFind(_TRAIL, world.scanner, world.codes_wait_until, self.problem)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        if not isinstance(answer, Pick):
            return None
        if answer.choice == "phone":
            return Go(PhonePlace(_TRAIL, "find", _find, scans=True))
        if answer.choice != "code":
            return None
        if world.codes_wait_until is not None:
            return Stay(replace(self, problem=Reason("codes-wait", {"until": world.codes_wait_until})))
        return Go(_code_page())


def _code_page() -> CodePlace:
    return CodePlace(_TRAIL, partial(_shown, None))


def _find(page: PhonePlace) -> Move:
    return Fetch("find", (page.typed,), partial(_searched, page))


def _searched(page: PhonePlace, value: object, world: World) -> Move:
    found = many(value, Found)
    if found:
        return Go(FoundPlace(found, world.now))
    problem = Reason("nothing-found") if found == () else refusal_of(value).reason
    return Stay(replace(page, problem=problem))


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """What the number found; choosing one checks in, and "code" leads to where more can be done."""

    found: tuple[Found, ...]
    now: datetime
    scans: bool = True
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        return ChooseFound(_TRAIL, self.found, self.now)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        if not isinstance(answer, Pick):
            return None
        if answer.choice == "code":
            return Go(HowPlace(Reason("needs-code")) if world.codes_wait_until else _code_page())
        if answer.choice.isdecimal() and int(answer.choice) < len(self.found):
            # Not only where `may` says so: the hall's no tells from when it may.
            return Command("check_in", (self.found[int(answer.choice)].ref,), partial(_ended, "checked-in", "none"))
        return None


@dataclass(frozen=True, slots=True)
class AppointmentPlace:
    appointment: Appointment
    now: datetime
    scans: bool = True
    over: bool = False

    @property
    def undo(self) -> bool:
        """Cancelling is still an undo, without any lead time."""
        return "cancel" in self.appointment.may and self.now <= self.appointment.undo_until

    def step(self, world: World) -> Step:
        del world
        return ShowAppointment(_TRAIL, self.appointment, self.now, self.undo)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        if not isinstance(answer, Pick):
            return None
        appointment, may = self.appointment, self.appointment.may
        if answer.choice == "check-in":
            return Command("check_in", (appointment.code,), partial(_ended, "checked-in", "none"))
        if answer.choice in ("cancel", "undo") and "cancel" in may:
            return Go(CancelPlace(appointment, undo=self.undo and world.now <= appointment.undo_until))
        if answer.choice == "reprint" and "reprint" in may:
            return Command("reprint", (appointment.code,), partial(_ended, "reprinted", "again"))
        if answer.choice == "change" and "reschedule" in may:
            return _change(appointment)
        return None


@dataclass(frozen=True, slots=True)
class CancelPlace:
    """Really? Cancelling is the one thing here that cannot be taken back."""

    appointment: Appointment
    undo: bool = False
    scans: bool = True
    over: bool = False

    def step(self, world: World) -> Step:
        del world
        return ConfirmCancel(_TRAIL, self.appointment, self.undo)

    def answer(self, answer: Pick | Press, world: World) -> Move | None:
        del world
        if isinstance(answer, Pick) and answer.choice == "yes":
            return Command("cancel", (self.appointment.code,), partial(_ended, "cancelled", "none"))
        return Back() if isinstance(answer, Pick) and answer.choice == "no" else None


def _change(appointment: Appointment) -> Move:
    """Into the booking pages with the facility and the people kept."""
    def open_days(value: object, world: World) -> Move:
        del world
        for facility in value.all if isinstance(value, Bookable) else ():
            if facility.id == appointment.facility:
                return onward(Draft(facility=facility, moving=appointment))
        return refused(value)

    return ask_bookable(open_days)


def _ended(what: str, slip: str, value: object, world: World) -> Move:
    del world
    if isinstance(value, Appointment | Found) and value.ticket is not None:
        return Finish(what, slip="new", ticket=value.ticket)  # checked in at a window: the number is what counts now
    if isinstance(value, Appointment):
        return Finish(what, value, slip=slip)
    return Finish(what, found=value) if isinstance(value, Found) else refused(value)
