"""What requests may be about and where, and what is asked with them: [[categories]], [[grids]] and [requests] as
hall.toml writes them."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.config.reader import Problems, Table
from kiosk.config.settings import CategorySettings, GridSettings, RequestSettings
from kiosk.door import Name
from kiosk.rules.deadline import DAYS, MOST_DAYS

_MOST_PHRASE = 100
_PHRASES = '一列文字，如 ["路灯不亮", …] / a list of texts'


def read_requests(table: Table) -> RequestSettings:
    """[requests]."""
    requests = RequestSettings(table.choice("name", ("never", "ask"), "never") == "ask")
    table.end()
    return requests


def read_category(table: Table) -> CategorySettings:
    """One of [[categories]]."""
    category = CategorySettings(
        id=table.word("id"),
        name=Name(table.text("name"), table.text("name_en", "")),
        hint=Name(table.text("hint", ""), table.text("hint_en", "")),
        phrases=_phrases(table),
        days=table.number("days", 1, MOST_DAYS, DAYS),
        unit=_unit(table),
        also=table.texts("also", ()),
    )
    table.end()
    return category


def read_grid(table: Table) -> GridSettings:
    """One of [[grids]]."""
    grid = GridSettings(
        id=table.word("id"),
        name=Name(table.text("name", most=40), table.text("name_en", "")),
        also=table.texts("also", ()),
        within=table.word("within", "") or None,
        unit=_unit(table),
    )
    table.end()
    return grid


def check_grids(grids: Sequence[GridSettings], here: str, problems: Problems) -> None:
    """What must hold between them: a grid lies within one that is there, and never, at length, within itself."""
    around: dict[str, str | None] = {}
    for grid in grids:
        around.setdefault(grid.id, grid.within)
    known = "、".join(list(around)[:12]) + ("……" if len(around) > 12 else "")
    wanted = f"已有的网格：{known or '还没有'} / the id of one of [[grids]]"
    told: set[str] = set()
    for at, grid in enumerate(grids):
        if grid.within is not None and grid.within not in around:
            problems.add(f"grids[{at}].within", grid.within, wanted)
        elif grid.id not in told and (ring := _ring(grid.id, around)):
            told |= ring
            problems.add(f"grids[{at}].within", grid.within, "一层套一层，不能绕回自己 / not, at length, within itself")
    if here and here not in around:
        problems.add("hall.here", here, wanted)


def _ring(start: str, around: dict[str, str | None]) -> set[str]:
    """Every grid on the way from one out and back to it; empty where the way ends, as it should."""
    seen: set[str] = set()
    at: str | None = start
    while at is not None and at not in seen:
        seen.add(at)
        at = around.get(at)
    return seen if at == start else set()


def _unit(table: Table) -> Name | None:
    unit = Name(table.text("unit", "", most=40), table.text("unit_en", ""))
    return unit if unit.zh else None


def _phrases(table: Table) -> tuple[Name, ...]:
    """Phrases are texts, or tables with `name` and `name_en`."""
    found = table.raw("phrases")
    if found is None:
        return ()
    if not isinstance(found, list):
        table.wrong("phrases", _PHRASES)
        return ()
    phrases = []
    for at, item in enumerate(found):
        if isinstance(item, str):
            item = {"name": item}  # noqa: PLW2901 - the short form of the same thing
        phrase = Table(item, f"{table.name('phrases')}[{at}]", table.problems)
        phrases.append(Name(phrase.text("name", most=_MOST_PHRASE), phrase.text("name_en", "")))
        phrase.end()
    return tuple(phrases)
