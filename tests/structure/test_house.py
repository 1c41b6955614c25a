"""House rules that no linter knows, each with the proof that it can fail."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from kiosk.web.app import VERSION
from tests.structure.rooms import parse, trespasses

ROOT = Path(__file__).resolve().parents[2]

# A file may be one idea and long; then its reason stands here.
LONG_FILES = {
    "main.py": "one list of commands: what each wires together, and its words",
    "kiosk/ledger/schema.py": "one list of tables: what the database holds, in one place",
    "kiosk/ledger/sqlite.py": "one writer: its queue, its group commit, and what it does when the file lets it down",
    "tests/kiosk/ledger/test_ledger.py": "every promise of the ledger, on both databases",
    "kiosk/flows/steps.py": "every page and answer, side by side",
    "kiosk/flows/visit.py": "the conductor of a visit: one state, every way in and out of it",
    "devices/printers/virtual.py": "one printer on one thread: its wire and its controls",
    "devices/printers/virtual_machine.py": "one table of a printer's commands and what each does to its state",
    "tests/kiosk/upstream/test_relay.py": "every answer the relay can get, and any order of them",
    "tests/kiosk/flows/test_booking.py": "every way through a booking",
    "tests/kiosk/flows/test_visit.py": "every way through a visit",
}
LONGEST = 350
# In pieces, so that this file does not break its own rule.
REGISTRIES = re.compile(r"(files\.pythonhosted|pypi|registry\.npmjs|deb\.debian|proxy\.golang)" + r"\.org|pkg\.dev")
MACHINE_PATHS = re.compile(r"/(?:root|work|home/[a-z]+|Users/[A-Za-z]+)" + r"/[\w.-]+")
NOT_TEXT = {".png", ".bin", ".wav", ".ttf", ".otf"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def sources(*folders: str) -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# ---- who imports whom ------------------------------------------------------------------------------------------------


def imports(source: str) -> set[str]:
    """Every module a piece of Python names in an import, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def roots(modules: set[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


@pytest.fixture
def house_with_a_trespass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> grimp.ImportGraph:
    files = {"__init__.py": "", "rules.py": "import oddhouse.hall", "hall.py": "import oddhouse.rules", "attic.py": ""}
    for name, text in files.items():
        (tmp_path / "oddhouse").mkdir(exist_ok=True)
        (tmp_path / "oddhouse" / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    return grimp.build_graph("oddhouse", cache_dir=None)


def test_the_table_sees_an_import_that_points_up_and_a_module_without_a_room(
    house_with_a_trespass: grimp.ImportGraph,
) -> None:
    rooms = parse(["oddhouse.rules:", "oddhouse.hall: oddhouse.rules"])
    assert list(trespasses(house_with_a_trespass, rooms, ())) == [
        "oddhouse.attic stands in no room of the table",
        "oddhouse.rules -> oddhouse.hall (line 1): oddhouse.rules does not lean on it",
    ]


def test_imports_keep_to_the_table() -> None:
    done = subprocess.run([Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"], cwd=ROOT,
                          check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_imports_are_read_also_where_they_hide() -> None:
    assert imports("def late():\n    from kivy.app import App\n    import a.b") == {"kivy.app", "kivy.app.App", "a.b"}


def test_only_screens_import_kivy() -> None:
    """Also inside functions; main.py hands over to screens/."""
    guilty = [named(path) for path in sources("kiosk", "devices", "main.py")
              if "kivy" in roots(imports(path.read_text(encoding="utf-8")))]
    assert not guilty


def test_nothing_imports_the_roof() -> None:
    guilty = [named(path) for path in sources("kiosk", "devices", "screens")
              if "main" in roots(imports(path.read_text(encoding="utf-8")))]
    assert not guilty


# ---- files -----------------------------------------------------------------------------------------------------------


def test_no_file_grows_into_two_ideas() -> None:
    long = {named(path): count for path in sources("kiosk", "devices", "screens", "bench", "main.py", "tests")
            if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST}
    unexplained = {name: count for name, count in long.items() if name not in LONG_FILES}
    assert not unexplained, f"more than {LONGEST} lines: split, or give the reason in LONG_FILES"


def test_every_module_opens_with_what_it_is_for() -> None:
    """Of tests, the folders say it by their names."""
    silent = [named(path) for path in sources("kiosk", "devices", "screens", "bench", "main.py", "tests")
              if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
              and not (named(path).startswith("tests/") and path.name == "__init__.py")]
    assert not silent


def addresses(text: str) -> list[str]:
    return [match.group() for pattern in (REGISTRIES, MACHINE_PATHS) for match in pattern.finditer(text)]


def test_an_address_is_seen() -> None:
    assert addresses("https://files.python" + "hosted.org/x") == ["files.python" + "hosted.org"]
    assert addresses("cd /ro" + "ot/.pyenv") == ["/ro" + "ot/.pyenv"]
    assert not addresses("/healthz /var/lib/hall-kiosk /dev/usb/lp0 home/page")


def test_no_tracked_file_names_a_registry_or_a_machine() -> None:
    found = {}
    for path in tracked():
        if path.suffix not in NOT_TEXT and (said := addresses(path.read_text(encoding="utf-8", errors="replace"))):
            found[named(path)] = said
    assert not found


def test_nothing_generated_is_tracked() -> None:
    generated = {".mo", ".pyc", ".db", ".log", ".whl"}
    assert not [named(path) for path in tracked() if path.suffix in generated or "node_modules" in path.parts]


# ---- what is installed -----------------------------------------------------------------------------------------------


def test_the_api_tells_the_version_that_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION


def pins(name: str) -> set[str]:
    """The `name==version ; marker` lines of a constraints file, and their hashes."""
    return set(re.findall(r"^(\S+==.*?) ?\\$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))


def test_the_tests_run_on_the_pins_of_the_product() -> None:
    product = pins("constraints.txt")
    assert len(product) > 40
    assert product <= pins("constraints-dev.txt")


def test_every_pin_has_a_hash_and_the_constraints_hold_no_address() -> None:
    for name in ("constraints.txt", "constraints-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        blocks = re.split(r"\n(?=\S)", text)
        assert not [block for block in blocks if "==" in block.splitlines()[0] and "--hash=sha256:" not in block]


def entry_points() -> Iterator[importlib.metadata.EntryPoint]:
    for group in ("printers", "scanners", "displays", "voices", "notifiers"):
        yield from importlib.metadata.entry_points(group=f"hall_kiosk.{group}")
    yield from importlib.metadata.entry_points(group="console_scripts", name="hall-kiosk")


@pytest.mark.parametrize("point", list(entry_points()), ids=lambda point: f"{point.group}:{point.name}")
def test_every_entry_point_loads(point: importlib.metadata.EntryPoint) -> None:
    assert callable(point.load())


def test_the_entry_points_that_are_installed_are_those_of_the_project() -> None:
    """An editable install that has aged would hide a new driver."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = re.findall(r"^([\w-]+) = \"[\w.]+:\w+\"$", project, re.MULTILINE)
    assert {point.name for point in entry_points()} == {*declared, "hall-kiosk"}
