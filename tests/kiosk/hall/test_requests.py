"""Requests in the hall, on both databases: filed, followed, answered, opened again, struck off; who may and who may
not; what happens when two do it at once; and what comes back from upstream."""

from __future__ import annotations

import asyncio
import dataclasses
from datetime import date, timedelta

import pytest

from kiosk.config.settings import UpstreamSettings
from kiosk.door import (
    MOST_TEXT,
    Change,
    HelpKind,
    Refusal,
    Request,
    RequestCase,
    RequestOrder,
    Role,
)
from kiosk.door import RequestState as State
from kiosk.hall import Caller
from kiosk.ledger import Hot
from tests.kiosk.hall.building import CLERK, KIOSK, MANAGER, OTHER, PHONE, build, demo, run

ORDER = RequestOrder("environment", "楼道灯不亮，三楼", "dormitory-1", "三单元门口", PHONE)
TEMP = Caller("clerk-2", "小李", Role.CLERK)
DISTRICT = UpstreamSettings("district", "cloudevents", "http://127.0.0.1:1", None, None, ("request.*",), None, (), {})


class Office:
    """A kiosk, two clerks and a manager with plain calls, each under a fresh key."""

    def __init__(self, house, clock) -> None:
        self.house, self.clock, self._keys = house, clock, 0
        self.kiosk, self.other = house.door(KIOSK), house.door(OTHER)
        self.clerk, self.second, self.manager = (house.counter(who) for who in (CLERK, TEMP, MANAGER))

    def key(self) -> str:
        self._keys += 1
        return f"office-{id(self)}-{self._keys}"

    def file(self, order=ORDER, door=None) -> Request:
        return good(run((door or self.kiosk).file_request(self.key(), order)))

    def say(self, code, *, solved, why=None, door=None):
        return run((door or self.kiosk).answer_request(self.key(), code, solved=solved, why=why))

    def desk(self, verb, id_, *what, at=None):
        return run(getattr(at or self.clerk, verb)(self.key(), id_, *what))

    def look(self, code) -> Request:
        return good(run(self.kiosk.request(code)))

    def answered(self) -> Request:
        filed = self.file()
        case = self.desk("answer", filed.id, "灯已经换好了")
        assert isinstance(case, RequestCase), case
        return self.look(filed.code)

    def events(self) -> list[tuple[str, dict]]:
        log = self.house.commands.ledger.read(lambda tx: tx.log(0, 5000))
        return [(one.event.type.removeprefix("cn.hall.").removesuffix(".v1"), dict(one.event.data))
                for one in log if ".request." in one.event.type]  # fmt: skip


def good(answer) -> Request:
    assert isinstance(answer, Request), answer
    return answer


def no(answer, code: str) -> Refusal:
    assert isinstance(answer, Refusal), answer
    assert answer.reason.code == code
    assert answer.next, f"{code}: no way on"
    return answer


def codes(request: Request) -> list[str]:
    return [step.what.code for step in request.steps]


@pytest.fixture
def office(tmp_path, clock):
    house = build(tmp_path, clock=clock)
    yield Office(house, clock)
    house.close()


@pytest.fixture
def on_each(house, clock) -> Office:
    """An office on each of the two databases."""
    return Office(house, clock)


# ---- filing ----------------------------------------------------------------------------------------------------------


def test_filed_and_followed_by_code_and_by_qr(on_each):
    filed = on_each.file()
    assert (len(filed.code), filed.code.isdecimal()) == (10, True)
    assert filed.qr.startswith(f"HKR:{filed.code}:")
    assert (filed.state, filed.due, filed.overdue) == (State.REGISTERED, date(2026, 12, 2), "fine")
    assert (filed.text, filed.place, filed.phone_tail) == ("楼道灯不亮，三楼", "三单元门口", PHONE[-4:])
    assert (filed.category.zh, filed.place_name.zh, filed.unit.zh) == ("环境卫生", "职工公寓1号楼", "城管环卫办")
    assert filed.may == {"help", "reprint"}
    assert codes(filed) == ["request-filed"]
    for text in (filed.code, f"{filed.code[:3]} {filed.code[3:6]} {filed.code[6:]}", filed.qr, filed.qr.lower()):
        assert on_each.look(text) == filed
    assert on_each.events() == [
        ("request.filed", {"category": "environment", "grid": "dormitory-1", "state": "registered",
                           "due": "2026-12-02", "unit": "城管环卫办", "reopened": 0}),
    ]  # fmt: skip


