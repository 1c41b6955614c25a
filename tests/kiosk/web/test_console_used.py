"""The console as a clerk uses it for a while: second windows, pauses, keys pressed by mistake, a narrow screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.kiosk.web.clerk import becomes, open_window, said, sign_in
from tests.kiosk.web.looking import nothing_hangs_out
from tests.kiosk.web.standing import Standing


@pytest.fixture
def page(chromium: Browser, hall: Standing) -> Page:
    """A clerk whose window is open, and two who wait."""
    hall.numbers("civil-affairs", 2)
    page = sign_in(chromium, hall, "012")
    open_window(page, "2")
    return page


def test_a_second_window_is_opened_and_stays_in_sight(hall: Standing, page: Page) -> None:
    page.keyboard.press("o")
    page.wait_for_selector("#opening")
    page.check("#window-5")
    page.click("#open")
    said(page, "5号窗口开了")
    hall.numbers("employment", 1)  # whatever happens in the hall, the question does not come back
    page.wait_for_selector("#waiting :text('E001')")
    assert page.inner_text("#tab-5[aria-current] b") == "5号窗口 2"
    assert page.query_selector("#opening") is None
    page.reload()
    page.wait_for_selector("#tab-5[aria-current]")


def test_who_is_finished_by_calling_another_is_named(page: Page) -> None:
    assert "只有" not in page.inner_text("#next"), "two wait"
    page.keyboard.press("Space")
    becomes(page, "b001")
    page.keyboard.press("c")
    page.keyboard.type("b2")
    page.keyboard.press("Enter")
    said(page, "叫到 b002。b001 记为完成。")


def test_a_number_that_is_none_is_told_to_a_clerk_not_to_a_resident(page: Page) -> None:
    page.keyboard.press("c")
    page.keyboard.type("zzz")
    page.keyboard.press("Enter")
    said(page, "今天没有 zzz 这个号")
    assert "找工作人员" not in page.inner_text("#said")


def test_a_paused_window_does_not_ask_for_a_call(page: Page) -> None:
    page.keyboard.press("p")
    page.wait_for_selector("#reason-1:focus")
    page.fill("#back", "0:00")
    page.keyboard.press("Enter")
    said(page, "几点回来写得不对：请写今天晚一些的时间")
    assert page.query_selector("#serving.paused") is None
    page.reload()
    page.keyboard.press("p")
    page.wait_for_selector("#reason-1:focus")
    page.keyboard.press("Enter")
    page.wait_for_selector("#serving.paused")
    assert "恢复窗口以后再叫号" in page.inner_text("#serving")
    assert "按空格" not in page.inner_text("#serving")


def test_on_a_narrow_screen_nothing_covers_another(page: Page) -> None:
    page.keyboard.press("o")
    page.check("#window-5")
    page.click("#open")
    said(page, "5号窗口开了")
    for width in (1366, 1180, 1024, 800):
        page.set_viewport_size({"width": width, "height": 768})
        nothing_hangs_out(page)
        crossed = page.evaluate(CROSSED)
        assert not crossed, (width, crossed)


# Pairs of words in the head that lie over one another.
CROSSED = """() => {
  const words = [...document.querySelectorAll('#head b, #head span, #head button, #head time')]
    .filter(e => e.getClientRects().length && e.textContent.trim() && !e.querySelector('b, span, button'));
  const out = [];
  words.forEach((one, i) => words.slice(i + 1).forEach(other => {
    if (one.contains(other) || other.contains(one)) return;
    const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
    const x = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const y = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (x > 2 && y > 4) out.push(`${one.textContent} / ${other.textContent}`);
  }));
  return out;
}"""
