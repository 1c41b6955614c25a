"""Every page, in each language, look and reach, on both panels and lying down: nothing cut, covered, small or too
high."""

from __future__ import annotations

import pytest

from screens.tokens import Panel
from tests.screens.faults import faults, misfits
from tests.screens.request_samples import REQUEST_STEPS
from tests.screens.samples import STEPS
from tests.screens.write_samples import WRITE_STEPS

SMALL, LARGE, LYING = Panel(21.5, 1080, 1920, 800), Panel(27, 1080, 1920, 700), Panel(21.5, 1920, 1080, 800)
VARIANTS = [
    *[(panel, language, look, low) for panel in (SMALL, LARGE) for language in ("zh", "en")
      for look, low in (("standard", False), ("elder", False), ("contrast", False), ("standard", True),
                        ("elder", True))],
    *[(LYING, language, look, low) for language in ("zh", "en")
      for look, low in (("standard", False), ("elder", False), ("standard", True), ("elder", True))],
]  # fmt: skip


@pytest.mark.parametrize(("panel", "language", "look", "low"), VARIANTS)
def test_pages_fit(driver, panel: Panel, language: str, look: str, low: bool) -> None:
    driver.use(panel=panel, look=look, low=low, language=language)
    assert misfits(driver, STEPS) == {}


def _narrow_pages() -> dict[str, object]:
    """A page of each kind, and those that have most on them."""
    every = {**STEPS, **REQUEST_STEPS, **WRITE_STEPS}
    kinds = {type(step): name for name, step in reversed(every.items())}
    full = ("today", "nopaper", "ticket3", "code2", "topic1", "answered2", "phrases2", "hand2", "pinyin2", "signs",
            "full", "recalling", "moving")
    return {name: every[name] for name in (*kinds.values(), *full)}


@pytest.mark.parametrize(("panel", "language", "look", "low"), [
    (Panel(15.6, 1080, 1920, 900), "en", "elder", True), (Panel(15.6, 1920, 1080, 800), "en", "elder", False),
])
def test_a_small_panel_holds_every_page(driver, panel: Panel, language: str, look: str, low: bool) -> None:
    driver.use(panel=panel, look=look, low=low, language=language)
    assert misfits(driver, _narrow_pages()) == {}


def test_a_fault_is_seen(driver) -> None:
    driver.show(STEPS["home"])
    card = driver.target("我的预约")
    card.put(driver.shell.kit, 100, 1800, 70, 70)
    found = faults(driver)
    assert any("mm above the floor" in fault for fault in found)
    assert any("17" in fault and "mm" in fault for fault in found)


def test_a_look_takes_no_function_away(driver) -> None:
    driver.show(STEPS["display"])
    counts = set()
    for look, low in (("standard", False), ("elder", False), ("contrast", False), ("elder", True)):
        driver.use(look=look, low=low)
        cards = driver.shell.page.ids.cards
        counts.add(len(cards.items))
    assert counts == {4}


def test_every_step_has_its_page() -> None:
    from typing import get_args

    from kiosk.flows import steps
    from screens.pages import PAGES

    assert set(PAGES) == set(get_args(steps.Step))
