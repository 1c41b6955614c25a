"""Ports as they are: silent windows, cables pulled and plugged, writers that stall, noise, echoes, slow wires."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path

import pytest

from devices.displays.bus import Pace
from devices.displays.port import Face, Hears, Showing
from devices.displays.virtual import VirtualDisplays
from tests.devices.displays.boards import (
    A023,
    A024,
    CLOSED,
    PAUSED,
    PROTOCOLS,
    SENT_ONLY,
    THREE,
    bench,
    driving,
    plan,
    shows,
    windows_of,
)
from tests.devices.helpers import until

TIMEOUT = 0.25
SLACK = 0.12
"""What a shared machine of two cores may add to a time-out."""


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_call_is_shown_and_the_state_is_true(tmp_path: Path, protocol: str):
    with bench(tmp_path, protocol) as (boards, driver):
        driver.show("2", A023, call=True)
        assert until(lambda: shows(boards, protocol, "A023"))
        assert until(lambda: driver.hears["2"] is (Hears.SENT_ONLY if protocol in SENT_ONLY else Hears.ANSWERING))
        driver.show("no such window", A023)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_call_that_nobody_acknowledges_is_sent_three_times_another_once(tmp_path: Path, protocol: str):
    with bench(tmp_path, protocol, spacing="0.03") as (boards, driver):
        driver.show("2", A023, call=True)
        panel = boards.panels.all[windows_of(protocol)["2"]]
        # a two-line display is told line by line, and cleared once
        wanted = {"modbus-led485": 1, "cd5220": 7}.get(protocol, 3)
        assert until(lambda: panel.told >= wanted)
        time.sleep(0.2)
        assert panel.told == wanted


def test_a_recall_is_sent_again_although_nothing_changes(tmp_path: Path):
    with bench(tmp_path, "modbus-led485") as (boards, driver):
        for told in (1, 2):
            driver.show("2", A023, call=True)
            assert until(lambda told=told: boards.panels.all[2].told == told)
        driver.show("2", A023)
        driver.show("1", A023)
        assert until(lambda: boards.text(1) == "A023")
        assert boards.panels.all[2].told == 2, "what stands there already is not sent"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_everything_is_sent_again_after_a_while(tmp_path: Path, protocol: str):
    """A board that lost its power comes back dark and is told by the next refresh."""
    address = windows_of(protocol)["2"]
    with bench(tmp_path, protocol, refresh="0.3") as (boards, driver):
        driver.show("2", A023)
        assert until(lambda: shows(boards, protocol, "A023"))
        boards.silence(address)
        told = boards.panels.all[address].told
        boards.wake(address)
        assert until(lambda: boards.panels.all[address].told > told and shows(boards, protocol, "A023"))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("when", ["idle", "mid job"])
def test_pulled_out_and_plugged_in_again_under_another_name(tmp_path: Path, protocol: str, when: str):
    with bench(tmp_path, protocol, baud=9600) as (boards, driver):
        driver.show("1", A023)
        driver.show("2", A023, call=True)
        assert until(lambda: shows(boards, protocol, "A023"))
        assert protocol == "cd5220" or until(lambda: shows(boards, protocol, "A023", "1"))
        if when == "mid job":
            driver.show("2", A024, call=True)
            time.sleep(0.01)
        else:
            time.sleep(0.5)  # answers and repeats are over
        before = boards.path.readlink()
        boards.unplug()
        assert until(lambda: driver.status.reason == "display-port-absent")
        assert set(driver.hears.values()) == {Hears.UNPLUGGED}
        driver.show("2", A024, call=True)
        others = []
        while not others or boards.path.readlink() == before:
            boards.unplug()  # it had the old name again: another program had it for a moment, and let it go
            others.append(os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY))  # somebody takes the old name meanwhile
            boards.plug_in()
        assert until(lambda: shows(boards, protocol, "A024"))
        assert driver.status.reason is None
        if protocol != "cd5220":
            assert until(lambda: shows(boards, protocol, "A023", "1")), "all is sent again, not only what is new"
        for other in others:
            os.close(other)


def test_not_plugged_in_at_first(tmp_path: Path):
    path = tmp_path / "by-id"
    for protocol in PROTOCOLS:
        windows = windows_of(protocol)
        with driving(plan(protocol, path, windows)) as driver:
            driver.show("2", A023, call=True)
            assert until(lambda driver=driver: driver.status.reason == "display-port-absent")
            with VirtualDisplays(path, protocol, windows.values()) as boards:
                assert until(lambda boards=boards, protocol=protocol: shows(boards, protocol, "A023"))


def test_a_silent_window_is_a_state_and_delays_no_other_by_more_than_its_time_out(tmp_path: Path):
    with bench(tmp_path, "modbus-led485") as (boards, driver):
        for window in THREE:
            driver.show(window, CLOSED)
        assert until(lambda: set(driver.hears.values()) == {Hears.ANSWERING})
        boards.silence(2, 3)
        for window in ("2", "3"):
            driver.show(window, PAUSED)
        assert until(lambda: driver.hears["2"] is driver.hears["3"] is Hears.SILENT)
        assert until(lambda: driver.hears["1"] is Hears.ANSWERING)
        late = []
        for at in range(6):
            driver.show("2", Showing(Face.NUMBER, f"A{at:03}"), call=True)
            driver.show("3", Showing(Face.NUMBER, f"A{at:03}"), call=True)
            time.sleep(0.02 * (at % 3))
            before, begun = len(boards.panels.frames), time.monotonic()
            driver.show("1", Showing(Face.NUMBER, f"A{at:03}"), call=True)
            assert until(lambda at=at: boards.text(1) == f"A{at:03}")
            late.append(time.monotonic() - begun)
            asked = [frame[0] for frame in boards.panels.frames[before:]]
            assert asked.index(1) <= 1, "at most the one that was on its way is waited for"
        assert min(late) < TIMEOUT + SLACK
        boards.wake(2, 3)
        driver.show("2", A023, call=True)
        assert until(lambda: boards.text(2) == "A023", 10), "a call is tried whatever the back-off says"
        assert until(lambda: driver.hears["2"] is Hears.ANSWERING)


def test_a_window_that_is_well_again_is_told_by_itself(tmp_path: Path):
    with bench(tmp_path, "modbus-led485") as (boards, driver):
        boards.silence(2)
        driver.show("2", A023, call=True)
        assert until(lambda: driver.hears["2"] is Hears.SILENT)
        boards.wake(2)
        assert until(lambda: boards.text(2) == "A023" and driver.hears["2"] is Hears.ANSWERING)


def test_one_lost_answer_is_no_silence(tmp_path: Path):
    """The answer to one request is lost: the display is asked again at once, and nobody is told it was silent."""

    class Once(set[int]):
        """Silent to whom it is asked about, and no longer."""

        def __contains__(self, address: object) -> bool:
            found = super().__contains__(address)
            self.clear()
            return found

    with bench(tmp_path, "modbus-led485", timeout="1") as (boards, driver):
        driver.show("2", A023, call=True)
        assert until(lambda: driver.hears["2"] is Hears.ANSWERING)
        boards.panels.silent = Once((2,))
        driver.show("2", A024, call=True)
        assert until(lambda: boards.text(2) == "A024")
        assert not boards.panels.silent
        assert [frame[0] for frame in boards.panels.frames] == [2, 2, 2]
        assert driver.hears["2"] is Hears.ANSWERING


def test_a_display_that_refuses_says_so(tmp_path: Path):
    with bench(tmp_path, "modbus-led485") as (boards, driver):
        boards.panels.refuse = True
        driver.show("2", A023, call=True)
        assert until(lambda: driver.hears["2"] is Hears.REFUSING)


def test_noise_late_answers_and_an_adapter_that_hears_itself(tmp_path: Path):
    with bench(tmp_path, "modbus-led485") as (boards, driver):
        boards.answer_late(TIMEOUT + 0.1)
        driver.show("1", A023, call=True)
        assert until(lambda: driver.hears["1"] is Hears.SILENT)
        boards.answer_late(0)
        driver.show("2", A024, call=True)
        assert until(lambda: driver.hears["2"] is Hears.ANSWERING), "an answer for another window is not this one's"
        boards.mutter(b"\xff\x00\x07")
        driver.show("3", A023, call=True)
        assert until(lambda: boards.text(3) == "A023")
        boards.mutter(b"")
        assert until(lambda: driver.hears["3"] is Hears.ANSWERING)
    with bench(tmp_path, "modbus-led485", echo="yes") as (boards, driver):
        boards.echo()
        driver.show("2", A023, call=True)
        assert until(lambda: driver.hears["2"] is Hears.ANSWERING)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_adapter_that_takes_no_more_bytes(tmp_path: Path, protocol: str):
    """It is a state within the write's deadline, and closing never waits for it."""
    with bench(tmp_path, protocol, refresh="0.05", spacing="0", repeat="9") as (boards, driver):
        driver.show("2", A023, call=True)
        assert until(lambda: shows(boards, protocol, "A023"))
        boards.stall()
        fill = os.open(boards.path, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)

        def stalled() -> bool:
            with contextlib.suppress(BlockingIOError):
                while os.write(fill, b"\0" * 4096):
                    pass
            return driver.status.reason == "display-port-stalled"

        assert until(stalled)
        driver.close()
        assert "displays 窗口屏" not in {thread.name for thread in threading.enumerate()}, "it gave up waiting"
        os.close(fill)


