"""Words of one's own on the hall's pages: a few with a rating at a window's tablet, read by managers; what to call a
caller, where the hall asks for it."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from pathlib import Path

import httpx
from playwright.sync_api import Browser, Page

from kiosk.config.settings import RequestSettings
from kiosk.door import MOST_RATING_TEXT, Role
from kiosk.hall import Caller
from kiosk.hall.rating_due import ASKED_FOR, WRITTEN_FOR
from kiosk.hall.ratings import Written
from tests.kiosk.hall.building import demo
from tests.kiosk.web.clerk import said, sign_in, stands
from tests.kiosk.web.looking import nothing_hangs_out, well_made
from tests.kiosk.web.person import Person
from tests.kiosk.web.standing import Standing

WORDS = "小王很耐心，就是等得有点久。"


def served(hall: Standing, *, again: bool = False) -> str:
    """The next one is served at window 2; their ticket."""
    counter = hall.house.counter(Caller("c", "c", Role.CLERK))
    if not again:
        hall.numbers("civil-affairs", 3)
        hall.run(counter.open_window("o", "2"))
    key = f"{again}"
    called = hall.run(counter.call_next(f"n{key}", "2"))
    hall.run(counter.finish(f"f{key}", "2"))
    return called.id  # type: ignore[union-attr]


def written(hall: Standing) -> list[Written]:
    return list(hall.run(hall.house.staff(Caller("m", "m", Role.MANAGER)).rating_words(10)))  # type: ignore[arg-type]


def test_a_few_words_at_the_tablet_and_who_reads_them(chromium: Browser, hall: Standing) -> None:
    served(hall)
    tablet = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    tablet.goto(f"{hall.url}/rate/2")
    assert tablet.query_selector("textarea") is None, "a keyboard comes up for nobody who did not ask"
    tablet.click("#write")
    stands(tablet, "textarea")
    for width in (1280, 600):
        tablet.set_viewport_size({"width": width, "height": 800})
        well_made(tablet)
    tablet.fill("textarea", WORDS)
    served(hall, again=True)  # the window's next one is done as well: now the question is theirs
    tablet.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    tablet.wait_for_selector("#write")
    assert WORDS not in tablet.content()
    tablet.click("#write")
    stands(tablet, "textarea")
    assert tablet.input_value("textarea") == ""
    tablet.fill("textarea", WORDS)
    tablet.click("#level-2")
    tablet.wait_for_selector("text=谢谢您的评价")
    assert [(one.text, one.level, one.window) for one in written(hall)] == [(WORDS, 2, "2")]
    page = sign_in(chromium, hall, "m", Role.MANAGER)
    page.goto(f"{hall.url}/manage")
    page.click("text=居民自己写的话：1 条")
    page.wait_for_selector(".written")
    assert WORDS in page.inner_text(".written")
    assert "不满意" in page.inner_text(".written")
    narrow_and_wide(page)


def narrow_and_wide(page: Page) -> None:
    page.set_viewport_size({"width": 1000, "height": 800})
    nothing_hangs_out(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    well_made(page)


def test_who_writes_has_five_minutes_and_nothing_is_refused(hall: Standing) -> None:
    ticket = served(hall)
    writing = {"params": {"write": ticket}}
    with httpx.Client(base_url=hall.url) as tablet:
        assert "<textarea" in tablet.get("/rate/2", **writing).text  # type: ignore[arg-type]
        assert "<textarea" not in tablet.get("/rate/2", params={"write": "another"}).text
        hall.clock.advance(ASKED_FOR + timedelta(seconds=1))
        assert 'name="level"' not in tablet.get("/rate/2").text
        assert "<textarea" in tablet.get("/rate/2/now", **writing).text  # type: ignore[arg-type]
        form = {"ticket": ticket, "level": "5", "text": "字" * MOST_RATING_TEXT + "\x07字字"}
        assert "谢谢" in tablet.post("/rate/2", data=form).text
        assert [one.text for one in written(hall)] == ["字" * MOST_RATING_TEXT]
        second = served(hall, again=True)
        hall.clock.advance(WRITTEN_FOR + timedelta(seconds=1))
        assert 'name="level"' not in tablet.get("/rate/2", params={"write": second}).text


def test_who_began_to_write_may_still_say_no(hall: Standing) -> None:
    ticket = served(hall)
    hall.clock.advance(ASKED_FOR + timedelta(seconds=1))
    with httpx.Client(base_url=hall.url) as tablet:
        tablet.post("/rate/2", data={"ticket": ticket, "level": "skip", "text": WORDS})
        assert 'name="level"' not in tablet.get("/rate/2", params={"write": ticket}).text
    assert written(hall) == []


def test_only_managers_read_them(hall: Standing) -> None:
    clerk, manager = Person(hall, "012", Role.CLERK), Person(hall, "m", Role.MANAGER)
    assert "还没有人写" in manager.client.get("/manage/ratings").text
    answer = clerk.client.get("/manage/ratings")
    assert "居民自己写的话" not in answer.text


def test_a_caller_s_name_where_the_hall_asks(chromium: Browser, tmp_path: Path) -> None:
    settings = dataclasses.replace(demo(), requests=RequestSettings(asks_name=True))
    with Standing(tmp_path / "data", settings=settings) as hall:
        page = sign_in(chromium, hall, "012")
        page.goto(f"{hall.url}/staff/requests/new")
        stands(page, "#file-form")
        narrow_and_wide(page)
        page.check("#category-1")
        page.fill("#text", "想找工作")
        page.fill("#name", "陈阿婆")
        page.fill("#phone", "12")
        page.click("#file")
        said(page, "手机号")
        assert page.input_value("#name") == "陈阿婆", "what was typed stays"
        page.fill("#phone", "")
        page.click("#file")
        said(page, "请把查询号告诉居民")
        assert re.search(r"称呼\s*陈阿婆", page.inner_text(".matter"))
        narrow_and_wide(page)
        page.goto(f"{hall.url}/staff/requests")
        page.wait_for_selector("#row-1")
        assert "陈阿婆" not in page.content()


def test_a_hall_that_does_not_ask_has_no_field_for_it(hall: Standing) -> None:
    form = Person(hall, "012", Role.CLERK).client.get("/staff/requests/new").text
    assert 'id="phone"' in form
    assert 'id="name"' not in form
