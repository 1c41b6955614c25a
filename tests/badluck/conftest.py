"""A hall with a printer for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from devices.printers.virtual import VirtualPrinter
from kiosk.clock import SystemClock
from kiosk.door import Role
from kiosk.flows import timing
from kiosk.hall.accounts import Accounts
from kiosk.ledger import open_ledger
from tests.badluck.cables import Cable
from tests.badluck.kiosks import PRINTER, Kiosk, over_http
from tests.halls import HALL, Hall, free_starts


@dataclass(slots=True)
class Town:
    """A real hall process, a printer, the cable between kiosk and hall, and a kiosk's and a clerk's token."""

    folder: Path
    toml: Path
    hall: Hall
    cable: Cable
    printer: VirtualPrinter
    token: str
    clerk: str
    starts: list[str]

    @property
    def data(self) -> Path:
        return self.hall.data

    def kiosk(self, name: str = "kiosk", clock: SystemClock | None = None) -> Kiosk:
        """A kiosk in this process."""
        clock = clock or SystemClock()
        return Kiosk(self.toml, self.folder / name, over_http(self.cable.url, self.token, clock.now), clock=clock)

    def booked(self) -> list[str]:
        """The ids of the appointments that stand, as the ledger has them."""
        ledger = open_ledger("sqlite:///hall.db", self.data)
        try:
            log = ledger.log(0, 10_000_000)  # all of it: an hour of residents is more than a reader's page
            return [logged.event.subject for logged in log if logged.event.type == "cn.hall.appointment.booked.v1"]
        finally:
            ledger.close()

    def again(self) -> None:
        """The hall comes back where it was."""
        self.hall._port = self.hall.port
        self.hall.start()


def settle(folder: Path, data: Path) -> Iterator[Town]:
    """Everything of a town, and its end."""
    with VirtualPrinter() as printer:
        toml = folder / "hall.toml"
        toml.write_text(HALL + PRINTER.format(port=printer.listen()), encoding="utf-8")
        with Hall(data, toml) as hall, Cable(hall.port) as cable:
            ledger = open_ledger("sqlite:///hall.db", data)
            accounts = Accounts(ledger, SystemClock())
            token, clerk = accounts.make_token("kiosk-1", Role.KIOSK), accounts.make_token("clerk-1", Role.CLERK)
            ledger.close()
            with hall.client(token) as client:
                starts = free_starts(client, "many", 12)
            yield Town(folder, toml, hall, cable, printer, token, clerk, starts)


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The waiting page asks every second instead of every 15: these tests wait for it a lot."""
    monkeypatch.setattr(timing, "ABOUT_EVERY", timedelta(seconds=1))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    yield from settle(tmp_path, tmp_path / "data")


@pytest.fixture(scope="module")
def one_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """For tests that leave the hall as they found it."""
    folder = tmp_path_factory.mktemp("town")
    yield from settle(folder, folder / "data")
