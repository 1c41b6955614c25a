"""Rubbish at every door: HTTP bodies, a printer's status bytes, a scanner's port, hall.toml. A little of it in `make
test`, a lot in `make fuzz`; each failure names its seed."""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from devices.printers.port import Ending
from devices.printers.virtual import FAULTS, VirtualPrinter
from devices.scanners.lines import MOST_BYTES, LineReader
from kiosk.config import ConfigError, Problem, load
from kiosk.flows.steps import Pick, Scanned
from tests.badluck.conftest import Town
from tests.devices.helpers import SLIP, on_tcp
from tests.kiosk.flows.walk import Walk
from tests.kiosk.hall.building import DEMO

WORDS = (
    "facility", "start", "phone", "people", "walk_in", "page", "now", "devices", "slips", "done", "gym", "many", "one",
    "", "2026-12-23T09:00:00+08:00", "9999-12-31T23:59:59+14:00",
    "0001-01-01T00:00:00-12:00", "2026-12-23", "13900000001",
    "at", "day", "zh", "\ud800", "\x00", "健身房", "a" * 300, "-1", "1e400", "HKA:482761:XXXXXXXX",
)  # fmt: skip
MISTYPED = (
    b"0", b"-1", b"99999999999999999999", b'""', b"[]", b"{}", b"true", b"1.5", b"nan", b'"x"',
    b"1979-05-27", b"07:32:00",
)  # fmt: skip
PATHS = (
    "/appointments", "/appointments/find", "/appointments/482761/cancel", "/appointments/482761/check-in",
    "/appointments/482761/reschedule", "/appointments/482761/reprint", "/help", "/kiosk/report",
)  # fmt: skip


def value(chance: random.Random, depth: int = 0) -> object:
    """Anything that JSON can say, of the words our own documents use."""
    kind = chance.randrange(9 if depth < 4 else 7)
    if kind == 7:
        return [value(chance, depth + 1) for _ in range(chance.randrange(4))]
    if kind == 8:
        return {chance.choice(WORDS): value(chance, depth + 1) for _ in range(chance.randrange(6))}
    return (
        None, chance.random() < 0.5, chance.choice((0, 1, -1, 2**31, 2**63, 10**40, -(2**64))),
        chance.choice((0.5, 1e308, -0.0)), *(chance.choice(WORDS) for _ in range(3)),
    )[kind]  # fmt: skip


def body(chance: random.Random, start: str) -> bytes:
    """Bytes: a document a little wrong, a document of nonsense, or no document."""
    way = chance.randrange(5)
    if way == 0:
        return chance.randbytes(chance.randrange(200))
    if way == 1:
        odd = (b"[" * 20000, b'{"a":' * 3000, b"NaN", b'{"people": Infinity}', b"\xff\xfe{}", b'"\\ud800"')
        return chance.choice(odd)
    whole: dict[str, object] = {"facility": "many", "start": start, "phone": "13900000001", "people": 1, "page": "Home"}
    if way == 2:
        whole = {k: v for k, v in whole.items() if chance.random() < 0.8}
        whole[chance.choice(WORDS)] = value(chance)
    made = json.dumps(whole if way < 4 else value(chance)).encode()
    if way == 3:
        at = chance.randrange(len(made))
        made = made[:at] + chance.randbytes(chance.randrange(4)) + made[at + chance.randrange(4) :]
    return made


def http_bodies(town: Town, times: int, seed: int) -> None:
    chance = random.Random(seed)
    with httpx.Client(base_url=f"{town.hall.url}/api/v1", timeout=20) as client:
        for turn in range(times):
            path, sent = chance.choice(PATHS), body(chance, town.starts[0])
            head = {"Authorization": f"Bearer {town.token}", "Idempotency-Key": f"fuzz-{seed}-{turn}"}
            answer = client.post(path, content=sent, headers=head)
            assert answer.status_code < 500, (seed, turn, path, sent[:300], answer.text)
            if answer.status_code >= 400:
                assert {"type", "title", "status", "detail", "code", "next"} <= answer.json().keys(), (seed, turn)
    assert httpx.get(f"{town.hall.url}/healthz").status_code == 200
    assert "Traceback" not in town.hall.log.read_text()


