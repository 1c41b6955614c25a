"""The watcher's own book: what was answered to whom, under which key. The ledger is held against it, never the other
way round; an answer that comes again is held against the first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from kiosk.door import Appointment, Found, Refusal, Request, Ticket, TicketState
from kiosk.simulation.findings import Findings
from kiosk.simulation.mirror import Row
from kiosk.simulation.script import Command

# What the log must say, once, of a command that was answered with a value; for some, one of two things.
_SAYS = {
    "take_ticket": ("ticket.issued",),
    "book": ("appointment.booked",),
    "cancel": ("appointment.cancelled",),
    "check_in": ("appointment.checked-in",),
    "reschedule": ("appointment.rescheduled",),
    "call_next": ("ticket.called",),
    "call": ("ticket.called",),
    "recall": ("ticket.recalled", "ticket.parked"),
    "no_show": ("ticket.no-show",),
    "hold": ("ticket.held",),
    "resume_held": ("ticket.returned",),
    "transfer": ("ticket.transferred",),
    "finish": ("ticket.finished", "ticket.transferred"),
    "rate": ("rating.given",),
    "file_request": ("request.filed",),
    "answer_request": ("request.confirmed", "request.reopened"),
    "take_over": ("request.taken-over",),
    "accept": ("request.accepted",),
    "doing": ("request.doing",),
    "answer": ("request.answered",),
}
_MEANT = frozenset({"recall", "no_show", "hold", "finish", "transfer"})
"""Commands whose last word is the number they are meant for."""
_NOT_KEPT = frozenset({"broken", "busy", "forbidden"})
_LONGEST_MIN = 24 * 60


class Book:
    """One simulation's."""

    def __init__(self, findings: Findings, now: Callable[[], datetime], lines: Collection[str]) -> None:
        """`lines`: the services; whoever comes to an appointment there must get a number."""
        self._findings, self._now, self._lines = findings, now, lines
        self._first: dict[tuple[str, str], tuple[tuple[str, tuple[object, ...]], object]] = {}
        self._appointments: dict[str, Appointment] = {}
        self.tickets: dict[str, Ticket] = {}
        self._numbers: dict[tuple[str, str], str] = {}
        self._codes: dict[str, str] = {}

    def answered(self, command: Command, answer: object, effects: Sequence[tuple[str, str]]) -> None:
        """An answer came. `effects`: what the log says of this command, in order."""
        if isinstance(answer, Refusal) and answer.kind in _NOT_KEPT:
            return
        key, now = (command.caller.id, command.key), self._now()
        self._findings.checks += 1
        said = command.verb, command.content
        if key in self._first:
            before, first = self._first[key]
            if before != said:
                other = isinstance(answer, Refusal) and answer.reason.code == "key-reused" and not effects
                self._findings.check(other, "once", now, f"{command.key} was {before[0]}, and did {command.verb} too")
            elif answer != first:
                self._findings.find("once", now, f"{command.verb} {command.key}: {_differ(first, answer)}")
            return
        self._first[key] = said, answer
        self._effects(command, answer, [".".join(effect) for effect in effects], now)
        self._note(answer, now)

    def _note(self, answer: object, now: datetime) -> None:
        """Write down what somebody was given."""
        match answer:
            case Appointment():
                self._appointments[answer.id] = answer
                if answer.ticket is not None:
                    self._ticket(answer.ticket, now)
            case Found():
                if answer.ticket is not None:
                    self._ticket(answer.ticket, now)
            case Ticket():
                self._ticket(answer, now)
            case Request():
                other = self._codes.setdefault(answer.code, answer.id)
                self._findings.check(other == answer.id, "numbers", now, f"{answer.code} was given to two requests")

    def check(
        self, rows: Mapping[str, Row], held: Mapping[str, tuple[str, int, int, str]], codes: Mapping[str, str | None]
    ) -> None:
        """Hold tickets (by id), appointments (id → facility, begins, places, state) and the codes of requests (by id,
        None once they have died) against the book."""
        now = self._now()
        for id_, ticket in self.tickets.items():
            row = rows.get(id_)
            kept = row is not None and row.number == ticket.number
            self._findings.check(kept, "numbers", now, f"{ticket.number} was given to somebody: now {row}")
        for id_, appointment in self._appointments.items():
            stands = held.get(id_)
            begins = round(appointment.start.timestamp() * 1000)
            kept = stands is not None and stands[:2] == (appointment.facility, begins)
            self._findings.check(kept, "places", now, f"{appointment.facility} {appointment.start}: now {stands}")
        for code, id_ in self._codes.items():
            kept = id_ in codes and codes[id_] in {code, None}
            self._findings.check(kept, "nobody", now, f"request {id_} was given {code}: now {codes.get(id_)}")

    def _effects(self, command: Command, answer: object, effects: list[str], now: datetime) -> None:
        wanted = _SAYS.get(command.verb)
        if isinstance(answer, Refusal) and command.verb not in {"pause", "resume", "open_window", "close_window"}:
            self._findings.check(not effects, "once", now, f"{command.verb} was refused, and did {effects}")
            return
        if wanted is None:
            return
        if command.verb in _MEANT and isinstance(answer, Ticket):
            meant = command.content[-1]
            self._findings.check(answer.number == meant, "once", now,
                                 f"{command.verb} was meant for {meant}, and done to {answer.number}")  # fmt: skip
        if "appointment.checked-in" in effects and isinstance(answer, Appointment) and answer.facility in self._lines:
            told = f"{command.verb} {command.key}: came to {answer.facility} and got no number"
            self._findings.check("ticket.issued" in effects, "nobody", now, told)
        count = sum(effect in wanted for effect in effects)
        nothing = (isinstance(answer, Ticket) and answer.same) or (command.verb == "call_next" and answer is None)
        self._findings.check(count == (0 if nothing else 1), "once", now,
                             f"{command.verb} {command.key} did {effects}")  # fmt: skip

    def _ticket(self, ticket: Ticket, now: datetime) -> None:
        self.tickets.setdefault(ticket.id, ticket)
        place = ticket.number, ticket.taken_at.date().isoformat()
        other = self._numbers.setdefault(place, ticket.id)
        self._findings.check(other == ticket.id, "numbers", now, f"{ticket.number} was given to two")
        if ticket.state is not TicketState.WAITING:
            return
        self._findings.check(ticket.ahead >= 0, "waits", now, f"{ticket.number}: {ticket.ahead} ahead")
        if ticket.wait is None:
            return
        low, high = ticket.wait.low, ticket.wait.high
        sane = 0 <= low <= high <= _LONGEST_MIN and not low % 5 and not high % 5
        self._findings.check(sane, "waits", now, f"{ticket.number}: {low} to {high} minutes")


def _differ(first: object, again: object) -> str:
    """Where two answers to one key differ."""
    if type(first) is not type(again):
        return f"first {_short(first)}, then {_short(again)}"
    names: tuple[str, ...] = tuple(getattr(type(first), "__dataclass_fields__", ()))
    fields = [name for name in names if getattr(first, name) != getattr(again, name)]
    return "; ".join(f"{name}: first {_short(getattr(first, name))}, then {_short(getattr(again, name))}"
                     for name in fields) or f"first {_short(first)}, then {_short(again)}"  # fmt: skip


def _short(value: object) -> str:
    if isinstance(value, Appointment | Ticket):
        value = replace(value, qr="…")
    return str(value)[:160]
