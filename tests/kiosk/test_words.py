"""Words: days, times and numbers in both languages, a sentence for every reason, a complete catalogue."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract as babel_extract

from kiosk import catalogue
from kiosk.door import Name, Reason
from kiosk.po import read_po
from kiosk.reasons import REASONS
from kiosk.words import TRANSLATIONS, Words, placeholders

ROOT = Path(__file__).resolve().parents[2]


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


NOW = at(2026, 11, 23, 9, 30)
ZH, EN = Words("zh"), Words("en")


def test_days():
    day = date(2026, 11, 24)
    assert (ZH.day(day), EN.day(day)) == ("11月24日 星期二", "Tue 24 Nov")
    assert (ZH.weekday(day, short=True), EN.weekday(day)) == ("周二", "Tuesday")
    assert [ZH.near(NOW.date() + timedelta(days=n), NOW) for n in (-1, 0, 1, 2)] == [
        "11月22日 星期日", "今天", "明天", "11月25日 星期三"]
    assert EN.near(at(2026, 11, 24, 23), NOW) == "tomorrow"
    assert (ZH.day(date(2028, 2, 29)), EN.day(date(2027, 1, 1))) == ("2月29日 星期二", "Fri 1 Jan")


def test_times():
    nine, ten = at(2026, 11, 24, 9), at(2026, 11, 24, 10)
    assert ZH.span(nine, ten) == EN.span(nine.time(), ten.time()) == "9:00–10:00"
    assert ZH.half_day(at(2026, 11, 23, 14), NOW) == "今天下午"
    assert EN.half_day(at(2026, 11, 23, 14), NOW) == "this afternoon"
    assert (EN.half_day(nine, NOW), EN.half_day(nine + timedelta(days=2), NOW)) == (
        "tomorrow morning", "Thu 26 Nov, morning")
    assert (ZH.half(time(11, 59)), ZH.half(time(12)), ZH.half(time(12), noon=time(13))) == ("上午", "下午", "上午")
    assert ZH.moment(at(2026, 11, 23, 14), NOW) == "今天下午 14:00"
    assert (ZH.moment(nine), EN.moment(nine, NOW)) == ("11月24日 星期二 9:00", "tomorrow 9:00")
    assert ZH.moment(at(2026, 11, 26, 9), NOW) == "11月26日 星期四 9:00"


@pytest.mark.parametrize(("length", "zh", "en"), [
    (30, "半小时", "half an hour"), (60, "1 小时", "1 hour"), (120, "2 小时", "2 hours"), (15, "15 分钟", "15 minutes"),
    (90, "90 分钟", "90 minutes"), (timedelta(seconds=20), "20 秒", "20 seconds"), (0, "0 分钟", "0 minutes"),
    (1, "1 分钟", "1 minute")])
def test_lengths(length, zh, en):
    assert (ZH.length(length), EN.length(length)) == (zh, en)


@pytest.mark.parametrize(("lead", "zh", "en"), [
    ({"half_days": 1}, "提前半天", "half a day ahead"), ("half_days:1", "提前半天", "half a day ahead"),
    ({"half_days": 2}, "提前 2 个半天", "2 half-days ahead"), ({"minutes": 30}, "提前半小时", "half an hour ahead"),
    ("days:3", "提前三天", "3 days ahead"), ("days:14", "提前 14 天", "14 days ahead"),
    ({"working_days": 2}, "提前两个工作日", "2 working days ahead"), ({"hours": 12}, "提前 12 小时", "12 hours ahead"),
    ({"minutes": 0}, "随时", "at any time"), ("nonsense", "随时", "at any time")])
def test_leads(lead, zh, en):
    assert (ZH.lead(lead), EN.lead(lead)) == (zh, en)


def test_numbers():
    assert [ZH.phone("13912345678"[:n]) for n in (0, 2, 3, 4, 7, 8, 11)] == [
        "", "13", "139", "139 1", "139 1234", "139 1234 5", "139 1234 5678"]
    assert (ZH.phone("043188888888"), ZH.phone("01088888888")) == ("0431 8888 8888", "010 8888 8888")
    assert [ZH.code("482761"[:n]) for n in (2, 3, 4, 6)] == ["48", "482", "482 7", "482 761"]
    assert (ZH.places(17, "座"), EN.places(1, "套"), EN.places(17, "座"), EN.places(8, "张")) == (
        "17 座", "1 set", "17 seats", "8 places")


def test_names_fall_back_to_chinese():
    assert EN.name(Name("健身房")) == "健身房"
    assert (EN.name(Name("健身房", "Gym")), ZH.name(Name("健身房", "Gym"))) == ("Gym", "健身房")
    assert EN.word(Name("健身房", "Gym")) == "Gym"


def test_a_reason_says_as_much_as_its_facts_allow():
    gym = Name("健身房", "Gym")
    whole = Reason("lead", {"facility": gym, "lead": "half_days:1", "earliest": at(2026, 11, 23, 14)})
    assert ZH.reason(whole, NOW) == "健身房需要提前半天预约，这个时间来不及了。最早可约：今天下午 14:00。"
    assert EN.reason(whole, NOW).endswith("The earliest you can book: today 14:00.")
    assert ZH.reason(Reason("lead", {"facility": gym, "lead": "half_days:1"})).startswith("健身房需要提前半天预约")
    assert ZH.reason(Reason("lead")) == "这个时间来不及预约了，请选晚一些的时间。"
    assert ZH.reason(Reason("codes-wait", {"until": at(2026, 11, 23, 9, 35)})).startswith("输错的次数多了，9:35 ")
    assert ZH.reason(Reason("no-such-code-at-all", {"x": 1})) == ZH.reason(Reason("unknown"))
    assert EN.reason(Reason("cancel-lead", {"lead": "minutes:30"})).startswith("Cancelling has to be done half an hour")
    assert "{" not in ZH.reason(Reason("closed-by-hall", {"why": Name("停电")}))


def test_a_fact_cannot_break_out_of_its_sentence():
    assert ZH.say("{name}", name="{0.__class__}") == "{0.__class__}"
    assert ZH.say("{missing}好") == "好"
    assert ZH.say("") == ""


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_has_a_plain_last_sentence_in_both_languages(code):
    assert placeholders(REASONS[code][-1]) == frozenset()
    zh, en = ZH.reason(Reason(code)), EN.reason(Reason(code))
    assert re.search(r"[一-鿿]", zh)
    assert not re.search(r"[一-鿿]", en), f"no English for {code}"
    for sentence in REASONS[code]:
        assert len(placeholders(sentence)) <= 3


def test_reasons_put_the_most_telling_sentence_first():
    for code, sentences in REASONS.items():
        counts = [len(placeholders(sentence)) for sentence in sentences]
        assert counts == sorted(counts, reverse=True), code


def codes_in_the_source() -> dict[str, str]:
    """Every code written as `Reason("…"` or `Bar("…"`; flows' `Bar` is a button of the bar and is left out."""
    found: dict[str, str] = {}
    for room in ("kiosk", "devices", "screens"):
        for path in (ROOT / room).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            bars = not any(isinstance(node, ast.ImportFrom) and node.module == "kiosk.flows.steps"
                           for node in ast.walk(tree)) and "flows" not in path.parts
            for node in ast.walk(tree):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name == "Reason" or (name == "Bar" and bars):
                    first = node.args[0]
                    branches = (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,)
                    for part in branches:
                        if isinstance(part, ast.Constant) and isinstance(part.value, str):
                            found.setdefault(part.value, f"{path.relative_to(ROOT)}:{node.lineno}")
    return found


