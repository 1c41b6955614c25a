"""A hall of one page for the flows' own tests: it obeys `door.Hall`, keeps its promises (one key, one effect) and can
be told to be full, late or strict. It is no model of the real rules; those have their own tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kiosk import door
from kiosk.door import (
    Appointment,
    AppointmentState,
    Facility,
    Found,
    Matter,
    Name,
    Offer,
    Reason,
    Refusal,
    Service,
    Slot,
    Ticket,
    TicketState,
    Wait,
)
from tests.kiosk.flows.small_requests import SmallHallRequests

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=ZONE)
ASK_CLERK = (Offer(Reason("ask-clerk")),)
HOURS = (9, 10, 11, 14, 15, 16)


def facility(name: str, zh: str, people: int, lead: dict[str, int]) -> Facility:
    return Facility(name, Name(zh, name.title()), Name("五楼", "5th floor"), Name("运动鞋"), name, 10, "个", 60, lead,
                    people, None)


class SmallHall(SmallHallRequests):
    """The gym (two people, half a day ahead) and the reading room (one). Free places are whatever `free` says."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now
        self.rooms = {"gym": facility("gym", "健身房", 2, {"half_days": 1}),
                      "reading-room": facility("reading-room", "党群阅览室", 1, {"minutes": 30})}
        self.free: dict[datetime, int] = {}
        self.held: dict[str, Appointment] = {}
        self.phones: dict[str, str] = {}
        self.answers: dict[str, tuple[object, Appointment | Found | Refusal]] = {}
        self.effects: list[str] = []
        self.rings: list[str] = []
        self.misses = 0
        self.refuse: Refusal | None = None
        self.lines = {
            "party": Service("party", Name("党员服务", "Party"), "A", (Matter(Name("组织关系转接"), ("转组织关系",)),
                             Matter(Name("党费收缴"))), True, 3, Wait(10, 20), False, False, windows=("1",)),
            "civil-affairs": Service("civil-affairs", Name("民政服务", "Civil affairs"), "b", (
                Matter(Name("最低生活保障申请", "Minimum living allowance"), ("低保",)), Matter(Name("高龄津贴"))),
                True, 0, None, False, True, windows=("2",)),
            "health": Service("health", Name("卫生健康"), "C", (), True, 0, None, False, False),
        }
        self.numbers: dict[str, Ticket] = {}
        self.callers: dict[tuple[str, str], str] = {}
        self.ratings: list[object] = []
        self.filed: dict[str, door.Request] = {}

    def at(self, hour: int, day: date | None = None) -> datetime:
        return datetime.combine(day or self.now.date(), time(hour), ZONE)

    async def about(self) -> door.HallFacts:
        return door.HallFacts(Name("党群服务中心"), Name("五楼"), self.now, door.Day(self.now.date(), ()), None, None,
                              tuple(self.rooms.values()))

    async def facilities(self) -> tuple[Facility, ...]:
        return tuple(self.rooms.values())

    async def services(self) -> tuple[Service, ...]:
        return tuple(self.lines.values())

    async def bookable_services(self) -> tuple[Facility, ...]:
        return tuple(facility(line.id, line.name.zh, 1, {"minutes": 60}) for line in self.lines.values()
                     if line.bookable)

    async def take_ticket(self, key: str, order: door.TicketOrder) -> Ticket | Refusal:
        return self._once(key, order, lambda: self._number(order.service, order))

    def _number(self, service: str, order: door.TicketOrder | None = None, **fields: object) -> Ticket | Refusal:
        if self.refuse:
            return self.refuse
        line = self.lines[service]
        before = self.callers.get((service, order.phone)) if order and order.phone else None
        if before and self.numbers[before].state is TicketState.WAITING:
            return replace(self.numbers[before], same=True)
        self.effects.append("ticket")
        number = f"{line.letter}{len(self.numbers) + 1:03d}"
        made = Ticket(f"id-{number}", number, service, line.name, TicketState.WAITING, line.waiting, line.wait,
                      line.past_closing, self.now, f"HKT:{number}:ABCDEFGH", **fields)  # type: ignore[arg-type]
        self.numbers[number] = made
        if order and order.phone:
            self.callers[service, order.phone] = number
        return made

    def stand(self, number: str, state: TicketState, window: str | None = None) -> None:
        self.numbers[number] = replace(self.numbers[number], state=state, window=window)

    async def ticket(self, qr_or_id: str) -> Ticket | Refusal:
        number = qr_or_id.split(":")[1]
        return self.numbers.get(number) or Refusal("missing", Reason("code-unknown"), ASK_CLERK)

    async def reprint_ticket(self, key: str, qr_or_id: str) -> Ticket | Refusal:
        return self._once(key, qr_or_id, lambda: self.numbers[qr_or_id.split(":")[1]])

    async def rate(self, key: str, rating: door.Rating) -> Refusal | None:
        if key not in self.answers:
            again = any(rating.subject == other.subject for other in self.ratings)  # type: ignore[attr-defined]
            self.answers[key] = (rating, Refusal("conflict", Reason("already-rated")) if again else None)
            if not again:
                self.ratings.append(rating)
        return self.answers[key][1]  # type: ignore[return-value]

    async def days(self, facility: str) -> tuple[door.BookableDay, ...] | Refusal:
        days = [self.now.date() + timedelta(days=n) for n in range(7)]
        return tuple(door.BookableDay(day, 10, Reason("closed-weekend") if day.weekday() > 4 else None)
                     for day in days)

    async def slots(self, facility: str, day: date) -> tuple[Slot, ...] | Refusal:
        if day.weekday() > 4:
            return ()
        return tuple(self.slot(facility, self.at(hour, day)) for hour in HOURS)

    def slot(self, facility: str, start: datetime) -> Slot:
        free, end = self.free.get(start, 10), start + timedelta(hours=1)
        walk_in = start <= self.now < end and free > 0
        reason = None
        if end <= self.now:
            reason = Reason("over")
        elif facility == "gym" and not walk_in and start.date() == self.now.date() and start.hour < 14:
            reason = Reason("lead", {"facility": self.rooms[facility].name, "lead": "half_days:1"})
        elif free == 0:
            reason = Reason("full", {"facility": self._name(facility), "start": start})
        return Slot(facility, start, end, 10, free, reason is None and not walk_in, walk_in, reason)

    async def book(self, key: str, booking: door.Booking) -> Appointment | Refusal:
        return self._once(key, booking, lambda: self._book(booking))

    def _book(self, booking: door.Booking) -> Appointment | Refusal:
        slot = self.slot(booking.facility, booking.start)
        if slot.free < booking.people or not (slot.bookable or (booking.walk_in and slot.walk_in)):
            later = [self.at(hour, booking.start.date()) for hour in HOURS]
            works = [start for start in later if self.slot(booking.facility, start).bookable][:2]
            offers = tuple(Offer(Reason("nearest", {"start": start}), booking.facility, start) for start in works)
            name = self._name(booking.facility)
            return Refusal("conflict", Reason("full", {"facility": name, "start": booking.start}), offers)
        self.free[booking.start] = slot.free - booking.people
        code = f"{482761 + len(self.held)}"
        state = AppointmentState.CHECKED_IN if booking.walk_in else AppointmentState.BOOKED
        self.held[code] = Appointment(
            f"id-{code}", code, f"HKA:{code}:ABCDEFGH", booking.facility, self._name(booking.facility),
            Name("五楼"), Name("运动鞋"), booking.start, slot.end, booking.people, state,
            booking.phone[-4:] if booking.phone else None, self.now + timedelta(minutes=10),
            booking.start - timedelta(minutes=15), booking.start + timedelta(minutes=15),
            ("check-in", "cancel", "reschedule", "reprint"))
        self.phones[code] = booking.phone or ""
        self.effects.append("book")
        return self.held[code]

    def _name(self, facility: str) -> Name:
        return self.lines[facility].name if facility in self.lines else self.rooms[facility].name

    async def appointment(self, code: str) -> Appointment | Refusal:
        if self.refuse:
            return self.refuse
        plain = code.split(":")[1] if code.startswith("HKA:") else code
        if not plain.isdecimal():
            return Refusal("missing", Reason("code-not-code"), ASK_CLERK)
        if code == plain and self.misses >= 3:
            return Refusal("busy", Reason("codes-wait", {"until": self.now + timedelta(minutes=5)}))
        if plain not in self.held:
            self.misses += 1
            return Refusal("missing", Reason("code-unknown"), ASK_CLERK)
        return self.held[plain]

    async def cancel(self, key: str, code: str) -> Appointment | Refusal:
        return self._once(key, code, lambda: self._change("cancel", code, state=AppointmentState.CANCELLED, may=()))

    async def check_in(self, key: str, code_or_ref: str) -> Appointment | Found | Refusal:
        code = code_or_ref.removeprefix("ref-")
        if self.now < self.held[code].check_in_from:
            refusal = Refusal("rule", Reason("too-early-check-in", {"from": self.held[code].check_in_from}))
            return self._once(key, code_or_ref, lambda: refusal)
        done = self._once(key, code_or_ref, lambda: self._change("check-in", code, state=AppointmentState.CHECKED_IN,
                                                                 ticket=self._counted(self.held[code])))
        if isinstance(done, Appointment) and code_or_ref.startswith("ref-"):
            return self._found(done)
        return done

    def _counted(self, held: Appointment) -> Ticket | None:
        """At a window checking in gives a number that counts from the appointed time."""
        made = self._number(held.facility, appointment=held.start) if held.facility in self.lines else None
        return made if isinstance(made, Ticket) else None

    async def reschedule(self, key: str, code: str, start: datetime) -> Appointment | Refusal:
        return self._once(key, (code, start), lambda: self._change(
            "reschedule", code, start=start, end=start + timedelta(hours=1)))

    async def reprint(self, key: str, code: str) -> Appointment | Refusal:
        return self._once(key, code, lambda: self._change("reprint", code))

    def _change(self, what: str, code: str, **fields: object) -> Appointment | Refusal:
        self.effects.append(what)
        self.held[code] = replace(self.held[code], **fields)  # type: ignore[arg-type]
        return self.held[code]

    def _found(self, held: Appointment) -> Found:
        return Found(f"ref-{held.code}", held.facility, held.facility_name, held.start, held.end, held.state,
                     ("check-in",), held.ticket)

    async def find(self, phone: str) -> tuple[Found, ...] | Refusal:
        return tuple(self._found(held) for code, held in self.held.items() if self.phones[code] == phone)

    async def call_help(self, key: str, page: str) -> Refusal | None:
        if key not in self.answers:
            self.rings.append(page)
            self.answers[key] = (page, Refusal("rule", Reason("unknown")))
        return None

    async def report(self, report: door.KioskReport, done: tuple[str, ...] = ()) -> tuple[door.Order, ...]:
        return ()

    async def outcome(self, key: str) -> Appointment | Refusal | None:
        answer = self.answers.get(key, (None, None))[1]
        return answer if isinstance(answer, Appointment | Refusal) else None

    def _once(self, key: str, content: object, do) -> Appointment | Found | Refusal:
        if key in self.answers:
            before, answer = self.answers[key]
            return answer if before == content else Refusal("rule", Reason("key-reused"))
        self.answers[key] = (content, do())
        return self.answers[key][1]
