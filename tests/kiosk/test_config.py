"""hall.toml: the demo hall reads, and everything that can be wrong is named with key, found and wanted, all at once."""

from __future__ import annotations

import contextlib
import copy
import subprocess
import sys
import tomllib
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config import ConfigError, Problem, Settings, load
from kiosk.config.loading import read
from kiosk.rules.lead import Lead

DEMO = Path(__file__).parents[2] / "assets/demo/hall.toml"
TREE = tomllib.loads(DEMO.read_text(encoding="utf-8"))


def problems_of(tree: object) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        read(tree, DEMO)  # type: ignore[arg-type]
    return caught.value.problems


def changed(path: str, value: object) -> dict[str, object]:
    """The demo hall with one key set (or, for `...`, taken away): "facilities.0.capacity"."""
    tree = copy.deepcopy(TREE)
    at: object = tree
    *steps, last = path.split(".")
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at.setdefault(step, {})  # type: ignore[attr-defined]
    key = int(last) if isinstance(at, list) else last
    if value is ...:
        del at[key]  # type: ignore[attr-defined]
    else:
        at[key] = value  # type: ignore[index]
    return tree


def test_the_demo_hall_is_the_published_guides() -> None:
    hall = load(DEMO)
    assert {f.id: (f.rules.capacity, f.rules.slot_minutes, f.rules.lead, f.rules.horizon) for f in hall.facilities} == {
        "gym": (10, 60, Lead("half_days", 1), 14),
        "reading-room": (20, 60, Lead("minutes", 30), 14),
        "remote-education": (1, None, Lead("days", 3), 30),
    }
    assert hall.hall.hours == dict.fromkeys(range(5), ((time(9), time(12)), (time(14), time(17, 30))))
    assert [s.id for s in hall.services] == [
        "party", "civil-affairs", "health", "social-security", "employment", "veterans",
    ]  # fmt: skip
    assert [w.id for w in hall.windows] == list("123456")
    assert sum(len(s.matters) for s in hall.services) >= 40
    assert all(f.rules.phone_day == 1 for f in hall.facilities)
    assert [c.name.zh for c in hall.categories] == [
        "生活保障", "劳动就业", "生产经营", "环境卫生", "矛盾调解", "意见建议",
    ]  # fmt: skip
    assert all(one.also for one in (*hall.categories, *hall.services)), "names people look for them by"
    assert all(c.days == 7 and len(c.phrases) >= 5 and all(p.en for p in c.phrases) for c in hall.categories)
    assert len(hall.grids) >= 40
    assert all(grid.name.en for grid in hall.grids)
    assert hall.hall.here in {grid.id for grid in hall.grids}