def test_every_code_in_the_source_has_a_sentence():
    codes = codes_in_the_source()
    assert "three-phones" in codes, "the scan itself must find what is there"
    assert {code: where for code, where in codes.items() if code not in REASONS} == {}


# ---- the catalogue --------------------------------------------------------------------------------------------------


def test_the_english_catalogue_is_complete():
    po = (TRANSLATIONS / "en" / "LC_MESSAGES" / "hall.po").read_text(encoding="utf-8")
    assert catalogue.faults(catalogue.extract(), read_po(po)) == []


def test_babels_own_extractor_finds_nothing_that_ours_misses():
    ours = catalogue.extract()
    for path in (ROOT / "kiosk").rglob("*.py"):
        with path.open("rb") as file:
            for _line, msgid, _notes, _context in babel_extract("python", file, {"_": None, "say": None}):
                if isinstance(msgid, str) and re.search(r"[一-鿿]", msgid):
                    assert msgid in ours, path


@pytest.fixture
def little(tmp_path: Path) -> Path:
    (tmp_path / "kiosk").mkdir()
    (tmp_path / "screens").mkdir()
    (tmp_path / "kiosk" / "a.py").write_text('x = _("你好{name}")\ny = w.plural("还有 {n} 个", 2)\n', encoding="utf-8")
    (tmp_path / "screens" / "b.kv").write_text("L:\n    text: app.say('开始')\n    t: app.say(\"他说\\\"好\\\"\")\n",
                                               encoding="utf-8")
    return tmp_path


