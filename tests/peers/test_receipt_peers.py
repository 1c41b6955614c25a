"""Outside programs judge us: receiptio prints on the virtual printer, receiptline makes bytes of the same lines.

receiptio always calls port 9100, so each test's printer listens on a loopback address of its own.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from devices.paper import PAPER_80
from devices.printers.encode import CHINESE_ON, clean, gbk
from devices.printers.virtual import VirtualPrinter
from devices.printers.virtual_machine import FULL

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not (MODULES / "receiptio").is_dir(),
    reason="needs node and `npm install --prefix tests/peers`",
)
LINES = ("健身房预约", "11月24日 星期二 9:00", "请带身份证、运动鞋（室内）", "㈱①—：〇￥5")


def node(script: str) -> str:
    return subprocess.run(
        ["node", "-e", script], cwd=HERE, capture_output=True, text=True, timeout=60, check=True
    ).stdout


def verdict(address: str, timeout: int = 6) -> str:
    slip = "健身房预约\\n\\n{code:HKA:482761;option:qrcode,6}"
    asked = f"-d {address} -p escpos -c 48 -t {timeout} -l zh-hans"
    return node(f"require('receiptio').print('{slip}', '{asked}').then(r => console.log(r))").strip()


@pytest.mark.parametrize(
    ("at", "fault", "said"),
    [
        (1, None, "success"),
        (2, "near-end", "success"),
        (3, "paper-out", "paperempty"),
        (4, "cover-open", "coveropen"),
        (5, "cutter", "error"),
        (6, "jam", "error"),
    ],
)
def test_receiptio_believes_the_virtual_printer(at: int, fault: str | None, said: str):
    address = f"127.91.0.{at}"
    with VirtualPrinter() as printer:
        printer.listen(address, 9100)
        if fault is not None:
            printer.fault(fault)
        assert verdict(address) == said
        assert [slip.cut for slip in printer.slips] == [True] * (said == "success")
        if said == "success":
            assert printer.slips[0].text[0] == "健身房预约"
            picture = Image.open(io.BytesIO(printer.slips[0].png(32))).convert("L")
            assert [code.text for code in zxingcpp.read_barcodes(picture)] == ["HKA:482761"]


def test_receiptio_gives_up_without_a_fence():
    with VirtualPrinter(replace(FULL, gs_r=False)) as printer:
        printer.listen("127.91.0.8", 9100)
        assert verdict("127.91.0.8", timeout=2) == "timeout"


def test_receiptio_sees_that_nobody_is_there():
    assert verdict("127.91.0.9") == "disconnect"


def test_receiptline_makes_the_same_bytes_of_the_same_lines():
    printed = node(
        "const r = require('receiptline');"
        f"const lines = {json.dumps(LINES, ensure_ascii=False)};"
        "const out = lines.map(l => Buffer.from(r.transform(l, {cpl: 48, encoding: 'gb18030', command: 'generic', "
        "spacing: true, cutting: false}), 'binary').toString('hex'));"
        "console.log(JSON.stringify(out))"
    )
    for line, theirs in zip(LINES, json.loads(printed), strict=True):
        ours = gbk(clean(line))
        assert ours is not None
        sent = bytes.fromhex(theirs)
        assert CHINESE_ON in sent
        for run in ours.split(b" "):  # it sets blanks by moving the head
            assert run in sent, (line, sent)
    assert PAPER_80.columns == 48
