"""Sizes from millimetres: what a resident of 70 can read and reach, on every panel that is declared."""

from __future__ import annotations

from math import atan, pi

import pytest

from screens.tokens import CAP, CONTRAST, ELDER, STANDARD, STARK, WARM, Colours, Panel, Tokens

PANELS = [
    Panel(21.5, 1080, 1920, 800), Panel(27, 1080, 1920, 700), Panel(21.5, 1920, 1080, 800), Panel(32, 1080, 1920, 650),
    Panel(15.6, 1080, 1920, 800), Panel(15.6, 1920, 1080, 900),
]  # fmt: skip


def contrast(a: str, b: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_px_per_mm_of_the_two_panels() -> None:
    assert PANELS[0].px_per_mm == pytest.approx(4.03, abs=0.01)
    assert PANELS[1].px_per_mm == pytest.approx(3.21, abs=0.01)


@pytest.mark.parametrize("panel", PANELS)
def test_body_text_is_large_enough_to_read(panel: Panel) -> None:
    cap = Tokens(panel).font("body") * CAP / panel.px_per_mm
    assert 2 * atan(cap / 2 / panel.read_from) * 180 / pi >= 0.7
    assert min(Tokens(panel).scale) * CAP / panel.px_per_mm >= 4.8  # US 508 §402.4


@pytest.mark.parametrize(("inches", "distance", "read_from"), [
    (21.5, 600, 600), (27, 750, 750), (15.6, 600, 435), (15.6, 400, 400), (10.1, 600, 282), (21.5, 900, 600),
])
def test_a_small_panel_is_read_from_nearer(inches: float, distance: float, read_from: float) -> None:
    panel = Panel(inches, 1080, 1920, 800, distance)
    assert panel.read_from == pytest.approx(read_from, abs=1)
    assert Tokens(panel).font("body") * CAP / panel.px_per_mm >= 4.8


@pytest.mark.parametrize("panel", PANELS)
def test_elder_is_a_third_larger_from_the_same_eight_sizes(panel: Panel) -> None:
    elder, standard = Tokens(panel, ELDER), Tokens(panel, STANDARD)
    assert elder.font("body") >= 1.3 * standard.font("body")
    assert elder.scale == standard.scale
    assert len(set(standard.scale)) == 8
    roles = ("body", "lead", "title", "key", "hero", "code", "huge", "giant")
    assert {t.font(role) for t in (elder, standard) for role in roles} <= set(standard.scale)


def test_elder_titles_and_numbers() -> None:
    for panel in (PANELS[0], PANELS[2]):
        assert Tokens(panel, ELDER).font("title") >= 60
        assert Tokens(panel, ELDER).font("code") >= 120


@pytest.mark.parametrize(("panel", "low", "top"), [
    (Panel(15.6, 1080, 1920, 900), True, 200),  # hung too high for it: as low as a page can stand
    (PANELS[0], False, 420), (PANELS[0], True, 200), (PANELS[1], False, 520), (PANELS[1], True, 300),
])  # fmt: skip
def test_reach_above_the_lower_edge_in_mm(panel: Panel, low: bool, top: float) -> None:
    assert Tokens(panel, low=low).reach_top / panel.px_per_mm == pytest.approx(top, abs=0.3)
    assert Tokens(panel, low=low).reach_top / panel.px_per_mm <= top


def test_reach_ends_at_the_panel() -> None:
    assert Tokens(PANELS[2]).reach_top == 1080


@pytest.mark.parametrize("panel", PANELS)
def test_targets_and_gaps(panel: Panel) -> None:
    tokens = Tokens(panel)
    assert tokens.primary / panel.px_per_mm >= 20
    assert tokens.listed / panel.px_per_mm >= 15
    assert tokens.gap / panel.px_per_mm >= 3
    assert tokens.bar / panel.px_per_mm >= 20
    assert panel.width / 5 / panel.px_per_mm >= 20


@pytest.mark.parametrize("colours", [WARM, STARK], ids=["warm", "stark"])
def test_contrast(colours: Colours) -> None:
    read = [("ink", "paper"), ("ink", "card"), ("quiet", "paper"), ("quiet", "card"), ("good", "paper"),
            ("good", "card"),
            ("care", "care_ground"), ("on_chosen", "chosen"), ("ink", "card_down"), ("slip", "slip_paper")]  # fmt: skip
    for text, ground in read:
        assert contrast(getattr(colours, text), getattr(colours, ground)) >= 7, (text, ground)
    for text, ground in [("on_main", "main"), ("on_off", "off"), ("accent", "card"), ("accent", "card_down")]:
        assert contrast(getattr(colours, text), getattr(colours, ground)) >= 4.5, (text, ground)
    for edge, ground in [("edge", "paper"), ("edge", "card"), ("focus", "paper"), ("focus", "card"), ("main", "paper")]:
        assert contrast(getattr(colours, edge), getattr(colours, ground)) >= 3, (edge, ground)


def test_a_look_changes_colours_only_where_it_should() -> None:
    assert Tokens(PANELS[0], CONTRAST).font("body") == Tokens(PANELS[0]).font("body")
    assert Tokens(PANELS[0], ELDER).colours is WARM
