"""The oldest browser we promise, the real Chromium 86, at the hall's and the district's pages: scripts run, the console
goes by keys, calls come through live, and every page lies as it does in today's Chromium.

npm `chrome-aws-lambda` 5.3.1 brings it as a headless program. Today's Playwright drives it, but for its own clicks and
looks at elements, which ask the page for what Chromium 86 does not have yet: hence keys and questions to the page."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from kiosk.door import Role
from tests.browser import todays
from tests.kiosk.upstream.districts import DistrictProcess
from tests.kiosk.web.clerk import QUIET_S
from tests.kiosk.web.officer import Officer, post
from tests.kiosk.web.standing import PASSWORD, Standing

BIN = Path(__file__).parent / "node_modules" / "chrome-aws-lambda" / "bin"
pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not BIN.is_dir(), reason="needs node and `npm install --prefix tests/peers`"
)
HALL_PAGES = (
    "/staff", "/staff?open=1", "/staff/desk", "/staff/desk?what=gym", "/staff/todo", "/staff/requests",
    "/staff/requests/new", "/staff/password", "/manage", "/manage/plans", "/manage/people", "/manage/ratings", "/board",
    "/rate/2",
)  # fmt: skip
DISTRICT_PAGES = ("/office", "/office/register", "/office/units", "/office/password")
NEAR_PX = 8  # the same fonts, shaped by eighty versions of the same library

UNPACK = """const [from, to] = process.argv.slice(1), fs = require('fs');
fs.writeFileSync(to, require('zlib').brotliDecompressSync(fs.readFileSync(from)), {mode: 0o755});"""
# What is folded away has no box in the one and an unseen one in the other.
BOXES = """() => [...document.querySelectorAll('body *')].filter(e => e.getClientRects().length &&
    !e.matches('details:not([open]) > :not(summary), details:not([open]) > :not(summary) *')).map(e => {
  const box = e.getBoundingClientRect();
  return [e.tagName + '.' + e.className + '#' + e.id, box.left, box.top, box.right, box.bottom];
})"""


def unpacked() -> Path:
    """The program out of its package, once."""
    program = BIN / "chromium"
    if not program.exists():
        own = BIN / f"chromium.{os.getpid()}"
        subprocess.run(["node", "-e", UNPACK, str(BIN / "chromium.br"), str(own)], check=True, timeout=120)
        own.replace(program)
    return program


@pytest.fixture(scope="module")
def browsers() -> Iterator[dict[str, Browser]]:
    """The old one and today's."""
    with sync_playwright() as play:
        both = {
            "old": play.chromium.launch(executable_path=str(unpacked()), args=["--no-sandbox", "--disable-gpu"]),
            "new": todays(play),
        }
        yield both
        for browser in both.values():
            browser.close()


def becomes(page: Page, true: str, arg: object = None) -> None:
    """Wait until the page says so."""
    page.wait_for_function(true, arg=arg, timeout=30_000)


def shows(page: Page, selector: str, words: str = "") -> None:
    """Wait until something is there, with these words in it."""
    becomes(page, "([s, w]) => [...document.querySelectorAll(s)].some(e => e.textContent.includes(w))",
            [selector, words])  # fmt: skip


def sign_in(browser: Browser, url: str, name: str, password: str) -> Page:
    """Somebody at a browser of their own. A script that breaks fails the test."""
    page = browser.new_context(
        viewport={"width": 1366, "height": 768}, extra_http_headers={"Accept-Language": "zh-CN"}
    ).new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script broke: {error}"))
    page.goto(url)
    becomes(page, "() => document.activeElement && document.activeElement.id === 'name'")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    becomes(page, "() => !document.querySelector('#name') && document.readyState === 'complete'")
    return page


def lie_alike(pages: dict[str, Page], urls: list[str]) -> None:
    """Every element of these pages stands where today's browser puts it."""
    for url in urls:
        seen = {}
        for name, page in pages.items():
            page.goto(url)
            page.wait_for_load_state()
            seen[name] = page.evaluate(BOXES)
        old, new = seen["old"], seen["new"]
        assert [one[0] for one in old] == [one[0] for one in new], url
        apart = [
            (was, now) for was, now in zip(old, new, strict=True)
            if max(abs(a - b) for a, b in zip(was[1:], now[1:], strict=True)) > NEAR_PX
        ]  # fmt: skip
        assert not apart, (url, apart[:5])


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Standing]:
    with Standing(tmp_path / "data") as standing:
        standing.account("012", Role.MANAGER)
        standing.numbers("civil-affairs", 12)
        yield standing


def test_it_is_the_old_one(browsers: dict[str, Browser]) -> None:
    assert browsers["old"].version.startswith("86.")


def test_a_clerk_calls_by_keys_and_everybody_sees_it(browsers: dict[str, Browser], hall: Standing) -> None:
    old = browsers["old"]
    board = old.new_context(viewport={"width": 1920, "height": 1080}).new_page()
    board.on("pageerror", lambda error: pytest.fail(f"the board's script broke: {error}"))
    board.goto(f"{hall.url}/board")
    clerk = sign_in(old, f"{hall.url}/staff", "012", PASSWORD)
    clerk.evaluate("document.getElementById('window-2').focus()")
    clerk.keyboard.press("Space")
    clerk.keyboard.press("Enter")
    shows(clerk, "#next")
    clerk.keyboard.press("Space")
    shows(clerk, "#number", "b001")
    shows(board, "body", "b001")
    hall.numbers("civil-affairs", 1)  # taken elsewhere: the console hears of it by itself
    shows(clerk, "#waiting", "b013")
    clerk.wait_for_timeout(QUIET_S * 1000)
    clerk.keyboard.press("r")
    shows(clerk, "#said", "b001")
    clerk.wait_for_timeout(QUIET_S * 1000)
    clerk.keyboard.press("Enter")
    becomes(clerk, "() => !document.querySelector('#number')")


def test_the_halls_pages_lie_as_they_do_today(browsers: dict[str, Browser], hall: Standing) -> None:
    pages = {name: sign_in(browser, f"{hall.url}/staff", "012", PASSWORD) for name, browser in browsers.items()}
    lie_alike(pages, [hall.url + path for path in HALL_PAGES])


def test_the_districts_pages_lie_as_they_do_today(browsers: dict[str, Browser], tmp_path: Path) -> None:
    with DistrictProcess(tmp_path) as district:
        name, _blank, first = (district.data / "first-sign-in").read_text().strip().partition(" ")
        manager = Officer(district.url, name, first)
        manager.own(first, PASSWORD)
        manager.client.close()
        post(district, "old")
        pages = {which: sign_in(browser, district.url, name, PASSWORD) for which, browser in browsers.items()}
        lie_alike(pages, [district.url + path for path in DISTRICT_PAGES])
