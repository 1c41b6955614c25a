"""Any order of booking, changing, cancelling, coming and time passing, against a simple notebook of who holds what."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from kiosk.clock import FakeClock
from kiosk.door import Appointment
from kiosk.ledger import Hot
from tests.kiosk.hall.building import KIOSK, MONDAY, Resident, at, build, demo, run, with_rules

CAPACITY = 3
STARTS = [at(14), at(15), at(16), at(9, days=1), at(10, days=1)]
PHONES = [None, "13900000001", "13900000002", "13900000003"]
HOUR = timedelta(hours=1)
GRACE = timedelta(minutes=15)


class Note:
    """One line of the notebook."""

    def __init__(self, start, people, phone, state, made):
        self.start, self.people, self.phone, self.state, self.made = start, people, phone, state, made

    @property
    def holds(self) -> bool:
        return self.state in {"booked", "checked-in", "done"}


class HallModel(RuleBasedStateMachine):
    codes = Bundle("codes")

    def __init__(self):
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="hallmodel"))
        self.clock = FakeClock(MONDAY)
        self.house = build(self.folder, clock=self.clock, settings=with_rules(demo(), "gym", capacity=CAPACITY))
        self.resident = Resident(self.house.door(KIOSK))
        self.book_of: dict[str, Note] = {}

    def teardown(self):
        self.house.close()
        shutil.rmtree(self.folder)

    # ---- the notebook's opinion --------------------------------------------------------------------------------------

    def half(self, when) -> int:
        return when.date().toordinal() * 2 + (when.hour >= 12)

    def free(self, start) -> int:
        return CAPACITY - sum(note.people for note in self.book_of.values() if note.holds and note.start == start)

    def bookable(self, start) -> bool:
        return self.half(start) > self.half(self.clock.now()) and self.clock.now() < start

    def day_taken(self, phone, start, but=None) -> bool:
        return phone is not None and any(
            note.holds and note.phone == phone and note.start.date() == start.date()
            for code, note in self.book_of.items()
            if code != but
        )

    # ---- what happens ------------------------------------------------------------------------------------------------

    @rule(target=codes, start=st.sampled_from(STARTS), people=st.sampled_from([1, 2]), phone=st.sampled_from(PHONES))
    def book(self, start, people, phone):
        may = self.bookable(start) and self.free(start) >= people and not self.day_taken(phone, start)
        answer = self.resident.book("gym", start, people=people, phone=phone)
        assert isinstance(answer, Appointment) == may, answer
        if not may:
            assert answer.next, "no refusal without a way on"
            return multiple()
        self.book_of[answer.code] = Note(start, people, phone, "booked", self.clock.now())
        return answer.code

    @rule(target=codes, start=st.sampled_from(STARTS))
    def take_on_the_spot(self, start):
        now = self.clock.now()
        may = start <= now < start + HOUR and self.free(start) >= 1
        answer = self.resident.book("gym", start, walk_in=True)
        assert isinstance(answer, Appointment) == may, answer
        if not may:
            return multiple()
        self.book_of[answer.code] = Note(start, 1, None, "checked-in", now)
        self.book_of[answer.code].on_the_spot = True
        return answer.code

    @rule(code=codes, start=st.sampled_from(STARTS))
    def change(self, code, start):
        note = self.book_of[code]
        may = (
            note.state == "booked"
            and self.clock.now() <= note.start
            and start != note.start
            and self.bookable(start)
            and self.free(start) >= note.people
            and not self.day_taken(note.phone, start, but=code)
        )
        answer = self.resident.reschedule(code, start)
        assert isinstance(answer, Appointment) == may, answer
        if may:
            note.start = start

    @rule(code=consumes(codes))
    def cancel(self, code):
        note = self.book_of[code]
        undo = self.clock.now() - note.made <= timedelta(minutes=10)
        over = self.clock.now() >= note.start + HOUR
        may = not over and (
            (note.state == "booked" and (undo or self.clock.now() <= note.start))
            or (note.state == "checked-in" and undo and hasattr(note, "on_the_spot"))
        )
        answer = self.resident.cancel(code)
        assert isinstance(answer, Appointment) == may, answer
        if may:
            note.state = "cancelled"

    @rule(code=codes)
    def come(self, code):
        note = self.book_of[code]
        may = note.state == "booked" and abs(self.clock.now() - note.start) <= GRACE
        answer = self.resident.check_in(code)
        assert isinstance(answer, Appointment) == may, answer
        if may:
            note.state = "checked-in"

    @rule(minutes=st.sampled_from([1, 10, 15, 45, 240, 300]))
    def time_passes(self, minutes):
        self.clock.advance(timedelta(minutes=minutes))
        self.house.timers.tick()
        for note in self.book_of.values():
            if note.state == "booked" and self.clock.now() > note.start + GRACE:
                note.state = "no-show"
            if note.state == "checked-in" and self.clock.now() >= note.start + HOUR:
                note.state = "done"

    @rule(code=codes)
    def the_hall_starts_again(self, code):
        self.house.close()
        self.house = build(self.folder, clock=self.clock, settings=self.house.settings)
        self.resident = Resident(self.house.door(KIOSK))

    # ---- what must be so ---------------------------------------------------------------------------------------------

    @invariant()
    def the_ledger_says_what_the_notebook_says(self):
        rows = self.house.commands.ledger.read(lambda tx: tx.all(Hot("SELECT code, state FROM appointment")))
        assert dict(rows) == {code: note.state for code, note in self.book_of.items()}
        for start in STARTS[::2]:
            (slot,) = [s for s in run(self.resident.door.slots("gym", start.date())) if s.start == start]
            assert slot.free == self.free(start)


TestHallModel = HallModel.TestCase
TestHallModel.settings = settings(
    max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