# path to change, new value, key that must be named, something the wanted text must hold
WRONG: list[tuple[str, object, str, str]] = [
    ("facilities.0.capacity", 0, "facilities[0].capacity", "1"),
    ("facilities.0.capacity", "10", "facilities[0].capacity", "整数"),
    ("facilities.0.capacity", True, "facilities[0].capacity", "整数"),
    ("facilities.0.capacity", ..., "facilities[0].capacity", "整数"),
    ("facilities.0.capcity", 3, "facilities[0].capcity", '"capacity"'),
    ("facilities.0.lead", {"working_days": 11}, "facilities[0].lead", "horizon"),  # a fortnight here has ten
    ("facilities.0.lead", {"days": 15}, "facilities[0].lead", "horizon"),
    ("facilities.0.lead", {"half_days": 29}, "facilities[0].lead", "horizon"),
    ("facilities.0.lead", {"weeks": 1}, "facilities[0].lead", "half_days"),
    ("facilities.0.lead", {"days": 1, "hours": 2}, "facilities[0].lead", "half_days"),
    ("facilities.0.lead", {"days": -1}, "facilities[0].lead", "half_days"),
    ("facilities.0.cancel_lead", {"days": 30}, "facilities[0].cancel_lead", "horizon"),
    ("facilities.0.slot", {"minutes": 240}, "facilities[0].slot", "开放时间"),
    ("facilities.0.slot", {"minutes": 4}, "facilities[0].slot", "5"),
    ("facilities.0.slot", {"minutes": 211}, "facilities[0].slot", "开放时间"),
    ("facilities.0.slot", "hourly", "facilities[0].slot", "half-day"),
    ("facilities.0.horizon", 0, "facilities[0].horizon", "1"),
    ("facilities.0.limits.people", 0, "facilities[0].limits.people", "1"),
    ("facilities.0.limits.people", 11, "facilities[0].limits.people", "1–10"),
    ("facilities.0.limits.phones", 1, "facilities[0].limits.phones", "phone_day"),
    ("facilities.0.takes", "chairs", "facilities[0].takes", "booking"),
    ("facilities.0.name", "", "facilities[0].name", "文字"),
    ("facilities.0.id", "健身房", "facilities[0].id", "reading-room"),
    ("facilities.1.id", "gym", "facilities[1].id", "没有用过"),
    ("services.0.id", "gym", "services[0].id", "facilities"),
    ("services.1.letter", "A", "services[1].letter", "没有用过"),
    ("services.0.letter", "K", "services[0].letter", "U"),
    ("services.0.letter", ..., "services[0].letter", "U"),
    ("services.0.matters.0", {"nam": "x"}, "services[0].matters[0].nam", '"name"'),
    ("windows.0.services", ["nobody"], "windows[0].services", "party"),
    ("hall.hours", {"mon": ["9:00-12:00", "11:00-14:00"]}, "hall.hours.mon", "不重叠"),
    ("hall.hours", {"mon": ["14:00-12:00"]}, "hall.hours.mon", "9:00-12:00"),
    ("hall.hours", {"mon": ["9:00-9:00"]}, "hall.hours.mon", "9:00-12:00"),
    ("hall.hours", {"mon": ["9-12"]}, "hall.hours.mon", "9:00-12:00"),
    ("hall.hours", {"mon-fri": ["9:00-12:00"], "wed": ["9:00-11:00"]}, "hall.hours.wed", "只写一次"),
    ("hall.hours", {"monday": ["9:00-12:00"]}, "hall.hours.monday", "mon"),
    ("hall.hours", {}, "hall.hours", "至少一天"),
    ("hall.zone", "Asia/Atlantis", "hall.zone", "Asia/Shanghai"),
    ("hall.zone", "../../etc/passwd", "hall.zone", "Asia/Shanghai"),
    ("hall.noon", "25:00", "hall.noon", "12:00"),
    ("hall.name", ..., "hall.name", "文字"),
    ("hall.makeup_workdays", "maybe", "hall.makeup_workdays", "closed"),
    ("hall.closures", [{"from": "2026-12-31", "to": "2026-12-01"}], "hall.closures[0].to", "from"),
    ("hall.closures", [{"why": "?"}], "hall.closures[0].from", "2026-10-01"),
    ("hall.extra_days", [{"day": "soon"}], "hall.extra_days[0].day", "2026-10-01"),
    ("hall.extra_days", [{"day": "2026-12-26"}] * 2, "hall.extra_days[1].day", "只写一次"),
    ("printers.0.connection", "lpt1", "printers[0].connection", "virtual://"),
    ("printers.0.connection", "tcp://192.168.1.5", "printers[0].connection", "9100"),
    ("printers.0.connection", "tcp://h:99999", "printers[0].connection", "9100"),
    ("printers.0.paper", 76, "printers[0].paper", "58"),
    ("printers.0.text", "latin", "printers[0].text", "gbk"),
    ("printers", [{"name": "x", "connection": "virtual://"}] * 2, "printers[1].name", "没有用过"),
    ("scanners.0.baud", 1234, "scanners[0].baud", "9600"),
    ("displays", [{"driver": "modbus-led485", "port": "/dev/x", "windows": {"9": 1}}], "displays[0].windows", "1"),
    ("displays", [{"driver": "cd5220", "port": "/dev/x", "windows": {"1": 300}}], "displays[0].windows.1", "255"),
    ("displays", [{"driver": "cd5220", "port": "/dev/x", "name": "a"}, {"driver": "binary4", "port": "/dev/x"}],
     "displays[1].port", "not used yet"),
    ("notifiers", [{"name": "x"}], "notifiers[0].driver", "letters"),
    ("notifiers", [{"driver": "file", "quiet": ["night"]}], "notifiers[0].quiet", "12:00-14:00"),
    ("notifiers", [{"driver": "file", "folder": "x"}], "notifiers[0].folder", "options"),
    ("notifiers", [{"driver": "file", "options": "x"}], "notifiers[0].options", "table"),
    ("notifiers", [{"driver": "file", "name": "a"}] * 2, "notifiers[1].name", "没有用过"),
    ("notifiers", [{"driver": "file", "name": "窗口屏"}], "notifiers[0].name", "displays"),
    ("voice.quiet", ["noon"], "voice.quiet", "12:00-14:00"),
    ("voice.quiet", ["12:00-12:00"], "voice.quiet", "12:00-14:00"),
    ("voice.quiet", "12:00-14:00", "voice.quiet", "a list"),
    ("voice.times", 0, "voice.times", "1"),
    ("voice.on", "no", "voice.on", "true"),
    ("voice.loud", True, "voice.loud", "no such key"),
    ("upstream", [{"name": "d", "url": "http://example.org/"}], "upstream[0].url", "http"),
    ("upstream", [{"name": "d", "url": "http://8.8.8.8/"}], "upstream[0].url", "http"),
    ("upstream", [{"name": "d", "url": "ftp://127.0.0.1/"}], "upstream[0].url", "http"),
    ("upstream", [{"name": "d", "url": "https://x/", "clear": ["phone"]}], "upstream[0].clear", "电话"),
    ("upstream", [{"name": "d", "url": "https://x/", "clear": ["name"]}], "upstream[0].clear", "称呼"),
    ("upstream", [{"name": "d", "url": "https://x/", "secret": "a", "secret_file": "b"}],
     "upstream[0].secret_file", "只"),
    ("ledger.url", "mysql://x", "ledger.url", "sqlite"),
    ("screen.inches", 3, "screen.inches", "7"),
    ("privacy.days", 0, "privacy.days", "1"),
    ("staff.session_hours", 0, "staff.session_hours", "1"),
    ("requests.name", "maybe", "requests.name", "ask"),
    ("requests.nam", "ask", "requests.nam", '"name"'),
    ("hall", "a hall", "hall", "表"),
    ("facilities", {"id": "x"}, "facilities", "[[facilities]]"),
    ("halls", {}, "halls", '"hall"'),
    ("categories.0.days", 0, "categories[0].days", "60"),
    ("categories.0.days", "7", "categories[0].days", "整数"),
    ("categories.0.phrases", "路灯不亮", "categories[0].phrases", "一列"),
    ("categories.0.phrases", [{"name": "路灯不亮", "nam": "x"}], "categories[0].phrases[0].nam", '"name"'),
    ("categories.0.phrases", ["长" * 101], "categories[0].phrases[0].name", "100"),
    ("categories.1.id", "livelihood", "categories[1].id", "没有用过"),
    ("grids.4.id", "park", "grids[4].id", "没有用过"),
    ("grids.1.within", "nowhere", "grids[1].within", "park"),
    ("grids.0.within", "park", "grids[0].within", "绕回"),
    ("grids.0.within", "dormitory-1", "grids[0].within", "绕回"),
    ("grids.1.withn", "park", "grids[1].withn", '"within"'),
    ("grids.1.name", ..., "grids[1].name", "一行文字"),
    ("hall.here", "nowhere", "hall.here", "park"),
    ("writing.words", ["前进村", "A座"], "writing.words[1]", "汉字"),
    ("writing.words", ["村" * 25], "writing.words[0]", "24"),
    ("writing.words", ["村"] * 2001, "writing.words", "2000"),
    ("writing.words", "前进村", "writing.words", "一列文字"),
    ("writing.fuzzy", "yes", "writing.fuzzy", "true | false"),
    ("writing.word", [], "writing.word", '"words"'),
]


