"""The same check list on 27 inches with the lower edge at 700 mm: a process of its own, for two cores."""

from __future__ import annotations

import pytest

from tests.screens.measure.pages import LARGE, Variant, stand_in, variants, violations

pytestmark = pytest.mark.window


@pytest.mark.parametrize("variant", variants(LARGE), ids=str)
def test_every_page(driver, variant: Variant) -> None:
    stand_in(driver, variant)
    assert list(violations(driver)) == []
