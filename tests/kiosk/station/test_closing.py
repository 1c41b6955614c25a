"""What a station still says before it closes."""

from __future__ import annotations

from pathlib import Path

from devices.printers.virtual import VirtualPrinter
from kiosk.door import HallAway, KioskReport, Order
from kiosk.station.events import DevicesChanged, HallFound
from tests.devices.helpers import until, whole
from tests.kiosk.station.helpers import FarHall, appointment, printer_at, standing


class HardOfHearing(FarHall):
    """Nothing that is acknowledged reaches it while it is `deaf`."""

    deaf = True

    async def report(self, report: KioskReport, done: tuple[str, ...] = ()) -> tuple[Order, ...]:
        if done and self.deaf:
            raise HallAway("cut")
        return await super().report(report, done)


def test_what_was_done_is_said_before_the_kiosk_closes(tmp_path: Path):
    """A machine in this one's place, with a journal of its own, would print the order once more."""
    with VirtualPrinter() as printer:
        hall = HardOfHearing(orders=[Order("o1", "reprint", appointment())])
        with standing(tmp_path / "one", hall, printer=printer_at(printer.listen())) as here:
            assert here.heard(DevicesChanged)
            assert until(lambda: here.station._reporter._done == ["o1"])
            assert not hall.done
            hall.deaf = False
        assert hall.done == ["o1"]
        with standing(tmp_path / "another", hall, printer=printer_at(printer.listen())) as here:
            told = len(hall.reports)
            assert here.heard(HallFound)
            assert until(lambda: len(hall.reports) > told)
        assert whole(printer) == 1
