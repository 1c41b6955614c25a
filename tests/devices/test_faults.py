"""Every printer fault at every stage, over the network and over a serial line: it ends right and nothing prints
twice."""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import zxingcpp
from PIL import Image

from devices.paper import Line, Slip
from devices.printers.escpos import EscposPrinter
from devices.printers.virtual import VirtualPrinter
from devices.printers.virtual_machine import KP628, ONE_WAY, SIMPLE, Model
from tests.devices.helpers import SHORT, SLIP, driving, ended, on_pty, on_tcp, until, whole

STOPS = ("paper-out", "cover-open", "cutter", "jam", "overheated")
STAGES = ("before", "status", "byte 1", "byte 700", "byte 5000", "fence")
HALF = {("failed", "died-half-way"), ("unknown", "unknown-ending")}
LOST = {("unknown", "unknown-ending")}


def expected(fault: str, stage: str) -> set[tuple[str, str | None]]:
    if fault in STOPS:
        return {("failed", fault)}
    if stage == "before":
        return {"disconnect": {("printed", None)}, "die": {("failed", "offline"), ("failed", "no-answer")}}.get(
            fault, {("failed", "no-answer")}
        )
    if stage == "status":
        return (
            {("failed", "offline"), ("failed", "no-answer")}
            if fault in ("disconnect", "die")
            else {("failed", "no-answer")}
        )
    if stage == "fence" or fault == "silent":
        return LOST
    return HALF


PATIENT = "20"  # seconds: where an answer comes, however busy the machine is; where none comes, tests wait less


def arm(printer: VirtualPrinter, fault: str, stage: str) -> None:
    if stage == "before":
        printer.fault(fault)
    elif stage == "status":
        printer.at_query(2, fault)
    elif stage == "fence":
        printer.at_fence(fault)
    else:
        printer.at_byte(int(stage.split()[1]), fault)


@contextmanager
def reached(wire: str, printer: VirtualPrinter) -> Iterator[EscposPrinter]:
    with (on_tcp if wire == "tcp" else on_pty)(
        printer, "raster" if wire == "tcp" else "gbk", spare="1.5", speed="500"
    ) as driver:
        yield driver


TABLE = {
    "tcp": [(fault, stage) for fault in (*STOPS, "silent", "hang", "disconnect", "die") for stage in STAGES],
    # pulled cables: test_serial
    "serial": [(fault, stage) for fault in ("paper-out", "cover-open", "silent", "hang") for stage in STAGES],
}


@pytest.mark.parametrize("wire", ["tcp", "serial"])
def test_every_fault_at_every_stage_ends_right_and_nothing_prints_twice(wire: str):
    """Cases mostly wait, so they run beside each other, each with a printer of its own."""
    with ThreadPoolExecutor(6) as pool:
        running = {case: pool.submit(go_through, wire, *case) for case in TABLE[wire]}
    wrong = {case: str(error) for case, run in running.items() if (error := run.exception()) is not None}
    assert not wrong


def go_through(wire: str, fault: str, stage: str) -> None:
    slip = SLIP if wire == "tcp" else Slip((*SHORT.items, *[Line("在自助机上扫这张凭条")] * 30))
    if wire == "serial" and stage == "byte 5000":
        stage = "byte 350"
    with VirtualPrinter() as printer, reached(wire, printer) as driver:
        arm(printer, fault, stage)
        end = driver.print("one", slip).result(30)
        assert ended(end) in expected(fault, stage), ended(end)
        if stage != "fence":
            assert whole(printer) <= (end.ending != "failed"), "half a slip counts as none"

        printer.recover()
        printer.settle()
        assert until(lambda: driver.status.reason is None), driver.status
        assert whole(printer) <= 1, "printed twice"
        first = whole(printer)
        again = ended(driver.print("two", SHORT).result(30))
        assert again == ("printed", None), again
        # the rest of the first may have waited in the wire: it comes out before the second, once
        assert first + 1 <= whole(printer) <= 2
        assert end.begun or not first, "what was not begun is not on paper"


@pytest.mark.parametrize(
    ("model", "spare", "end"),
    [
        (KP628, PATIENT, ("printed", None)),
        (SIMPLE, PATIENT, ("printed", None)),
        (ONE_WAY, "0.4", ("failed", "no-answer")),
    ],
    ids=lambda value: value.name if isinstance(value, Model) else "",
)
def test_each_make_of_printer(model: Model, spare: str, end: tuple[str, str | None]):
    with VirtualPrinter(model) as printer, on_tcp(printer, "gbk", spare=spare) as driver:
        assert ended(driver.print("a", SHORT).result(30)) == end
        assert whole(printer) == (end[0] == "printed")
        assert ended(driver.print("b", SHORT).result(30)) == end
        assert driver.capability.fence is (None if model is ONE_WAY else False)


