"""What a manager sees of requests: figures, and what was set aside on the way upstream or back, with what to do."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.config.settings import UpstreamSettings
from kiosk.door import Change, Request, RequestOrder, Role
from kiosk.ledger import Hot
from kiosk.rules.calendar import HallCalendar
from kiosk.rules.deadline import days_left, due_day
from tests.kiosk.hall.building import MONDAY, demo
from tests.kiosk.web.person import Person
from tests.kiosk.web.standing import KIOSK, Standing

SECRET = "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0"
AWAY = UpstreamSettings("district", "webhook", "https://district.invalid/events", SECRET, None, ("request.*",), None,
                        (), {})  # fmt: skip
_ASIDE = Hot(
    "INSERT INTO relay_aside (destination, event, place, why, at) "
    " VALUES ('district', :e, :p, 'upstream-refused 422', 1)"
)
_PAUSE = Hot(
    "INSERT INTO relay_cursor (destination, after, apart_to, paused, why, since, took_at, skew)"
    " VALUES ('district', 0, 0, 1, 'upstream-gone 410', NULL, NULL, NULL)"
)
_STAND = Hot("SELECT paused FROM relay_cursor")
_WHY = Hot("SELECT why FROM relay_aside")


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Standing]:
    with Standing(tmp_path / "data", settings=dataclasses.replace(demo(), upstream=())) as standing:
        yield standing


def filed(hall: Standing, key: str) -> Request:
    done = hall.run(hall.house.door(KIOSK).file_request(key, RequestOrder("environment", f"路灯不亮 {key}", "park")))
    assert isinstance(done, Request)
    return done


def tally(text: str) -> dict[str, str]:
    asked = text.partition('id="asked"')[2].partition("</ul>")[0]
    found = re.findall(r"<span>(\w+)</span><p><b>(\d+)</b>([^<]*)</p>", asked)
    return {name: number + rest.strip() for name, number, rest in found}


def test_figures_tell_open_late_on_time_and_not_solved(hall: Standing) -> None:
    late, answered, opened = filed(hall, "late"), filed(hall, "answered"), filed(hall, "opened")
    hall.account("c")
    clerk = hall.house.counter(next(one for one in hall.house.accounts.accounts() if one.name == "c").caller)
    hall.run(clerk.answer("a", answered.id, "修好了"))
    hall.run(clerk.answer("b", opened.id, "修好了"))
    hall.run(hall.house.door(KIOSK).answer_request("no", opened.code, solved=False))
    hall.clock.advance(timedelta(days=10))
    filed(hall, "fresh")
    manager = Person(hall, "m", Role.MANAGER)
    assert tally(manager.client.get("/manage").text) == {
        "在办": "3件", "过期": "2件", "快到期": "0件", "等居民确认": "1件", "按期答复": "1/1", "没有解决": "1次",
    }  # fmt: skip
    hall.run(clerk.answer("c", late.id, "晚了，修好了"))
    assert tally(manager.client.get("/manage").text)["按期答复"] == "1/2"


def test_what_was_set_aside_is_told_and_can_be_dealt_with(tmp_path: Path) -> None:
    with Standing(tmp_path / "data", settings=dataclasses.replace(demo(), upstream=(AWAY,))) as hall:
        one, ledger = filed(hall, "r"), hall.house.commands.ledger
        event = ledger.log(0)[-1].event.id
        ledger.write(lambda tx: (tx.run(_PAUSE), tx.run(_ASIDE, e=event, p=1))).result()
        hall.run(hall.house.apply_change(Change("x1", one.id, "melted", MONDAY)))
        manager, clerk = Person(hall, "m", Role.MANAGER), Person(hall, "c", Role.CLERK)
        todo = clerk.client.get("/staff/todo").text
        for words in ("不再接收，上报已经停下", "有 1 条 district 没有收", "上级发来的 1 条办理进展对不上"):
            assert words in todo
        assert "要看一看" in manager.client.get("/manage").text
        page = manager.client.get("/manage/upstream").text
        for words in ("停下了", "继续上报", "对方没有收这一条（422）", "上级说的变化，这里不认识"):
            assert words in page
        assert "继续上报了" in manager.press("/manage/upstream/go-on", to="district").text
        assert "没有停着" in manager.press("/manage/upstream/go-on", to="district").text
        assert "没有这个去处" in manager.press("/manage/upstream/go-on", to="moon").text
        assert "正在再发一次" in manager.press("/manage/upstream/send-again", to="district", event=event).text
        assert "已经处理过" in manager.press("/manage/upstream/send-again", to="district", event="none").text
        assert "看过了" in manager.press("/manage/upstream/settle", change="x1").text
        assert "已经处理过" in manager.press("/manage/upstream/settle", change="x1", key="other").text
        assert (ledger.read(lambda tx: tx.one(_STAND)), ledger.read(lambda tx: tx.one(_WHY))) == ((0,), ("again",))
        assert clerk.press("/manage/upstream/go-on", to="district").status_code == 403


def test_working_days_left_count_as_the_due_clock_does(hall: Standing) -> None:
    calendar: HallCalendar = hall.house.schedule.calendar
    for start in range(0, 60, 3):
        today = date(2026, 9, 20) + timedelta(days=start)
        for days in (1, 2, 7):
            assert days_left(calendar, due_day(calendar, today, days), today) == days
    assert days_left(calendar, date(2026, 11, 20), date(2026, 11, 20)) == 0
    assert days_left(calendar, date(2026, 11, 20), date(2026, 11, 21)) == -1, "a Saturday is past a Friday all the same"
    assert days_left(calendar, date(2026, 11, 20), date(2026, 11, 24)) == -2
