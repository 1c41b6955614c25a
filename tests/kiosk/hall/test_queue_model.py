"""Any order of taking numbers, calling, calling again, holding, sending on, finishing, closing, crashing and midnight,
against a notebook: nobody is lost, nobody is in two places, within class and line first come is first served."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kiosk.clock import FakeClock
from kiosk.door import Refusal, Ticket, TicketOrder
from kiosk.ledger import Hot
from kiosk.rules import calling
from kiosk.rules.calling import PRIORITY, WALK_IN, Candidate
from tests.kiosk.hall.building import CLERK, KIOSK, MONDAY, build, run

WINDOWS = ("1", "2", "3")
SERVICES = {"party": "A", "health": "C"}
windows = st.sampled_from(WINDOWS)
services = st.sampled_from(sorted(SERVICES))


class Note:
    """One ticket as the notebook has it."""

    def __init__(self, number, line, kind, since, phone):
        self.number, self.line, self.home, self.kind, self.since, self.phone = number, line, line, kind, since, phone
        self.state, self.window, self.aim, self.back, self.rejoined, self.recalls = "waiting", None, "", [], False, 0

    def came_to(self, window):
        if self.back and self.back[0] == window:
            self.back.pop(0)

    @property
    def candidate(self) -> Candidate:
        return Candidate(self.number, self.line, self.kind, self.since, int(self.number[1:]))


class QueueModel(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="queuemodel"))
        self.clock = FakeClock(MONDAY)
        self.notes: dict[str, Note] = {}  # by number; a new day begins a new page
        self.ended = 0
        self.open: dict[str, tuple[str, ...]] = {}
        self.streak = dict.fromkeys(WINDOWS, 0)
        self.keys = 0
        self._start()
        self.good_morning()

    def good_morning(self):
        for window in WINDOWS:
            self.open_window(window, set(SERVICES) if window == "1" else {"party"})
        for n in range(4):
            self.take("party", priority=n == 2, phone=None)

    def _start(self):
        self.house = build(self.folder, clock=self.clock)
        self.kiosk, self.desk = self.house.door(KIOSK), self.house.counter(CLERK)

    def teardown(self):
        self.house.close()
        shutil.rmtree(self.folder)

    def key(self) -> str:
        self.keys += 1
        return f"k-{self.keys}"

    # ---- the notebook's opinion --------------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        return round(self.clock.now().timestamp() * 1000)

    def served(self, window) -> Note | None:
        return next((n for n in self.notes.values() if n.state == "called" and n.window == window), None)

    def waiting_for(self, window) -> list[Note]:
        lines = [SERVICES[service] for service in self.open[window]]
        return [
            n for n in self.notes.values()
            if n.state == "waiting" and (n.aim == window or (not n.aim and n.line in lines))
        ]  # fmt: skip

    def done_at(self, window):
        note = self.served(window)
        if note is None:
            return
        note.came_to(window)
        if note.back:
            note.state, note.window, note.line = "waiting", None, note.home
            to = note.back.pop(0)
            note.aim = to if to in self.open else ""
        else:
            note.state = "done"

    def refused(self, answer, code) -> bool:
        assert isinstance(answer, Refusal), answer
        assert answer.reason.code == code
        assert answer.next, "no refusal without a way on"
        return True

    # ---- what happens ------------------------------------------------------------------------------------------------

    @rule(service=services, priority=st.booleans(),
          phone=st.sampled_from([None, None, "13900000001", "13900000002"]))  # fmt: skip
    def take_a_number(self, service, priority, phone):
        self.take(service, priority, phone)

    def take(self, service, priority, phone):
        self.clock.advance(timedelta(seconds=1))
        answer = run(self.kiosk.take_ticket(self.key(), TicketOrder(service, None, phone, priority)))
        assert isinstance(answer, Ticket)
        had = [n for n in self.notes.values()
               if phone and (n.phone, n.home, n.state) == (phone, SERVICES[service], "waiting")]  # fmt: skip
        had = [n for n in had if n is self.latest(phone, n.home)]
        assert answer.same == bool(had)
        if had:
            assert answer.number == had[0].number
            return None
        kind = PRIORITY if priority else WALK_IN
        self.notes[answer.number] = Note(answer.number, SERVICES[service], kind, self.now, phone)
        return answer.number

    def anyone(self, place) -> str:
        numbers = [*self.notes, "A999"]
        return numbers[place % len(numbers)]

    def latest(self, phone, home) -> Note:
        return [n for n in self.notes.values() if (n.phone, n.home) == (phone, home)][-1]

    @rule(window=windows, wanted=st.sets(services, min_size=1))
    def open_window(self, window, wanted):
        run(self.desk.open_window(self.key(), window, tuple(sorted(wanted))))
        if window not in self.open:
            self.streak[window] = 0
        self.open[window] = tuple(sorted(wanted))

    @precondition(lambda self: len(self.open) > 1)
    @rule(window=windows)
    def close_window(self, window):
        run(self.desk.close_window(self.key(), window))
        if window not in self.open:
            return
        del self.open[window]
        self.done_at(window)
        for note in self.notes.values():
            if note.state == "held" and note.window == window:
                note.state, note.window = "waiting", None
            if note.state == "waiting" and note.aim == window:
                note.aim = ""
        self.streak[window] = 0

    @rule(window=windows, bounced=st.sampled_from([False] * 5 + [True]), twice=st.booleans())
    def call_next(self, window, bounced, twice):
        key, serving = self.key(), self.served(window)
        believed = "Z999" if bounced else ("" if serving is None else serving.number)
        answer = run(self.desk.call_next(key, window, believed))
        if twice:
            assert run(self.desk.call_next(key, window, believed)) == answer
        if window not in self.open:
            self.refused(answer, "window-closed")
            return
        if bounced:
            self.refused(answer, "serving-nobody" if serving is None else "serving-other")
            return
        self.done_at(window)
        # The whole crowd, not only the first of each lane as the hall looks.
        choice = calling.choose([n.candidate for n in self.waiting_for(window)], self.now, self.streak[window])
        if choice is None:
            assert answer is None
            return
        assert answer.number == choice.candidate.id
        called = self.notes[answer.number]
        before = [n for n in self.waiting_for(window) if (n.kind, n.line) == (called.kind, called.line)]
        assert min(before, key=lambda n: (n.since, int(n.number[1:]))).since == called.since
        self.streak[window] = choice.streak
        called.state, called.window, called.aim, called.recalls = "called", window, "", 0

    @rule(window=windows, place=st.integers(0, 9))
    def call(self, window, place):
        number = self.anyone(place)
        answer = run(self.desk.call(self.key(), window, number))
        if window not in self.open:
            self.refused(answer, "window-closed")
            return
        note = self.notes.get(number)
        if note is None:
            self.refused(answer, "ticket-unknown")
        elif note.state == "called":
            self.refused(answer, "serving-it" if note.window == window else "elsewhere")
        elif note.state == "held" and note.window != window:
            self.refused(answer, "elsewhere")
        elif note.state in {"done", "no-show"}:
            self.refused(answer, "ticket-over")
        else:
            assert answer.number == number
            self.done_at(window)
            note.state, note.window, note.aim, note.recalls = "called", window, "", 0

    @rule(window=windows, verb=st.sampled_from(["finish", "recall", "recall", "no_show", "hold"]))
    def do(self, window, verb):
        answer = run(getattr(self.desk, verb)(self.key(), window))
        if window not in self.open:
            self.refused(answer, "window-closed")
            return
        note = self.served(window)
        if note is None:
            self.refused(answer, "serving-nobody")
        elif verb == "finish":
            self.done_at(window)
        elif verb == "recall" and note.recalls < calling.RECALLS:
            note.recalls += 1
            assert answer.recalls == note.recalls
        else:
            note.state = {"recall": "parked", "no_show": "no-show", "hold": "held"}[verb]
            note.window = window if verb == "hold" else None
            assert answer.state == note.state

    @rule(window=windows, place=st.integers(0, 9))
    def come_back(self, window, place):
        aside = [n.number for n in self.notes.values() if n.state in {"held", "parked"}]
        number = aside[place % len(aside)] if aside else self.anyone(place)
        note = self.notes.get(number)
        answer = run(self.desk.resume_held(self.key(), window, number))
        if window not in self.open:
            self.refused(answer, "window-closed")
        elif note is None or note.state not in {"held", "parked"} or (note.state == "parked" and note.rejoined):
            assert isinstance(answer, Refusal)
        elif note.state == "held":
            note.state, note.window = "waiting", None
        else:
            own = sorted((n for n in self.notes.values()
                          if (n.state, n.line, n.kind, n.aim) == ("waiting", note.line, note.kind, "")),
                         key=lambda n: (n.since, int(n.number[1:])))  # fmt: skip
            note.since = max(own[2].since + 1, note.since) if len(own) > 2 else self.now
            note.state, note.rejoined = "waiting", True

    @rule(window=windows, service=st.none() | services, to=st.none() | windows, back=st.booleans())
    def transfer(self, window, service, to, back):
        answer = run(self.desk.transfer(self.key(), window, service=service, to=to, come_back=back))
        note = self.served(window)
        if window not in self.open or note is None or (service is None and to is None) or to == window:
            assert isinstance(answer, Refusal)
        elif to is not None and to not in self.open:
            assert answer.reason.code == "window-closed"
        else:
            assert answer.state == "waiting"
            note.state, note.window, note.aim = "waiting", None, to or ""
            note.line = SERVICES[service] if service else note.line
            note.came_to(window)
            note.back = [window, *note.back] if back else note.back

    @rule(seconds=st.sampled_from([1, 60, 300, 1200]))
    def time_passes(self, seconds):
        if self.clock.now().hour < 17:
            self.clock.advance(timedelta(seconds=seconds))
            self.house.timers.tick()

    @rule()
    def the_hall_crashes_and_starts_again(self):
        self.house.close()
        self._start()

    @precondition(lambda self: len(self.notes) > 12)
    @rule(off=st.booleans())
    def midnight(self, off):
        """With the hall on, or found in the morning."""
        morning = (self.clock.now() + timedelta(days=1)).replace(hour=9, minute=0)
        while morning.weekday() > 4:
            morning += timedelta(days=1)
        if not off:
            self.clock.set(self.clock.now().replace(hour=23, minute=59, second=59) + timedelta(seconds=2))
            self.house.timers.tick()
        self.clock.set(morning)
        self.house.timers.tick()
        self.house.timers.tick()
        states = self.states(before=morning.date().isoformat())
        assert not {"waiting", "called", "held", "parked"} & states.keys()
        self.ended = sum(states.values())
        self.notes, self.open = {}, {}
        self.streak = dict.fromkeys(WINDOWS, 0)
        self.good_morning()

    # ---- what must be so ---------------------------------------------------------------------------------------------

    def states(self, before) -> dict[str, int]:
        rows = self.house.commands.ledger.read(
            lambda tx: tx.all(Hot("SELECT state, count(*) FROM ticket WHERE day < :day GROUP BY state"), day=before)
        )
        return dict(rows)

    @invariant()
    def the_ledger_says_what_the_notebook_says(self):
        day = self.clock.now().date().isoformat()
        rows, counts, calls, expired = self.house.commands.ledger.read(lambda tx: (
            tx.all(Hot("SELECT number, state, line, aim FROM ticket WHERE day = :day"), day=day),
            tx.all(Hot("SELECT letter, waiting, last FROM ticket_counter WHERE day = :day"), day=day),
            tx.all(Hot("SELECT at_window, count(*) FROM ticket_call WHERE ended_at IS NULL GROUP BY at_window")),
            tx.all(Hot("SELECT count(*) FROM event WHERE type LIKE 'cn.hall.ticket.issued%'")),
        ))  # fmt: skip
        assert {row[0]: tuple(row[1:]) for row in rows} == {
            n.number: (n.state, n.line, n.aim) for n in self.notes.values()
        }
        waiting = {line: sum((n.state, n.line) == ("waiting", line) for n in self.notes.values()) for line in "AC"}
        assert {letter: count for letter, count, _ in counts if count} == {k: v for k, v in waiting.items() if v}
        for letter, _, last in counts:
            assert last == sum(n.home == letter for n in self.notes.values()), "a number skipped"
        assert dict(calls) == {n.window: 1 for n in self.notes.values() if n.state == "called"}
        assert expired[0][0] == self.ended + len(self.notes), "nobody is lost"


TestQueueModel = QueueModel.TestCase
TestQueueModel.settings = settings(
    max_examples=20, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)
