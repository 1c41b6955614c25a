"""The list shipped for service halls, what a hall adds, and what may follow a word begun."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from kiosk.config import hall_words, load
from kiosk.writing import hallwords
from kiosk.writing.build import pinyin as builder
from kiosk.writing.lexicon import Lexicon
from kiosk.writing.store import DataMissing

DEMO = Path(__file__).resolve().parents[3] / "assets" / "demo" / "hall.toml"
installed = pytest.mark.skipif(not builder.SOURCE.is_file(), reason="rime-data-pinyin-simp is not installed")


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory) -> Lexicon:
    made = tmp_path_factory.mktemp("writing")
    builder.build(made, model=made)
    return Lexicon.load(made, ["城南旧事小区"])


@installed
def test_every_word_of_the_list_is_read_as_it_is_written(lexicon) -> None:
    """A valid syllable a character, one that the dictionary gives this character, and no word twice."""
    known: dict[str, set[str]] = {}
    wrong = []
    for word, spelt, level in hallwords.shipped():
        parts = spelt.split()
        if not 1 <= level <= 9 or len(parts) != len(word) or not re.fullmatch(r"[\u3007\u4e00-\u9fff]+", word):
            wrong.append((word, spelt, level))
            continue
        for char, part in zip(word, parts, strict=True):
            if char not in known:
                known[char] = {lexicon.spelling.syllables[reading[0]] for reading, _ in lexicon.entries(char)}
            if part not in known[char]:
                wrong.append((word, char, part))
    assert wrong == []


def test_the_list_has_no_word_twice_and_enough_of_them() -> None:
    count = Counter(word for word, _, _ in hallwords.shipped())
    assert [word for word, times in count.items() if times > 1] == []
    assert len(count) >= 1500


def test_a_broken_list_is_told(tmp_path) -> None:
    (tmp_path / "list").write_text("低保\tdi bao\tviel\n", encoding="utf-8")
    with pytest.raises(DataMissing):
        hallwords.shipped(tmp_path / "list")
    with pytest.raises(DataMissing):
        hallwords.shipped(tmp_path / "nothing")


def test_a_halls_words_are_what_stands_in_its_file() -> None:
    words = hall_words(load(DEMO))
    assert {"学府花园", "健身房", "民政服务", "高龄津贴", "老人补贴", "生活保障", "路灯不亮", "东风小区"} <= set(words)
    assert len(words) == len(set(words))
    assert words[0] == "学府花园"  # its own come first


@installed
def test_what_follows_a_word_begun(lexicon) -> None:
    assert "保" in lexicon.following("低")
    assert "区" in lexicon.following("城南旧事小")
    assert lexicon.following("") == []
    assert lexicon.following("x😀") == []
    assert len(lexicon.following("小", most=3)) == 3


@installed
def test_a_character_fits_what_stands_before_it(lexicon) -> None:
    assert lexicon.fit("低", "保") > lexicon.fit("低", "饱")
    assert lexicon.fit("我要办低", "保") > 0
    assert lexicon.fit("", "保") == lexicon.fit("低", "") == lexicon.fit("x", "y") == 0
    assert min(lexicon.fit(one, other) for one in "的一是不了😀a" for other in "人大小饕餮x") >= 0