def test_a_slow_wire_is_left_its_time_and_a_call_overtakes_what_waits(tmp_path: Path):
    """At 2400 baud a frame of 10 bytes lasts 42 ms; 300 changes wait, and the call still comes next but one."""
    windows = {str(at): at for at in range(1, 301)}
    path = tmp_path / "by-id"
    with VirtualDisplays(path, "ascii-dollar", windows.values(), baud=2400) as boards, \
            driving(plan("ascii-dollar", path, windows, 2400)) as driver:
        for window in windows:
            driver.show(window, CLOSED)
        assert until(lambda: len(boards.panels.frames) >= 3)
        boards.panels.frames.clear()
        driver.show("300", A023, call=True)
        assert until(lambda: boards.text(300) == "A023")
        at = next(at for at, frame in enumerate(boards.panels.frames) if b"A023" in frame)
        assert at <= 2
        assert sum(panel.told for panel in boards.panels.all.values()) < 300, "the changes had not all gone out by then"


def test_a_port_is_one_program_s(tmp_path: Path):
    with bench(tmp_path, "ascii-dollar") as (boards, _driver), \
            driving(plan("ascii-dollar", boards.path, THREE)) as second:
        assert until(lambda: "lock" in second.status.detail.lower() or "Errno 11" in second.status.detail)
        assert second.status.reason == "display-port-absent"


def test_the_port_comes_back_when_the_other_program_lets_go(tmp_path: Path):
    with bench(tmp_path, "modbus-led485") as (boards, driver), \
            driving(plan("modbus-led485", boards.path, THREE)) as second:
        second.show("2", A024, call=True)
        assert until(lambda: second.status.reason == "display-port-absent")
        driver.close()
        assert until(lambda: boards.text(2) == "A024")


def test_what_stands_is_sent_again_every_half_minute_unless_hall_toml_says_otherwise():
    assert Pace.of({}) == Pace() == Pace(refresh=30.0, repeat=3, spacing=0.15)
    assert Pace.of({"refresh": "5", "repeat": "1"}) == Pace(5.0, 1)
