"""A door that says what a test tells it to, and remembers what it was asked: for the wire's own tests, where what
matters is that every kind of answer comes through, also those a healthy hall never gives."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from kiosk import door
from kiosk.clock import FakeClock

HALL = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=HALL)
GYM = door.Name("健身房", "Gym")
APPOINTMENT = door.Appointment(
    id="a-1", code="482761", qr="HKA:482761:ABCDEFGH", facility="gym", facility_name=GYM, place=door.Name("一楼"),
    bring=door.Name("毛巾"), start=NOW + timedelta(hours=5), end=NOW + timedelta(hours=6), people=1,
    state=door.AppointmentState.BOOKED, phone_tail="1234", undo_until=NOW + timedelta(minutes=10),
    check_in_from=NOW + timedelta(hours=4, minutes=45), check_in_until=NOW + timedelta(hours=5, minutes=15),
    may=("cancel",),
)  # fmt: skip
FOUND = door.Found("r-1", "gym", GYM, NOW, NOW + timedelta(hours=1), door.AppointmentState.BOOKED, ("check-in",))
FACILITY = door.Facility(
    "gym", GYM, door.Name("一楼"), door.Name("毛巾"), "gym", 10, "个", 60, {"half_days": 1}, 2, NOW
)
SLOT = door.Slot("gym", NOW, NOW + timedelta(hours=1), 10, 3, bookable=True, walk_in=False, reason=None)
DAY = door.BookableDay(date(2026, 11, 23), 7, None)
FACTS = door.HallFacts(
    door.Name("大厅"), door.Name("路 1 号"), NOW, door.Day(date(2026, 11, 23), ()), None, None, (FACILITY,)
)
REFUSALS = {
    "missing": door.Refusal("missing", door.Reason("code-unknown")),
    "conflict": door.Refusal(
        "conflict", door.Reason("full", {"facility": GYM, "start": NOW}),
        (door.Offer(door.Reason("earliest", {"start": NOW}), "gym", NOW),),
    ),
    "rule": door.Refusal("rule", door.Reason("lead", {"facility": GYM, "lead": "half_days:1"})),
    "forbidden": door.Refusal("forbidden", door.Reason("not-allowed")),
    "busy": door.Refusal("busy", door.Reason("codes-wait", {"until": NOW}), retry_after=timedelta(seconds=90.5)),
    "broken": door.Refusal("broken", door.Reason("ledger-full")),
}  # fmt: skip


class Scripted:
    """A `Hall` whose next answers are `say`'s: a refusal, an exception, or None for the usual good one."""

    def __init__(self) -> None:
        self.say: door.Refusal | Exception | None = None
        self.asked: list[tuple[object, ...]] = []

    def _tell(self, good, *asked):
        self.asked.append(asked)
        if isinstance(self.say, Exception):
            raise self.say
        return good if self.say is None else self.say

    async def about(self):
        return self._tell(FACTS, "about")

    async def facilities(self):
        return self._tell((FACILITY,), "facilities")

    async def days(self, facility):
        return self._tell((DAY,), "days", facility)

    async def slots(self, facility, day):
        return self._tell((SLOT,), "slots", facility, day)

    async def book(self, key, booking):
        return self._tell(APPOINTMENT, "book", key, booking)

    async def appointment(self, code):
        return self._tell(APPOINTMENT, "appointment", code)

    async def cancel(self, key, code):
        return self._tell(APPOINTMENT, "cancel", key, code)

    async def check_in(self, key, code_or_ref):
        return self._tell(FOUND if code_or_ref == "r-1" else APPOINTMENT, "check_in", key, code_or_ref)

    async def reschedule(self, key, code, start):
        return self._tell(APPOINTMENT, "reschedule", key, code, start)

    async def reprint(self, key, code):
        return self._tell(APPOINTMENT, "reprint", key, code)

    async def find(self, phone):
        return self._tell((FOUND,), "find", phone)

    async def call_help(self, key, page):
        return self._tell(None, "call_help", key, page)

    async def report(self, report, done=()):
        return self._tell((door.Order("o-1", "reprint", APPOINTMENT),), "report", report, done)

    async def outcome(self, key):
        return self._tell(APPOINTMENT, "outcome", key)


class Guest:
    """Who holds a token of the scripted desk."""

    def __init__(self, role: door.Role, hall: Scripted) -> None:
        self.role = role
        self.name = f"a {role.value}"
        self.door = hall
        self.counter = None  # windows are tested against the real hall (test_queue_api.py)


class Desk:
    """Knows one token for each role, named like it."""

    def __init__(self, hall: Scripted) -> None:
        self._guests = {role.value: Guest(role, hall) for role in door.Role}

    async def bearer(self, token: str) -> Guest | None:
        return self._guests.get(token)


class Seen:
    """A watch that remembers."""

    def __init__(self) -> None:
        self.requests: list[tuple[object, ...]] = []
        self.broken: list[BaseException] = []

    def answered(self, *what: object) -> None:
        self.requests.append(what)

    def broke(self, route: str, error: BaseException) -> None:
        self.broken.append(error)


def clock() -> FakeClock:
    return FakeClock(NOW)