@pytest.mark.parametrize(("path", "value", "key", "wanted"), WRONG, ids=lambda value: str(value)[:30])
def test_what_is_wrong_is_named(path: str, value: object, key: str, wanted: str) -> None:
    """Exactly the wrong key is named, with what stands there and what would be right."""
    problems = [problem for problem in problems_of(changed(path, value)) if problem.key == key]
    assert problems, [problem.key for problem in problems_of(changed(path, value))]
    assert wanted in problems[0].wanted
    if isinstance(value, str) and value:
        assert value[:20] in problems[0].found
    if path.endswith(".lead") and isinstance(value, dict):
        assert f"{{ {', '.join(f'{unit} = {amount}' for unit, amount in value.items())} }}" == problems[0].found


def test_one_wrong_key_is_one_problem() -> None:
    """No problem draws others behind it."""
    for path, value, key, _ in WRONG:
        if path in {"hall", "facilities", "services.0.id", "services.0.matters.0"} or key.startswith("displays"):
            continue  # these change more than one thing: what is missing then is missed elsewhere
        assert [problem.key for problem in problems_of(changed(path, value))] == [key], path


def test_what_only_just_fits_is_right() -> None:
    """Bounds are included: a lead of the whole horizon, a slot of the whole afternoon, periods that touch."""
    tree = changed("facilities.0.lead", {"days": 14})
    tree["facilities"][1]["slot"] = {"minutes": 210}  # type: ignore[index]
    tree["hall"]["hours"] = {"mon-fri": ["9:00-12:00", "12:00–14:00", "14:00-17:30"], "sat": []}  # type: ignore[index]
    tree["upstream"] = [
        {"name": name, "url": url}
        for name, url in (("a", "http://127.0.0.1:9/"), ("b", "http://10.1.2.3/"), ("c", "http://localhost/"))
    ]
    hall: Settings = read(tree, DEMO)
    assert hall.facilities[0].rules.lead == Lead("days", 14)
    assert len(hall.hall.hours[0]) == 3
    assert hall.hall.hours[5] == ()
    assert len(hall.upstream) == 3


