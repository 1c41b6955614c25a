"""What is plugged in or connected, as hall.toml names it: printers, displays, voice, notifiers, scanners,
upstream."""

from __future__ import annotations

import ipaddress
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.config.reader import Table, as_time
from kiosk.config.settings import (
    DisplaySettings,
    NotifierSettings,
    PrinterSettings,
    ScannerSettings,
    UpstreamSettings,
    VoiceSettings,
)

_BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_SCHEMES = ("tcp://", "serial://", "usb://", "virtual://")
_CONNECTION = (
    '"tcp://192.168.1.50:9100"、"serial:///dev/ttyS0?baud=115200"、"usb:///dev/usb/lp0" 或 "virtual://"'
    " / one of these forms"
)
_URL = "https://…；http 只限本机和内网 / http only for loopback and private addresses"


def read_printer(table: Table, at: int) -> PrinterSettings:
    """One of [[printers]]."""

    def connection(found: object) -> str | None:
        if not isinstance(found, str) or not found.startswith(_SCHEMES):
            return None
        try:
            parts = urlsplit(found)
            placed = {"tcp": bool(parts.hostname and parts.port), "virtual": True}.get(parts.scheme, bool(parts.path))
        except ValueError:
            return None
        return found if placed else None

    settings = PrinterSettings(
        name=table.text("name", f"打印机{at + 1}"),
        driver=table.word("driver", "escpos"),
        connection=table.value("connection", None, connection, _CONNECTION) or "virtual://",
        text=table.choice("text", ("raster", "gbk")) if table.has("text") else None,
        paper=_paper(table),
        options=_options(table),
    )
    table.end()
    return settings


def read_display(table: Table, at: int) -> DisplaySettings:
    """One of [[displays]]."""
    settings = DisplaySettings(
        name=table.text("name", f"窗口屏{at + 1}"),
        driver=table.word("driver"),
        port=table.text("port"),
        baud=_baud(table),
        windows=_addresses(table),
        options=_options(table),
    )
    table.end()
    return settings


def read_voice(table: Table, folder: Path) -> VoiceSettings:
    """[voice]."""
    clips = table.text("clips", "", most=400)
    settings = VoiceSettings(
        on=table.flag("on", default=True),
        driver=table.word("driver", "speaker"),
        clips=folder / clips if clips else None,
        times=table.number("times", 1, 3, 2),
        quiet=_quiet(table),
        options=_options(table),
    )
    table.end()
    return settings


def read_notifier(table: Table, at: int) -> NotifierSettings:
    """One of [[notifiers]]."""
    settings = NotifierSettings(
        name=table.text("name", f"短信{at + 1}" if at else "短信", most=40),
        driver=table.word("driver"),
        quiet=_quiet(table),
        options=_options(table),
    )
    table.end()
    return settings


def _quiet(table: Table) -> tuple[tuple[time, time], ...]:
    """Periods like "12:00-14:00"; unlike opening hours they may run over midnight."""
    periods = []
    for text in table.texts("quiet", ()):
        first, dash, last = text.partition("-")
        begins, ends = as_time(first.strip()), as_time(last.strip())
        if not dash or begins is None or ends is None or begins == ends:
            table.wrong("quiet", '一列时段，如 ["12:00-14:00"] / periods like ["12:00-14:00"]')
            return ()
        periods.append((begins, ends))
    return tuple(periods)


def read_scanner(table: Table, at: int) -> ScannerSettings:
    """One of [[scanners]]."""
    settings = ScannerSettings(
        name=table.text("name", f"扫码器{at + 1}"),
        driver=table.word("driver", "serial"),
        port=table.text("port"),
        baud=_baud(table),
    )
    table.end()
    return settings


def read_upstream(table: Table, folder: Path) -> UpstreamSettings:
    """One of [[upstream]]. http only for loopback and private addresses."""
    secret_file = table.text("secret_file", "")
    secret = table.text("secret", "", most=400)
    if secret and secret_file:
        table.wrong("secret_file", "secret 与 secret_file 只写一个 / only one of secret and secret_file")
    settings = UpstreamSettings(
        name=table.word("name"),
        kind=table.choice("kind", ("cloudevents", "webhook", "open311"), "cloudevents"),
        url=table.value("url", None, _safe_url, _URL) or "",
        secret=secret or None,
        secret_file=folder / secret_file if secret_file else None,
        events=table.texts("events", ()),
        public_key=table.text("public_key", "", most=400) or None,
        clear=table.texts("clear", ()),
        options=_options(table),
    )
    for word in settings.clear:
        if word not in ("text", "place"):
            table.wrong("clear", '只可写 "text"、"place"，电话和称呼从不明传 / only "text", "place", no personal field')
            break
    table.end()
    return settings


def _safe_url(found: object) -> str | None:
    if not isinstance(found, str):
        return None
    try:
        parts = urlsplit(found)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return None
    if not host or parts.scheme not in ("http", "https"):
        return None
    if parts.scheme == "https" or host == "localhost":
        return found
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    return found if address.is_loopback or address.is_private else None


def _paper(table: Table) -> int:
    wanted = "58 或 80（毫米）/ 58 or 80 (mm)"
    return _among(table, "paper", (58, 80), 80, wanted)


def _baud(table: Table) -> int:
    wanted = "、".join(map(str, _BAUDS)) + " 之一 / one of these"
    return _among(table, "baud", _BAUDS, 9600, wanted)


def _among(table: Table, key: str, numbers: tuple[int, ...], default: int, wanted: str) -> int:
    """One of a few numbers; true is none of them."""

    def read(found: object) -> int | None:
        return found if isinstance(found, int) and not isinstance(found, bool) and found in numbers else None

    return table.value(key, default, read, wanted) or default


def _addresses(table: Table) -> dict[str, int]:
    windows = table.table("windows")
    return {key: windows.number(key, 0, 255) for key in windows.keys()}  # noqa: SIM118 - asking makes them known


def _options(table: Table) -> dict[str, object]:
    """The driver's own keys, in a table of their own; the driver checks them."""
    options = table.table("options")
    return {key: options.raw(key) for key in options.keys()}  # noqa: SIM118 - asking makes them known
