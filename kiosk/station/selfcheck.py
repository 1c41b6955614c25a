"""`main.py check`: asks every device how it stands, without moving paper, and says in a table what to do about it.

It reads hall.toml's devices and the data folder and changes neither. Exit 1 if anything a resident needs is missing.
"""

from __future__ import annotations

import shutil
import time
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime
from dataclasses import dataclass
from pathlib import Path

from devices.glyphs import FontMissing, Typeface
from devices.ports import DeviceStatus, Health
from devices.printers.plug import open_printer
from devices.printers.port import Printer
from devices.scanners.plug import open_scanner
from devices.scanners.port import Scanner
from kiosk.config import Settings
from kiosk.door import Reason
from kiosk.station.fittings import Fittings
from kiosk.words import Words, _

_ANSWER_SECONDS = 10.0
_SCANNER_SECONDS = 2.0
_LEAST_FREE = 200 * 1024 * 1024

TO_DO: dict[str, str] = {
    "paper-out": _("装一卷新纸，合上盖子。"),
    "paper-near-end": _("准备一卷新纸。"),
    "paper-unknown": _("这台打印机不报缺纸，请每天看一眼纸。"),
    "cover-open": _("合上打印机的盖子。"),
    "cutter": _("关机，清开切刀处的纸屑，再开机。"),
    "jam": _("关机，取出卡住的纸，再开机。"),
    "overheated": _("等几分钟让打印头凉下来。"),
    "offline": _("看电源和线；网络打印机看地址对不对。"),
    "no-answer": _("关机再开机；还不行，看 hall.toml 里的波特率和接口。"),
    "absent": _("插上设备，看 hall.toml 里的端口名（ls /dev/serial/by-id）。"),
    "scanner-absent": _("插上设备，看 hall.toml 里的端口名（ls /dev/serial/by-id）。"),
    "driver-missing": _("hall.toml 里的 driver 没有安装，请看名字写对没有。"),
    "driver-failed": _("驱动出错，请把这一行发给维护人员。"),
    "bad-connection": _("hall.toml 里的 connection 写法不对。"),
    "font-missing": _("安装字体：apt install fonts-noto-cjk"),
    "writing-missing": _("连上网，运行一次 make setup。没有它，列表和其他写法照样能用。"),
    "disk-low": _("磁盘快满了，请腾出空间。"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `essential`: without it a resident cannot be served as promised."""

    name: str
    health: Health
    reason: str | None
    detail: str = ""
    essential: bool = True

    @property
    def missing(self) -> bool:
        return self.essential and self.health in (Health.BROKEN, Health.ABSENT)


def run_checks(
    settings: Settings, *, data: Path, hall: Path, say: Callable[[str], None] = print,
    also: Iterable[tuple[str, DeviceStatus]] = (),
) -> int:
    """Print the table; 0 if all a resident needs is there, else 1. `also`: devices that somebody else has asked,
    without which a resident can be served."""
    say(f"hall.toml  {hall}")
    rows = check_rows(settings, data) + tuple(
        Row(name, status.health, status.reason, status.detail, essential=False) for name, status in also)
    words = Words("zh")
    for row in rows:
        state = {Health.OK: "✓", Health.WARNING: "!", Health.BROKEN: "✗", Health.ABSENT: "–"}[row.health]
        told = "" if row.reason is None else words.reason(Reason(row.reason))
        to_do = TO_DO.get(row.reason or "", "")
        say(f" {state} {_padded(row.name, 14)} {_padded(row.reason or 'ok', 16)} "
            + " → ".join(part for part in (told, to_do and words.say(to_do), row.detail) if part))
    return 1 if any(row.missing for row in rows) else 0


def check_rows(settings: Settings, data: Path) -> tuple[Row, ...]:
    """Every device asked, and what the devices lean on."""
    fittings = Fittings.of(settings)
    rows = [_font(), _disk(data)]
    printers: list[tuple[Printer, Future[DeviceStatus]]] = []
    for plan in fittings.printers:
        printer = open_printer(plan, _nothing)
        printers.append((printer, printer.probe()))
    scanners = [open_scanner(plan, _nothing, _nothing) for plan in fittings.scanners]
    rows += [_row(device, asked, essential=True) for device, asked in printers]
    rows += [_scanner(scanner) for scanner in scanners]
    if not printers:
        rows.append(Row("打印机", Health.ABSENT, "absent"))
    if not scanners:
        rows.append(Row("扫码器", Health.ABSENT, "scanner-absent", essential=False))
    for device in (*(printer for printer, _asked in printers), *scanners):
        device.close()
    return tuple(rows)


def _row(device: Printer, asked: Future[DeviceStatus], *, essential: bool) -> Row:
    try:
        status = asked.result(_ANSWER_SECONDS)
    except NotInTime:
        status = DeviceStatus(Health.BROKEN, "no-answer")
    return Row(device.name, status.health, status.reason, status.detail, essential)


def _scanner(scanner: Scanner) -> Row:
    """A port opens within a moment or not at all; typing the code remains, so it is not essential."""
    status = scanner.status
    asked = scanner.probe()
    if status.health is not Health.OK:
        until = time.monotonic() + _SCANNER_SECONDS
        while scanner.status.health is not Health.OK and time.monotonic() < until:
            time.sleep(0.05)
        asked = scanner.probe()
    status = asked.result(_ANSWER_SECONDS)
    reason = "scanner-absent" if status.reason in ("absent", "offline") else status.reason
    return Row(scanner.name, status.health, reason, status.detail, essential=False)


def _font() -> Row:
    try:
        Typeface()
    except FontMissing as error:
        return Row("字体", Health.BROKEN, "font-missing", str(error))
    return Row("字体", Health.OK, None)


def _disk(data: Path) -> Row:
    place = next(folder for folder in (data, *data.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    low = free < _LEAST_FREE
    return Row("磁盘", Health.WARNING if low else Health.OK, "disk-low" if low else None, f"{free // 1024 ** 2} MB",
               essential=False)


def _padded(text: str, width: int) -> str:
    wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
    return text + " " * max(0, width - wide)


def _nothing(_heard: object) -> None:
    """Nobody listens to changes while a table is made."""