def test_extract_reads_python_and_kv(little):
    found = catalogue.extract(little)
    assert set(found) == {"你好{name}", "还有 {n} 个", "开始", '他说"好"'}
    assert found["还有 {n} 个"].plural
    assert found["开始"].where == (("screens/b.kv", 2),)


def test_check_names_each_fault(little):
    wanted = catalogue.extract(little)
    po = read_po(
        'msgid ""\nmsgstr "x"\n\nmsgid "你好{name}"\nmsgstr "Hello {nam}"\n\n'
        'msgid "还有 {n} 个"\nmsgstr "{n} left"\n\n#, fuzzy\nmsgid "开始"\nmsgstr "Be"\n"gin"\n\n'
        'msgid "没人说"\nmsgstr "gone"\n')
    faults = catalogue.faults(wanted, po)
    assert len(faults) == 5
    for part in ("placeholders", "counted", "fuzzy", "no English", "any more"):
        assert any(part in fault for fault in faults), part
    assert po["开始"].texts == ("Begin",)
    with pytest.raises(ValueError, match=r"not a \.po line"):
        read_po('msgid "a"\nrubbish\n')


def test_extract_and_compile_keep_what_was_translated(little):
    po = little / "tr" / "en" / "LC_MESSAGES" / "hall.po"
    assert len(catalogue.update(po, little)) == 4
    text = po.read_text(encoding="utf-8")
    text = text.replace('msgid "开始"\nmsgstr ""', 'msgid "开始"\nmsgstr "Begin"')
    text = text.replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "{n} place left"\nmsgstr[1] "{n} places left"')
    po.write_text(text, encoding="utf-8")
    assert len(catalogue.update(po, little)) == 2
    before = po.read_bytes()
    catalogue.update(po, little)
    assert po.read_bytes() == before
    for compiled in (False, True):
        if compiled:
            assert catalogue.compile_all(little / "tr") == [po.with_suffix(".mo")]
            assert catalogue.compile_all(little / "tr") == []
        words = Words("en", little / "tr")
        assert words.say("开始") == "Begin"
        assert [words.plural("还有 {n} 个", n) for n in (1, 2)] == ["1 place left", "2 places left"]
        assert words.say("你好{name}", name="李") == "你好李"  # not translated: Chinese is better than nothing


def test_a_catalogue_that_is_missing_or_broken_leaves_chinese(tmp_path):
    assert Words("en", tmp_path).say("开始") == "开始"
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "hall.mo").write_bytes(b"rubbish")
    assert Words("en", tmp_path).say("开始") == "开始"
    (folder / "hall.mo").unlink()
    (folder / "hall.po").write_text("rubbish", encoding="utf-8")
    assert Words("en", tmp_path).say("开始") == "开始"


def test_words_need_nothing_but_the_standard_library_and_ours():
    code = ("import sys, kiosk.words; w = kiosk.words.Words('zh'); w.say('x'); "
            "print([m for m in sys.modules if m.split('.')[0] in ('babel', 'kivy', 'sqlalchemy', 'argparse')])")
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
