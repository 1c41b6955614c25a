"""The announcer as a hall process starts it, on the demo hall's virtual displays and voice; and what `check` asks."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from pathlib import Path

from devices.displays.virtual import VirtualDisplays
from devices.ports import Health
from kiosk.announcing.running import announce
from kiosk.announcing.selfcheck import ask
from kiosk.clock import FakeClock
from kiosk.door import DeviceState, KioskReport, Role, Ticket, TicketOrder, Window
from kiosk.hall import Caller, HallHouse
from tests.kiosk.hall.building import CLERK, KIOSK, MANAGER, MONDAY, build, demo


async def come(true, seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while not await true():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.05)
    return True


async def a_morning(house: HallHouse, data: Path) -> None:
    async def windows():
        return await house.counter(MANAGER).windows()

    async def report(device: str, told: KioskReport) -> object:
        return await house.door(Caller(f"device:{device}", device, Role.KIOSK)).report(told)

    running = asyncio.create_task(
        announce(house.settings, house.commands.ledger, house.clock, data, windows, report, house.notices))
    try:
        async def told() -> bool:
            found = await house.attention()
            states = {name: report and report.state for one in found.fitted for name, _kind, report in one.each()}
            return states.get("6号窗口") is DeviceState.OK and states.get("语音") is DeviceState.OK

        desk = house.counter(CLERK)
        assert isinstance(await desk.open_window("open", "1"), Window)
        assert isinstance(await house.door(KIOSK).take_ticket("take", TicketOrder("party")), Ticket)
        assert isinstance(await desk.call_next("next", "1"), Ticket)
        assert await come(told), "staff see every display and the voice"
        shown, spoken = data / "displays" / "窗口屏.txt", data / "voice" / "spoken.txt"

        async def called() -> bool:
            return shown.exists() and "A001" in shown.read_text("utf-8") and spoken.exists()

        assert await come(called)
        assert "请A零零一号，到一号窗口" in spoken.read_text("utf-8")
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def test_the_demo_hall_shows_and_speaks_a_call(tmp_path: Path):
    house = build(tmp_path / "data", clock=FakeClock(MONDAY))
    try:
        asyncio.run(a_morning(house, tmp_path / "out"))
    finally:
        house.close()


def test_check_asks_displays_and_voice(tmp_path: Path):
    rows = dict(ask(demo(), tmp_path))
    assert {name: status.health for name, status in rows.items()} == {"窗口屏": Health.OK, "语音": Health.OK}
    away = dataclasses.replace(demo().displays[0], port=str(tmp_path / "nowhere"))
    wrong = dataclasses.replace(demo().displays[0], name="别的屏", driver="onbon", port="/dev/ttyS9")
    rows = dict(ask(dataclasses.replace(demo(), displays=(away, wrong), voice=None), tmp_path))
    assert rows["窗口屏"].reason == "display-port-absent"
    assert not [name for name in rows if name.startswith("窗口屏 ")], "the port is the trouble, not each board"
    assert rows["别的屏"].reason == "driver-missing"
    assert "语音" not in rows


def test_check_asks_the_board_of_every_window(tmp_path: Path):
    answering = dataclasses.replace(demo().displays[0], driver="modbus-led485", port=str(tmp_path / "led"),
                                    windows={"1": 1, "2": 2, "3": 3})  # fmt: skip
    mute = dataclasses.replace(demo().displays[0], name="单向屏", driver="ascii-dollar", port=str(tmp_path / "one-way"),
                               windows={"4": 1})  # fmt: skip
    settings = dataclasses.replace(demo(), displays=(answering, mute), voice=None)
    with (VirtualDisplays(tmp_path / "led", "modbus-led485", (1, 2, 3)) as boards,
          VirtualDisplays(tmp_path / "one-way", "ascii-dollar", (1,))):
        boards.silence(2)
        rows = dict(ask(settings, tmp_path))
    assert {name: (status.health, status.reason) for name, status in rows.items()} == {
        "窗口屏": (Health.OK, None),
        "窗口屏 1号窗口": (Health.OK, None),
        "窗口屏 2号窗口": (Health.BROKEN, "display-silent"),
        "窗口屏 3号窗口": (Health.OK, None),
        "单向屏": (Health.OK, None),
        "单向屏 4号窗口": (Health.OK, "display-sent-only"),
    }
