"""A real hall, its real log, real tellers: with the driver that ships, and with one that answers as it is told."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from devices.notifiers.port import Delivery
from kiosk.announcing.telling import Teller
from kiosk.door import Change, HelpKind, RequestOrder
from kiosk.hall import keeping
from kiosk.ledger import Hot
from tests.kiosk.announcing.evenings import Evening, Post, do, three
from tests.kiosk.hall.building import PHONE, at, demo, run
from tests.kiosk.hall.office import ORDER, codes, good


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Evening]:
    made = Evening(tmp_path)
    yield made
    made.close()


def test_three_messages_in_order_each_once_with_a_restart_in_the_middle(evening: Evening):
    first = evening.ready()
    filed = evening.office.file()
    evening.office.file(dataclasses.replace(ORDER, phone=None))
    do(evening, filed, "accept")
    assert evening.until(lambda: len(evening.written()) == 1)
    first.close()
    do(evening, filed, "doing")
    evening.ready(holder="two")
    assert evening.until(lambda: len(evening.written()) == 2)
    do(evening, filed, "answer")
    assert evening.until(lambda: len(evening.written()) == 3)
    assert evening.until(evening.settled)
    assert evening.written() == three(filed)
    (device,) = evening.reports["短信"]
    assert (device.kind, device.state.value, device.reason) == ("notifier", "ok", None)


def test_what_happened_before_there_was_a_notifier_is_not_told(evening: Evening):
    filed = evening.office.file()
    do(evening, filed, "accept")
    evening.ready()
    do(evening, filed, "doing")
    assert evening.until(evening.settled)
    assert evening.written() == three(filed)[1:2]


def test_of_two_processes_one_tells_and_the_other_goes_on_when_it_is_killed(evening: Evening, monkeypatch):
    mine, theirs = Post(), Post()
    first = evening.ready(mine)
    evening.teller(theirs, "two")
    filed = evening.office.file()
    do(evening, filed, "accept")
    assert evening.until(lambda: len(mine.sent) == 1 and evening.settled())
    kill(first, monkeypatch)
    do(evening, filed, "doing", "answer")
    assert evening.until(lambda: len(theirs.sent) == 2 and evening.settled())
    assert [words for _number, words in mine.sent + theirs.sent] == three(filed)
    assert {number for number, _words in mine.sent + theirs.sent} == {PHONE}
    assert not evening.case(filed).helps


def kill(teller: Teller, monkeypatch) -> None:
    """End a teller without any of what a good end does."""
    monkeypatch.setattr(teller, "_end", lambda: None)
    teller.close()


def test_what_was_in_a_killed_process_s_hands_is_not_sent_again_and_staff_call(evening: Evening, monkeypatch):
    silent, theirs = Post(None), Post()
    first = evening.ready(silent)
    filed = evening.office.file()
    do(evening, filed, "accept")
    assert evening.until(lambda: len(silent.sent) == 1)
    kill(first, monkeypatch)
    evening.teller(theirs, "two")
    do(evening, filed, "doing")
    assert evening.until(lambda: len(theirs.sent) == 1 and evening.settled())
    assert [words for _number, words in silent.sent + theirs.sent] == three(filed)[:2]
    wanted = run(evening.house.attention()).helps
    assert [(help_.request, help_.kind) for help_ in wanted] == [(filed.id, HelpKind.CALL_BACK)]
    told = codes(evening.office.look(filed.code))
    assert told[1:] == ["request-accepted", "request-doing", "request-message-unknown"]
    silent.flying[0].set_result(Delivery.SENT)
    evening.office.desk("note_call_back", filed.id, "说好了")
    assert not run(evening.house.attention()).helps


def test_a_driver_that_raises_may_have_sent_and_the_next_message_goes(evening: Evening, caplog):
    caplog.set_level(logging.DEBUG)
    post = Post(RuntimeError(f"no carrier for {PHONE}"))
    evening.ready(post)
    filed = evening.office.file()
    do(evening, filed, "accept")
    assert evening.until(lambda: post.tries == 1 and evening.settled())
    assert evening.until(lambda: evening.reports["短信"][0].state.value == "warning")
    assert evening.reports["短信"][0].reason.code == "notifier-unknown"
    post.answer = Delivery.REFUSED
    do(evening, filed, "doing")
    assert evening.until(lambda: post.tries == 2 and evening.settled())
    post.answer = Delivery.SENT
    do(evening, filed, "answer")
    assert evening.until(lambda: len(post.sent) == 1 and evening.settled())
    assert post.sent[0][1] == three(filed)[2]
    assert len(evening.case(filed).helps) == 1, "one call settles it"
    told = codes(evening.office.look(filed.code))
    assert [code for code in told if "message" in code] == ["request-message-unknown", "request-message-refused"]
    assert evening.until(lambda: evening.reports["短信"][0].state.value == "ok")
    assert PHONE not in caplog.text


def test_a_driver_that_fails_is_a_state_and_is_tried_again_ever_more_seldom(evening: Evening):
    post = Post(Delivery.FAILED)
    evening.ready(post)
    one, two = evening.office.file(), evening.office.file()
    do(evening, one, "accept")
    do(evening, two, "accept")
    assert evening.until(lambda: post.tries == 1)
    begun = evening.clock.monotonic()
    assert evening.until(lambda: "短信" in evening.reports and evening.reports["短信"][0].state.value == "broken")
    assert evening.reports["短信"][0].reason.code == "notifier-failed"
    tried = []
    for n in (2, 3):
        assert evening.until(lambda n=n: post.tries == n, 60)
        tried.append(evening.clock.monotonic() - begun)
    assert tried[0] >= 5
    assert tried[1] - tried[0] >= 10
    assert not post.sent
    post.answer = Delivery.SENT
    assert evening.until(lambda: len(post.sent) == 2 and evening.settled())
    assert [words for _number, words in post.sent] == [three(one)[0], three(two)[0]]
    assert evening.until(lambda: evening.reports["短信"][0].state.value == "ok")


def test_in_quiet_hours_messages_wait_and_go_afterwards_in_order(evening: Evening):
    evening.clock.set(at(20, 59))
    post = Post()
    evening.ready(post, quiet=((at(21).time(), at(8).time()),))
    evening.clock.set(at(21, 30))
    filed = evening.office.file()
    do(evening, filed, "accept", "doing", "answer")
    assert not evening.until(lambda: post.tries > 0, 1.5)
    evening.clock.set(at(7, 59, days=1))
    assert not evening.until(lambda: post.tries > 0, 0.5)
    evening.clock.set(at(8, 0, days=1))
    assert evening.until(lambda: len(post.sent) == 3 and evening.settled())
    assert [words for _number, words in post.sent] == three(filed)


def test_whose_telephone_is_purged_gets_nothing(evening: Evening):
    post = Post(Delivery.FAILED)
    evening.ready(post)
    filed = evening.office.answered()
    assert evening.until(lambda: post.tries == 1)
    good(evening.office.say(filed.code, solved=True))
    evening.clock.advance(timedelta(days=7, minutes=1))
    keeping.purge(evening.house.commands.ledger, evening.clock.now(), evening.house.commands.source)
    post.answer = Delivery.SENT
    assert evening.until(evening.settled)
    assert not post.sent


def test_nothing_private_is_in_a_message_an_event_a_mark_or_a_log(evening: Evening, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    post = Post()
    evening.ready(post)
    order = RequestOrder("mediation", "邻居吵canarytext", "dormitory-1", "后院canaryplace", "13877665544")
    filed = evening.office.file(order)
    do(evening, filed, "accept")
    assert evening.until(lambda: len(post.sent) == 1 and evening.settled())
    post.answer = ValueError("13877665544 is odd")
    do(evening, filed, "doing")
    assert evening.until(evening.settled)
    post.answer = Delivery.SENT
    do(evening, filed, "answer")
    assert evening.until(lambda: len(post.sent) == 2 and evening.settled())
    for _number, words in post.sent:
        assert not [one for one in ("canary", filed.code, filed.code[-5:], "13877665544") if one in words]
        assert filed.code[-4:] in words
        assert len(words) <= 70, "one text message"
    log = evening.house.commands.ledger.read(lambda tx: tx.log(0, 5000))
    assert "cn.hall.notice.unsent.v1" in {one.event.type for one in log}
    rows = [evening.house.commands.ledger.read(lambda tx, name=name: tx.all(Hot(f"SELECT * FROM {name}")))
            for name in ("event", "mark", "request_step", "request_help", "kiosk")]  # fmt: skip
    everything = repr(rows) + caplog.text + "".join(capsys.readouterr()) + repr(evening.reports)
    assert not [one for one in ("canary", filed.code, "13877665544", "5544") if one in everything]


def test_what_upstream_says_twice_or_too_late_is_told_once(tmp_path: Path):
    evening = Evening(tmp_path)
    try:
        post = Post()
        evening.ready(post)
        filed = evening.office.file()
        due = evening.clock.now().date() + timedelta(days=30)
        longer = {"due": due, "text": "等材料"}
        for n, (kind, more) in enumerate([
            ("accepted", {}), ("accepted", {"officer": "赵工"}), ("doing", {}), ("doing", {}), ("accepted", {}),
            ("extended", longer), ("doing", {"officer": "钱工"}), ("done", {}), ("done", {"text": "又"}), ("doing", {}),
            ("accepted", {}),
        ]):  # fmt: skip
            evening.clock.advance(timedelta(milliseconds=5))
            change = Change(f"d:{n}", filed.id, kind, evening.clock.now(), **more)
            assert run(evening.house.apply_change(change)) == "applied"
        assert evening.until(evening.settled)
        said = [words.partition("）")[2][:4] for _number, words in post.sent]
        assert said == ["已经受理", "由城管环", "由城管环", "由城管环", "办完了。"]
        assert "改为12月23日以前答复" in post.sent[2][1]
        assert "钱工" in post.sent[3][1]
        good(evening.office.say(filed.code, solved=False))
        evening.clock.advance(timedelta(seconds=1))
        assert run(evening.house.apply_change(Change("d:x", filed.id, "accepted", evening.clock.now()))) == "applied"
        assert evening.until(lambda: len(post.sent) == 6 and evening.settled())
    finally:
        evening.close()


def test_the_same_on_postgresql(tmp_path: Path, postgres_url: str):
    evening = Evening(tmp_path, postgres_url)
    try:
        post = Post()
        evening.ready(post)
        filed = evening.office.file()
        do(evening, filed, "accept")
        assert evening.until(lambda: len(post.sent) == 1 and evening.settled())
        post.answer = Delivery.UNKNOWN
        do(evening, filed, "doing")
        assert evening.until(lambda: post.tries == 2 and evening.settled())
        post.answer = Delivery.SENT
        do(evening, filed, "answer")
        assert evening.until(lambda: len(post.sent) == 2 and evening.settled())
        assert [words for _number, words in post.sent] == three(filed)[::2]
        assert [help_.kind for help_ in evening.case(filed).helps] == [HelpKind.CALL_BACK]
    finally:
        evening.close()


def test_the_demo_hall_sends_nothing_until_somebody_wants_it():
    assert demo().notifiers == ()
