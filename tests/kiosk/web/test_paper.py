"""A clerk has a slip printed at a kiosk: of a request by telephone, of a number and a booking made at the desk; where a
printer works, and what is said where none does."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from kiosk.door import DeviceReport, DeviceState, KioskReport, Order, Role, SlipReport, SlipState
from kiosk.hall import Caller
from tests.kiosk.web.person import Person
from tests.kiosk.web.standing import KIOSK, Standing

SECOND = Caller("kiosk-2", "kiosk-2", Role.KIOSK)
NOBODY_PRINTS = "没有能打印的自助机。请把号念给居民"


def reports(
    hall: Standing, kiosk: Caller = KIOSK, state: DeviceState = DeviceState.OK, *slips: SlipReport,
    done: tuple[str, ...] = (),
) -> tuple[Order, ...]:  # fmt: skip
    """A kiosk tells of its printer; what is wanted of it."""
    now = hall.house.clock.now()
    told = KioskReport(now, (DeviceReport("打印机", "printer", state, None, now),), slips)
    return hall.run(hall.house.door(kiosk).report(told, done))


def button(page: httpx.Response) -> dict[str, str]:
    """What the form beside 打印 sends."""
    form = re.search(r'action="/staff/print".*?</form>', page.text, re.DOTALL)
    assert form is not None, page.text
    sent = dict(re.findall(r'name="(key|subject|back)" value="([^"]*)"', form[0]))
    return sent | {"kiosk": re.findall(r'name="kiosk" value="([^"]+)"', form[0])[0]}


def file(clerk: Person) -> httpx.Response:
    form = {"category": "environment", "text": "路灯不亮", "grid": "park", "phone": "13912345678"}
    return clerk.press("/staff/requests/new", **form)


def test_the_slip_of_a_request_by_telephone(hall: Standing) -> None:
    reports(hall)
    clerk = Person(hall, "c", Role.CLERK)
    page = file(clerk)
    code = re.search(r'class="loud">(\d{3} \d{3} \d{4})<', page.text)
    assert code is not None, page.text
    assert "在自助机1打印凭条" in page.text
    sent = button(page)
    for _ in range(2):  # a second press is the same command
        assert "已经叫自助机1打印" in clerk.press("/staff/print", **sent).text
    assert "已经叫自助机1打印" in clerk.press("/staff/print", **sent | {"key": "another"}).text
    (order,) = reports(hall)
    assert order.kind == "reprint"
    assert order.request is not None
    assert order.request.code == code[1].replace(" ", "")
    now = hall.house.clock.now()
    failed = SlipReport(f"order-{order.id}", order.request.id, "reprint", SlipState.FAILED, None, now)
    assert reports(hall, KIOSK, DeviceState.OK, failed, done=(order.id,)) == ()
    assert "补打的凭条" in clerk.client.get("/staff/todo").text, "one that did not come out is somebody's to do"
    clerk.press("/staff/print", **sent | {"key": "once more"})
    assert len(reports(hall)) == 1, "one that was done may be wanted again"


def test_the_slips_of_a_number_and_a_booking_made_at_the_desk(hall: Standing) -> None:
    reports(hall)
    clerk = Person(hall, "c", Role.CLERK)
    took = clerk.press("/staff/desk/number", service="health", phone="")
    assert "已经叫自助机1打印" in clerk.press("/staff/print", **button(took)).text
    form = {"what": "gym", "day": "2026-11-24", "start": "2026-11-24T14:00:00+08:00", "people": "1", "phone": ""}
    booked = clerk.press("/staff/desk/book", **form)
    clerk.press("/staff/print", **button(booked))
    number, place = reports(hall)
    assert number.ticket is not None
    assert number.ticket.number == "C001"
    assert place.appointment is not None
    reports(hall, done=(number.id, place.id))
    found = clerk.press("/staff/desk/find", text=place.appointment.code)
    assert "在自助机1补打" in found.text
    clerk.press("/staff/print", **button(found))
    assert [one.appointment and one.appointment.id for one in reports(hall)] == [place.appointment.id]


@pytest.mark.parametrize("state", [DeviceState.BROKEN, DeviceState.ABSENT, None])
def test_where_nothing_prints_the_number_is_read_out(hall: Standing, state: DeviceState | None) -> None:
    clerk = Person(hall, "c", Role.CLERK)
    reports(hall)
    before = button(file(clerk))
    if state is None:
        hall.clock.advance(timedelta(minutes=2))
    else:
        reports(hall, KIOSK, state)
    assert NOBODY_PRINTS in clerk.press("/staff/desk/number", service="health", phone="").text
    page = clerk.client.get(f"/staff/requests/{before['subject']}").text
    assert NOBODY_PRINTS in page
    assert re.search(r'class="loud">\d{3} \d{3} \d{4}<', page)
    assert "现在打不了凭条" in clerk.press("/staff/print", **before).text, "pressed on a page that is behind"
    assert reports(hall) == ()


def test_what_failed_is_printed_again_where_a_printer_works(hall: Standing) -> None:
    clerk = Person(hall, "c", Role.CLERK)
    reports(hall)
    subject = button(file(clerk))["subject"]
    failed = SlipReport("job-1", subject, "request", SlipState.FAILED, None, hall.house.clock.now())
    reports(hall, KIOSK, DeviceState.BROKEN, failed)
    assert ">补打<" in clerk.client.get("/staff/todo").text, "its own kiosk, where there is no other"
    reports(hall, SECOND)
    page = clerk.client.get("/staff/todo").text
    assert ">在自助机2补打<" in page
    assert "已经叫" in clerk.press("/staff/slips/job-1/reprint", kiosk="kiosk-2").text
    assert reports(hall, KIOSK, DeviceState.BROKEN) == ()
    assert [one.kind for one in reports(hall, SECOND)] == ["reprint"]


def test_what_is_not_there_is_not_printed(hall: Standing) -> None:
    reports(hall)
    clerk = Person(hall, "c", Role.CLERK)
    for subject, kiosk in (("nothing", "kiosk-1"), ("", ""), ("\u0007", "kiosk-1"), ("x" * 500, "nowhere")):
        answer = clerk.press("/staff/print", subject=subject, kiosk=kiosk, back="desk")
        assert (answer.status_code, 'class="said care"' in answer.text) == (200, True), subject
    assert reports(hall) == ()
