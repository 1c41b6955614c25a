"""The hall's own displays and voice on the pages: there from the start, each with its state, gone with hall.toml."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from kiosk.clock import FakeClock
from kiosk.config.settings import NotifierSettings
from kiosk.door import DeviceReport, DeviceState, KioskReport, Reason, Role
from kiosk.hall import Caller
from kiosk.hall.fitted import OWN
from kiosk.web.pages.devices import DeviceLine, lines
from kiosk.words import Words
from tests.kiosk.hall.building import KIOSK, MONDAY, build, demo, run
from tests.kiosk.web.standing import Standing

WINDOWS = tuple(window.name.zh for window in demo().windows)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(MONDAY)


def tell(house, name: str, *states: tuple[str, str, DeviceState, str | None]) -> None:
    devices = tuple(DeviceReport(one, kind, state, None if code is None else Reason(code), MONDAY)
                    for one, kind, state, code in states)  # fmt: skip
    run(house.door(Caller(OWN + name, name, Role.KIOSK)).report(KioskReport(house.clock.now(), devices, ())))


def shown(house) -> dict[str, DeviceLine]:
    seen = run(house.attention())
    return {line.name: line for line in lines(seen.kiosks, seen.fitted, house.clock.now(), Words("zh"))}


def test_they_are_listed_before_anybody_has_asked_them(tmp_path: Path, clock: FakeClock) -> None:
    house = build(tmp_path, clock=clock)
    assert {name: (line.mark, line.word) for name, line in shown(house).items()} == {
        "窗口屏": ("off", "还没问过"), "语音": ("off", "还没问过")}  # fmt: skip
    house.close()


def test_each_board_is_told_of_those_alike_together(tmp_path: Path, clock: FakeClock) -> None:
    house = build(tmp_path, clock=clock)
    ok, broken = DeviceState.OK, DeviceState.BROKEN
    boards = [(name, "display", ok, None) for name in WINDOWS[:3]]
    tell(house, "窗口屏", ("窗口屏", "display-port", ok, None), *boards,
         (WINDOWS[3], "display", broken, "display-silent"))  # fmt: skip
    tell(house, "语音", ("语音", "voice", broken, "voice-absent"))
    seen = shown(house)
    assert seen["窗口屏"].word == "正常"
    assert seen["1号窗口、2号窗口、3号窗口的屏"].word == "有回应"
    assert (seen["4号窗口的屏"].mark, seen["4号窗口的屏"].word) == ("care", "没有回应")
    assert seen["5号窗口、6号窗口的屏"].word == "还没问过"
    assert seen["语音"].mark == "care"
    tell(house, "窗口屏", ("窗口屏", "display-port", broken, "display-port-absent"))
    assert [name for name in shown(house) if "屏" in name] == ["窗口屏"], "one trouble, one row"
    clock.advance(timedelta(minutes=2))
    assert shown(house)["窗口屏"].word == "没有消息"
    house.close()


def test_what_hall_toml_names_no_more_leaves_no_row(tmp_path: Path, clock: FakeClock) -> None:
    house = build(tmp_path, clock=clock)
    tell(house, "窗口屏", ("窗口屏", "display-port", DeviceState.OK, None))
    tell(house, "语音", ("语音", "voice", DeviceState.OK, None))
    printer = DeviceReport("p", "printer", DeviceState.OK, None, MONDAY)
    run(house.door(KIOSK).report(KioskReport(MONDAY, (printer,), ())))
    assert "一号机 打印机" in shown(house)
    run(house.door(KIOSK).report(KioskReport(MONDAY, (), ())))
    house.close()
    clock.advance(timedelta(minutes=2))
    house = build(tmp_path, clock=clock, settings=dataclasses.replace(demo(), displays=(), voice=None))
    run(house.door(KIOSK).report(KioskReport(clock.now(), (), ())))
    assert list(shown(house)) == ["一号机"]
    house.close()


def test_a_notifier_stands_with_them(tmp_path: Path, clock: FakeClock) -> None:
    one = NotifierSettings("短信", "file", (), {})
    house = build(tmp_path, clock=clock, settings=dataclasses.replace(demo(), notifiers=(one,)))
    assert shown(house)["短信"].word == "还没问过"
    tell(house, "短信", ("短信", "notifier", DeviceState.BROKEN, "notifier-failed"))
    assert (shown(house)["短信"].mark, shown(house)["短信"].word) == ("care", "不能用")
    assert "发不出去" in shown(house)["短信"].why
    (told,) = [each for fitted in run(house.attention()).fitted for each in fitted.each() if each[0] == "短信"]
    assert told[1] == "notifier"
    house.close()


def test_health_tells_of_them_too(tmp_path: Path) -> None:
    with Standing(tmp_path / "data") as hall:
        devices = httpx.get(f"{hall.url}/healthz").json()["devices"]
        assert [one["name"] for one in devices] == ["窗口屏", *WINDOWS, "语音"]
        assert {one["state"] for one in devices} == {"unknown"}
