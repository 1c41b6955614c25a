"""The console in a real browser: a morning without a mouse, two clerks at once, the network away, 200 waiting."""

from __future__ import annotations

import re
import time
from datetime import timedelta

from playwright.sync_api import Browser

from kiosk.door import Role
from kiosk.ledger import Hot
from tests.kiosk.web.clerk import QUIET_S, becomes, open_window, rests, said, serving, sign_in, states, work_of_a_reload
from tests.kiosk.web.looking import nothing_hangs_out, well_made
from tests.kiosk.web.standing import Standing

# Three thousand of the week before, called after ten minutes each and rated from 1 to 5 in turn.
WEEK = """
WITH RECURSIVE old(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM old WHERE n < 3000)
INSERT INTO ticket (id, number, letter, day, n, service, line, kind, since, state, aim, back, rejoined, taken_at,
 changed_at, turn, at_window)
SELECT 'old-' || n, 'A' || n, 'A', '2026-11-19', n, 'party', 'A', 'walk-in', 1795053600000, 'done', '', '', 0,
 1795053600000, 1795053600000, 2, '1' FROM old
"""
WEEK_CALLS = """
INSERT INTO ticket_call (ticket, at_window, line, since, at, again, again_at, why, ended_at, ending)
SELECT id, '1', 'A', since, since + 600000, 0, since + 600000, '{"code": "why-first", "facts": {}}', since + 700000,
 'done' FROM ticket WHERE id LIKE 'old-%'
"""
RATED = """
INSERT INTO rating (ticket, service, at_window, level, reasons, at)
SELECT id, 'party', '1', 1 + n % 5, '', since + 700000 FROM ticket WHERE id LIKE 'old-%'
"""


def test_a_morning_by_keyboard_only(chromium: Browser, hall: Standing) -> None:
    hall.numbers("civil-affairs", 6)
    page = sign_in(chromium, hall, "012")
    open_window(page, "2")

    def press(key: str) -> None:
        rests(page)
        page.keyboard.press(key)

    press("Space")
    becomes(page, "b001")
    press("Enter")
    said(page, "b001 办完了")
    becomes(page, "")
    press("Space")
    becomes(page, "b002")
    press("r")
    page.wait_for_selector("#recall:has-text('1/3')")
    press("y")
    page.wait_for_selector("#why-called p:visible")
    press("n")
    becomes(page, "")
    press("Space")
    becomes(page, "b003")
    press("h")
    page.wait_for_selector("#aside :text('b003')")
    becomes(page, "")
    press("Space")
    becomes(page, "b004")
    press("t")  # to social security, and back
    page.wait_for_selector("#target:focus")
    press("ArrowDown")
    press("ArrowDown")
    press("Tab")
    press("Space")
    press("Enter")
    said(page, "b004 转到社会保障，办完再回来")
    becomes(page, "")
    press("c")
    page.keyboard.type("B6")
    press("Enter")
    becomes(page, "b006")
    press("q")  # 接着办: finishes b006, b003 comes back
    becomes(page, "b003")
    press("p")
    page.wait_for_selector("#reason-1:focus")
    press("ArrowDown")
    page.focus("#back")
    page.keyboard.type("11:30")
    press("Enter")
    page.wait_for_selector("text=办理上门服务，11:30 回来")
    press("Space")
    said(page, "正在暂停，请先恢复")
    assert serving(page) == "b003", "a paused window calls nobody"
    press("p")
    page.wait_for_selector("#pause-panel")
    press("Enter")
    becomes(page, "")
    assert states(hall, "b001", "b002", "b003", "b004", "b005", "b006") == [
        "done", "no-show", "done", "waiting", "waiting", "done"]  # fmt: skip
    press("x")
    page.focus("#close")
    press("Enter")
    page.wait_for_selector("#opening")


def test_a_bounced_key_never_ends_the_one_just_called(chromium: Browser, hall: Standing) -> None:
    hall.numbers("civil-affairs", 3)
    page = sign_in(chromium, hall, "012")
    open_window(page, "2")
    for _ in range(4):
        page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("Enter")
    becomes(page, "b001")
    assert states(hall, "b001", "b002") == ["called", "waiting"]
    page.keyboard.press("Space", delay=0)
    becomes(page, "b002")
    assert states(hall, "b001", "b002", "b003") == ["done", "called", "waiting"]


