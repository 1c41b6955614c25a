"""What goes over the wire for each face, against published frames (facts on devices §6), and what cannot be shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.displays import ascii_dollar, binary4, cd5220
from devices.displays.boards import BOARDS, Panels, crc16
from devices.displays.faces import SHOWABLE, Faces, digits, fitted, segments
from devices.displays.modbus_led485 import MAPS, register_map
from devices.displays.plug import open_displays
from devices.displays.port import Face, Showing
from devices.transport import BadConnection
from kiosk.config.loading import LETTERS
from tests.devices.displays.boards import A023, CLOSED, FREE, PAUSED, plan

FACES = Faces()


def test_published_frames():
    assert ascii_dollar.frame(1, "8.8.8.8.") == b"$001,8.8.8.8.#"
    assert binary4.frame(5, 999) == bytes.fromhex("05 03 E7 EF")
    assert cd5220.frame("A023", "")[:4] == b"\x1bQA "
    assert cd5220.frame("A023", "").count(b"\r") == 2


def test_the_virtual_boards_know_the_published_frames():
    """The judge is judged: whole frames with their checksums, as the sources print them, and none with a flaw."""
    for protocol, address, frame, shown in (
        ("modbus-led485", 1, "01 10 00 70 00 02 04 41 30 32 33 B5 CD", "A023"),
        ("modbus-led485", 1, "01 06 00 00 00 17 C9 C4", "23"),
        ("binary4", 5, "05 03 E7 EF", "999"),
        ("ascii-dollar", 1, b"$001,8.8.8.8.#".hex(), "8.8.8.8."),
    ):
        data = bytes.fromhex(frame)
        panels = Panels.at([address])
        board = BOARDS[protocol](panels)
        board.feed(data[:3])
        board.feed(data[3:])
        assert panels.all[address].text == shown
        flawed = Panels.at([address])
        BOARDS[protocol](flawed).feed(data[:-1] + bytes((data[-1] ^ 0x41,)))
        assert flawed.all[address].text == ""
    assert crc16(bytes.fromhex("01 06 00 00 00 17")).to_bytes(2, "little") == bytes.fromhex("C9 C4")


def test_what_the_registers_hold():
    assert MAPS["led485"].values(FACES, A023) == [0x4130, 0x3233]
    assert MAPS["led485-number"].values(FACES, A023) == [23]
    assert MAPS["dm36"].values(FACES, A023) == [0x20, 0x20, 0x41, 0x30, 0x32, 0x33]
    assert MAPS["led485"].values(FACES, PAUSED) == [0x2D2D, 0x2D2D]
    assert MAPS["led485"].values(FACES, CLOSED) == MAPS["led485"].values(FACES, FREE) == [0x2020, 0x2020]
    odd = register_map({"cells": "5", "register": "0x0090"})
    assert (odd.register, odd.values(FACES, A023)) == (0x90, [0x2041, 0x3032, 0x3320])


@pytest.mark.parametrize("options", [
    {"map": "led999"}, {"register": "seventy"}, {"register": "70000"}, {"function": "5"}, {"form": "triples"},
    {"map": "led485", "function": "6"}, {"cells": "0"}, {"timeout": "soon"}])
def test_a_wrong_register_map_is_a_state_that_says_what_would_be_right(options: dict[str, str]):
    if "timeout" not in options:
        with pytest.raises(BadConnection):
            register_map(options)
    driver = open_displays(plan("modbus-led485", "/dev/ttyS99", {"1": 1}, **options), lambda: None)
    assert driver.status.reason == "bad-connection"
    assert list(options.values())[-1] in driver.status.detail
    driver.show("1", A023, call=True)
    driver.close()


def test_other_settings_that_cannot_be():
    for made in (plan("modbus-led485", "COM3", {"1": 1}), plan("modbus-led485", "/dev/ttyS0", {"1": 248}),
                 plan("cd5220", "/dev/ttyS0", {"1": 1, "2": 2}), plan("ascii-dollar", "COM3", {"1": 1}),
                 plan("binary4", "/dev/ttyS0", {"1": 1}, repeat="often"),
                 plan("virtual", "virtual://?protocol=morse", {})):
        driver = open_displays(made, lambda: None)
        assert driver.status.reason == "bad-connection", made
    assert open_displays(plan("onbon", "/dev/ttyS0", {"1": 1}), lambda: None).status.reason == "driver-missing"


def test_every_letter_a_service_may_have_can_be_shown_as_it_is():
    for letter in LETTERS:
        assert segments(f"{letter}023") == f"{letter}023"


def test_what_seven_segments_cannot_show_is_a_dash_and_never_another_letter():
    assert segments("K001 M2 w3 x4 令5") == "-001 -2 -3 -4 -5"
    assert segments("B001 D002 a003") == "b001 d002 A003"


@given(st.text(max_size=12), st.integers(1, 8))
def test_a_display_gets_as_many_characters_as_it_has_and_only_such_as_it_can_show(text: str, cells: int):
    shown = fitted(segments(text), cells)
    assert len(shown) == cells
    assert set(shown) <= set(SHOWABLE)


def test_long_numbers():
    assert fitted("A1000", 4) == "1000"
    assert fitted("A1000", 5) == "A1000"
    assert digits("A1000") == 1000
    assert binary4.frame(1, 123_456) == binary4.frame(1, 3456)


def test_texts_can_be_chosen():
    chosen = Faces.of({"paused": "PAU", "free": "0"})
    assert (chosen.text(PAUSED), chosen.value(FREE), chosen.text(CLOSED)) == ("PAU", 0, "")
    assert cd5220.line("窗口 2") == b"        ?? 2        "
    assert Showing(Face.NUMBER, "A001") == Showing(Face.NUMBER, "A001")
