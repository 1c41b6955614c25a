"""What station tests share: an appointment, a hall at the other end of the door, a station whose events are kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from devices.ports import DevicePlan, DeviceStatus
from devices.printers.escpos import EscposPrinter
from devices.printers.port import Printer
from kiosk.clock import SystemClock
from kiosk.config import load
from kiosk.door import Appointment, AppointmentState, Hall, HallAway, KioskReport, Name, Order, Refusal
from kiosk.station.station import Station
from tests.devices.helpers import until

ZONE = ZoneInfo("Asia/Shanghai")
DEMO = Path(__file__).resolve().parents[3] / "assets" / "demo" / "hall.toml"
CANARY = "13912345678"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 24, hour, minute, tzinfo=ZONE)


def appointment(code: str = "482761", state: AppointmentState = AppointmentState.BOOKED) -> Appointment:
    return Appointment(
        f"id-{code}",
        code,
        f"HKA:{code}:0A1B2C3D",
        "gym",
        Name("健身房", "Gym"),
        Name("一楼东侧 102", "Room 102"),
        Name("身份证、运动鞋", "ID card, sports shoes"),
        at(9),
        at(10),
        1,
        state,
        CANARY[-4:],
        at(9),
        at(8, 45),
        at(9, 15),
    )


@dataclass
class FarHall:
    """A hall as a kiosk sees it through a bad wire: it remembers commands by key and can be away."""

    away: bool = False
    lose_answers: bool = False
    effects: dict[str, Appointment | Refusal] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    reports: list[KioskReport] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)

    def _reach(self) -> None:
        if self.away:
            raise HallAway("cut")

    async def book(self, key: str, _booking: object) -> Appointment | Refusal:
        self._reach()
        self.calls.append(("book", key))
        answer = self.effects.setdefault(key, appointment(f"{100000 + len(self.effects)}"))
        if self.lose_answers:
            raise HallAway("the answer was lost")
        return answer

    async def outcome(self, key: str) -> Appointment | Refusal | None:
        self._reach()
        self.calls.append(("outcome", key))
        return self.effects.get(key)

    async def report(self, report: KioskReport, done: tuple[str, ...] = ()) -> tuple[Order, ...]:
        self._reach()
        self.reports.append(report)
        self.done += done
        self.orders = [order for order in self.orders if order.id not in done]
        return tuple(self.orders)

    async def call_help(self, _key: str, _page: str) -> None:
        self._reach()

    @property
    def slips(self) -> dict[str, str]:
        return {slip.job: slip.state.value for report in self.reports for slip in report.slips}


class Standing:
    """A station that runs, and what it said."""

    def __init__(
        self,
        data: Path,
        hall: FarHall,
        printer: Callable[[DevicePlan, Callable[[DeviceStatus], None]], Printer] | None = None,
    ) -> None:
        self.events: list[object] = []
        self._lock = threading.Lock()

        async def connect() -> Hall:
            if hall.away:
                raise HallAway("not there")
            return hall  # type: ignore[return-value]

        extra = {} if printer is None else {"open_printer": printer}
        self.station = Station(load(DEMO), connect, data, SystemClock(ZONE), self._post, self.events.append, **extra)  # type: ignore[arg-type]
        self.station.start()

    def _post(self, call: Callable[[], None]) -> None:
        with self._lock:
            call()

    def heard(self, kind: type, seconds: float = 30.0) -> object:
        assert until(lambda: any(isinstance(event, kind) for event in self.events), seconds), self.events
        return next(event for event in self.events if isinstance(event, kind))


@contextmanager
def standing(data: Path, hall: FarHall, **more: object) -> Iterator[Standing]:
    here = Standing(data, hall, **more)  # type: ignore[arg-type]
    try:
        yield here
    finally:
        here.station.close()


def printer_at(port: int, text: str = "gbk") -> Callable[[DevicePlan, Callable[[DeviceStatus], None]], Printer]:
    return lambda plan, changed: EscposPrinter(
        DevicePlan(plan.name, "escpos", f"tcp://127.0.0.1:{port}", {"text": text, "spare": "0.8", "speed": "500"}),
        changed,
    )