def test_a_stale_page_pressed_says_what_is_so(chromium: Browser, hall: Standing) -> None:
    """Signed in at two places: the second page is cut off from all news and still shows the one that is gone."""
    hall.numbers("civil-affairs", 3)
    page = sign_in(chromium, hall, "012")
    open_window(page, "2")
    page.keyboard.press("Space")
    becomes(page, "b001")
    stale = page.context.new_page()
    stale.add_init_script("window.EventSource = undefined")  # plain forms, no live.js
    stale.goto(f"{hall.url}/staff?window=2")
    page.keyboard.press("Space")
    becomes(page, "b002")
    with stale.expect_navigation():
        stale.click("#finish")
    assert "刚才那一下是给 b001 号的，没有动 b002 号" in stale.inner_text("#said")
    assert states(hall, "b001", "b002") == ["done", "called"]
    with stale.expect_navigation():
        stale.click("#finish")
    assert "b002 办完了" in stale.inner_text("#said")
    becomes(page, "")  # and the first place knows


def test_two_clerks_at_once_get_two_residents(chromium: Browser, hall: Standing) -> None:
    hall.numbers("civil-affairs", 12)
    one, two = sign_in(chromium, hall, "012"), sign_in(chromium, hall, "007")
    for page, window in ((one, "2"), (two, "3")):
        page.check("#service-civil-affairs")
        open_window(page, window)
    called: list[str] = []
    for _ in range(3):
        for page in (one, two):  # neither press waits for the other's answer
            page.evaluate("document.getElementById('call-next').click()")
        for page in (one, two):
            page.wait_for_function(
                "old => !['', ...old].includes((document.getElementById('number') || {textContent: ''}).textContent)",
                arg=called,
            )
            called.append(serving(page))
        time.sleep(QUIET_S)
    assert len(set(called)) == 6
    held = serving(two)
    one.keyboard.press("c")
    one.keyboard.type(held)
    one.keyboard.press("Enter")
    said(one, "3号窗口")
    assert held in one.inner_text("#said"), "who has it is named"


def test_the_network_is_away_and_the_page_is_right_again(chromium: Browser, hall: Standing) -> None:
    hall.numbers("civil-affairs", 3)
    page = sign_in(chromium, hall, "012")
    open_window(page, "2")
    board = page.context.new_page()
    board.goto(f"{hall.url}/board")
    page.keyboard.press("Space")
    becomes(page, "b001")
    board.wait_for_selector("strong:text('b001')")
    hall.stop()
    page.wait_for_selector("#away:visible")
    assert re.search(r"\d+:\d\d 起和大厅断开了（\d+ 秒）", page.inner_text("#away-since"))
    page.keyboard.press("Enter")  # pressed into the void, and sent again under its key when the hall is back
    hall.start()
    hall.numbers("civil-affairs", 1)
    page.wait_for_selector("#away", state="hidden")
    becomes(page, "")
    assert states(hall, "b001") == ["done"]
    page.wait_for_selector("#waiting :text('b004')")
    page.keyboard.press("Space")
    becomes(page, "b002")
    board.wait_for_selector("strong:text('b002')")
    assert not board.is_visible("#away")


def test_the_network_is_away_for_a_whole_minute(chromium: Browser, hall: Standing) -> None:
    """A minute of the browser's own clock, and of the hall's: what was pressed is not done late, and all is right."""
    hall.numbers("civil-affairs", 3)
    page = sign_in(chromium, hall, "012")
    open_window(page, "2")
    page.clock.install()
    page.reload()
    page.keyboard.press("Space")
    becomes(page, "b001")
    page.clock.run_for(1000)  # past the moment in which a press is a bounce
    hall.stop()
    page.wait_for_selector("#away:visible")
    page.keyboard.press("Enter")
    lost = "刚才按的没有送到"
    told: set[str] = set()
    for _second in range(65):
        page.clock.run_for(1000)
        told.add(page.inner_text("#said"))
    assert any(lost in one for one in told), told
    assert "起和大厅断开了（1 分钟）" in page.inner_text("#away-since")
    assert serving(page) == "b001", "what was so stands, marked as old"
    hall.clock.advance(timedelta(minutes=1))
    hall.start()
    until = time.monotonic() + 30
    while page.is_visible("#away"):
        assert time.monotonic() < until, "it does not find back"
        page.clock.run_for(1000)
    page.wait_for_selector("#serving h1 :text('1分钟')")
    assert states(hall, "b001", "b002") == ["called", "waiting"], "a press that was given up is not done a minute later"
    page.keyboard.press("Enter")
    said(page, "b001 办完了")
    assert states(hall, "b001", "b002") == ["done", "waiting"]


