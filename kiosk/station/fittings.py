"""What hall.toml says is plugged into this kiosk, as plans for the drivers, and what stands on this hall's slips."""

from __future__ import annotations

from dataclasses import dataclass

from devices.ports import DevicePlan
from kiosk.config import Settings
from kiosk.station.slips import Letterhead


@dataclass(frozen=True, slots=True)
class Fittings:
    """Names are unique: a second printer without a name of its own gets a number."""

    printers: tuple[DevicePlan, ...]
    scanners: tuple[DevicePlan, ...]
    head: Letterhead

    @staticmethod
    def of(settings: Settings) -> Fittings:
        printers = []
        for at, printer in enumerate(settings.printers, 1):
            options = {"paper": str(printer.paper), **({"text": printer.text} if printer.text else {})}
            name = printer.name or _numbered("打印机", at)
            printers.append(DevicePlan(name, printer.driver, printer.connection, options))
        scanners = [
            DevicePlan(scanner.name or _numbered("扫码器", at),
                       "virtual" if scanner.port.startswith("virtual:") else "serial", scanner.port)
            for at, scanner in enumerate(settings.scanners, 1)
        ]
        cancel = {facility.id: facility.cancel_lead for facility in settings.facilities if facility.cancel_lead}
        return Fittings(tuple(printers), tuple(scanners), Letterhead(settings.hall.name, cancel))


def _numbered(word: str, at: int) -> str:
    return f"{word}{at}"
