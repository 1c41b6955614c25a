"""What comes back from upstream: applied once each, set aside where it makes no sense, never an end."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from kiosk.door import Change
from kiosk.door import RequestState as State
from tests.kiosk.hall.building import build, demo, run
from tests.kiosk.hall.office import DISTRICT, Office, codes, good, no


@pytest.fixture
def away(tmp_path, clock):
    settings = dataclasses.replace(demo(), upstream=(DISTRICT,))
    house = build(tmp_path, clock=clock, settings=settings)
    yield Office(house, clock)
    house.close()


def test_a_change_moves_it_once_and_the_resident_is_told(away):
    filed = away.file()
    no(away.desk("answer", filed.id, "好"), "answered-upstream")
    change = Change("d:1", filed.id, "accepted", away.clock.now(), unit="市政处", officer="赵工")
    assert [run(away.house.apply_change(change)) for _ in range(3)] == ["applied", "again", "again"]
    seen = away.look(filed.code)
    assert (seen.state, seen.officer, seen.unit.zh) == (State.ACCEPTED, "赵工", "市政处")
    assert codes(seen) == ["request-filed", "request-accepted"]
    due = date(2026, 12, 20)
    longer, done = {"due": due, "text": "等材料"}, {"text": "修好\x07了"}
    news = [("doing", {}), ("extended", longer), ("done", done), ("accepted", {})]
    for n, (kind, more) in enumerate(news):
        assert run(away.house.apply_change(Change(f"d:{n + 2}", filed.id, kind, away.clock.now(), **more))) == "applied"
    seen = away.look(filed.code)
    assert (seen.state, seen.due, seen.answer) == (State.DONE, due, "修好了")  # a late "accepted" takes nothing back
    good(away.say(filed.code, solved=True))
    assert run(away.house.apply_change(Change("d:9", filed.id, "doing", away.clock.now()))) == "late"
    assert away.look(filed.code).state is State.CONFIRMED


def test_sent_back_the_hall_answers_it_and_not_solved_goes_up_again(away):
    filed = away.file()
    run(away.house.apply_change(Change("d:1", filed.id, "accepted", away.clock.now(), unit="市政处", officer="赵工")))
    returned = Change("d:2", filed.id, "returned", away.clock.now(), text="不归我们")
    assert run(away.house.apply_change(returned)) == "applied"
    case = run(away.clerk.request_by_id(filed.id))
    assert (case.away, case.request.state, case.request.unit.zh) == (False, State.REGISTERED, "城管环卫办")
    assert case.request.steps[-1].what.facts["words"] == "不归我们"
    away.desk("answer", filed.id, "大厅来办，好了")
    good(away.say(filed.code, solved=False))
    assert run(away.clerk.request_by_id(filed.id)).away


def test_what_upstream_never_took_a_manager_brings_home_and_the_hall_answers(away):
    filed = away.file()
    no(away.desk("accept", filed.id), "answered-upstream")
    no(away.desk("bring_home", filed.id, "上级不收"), "only-manager-brings-home")
    assert away.desk("bring_home", filed.id, "  ", at=away.manager).reason.code == "words-missing"
    assert "bring-home" not in run(away.clerk.request_by_id(filed.id)).may
    assert "bring-home" in run(away.manager.request_by_id(filed.id)).may
    case = away.desk("bring_home", filed.id, "上级不收", at=away.manager)
    assert (case.away, case.request.state) == (False, State.REGISTERED)
    assert "bring-home" not in case.may
    assert away.events()[-1][0] == "request.brought-home"
    away.desk("answer", filed.id, "大厅来办，好了")
    assert away.look(filed.code).answer == "大厅来办，好了"
    assert "上级不收" not in str(away.look(filed.code))
    assert away.desk("bring_home", filed.id, "再来", at=away.manager).reason.code == "request-already"


def test_where_no_answer_can_come_back_the_hall_answers(tmp_path, clock):
    deaf = dataclasses.replace(DISTRICT, kind="webhook", url="http://127.0.0.1:1/hook")
    house = build(tmp_path, clock=clock, settings=dataclasses.replace(demo(), upstream=(deaf,)))
    office = Office(house, clock)
    assert office.answered().answer == "灯已经换好了"
    house.close()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"request": "nobody", "kind": "done"}, "change-unknown-request"),
        ({"kind": "confirmed"}, "change-unknown-kind"),
        ({"request": "\ud800" * 300, "kind": "done"}, "change-unknown-request"),
        ({"kind": "extended"}, "change-bad-due"),
        ({"kind": "extended", "due": date(2026, 11, 1)}, "change-bad-due"),
        ({"kind": "extended", "due": date(2099, 1, 1)}, "change-bad-due"),
    ],
)
def test_nonsense_from_upstream_is_set_aside_for_staff(away, change, why):
    filed = away.file()
    given = Change(**({"id": "d:1", "request": filed.id, "at": away.clock.now()} | change))
    assert run(away.house.apply_change(given)) == "aside"
    assert run(away.house.apply_change(given)) == "again"
    (aside,) = run(away.clerk.changes_aside())
    assert aside.why.code == why
    assert away.look(filed.code) == filed
    assert run(away.clerk.settle_change("s", aside.id)) is None
    assert run(away.clerk.changes_aside()) == ()


def test_a_change_that_cannot_be_written_down_is_no_trouble(on_each):
    filed = on_each.file()
    for odd in ("\x00" * 500, "\ud800", "", "赵" * 300):
        change = Change(odd, filed.id, odd, on_each.clock.now(), unit=odd, officer=odd, text=odd)
        assert [run(on_each.house.apply_change(change)) for _ in range(2)] == ["aside", "again"]
        done = Change(f"done{odd}", filed.id, "done", on_each.clock.now(), unit=odd, officer=odd, text=odd)
        assert run(on_each.house.apply_change(done)) == "applied"
    assert len(run(on_each.clerk.changes_aside())) == 4
    assert on_each.look(filed.code).state is State.DONE
