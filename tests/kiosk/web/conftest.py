"""What tests of the pages share: a browser for each file, and a hall that serves them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import todays
from tests.kiosk.web.standing import Standing


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = todays(play)
        yield browser
        browser.close()


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Standing]:
    with Standing(tmp_path / "data") as standing:
        yield standing