def test_two_hundred_wait_and_five_hundred_tickets_are_quick(chromium: Browser, hall: Standing) -> None:
    hall.numbers("civil-affairs", 200)
    hall.numbers("social-security", 300)
    page = sign_in(chromium, hall, "012")
    open_window(page, "2")
    assert "共 200人在等" in page.inner_text("#waiting")
    page.keyboard.press("l")
    assert page.locator("#waiting li").count() == 200
    took = [work_of_a_reload(page) for _ in range(3)]
    assert page.is_visible("#call-next")
    assert min(took) <= 0.3, f"usable after {took} s"
    nothing_hangs_out(page)


def test_the_overview_is_quick_with_five_hundred_and_a_week_behind_it(chromium: Browser, hall: Standing) -> None:
    hall.numbers("civil-affairs", 500)
    for statement in (Hot(WEEK), Hot(WEEK_CALLS), Hot(RATED)):
        hall.house.commands.ledger.write(lambda tx, made=statement: tx.run(made)).result()
    page = sign_in(chromium, hall, "m-01", Role.MANAGER)
    page.goto(f"{hall.url}/manage")
    row = page.inner_text("#spans tr:has-text('党员服务')")
    assert re.search(r"10 分钟\s*3000人.*60%\s*3000人评", row, re.DOTALL), row
    assert re.search(r"500 人\s*b001 (等了|刚来)", page.inner_text("#waits"))
    took = []
    for _ in range(3):
        hall.clock.advance(timedelta(minutes=1))  # nothing is remembered
        took.append(work_of_a_reload(page))
        assert page.is_visible("#spans")
    assert min(took) <= 0.3, f"usable after {took} s"
    nothing_hangs_out(page)


def test_labels_contrast_and_focus(chromium: Browser, hall: Standing) -> None:
    hall.numbers("civil-affairs", 9, priority=True)
    for service in hall.house.settings.services:
        hall.numbers(service.id, 4)
    page = sign_in(chromium, hall, "欧阳·买买提·阿卜杜勒艾合麦提江·司马义", Role.MANAGER)
    well_made(page)
    open_window(page, "2")
    page.keyboard.press("Space")
    becomes(page, "b001")
    page.keyboard.press("h")
    page.wait_for_selector("#aside :text('b001')")
    becomes(page, "")
    page.keyboard.press("Space")
    becomes(page, "b002")
    well_made(page)
    stood = page.evaluate("document.getElementById('next').getBoundingClientRect().top")
    page.keyboard.press("l")
    page.wait_for_selector("#more-waiting[open]")
    stands = page.evaluate("document.getElementById('next').getBoundingClientRect().top")
    assert abs(stands - stood) <= 12, "the queue unfolded moves what is pressed all day"
    for place in ("/staff/desk?what=gym&day=2026-11-24", "/staff/todo", "/manage", "/manage/plans", "/manage/people",
                  "/board"):  # fmt: skip
        page.goto(hall.url + place)
        well_made(page)
        head = page.evaluate("document.querySelector('header').getBoundingClientRect().height")
        assert head <= 110, f"{place}: a long name pushes the head to {head} px"
    for size in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), f"the board scrolls at {size}"
        wide = page.evaluate("[...document.querySelectorAll('.lines > div')].filter(e => e.scrollWidth > e.clientWidth)"
                             ".map(e => e.innerText)")  # fmt: skip
        assert wide == [], f"who waits stands in the next column at {size}"