def test_all_problems_come_at_once() -> None:
    tree = changed("facilities.0.capacity", 0)
    tree["facilities"][1]["lead"] = {"days": 99}  # type: ignore[index]
    tree["nonsense"] = 1
    assert {p.key for p in problems_of(tree)} == {"facilities[0].capacity", "facilities[1].lead", "nonsense"}


def test_broken_syntax_names_the_line(tmp_path: Path) -> None:
    broken = tmp_path / "hall.toml"
    broken.write_text('[hall]\nname = "园区"\nhours = {\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"line [34]"):
        load(broken)
    broken.write_bytes(b'[hall]\nname = "\xff\xfe"\n')
    with pytest.raises(ConfigError, match="line 2"):
        load(broken)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[hall]\nname = "园区\n', 2),
        ("[hall]\nhours = [\n1,\n", 3),
        ("a = 1\na = 2\n", 2),
        ("\n\nday = 2026-02-30\n", 3),
        ('[hall]\n\nname = "园区', 3),
    ],
)
def test_the_line_is_named_also_where_something_was_left_open(text: str, line: int, tmp_path: Path) -> None:
    """A parser that reaches the end of the file names no line; the last one that holds anything is meant."""
    (tmp_path / "hall.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "hall.toml")
    assert [problem.key for problem in caught.value.problems] == [f"第 {line} 行 / line {line}"]


def test_what_a_windows_editor_writes_is_read(tmp_path: Path) -> None:
    """Notepad puts a mark before the text and ends lines with two signs; GBK is said to be what it is."""
    (tmp_path / "hall.toml").write_bytes(b"\xef\xbb\xbf" + DEMO.read_bytes().replace(b"\n", b"\r\n"))
    assert load(tmp_path / "hall.toml").hall == load(DEMO).hall
    (tmp_path / "hall.toml").write_bytes(DEMO.read_text(encoding="utf-8").encode("gbk", "replace"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load(tmp_path / "hall.toml")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("ledger.url", "postgres://hall:Canary1@db/hall"),
        ("ledger.password", "Canary1"),
        ("upstream", [{"name": "d", "url": "https://d/", "secret": "Canary1" * 80}]),
        ("upstream", [{"name": "d", "url": "https://d/", "secert": "whsec_Canary1"}]),
        ("upstream", [{"name": "d", "url": "http://me:Canary1@d.example/"}]),
        ("printers.0.connection", "ftp://me:Canary1@printer"),
    ],
)
def test_a_secret_is_never_shown_in_a_problem(path: str, value: object) -> None:
    problems = problems_of(changed(path, value))
    assert problems
    assert not any("Canary1" in f"{problem}" for problem in problems)


def test_where_a_secret_lies_may_be_shown() -> None:
    tree = changed("upstream", [{"name": "d", "url": "https://d/", "secret": "x", "secret_file": "keys/district"}])
    assert [problem.found for problem in problems_of(tree)] == ['"keys/district"']


def test_a_file_as_big_as_a_film_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "hall.toml").write_bytes(DEMO.read_bytes() + b"#" * 1_000_000)
    with pytest.raises(ConfigError, match="1 MB"):
        load(tmp_path / "hall.toml")


