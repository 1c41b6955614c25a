"""The log replayed: what tickets, windows and appointments must be if only the events were true. Each event is judged
as it comes: may this follow on that, was there room, was it this one's turn. Knows events and rows, never the hall.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from kiosk.simulation.findings import Findings
from kiosk.simulation.turns import Standing, Turns

_PREFIX, _SUFFIX = "cn.hall.", ".v1"

# What a ticket must have been, and what it is then.
_TICKETS = {
    "issued": {"": "waiting"},
    "called": dict.fromkeys(("waiting", "held", "parked"), "called"),
    "recalled": {"called": "called"},
    "parked": {"called": "parked"},
    "held": {"called": "held"},
    "returned": dict.fromkeys(("held", "parked"), "waiting"),
    "transferred": {"called": "waiting"},
    "finished": {"called": "done"},
    "no-show": {"called": "no-show"},
    "expired": dict.fromkeys(("waiting", "held", "parked"), "expired"),
}
_APPOINTMENTS = {
    "booked": {"": "booked"},
    "checked-in": {"booked": "checked-in"},
    "rescheduled": {"booked": "booked"},
    "cancelled": dict.fromkeys(("booked", "checked-in"), "cancelled"),
    "no-show": {"booked": "no-show"},
    "done": {"checked-in": "done"},
}
_WINDOWS = {"opened": "open", "paused": "paused", "resumed": "open", "closed": "closed"}
LIVING = frozenset({"waiting", "called", "held", "parked"})
_TAKES_A_PLACE = frozenset({"booked", "checked-in", "done"})


class Event(NamedTuple):
    """One event as plain SQL reads it."""

    seq: int
    id: str
    type: str
    subject: str
    at: int
    data: str

    @property
    def about(self) -> tuple[str, str]:
        """Of what it speaks and what it says, e.g. ("ticket", "called")."""
        kind, _, what = self.type.removeprefix(_PREFIX).removesuffix(_SUFFIX).partition(".")
        return kind, what


class Row(NamedTuple):
    """A ticket's row as plain SQL reads it."""

    id: str
    number: str
    letter: str
    day: str
    n: int
    line: str
    kind: str
    since: int
    state: str
    at_window: str | None
    aim: str
    appointed: int | None
    taken_at: int


@dataclass(slots=True)
class Held:
    """An appointment as its events have it."""

    facility: str
    begins: int
    places: int
    state: str = ""


