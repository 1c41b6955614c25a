"""A number's slip, from the order to the paper and to the staff; a clerk who is rung for, from the button to 来了."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

import kiosk.station.station as station_room
from devices.paper import Line, Qr, Size
from devices.printers.virtual import VirtualPrinter
from kiosk.clock import SystemClock
from kiosk.config import load
from kiosk.door import Found, Name, Order, Role, Ticket, TicketState, Wait
from kiosk.flows.steps import Ask, HelpComing, PaperEnded, PrintSlip, Replied
from kiosk.hall import Caller, open_hall
from kiosk.ledger.opening import open_ledger
from kiosk.ledger.vault import Vault
from kiosk.station.slips import Letterhead, ticket_slip
from kiosk.station.unanswered import on_paper
from kiosk.words import Words
from tests.devices.helpers import until
from tests.kiosk.station.helpers import DEMO, ZONE, FarHall, appointment, at, printer_at, standing

HEAD = Letterhead(Name("园区党群服务中心", "Park Community Service Centre"))
NUMBER = Ticket("t-1", "A023", "party", Name("党员服务", "Party members"), TicketState.WAITING, 7, Wait(20, 35), False,
                at(9, 12), "HKT:A023241124:ABCDEFGH", matter="党费收缴")


@pytest.fixture
def printer():
    with VirtualPrinter() as made:
        yield made


@pytest.mark.parametrize(("language", "says"), [
    ("zh", ("党员服务", "前面 7 人，约 20–35 分钟", "2号窗口、3号窗口", "党费收缴", "11月24日 9:12", "10:30")),
    ("en", ("Party members", "7 people ahead, about 20–35 min", "Window 2, Window 3", "24 Nov 9:12", "10:30")),
])
def test_the_slip_of_a_number(language, says):
    windows = (Name("2号窗口", "Window 2"), Name("3号窗口", "Window 3"))
    slip = ticket_slip(replace(NUMBER, appointment=at(10, 30)), HEAD, Words(language), at(9, 12), windows=windows)
    (number,) = [item for item in slip.items if isinstance(item, Line) and item.text == "A023"]
    assert number.size is Size.CODE
    assert number.size.value >= 8, "millimetres"
    assert [item.content for item in slip.items if isinstance(item, Qr)] == [NUMBER.qr]
    text = "\n".join(str(item) for item in slip.items)
    for said in says:
        assert said in text
    assert "{" not in text


def test_thin_data_is_only_a_count():
    slip = ticket_slip(replace(NUMBER, wait=None), HEAD, Words("zh"), at(9, 12))
    text = "\n".join(str(item) for item in slip.items)
    assert "前面 7 人" in text
    assert "分钟" not in text


def test_a_number_is_printed_once_and_reported_under_its_own_id(printer, tmp_path: Path):
    hall = FarHall()
    with standing(tmp_path, hall, printer=printer_at(printer.listen())) as here:
        for _ in range(2):
            here.station.print(PrintSlip("key-1", None, what="ticket", ticket=NUMBER))
        assert until(lambda: sum(isinstance(event, PaperEnded) for event in here.events) == 2)
        assert until(lambda: hall.slips.get("key-1") == "printed")
        (slip,) = {(slip.subject, slip.kind) for report in hall.reports for slip in report.slips}
        assert slip == ("t-1", "ticket")
        assert "A023" in "".join(printer.slips[0].text)
        kept = b"".join(file.read_bytes() for file in (tmp_path / "kiosk").iterdir())
        assert b"A023" not in kept
    assert len(printer.slips) == 1


def test_staff_print_a_number_again(printer, tmp_path: Path):
    hall = FarHall(orders=[Order("o1", "reprint", ticket=NUMBER)])
    with standing(tmp_path, hall, printer=printer_at(printer.listen())):
        assert until(lambda: hall.done == ["o1"])
        text = "".join(printer.slips[0].text)
        assert "补打" in text
        assert "A023" in text


def test_a_number_whose_slip_nobody_asked_for_goes_to_the_staff(printer, tmp_path: Path):
    hall = FarHall()

    async def take_ticket(key, _order):
        hall.effects[key] = NUMBER
        return NUMBER

    hall.take_ticket = take_ticket
    with standing(tmp_path, hall, printer=printer_at(printer.listen())) as here:
        here.station.ask(Ask(1, "take_ticket", (None,), "key-1"))
        here.heard(Replied)
    with standing(tmp_path, hall, printer=printer_at(printer.listen())):
        assert until(lambda: hall.slips.get("key-1") == "not-begun")
    assert not printer.slips


def test_what_goes_onto_paper():
    held, found = appointment(), Found("r", "gym", Name("健身房"), at(9), at(10), appointment().state)
    assert on_paper("take_ticket", NUMBER) == NUMBER
    assert on_paper("take_ticket", replace(NUMBER, same=True)) is None
    assert on_paper("reprint_ticket", NUMBER) == NUMBER
    assert on_paper("check_in", held) is None
    assert on_paper("check_in", replace(held, ticket=NUMBER)) == NUMBER
    assert on_paper("check_in", replace(found, ticket=NUMBER)) == NUMBER
    assert on_paper("check_in", NUMBER) == NUMBER
    assert on_paper("book", held) == held
    assert on_paper("cancel", held) is None
    assert on_paper("rate", None) is None


def test_a_clerk_who_answers_the_bell_is_shown_at_the_kiosk(printer, tmp_path: Path, monkeypatch):
    """From the button through the real hall, the clerk's click and the kiosk's next report back to its page."""
    monkeypatch.setattr(station_room, "EVERY_SECONDS", 0.2)
    ledger = open_ledger("sqlite:///hall.db", tmp_path)
    vault = Vault(tmp_path / "hall.key")
    vault.prepare(ledger)
    house = open_hall(load(DEMO), ledger, vault, SystemClock(ZONE))
    clerk = Caller("clerk-1", "clerk-1", Role.CLERK)
    kiosk = tmp_path / "one"
    kiosk.mkdir()
    try:
        with standing(kiosk, _Near(house.door(Caller("kiosk-1", "kiosk-1", Role.KIOSK))),
                      printer=printer_at(printer.listen())) as here:
            here.station.ask(Ask(1, "call_help", ("ChooseService",), "help-key"))
            assert here.heard(Replied).value is None
            (call,) = asyncio.run(house.attention()).help_calls
            assert not any(isinstance(event, HelpComing) for event in here.events)
            assert asyncio.run(house.staff(clerk).answer_help("answer-1", call.id)) is None
            assert here.heard(HelpComing) == HelpComing("help-key")
    finally:
        house.close()


class _Near:
    """A hall in this process where `standing` wants one that can be away."""

    away = False

    def __init__(self, door):
        self._door = door

    def __getattr__(self, name):
        return getattr(self._door, name)