def test_only_category_and_text_are_needed_and_a_clerk_who_files_is_first_asked(office):
    bare = office.file(RequestOrder("suggestion", "多开窗口"))
    assert (bare.place_name, bare.place, bare.phone_tail, bare.first_asked) == (None, None, None, None)
    by_clerk = office.file(RequestOrder("work", "想找工作"), office.house.door(CLERK))
    assert (by_clerk.first_asked, by_clerk.officer) == ("小王", "小王")
    assert codes(by_clerk) == ["request-filed-by-clerk"]


def test_the_unit_is_the_categorys_else_that_of_the_place_around(tmp_path, clock):
    settings = demo()
    plain = tuple(dataclasses.replace(category, unit=None, days=3) for category in settings.categories)
    house = build(tmp_path, clock=clock, settings=dataclasses.replace(settings, categories=plain))
    filed = Office(house, clock).file()
    assert (filed.unit.zh, filed.due) == ("园区社区居委会", date(2026, 11, 26))
    house.close()


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (RequestOrder("no-such", "灯"), "unknown-category"),
        (RequestOrder("work", "灯", "nowhere"), "unknown-grid"),
        (RequestOrder("work", ""), "request-empty"),
        (RequestOrder("work", " \n\t\x00\u200b……——"), "request-empty"),
        (RequestOrder("work", "字" * (MOST_TEXT + 1)), "words-too-many"),
        (RequestOrder("work", "灯", None, "字" * 101), "words-too-many"),
        (RequestOrder("work", "灯", None, None, "12345"), "phone-mobile-prefix"),
    ],
)
def test_what_cannot_be_filed_says_why_and_what_else(office, order, code):
    answer = run(office.kiosk.file_request(office.key(), order))
    assert isinstance(answer, Refusal)
    assert answer.reason.code == code
    assert answer.next
    assert office.events() == []


def test_control_characters_noise_and_emoji(office):
    noise = "  灯\x07坏了\ufffd\ufffd\r\n\r\n\r\n\r\n\x1b[31m救命\u202e😀👨\u200d👩 \t 快\x00 "
    filed = office.file(RequestOrder("work", noise))
    assert filed.text == "灯坏了\n\n救命😀👨👩 快"
    assert office.file(RequestOrder("work", "字" * MOST_TEXT)).text == "字" * MOST_TEXT
    assert office.file(RequestOrder("work", "😀")).text == "😀"


def test_the_same_key_twice_files_once(office):
    first = good(run(office.kiosk.file_request("k", ORDER)))
    again = good(run(office.kiosk.file_request("k", dataclasses.replace(ORDER, text=" 楼道灯不亮，三楼\n"))))
    assert again == first
    assert good(run(office.kiosk.outcome("k"))) == first
    other = run(office.kiosk.file_request("k", dataclasses.replace(ORDER, text="别的")))
    assert isinstance(other, Refusal)
    assert other.reason.code == "key-reused"
    assert len(office.events()) == 1


def test_codes_of_one_kind_do_not_open_the_other_and_misses_count_together(office):
    filed = office.file()
    no(run(office.kiosk.appointment(filed.code)), "code-not-code")
    no(run(office.kiosk.request("482761")), "code-not-request")
    no(run(office.kiosk.request(filed.qr[:-1] + ("A" if filed.qr[-1] != "A" else "B"))), "code-foreign")
    wrong = f"{(int(filed.code) + 1) % 10**10:010d}"
    for n in range(10):
        no(run(office.kiosk.request(wrong) if n % 2 else office.kiosk.appointment("482761")), "code-unknown")
    assert run(office.kiosk.request(filed.code)).reason.code == "codes-wait"
    assert run(office.kiosk.appointment("482761")).reason.code == "codes-wait"
    assert office.look(filed.qr) == filed  # scanning goes on
    assert good(run(office.other.request(filed.code))).id == filed.id  # and so do other kiosks


