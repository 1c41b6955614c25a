"""Serial lines as they are: unplugged, plugged in again, stalled, noisy, slow; printers and scanners."""

from __future__ import annotations

import os
import pty
import subprocess
import time
import tty
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.ports import DevicePlan, DeviceStatus, Health
from devices.printers.plug import open_printer
from devices.printers.virtual import VirtualPrinter
from devices.scanners.lines import MOST_BYTES, LineReader, decode
from devices.scanners.plug import open_scanner
from devices.scanners.serial_lines import SerialScanner
from devices.scanners.virtual import PtyScanner
from devices.transport import BadConnection, WireLost, open_wire, parse
from tests.devices.helpers import QR, SHORT, driving, ended, on_pty, until, whole

# ---- printers ------------------------------------------------------------------------------------------


def test_noise_before_and_between_the_answers():
    with VirtualPrinter() as printer, on_pty(printer) as driver:
        for noise in (b"\xff\xfe\x00garbage", b"\x10\x00\x00\x0f", b"\x37\x22zzzz\x00", b"\x10\x00"):
            printer.mutter(noise)
            assert ended(driver.print("a", SHORT).result(30)) == ("printed", None)
        assert whole(printer) == 4


def test_a_slow_wire_is_given_its_time():
    with VirtualPrinter() as printer, on_pty(printer, baud=9600, speed="500", spare="1") as driver:
        begun = time.monotonic()
        assert ended(driver.print("a", SHORT).result(30)) == ("printed", None)
        assert time.monotonic() - begun > 0.05


def test_a_late_answer_never_makes_the_next_question_look_well():
    """The printer answers a question after the deadline, then the paper is out: the old "fine" must not count."""
    with VirtualPrinter() as printer, on_pty(printer, spare="1") as driver:
        printer.fault("hang")
        assert ended(driver.print("a", SHORT).result(30)) == ("failed", "no-answer")
        printer.recover()
        printer.fault("paper-out")
        printer.mutter(b"\x12\x12\x12\x12")
        assert ended(driver.print("b", SHORT).result(30)) == ("failed", "paper-out")
        assert whole(printer) == 0


def test_nobody_reads_the_line():
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    try:
        with driving(f"serial://{os.ttyname(theirs)}?baud=115200", "raster", spare="0.3", status="none") as driver:
            from tests.devices.helpers import SLIP

            begun = time.monotonic()
            assert ended(driver.print("a", SLIP).result(30)) == ("failed", "died-half-way")
            assert time.monotonic() - begun < 10
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.fixture
def cable(tmp_path: Path):
    """socat's two ends: `printer` is where the virtual printer sits, `kiosk` what the driver opens by its link."""
    ends = (tmp_path / "printer", tmp_path / "kiosk")
    running: list[subprocess.Popen[bytes]] = []

    def plug() -> tuple[Path, Path]:
        running.append(subprocess.Popen(["socat", *(f"pty,raw,echo=0,link={end}" for end in ends)]))
        assert until(lambda: all(end.exists() for end in ends))
        return ends

    def pull() -> None:
        process = running.pop()
        process.kill()
        process.wait()
        for end in ends:
            end.unlink(missing_ok=True)

    plug.pull = pull  # type: ignore[attr-defined]
    yield plug
    for process in running:
        process.kill()
        process.wait()


@pytest.mark.parametrize("when", ["idle", "mid job"])
def test_pulled_out_and_plugged_in_again(cable, when: str):
    here, there = cable()
    with VirtualPrinter() as printer:
        printer.attach(os.open(here, os.O_RDWR | os.O_NOCTTY))
        with driving(f"serial://{there}?baud=19200", "gbk", spare="0.5", speed="500") as driver:
            assert ended(driver.print("a", SHORT).result(30)) == ("printed", None)
            if when == "mid job":
                printer.at_byte(40, "hang")  # the probe takes some
                end, got = driver.print("b", SHORT), printer.received
                assert until(lambda: printer.received > got + 20)
                cable.pull()
                assert end.result(30).ending in ("failed", "unknown")
                printer.recover()
            else:
                cable.pull()
                assert until(lambda: driver.status.reason == "offline")
                assert ended(driver.print("b", SHORT).result(30)) == ("failed", "offline")
            before = whole(printer)
            here, there = cable()
            printer.power_cycle()
            printer.attach(os.open(here, os.O_RDWR | os.O_NOCTTY))
            assert until(lambda: driver.status.health is Health.OK, 12)
            assert whole(printer) == before, "nothing by itself"
            assert ended(driver.print("c", SHORT).result(30)) == ("printed", None)


def test_a_port_is_one_programs():
    ours, theirs = pty.openpty()
    address = parse(f"serial://{os.ttyname(theirs)}")
    wire = open_wire(address, 1)
    with pytest.raises(WireLost):
        open_wire(address, 1)
    wire.close()
    os.close(ours)
    os.close(theirs)


def test_usb_printers_are_files(tmp_path: Path):
    """A pseudo-terminal in the place of /dev/usb/lp0: opened for reading and writing, locked, with deadlines."""
    with VirtualPrinter() as printer:
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        printer.attach(ours)
        with driving(f"usb://{os.ttyname(theirs)}", "raster") as driver:
            assert ended(driver.print("a", SHORT).result(30)) == ("printed", None)
            with pytest.raises(WireLost):
                open_wire(parse(f"usb://{os.ttyname(theirs)}"), 1)
        os.close(theirs)
    with driving(f"usb://{tmp_path}/lp0") as driver:
        assert ended(driver.print("a", SHORT).result(30)) == ("failed", "offline")


