"""district.toml as frozen settings: who receives what halls post, which unit answers what, and who works there."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.config.hours import read_closures, read_extra_days, read_hours
from kiosk.config.plugged import read_upstream
from kiosk.config.reader import ConfigError, Problem, Problems, Table
from kiosk.config.settings import UpstreamSettings
from kiosk.door import Name
from kiosk.rules.calendar import HallCalendar
from kiosk.rules.taking import takes

_MOST_BYTES = 1_000_000
_HANDED = "request.escalated"
ONWARD = frozenset({
    "request.confirmed", "request.struck-off", "request.reopened", "request.brought-home", "request.help-asked",
    "request.help-settled",
})  # fmt: skip
"""What happens at the hall to a case that the tier above has, and is told to it."""
_AFTER = (*sorted(ONWARD), "request.recalled")


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody of a unit. `role`: "officer" answers for cases, "manager" sees all units."""

    name: str
    unit: str
    role: str


@dataclass(frozen=True, slots=True)
class Unit:
    """Who answers: officers in the order in which cases are given to them."""

    id: str
    name: Name
    officers: tuple[Officer, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Cases of these categories in these grids go to a unit; an empty list stands for all."""

    unit: str
    categories: frozenset[str]
    grids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A hall (or a tier below) that posts here: the id in its events' source, and how people call it."""

    id: str
    name: Name


@dataclass(frozen=True, slots=True)
class DistrictSettings:
    """All of district.toml. `labels`: names of categories and grids by their id, for pages."""

    path: Path
    id: str
    name: Name
    zone: str
    calendar: HallCalendar
    days: int
    ledger: str
    units: tuple[Unit, ...]
    routes: tuple[Route, ...]
    halls: tuple[Neighbour, ...]
    labels: dict[str, Name]
    upstream: tuple[UpstreamSettings, ...]

    def unit(self, category: str, grid: str) -> Unit:
        """Who answers for a category in a grid: the first route that fits, else the first unit."""
        for route in self.routes:
            if (not route.categories or category in route.categories) and (not route.grids or grid in route.grids):
                return next(unit for unit in self.units if unit.id == route.unit)
        return self.units[0]


def load_district(path: Path) -> DistrictSettings:
    """Read district.toml. Raises `ConfigError` with everything that is wrong, `OSError` if it cannot be read."""
    path = Path(path).resolve()
    raw = path.read_bytes()
    try:
        if len(raw) > _MOST_BYTES:
            raise ValueError("more than 1 MB")  # noqa: TRY301 - one way out for all that is no TOML
        tree = tomllib.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ConfigError([Problem(path.name, str(error), "TOML 格式 / valid TOML")]) from error
    problems = Problems()
    top = Table(tree, "", problems)
    settings = _read(top, path)
    top.end()
    _between(settings, problems)
    if problems.all:
        raise ConfigError(problems.all)
    return settings


def _read(top: Table, path: Path) -> DistrictSettings:
    table = top.table("district")
    zone = table.value("zone", "Asia/Shanghai", _zone, '时区，如 "Asia/Shanghai" / a zone like "Asia/Shanghai"')
    hours = read_hours(table.table("hours")) if table.has("hours") else dict.fromkeys(range(5), ((time(9), time(17)),))
    made_up = table.choice("makeup_workdays", ("closed", "open"), "open") == "open"
    calendar = HallCalendar(ZoneInfo(zone or "Asia/Shanghai"), hours, made_up, read_closures(table),
                            read_extra_days(table, hours))
    settings = DistrictSettings(
        path=path,
        id=table.word("id", "district"),
        name=_name(table),
        zone=zone or "Asia/Shanghai",
        calendar=calendar,
        days=table.number("days", 1, 60, 7),
        ledger=top.table("ledger").text("url", "sqlite:///district.db", most=400),
        units=tuple(_unit(one) for one in top.tables("units")),
        routes=tuple(_route(one) for one in top.tables("routes")),
        halls=tuple(_hall(one) for one in top.tables("halls")),
        labels=_labels(top.table("labels")),
        upstream=tuple(_above(read_upstream(one, path.parent)) for one in top.tables("upstream")),
    )
    table.end()
    return settings


def _name(table: Table) -> Name:
    return Name(table.text("name"), table.text("name_en", ""))


def _unit(table: Table) -> Unit:
    id_ = table.word("id")
    managers = frozenset(table.texts("managers", ()))
    people = (*table.texts("officers", ()), *managers)
    officers = tuple(Officer(name, id_, "manager" if name in managers else "officer") for name in dict.fromkeys(people))
    unit = Unit(id_, _name(table), officers)
    table.end()
    return unit


def _route(table: Table) -> Route:
    route = Route(table.word("unit"), frozenset(table.texts("categories", ())), frozenset(table.texts("grids", ())))
    table.end()
    return route


def _hall(table: Table) -> Neighbour:
    hall = Neighbour(table.word("id"), _name(table))
    table.end()
    return hall


def _labels(table: Table) -> dict[str, Name]:
    found: dict[str, Name] = {}
    for key in table.keys():  # noqa: SIM118 - asking makes them known
        both = table.texts(key)
        found[key] = Name(both[0], both[1] if len(both) > 1 else "") if both else Name(key, key)
    return found


def _above(one: UpstreamSettings) -> UpstreamSettings:
    """Who takes cases also hears what becomes of them below: not solved, ended, taken home, asked back, help asked."""
    if not takes(one.events, f"cn.hall.{_HANDED}.v1"):
        return one
    missing = [what for what in _AFTER if not takes(one.events, f"cn.hall.{what}.v1")]
    return replace(one, events=(*one.events, *missing))


def _zone(found: object) -> str | None:
    try:
        return ZoneInfo(found).key if isinstance(found, str) else None
    except (OSError, ValueError, KeyError):
        return None


def _between(settings: DistrictSettings, problems: Problems) -> None:
    units = [unit.id for unit in settings.units]
    if not units:
        problems.add("units", None, "至少一段 [[units]] / at least one [[units]]")
    for at, route in enumerate(settings.routes):
        if route.unit not in units:
            problems.add(f"routes[{at}].unit", route.unit, f"{'、'.join(units)} 之一 / one of these")
    takers = [at for at, one in enumerate(settings.upstream) if takes(one.events, f"cn.hall.{_HANDED}.v1")]
    for at in takers[1:]:
        problems.add(f"upstream[{at}].events", list(settings.upstream[at].events),
                     f"只有一个上一级收 {_HANDED} / only one tier above takes {_HANDED}")  # fmt: skip
    for name, ids in (("units", units), ("halls", [hall.id for hall in settings.halls])):
        for twice in sorted({one for one in ids if ids.count(one) > 1}):
            problems.add(name, twice, "每个 id 只写一次 / each id once")