# ---- the resident's word ---------------------------------------------------------------------------------------------


def test_solved_strikes_it_off_and_not_solved_opens_it_again_with_the_whole_time(office):
    done = office.answered()
    assert (done.state, done.answer, done.may) == (
        State.DONE, "灯已经换好了", {"confirm", "not-solved", "help", "reprint"})  # fmt: skip
    office.clock.advance(timedelta(days=3))
    opened = good(office.say(done.code, solved=False, why="又坏了"))
    assert (opened.state, opened.due, opened.reopened) == (State.DOING, date(2026, 12, 7), 1)
    assert opened.steps[-1].what.facts["words"] == "又坏了"
    office.desk("answer", done.id, "换了新的")
    ended = good(office.say(done.code, solved=True))
    assert (ended.state, ended.may, ended.answer) == (State.CONFIRMED, frozenset(), "换了新的")
    names = [name for name, _ in office.events()]
    assert names[-3:] == ["request.reopened", "request.answered", "request.confirmed"]
    for answer in (office.say(done.code, solved=True), office.say(done.code, solved=False),
                   run(office.kiosk.ask_help("h", done.code, HelpKind.CALL_BACK)),
                   run(office.kiosk.reprint_request("r", done.code)),
                   office.desk("hand_over", done.id, "小李", "忙"),
                   office.desk("answer", done.id, "再答")):  # fmt: skip
        no(answer, "request-over")


def test_before_an_answer_there_is_nothing_to_confirm(office):
    filed = office.file()
    for solved in (True, False):
        no(office.say(filed.code, solved=solved), "request-not-answered")


def test_nobody_but_the_resident_or_a_manager_strikes_off(office):
    done = office.answered()
    for who in (CLERK, TEMP, MANAGER):
        no(office.say(done.code, solved=True, door=office.house.door(who)), "only-resident-confirms")
    no(office.desk("strike_off", done.id, "办完了"), "only-manager-strikes-off")
    assert office.house.counter(KIOSK)
    assert run(office.house.counter(KIOSK).strike_off("k", done.id, "办完了")).reason.code == "not-allowed"
    for n, kind in enumerate(("accepted", "doing", "done", "escalated", "returned", "confirmed", "struck-off")):
        run(office.house.apply_change(Change(f"c{n}", done.id, kind, office.clock.now())))
        assert office.look(done.code).state is not State.CONFIRMED
    no(office.desk("strike_off", done.id, "  ", at=office.manager), "words-missing")
    case = office.desk("strike_off", done.id, "已在另一件里一并解决", at=office.manager)
    assert case.request.state is State.CONFIRMED
    struck = office.look(done.code)
    assert struck.steps[-1].what.facts == {"by": "主任", "words": "已在另一件里一并解决"}
    assert office.events()[-1][0] == "request.struck-off"


def test_each_kind_of_help_once_until_somebody_has_seen_to_it(office):
    filed = office.file()
    for kind in HelpKind:
        asked = good(run(office.kiosk.ask_help(office.key(), filed.code, kind)))
        no(run(office.kiosk.ask_help(office.key(), filed.code, kind)), "help-already-asked")
    assert codes(asked).count("request-help-asked") == 5
    case = office.desk("settle_help", filed.id, HelpKind.HOME_VISIT)
    assert [one.kind for one in case.helps if one.settled_at] == [HelpKind.HOME_VISIT]
    no(office.desk("settle_help", filed.id, HelpKind.HOME_VISIT), "help-not-asked")
    case = office.desk("note_call_back", filed.id, "说还没有人来")
    assert {one.kind for one in case.helps if one.settled_at} == {HelpKind.HOME_VISIT, HelpKind.CALL_BACK}
    good(run(office.kiosk.ask_help(office.key(), filed.code, HelpKind.CALL_BACK)))
    assert "words" not in next(s.what.facts for s in office.look(filed.code).steps if "called-back" in s.what.code)


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


# ---- from upstream ---------------------------------------------------------------------------------------------------


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
