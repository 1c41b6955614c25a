"""The watcher of the promises. It stands outside: it keeps a book of its own of what was answered to whom, reads the
ledger by plain SQL with a connection of its own, replays the event log, and believes nothing the hall says of itself.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid5

from kiosk.config import Settings
from kiosk.door import Appointment, Refusal, Request
from kiosk.hall.commands import HOUSE
from kiosk.simulation.book import Book
from kiosk.simulation.findings import Findings
from kiosk.simulation.mirror import LIVING, Event, Mirror, Row
from kiosk.simulation.script import Command
from kiosk.simulation.turns import Turns

_EVENTS = "SELECT seq, id, type, subject, at, data FROM event WHERE seq > ? ORDER BY seq"
_CALLS = "SELECT seq, ticket, at_window, why FROM ticket_call WHERE seq > ? ORDER BY seq"
_ROWS = f"SELECT {', '.join(Row._fields)} FROM ticket"  # noqa: S608 - names of our own
_HELD = "SELECT id, facility, begins, places, state FROM appointment"
_REQUESTS = "SELECT id, code, state FROM request"
_OURS = frozenset({"ticket", "appointment", "window", "rating", "request"})
_EACH_LOOKS = 50
_TELEPHONE = re.compile(rb"(?<!\d)1[3-9]\d{9}")
_DIGITS = re.compile(r"\d{11}")


@dataclass(frozen=True, slots=True)
class Waited:
    """How one waited, in minutes, and what was said to them; None where nothing was."""

    minutes: float
    high: int | None


class Watcher:
    """One simulation's. `hear` is told every event, for whoever looks on."""

    def __init__(self, path: Path, settings: Settings, now: Callable[[], datetime]) -> None:
        self.findings = Findings()
        self.events: list[Event] = []
        self.phones: set[str] = set()
        self.hear: Callable[[Event, datetime], None] = lambda _event, _at: None
        self._path, self._now = path, now
        self._zone = now().tzinfo
        letters = {service.id: service.letter for service in settings.services}
        self._mirror = Mirror(self.findings, Turns(letters))
        self._book = Book(self.findings, now, letters.keys())
        self._effects: dict[str, list[Event]] = defaultdict(list)
        self._senders: dict[str, str] = {}
        self._connection: sqlite3.Connection | None = None
        self._seq = self._call = self._looks = 0
        self.capacities(settings)

    # ---- what it is told ---------------------------------------------------------------------------------------------

    def capacities(self, settings: Settings) -> None:
        """The hall starts with this hall.toml."""
        rules = {facility.id: facility.rules for facility in settings.facilities}
        rules |= {service.id: service.bookable for service in settings.services if service.bookable is not None}
        self._mirror.capacities |= {id_: rule.capacity for id_, rule in rules.items()}

    def waits(self, services: Iterable[str]) -> int:
        """How many wait for these services, as a clerk's page shows it."""
        letters = {self._mirror.turns.letters[service] for service in services}
        return sum(one.line in letters for one in self._mirror.turns.waiting.values())

    def serving(self, window: str) -> str | None:
        """Whom a window serves, by id."""
        return self._mirror.at_window.get(window)

    def waited(self) -> list[Waited]:
        """How everybody who was called had waited, and what they had been told."""
        found = []
        for id_, called in self._mirror.first_calls.items():
            ticket = self._book.tickets.get(id_)
            if ticket is not None:
                since = max(ticket.taken_at, ticket.appointment or ticket.taken_at)
                minutes = max(0.0, called / 60_000 - since.timestamp() / 60)
                found.append(Waited(minutes, ticket.wait.high if ticket.wait else None))
        return found

    def slips(self) -> set[str]:
        """The print jobs the ledger knows of."""
        return {job for (job,) in self._reader().execute("SELECT job FROM slip")}

    def sent(self, command: Command) -> None:
        """A command was given for the first time."""
        self._senders[str(uuid5(uuid5(HOUSE, f"token:{command.caller.id}"), command.key))] = command.verb

    def answered(self, command: Command, answer: object) -> None:
        """What the hall said, whether or not it will arrive."""
        id_ = str(uuid5(uuid5(HOUSE, f"token:{command.caller.id}"), command.key))
        if isinstance(answer, Refusal):
            way_on = answer.next or answer.retry_after is not None
            self.findings.check(way_on, "way-on", self._now(), f"{command.verb} is refused, {answer.reason.code}")
        self._book.answered(command, answer, [event.about for event in self._effects.get(id_, ())])

    def failed(self, command: Command, error: Exception) -> None:
        """A command ended in an error."""
        self.findings.find("answers", self._now(), f"{command.verb} {command.key}: {type(error).__name__}: {error}")

    def stumbled(self, error: Exception) -> None:
        """What the hall does by itself ended in an error."""
        self.findings.find("nobody", self._now(), f"the hall's own timers: {type(error).__name__}: {error}")

    def turned_away(self, held: Appointment, refusal: Refusal) -> None:
        """Somebody came in time to what was confirmed to them, and was not let in."""
        self.findings.find("places", self._now(), f"{held.facility} {held.start}: not let in, {refusal.reason.code}")

    def looked_up(self, filed: Request, seen: object) -> None:
        """Somebody asked for their request by what was given to them."""
        same = isinstance(seen, Request) and (seen.id, seen.code) == (filed.id, filed.code)
        told = seen.reason.code if isinstance(seen, Refusal) else "another"
        self.findings.check(same, "nobody", self._now(), f"request {filed.id} under its own code: {told}")

    def away(self) -> None:
        """The ledger's file is about to be put in another's place."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # ---- looking -----------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Read what is new in the ledger, and judge it."""
        connection = self._reader()
        events = [Event(*row) for row in connection.execute(_EVENTS, (self._seq,))]
        if not events:
            return
        reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
        for seq, ticket, window, why in connection.execute(_CALLS, (self._call,)):
            self._call = seq
            reasons[ticket, window].append(json.loads(why)["code"])
        rows = self._rows_of(connection, events)
        for event in events:
            self._seq = event.seq
            why = reasons.get((event.subject, str(json.loads(event.data).get("window"))))
            called = event.about == ("ticket", "called")
            self._judge(event)
            self._mirror.take(event, self._moment(event.at), rows, why.pop(0) if called and why else None)
            self.hear(event, self._moment(event.at))
        self.events += events
        self._compare(rows)

    def rest(self) -> None:
        """Everything that was answered has been heard: now and then, a look at everything."""
        self._looks += 1
        if self._looks % _EACH_LOOKS == 0:
            self.check()

    def check(self) -> None:
        """Everything at once: every row against every event and the book, every count by plain SQL."""
        connection, now, mirror = self._reader(), self._now(), self._mirror
        rows = {row[0]: Row(*row) for row in connection.execute(_ROWS)}
        self._compare(rows)
        for id_ in mirror.tickets.keys() - rows.keys():
            self.findings.find("nobody", now, f"{mirror.numbers[id_]} is in no row any more")
        self._count(connection, now)
        held = {row[0]: row[1:] for row in connection.execute(_HELD)}
        for id_, one in mirror.appointments.items():
            said = one.facility, one.begins, one.places, one.state
            self.findings.check(held.get(id_) == said, "log", now, f"appointment {id_}: {held.get(id_)}, events {said}")
        for facility, begins, taken in connection.execute("SELECT facility, begins, taken FROM slot"):
            counted = mirror.taken(facility, begins)
            kept = taken == counted
            self.findings.check(kept, "places", now, f"{facility} {self._moment(begins)}: {taken}, {counted}")
        for id_, state in connection.execute("SELECT id, state FROM service_window"):
            said_of = mirror.windows.get(id_)
            self.findings.check(state == said_of, "log", now, f"window {id_}: row {state}, events {said_of}")
        requests = {id_: (code, state) for id_, code, state in connection.execute(_REQUESTS)}
        for id_, said_of in mirror.requests.items():
            state = requests.get(id_, ("", "nothing"))[1]
            self.findings.check(state == said_of, "log", now, f"request {id_}: row {state}, events {said_of}")
        self._book.check(rows, held, {id_: code for id_, (code, _state) in requests.items()})

    def midnight(self) -> None:
        """A day is over, and the hall has had its time to end it."""
        self.look()
        self.check()
        now, connection = self._now(), self._reader()
        today = now.date().isoformat()
        for number, day, state in connection.execute("SELECT number, day, state FROM ticket WHERE day < ?", (today,)):
            self.findings.check(state not in LIVING, "nobody", now, f"{number} of {day} is {state} after midnight")
        for id_, state in connection.execute("SELECT id, state FROM appointment WHERE ends <= ?", (self._midnight(),)):
            ended = state not in {"booked", "checked-in"}
            self.findings.check(ended, "nobody", now, f"appointment {id_} is {state} after midnight")
        found = {
            match.decode() for path in self._path.parent.glob(f"{self._path.name}*")
            for match in _TELEPHONE.findall(path.read_bytes())
        }  # fmt: skip
        self.findings.check(not found & self.phones, "privacy", now, "a telephone number stands in the ledger's file")

    def _count(self, connection: sqlite3.Connection, now: datetime) -> None:
        numbers = (
            "SELECT c.letter, c.day, c.last, c.waiting, count(t.id), count(DISTINCT t.number), coalesce(max(t.n), 0)"
            " FROM ticket_counter AS c LEFT JOIN ticket AS t ON t.letter = c.letter AND t.day = c.day GROUP BY 1, 2"
        )
        for letter, day, last, waiting, count, different, highest in connection.execute(numbers):
            self.findings.check(count == different, "numbers", now, f"{letter} {day}: a number twice")
            self.findings.check(count in {highest, 0} and last == count, "numbers", now,
                                f"{letter} {day}: {count} tickets, the last {highest}, {last} counted")  # fmt: skip
            (stand,) = connection.execute(
                "SELECT count(*) FROM ticket WHERE line = ? AND day = ? AND state = 'waiting'", (letter, day)
            ).fetchone()
            self.findings.check(waiting == stand, "log", now, f"{letter} {day}: {waiting} counted, {stand} wait")
        for what in ("at_window", "ticket"):
            twice = f"SELECT {what} FROM ticket_call WHERE ended_at IS NULL GROUP BY 1 HAVING count(*) > 1"  # noqa: S608
            for (who,) in connection.execute(twice):
                self.findings.find("calls", now, f"{what} {who} has two open calls")

    # ---- steps of these ----------------------------------------------------------------------------------------------

    def _judge(self, event: Event) -> None:
        """Whose event is this, and does it say what it may?"""
        at = self._moment(event.at)
        for digits in _DIGITS.findall(f"{event.subject} {event.data}"):
            self.findings.check(digits not in self.phones, "privacy", at, f"{event.type} {event.id} says a telephone")
        kind, what = event.about
        if kind not in _OURS:
            return
        command, _, n = event.id.rpartition("-")
        mine = self._effects[command]
        self.findings.check(n == str(len(mine)) and (not mine or mine[-1].seq == event.seq - 1), "once", at,
                            f"{event.type} {event.subject}: a second effect of one command")  # fmt: skip
        mine.append(event)
        if command not in self._senders:
            names = {f"{what}:{event.subject}", f"expired:{event.subject}"}
            names |= {f"closed:{event.subject}:{day}" for day in self._days(at)}
            timers = command in {str(uuid5(HOUSE, name)) for name in names}
            self.findings.check(timers, "once", at, f"{event.type} {event.subject}: nobody asked for this")

    def _rows_of(self, connection: sqlite3.Connection, events: list[Event]) -> dict[str, Row]:
        ids = {event.subject for event in events if event.about[0] == "ticket"}
        if any(event.about == ("window", "closed") for event in events):
            ids |= {id_ for id_, state in self._mirror.tickets.items() if state == "held"}
            ids |= {one.id for one in self._mirror.turns.waiting.values() if one.aim}
        marks = ", ".join("?" * len(ids))
        return {row[0]: Row(*row) for row in connection.execute(f"{_ROWS} WHERE id IN ({marks})", sorted(ids))}

    def _compare(self, rows: dict[str, Row]) -> None:
        now, mirror = self._now(), self._mirror
        for id_, row in rows.items():
            said = mirror.tickets.get(id_)
            what = f"{row.number} {row.day}"
            self.findings.check(row.state == said, "log", now, f"{what}: row {row.state}, events {said}")
            stands = mirror.turns.waiting.get(id_)
            if row.state == "waiting" and stands is not None:
                told, stood = (stands.line, stands.since, stands.aim), (row.line, row.since, row.aim)
                self.findings.check(told == stood, "log", now, f"{what}: waits as {stood}, events {told}")

    def _reader(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True, timeout=20)
        return self._connection

    def _moment(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, self._zone)

    def _midnight(self) -> int:
        return round(self._now().replace(hour=0, minute=0, second=0, microsecond=0).timestamp() * 1000)

    @staticmethod
    def _days(at: datetime) -> list[str]:
        return [datetime.fromordinal(at.toordinal() - back).date().isoformat() for back in range(5)]
