"""What a kiosk writes with is what its hall.toml says: the hall's words, and fuzzy sounds unless switched off."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from kiosk.config import hall_words, load
from kiosk.config.settings import WritingSettings
from screens import lending
from tests.kiosk.writing.test_hallwords import DEMO


@pytest.mark.parametrize(
    ("said", "fuzzy"), [("", True), ("[writing]\nfuzzy = true\n", True), ("[writing]\nfuzzy = false\n", False)]
)
def test_fuzzy_sounds_are_on_unless_hall_toml_says_otherwise(tmp_path, monkeypatch, said, fuzzy) -> None:
    bare = DEMO.read_text(encoding="utf-8").partition("[writing]")
    rest = bare[2].partition("\n[")[2]
    (tmp_path / "hall.toml").write_text(bare[0] + said + ("[" + rest if rest else ""), encoding="utf-8")
    settings = load(tmp_path / "hall.toml")
    assert settings.writing.fuzzy is fuzzy
    told = lent(settings, monkeypatch)
    assert told == (hall_words(settings), fuzzy)


def test_the_halls_own_words_are_lent(monkeypatch) -> None:
    settings = replace(load(DEMO), writing=WritingSettings(("城南旧事小区",), True))
    words, _fuzzy = lent(settings, monkeypatch)
    assert words[0] == "城南旧事小区"
    assert "健身房" in words


def lent(settings, monkeypatch) -> tuple[tuple[str, ...], bool]:
    """The words and the fuzziness that a kiosk of these settings writes with."""
    told = []

    def opened(words, *, fuzzy):
        told.append((tuple(words), fuzzy))
        return SimpleNamespace(ways=("pinyin",)), {}

    monkeypatch.setattr(lending, "open_pen", opened)
    monkeypatch.setattr(lending, "open_aloud", lambda _mute: None)
    posted, kit = [], SimpleNamespace(learn=print)
    app = SimpleNamespace(loop=SimpleNamespace(post=posted.append), lend=print, shell=SimpleNamespace(kit=kit))
    lending.lend(app, settings)
    assert [one.func for one in posted] == [kit.learn, app.lend], "handed over on the app's own thread"
    return told[0]
