"""Requests as residents have them: filed, followed, answered, opened again, struck off; and who may not do that."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest

from kiosk.door import MOST_TEXT, Change, HelpKind, Refusal, RequestOrder
from kiosk.door import RequestState as State
from tests.kiosk.hall.building import CLERK, KIOSK, MANAGER, PHONE, build, demo, run
from tests.kiosk.hall.office import ORDER, TEMP, Office, codes, good, no

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
