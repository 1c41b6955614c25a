"""The station as a whole: asking, printing, restarts, orders, and what it never prints twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from devices.paper import Field, Line, Qr, Slip
from devices.ports import DevicePlan, DeviceStatus
from devices.printers.escpos import EscposPrinter
from devices.printers.port import PrintEnd, Printer
from devices.printers.virtual import VirtualPrinter
from kiosk.config import load
from kiosk.door import AppointmentState, HallAway, Name, Order
from kiosk.flows.steps import Ask, HelpComing, PaperEnded, PrintSlip, Replied, Scanned
from kiosk.ledger.journal import Journal, KioskInUse
from kiosk.station.events import DevicesChanged, HallFound, HallSilent, SlipLost
from kiosk.station.selfcheck import TO_DO, check_rows, run_checks
from kiosk.station.slips import Letterhead, appointment_slip
from kiosk.words import REASONS, Words
from tests.devices.helpers import until, whole
from tests.kiosk.station.helpers import CANARY, DEMO, ZONE, FarHall, appointment, at, printer_at, standing

HEAD = Letterhead(Name("园区党群服务中心", "Park Community Service Centre"), {"gym": {"half_days": 1}})


@pytest.fixture
def printer():
    with VirtualPrinter() as made:
        yield made


# ---- slips ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", ["booked", "walked-in", "changed", "cancelled"])
def test_every_slip_has_what_it_must(language: str, kind: str):
    held = appointment(state=AppointmentState.CANCELLED if kind == "cancelled" else AppointmentState.BOOKED)
    slip = appointment_slip(held, HEAD, Words(language), at(8), kind=kind, again=True)  # type: ignore[arg-type]
    text = "\n".join(str(item) for item in slip.items)
    words = Words(language)  # type: ignore[arg-type]
    for must in (
        words.name(HEAD.hall),
        words.name(held.facility_name),
        words.day(held.start.date()),
        "9:00–10:00",
        "482 761",
    ):
        assert must in text
    assert [item.content for item in slip.items if isinstance(item, Qr)] == [held.qr]
    assert ("补打" if language == "zh" else "Reprint") in text
    if kind == "booked":
        assert words.name(held.bring) in text
        assert ("提前半天" if language == "zh" else "half a day ahead") in text
    assert not any("{" in str(item) for item in slip.items if isinstance(item, Line | Field))
    digits = "".join(c for c in text if c.isdigit())
    assert CANARY[:7] not in digits


def test_the_slips_bytes_hold_the_tail_and_no_more(printer: VirtualPrinter, tmp_path: Path):
    with standing(tmp_path, FarHall(), printer=printer_at(printer.listen())) as here:
        here.station.ask(Ask(1, "book", (CANARY,), "key-1"))
        here.heard(Replied)
        here.station.print(PrintSlip("key-1", appointment()))
        here.heard(PaperEnded)
        raw = printer.slips[0].raw
        assert CANARY[-4:].encode() in raw
        assert CANARY.encode() not in raw
        assert CANARY[:7].encode() not in raw
        kept = b"".join(file.read_bytes() for file in (tmp_path / "kiosk").iterdir())
        assert CANARY.encode() not in kept
        assert b"482761" not in kept
        assert CANARY[-4:].encode() not in kept


# ---- asking and printing ------------------------------------------------------------------------------------------


def test_a_question_is_answered_and_a_slip_printed_once(printer: VirtualPrinter, tmp_path: Path):
    hall = FarHall()
    with standing(tmp_path, hall, printer=printer_at(printer.listen())) as here:
        here.station.ask(Ask(7, "book", (None,), "key-1"))
        reply = here.heard(Replied)
        assert isinstance(reply, Replied)
        assert reply.ask == 7
        assert reply.value == hall.effects["key-1"]
        for _ in range(3):
            here.station.print(PrintSlip("key-1", appointment()))
        assert until(lambda: sum(isinstance(event, PaperEnded) for event in here.events) == 3)
        assert {event.state for event in here.events if isinstance(event, PaperEnded)} == {"printed"}
        assert until(lambda: hall.slips.get("key-1") == "printed")
    assert whole(printer) == 1


class Recording(EscposPrinter):
    """A printer that keeps the slips it was given."""

    slips: list[Slip]

    def print(self, job: str, slip: Slip, begun: Callable[[], None] | None = None) -> Future[PrintEnd]:
        self.slips.append(slip)
        return super().print(job, slip, begun)


@pytest.mark.parametrize(("ahead", "shown"), [(420, 420), (-3600, -3600), (59, 0), (0, 0)])
def test_the_slip_bears_the_halls_time_where_the_kiosks_is_wrong(
    printer: VirtualPrinter, tmp_path: Path, ahead: int, shown: int
):
    class Measured(FarHall):
        skew = timedelta(seconds=ahead)

    slips: list[Slip] = []

    def opened(plan: DevicePlan, changed: Callable[[DeviceStatus], None]) -> Printer:
        made = Recording(
            DevicePlan(plan.name, "escpos", f"tcp://127.0.0.1:{printer.listen()}", {"text": "gbk"}), changed
        )
        made.slips = slips
        return made

    with standing(tmp_path, Measured(), printer=opened) as here:
        assert until(lambda: any(isinstance(event, HallFound) for event in here.events))
        here.station.print(PrintSlip("key-1", appointment()))
        before = datetime.now(ZONE)
        assert here.heard(PaperEnded)
        between = (before, datetime.now(ZONE))  # a minute may end meanwhile
    (footer,) = [item.text for item in slips[0].footer if isinstance(item, Line)]
    words = Words("zh")
    assert any(f"{words.time(now + timedelta(seconds=shown))} 打印" in footer for now in between), footer


def test_a_silent_hall_is_told_to_the_screen_at_once(tmp_path: Path):
    with standing(tmp_path, hall := FarHall(), printer=printer_at(1)) as here:
        assert here.heard(HallFound)
        hall.away = True
        here.station._later(here.station._changed.set)
        assert here.heard(HallSilent)


def test_no_hall_no_printer_and_still_it_stands(tmp_path: Path):
    hall = FarHall(away=True)
    with standing(tmp_path, hall, printer=printer_at(1)) as here:
        here.station.ask(Ask(1, "book", (None,), "key-1"))
        reply = here.heard(Replied)
        assert isinstance(reply, Replied)
        assert isinstance(reply.value, HallAway)
        here.station.print(PrintSlip("key-2", appointment()))
        end = here.heard(PaperEnded)
        assert isinstance(end, PaperEnded)
        assert (end.state, end.reason and end.reason.code) == ("failed", "offline")
        hall.away = False
        assert until(lambda: bool(hall.reports)), "found when it comes"
        assert until(lambda: hall.slips.get("key-2") == "failed")
        assert any(device.reason and device.reason.code == "offline" for device in hall.reports[-1].devices)


@pytest.mark.parametrize(("fault", "state"), [("paper-out", "failed"), ("silent", "failed"), ("die", "failed")])
def test_a_fault_reaches_the_resident_and_the_staff(printer: VirtualPrinter, tmp_path: Path, fault: str, state: str):
    hall = FarHall()
    port = printer.listen()
    printer.fault(fault)
    with standing(tmp_path, hall, printer=printer_at(port)) as here:
        here.station.print(PrintSlip("key-1", appointment()))
        end = here.heard(PaperEnded)
        assert isinstance(end, PaperEnded)
        assert end.state == state
        assert end.reason is not None
        assert end.reason.code in REASONS
        assert until(lambda: hall.slips.get("key-1") == state)
        printer.recover()
        here.station.print(PrintSlip("key-1", appointment()))
        assert until(lambda: sum(isinstance(event, PaperEnded) for event in here.events) == 2)
    printer.settle()
    assert whole(printer) == 0, "a failed job is not printed again under its own name"


def test_orders_are_done_once_and_acknowledged(printer: VirtualPrinter, tmp_path: Path):
    hall = FarHall(orders=[Order("o1", "reprint", appointment()), Order("o2", "help-coming", help="call-1")])
    with standing(tmp_path, hall, printer=printer_at(printer.listen())) as here:
        assert here.heard(HelpComing) == HelpComing("call-1")
        assert until(lambda: set(hall.done) == {"o1", "o2"})
        assert hall.slips["order-o1"] == "printed"
        assert "补打" in "".join(printer.slips[0].text)
    hall.orders = [Order("o1", "reprint", appointment())]
    with standing(tmp_path, hall, printer=printer_at(printer.listen())):
        assert until(lambda: hall.done.count("o1") == 2)
    assert whole(printer) == 1, "the same order after a restart is acknowledged, not printed"


def test_scans_and_devices_are_told(tmp_path: Path, printer: VirtualPrinter):
    with standing(tmp_path, FarHall(), printer=printer_at(printer.listen())) as here:
        assert until(lambda: bool(here.station._scanners))
        here.station._scanners[0].scan("HKA:1:2")  # type: ignore[attr-defined]
        assert here.heard(Scanned) == Scanned("HKA:1:2")
        assert until(lambda: any(isinstance(e, DevicesChanged) and e.scanner and e.printer for e in here.events))


# ---- restarts ------------------------------------------------------------------------------------------


def test_what_was_begun_is_unknown_and_what_was_not_is_for_the_staff(printer: VirtualPrinter, tmp_path: Path):
    journal = Journal(tmp_path / "kiosk", lambda: at(9))
    journal._now = __import__("kiosk.clock", fromlist=["SystemClock"]).SystemClock("Asia/Shanghai").now
    journal.queue("begun", {"subject": "a", "kind": "booked"})
    journal.state("begun", "begun", {"subject": "a", "kind": "booked"})
    journal.queue("queued", {"subject": "b", "kind": "booked"})
    journal.close()
    hall = FarHall()
    with standing(tmp_path, hall, printer=printer_at(printer.listen())) as here:
        here.heard(SlipLost)
        assert until(lambda: hall.slips == {"begun": "unknown", "queued": "not-begun"}), hall.slips
        here.station.print(PrintSlip("begun", appointment()))
        end = here.heard(PaperEnded)
        assert isinstance(end, PaperEnded)
        assert end.state == "unknown"
    assert whole(printer) == 0


def test_an_answer_nobody_waited_for_becomes_a_slip_for_the_staff(printer: VirtualPrinter, tmp_path: Path):
    """The hall booked, the answer was lost, the kiosk was restarted: asked by its id, never sent anew."""
    hall = FarHall(lose_answers=True)
    with standing(tmp_path, hall, printer=printer_at(printer.listen())) as here:
        here.station.ask(Ask(1, "book", (None,), "key-1"))
        here.heard(Replied)
    hall.lose_answers = False
    with standing(tmp_path, hall, printer=printer_at(printer.listen())) as here:
        here.heard(SlipLost)
        assert until(lambda: hall.slips.get("key-1") == "not-begun")
    assert [call for call in hall.calls if call[0] == "book"] == [("book", "key-1")]
    assert len(hall.effects) == 1
    assert whole(printer) == 0
    with standing(tmp_path, hall, printer=printer_at(printer.listen())) as here:
        here.heard(DevicesChanged)
        assert not any(isinstance(event, SlipLost) for event in here.events), "said once"


def test_an_answered_booking_whose_slip_was_never_asked_for_is_not_forgotten(printer: VirtualPrinter, tmp_path: Path):
    """Killed between the hall's answer and the order to print."""
    hall = FarHall()
    with standing(tmp_path, hall, printer=printer_at(printer.listen())) as here:
        here.station.ask(Ask(1, "book", (None,), "key-1"))
        here.heard(Replied)
    with standing(tmp_path, hall, printer=printer_at(printer.listen())) as here:
        assert until(lambda: hall.slips.get("key-1") == "not-begun")


