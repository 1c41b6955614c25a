"""Fonts: the Chinese face and no other, a cache that heals, and no character as an empty box."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont

from screens import fonts
from screens.tokens import CAP


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    path = tmp_path_factory.mktemp("fonts")
    fonts.prepare(path)
    return path


@pytest.fixture(scope="module")
def book(cache):
    return fonts.load(cache)


def test_the_face_is_simplified_chinese(book) -> None:
    for face in (book.regular, book.bold):
        with TTFont(face.path, lazy=True) as font:
            assert font["name"].getDebugName(1) == "Noto Sans CJK SC"


def test_cap_height_is_what_the_tokens_count_with(book) -> None:
    assert book.regular.cap == pytest.approx(CAP, abs=0.001)


def test_advances_are_the_fonts_own(book) -> None:
    with TTFont(book.regular.path, lazy=True) as font:
        cmap, metrics, upem = font.getBestCmap(), font["hmtx"].metrics, font["head"].unitsPerEm
        for char in "0:AW约，（–":
            assert book.regular.advance(char) == pytest.approx(metrics[cmap[ord(char)]][0] / upem, abs=1e-4)


def test_rare_characters_and_missing_ones(book) -> None:
    assert [text for _face, text in book.runs("张𰻝三")] == ["张𰻝三"]
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
def test_a_damaged_cache_is_made_again(cache, damage) -> None:
    table, font = cache / "fonts.json", cache / "sc-bold.otf"
    if damage == "missing":
        table.unlink()
    elif damage == "short":
        font.write_bytes(font.read_bytes()[:1000])
    else:
        table.write_bytes(b"{")
    assert fonts.load(cache).bold.advance("约") == 1.0
    assert font.stat().st_size > 1_000_000
    assert not list(cache.glob(".*"))


def test_without_the_font_its_package_is_named(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(fonts, "_FOLDERS", (str(tmp_path),))
    with pytest.raises(fonts.FontsMissing, match="fonts-noto-cjk"):
        fonts.load(tmp_path / "cache")
