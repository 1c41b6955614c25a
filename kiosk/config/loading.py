"""Reads a hall.toml whole: every section, then what must hold between sections. Collects all problems, raises once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.config.booking import read_rules
from kiosk.config.hours import read_closures, read_extra_days, read_hours
from kiosk.config.plugged import (
    read_display,
    read_notifier,
    read_printer,
    read_scanner,
    read_upstream,
    read_voice,
)
from kiosk.config.reader import ConfigError, Problem, Problems, Table
from kiosk.config.requests import check_grids, read_category, read_grid, read_requests
from kiosk.config.settings import (
    FacilitySettings,
    HallSettings,
    LedgerSettings,
    Matter,
    Periods,
    PrivacySettings,
    ScreenSettings,
    ServiceSettings,
    Settings,
    StaffSettings,
    WindowSettings,
)
from kiosk.config.words import read_writing
from kiosk.door import Name

LETTERS = ("A", "b", "C", "d", "E", "F", "H", "L", "P", "U")
"""The only letters seven segments can show apart (facts on devices: LED-485)."""
_MOST_BYTES = 1_000_000


def load(path: Path) -> Settings:
    """Read hall.toml. Raises `ConfigError` with everything that is wrong, `OSError` if it cannot be read."""
    path = Path(path).resolve()
    raw = path.read_bytes()
    if len(raw) > _MOST_BYTES:
        raise ConfigError([Problem(path.name, f"{len(raw)} bytes", "hall.toml 不超过 1 MB / at most 1 MB")])
    try:
        tree = tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        wanted = "UTF-8 编码 / UTF-8 text"
        raise ConfigError([Problem(f"第 {line} 行 / line {line}", "不是 UTF-8 / not UTF-8", wanted)]) from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        wanted = "TOML 格式 / valid TOML"
        raise ConfigError([Problem(_line(error, raw), str(error) or type(error).__name__, wanted)]) from error
    return read(tree, path)


def _line(error: Exception, raw: bytes) -> str:
    """Where the syntax broke: tomllib names the line, or the end of the document, where something was left open."""
    named = re.search(r"at line (\d+)", str(error))
    if named is None and "end of document" not in str(error):
        return "hall.toml"
    line = named[1] if named else raw.rstrip().count(b"\n") + 1
    return f"第 {line} 行 / line {line}"


def read(tree: dict[str, object], path: Path) -> Settings:
    """Settings of a parsed hall.toml. Raises `ConfigError`."""
    problems = Problems()
    top = Table(tree, "", problems)
    hall = _hall(top.table("hall"))
    week = tuple(hall.hours.values())
    settings = Settings(
        path=path,
        hall=hall,
        facilities=tuple(_facility(item, week) for item in top.tables("facilities")),
        services=tuple(_service(item, week) for item in top.tables("services")),
        windows=tuple(_window(item) for item in top.tables("windows")),
        categories=tuple(read_category(item) for item in top.tables("categories")),
        screen=_screen(top.table("screen")),
        privacy=_privacy(top.table("privacy"), hall.name),
        staff=_staff(top.table("staff")),
        ledger=_ledger(top.table("ledger")),
        printers=tuple(read_printer(item, at) for at, item in enumerate(top.tables("printers"))),
        displays=tuple(read_display(item, at) for at, item in enumerate(top.tables("displays"))),
        scanners=tuple(read_scanner(item, at) for at, item in enumerate(top.tables("scanners"))),
        upstream=tuple(read_upstream(item, path.parent) for item in top.tables("upstream")),
        voice=read_voice(top.table("voice"), path.parent) if top.has("voice") else None,
        grids=tuple(read_grid(item) for item in top.tables("grids")),
        notifiers=tuple(read_notifier(item, at) for at, item in enumerate(top.tables("notifiers"))),
        writing=read_writing(top.table("writing")),
        requests=read_requests(top.table("requests")),
    )
    top.end()
    _between(settings, problems)
    if problems.all:
        raise ConfigError(problems.all)
    return settings


def _name(table: Table, key: str, default: str | None = None) -> Name:
    return Name(table.text(key, default), table.text(f"{key}_en", ""))


def _hall(table: Table) -> HallSettings:
    zone = table.value("zone", "Asia/Shanghai", _zone, '时区，如 "Asia/Shanghai" / a zone like "Asia/Shanghai"')
    hours = read_hours(table.table("hours"))
    hall = HallSettings(
        id=table.word("id", "hall"),
        name=_name(table, "name"),
        address=_name(table, "address", ""),
        region=table.word("region", "000000"),
        zone=zone or "Asia/Shanghai",
        noon=table.clock("noon", time(12)),
        hours=hours,
        makeup_open=table.choice("makeup_workdays", ("closed", "open"), "closed") == "open",
        closures=read_closures(table),
        extra_days=read_extra_days(table, hours),
        here=table.word("here", "") if table.has("here") else "",
    )
    table.end()
    return hall


def _zone(found: object) -> str | None:
    try:
        return ZoneInfo(found).key if isinstance(found, str) else None
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError, and odd names are OSError or ValueError
        return None
    except KeyError:
        return None


def _facility(table: Table, week: Collection[Periods]) -> FacilitySettings:
    facility = FacilitySettings(
        id=table.word("id"),
        name=_name(table, "name"),
        place=_name(table, "place", ""),
        bring=_name(table, "bring", ""),
        icon=table.word("icon", "room"),
        unit=table.text("unit", "个", most=4),
        rules=read_rules(table, week),
    )
    table.end()
    return facility


def _service(table: Table, week: Collection[Periods]) -> ServiceSettings:
    bookable = None
    if table.has("bookable"):
        rules = table.table("bookable")
        bookable = read_rules(rules, week)
        rules.end()
    service = ServiceSettings(
        id=table.word("id"),
        name=_name(table, "name"),
        letter=table.choice("letter", LETTERS) if table.has("letter") else _missing(table, "letter"),
        matters=_matters(table),
        bookable=bookable,
        also=table.texts("also", ()),
    )
    table.end()
    return service


def _missing(table: Table, key: str) -> str:
    table.wrong(key, " ".join(LETTERS) + " 之一（数码管只能显示这些）/ one of these (seven segments show no others)")
    return LETTERS[0]


def _matters(table: Table) -> tuple[Matter, ...]:
    """Matters are texts, or tables with `name`, `name_en` and `also` (popular names)."""
    found = table.raw("matters")
    if found is None:
        return ()
    if not isinstance(found, list):
        table.wrong("matters", '一列事项，如 ["低保申请", …] / a list of matters')
        return ()
    matters = []
    for at, item in enumerate(found):
        if isinstance(item, str):
            item = {"name": item}  # noqa: PLW2901 - the short form of the same thing
        matter = Table(item, f"{table.name('matters')}[{at}]", table.problems)
        matters.append(Matter(_name(matter, "name"), matter.texts("also", ())))
        matter.end()
    return tuple(matters)


def _window(table: Table) -> WindowSettings:
    identity = table.word("id")
    name = _name(table, "name", f"{identity}号窗口")
    named = name if name.en else Name(name.zh, f"Window {identity}")
    window = WindowSettings(identity, named, table.texts("services", ()))
    table.end()
    return window


def _screen(table: Table) -> ScreenSettings:
    screen = ScreenSettings(
        inches=table.measure("inches", 7, 100, 21.5),
        lower_edge_mm=table.number("lower_edge_mm", 0, 1500, 800),
        distance_mm=table.number("distance_mm", 300, 1500, 600),
        look=table.choice("look", ("standard", "elder", "contrast"), "standard"),
        language=table.choice("language", ("zh", "en"), "zh"),
    )
    table.end()
    return screen


def _privacy(table: Table, hall: Name) -> PrivacySettings:
    privacy = PrivacySettings(_name(table, "keeper", hall.zh), table.number("days", 1, 90, 7))
    table.end()
    keeper = privacy.keeper if privacy.keeper.zh != hall.zh or privacy.keeper.en else hall
    return PrivacySettings(keeper, privacy.days)


def _staff(table: Table) -> StaffSettings:
    staff = StaffSettings(table.number("session_hours", 1, 24, 10))
    table.end()
    return staff


def _ledger(table: Table) -> LedgerSettings:
    def url(found: object) -> str | None:
        fine = isinstance(found, str) and found.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://"))
        return str(found) if fine else None

    wanted = '"sqlite:///hall.db" 或 / or "postgresql://…"'
    settings = LedgerSettings(table.value("url", "sqlite:///hall.db", url, wanted) or "sqlite:///hall.db")
    table.end()
    return settings


def _between(settings: Settings, problems: Problems) -> None:
    """What must hold between sections."""
    lists = {
        "facilities": [item.id for item in settings.facilities],
        "services": [item.id for item in settings.services],
        "windows": [item.id for item in settings.windows],
        "categories": [item.id for item in settings.categories],
        "grids": [item.id for item in settings.grids],
    }
    for section, ids in lists.items():
        _once(problems, section, "id", ids)
    _once(problems, "services", "letter", [item.letter for item in settings.services])
    _once(problems, "upstream", "name", [item.name for item in settings.upstream])
    for section, devices in (
        ("printers", settings.printers), ("displays", settings.displays), ("scanners", settings.scanners),
        ("notifiers", settings.notifiers),
    ):  # fmt: skip - staff know a device by its name
        _once(problems, section, "name", [device.name for device in devices])
    # two programs cannot hold one port
    ports = [display.port if not display.port.startswith("virtual:") else "" for display in settings.displays]
    _once(problems, "displays", "port", ports)
    _apart(settings, problems)
    check_grids(settings.grids, settings.hall.here, problems)
    both = set(lists["facilities"]) & set(lists["services"])
    for name in sorted(both):
        at = lists["services"].index(name)
        problems.add(f"services[{at}].id", name, "与 facilities 不同的 id / an id no facility has")
    for at, window in enumerate(settings.windows):
        for service in window.services:
            if service not in lists["services"]:
                known = "、".join(lists["services"])
                problems.add(f"windows[{at}].services", service, f"已有的服务：{known} / one of the services")
    for at, display in enumerate(settings.displays):
        for window_id in display.windows:
            if window_id not in lists["windows"]:
                known = "、".join(lists["windows"])
                problems.add(f"displays[{at}].windows", window_id, f"已有的窗口：{known} / one of the windows")


def _apart(settings: Settings, problems: Problems) -> None:
    """What the hall's own machine holds is told of by name: a notifier must not be called as a display or the voice."""
    taken = {display.name for display in settings.displays} | {"语音"}
    for at, notifier in enumerate(settings.notifiers):
        if notifier.name in taken:
            wanted = "窗口屏和语音没有用过的 / a name that neither displays nor the voice have"
            problems.add(f"notifiers[{at}].name", notifier.name, wanted)


def _once(problems: Problems, section: str, key: str, values: list[str]) -> None:
    for at, value in enumerate(values):
        if value and value in values[:at]:
            problems.add(f"{section}[{at}].{key}", value, "没有用过的 / one that is not used yet")