KILLED = """
import sys, time
from pathlib import Path
from kiosk.flows.steps import PrintSlip
from tests.kiosk.station.helpers import FarHall, Standing, appointment, printer_at
here = Standing(Path(sys.argv[1]), FarHall(away=True), printer_at(int(sys.argv[2])))
here.station.print(PrintSlip("key-1", appointment()))
time.sleep(60)
"""


@pytest.mark.parametrize("stage", ["byte 1", "byte 60", "byte 900", "before"])
def test_killed_while_printing_nothing_prints_twice(printer: VirtualPrinter, tmp_path: Path, stage: str):
    port = printer.listen()
    if stage == "before":
        printer.fault("hang")
    else:
        printer.at_byte(int(stage.split()[1]) + 60, "hang")  # the probe takes some
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path), str(port)], cwd=DEMO.parents[2]) as process:
        assert until(lambda: printer.received > 60 or stage == "before")
        if stage == "before":
            assert until((tmp_path / "kiosk" / "journal.db").exists)
            import time

            time.sleep(0.3)
        process.send_signal(signal.SIGKILL)
        process.wait()
    hall = FarHall()
    printer.recover()
    printer.settle()
    already = whole(printer)
    assert already <= 1
    with standing(tmp_path, hall, printer=printer_at(port)) as here:
        here.heard(DevicesChanged)
        assert until(lambda: bool(hall.reports))
        expected = {"not-begun", "failed", "unknown"} if stage == "before" else {"unknown"}
        patience = 5.0 if stage == "before" else 30.0  # what had not begun may have left nothing to tell of
        assert until(lambda: hall.slips.get("key-1") in expected, patience) or stage == "before", hall.slips
        assert whole(printer) == already


