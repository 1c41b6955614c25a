"""Lists of cases found in the database: the same as looking at every case, page after page, whoever asks."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.rules.deadline import amber_until, overdue
from kiosk.upstream import lists
from kiosk.upstream.case_rows import Case
from kiosk.upstream.cases import No
from kiosk.upstream.lists import START, Place, Scope
from tests.kiosk.upstream.tier import NOW, Tier, arrival

MANY = 40


@pytest.fixture(params=["sqlite", "postgresql"])
def tier(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tier]:
    url = "sqlite:///d.db" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    made = Tier(tmp_path, url)
    chance = random.Random(4)
    made.take(*(
        arrival("filed", f"c{n}", category=chance.choice(["environment", "other"]),
                due=(NOW.date() + timedelta(days=n % 9 - 4)).isoformat()) for n in range(MANY)
    ))  # fmt: skip
    acts = (("accept", ("陈刚", NOW)), ("answer", ("陈刚", NOW, "好了")), ("send_back", (NOW, "不归这里")))
    for n in range(MANY):
        for act, given in acts:
            if chance.random() < 0.4:
                try:
                    made.do(act, f"c{n}", *given)
                except No:
                    continue
    yield made
    made.ledger.close()


def every(tier: Tier) -> list[Case]:
    return [case for n in range(MANY) if (case := tier.case(f"c{n}"))]


def sees(scope: Scope, case: Case) -> bool:
    return (
        (scope.everyone or scope.unit == case.unit or scope.me == case.officer)
        and scope.state in {"", case.state} and scope.narrowed in {"", case.unit}
    )  # fmt: skip


SCOPES = [
    Scope("主管", "", everyone=True), Scope("陈刚", "environment", everyone=False), Scope("陈刚", "", everyone=False),
    Scope("周敏", "hotline", everyone=False), Scope("谁", "", everyone=False),
    Scope("主管", "", everyone=True, state="done"),
    Scope("主管", "", everyone=True, narrowed="hotline"),
    Scope("陈刚", "environment", everyone=False, state="accepted", narrowed="hotline"),
]  # fmt: skip


def paged(ask: Callable[[int], tuple[list[Case], int]]) -> tuple[list[str], int]:
    piece, count = ask(0)
    found = [case.id for case in piece]
    while len(found) < count:
        piece, _count = ask(len(found))
        found += [case.id for case in piece]
    last = [case.id for case in ask(1000)[0]]
    assert last == (found[-len(last) :] if last else []), "beyond the end: the last page"
    assert bool(last) == bool(found)
    return found, count


def test_a_list_is_what_looking_at_each_finds(tier: Tier) -> None:
    cases = every(tier)
    for scope in SCOPES:
        agrees(tier, scope, [case for case in cases if sees(scope, case)])


def agrees(tier: Tier, scope: Scope, mine: list[Case]) -> None:
    found, count = paged(
        lambda skip: tier.ledger.read(lambda tx: lists.register(tx, scope, skip=skip, most=7))
    )  # fmt: skip
    assert (sorted(found), count) == (sorted(case.id for case in mine), len(mine))
    pieces, place = [], START
    while piece := tier.ledger.read(lambda tx, place=place: lists.register_after(tx, scope, place, 7)):
        pieces += [case.id for case in piece]
        place = Place(piece[-1].filed_at, piece[-1].id)
    assert pieces == found

    calendar, today = tier.settings.calendar, NOW.date()
    by = amber_until(calendar, today).isoformat()
    late = {case.id for case in mine if case.state in {"registered", "accepted", "doing"}
            and overdue(calendar, date.fromisoformat(case.due), today) != "fine"}  # fmt: skip
    living = [case for case in mine if case.state not in {"confirmed", "returned"}]
    for own, due_by, wanted in (
        (False, "", {case.id for case in living}), (False, by, late),
        (True, "", {case.id for case in living if case.officer == scope.me}),
    ):  # fmt: skip
        found, count = paged(
            lambda skip, own=own, due_by=due_by: tier.ledger.read(
                lambda tx: lists.to_do(tx, scope, mine=own, due_by=due_by, skip=skip, most=7))
        )  # fmt: skip
        assert (len(found), set(found), count) == (len(wanted), wanted, len(wanted))
        by_id = {case.id: case for case in mine}
        keys = [(by_id[id_].state == "done", by_id[id_].due) for id_ in found]
        assert keys == sorted(keys), "the first due in front"


def test_the_file_holds_each_case_once_though_others_come_in_while_it_is_read(tmp_path: Path) -> None:
    tier = Tier(tmp_path, "sqlite:///d.db")
    tier.receive_all(*(f"c{n}" for n in range(9)))
    scope, place, found = Scope("主管", "", everyone=True), START, []
    while piece := tier.ledger.read(lambda tx, place=place: lists.register_after(tx, scope, place, 4)):
        found += [case.id for case in piece]
        place = Place(piece[-1].filed_at, piece[-1].id)
        tier.receive_all(f"z{len(found)}")
    assert sorted(set(found)) == sorted(found)
    assert {f"c{n}" for n in range(9)} <= set(found)
    tier.ledger.close()


def test_amber_begins_the_same_day_for_a_list_as_for_a_case(tmp_path: Path) -> None:
    tier = Tier(tmp_path, "sqlite:///d.db")
    calendar = tier.settings.calendar
    tier.ledger.close()
    for day in range(60):
        today = date(2026, 9, 15) + timedelta(days=day)  # over National Day and its make-up days
        bound = amber_until(calendar, today)
        assert overdue(calendar, bound, today) != "fine"
        assert overdue(calendar, bound + timedelta(days=1), today) == "fine"
