"""Undocumented means broken: every key, command, option, path of the API and target of make stands in the manuals, and
what the manuals show is true. It reads the manuals as a stranger would, and judges no prose."""

from __future__ import annotations

import argparse
import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import main as roof
from kiosk.config import ConfigError, load
from kiosk.web.routes import ROUTES
from tests.structure.rooms import parse

ROOT = Path(__file__).resolve().parents[2]
MANUALS = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").glob("*.md"))]
KEYS = ROOT / "docs" / "hall-toml.md"
# Table's methods that ask for a key by name (kiosk.config.reader).
ASKING = {"text", "texts", "word", "number", "measure", "choice", "flag", "day", "clock", "table", "tables", "value",
          "raw", "has"}


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


# ---- hall.toml -------------------------------------------------------------------------------------------------------


def keys_asked_for(source: str) -> set[str]:
    """Every key that a piece of `kiosk.config` reads from a table."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        function, arguments = node.func, node.args
        if isinstance(function, ast.Attribute) and function.attr in ASKING and arguments:
            key = arguments[0]
        elif isinstance(function, ast.Name) and function.id in {"_name", "read_lead"} and len(arguments) > 1:
            key = arguments[1]
        else:
            continue
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            found.add(key.value)
            if isinstance(function, ast.Name) and function.id == "_name":
                found.add(f"{key.value}_en")
    return found


def config_keys() -> set[str]:
    return set().union(*(keys_asked_for(read(path)) for path in (ROOT / "kiosk" / "config").glob("*.py")))


def shown_keys() -> set[str]:
    """Keys that stand in the manual's examples, as a key or as a table's name."""
    examples = "\n".join(re.findall(r"```toml\n(.*?)```", read(KEYS), re.DOTALL))
    return {*re.findall(r"(?:^|[{,])\s*#?\s*([a-z_]+) = ", examples, re.MULTILINE),
            *(part for name in re.findall(r"^\[+([a-z_.]+)\]+", examples, re.MULTILINE) for part in name.split("."))}


def test_a_key_that_is_read_is_found() -> None:
    assert keys_asked_for('table.number("capacity", 1); _name(table, "place", ""); read_lead(table, "lead", NONE)') == {
        "capacity", "place", "place_en", "lead"}


def test_every_key_of_hall_toml_is_in_the_manual() -> None:
    keys = config_keys()
    assert {"capacity", "horizon", "noon", "connection", "lead"} <= keys, "the keys are not found any more"
    assert not keys - shown_keys()


def test_the_manual_s_hall_toml_is_right(tmp_path: Path) -> None:
    """All its examples together are one file, as they are for the reader."""
    path = tmp_path / "hall.toml"
    path.write_text("\n".join(re.findall(r"```toml\n(.*?)```", read(KEYS), re.DOTALL)), encoding="utf-8")
    try:
        assert load(path).facilities
    except ConfigError as wrong:
        pytest.fail(f"{wrong.problems}")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_a_reader_s_hall_toml_is_right(name: str, tmp_path: Path) -> None:
    path = tmp_path / "hall.toml"
    examples = re.findall(r"```toml\n(.*?)```", read(ROOT / name), re.DOTALL)
    whole = "\n".join(examples)
    path.write_text(whole if "[hall]" in whole else f'[hall]\nname = "x"\n[hall.hours]\nmon = ["9:00-12:00"]\n{whole}',
                    encoding="utf-8")
    try:
        load(path)
    except ConfigError as wrong:
        pytest.fail(f"{wrong.problems}")


# ---- commands --------------------------------------------------------------------------------------------------------


def commands() -> dict[str, argparse.ArgumentParser]:
    action = next(action for action in roof.command_line()._actions if isinstance(action, argparse._SubParsersAction))
    return action.choices


def options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if action.help is not argparse.SUPPRESS:
            yield from (option for option in action.option_strings if option.startswith("--") and option != "--help")


def test_every_command_is_in_the_readme() -> None:
    told = set(re.findall(r"`([a-z]+)[^`]*`", read(ROOT / "README.md")))
    assert len(commands()) > 5
    assert not set(commands()) - told


def test_every_option_is_in_a_manual() -> None:
    told = "\n".join(read(path) for path in MANUALS)
    missing = {f"{name} {option}" for name, parser in commands().items() for option in options(parser)
               if not re.search(rf"(?<![\w-]){option}(?![\w-])", told)}
    assert not missing


def test_the_manuals_name_no_command_that_does_not_exist() -> None:
    known = set(commands())
    for path in MANUALS:
        said = re.findall(r"(?:main\.py|bin/hall-kiosk|`hall-kiosk) ([a-z]+)", read(path))
        assert not set(said) - known, path.name


def test_the_manuals_name_no_target_of_make_that_does_not_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE))
    for path in MANUALS:
        said = [word for line in re.findall(r"(?:^|`|&& )make ((?:[a-z]+ ?)+)", read(path), re.MULTILINE)
                for word in line.split()]
        assert not set(said) - targets, path.name


# ---- the API ---------------------------------------------------------------------------------------------------------


def test_every_path_of_the_api_is_in_its_manual() -> None:
    told = read(ROOT / "docs" / "api.md")
    missing = [f"{route.method} {route.path}" for route in ROUTES if f"{route.method} {route.path}" not in told]
    assert not missing


# ---- the pages and the house -----------------------------------------------------------------------------------------


def pages_shown(source: str) -> set[str]:
    """Addresses that a browser can be sent to: shown on a GET, and no part that a page asks for by itself."""
    found = re.findall(r'\.add\(\s*app, f?"([^"]+)", (?!None)', source)
    return {page.replace("{ROOT}", "/office").replace("{{", "{").replace("}}", "}") for page in found
            if not page.startswith(("{self", "/static")) and not page.endswith(("/now", "/stream", "/{id}", ".csv"))}


def test_a_page_is_found() -> None:
    source = ('gate.add(app, "/a", self._page)\ngate.add(app, "/a/now", self._now)\n'
              'gate.add(app, "/b", None, self._b)\ngate.add(\n    app, f"{ROOT}/c", page)')
    assert pages_shown(source) == {"/a", "/office/c"}


def test_every_page_is_in_a_manual() -> None:
    shown = set[str]().union(*(pages_shown(read(path)) for path in (ROOT / "kiosk" / "web").rglob("*.py")))
    assert {"/staff", "/board", "/office/units"} <= shown, "the pages are not found any more"
    told = "\n".join(read(path) for path in MANUALS)
    assert not {page for page in shown if f"`{page.partition('{')[0]}" not in told} - {"/"}


def test_every_room_is_in_the_architecture() -> None:
    table = tomllib.loads(read(ROOT / "pyproject.toml"))["tool"]["importlinter"]["contracts"][0]["rooms"]
    rooms = {room.replace(".", "/") for room in parse(table) if room.count(".") < 2}
    assert {"kiosk/hall", "kiosk/clock", "devices"} <= rooms
    told = set(re.findall(r"`([\w/]+?)(?:/|\.py)`", read(ROOT / "docs" / "architecture.md")))
    assert not rooms - told


# ---- what a manual points to -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MANUALS, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", read(path)) if "://" not in link]
    assert not [link for link in links if not (path.parent / link).exists()]


def test_the_readme_leads_to_every_manual() -> None:
    shown = read(ROOT / "README.md")
    assert not [path.name for path in MANUALS if path.name != "README.md" and f"{path.name})" not in shown]


@pytest.mark.parametrize("path", MANUALS, ids=lambda path: path.name)
def test_files_that_are_named_exist(path: Path) -> None:
    named = re.findall(r"`((?:deploy|docs|assets|tests|bench|kiosk|screens|devices)/[\w./-]+)`", read(path))
    assert not [name for name in named if not (ROOT / name).exists()]
