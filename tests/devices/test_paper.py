"""What comes out on paper: sizes, line breaks, rare characters, QR codes, and the bytes that make it."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.glyphs import Typeface
from devices.paper import PAPER_58, PAPER_80, Field, Gap, Line, Paper, Qr, Size, Slip
from devices.printers.encode import Encoder, clean, fence_letters, gbk, harmless
from devices.printers.virtual import VirtualPrinter
from devices.printers.virtual_machine import FULL
from devices.raster import Drawer, QrTooLong, Raster, qr_dots
from devices.typeset import NOT_FIRST, NOT_LAST, break_lines
from tests.devices.helpers import QR, SLIP, driving, ended, on_tcp, until

FACE = Typeface()


def ink(raster: Raster) -> np.ndarray:
    return np.unpackbits(np.frombuffer(raster.data, np.uint8)).reshape(raster.height, raster.width)


@pytest.mark.parametrize("size", list(Size))
@pytest.mark.parametrize("paper", [PAPER_58, PAPER_80])
def test_capitals_and_digits_are_as_high_as_promised(size: Size, paper: Paper):
    rows = ink(Drawer(paper, FACE).strip(Line("H", size))).any(axis=1)
    height_mm = rows.sum() / 8
    assert height_mm >= size.value - 0.13  # a dot for the threshold
    assert {Size.TEXT: 2.87, Size.CODE: 7.87}.get(size, 0) <= height_mm


@pytest.mark.parametrize("paper", [PAPER_58, PAPER_80])
@pytest.mark.parametrize("text", ["raster", "gbk"])
def test_an_outside_reader_reads_the_qr_from_what_was_printed(paper: Paper, text: str):
    with VirtualPrinter(replace(FULL, width=paper.dots)) as printer:
        with driving(f"tcp://127.0.0.1:{printer.listen()}", text, paper) as driver:
            assert ended(driver.print("a", SLIP).result(30)) == ("printed", None)
        picture = Image.open(io.BytesIO(printer.slips[0].png(32))).convert("L")
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [QR]


@pytest.mark.parametrize("content", [QR, "https://hall.example/q/482761-0A1B2C3D4E", "x" * 62])
def test_qr_modules_are_large_and_the_whole_is_narrow(content: str):
    code, dots = qr_dots(content)
    assert dots >= 6
    assert code.shape * dots <= 36 * 8
    drawn = ink(Drawer(PAPER_58, FACE).strip(Qr(content)))
    assert not drawn[: 4 * dots].any()
    assert not drawn[-4 * dots :].any()
    with pytest.raises(QrTooLong):
        qr_dots("x" * 400)


@given(st.text(st.sampled_from("健身房，。、（）「」abc 0431—482 761Reading room–"), max_size=60), st.integers(4, 30))
def test_lines_fit_lose_nothing_and_never_begin_with_a_closing_mark(text: str, width: int):
    wide = lambda c: 1.0 if c.isascii() else 2.0  # noqa: E731
    lines = break_lines(text, width, wide)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(sum(map(wide, line)) <= width for line in lines)
    longest = max((sum(map(wide, part)) for part in text.split()), default=0)
    if (
        longest <= width
        and width >= 20
        and not any(a in NOT_FIRST and b in NOT_FIRST for a, b in itertools.pairwise(text))
    ):
        marks = [line for line in lines[1:] if line and line[0] in NOT_FIRST and " " + line[0] not in text]
        assert not marks
        assert not [line for line in lines[:-1] if line and line[-1] in NOT_LAST and line[-1] + " " not in text]


def test_no_line_of_one_character_ends_a_paragraph():
    wide = lambda c: 1.0 if c.isascii() else 2.0  # noqa: E731
    assert break_lines("取消请提前半天，凭条", 18, wide) == ["取消请提前半天，", "凭条"]
    assert break_lines("可以不用出示凭条。", 14, wide) == ["可以不用出示", "凭条。"]
    assert break_lines("一二三四", 6, wide) == ["一二三", "四"], "a narrow column would only look emptier"


@pytest.mark.parametrize("character", ["㐀", "𠮷", "䶮", "龦", "鿍", "〇", "①", "—", "：", "（"])
def test_rare_names_have_a_picture(character: str):
    assert FACE.missing(character) == ""
    assert ink(Drawer(PAPER_58, FACE).strip(Line(character))).any()


def test_the_golden_bytes_of_the_manual():
    """1B 40 1C 26, then 爱上自己 in GBK (KP-628E manual)."""
    data = Encoder(PAPER_58, "gbk").encode(Slip((Line("爱上自己"),))).data
    assert data.startswith(bytes.fromhex("1b401c26"))
    assert bytes.fromhex("b0aec9cfd7d4bcba0a") in data
    assert data.endswith(bytes.fromhex("1d564200"))


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("：", "a3ba"),
        ("（）", "a3a8a3a9"),
        ("〇", "a996"),
        ("①", "a2d9"),
        ("—", "a1aa"),
        ("￥5", "a3a435"),
        ("¥5", "a3a435"),
    ],
)
def test_what_python_escpos_loses_alone_we_send(text: str, sent: str):
    assert gbk(clean(text)) == bytes.fromhex(sent)
    assert bytes.fromhex(sent) in Encoder(PAPER_80, "gbk").encode(Slip((Line(text),))).data


@pytest.mark.parametrize("name", ["㐀", "𠮷野", "王䶮"])
def test_what_gbk_lacks_goes_as_a_raster_line_and_nothing_else_does(name: str):
    data = Encoder(PAPER_80, "gbk").encode(Slip((Line("姓名"), Line(name), Field("名", name), Line("健身房")))).data
    assert data.count(b"\x1dv0") == 2
    assert "姓名".encode("gbk") in data
    assert "健身房".encode("gbk") in data
    assert name.encode("gb18030") not in data


@given(st.text(max_size=40))
@settings(max_examples=60)
def test_no_text_can_smuggle_a_command(text: str):
    line = Encoder(PAPER_80, "gbk").encode(Slip((Line(text + "安"),))).data
    plain = Encoder(PAPER_80, "gbk").encode(Slip((Line("安"),))).data
    assert line.count(b"\x1dVB\x00") == plain.count(b"\x1dVB\x00") == 1
    assert all(c == "\n" or c.isprintable() for c in clean(text))


@given(st.binary(max_size=200))
def test_raster_data_holds_no_real_time_command(data: bytes):
    safe = harmless(data)
    assert len(safe) == len(data)
    assert not any(bytes([0x10, b]) in safe for b in (0x04, 0x05, 0x14))


@pytest.mark.parametrize("text", ["raster", "gbk"])
def test_what_is_drawn_is_what_is_printed(text: str):
    """Raster: dot for dot. GBK: line for line."""
    with VirtualPrinter() as printer, on_tcp(printer, text) as driver:
        driver.print("a", SLIP).result(30)
        slip = printer.slips[0]
    if text == "raster":
        drawn = Drawer(PAPER_80, FACE).draw(SLIP).image()
        assert slip.image.size == drawn.size
        assert slip.image.tobytes() == drawn.tobytes()
    else:
        assert [line.strip() for line in slip.text if set(line) != {"-"}] == [
            "园区党群服务中心",
            "补打",
            "健身房",
            "11月24日 星期二",
            "9:00-10:00",
            "482 761",
            "请带 身份证、运动鞋",
            "电话尾号 5678",
            "11月23日 9:30 打印",
        ]


def test_a_forgotten_chinese_switch_would_be_seen():
    """The virtual printer prints no Hanzi after a reset until FS & comes, as strict printers do."""
    with VirtualPrinter() as printer:
        end = printer.attach()
        assert end is not None
        end.sendall(
            b"\x1b@" + "健身房\n".encode("gbk") + b"\x1dVB\x00\x1b@\x1c\x26" + "健身房\n".encode("gbk") + b"\x1dVB\x00"
        )
        assert until(lambda: len(printer.slips) == 2)
        assert printer.slips[0].text == ("??????",)
        assert printer.slips[1].text == ("健身房",)
        end.close()


def test_fence_letters_do_not_repeat_soon():
    assert len({fence_letters(n) for n in range(20_000)}) == 20_000


def test_the_command_line_prints_a_slip(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-m", "devices.printers.virtual", "--port", "0", "--out", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        port = int(process.stdout.readline().split()[0].rsplit(":", 1)[1])
        with driving(f"tcp://127.0.0.1:{port}") as driver:
            assert ended(driver.print("a", Slip((Line("你好"), Gap(2)))).result(30)) == ("printed", None)
            process.stdin.write("paper-out\n")
            process.stdin.flush()
            assert until(lambda: driver.status.reason == "paper-out")
            assert ended(driver.print("b", Slip((Line("你好"),))).result(30)) == ("failed", "paper-out")
        assert sorted(p.name for p in tmp_path.iterdir()) == ["001.bin", "001.png"]
        process.stdin.write("quit\n")
        process.stdin.flush()
        assert process.wait(30) == 0
