"""How soon a slip's first byte leaves after the order to print, beyond what its status questions take on the wire.

The baseline asks the same three questions of the same virtual printer through a bare socket, in the same run, in turn.
"""

from __future__ import annotations

import socket
import time

from bench.figures import Figure, median, percentile
from devices.paper import Align, Field, Gap, Line, Qr, Rule, Size, Slip
from devices.ports import DevicePlan
from devices.printers.plug import open_printer
from devices.printers.port import Ending
from devices.printers.virtual import VirtualPrinter

JOBS = 30
QUESTIONS = (b"\x10\x04\x02", b"\x10\x04\x03", b"\x10\x04\x04")


def a_slip(number: int) -> Slip:
    """As much as a booking's slip says, each with another code, so that nothing is drawn from memory."""
    code = f"{482_000 + number:06d}"
    return Slip(body=(
        Line("示范社区党群服务中心", Size.TITLE, bold=True), Rule(), Line("健身房预约凭条", Size.STRONG),
        Line(f"{code[:3]} {code[3:]}", Size.CODE, bold=True), Qr(f"HKA:{code}:8F3K2M7Q"), Gap(2),
        Field("日期", "2026年11月24日 星期二"), Field("时间", "14:00–15:00"), Field("地点", "一楼东侧 102"),
        Field("电话", "尾号 5678"), Field("请带", "身份证、运动鞋"), Rule(),
        Line("如需改期或取消，请在终端上扫描此码。", align=Align.LEFT),
    ))


def ask_bare(wire: socket.socket) -> float:
    """Seconds for three questions and their answers, nothing else."""
    begun = time.perf_counter()
    for question in QUESTIONS:
        wire.sendall(question)
        wire.recv(16)
    return time.perf_counter() - begun


def measure(*, baud: int = 0, jobs: int = JOBS) -> Figure:
    """On a network printer; with `baud` on one that is as slow as a serial line."""
    with VirtualPrinter() as printer, VirtualPrinter() as beside:
        if baud:
            printer.pace(baud)
            beside.pace(baud)
        options = {"text": "gbk"} if baud else {}  # as on a serial line
        plan = DevicePlan("bench", "escpos", f"tcp://127.0.0.1:{printer.listen()}", options)
        bare = socket.create_connection(("127.0.0.1", beside.listen()), 5)
        bare.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        driver = open_printer(plan, lambda _status: None)
        driver.probe().result(30)
        wire, first = [], []
        for number in range(jobs):
            wire.append(ask_bare(bare))
            printer.first_byte_at = None
            ordered = time.perf_counter()
            end = driver.print(f"bench-{number}", a_slip(number)).result(120)
            if end.ending is not Ending.PRINTED or printer.first_byte_at is None:
                raise RuntimeError(f"the slip ended {end}")
            first.append(printer.first_byte_at - ordered)
            printer.settle()
        driver.close()
        bare.close()
    beyond = [(late - median(wire)) * 1000 for late in first]
    where = f"at {baud} baud" if baud else "on the network"
    return Figure(f"slip's first byte {where}, p50 / p95", "≤ 10 ms beyond the wire time of its status questions",
                  f"{median(wire) * 1000:.1f} ms", f"+{median(beyond):.1f} / +{percentile(beyond, 0.95):.1f} ms",
                  percentile(beyond, 0.95) <= 10)
