"""What people write, cleaned: a table of what comes over keyboards and bad lines, and what holds for every text; and
which events a destination takes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.rules.cleaning import clean, says_something
from kiosk.rules.taking import changes_of, takes


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  路灯不亮  ", "路灯不亮"),
        ("一\r\n二\r三\n\n\n\n四", "一\n二\n三\n\n四"),
        ("a\tb   c", "a b c"),
        ("\x00\x07灯\x1b[2J\x1b[31m坏\x7f了\x9b", "灯坏了"),
        ("\ufffd\ufffd灯\ufffd", "灯"),
        ("\u202e灯\u200b坏\ufeff", "灯坏"),
        ("\ud800灯", "灯"),
        ("e\u0301", "é"),
        ("灯" + "\u0301" * 50, "灯\u0301\u0301"),
        ("😀👍🏽", "😀👍🏽"),
        ("\u3000灯\u3000", "灯"),
        ("", ""),
    ],
)
def test_a_text_is_made_fit_to_keep(raw: str, kept: str) -> None:
    assert clean(raw) == kept


@pytest.mark.parametrize(
    ("text", "says"),
    [("灯", True), ("3", True), ("😀", True), ("ok", True), ("", False), ("……——！", False), ("\u0301", False)],
)
def test_dots_and_dashes_say_nothing(text: str, says: bool) -> None:
    assert says_something(text) == says


@given(st.text(st.characters(), max_size=60), st.booleans())
def test_clean_is_clean(text: str, lines: bool) -> None:
    kept = clean(text, lines=lines)
    assert clean(kept, lines=lines) == kept
    assert kept == unicodedata.normalize("NFC", kept) == kept.strip()
    assert kept.encode().decode() == kept  # nothing that UTF-8 cannot hold
    assert all(mark == "\n" or unicodedata.category(mark) not in {"Cc", "Cf", "Cs", "Co"} for mark in kept)
    assert lines or "\n" not in kept


@pytest.mark.parametrize(
    ("patterns", "what", "taken"),
    [
        (["request.*"], "request.filed", True),
        (["request.*"], "request", False),
        (["request.*"], "requests.filed", False),
        (["request.filed"], "request.filed", True),
        (["request.filed"], "request.done", False),
        (["*"], "kiosk.help", True),
        (["appointment.*", "request.*"], "request.filed", True),
        ([], "request.filed", False),
        ([""], "request.filed", False),
        ([".*"], "request.filed", False),
        (["cn.hall.request.*"], "cn.hall.request.filed.v1", True),
        (["request.filed"], "cn.hall.request.filed.v1", True),
    ],
)
def test_what_a_destination_takes(patterns: list[str], what: str, taken: bool) -> None:
    assert takes(patterns, what) == taken


@pytest.mark.parametrize(
    ("kind", "url", "told", "at"),
    [
        ("cloudevents", "https://d.example/api/v1/events", None, "https://d.example/api/v1/changes"),
        ("cloudevents", "https://d.example/x/api/v1/events", "", "https://d.example/x/api/v1/changes"),
        ("cloudevents", "https://d.example/events", None, None),
        ("cloudevents", "https://d.example/api/v1/events/more", None, None),
        ("webhook", "https://d.example/api/v1/events", None, None),
        ("webhook", "https://d.example/hook", "https://d.example/c", "https://d.example/c"),
        ("open311", "https://d.example/api/v1/events", 5, None),
    ],
)
def test_who_answers_requests(kind: str, url: str, told: object, at: str | None) -> None:
    assert changes_of(kind, url, told) == at
