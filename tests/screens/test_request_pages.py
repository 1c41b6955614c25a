"""The pages of requests, measured as all others are: every look, both languages, both panels, lying down; whole after
each wipe; with longer words. Each variant that a page could fail by itself is there once, not every pair of them.
"""

from __future__ import annotations

from typing import get_args

import pytest

from kiosk.flows import steps
from screens.tokens import Panel
from screens.widgets.card import Card
from screens.widgets.passage import Para, Passage
from screens.widgets.wording import Wording
from tests.screens.faults import misfits
from tests.screens.measure.pages import LARGE, LYING, SMALL, Variant, cut_by_longer_words, stand_in, violations
from tests.screens.request_samples import REQUEST_STEPS, request
from tests.screens.samples import STEPS
from tests.screens.write_samples import WRITE_STEPS

pytestmark = pytest.mark.window


@pytest.mark.parametrize("variant", [
    Variant(SMALL, "zh", "standard"), Variant(SMALL, "en", "contrast"), Variant(LARGE, "zh", "elder"),
    Variant(LYING, "en", "elder"),
], ids=str)
def test_every_page(driver, variant: Variant) -> None:
    stand_in(driver, variant)
    assert list(violations(driver, REQUEST_STEPS)) == []


@pytest.mark.parametrize(("panel", "language", "look", "low"), [
    (SMALL, "zh", "elder", True), (SMALL, "en", "elder", True), (LARGE, "en", "elder", True),
    (LYING, "en", "elder", True), (SMALL, "en", "contrast", True),
])
def test_pages_fit(driver, panel: Panel, language: str, look: str, low: bool) -> None:
    driver.use(panel=panel, look=look, low=low, language=language)
    assert misfits(driver, REQUEST_STEPS) == {}


def test_a_fifth_more_text_is_not_cut(driver) -> None:
    stand_in(driver, Variant(SMALL, "en", "elder"))
    assert cut_by_longer_words(driver, REQUEST_STEPS) == []


def test_every_kind_of_page_is_measured_somewhere() -> None:
    assert set(get_args(steps.Step)) == {type(step) for samples in (STEPS, REQUEST_STEPS, WRITE_STEPS)
                                         for step in samples.values()}


@pytest.mark.parametrize("name", ["answered2", "phrases2"])
def test_a_page_is_whole_again_after_a_wipe(driver, name: str) -> None:
    driver.show(STEPS["home"])
    driver.show(REQUEST_STEPS[name])
    first = driver.colours()
    driver.shell.wipe()
    driver.show(STEPS["home"])
    driver.show(REQUEST_STEPS[name])
    assert driver.colours() == first


def test_ticking_a_phrase_moves_nothing(driver) -> None:
    driver.show(REQUEST_STEPS["phrases"])
    before = [(target.choice, target.pos, target.size) for target in driver.targets()]
    driver.tap("下水道堵了")
    assert driver.answers == [steps.Pick("3")]
    ticked = steps.ChoosePhrases(REQUEST_STEPS["phrases"].trail, REQUEST_STEPS["phrases"].category, (3,))
    driver.show(ticked)
    after = [(target.choice, target.pos, target.size) for target in driver.targets()]
    assert [each for each in after if each[0] != "ok"] == before[:-5] + before[-5:]


def test_a_long_answer_is_read_whole_on_pages(driver) -> None:
    driver.show(REQUEST_STEPS["answered2"])
    sheet = driver.shell.page.ids.story
    assert sheet.pages > 1
    read = []
    for page in range(sheet.pages):
        read += [words.text for words in reversed(sheet.children) if isinstance(words, Wording) and words.private]
        if page + 1 < sheet.pages:
            driver.tap("下一页")
    said = "".join(read).replace("\n", "").replace("答复", "", 1)
    assert REQUEST_STEPS["answered2"].request.answer in said
    driver.show(steps.ShowRequest(REQUEST_STEPS["over"].trail, request()))
    assert driver.shell.page.ids.story.pages == 1