def test_a_second_kiosk_on_the_same_folder_is_refused_by_name(tmp_path: Path, printer: VirtualPrinter):
    with (
        standing(tmp_path, FarHall(), printer=printer_at(printer.listen())),
        pytest.raises(KioskInUse, match="pid"),
        standing(tmp_path, FarHall(), printer=printer_at(1)),
    ):
        pass


# ---- check, privacy ------------------------------------------------------------------------------------------


def test_check_says_what_to_do(tmp_path: Path, printer: VirtualPrinter, capsys: pytest.CaptureFixture[str]):
    settings = load(DEMO)
    assert run_checks(settings, data=tmp_path, hall=DEMO) == 0
    printer.fault("cover-open")
    wired = replace(settings.printers[0], connection=f"tcp://127.0.0.1:{printer.listen()}")
    assert run_checks(replace(settings, printers=(wired,)), data=tmp_path, hall=DEMO) == 1
    assert "合上打印机的盖子" in capsys.readouterr().out
    nobody = replace(settings, printers=(), scanners=())
    assert {row.reason for row in check_rows(nobody, tmp_path) if row.reason} >= {"absent", "scanner-absent"}
    missing = replace(settings, scanners=(replace(settings.scanners[0], port="/dev/serial/by-id/none"),))
    assert [row.reason for row in check_rows(missing, tmp_path) if row.name == settings.scanners[0].name] == [
        "scanner-absent"
    ]
    assert whole(printer) == 0


def test_every_device_reason_has_a_sentence_and_a_remedy():
    assert set(TO_DO) <= set(REASONS)
    for code in ("journal-full", "journal-damaged", "journal-unwritable", "died-half-way", "unknown-ending"):
        assert code in REASONS