def test_a_printer_that_cannot_answer_prints_and_nobody_knows():
    """`status = "none"`: unknown capability is never "paper ok"."""
    with VirtualPrinter(ONE_WAY) as printer, on_tcp(printer, "gbk", spare="0.3", status="none") as driver:
        assert ended(driver.print("a", SHORT).result(30)) == ("unknown", "unknown-ending")
        assert driver.status.reason == "paper-unknown"
        printer.settle()
        assert whole(printer) == 1


@pytest.mark.parametrize("model", [KP628, SIMPLE], ids=["KP-628E", "GS r"])
@pytest.mark.parametrize("fault", STOPS)
def test_without_status_frames_a_fault_is_found_by_asking(model: Model, fault: str):
    with VirtualPrinter(model) as printer, on_tcp(printer, "gbk", spare=PATIENT) as driver:
        printer.at_byte(40, fault)
        assert ended(driver.print("a", SHORT).result(30)) == ("failed", fault)
        assert whole(printer) == 0


def test_near_the_end_of_the_roll_it_prints_and_says_so():
    with VirtualPrinter() as printer, on_tcp(printer) as driver:
        printer.fault("near-end")
        assert ended(driver.print("a", SHORT).result(30)) == ("printed", None)
        assert until(lambda: driver.status.reason == "paper-near-end")


def test_a_printer_that_comes_late_is_found():
    printer = VirtualPrinter()
    port = printer.listen()
    printer.fault("die")
    with printer, driving(f"tcp://127.0.0.1:{port}") as driver:
        assert ended(driver.print("a", SHORT).result(30))[0] == "failed"
        printer.recover()
        assert until(lambda: driver.status.reason is None, 8)
        assert ended(driver.print("b", SHORT).result(30)) == ("printed", None)
        assert whole(printer) == 1


def test_faults_are_noticed_while_nobody_prints():
    with VirtualPrinter() as printer, on_tcp(printer) as driver:
        for fault in STOPS:
            printer.fault(fault)
            assert until(lambda fault=fault: driver.status.reason == fault)
            printer.recover()
            assert until(lambda: driver.status.reason is None)


def test_a_half_sent_raster_never_eats_the_next_slip():
    """The wire breaks in the middle of image data: the printer still waits for the rest of it."""
    with VirtualPrinter() as printer, on_tcp(printer, spare=PATIENT) as driver:
        printer.at_byte(20_000, "disconnect")
        assert ended(driver.print("a", SLIP).result(30)) in HALF
        assert ended(driver.print("b", SLIP).result(30)) == ("printed", None)
        assert whole(printer) == 1
        seen = zxingcpp.read_barcodes(Image.open(io.BytesIO(printer.slips[-1].png(32))).convert("L"))
        assert seen, "the second slip is whole"


def test_jobs_wait_their_turn_and_each_prints_once():
    with VirtualPrinter() as printer, on_tcp(printer, "gbk") as driver:
        ends = [driver.print(str(n), Slip((Line(f"第 {n} 张"),))) for n in range(20)]
        assert {ended(end.result(20)) for end in ends} == {("printed", None)}
        assert [slip.text[0] for slip in printer.slips] == [f"第 {n} 张" for n in range(20)]


def test_closing_ends_the_job_in_hand_and_refuses_the_next():
    with VirtualPrinter() as printer, on_tcp(printer, "gbk") as driver:
        end = driver.print("a", SHORT)
        driver.close()
        assert ended(end.result(1)) == ("printed", None)
        assert ended(driver.print("b", SHORT).result(1)) == ("failed", "offline")


def test_taking_the_fence_away_shows_what_it_guards(monkeypatch):
    """Without waiting for the fence a slip that never came out would count as printed."""
    from devices.printers import transaction
    from devices.printers.port import Ending, PrintEnd

    monkeypatch.setattr(transaction.Transaction, "_wait", lambda *_: PrintEnd(Ending.PRINTED, begun=True))
    with VirtualPrinter() as printer, on_tcp(printer, "gbk") as driver:
        printer.at_byte(1, "die")
        assert ended(driver.print("a", SHORT).result(30)) == ("printed", None)
        assert whole(printer) == 0
