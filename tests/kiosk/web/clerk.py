"""A clerk at the console in a real browser: what is pressed, and what is waited for before it is believed."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Browser, Page

from kiosk.door import Role
from kiosk.hall import Caller
from tests.kiosk.web.standing import PASSWORD, Standing

QUIET_S = 0.65  # a press sooner than this after a call is a bounce, and does nothing


def sign_in(chromium: Browser, hall: Standing, name: str, role: Role = Role.CLERK) -> Page:
    """Somebody at a browser of their own, signed in without a mouse."""
    hall.account(name, role)
    page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script broke: {error}"))
    page.goto(f"{hall.url}/staff")
    page.wait_for_selector("#name:focus")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    stands(page, "#opening")
    return page


def stands(page: Page, selector: str) -> None:
    """A page that was gone to is there, and its script with it: a key pressed before that is nobody's."""
    page.wait_for_selector(selector)
    page.wait_for_load_state()


def open_window(page: Page, window: str) -> None:
    page.focus(f"#window-{window}")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_selector("#next")


def serving(page: Page) -> str:
    found = page.query_selector("#number")
    return "" if found is None else found.inner_text()


def rests(page: Page) -> None:
    """What was pressed has its answer. Until then no other key is heard, though the page may show what is new already:
    the hall's stream can be quicker."""
    page.wait_for_selector("body:not(.pressing)")


def becomes(page: Page, number: str) -> None:
    """The window serves this one, and long enough for the next press to be meant."""
    shown = "(document.getElementById('number') || {textContent: ''}).textContent"
    page.wait_for_function(f"number => {shown} === number", arg=number)
    rests(page)
    time.sleep(QUIET_S)


def work_of_a_reload(page: Page) -> float:
    """Processor seconds of the hall, which is this process, and of the page until it is usable: that other programs
    have the processor meanwhile is the fault of neither."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def spent() -> float:
        metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        return metrics["ProcessTime"] + time.process_time()

    began = spent()
    page.reload(wait_until="domcontentloaded")
    took = spent() - began
    session.detach()
    return took


def said(page: Page, words: str) -> None:
    page.wait_for_function("w => document.getElementById('said').textContent.includes(w)", arg=words)
    page.wait_for_load_state()  # of a page that was gone to: its script hears the next key


def states(hall: Standing, *numbers: str) -> list[str]:
    door = hall.house.door(Caller("x", "x", Role.CLERK))

    async def look() -> list[str]:
        return [(await door.ticket(number)).state.value for number in numbers]  # type: ignore[union-attr]

    return hall.run(look())
