"""What device tests share: a slip as a hall prints it, printers ready to be tried, and waiting for a state."""

from __future__ import annotations

import os
import pty
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from devices.paper import PAPER_58, PAPER_80, Badge, Field, Gap, Line, Paper, Qr, Rule, Size, Slip
from devices.ports import DevicePlan, DeviceStatus
from devices.printers.escpos import EscposPrinter
from devices.printers.port import PrintEnd
from devices.printers.virtual import VirtualPrinter

QR = "HKA:482761:0A1B2C3D"
SLIP = Slip((
    Line("园区党群服务中心"), Rule(), Badge("补打"),
    Line("健身房", Size.TITLE, bold=True), Line("11月24日 星期二", Size.STRONG),
    Line("9:00–10:00", Size.TITLE, bold=True), Gap(1), Line("482 761", Size.CODE, bold=True), Qr(QR),
    Field("请带", "身份证、运动鞋"), Field("电话尾号", "5678"),
), (Rule(), Line("11月23日 9:30 打印")))
SHORT = Slip((Line("健身房"), Line("482 761", Size.STRONG)))
PAPERS = {"58": PAPER_58, "80": PAPER_80}


def until(true: Callable[[], bool], seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


@contextmanager
def driving(connection: str, text: str = "raster", paper: Paper = PAPER_80, **options: str) -> Iterator[EscposPrinter]:
    heard: list[DeviceStatus] = []
    plan = DevicePlan("p", "escpos", connection, {"text": text, "paper": paper.name, **options})
    printer = EscposPrinter(plan, heard.append)
    try:
        yield printer
    finally:
        printer.close()


@contextmanager
def on_tcp(printer: VirtualPrinter, text: str = "raster", **options: str) -> Iterator[EscposPrinter]:
    with driving(f"tcp://127.0.0.1:{printer.listen()}", text, **options) as driver:
        driver.probe().result(30)
        yield driver


@contextmanager
def on_pty(printer: VirtualPrinter, text: str = "gbk", baud: int = 115200, **options: str) -> Iterator[EscposPrinter]:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    printer.attach(ours)
    printer.pace(baud)
    try:
        with driving(f"serial://{os.ttyname(theirs)}?baud={baud}", text, **options) as driver:
            driver.probe().result(30)
            yield driver
    finally:
        os.close(theirs)


def whole(printer: VirtualPrinter) -> int:
    """How many slips came out whole: with the cut, and the code on them."""
    return sum(slip.cut for slip in printer.slips)


def ended(end: PrintEnd) -> tuple[str, str | None]:
    return end.ending.value, end.reason
