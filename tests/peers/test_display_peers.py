"""Displays judged from outside: pymodbus's own server behind our driver, minimalmodbus in front of our boards,
published frames as bytes on the wire, and how long a call takes beyond the wire's own time."""

from __future__ import annotations

import asyncio
import os
import pty
import subprocess
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import minimalmodbus
import pytest
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

from bench.displays import calls_on
from bench.figures import percentile
from devices.displays.boards import crc16
from devices.displays.port import Face, Hears, Showing
from devices.displays.virtual import VirtualDisplays
from tests.devices.displays.boards import A023, driving, plan
from tests.devices.helpers import until


class Peer:
    """pymodbus's server on a serial port, in a thread; `heard` are the packets it took, as bytes."""

    def __init__(self, port: Path, addresses: tuple[int, ...]) -> None:
        self.heard: list[bytes] = []
        self._addresses = addresses
        self._port = port
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(30)

    async def _serve(self) -> None:
        context = [SimDevice(address, simdata=[SimData(0, values=[0] * 200, datatype=DataType.REGISTERS)])
                   for address in self._addresses]
        self._loop = asyncio.get_running_loop()
        self._server = ModbusSerialServer(
            context, port=str(self._port), baudrate=9600, trace_packet=self._took)
        task = asyncio.create_task(self._server.serve_forever())
        await asyncio.sleep(0.2)
        self._ready.set()
        await asyncio.gather(task, return_exceptions=True)

    def _took(self, sending: bool, data: bytes) -> bytes:
        if not sending:
            self.heard.append(data)
        return data

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._server.shutdown(), self._loop).result(30)
        self._thread.join(30)



def read_by_a_third(port: Path, address: int) -> str:
    """What stands in the server's registers, as minimalmodbus reads it."""
    client = minimalmodbus.Instrument(str(port), address)
    client.serial.baudrate, client.serial.timeout = 9600, 20
    try:
        return b"".join(value.to_bytes(2, "big") for value in client.read_registers(0x70, 2)).decode("ascii")
    finally:
        client.serial.close()


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    ends = (tmp_path / "boards", tmp_path / "hall")
    process = subprocess.Popen(["socat", *(f"pty,raw,echo=0,link={end}" for end in ends)])
    assert until(lambda: all(end.exists() for end in ends))
    yield ends
    process.kill()
    process.wait()


def test_pymodbus_s_server_understands_every_call(cable: tuple[Path, Path]):
    boards, hall = cable
    peer = Peer(boards, (1, 2))
    try:
        with driving(plan("modbus-led485", hall, {"1": 1, "2": 2})) as driver:
            driver.show("1", A023, call=True)
            assert until(lambda: driver.hears["1"] is Hears.ANSWERING)
            driver.show("2", Showing(Face.PAUSED))
            assert until(lambda: driver.hears["2"] is Hears.ANSWERING)
            assert bytes.fromhex("01 10 00 70 00 02 04 41 30 32 33 B5 CD") in b"".join(peer.heard), "as published"
        assert (read_by_a_third(hall, 1), read_by_a_third(hall, 2)) == ("A023", "----")
        with driving(plan("modbus-led485", hall, {"1": 1, "3": 3}, map="led485-number")) as driver:
            driver.show("1", A023, call=True)
            assert until(lambda: driver.hears["1"] is Hears.ANSWERING)
            assert bytes.fromhex("01 06 00 00 00 17 C9 C4") in b"".join(peer.heard), "as published"
            driver.show("3", A023, call=True)
            assert until(lambda: driver.hears["3"] is Hears.REFUSING), "it answers exception 4 for an unlisted id"
    finally:
        peer.close()


