"""What hall.toml says is plugged into this kiosk, as plans for the drivers, and what stands on this hall's slips."""

from __future__ import annotations

from dataclasses import dataclass

from devices.ports import DevicePlan
from kiosk.config import Settings
from kiosk.config.settings import ScannerSettings
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
            options = {key: str(value) for key, value in printer.options.items()}
            options["paper"] = str(printer.paper)
            if printer.text:
                options["text"] = printer.text
            name = printer.name or _numbered("打印机", at)
            printers.append(DevicePlan(name, printer.driver, printer.connection, options, letters(settings)))
        scanners = [
            DevicePlan(scanner.name or _numbered("扫码器", at), *_scanner(scanner))
            for at, scanner in enumerate(settings.scanners, 1)
        ]
        cancel = {facility.id: facility.rules.cancel_lead.as_table() for facility in settings.facilities}
        return Fittings(tuple(printers), tuple(scanners), Letterhead(settings.hall.name, cancel))


def letters(settings: Settings) -> str:
    """Every character this hall's slips are likely to need, for drivers that draw them ahead of time."""
    names = [settings.hall.name]
    for facility in settings.facilities:
        names += [facility.name, facility.place, facility.bring]
    for service in settings.services:
        names += [service.name, *(matter.name for matter in service.matters)]
    names += [window.name for window in settings.windows]
    return "".join(sorted({c for name in names for c in name.zh + name.en}))


def _scanner(scanner: ScannerSettings) -> tuple[str, str]:
    if scanner.port.startswith("virtual:"):
        return "virtual", scanner.port
    return scanner.driver, f"serial://{scanner.port}?baud={scanner.baud}"


def _numbered(word: str, at: int) -> str:
    return f"{word}{at}"