def printer_bytes(times: int, seed: int) -> None:
    """Noise while it prints: a slip that is said to be printed has come out, once; every job ends."""
    chance = random.Random(seed)
    with VirtualPrinter() as printer, on_tcp(printer, spare="0.4") as driver:
        for turn in range(times):
            printer.slips.clear()
            if chance.random() < 0.2:
                printer.at_byte(chance.randrange(1, 4000), chance.choice([*FAULTS, "disconnect"]))
            ending = driver.print(f"{turn}", SLIP)
            while not ending.done():
                printer.mutter(chance.randbytes(chance.randrange(1, 12)))
                time.sleep(chance.random() * 0.02)
            end = ending.result(20)
            whole = sum(slip.cut for slip in printer.slips)
            assert whole <= 1, (seed, turn)
            if end.ending is Ending.PRINTED:
                printer.settle()
                assert sum(slip.cut for slip in printer.slips) == 1, (seed, turn, end)
            printer.recover()
            driver.probe().result(20)


def scanner_bytes(times: int, seed: int) -> None:
    """Whatever a port delivers, only short printable lines come of it, and the page still stands after each."""
    chance = random.Random(seed)
    reader, walk = LineReader(), Walk()
    walk.do(Pick("start"), Pick("mine"))
    for turn in range(times):
        data = chance.choice((
            chance.randbytes(chance.randrange(64)), b"https://noodles.example/menu?table=7\r\n", b"A" * 10_000,
            b"HKA:482761:" + chance.randbytes(8) + b"\r", "健身房".encode("gbk") + b"\n", b"\x00" * 50, b"482761\n",
            b"\r\n" * 9, "HKA:４８２７６１:ABCDEFGH\n".encode(),
        ))  # fmt: skip
        for line in reader.feed(data):
            assert len(line.encode()) <= 4 * MOST_BYTES, (seed, turn)
            assert line.isprintable(), (seed, turn, line)
            page = walk.do(Scanned(line))
            assert type(page).__name__ in {"Refused", "HowToFind", "ShowAppointment"}, (seed, turn, line, page)
        assert reader.held <= MOST_BYTES


def hall_toml(times: int, seed: int, folder: Path) -> None:
    """A file somebody mistyped is a hall or a list of mistakes, each with what was found and what was wanted."""
    chance = random.Random(seed)
    whole = DEMO.read_bytes()
    lines = whole.split(b"\n")
    path = folder / "hall.toml"
    for turn in range(times):
        made = list(lines)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(made))
            way = chance.randrange(6)
            if way == 0:
                del made[at]
            elif way == 1:
                made.insert(at, chance.choice(lines))
            elif way == 2:
                made[at] = chance.randbytes(chance.randrange(30))
            elif way == 3 and b"=" in made[at]:
                made[at] = made[at].split(b"=")[0] + b"= " + chance.choice(MISTYPED)
            elif way == 4 and b"=" in made[at]:
                made[at] = chance.choice(lines).split(b"=")[0] + b"=" + made[at].split(b"=", 1)[1]
            else:
                made[at] = made[at][: chance.randrange(len(made[at]) + 1)]
        path.write_bytes(b"\n".join(made))
        problems = mistakes(path, (seed, turn))
        assert all(problem.wanted for problem in problems), (seed, turn, problems)


def mistakes(path: Path, where: object) -> tuple[Problem, ...]:
    """What is wrong with a file; none if it is a hall."""
    try:
        load(path)
    except ConfigError as wrong:
        return wrong.problems or (Problem("", "", ""),)
    except Exception as error:
        raise AssertionError(where) from error
    return ()


def seeds(times: int) -> Iterator[int]:
    """Another beginning each time, told when it matters."""
    first = random.randrange(10**9)
    print("first seed", first)
    yield from range(first, first + times)


def test_http_bodies(one_town):
    http_bodies(one_town, 400, next(seeds(1)))


def test_printer_bytes():
    printer_bytes(4, next(seeds(1)))


def test_scanner_bytes():
    scanner_bytes(400, next(seeds(1)))


def test_hall_toml(tmp_path):
    hall_toml(150, next(seeds(1)), tmp_path)


@pytest.mark.long("fuzz")
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("door", ["http", "printer", "scanner", "hall.toml"])
def test_a_lot_of_it(door, request):
    for seed in seeds(20):
        if door == "http":
            http_bodies(request.getfixturevalue("one_town"), 2000, seed)
        elif door == "printer":
            printer_bytes(30, seed)
        elif door == "scanner":
            scanner_bytes(10_000, seed)
        else:
            with tempfile.TemporaryDirectory() as folder:
                hall_toml(500, seed, Path(folder))