@pytest.mark.parametrize(
    "wrong", ["", "tcp://", "lpt1", "serial://ttyS0", "serial:///dev/ttyS0?baud=fast", "tcp://h:x"]
)
def test_a_wrong_connection_is_named(wrong: str):
    with pytest.raises(BadConnection, match=r"tcp://|invalid|Port"):
        parse(wrong)
    device = open_printer(DevicePlan("p", "escpos", wrong), lambda _status: None)
    assert device.status.reason == "bad-connection"
    assert ended(device.print("a", SHORT).result(1)) == ("failed", "bad-connection")


# ---- drivers ------------------------------------------------------------------------------------------


def test_a_driver_that_is_missing_or_breaks_is_a_state():
    missing = open_printer(DevicePlan("p", "nobody", "tcp://h"), lambda _status: None)
    assert (missing.status.reason, missing.status.health) == ("driver-missing", Health.BROKEN)

    class Broken:
        def load(self):
            raise ImportError("no such module")

    broken = open_scanner(DevicePlan("s", "x", "/dev/x"), print, print, lambda *_: Broken())  # type: ignore[arg-type,return-value]
    assert broken.status.reason == "driver-failed"
    assert broken.probe().result(1).detail == "ImportError: no such module"


def test_the_built_in_drivers_use_the_same_door():
    scanned: list[str] = []
    scanner = open_scanner(DevicePlan("s", "virtual", "virtual://"), scanned.append, print)
    scanner.scan(QR)  # type: ignore[attr-defined]
    assert scanned == [QR]
    printer = open_printer(DevicePlan("p", "escpos", "virtual://"), lambda _status: None)
    assert ended(printer.print("a", SHORT).result(30)) == ("printed", None)
    printer.close()


# ---- scanners ------------------------------------------------------------------------------------------


class Reading:
    def __init__(self, path: Path) -> None:
        self.lines: list[str] = []
        self.states: list[DeviceStatus] = []
        self.scanner = SerialScanner(DevicePlan("s", "serial", str(path)), self.lines.append, self.states.append)

    def __enter__(self) -> Reading:
        assert until(lambda: self.scanner.status.health is Health.OK)
        return self

    def __exit__(self, *_gone: object) -> None:
        self.scanner.close()


def test_a_scan_is_a_line(tmp_path: Path):
    port = PtyScanner(tmp_path / "by-id")
    with Reading(port.path) as reading:
        port.scan(QR)
        port.send("健身房\r".encode("gbk"))
        port.send("阅览室\n".encode())
        assert until(lambda: len(reading.lines) == 3)
        assert reading.lines == [QR, "健身房", "阅览室"]
    port.unplug()


def test_ten_kilobytes_noise_and_halves_do_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("devices.scanners.serial_lines._SILENCE_SECONDS", 3)  # pieces belong together
    port = PtyScanner(tmp_path / "by-id")
    with Reading(port.path) as reading:
        for _ in range(10):
            port.send(b"x" * 1024)
            time.sleep(0.01)
        port.send(b"\r\n" + b"\0\0\0" + b"\xff\xfe\x80\r\n")
        for piece in (QR[:5], QR[5:9], QR[9:] + "\r\n"):
            port.send(piece.encode())
            time.sleep(0.05)
        assert until(lambda: QR in reading.lines)
        assert all(len(line) <= MOST_BYTES for line in reading.lines)
    port.unplug()


def test_half_a_line_is_forgotten_after_a_while(tmp_path: Path):
    port = PtyScanner(tmp_path / "by-id")
    with Reading(port.path) as reading:
        port.send(b"half a line")
        time.sleep(0.8)
        port.scan("482761")
        assert until(lambda: reading.lines == ["482761"])
    port.unplug()


def test_unplugged_and_plugged_in_under_another_name(tmp_path: Path):
    port = PtyScanner(tmp_path / "by-id")
    with Reading(port.path) as reading:
        port.unplug()
        assert until(lambda: reading.scanner.status.health is Health.BROKEN)
        port.plug_in()
        assert until(lambda: reading.scanner.status.health is Health.OK)
        port.scan(QR)
        assert until(lambda: reading.lines == [QR])
        assert [state.health for state in reading.states] == [Health.OK, Health.BROKEN, Health.OK] or len(
            reading.states
        ) >= 3
    port.unplug()


@given(st.lists(st.binary(max_size=700), max_size=12))
def test_the_line_parser_is_bounded_and_clean(pieces: list[bytes]):
    reader = LineReader()
    for piece in pieces:
        for line in reader.feed(piece):
            assert line == line.strip()
            assert line.isprintable()
            assert 0 < len(line) <= MOST_BYTES
        assert reader.held <= MOST_BYTES
    reader.idle()
    assert reader.feed(b"482761\r\n") == ["482761"]


@given(st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=40), st.integers(1, 9))
def test_a_line_comes_whole_however_it_is_cut_up(text: str, step: int):
    data = text.encode() + b"\r\n"
    reader = LineReader()
    lines = [line for at in range(0, len(data), step) for line in reader.feed(data[at : at + step])]
    assert lines == [decode(text.encode())]
