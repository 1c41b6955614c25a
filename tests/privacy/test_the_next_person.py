"""After a visit every page stands as it did for the one before: nothing of theirs is left, nothing is gone."""

from __future__ import annotations

import pytest

from tests.screens.samples import STEPS

pytestmark = pytest.mark.window


@pytest.mark.parametrize("name", list(STEPS))
def test_a_page_is_whole_again_after_a_wipe(driver, name: str) -> None:
    other = "working" if name != "working" else "home"
    driver.show(STEPS[other])
    driver.show(STEPS[name])
    first = driver.colours()
    driver.shell.wipe()
    driver.show(STEPS[other])
    driver.show(STEPS[name])
    assert driver.colours() == first, "after a wipe"
    driver.show(STEPS[other])
    driver.show(STEPS[name])
    assert driver.colours() == first, "after another page"