def test_a_sheet_tears_a_paragraph_between_lines_and_loses_none(driver) -> None:
    kit, width = driver.shell.kit, 800
    sheet = Passage()
    sheet.fill([Para("字" * 300, "一"), Para("句" * 20), Para("文" * 700)], fresh=True)
    for height in (500, 800, 1200):
        leaves = sheet._leaves(kit, width, height)
        assert sheet.pages_in(kit, width, height) == len(leaves) > 1
        assert all(leaf for leaf in leaves)
        assert "".join(line for leaf in leaves for piece in leaf for line in piece.lines) == "".join(
            para.text for para in sheet._paras)


@pytest.mark.parametrize(("page", "rows"), [
    ("waiting_full", ["近期已约满", "现在有 1 座", "现在有 2 套"]),
    ("facility_full", ["近期已约满", "现在有 1 座", "现在有 2 套"]),
    ("waiting", ["现在有 3 个名额", "今天 10:00 还有 17 座", "11月26日 9:00 还有 1 套"]),
    ("facility", ["现在有 3 个", "今天上午 10:00 起可约", "11月26日 星期四 9:00 起可约"]),
])
def test_what_is_free_on_the_spot_is_told_first(driver, page: str, rows: list[str]) -> None:
    driver.show(STEPS[page])
    said = [text for widget in driver.shell.page.walk() if (text := getattr(widget, "text", "")) in rows]
    assert said == rows
    if page == "facility_full":
        assert [card.off for card in driver.shell.page.ids.cards.items] == [True, False, False]


def test_own_words_are_seen_where_a_rating_is_given(driver) -> None:
    driver.show(STEPS["praise_own"])
    assert "自己写的：谢谢" in driver.words()
    driver.show(STEPS["blame_own"])
    assert "自己写" in driver.words()


@pytest.mark.parametrize(("look", "language", "name"), [
    ("elder", "zh", "home"), ("elder", "en", "home"), ("elder", "zh", "phrases"), ("elder", "zh", "phrases2"),
    ("elder", "zh", "recalling"), ("elder", "en", "recalling"), ("standard", "en", "recalling"),
    ("elder", "zh", "blame_own"), ("elder", "zh", "category"), ("elder", "en", "facility"), ("elder", "en", "display"),
    ("elder", "en", "facility_full"), ("elder", "en", "windows"), ("elder", "en", "service"),
])
def test_in_low_reach_a_page_has_three_cards_or_more(driver, look: str, language: str, name: str) -> None:
    driver.use(panel=SMALL, look=look, low=True, language=language)
    driver.show({**STEPS, **REQUEST_STEPS}[name])
    cards = driver.shell.page.ids.cards
    assert cards.pages == 1 or sum(isinstance(card, Card) for card in cards.children) >= 3
    assert all(tone == "quiet" or any(words in said for said in driver.words()) for card in cards.children
               if isinstance(card, Card) for words, tone in card.item.lines), "only hints give way"
    assert all(words in card.label for card in cards.children if isinstance(card, Card)
               for words, _tone in card.item.lines), "a hint that gives way is spoken"


def test_two_cards_leave_no_third_column_empty(driver) -> None:
    driver.show(REQUEST_STEPS["matter0"])
    cards = driver.shell.page.ids.cards
    assert cards.items
    assert max(card.right for card in cards.children) == cards.right


def test_what_stands_below_a_title_gives_way_but_is_spoken(driver) -> None:
    driver.use(panel=SMALL, look="elder", low=True, language="en")
    driver.show(REQUEST_STEPS["topic1"])
    hint = "Rubbish, sewage, street lights, roads, noise"
    assert not any(hint in said.replace("\n", " ") for said in driver.words())
    assert any(hint in target.label for target in driver.targets())
    driver.use(look="standard", low=False, language="en")
    assert any(hint in said.replace("\n", " ") for said in driver.words())