@dataclass(slots=True)
class Mirror:
    """Everything the events say. `capacities`: of each facility, as it was last said to be."""

    findings: Findings
    turns: Turns
    tickets: dict[str, str] = field(default_factory=dict)
    at_window: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    appointments: dict[str, Held] = field(default_factory=dict)
    windows: dict[str, str] = field(default_factory=dict)
    capacities: dict[str, int] = field(default_factory=dict)
    first_calls: dict[str, int] = field(default_factory=dict)
    requests: dict[str, str] = field(default_factory=dict)

    def take(self, event: Event, at: datetime, rows: Mapping[str, Row], why: str | None) -> None:
        """One more event. `rows`: the tickets it may speak of, as they are now; `why`: of a call, its reason's code."""
        kind, what = event.about
        data = json.loads(event.data)
        if kind == "ticket" and what in _TICKETS:
            self._ticket(event, what, data, at, rows, why)
        elif kind == "appointment" and what in _APPOINTMENTS:
            self._appointment(event, what, data, at)
        elif kind == "window":
            self._window(event, what, data, rows)
        elif kind == "request" and "state" in data:
            self._request(event, what, str(data["state"]), at)
        elif (kind, what) == ("calendar", "resized"):
            self.capacities[event.subject] = int(data["capacity"])

    # ---- tickets -----------------------------------------------------------------------------------------------------

    def _ticket(
        self, event: Event, what: str, data: Mapping[str, Any], at: datetime, rows: Mapping[str, Row], why: str | None
    ) -> None:
        id_, number, window = event.subject, str(data["number"]), str(data.get("window") or "")
        row = rows.get(id_)
        was = self.tickets.get(id_, "")
        self.numbers[id_] = number
        now = _TICKETS[what].get(was)
        if now is None:
            promise = "calls" if (was, what) == ("called", "called") else "nobody" if was not in LIVING else "log"
            told = f"{number} was {was or 'nothing'} and is {what} at {window or '-'}"
            self.findings.find(promise, at, told)
            now = next(iter(_TICKETS[what].values()))
        self.findings.check(row is not None, "log", at, f"{number} has an event and no row")
        if row is None:
            return
        if what == "expired":
            self.findings.check(row.day < at.date().isoformat(), "nobody", at, f"{number} expired on its own day")
        if what == "called":
            self._called(id_, number, window, at, event.at, why)
        elif self.at_window.get(window) == id_ and now != "called":
            del self.at_window[window]
        if now == "waiting":
            self.turns.wait(_standing(row, first=what == "issued"))
        elif now != was:
            self.turns.leave(id_)
        self.tickets[id_] = now

    def _called(self, id_: str, number: str, window: str, at: datetime, ms: int, why: str | None) -> None:
        served = self.at_window.get(window)
        self.first_calls.setdefault(id_, ms)
        other = self.numbers.get(served or "")
        self.findings.check(served is None, "calls", at, f"window {window} calls {number} and still serves {other}")
        self.findings.check(self.windows.get(window) == "open", "log", at,
                            f"window {window} calls {number} and is {self.windows.get(window, 'closed')}")  # fmt: skip
        self.at_window[window] = id_
        if why != "why-asked":
            wrong = self.turns.judge(id_, window, ms)
            self.findings.check(wrong is None, "order", at, f"window {window} calls {number}: {wrong}")

    # ---- appointments ------------------------------------------------------------------------------------------------

    def _appointment(self, event: Event, what: str, data: Mapping[str, Any], at: datetime) -> None:
        held = self.appointments.get(event.subject)
        if held is None:
            if what != "booked":
                self.findings.find("log", at, f"appointment {event.subject} is {what} and was never booked")
                return
            held = self.appointments[event.subject] = Held(data["facility"], _ms(data["start"]), int(data["places"]))
        now = _APPOINTMENTS[what].get(held.state)
        self.findings.check(now is not None, "nobody", at, f"appointment {event.subject} was {held.state}, is {what}")
        held.state = now or held.state
        if what in {"booked", "rescheduled"}:
            held.begins = _ms(data["start"])
            taken, capacity = self.taken(held.facility, held.begins), self.capacities.get(held.facility, 0)
            self.findings.check(taken <= capacity, "places", at,
                                f"{held.facility} {data['start']}: {taken} taken of {capacity}")  # fmt: skip

    def taken(self, facility: str, begins: int) -> int:
        """Places of a slot that somebody has."""
        return sum(
            held.places for held in self.appointments.values()
            if held.begins == begins and held.facility == facility and held.state in _TAKES_A_PLACE
        )  # fmt: skip

    # ---- requests ----------------------------------------------------------------------------------------------------

    def _request(self, event: Event, what: str, state: str, at: datetime) -> None:
        was = self.requests.get(event.subject, "")
        begins, over = what == "filed", was == "confirmed"
        kept = begins == (not was) and not over
        self.findings.check(kept, "nobody", at, f"request {event.subject} was {was or 'nothing'}, is {what}")
        self.requests[event.subject] = state

    # ---- windows -----------------------------------------------------------------------------------------------------

    def _window(self, event: Event, what: str, data: Mapping[str, Any], rows: Mapping[str, Row]) -> None:
        self.windows[event.subject] = _WINDOWS[what]
        if what == "opened":
            self.turns.open(event.subject, data["services"])
        elif what == "closed":
            # Whom it held, and who was sent to it, wait for any window again.
            self.turns.close(event.subject)
            for id_, row in rows.items():
                if self.tickets.get(id_) == "held" and row.state != "held":
                    self.tickets[id_] = "waiting"
                    self.turns.wait(_standing(row))


def _standing(row: Row, *, first: bool = False) -> Standing:
    """How a ticket waits. A row that has moved on meanwhile (`sure` is False) says nothing against anybody else."""
    if not first:
        return Standing(row.id, row.line, row.kind, row.since, row.n, row.aim, sure=row.state == "waiting")
    since = row.appointed if row.kind == "appointment" and row.appointed is not None else row.taken_at
    return Standing(row.id, row.letter, row.kind, since, row.n, "", sure=True)


def _ms(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
