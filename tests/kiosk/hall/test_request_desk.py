"""Requests as clerks hold them; and what happens when two do something at once, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk.door import HelpKind, Request, RequestCase, RequestOrder, Role
from kiosk.door import RequestState as State
from kiosk.hall import request_counter, request_rows
from kiosk.ledger import Again, Hot
from tests.kiosk.hall.building import CLERK, KIOSK, PHONE, run
from tests.kiosk.hall.office import ORDER, good, no

# ---- clerks ----------------------------------------------------------------------------------------------------------


def test_first_asked_stays_however_often_it_is_handed_on(office):
    for name in ("小王", "小李"):
        office.house.accounts.make_token(name, Role.CLERK)
    filed = office.file()
    office.desk("take_over", filed.id)
    no(office.desk("take_over", filed.id, at=office.second), "request-held")
    no(office.desk("answer", filed.id, "好", at=office.second), "request-held")
    no(office.desk("hand_over", filed.id, "小李", ""), "words-missing")
    no(office.desk("hand_over", filed.id, "没有这人", "忙"), "unknown-colleague")
    no(office.desk("hand_over", filed.id, "小王", "忙"), "already-theirs")
    case = office.desk("hand_over", filed.id, "小李", "归他那一片")
    assert (case.holder, case.request.first_asked) == ("小李", "小王")
    no(office.desk("hand_over", filed.id, "小王", "还你"), "request-held")  # it is no longer in 小王's hands
    back = office.desk("hand_over", filed.id, "小王", "主任说的", at=office.manager)
    assert (back.holder, back.request.first_asked) == ("小王", "小王")
    assert office.look(filed.code).first_asked == "小王"
    assert "words" not in office.look(filed.code).steps[-1].what.facts  # a word among colleagues


def test_the_hall_answers_by_itself_and_an_extension_is_told(office):
    filed = office.file()
    accepted = office.desk("accept", filed.id).request
    assert (accepted.state, accepted.officer, accepted.first_asked) == (State.ACCEPTED, "小王", "小王")
    assert "accept" not in office.desk("doing", filed.id).may
    no(office.desk("accept", filed.id), "request-already")
    longer = office.desk("extend", filed.id, 3, "等零件").request
    assert longer.due == date(2026, 12, 7)
    told = office.look(filed.code).steps[-1].what
    assert (told.code, told.facts) == ("request-extended", {"due": date(2026, 12, 7), "words": "等零件"})
    for days in (0, 61, -1):
        no(office.desk("extend", filed.id, days, "等零件"), "extension-invalid")
    office.clock.advance(timedelta(days=11))
    assert office.look(filed.code).overdue == "amber"
    office.clock.advance(timedelta(days=4))
    assert office.look(filed.code).overdue == "red"
    assert [case.request.id for case in run(office.clerk.requests("late"))] == [filed.id]


def test_what_waits_for_its_resident_hides_nothing_that_waits_for_an_answer(on_each, monkeypatch):
    """Many never come back to say that it is solved; a list ends somewhere all the same."""
    monkeypatch.setattr(request_counter, "MOST_LISTED", 3)
    monkeypatch.setattr(request_rows, "_PIECE", 2)
    run_ids = lambda *what: [case.request.id for case in run(on_each.clerk.requests(*what))]  # noqa: E731
    oldest = on_each.file(replace(ORDER, text="井盖响"))
    on_each.desk("answer", oldest.id, "垫好了")
    answered = [oldest.id]
    for _ in range(4):
        on_each.clock.advance(timedelta(seconds=1))
        answered.append(on_each.answered().id)
    on_each.clock.advance(timedelta(days=30))
    first = on_each.file().id
    on_each.clock.advance(timedelta(seconds=1))
    second = on_each.file().id
    assert run_ids("open") == [first, second, answered[0]]
    on_each.clock.advance(timedelta(days=30))
    assert run_ids("late") == [first, second]
    assert run_ids("mine") == answered[:3]
    assert run_ids("all")[:2] == [second, first]
    assert run_ids("all", "井盖") == [oldest.id], "a search goes back to the first"


def test_ids_that_are_none_are_unknown_on_each_database(on_each):
    for odd in ("nobody", "", "a\x00b", "\ud800"):
        assert run(on_each.clerk.request_by_id(odd)).reason.code == "request-unknown"
        if odd.isascii():
            no(on_each.desk("accept", odd), "request-unknown")
            assert on_each.desk("settle_change", odd).reason.code == "unknown"


def test_the_register_searches_words_places_and_codes(office):
    lamp = office.file()
    job = office.file(RequestOrder("work", "想找工作"), office.house.door(CLERK))
    run_ids = lambda *what: [case.request.id for case in run(office.clerk.requests(*what))]  # noqa: E731
    assert set(run_ids()) == {lamp.id, job.id}
    assert run_ids("mine") == [job.id]
    assert run_ids("open", "三楼 公寓") == run_ids("all", lamp.code) == run_ids("open", "environment") == [lamp.id]
    assert run_ids("open", "没有这些字") == []
    (case,) = run(office.clerk.requests("open", "三楼"))
    assert (case.phone, run(office.clerk.request_by_id(lamp.id)).phone) == (None, PHONE)
    assert run(office.house.counter(KIOSK).requests()).reason.code == "not-allowed"
    assert run(office.house.counter(KIOSK).request_by_id(lamp.id)).reason.code == "not-allowed"


# ---- two at once -----------------------------------------------------------------------------------------------------


def test_two_clerks_take_over_at_once_and_one_has_it(on_each):
    for _ in range(3):
        filed = on_each.file()

        async def both(id_=filed.id):
            return await asyncio.gather(on_each.clerk.take_over(on_each.key(), id_),
                                        on_each.second.take_over(on_each.key(), id_))  # fmt: skip

        first, second = run(both())
        taken = [answer for answer in (first, second) if isinstance(answer, RequestCase)]
        assert len(taken) == 1, (first, second)
        no(second if taken[0] is first else first, "request-held")
        assert run(on_each.clerk.request_by_id(filed.id)).holder == taken[0].holder == taken[0].request.first_asked


def test_two_kiosks_say_solved_and_not_solved_at_once_and_one_word_counts(on_each):
    for _ in range(3):
        done = on_each.answered()

        async def both(code=done.code):
            return await asyncio.gather(on_each.kiosk.answer_request(on_each.key(), code, solved=True),
                                        on_each.other.answer_request(on_each.key(), code, solved=False))  # fmt: skip

        yes, not_yet = run(both())
        assert isinstance(yes, Request) != isinstance(not_yet, Request), (yes, not_yet)
        state = on_each.look(done.code).state
        assert state is (State.CONFIRMED if isinstance(yes, Request) else State.DOING)
    names = [name for name, _ in on_each.events()]
    assert names.count("request.confirmed") + names.count("request.reopened") == 3


def test_the_same_key_at_once_is_one_help(on_each):
    filed = on_each.file()

    async def both():
        return await asyncio.gather(*(on_each.kiosk.ask_help("k", filed.code, HelpKind.TEACHING) for _ in range(4)))

    answers = run(both())
    assert all(answer == answers[0] for answer in answers)
    assert good(answers[0])
    assert [name for name, _ in on_each.events()] == ["request.filed", "request.help-asked"]
    count = on_each.house.commands.ledger.read(lambda tx: tx.one(Hot("SELECT count(*) FROM request_help")))
    assert count == (1,)


def test_a_request_that_has_changed_is_not_changed_by_who_saw_it_before(on_each):
    """What holds also where the database's own isolation would let it through."""
    filed = on_each.file()
    ledger = on_each.house.commands.ledger
    seen = ledger.read(lambda tx: request_rows.by_id(tx, filed.id))
    ledger.write(lambda tx: request_rows.move(tx, seen, seen._replace(holder="小王"))).result()

    def late(tx):
        with pytest.raises(Again):
            request_rows.move(tx, seen, seen._replace(holder="小李"))

    ledger.write(late).result()
    assert run(on_each.clerk.request_by_id(filed.id)).holder == "小王"
