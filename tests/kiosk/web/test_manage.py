"""What managers see and change: the holiday notice, people, the overview; what clerks and tablets do beside it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import httpx
import pytest

from kiosk.door import Role
from kiosk.web.pages.manage import headline
from kiosk.web.pages.plans import holiday_lines
from kiosk.web.pages.saying import excerpt, number_typed, time_typed, together
from tests.kiosk.hall.building import CLERK, MONDAY, at
from tests.kiosk.web.person import Person
from tests.kiosk.web.standing import Standing

PHONE = "13912345678"


def test_the_holiday_notice_by_hand(hall: Standing) -> None:
    manager = Person(hall, "m", Role.MANAGER)
    done = manager.press("/manage/plans/year", year="2030", days="元旦 1-1\n春节 2030-2-2 至 2-9\n上班 2-10")
    assert "放假 9 天，调休上班 1 天" in done.text
    day = hall.house.schedule.day(date(2030, 2, 5))
    assert day.closed is not None
    assert not day.provisional
    wrong = manager.press("/manage/plans/year", year="2030", days="春节 二月")
    assert wrong.status_code == 422
    assert "这一行看不懂：春节 二月" in wrong.text


@pytest.mark.parametrize(("text", "days", "wrong"), [
    ("国庆节：2027年10月1日至10月7日", 7, ""), ("劳动节 5.1-5.5", 5, ""), ("元旦 2026-12-31 至 2027-1-2", 3, ""),
    ("清明 4-4 至 4-2", 0, "清明 4-4 至 4-2"), ("\n\n", 0, ""), ("春节 13-1", 0, "春节 13-1"),
])  # fmt: skip
def test_a_notice_is_read_line_by_line(text: str, days: int, wrong: str) -> None:
    found, unread = holiday_lines(text, 2027)
    assert (len(found), unread) == (days, wrong)


def test_only_a_manager_manages(hall: Standing) -> None:
    clerk = Person(hall, "c", Role.CLERK)
    assert clerk.client.get("/manage").url.path == "/staff"
    for path in ("plans/close", "plans/year", "people/add", "notice", "clock"):
        assert clerk.press(f"/manage/{path}", name="x").status_code == 403


def test_people_come_and_go(hall: Standing) -> None:
    manager = Person(hall, "m", Role.MANAGER)
    added = manager.press("/manage/people/add", name="工号 021", role="clerk").text
    password = re.search(r'class="secret">([a-z0-9-]+)<', added)
    assert password is not None
    with httpx.Client(base_url=hall.url, follow_redirects=True) as new:
        first = new.post("/staff/sign-in", data={"name": "工号 021", "password": password[1]})
        assert first.url.path == "/staff/password", "the first password is changed at its first use"
        id_ = next(one.id for one in hall.house.accounts.accounts() if one.name == "工号 021")
        assert "停用了" in manager.press(f"/manage/people/{id_}/disable").text
        assert new.get("/staff").url.path == "/staff/sign-in", "a disabled one is out at once"
        assert new.post("/staff/sign-in", data={"name": "工号 021", "password": password[1]}).status_code == 403
    me = next(one.id for one in hall.house.accounts.accounts() if one.name == "m")
    assert "不能停用或降级自己" in manager.press(f"/manage/people/{me}/disable").text
    assert manager.press("/manage/people/nobody/reset").status_code == 422
    assert "已经有了" in manager.press("/manage/people/add", name="工号 021", role="clerk").text


def test_the_last_place_booked_twice_by_one_form_is_one_booking_and_says_so_both_times(hall: Standing) -> None:
    clerk, start = Person(hall, "c", Role.CLERK), "2026-11-26T09:00:00+08:00"
    form = {"what": "remote-education", "day": "2026-11-26", "start": start, "people": "1", "phone": ""}
    pages = [clerk.press("/staff/desk/book", key="once", **form) for _ in range(2)]  # the first answer was lost
    assert [page.status_code for page in pages] == [200, 200]
    codes = [re.search(r"<strong>(\d{3} \d{3})</strong>", page.text) for page in pages]
    assert codes[0] is not None
    assert codes[1] is not None
    assert codes[0][1] == codes[1][1]
    assert clerk.press("/staff/desk/book", key="another", **form).status_code == 409
    other = clerk.press("/staff/desk/book", key="once", **{**form, "phone": "13912345678"})
    assert other.status_code == 422, "another booking under an old form's key is none"


def test_of_two_who_open_one_window_at_once_the_second_is_told_and_may_take_it_over(hall: Standing) -> None:
    first, second = Person(hall, "甲", Role.CLERK), Person(hall, "乙", Role.CLERK)
    assert 'name="clerk-2"' not in second.client.get("/staff").text
    assert "2号窗口开了" in first.press("/staff/open", window="2").text
    told = second.press("/staff/open", window="2")  # its page is from before
    assert "2号窗口现在由 甲 开着" in told.text
    assert hall.run(hall.house.counter(CLERK).windows())[1].clerk == "甲"  # type: ignore[index]
    page = second.client.get("/staff").text
    assert '<input type="hidden" name="clerk-2" value="甲">' in page
    assert "disabled" not in page.split('id="window-2"')[1].split(">")[0], "whoever went home can be stood in for"
    assert "2号窗口开了" in second.press("/staff/open", window="2", **{"clerk-2": "甲"}).text
    assert "由 乙 开着" in first.press("/staff/windows/2/close", serving="").text


def test_a_stale_page_closes_no_window_over_somebody_it_did_not_show(hall: Standing) -> None:
    hall.numbers("civil-affairs", 2)
    clerk, counter = Person(hall, "c", Role.CLERK), hall.house.counter(CLERK)
    clerk.press("/staff/open", window="2")
    clerk.press("/staff/windows/2/call-next", serving="")
    hall.run(counter.call_next("elsewhere", "2"))  # the same clerk, signed in at another place
    told = clerk.press("/staff/windows/2/close", serving="b001")
    assert "没有动 b002 号" in told.text
    assert hall.run(counter.windows())[1].serving.number == "b002"  # type: ignore[index,union-attr]
    assert "窗口关了" in clerk.press("/staff/windows/2/close", serving="b002").text


def test_a_clerk_helps_somebody_without_a_telephone(hall: Standing) -> None:
    clerk = Person(hall, "c", Role.CLERK)
    took = clerk.press("/staff/desk/number", service="health", phone="", priority="yes")
    assert ">C001<" in took.text
    when = "2026-11-24T14:00:00+08:00"
    booked = clerk.press("/staff/desk/book", what="gym", day="2026-11-24", start=when, people="1", phone="")
    code = re.search(r"<strong>(\d{3}) (\d{3})</strong>", booked.text)
    assert code is not None, booked.text
    found = clerk.press("/staff/desk/find", text=code[1] + code[2])
    id_ = re.search(r'name="id" value="([^"]+)"', found.text)
    assert id_ is not None
    gone = clerk.press("/staff/desk/cancel", id=id_[1], text=code[1] + code[2], why="")
    assert "取消了，名额已经让出" in gone.text
    assert "已取消" in gone.text
    for wrong in ({"service": "nothing"}, {"service": "health", "phone": "12"}, {}):
        no = clerk.press("/staff/desk/number", **wrong)
        assert no.status_code == 422
        assert 'class="said care"' in no.text
        kept = f'value="{wrong["phone"]}"' if "phone" in wrong else ""
        assert kept in no.text, "what was typed stays"
    assert re.search(r'id="take-health" required checked', clerk.press(
        "/staff/desk/number", service="health", phone="12").text)  # fmt: skip
    again = {"what": "gym", "day": "2026-11-24", "start": when, "people": "1", "phone": "139"}
    no = clerk.press("/staff/desk/book", **again)
    assert (no.status_code, 'value="139"' in no.text) == (422, True)
    assert f'value="{when}" id="slot-4" required checked' in no.text
    assert clerk.press("/staff/desk/find", text="").status_code < 500


def test_the_overview_says_what_an_estimate_rests_on(hall: Standing) -> None:
    manager, counter = Person(hall, "m", Role.MANAGER), hall.house.counter(CLERK)
    assert "民政服务：没有窗口在办，估不了。" in manager.client.get("/manage").text
    hall.numbers("civil-affairs", 6)
    hall.run(counter.open_window("o", "2"))
    for n in range(6):
        hall.run(counter.call_next(f"n{n}", "2"))
        hall.clock.advance(timedelta(minutes=4))
    assert "民政服务：按最近 5 次叫号：每位约 4 分钟，1 个窗口在办。" in manager.client.get("/manage").text


def test_bad_presses_are_answered_and_never_break(hall: Standing) -> None:
    clerk = Person(hall, "c", Role.CLERK)
    for path in ("/staff/windows/99/call-next", "/staff/windows/2/call-next", "/staff/windows/2/finish", "/staff/open"):
        answer = clerk.press(path, serving="b001", window="99")
        assert answer.status_code == 200, path
        assert 'class="said care"' in answer.text, path
    assert clerk.press("/staff/windows/2/dance").status_code == 403
    assert clerk.press("/staff/todo", huge="x" * 1_000_000).status_code in {405, 413}
    assert clerk.press("/staff/open", window="x" * 1_000_000).status_code == 413
    hall.clock.set(MONDAY.replace(hour=18))
    assert "号" in clerk.press("/staff/desk/number", service="health").text


def test_the_tablet_asks_after_a_finished_service(hall: Standing) -> None:
    from kiosk.hall import Caller

    hall.numbers("civil-affairs", 2)
    counter = hall.house.counter(Caller("c", "c", Role.CLERK))
    for step in (counter.open_window("o", "2"), counter.call_next("n", "2")):
        hall.run(step)
    with httpx.Client(base_url=hall.url) as tablet:
        assert 'name="level"' not in tablet.get("/rate/2").text, "nobody is finished yet"
        hall.run(counter.finish("f", "2"))
        asked = tablet.get("/rate/2").text
        assert asked.count('name="level"') == 6
        assert "checked" not in asked
        ticket = re.search(r'name="ticket" value="([^"]+)"', asked)
        assert ticket is not None
        assert "谢谢" in tablet.post("/rate/2", data={"ticket": ticket[1], "level": "4"}).text
        assert 'name="level"' not in tablet.get("/rate/2").text
        assert tablet.post("/rate/2", data={"ticket": "nobody", "level": "5"}).status_code == 200
        assert tablet.get("/rate/99").status_code == 404


def test_who_would_rather_not_rate_is_not_asked_again_by_any_process(hall: Standing) -> None:
    from kiosk.hall import Caller

    hall.numbers("civil-affairs", 2)
    counter = hall.house.counter(Caller("c", "c", Role.CLERK))
    for step in (counter.open_window("o", "2"), counter.call_next("n", "2"), counter.finish("f", "2")):
        hall.run(step)
    beside = hall.also.enter_context(Standing(hall.data, hall.clock))
    with httpx.Client(base_url=hall.url) as tablet, httpx.Client(base_url=beside.url) as other:
        for one in (tablet, other):
            ticket = re.search(r'name="ticket" value="([^"]+)"', one.get("/rate/2").text)
            assert ticket is not None
        assert 'name="level"' in tablet.post("/rate/2", data={"ticket": "somebody", "level": "skip"}).text
        tablet.post("/rate/3", data={"ticket": ticket[1], "level": "skip"})
        assert 'name="level"' in other.get("/rate/2").text, "skipped at no other window than its own"
        assert 'name="level"' not in tablet.post("/rate/2", data={"ticket": ticket[1], "level": "skip"}).text
        assert 'name="level"' not in other.get("/rate/2").text
        hall.stop()
        hall.start()
        assert 'name="level"' not in tablet.get("/rate/2").text
        hall.run(hall.house.counter(Caller("c", "c", Role.CLERK)).call_next("n2", "2"))
        hall.run(hall.house.counter(Caller("c", "c", Role.CLERK)).finish("f2", "2"))
        assert 'name="level"' in other.get("/rate/2").text, "the next one is asked"


def test_the_board_shows_public_facts_only(hall: Standing) -> None:
    from kiosk.hall import Caller

    hall.numbers("civil-affairs", 2, phone=PHONE, matter="低保申请")
    counter = hall.house.counter(Caller("c", "王小明", Role.CLERK))
    for step in (counter.open_window("o", "2"), counter.call_next("n", "2"), counter.pause("p", "2", "取材料"),
                 counter.set_notice("t", "今天量血压")):  # fmt: skip
        hall.run(step)
    page = httpx.get(f"{hall.url}/board").text
    assert "b001" in page
    assert "取材料" in page
    assert "今天量血压" in page
    for secret in ("王小明", PHONE, "5678", "低保", "csrf"):
        assert secret not in page


def test_a_time_of_return_that_has_gone_by_is_not_promised_any_more(hall: Standing) -> None:
    manager, counter, back_at = Person(hall, "m", Role.MANAGER), hall.house.counter(CLERK), at(10, 15)
    hall.run(counter.open_window("o", "2"))
    hall.run(counter.pause("p", "2", "取材料", back_at))
    back = "10:15 回"
    assert back in httpx.get(f"{hall.url}/board").text
    assert f"{back}（" not in manager.client.get("/manage").text
    hall.clock.advance(timedelta(hours=1))
    board = httpx.get(f"{hall.url}/board").text
    assert ("2号窗口暂停" in board, back in board) == (True, False)
    assert f"{back}（已经过了）" in manager.client.get("/manage").text


def test_a_page_that_is_not_there_has_a_way_back_for_people(hall: Standing) -> None:
    there = httpx.get(f"{hall.url}/staff/nowhere", headers={"Accept": "text/html,*/*"})
    assert (there.status_code, "没有这一页" in there.text, 'href="/staff"' in there.text) == (404, True, True)
    assert "frame-ancestors" in there.headers["content-security-policy"]
    assert httpx.get(f"{hall.url}/staff/nowhere").json()["code"] == "no-such-page", "a program is told as ever"


def test_what_a_press_left_to_be_said_is_not_taken_away_by_another_tab(hall: Standing) -> None:
    clerk = Person(hall, "c", Role.CLERK)
    csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', clerk.client.get("/staff/todo").text)
    assert csrf is not None
    left = clerk.client.post("/staff/slips/none/reprint", data={"csrf": csrf[1]}, follow_redirects=False)
    assert (left.status_code, "hall_said" in left.headers["set-cookie"]) == (303, True)
    for part in ("/staff/todo/now", "/staff/now", "/static/live.js"):
        assert "set-cookie" not in clerk.client.get(part).headers, part
    assert 'class="said care"' in clerk.client.get("/staff/todo").text
    assert 'class="said care"' not in clerk.client.get("/staff/todo").text, "said once"


def test_names_and_texts_said_shortly() -> None:
    assert together(["1号窗口", "3号窗口", "10号窗口"]) == "1、3、10号窗口"
    assert together(["1号窗口", "党员窗口"]) == "1号窗口、党员窗口"
    assert together(["1号窗口", "2 号窗"]) == "1号窗口、2 号窗"
    assert (together([]), together(["6号窗口"])) == ("", "6号窗口")
    assert excerpt("灯" * 44) == "灯" * 44
    assert excerpt("灯" * 45) == "灯" * 43 + "…"
    assert excerpt(f"{'lamp ' * 17}at\nthe gate") == f"{'lamp ' * 17}at…"[:88], "a Latin letter takes half the room"
    assert excerpt(" a\n\n b ") == "a b"


@pytest.mark.parametrize(
    ("busy", "paused", "waiting", "stuck", "says"),
    [
        (1, 0, 206, 172, "206 人在等，其中 172 人要办的没有窗口在办"),
        (2, 0, 9, 0, "大厅在正常叫号"),
        (2, 0, 0, 0, "大厅开着，没有人在等"),
        (0, 0, 9, 9, "有 9 人在等，没有窗口在办"),
        (0, 1, 9, 0, "有 9 人在等，窗口都暂停着"),
        (0, 0, 0, 0, "大厅还没有开窗口"),
    ],
)
def test_how_the_hall_stands_in_one_sentence(busy: int, paused: int, waiting: int, stuck: int, says: str) -> None:
    assert headline(busy, paused, waiting, stuck, is_open=True) == says


def test_numbers_and_times_as_clerks_type_them() -> None:
    letters = ("A", "b", "C")
    assert [number_typed(text, letters) for text in ("B23", " b 023 ", "a1000", "c", "")] == [
        "b023", "b023", "A1000", "c", ""]  # fmt: skip
    assert time_typed("11:30", MONDAY) == time_typed("1130", MONDAY) == time_typed("11点30分", MONDAY) == at(11, 30)
    assert time_typed("25:00", MONDAY) is None
    assert time_typed("soon", MONDAY) is None