def test_minimalmodbus_takes_our_boards_for_real_ones(tmp_path: Path):
    with VirtualDisplays(tmp_path / "led", "modbus-led485", (1, 2)) as boards:
        client = minimalmodbus.Instrument(str(boards.path), 2)
        client.serial.timeout = 20
        client.write_registers(0x70, [0x4130, 0x3233])
        assert (boards.text(1), boards.text(2)) == ("", "A023")
        assert client.read_registers(0x70, 2) == [0x4130, 0x3233]
        client.write_register(0, 23, functioncode=6)
        assert boards.text(2) == "23"
        client.serial.timeout = 1  # a refusal is shorter than what it waits for
        with pytest.raises(minimalmodbus.IllegalRequestError):
            client.write_bit(0, 1)
        boards.silence(2)
        client.serial.timeout = 0.3
        with pytest.raises(minimalmodbus.NoResponseError):
            client.write_registers(0x70, [0x4130, 0x3234])
        client.serial.close()


@pytest.mark.parametrize(("protocol", "address", "frame"), [
    ("ascii-dollar", 1, b"$001,A023#"),
    ("binary4", 5, bytes.fromhex("05 03 E7 EF")),
    ("cd5220", 0, b"\x1bQA        A999        \r\x1bQB      WINDOW 1      \r"),
])
def test_the_bytes_on_the_wire(protocol: str, address: int, frame: bytes):
    """A bare pseudo-terminal that never answers, read as it comes."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    os.set_blocking(ours, False)
    heard = b""

    def came() -> bool:
        nonlocal heard
        try:
            heard += os.read(ours, 4096)
        except BlockingIOError:
            return False
        return heard.count(frame) == 3

    number = "A023" if protocol == "ascii-dollar" else "A999"
    with driving(plan(protocol, os.ttyname(theirs), {"1": address})) as driver:
        driver.show("1", Showing(Face.NUMBER, number), call=True)
        assert until(came), heard
        assert driver.hears["1"] is Hears.SENT_ONLY
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("protocol", ["modbus-led485", "ascii-dollar"])
def test_a_call_takes_the_wire_s_time_and_ten_milliseconds(tmp_path: Path, protocol: str):
    """Idle bus at 9600 baud where all answer: from `show` to the last byte at the board, less the frame's own time.
    Half of the calls, and the best of three, for other tests run beside this one; the bench says it of 95 in 100."""
    seen = []
    while not seen or (min(seen) > 10 and len(seen) < 3):
        seen.append(percentile(calls_on(tmp_path / f"led{len(seen)}", protocol, calls=24), 0.5))
    assert min(seen) <= 10, seen


def bare(port: Path, addresses: range) -> float:
    """Seconds for one frame and its answer at each address, written straight to the port."""
    end, begun = os.open(port, os.O_RDWR | os.O_NOCTTY), time.monotonic()
    for address in addresses:
        body = bytes((address,)) + bytes.fromhex("10 00 70 00 02 04") + b"B023"
        os.write(end, body + crc16(body).to_bytes(2, "little"))
        heard = b""
        while len(heard) < 8:
            heard += os.read(end, 8)
    os.close(end)
    return time.monotonic() - begun


def test_thirty_windows_are_told_within_the_wires_own_time(tmp_path: Path):
    """All windows change at once: each frame and its answer are on the wire once, and little more. Beside the same
    written straight to the port in the same run, the best of three each: other tests run beside this one."""
    windows = {str(at): at for at in range(1, 31)}
    with VirtualDisplays(tmp_path / "led", "modbus-led485", windows.values(), baud=9600) as boards, \
            VirtualDisplays(tmp_path / "bare", "modbus-led485", windows.values(), baud=9600) as straight, \
            driving(plan("modbus-led485", boards.path, windows)) as driver:
        assert until(lambda: driver.status.reason is None)
        took, least = [], []
        while not took or (min(took) >= 2.2 * min(least) and len(took) < 3):
            least.append(bare(straight.path, range(1, 31)))
            number = f"A{len(took):03}"
            begun = time.monotonic()
            for window in windows:
                driver.show(window, Showing(Face.NUMBER, number))
            assert until(lambda shown=number: all(boards.text(at) == shown for at in windows.values()))
            took.append(time.monotonic() - begun)
        assert min(took) < 2.2 * min(least), (took, least)
