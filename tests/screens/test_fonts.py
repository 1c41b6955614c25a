"""Fonts: the Chinese face and no other, a cache that heals, and no character as an empty box."""

from __future__ import annotations

import shutil

import pytest
from fontTools.ttLib import TTFont

from screens import fonts
from screens.tokens import CAP


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A copy of the one that set-up made: making it takes ten seconds."""
    fonts.prepare(fonts.default_cache())
    return shutil.copytree(fonts.default_cache(), tmp_path_factory.mktemp("fonts") / "cache")


@pytest.fixture(scope="module")
def book(cache):
    return fonts.load(cache)


def test_the_face_is_simplified_chinese(book) -> None:
    for face in (book.regular, book.bold):
        with TTFont(face.path, lazy=True) as font:
            assert font["name"].getDebugName(1) == "Noto Sans CJK SC"


def test_cap_height_is_what_the_tokens_count_with(book) -> None:
    assert book.regular.cap == pytest.approx(CAP, abs=0.001)


def test_the_everyday_face_is_an_excerpt(book) -> None:
    """Shapes, features and metrics of the whole face; small, because Kivy opens it once for every size."""
    for everyday, whole in ((book.regular, book.whole[0]), (book.bold, book.whole[1])):
        with TTFont(everyday.path, lazy=True) as small, TTFont(whole.path, lazy=True) as large:
            for char in "预约健身房请0:Aé，（…✓":
                a, b = small.getBestCmap()[ord(char)], large.getBestCmap()[ord(char)]
                assert _outline(small, a) == _outline(large, b), char
            assert small["hhea"].ascent == large["hhea"].ascent
            assert {f.FeatureTag for f in small["GPOS"].table.FeatureList.FeatureRecord} >= {"kern"}
            assert len(_outline(small, ".notdef")) > 2, "an empty .notdef would hide a missing character"
    for code in range(0x4E00, 0xA000):
        char = chr(code)
        try:
            char.encode("gb2312")
        except UnicodeEncodeError:
            continue
        assert book.regular.advance(char) is not None


def _outline(font, glyph):
    from fontTools.pens.recordingPen import RecordingPen

    pen = RecordingPen()
    glyphs = font.getGlyphSet()
    glyphs[glyph].draw(pen)
    return pen.value


def test_advances_are_the_fonts_own(book) -> None:
    with TTFont(book.regular.path, lazy=True) as font:
        cmap, metrics, upem = font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm
        for char in "0:AW约，（–":
            assert book.regular.advance(char) == pytest.approx(metrics[cmap[ord(char)]][0] / upem, abs=1e-4)


def test_rare_characters_and_missing_ones(book) -> None:
    for bold in (False, True):
        runs = book.runs("张𰻝三", bold=bold)
        assert [text for _face, text in runs] == ["张", "𰻝", "三"]
        assert runs[1][0] is book.whole[bold]
    before = book.missing
    assert "".join(text for _face, text in book.runs("张\U0010fffd三")) == "张〓三"
    assert book.missing == before + 1


def test_a_character_of_another_font_gets_a_run_of_its_own(book) -> None:
    if not book.rare:
        pytest.skip("no second font is installed")
    runs = book.runs("A\u0645B")
    assert [text for _face, text in runs] == ["A", "\u0645", "B"]
    assert runs[1][0] in book.rare


def test_every_character_of_the_pages_has_a_glyph(book) -> None:
    from kiosk import catalogue

    said = set("".join(catalogue.extract())) | set("0123456789*–：…✓·\u2003")
    assert not [char for char in said if char.isprintable() and char != " " and book.regular.advance(char) is None
                and not any(face.advance(char) is not None for face in book.rare)]


@pytest.mark.parametrize("damage", ["missing", "short", "garbage"])
def test_a_damaged_cache_is_made_again(cache, damage, monkeypatch, tmp_path) -> None:
    table, font = cache / "bold.json", cache / "everyday-bold.otf"
    kept = (cache / "everyday-regular.otf").stat().st_mtime_ns
    whole = shutil.copytree(cache, tmp_path / "whole")
    if damage == "missing":
        table.unlink()
    elif damage == "short":
        font.write_bytes(font.read_bytes()[:1000])
    else:
        table.write_bytes(b"{")
    if damage != "missing":  # once in earnest; then only that it is done, and of what
        monkeypatch.setattr(fonts, "_make", lambda into, weight: [
            shutil.copy2(file, into) for file in whole.glob(f"*{weight}*")
        ])  # fmt: skip
    assert fonts.load(cache).bold.advance("约") == 1.0
    assert 1_000_000 < font.stat().st_size < 3_000_000
    assert (cache / "everyday-regular.otf").stat().st_mtime_ns == kept, "what was whole is kept"
    assert not list(cache.glob(".*"))


def test_without_the_font_its_package_is_named(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(fonts, "_FOLDERS", (str(tmp_path),))
    with pytest.raises(fonts.FontsMissing, match="fonts-noto-cjk"):
        fonts.load(tmp_path / "cache")