def test_a_half_day_fits_a_day_without_lunch() -> None:
    """Open from nine to five: the morning and the afternoon of it are the blocks."""
    hall: Settings = read(changed("hall.hours", {"mon-fri": ["9:00-17:00"]}), DEMO)
    assert hall.facilities[2].rules.slot_minutes is None


def test_a_single_place_is_for_one_person_unless_said() -> None:
    tree = changed("facilities.0.capacity", 1)
    tree["facilities"][0].pop("limits")  # type: ignore[index]
    hall: Settings = read(tree, DEMO)
    assert [facility.rules.people for facility in hall.facilities] == [1, 2, 2]


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nowhere.toml")


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    text = DEMO.read_text(encoding="utf-8") + (
        '\n[[upstream]]\nname = "district"\nurl = "https://d.example/"\nsecret_file = "keys/d"\n'
    )
    (tmp_path / "hall.toml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "hall.toml").upstream[0].secret_file == tmp_path / "keys/d"


def test_dates_and_extra_days() -> None:
    tree = changed("hall.extra_days", [{"day": date(2026, 11, 28)}, {"day": "2026-11-29", "hours": ["9:00-10:00"]}])
    tree["hall"]["closures"] = [{"from": date(2026, 12, 1), "why": "检修"}]  # type: ignore[index]
    hall: Settings = read(tree, DEMO)
    assert hall.hall.extra_days[0].periods == hall.hall.hours[0]
    assert hall.hall.extra_days[1].periods == ((time(9), time(10)),)
    assert (hall.hall.closures[0].first, hall.hall.closures[0].last) == (date(2026, 12, 1), date(2026, 12, 1))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates() | st.times()
    | st.sampled_from(["half-day", "gym", "mon-fri", "9:00-12:00", "virtual://", "tcp://[::", "https://a:b"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "name", "minutes", "days", "lead", "slot", "windows", "options", "x"]), inner, max_size=4
    ),
    max_leaves=8,
)  # fmt: skip
sections = st.sampled_from([*TREE, "displays", "upstream", "unknown"])


@given(st.dictionaries(sections, values, max_size=4), st.booleans())
def test_nothing_but_a_config_error_comes_of_any_file(tree: dict[str, object], on_top: bool) -> None:
    with contextlib.suppress(ConfigError):
        read({**TREE, **tree} if on_top else tree, DEMO)


def test_reading_it_needs_the_standard_library_only() -> None:
    """hall.toml is on the way to the kiosk's first page."""
    program = (
        "import sys; before = set(sys.modules); import kiosk.config\n"
        "ours = {n.split('.')[0] for n in set(sys.modules) - before}\n"
        "print(*sorted(ours - set(sys.stdlib_module_names) - {'kiosk'}"
        "- {n for n in ours if n.startswith('_sysconfig')}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
