"""One suite for both makes of the door: in this process and over HTTP nobody can tell which one is held."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog
import uvicorn

from kiosk import door
from kiosk.clock import FakeClock
from kiosk.door import Booking, Hall, Refusal, Role
from kiosk.hall import Caller
from kiosk.link.http import HttpHall
from kiosk.web.app import create_app
from tests.kiosk.hall.building import MONDAY, PHONE, build

World = tuple[Hall, FakeClock]
Go = Callable[[Hall, FakeClock], Awaitable[None]]


class House:
    """A demo hall on a Monday morning, asked in process or over HTTP."""

    def __init__(self, folder: Path, make: str) -> None:
        self.make = make
        self.clock = FakeClock(MONDAY)
        self.house = build(folder, clock=self.clock)
        self.house.commands.prepare()
        self.token = self.house.accounts.make_token("kiosk-1", Role.KIOSK)
        self.app = create_app(self.house, structlog.get_logger(), "test", folder / "first-sign-in")

    def run(self, go: Go) -> None:
        """Run a test against the door."""

        async def whole() -> None:
            async with self._door() as hall:
                await go(hall, self.clock)

        asyncio.run(asyncio.wait_for(whole(), 60))

    @asynccontextmanager
    async def _door(self) -> AsyncIterator[Hall]:
        if self.make == "in process":
            caller = self.house.accounts.caller(self.token)
            assert caller is not None
            yield self.house.door(caller)
            return
        server = uvicorn.Server(uvicorn.Config(self.app, port=0, log_config=None, lifespan="off", ws="none"))
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        hall = HttpHall(f"http://127.0.0.1:{port}", self.token)
        try:
            yield hall
        finally:
            await hall.close()
            server.should_exit = True
            await serving


@pytest.fixture(params=["in process", "over HTTP"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path, request.param)
    yield made
    made.house.close()


def good(answer: object) -> door.Appointment:
    assert isinstance(answer, door.Appointment), answer
    return answer


def no(answer: object, kind: str, code: str) -> Refusal:
    assert isinstance(answer, Refusal), answer
    assert (answer.kind, answer.reason.code) == (kind, code)
    return answer


async def first_slot(hall: Hall, facility: str) -> door.Slot:
    days = await hall.days(facility)
    assert not isinstance(days, Refusal)
    for day in days:
        slots = await hall.slots(facility, day.day)
        assert not isinstance(slots, Refusal)
        for slot in slots:
            if slot.bookable:
                return slot
    raise AssertionError("nothing to book")


def test_what_the_waiting_page_needs(house: House) -> None:
    async def go(hall: Hall, _clock: FakeClock) -> None:
        facts = await hall.about()
        assert facts.name.zh == "园区党群服务中心"
        assert facts.now == MONDAY
        assert [facility.id for facility in facts.facilities] == ["gym", "reading-room", "remote-education"]
        assert facts.clock_doubt is None
        assert facts.facilities == await hall.facilities()
        gym = facts.facilities[0]
        assert gym.name.en == "Gym"
        assert gym.lead == {"half_days": 1}
        assert gym.earliest == MONDAY.replace(hour=14, minute=0)

    house.run(go)


def test_a_slot_that_cannot_be_had_says_why(house: House) -> None:
    async def go(hall: Hall, _clock: FakeClock) -> None:
        slots = await hall.slots("gym", MONDAY.date())
        assert not isinstance(slots, Refusal)
        assert [slot.start.hour for slot in slots] == [9, 10, 11, 14, 15, 16]
        ten = slots[1]
        assert ten.reason is not None
        assert ten.reason.code == "lead"
        assert slots[3].bookable
        assert slots[3].reason is None
        no(await hall.slots("sauna", MONDAY.date()), "missing", "unknown-facility")
        no(await hall.days("sauna"), "missing", "unknown-facility")

    house.run(go)


def test_from_booking_to_undo(house: House) -> None:
    async def go(hall: Hall, clock: FakeClock) -> None:
        slot = await first_slot(hall, "gym")
        booked = good(await hall.book("k-1", Booking("gym", slot.start, PHONE, 2)))
        assert booked.start == slot.start
        assert booked.phone_tail == "5678"
        assert booked.state is door.AppointmentState.BOOKED
        assert booked.undo_until == clock.now() + timedelta(minutes=10)
        assert good(await hall.appointment(booked.code)).id == booked.id
        assert good(await hall.appointment(booked.qr)).id == booked.id
        assert good(await hall.outcome("k-1")).code == booked.code
        assert await hall.outcome("k-2") is None
        moved = good(await hall.reschedule("k-3", booked.code, slot.start + timedelta(hours=1)))
        assert moved.start == slot.start + timedelta(hours=1)
        assert good(await hall.reprint("k-4", booked.code)).id == booked.id
        cancelled = good(await hall.cancel("k-5", booked.code))
        assert cancelled.state is door.AppointmentState.CANCELLED

    house.run(go)


def test_a_key_counts_once(house: House) -> None:
    async def go(hall: Hall, _clock: FakeClock) -> None:
        slot = await first_slot(hall, "gym")
        booking = Booking("gym", slot.start, PHONE)
        first = good(await hall.book("k-1", booking))
        assert good(await hall.book("k-1", booking)) == first
        no(await hall.book("k-1", Booking("gym", slot.start, "13912345679")), "rule", "key-reused")
        no(await hall.book("k-2", booking), "rule", "phone-day-limit")

    house.run(go)


def test_a_refusal_offers_what_works_one_tap_away(house: House) -> None:
    async def go(hall: Hall, _clock: FakeClock) -> None:
        refusal = no(
            await hall.book("k-1", Booking("gym", MONDAY.replace(hour=10, minute=0), PHONE)), "rule", "lead"
        )
        offer = refusal.next[0]
        assert offer.facility == "gym"
        assert offer.start == MONDAY.replace(hour=14, minute=0)
        good(await hall.book("k-2", Booking("gym", offer.start, PHONE)))

    house.run(go)


@pytest.mark.parametrize(
    ("booking", "kind", "code"),
    [
        (Booking("sauna", MONDAY, PHONE), "missing", "unknown-facility"),
        (Booking("gym", MONDAY.replace(hour=14, minute=5), PHONE), "rule", "not-a-slot"),
        (Booking("gym", MONDAY.replace(hour=14, minute=0), "123"), "rule", "phone-mobile-prefix"),
        (Booking("gym", MONDAY.replace(hour=14, minute=0), PHONE, 3), "rule", "people-too-many"),
        (Booking("gym", MONDAY.replace(hour=14, minute=0), PHONE, walk_in=True), "conflict", "not-begun"),
    ],
)
def test_bad_bookings_are_refused_alike(house: House, booking: Booking, kind: str, code: str) -> None:
    async def go(hall: Hall, _clock: FakeClock) -> None:
        no(await hall.book("k-1", booking), kind, code)

    house.run(go)


def test_by_telephone_one_sees_little_and_checks_in(house: House) -> None:
    async def go(hall: Hall, clock: FakeClock) -> None:
        slot = await first_slot(hall, "gym")
        booked = good(await hall.book("k-1", Booking("gym", slot.start, PHONE)))
        found = await hall.find(PHONE)
        assert not isinstance(found, Refusal)
        assert [one.facility for one in found] == ["gym"]
        assert booked.code not in repr(found)
        clock.set(slot.start - timedelta(minutes=5))
        found = await hall.find(PHONE)
        assert not isinstance(found, Refusal)
        here = await hall.check_in("k-2", found[0].ref)
        assert isinstance(here, door.Found), here
        assert here.state is door.AppointmentState.CHECKED_IN
        assert isinstance(await hall.check_in("k-2", found[0].ref), door.Found)
        assert isinstance(await hall.cancel("k-3", found[0].ref), Refusal), "a ref is good for check-in only"

    house.run(go)


@pytest.mark.parametrize("code",
    ["000000", "", "..", "a/b?c", "https://noodles.example/menu", "\u202e", "１２３４５６", "9" * 5000],
)
def test_what_is_no_code_is_a_plain_no(house: House, code: str) -> None:
    async def go(hall: Hall, _clock: FakeClock) -> None:
        for answer in (await hall.appointment(code), await hall.cancel("k-1", code), await hall.check_in("k-2", code)):
            assert isinstance(answer, Refusal), answer
            assert answer.kind in {"missing", "rule"}

    house.run(go)


def test_help_and_reports_bring_orders(house: House) -> None:
    async def go(hall: Hall, clock: FakeClock) -> None:
        assert await hall.call_help("h-1", "home") is None
        slot = await first_slot(hall, "gym")
        booked = good(await hall.book("k-1", Booking("gym", slot.start, PHONE)))
        printer = door.DeviceReport(
            "printer", "printer", door.DeviceState.BROKEN, door.Reason("paper-out"), clock.now()
        )
        slip = door.SlipReport(
            "j-1", booked.id, "appointment", door.SlipState.FAILED, door.Reason("paper-out"), clock.now()
        )
        report = door.KioskReport(clock.now(), (printer,), (slip,))
        assert await hall.report(report) == ()
        clerk = house.house.staff(_clerk())
        seen = await house.house.attention()
        assert [call.page for call in seen.help_calls] == ["home"]
        assert [one.slip.job for one in seen.slips] == ["j-1"]
        assert await clerk.answer_help("c-1", seen.help_calls[0].id) is None
        assert await clerk.print_slip_again("c-2", "j-1") is None
        orders = {order.kind: order for order in await hall.report(report)}
        assert orders["help-coming"].help == "h-1"
        assert orders["reprint"].appointment is not None
        assert orders["reprint"].appointment.code == booked.code
        assert await hall.report(report, tuple(order.id for order in orders.values())) == ()

    house.run(go)


def _clerk() -> object:
    from kiosk.hall import Caller

    return Caller("clerk-1", "工号 012", Role.CLERK)


def test_the_halls_clock_is_known_over_http(tmp_path: Path) -> None:
    made = House(tmp_path, "over HTTP")

    async def go(hall: Hall, _clock: FakeClock) -> None:
        assert isinstance(hall, HttpHall)
        await hall.facilities()
        assert hall.skew is not None
        assert abs(MONDAY - datetime.now(MONDAY.tzinfo) - hall.skew) < timedelta(seconds=30)

    made.run(go)
    made.house.close()


def test_a_request_from_filing_to_opened_again(house: House) -> None:
    async def go(hall: Hall, clock: FakeClock) -> None:
        assert [one.id for one in await hall.categories()][:2] == ["livelihood", "work"]
        assert [one.id for one in await hall.grids() if one.here] == ["admin"]
        order = door.RequestOrder("environment", "楼道灯不亮", "market", "门口", PHONE)
        filed = await hall.file_request("r-1", order)
        assert isinstance(filed, door.Request)
        assert filed.steps[0].what == door.Reason("request-filed", {"due": filed.due})
        assert await hall.file_request("r-1", order) == filed == await hall.outcome("r-1")
        assert await hall.request(filed.qr) == await hall.request(filed.code) == filed
        no(await hall.answer_request("r-2", filed.code, solved=True), "conflict", "request-not-answered")
        helped = await hall.ask_help("r-3", filed.code, door.HelpKind.HOME_VISIT)
        assert isinstance(helped, door.Request)
        assert helped.steps[-1].what.facts == {"kind": door.Name("上门", "a home visit")}
        no(await hall.ask_help("r-4", filed.code, door.HelpKind.HOME_VISIT), "conflict", "help-already-asked")
        assert await hall.reprint_request("r-5", filed.qr) == helped
        clerk = house.house.counter(Caller("clerk", "小王", Role.CLERK))
        assert isinstance(await clerk.answer("r-6", filed.id, "换了灯"), door.RequestCase)
        clock.advance(timedelta(days=1))
        opened = await hall.answer_request("r-7", filed.code, solved=False, why="又灭了")
        assert isinstance(opened, door.Request)
        assert (opened.state, opened.reopened, opened.answer) == (door.RequestState.DOING, 1, "换了灯")
        no(await hall.request("x" * 500), "missing" if house.make == "over HTTP" else "rule", "code-not-code")
        no(await hall.file_request("r-8", door.RequestOrder("environment", "字" * 600)), "rule", "words-too-many")

    house.run(go)
