"""Words of one's own beside a request's: with a rating, and a name where a hall asks for one. Sealed where a request's
words are, cleaned by the same check, read by those they are meant for, and gone seven days after the end."""

from __future__ import annotations

import dataclasses
import logging
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.config.settings import RequestSettings
from kiosk.door import MOST_NAME, MOST_RATING_TEXT, Rating, RequestOrder
from kiosk.hall import keeping
from kiosk.hall.commands import Declined
from kiosk.hall.said import said, said_if_any
from kiosk.ledger import Hot
from kiosk.rules import cleaning
from kiosk.upstream.outbox import leaving
from kiosk.upstream.sealing import new_pair, private_key, unseal
from tests.kiosk.hall.building import CLERK, KIOSK, MANAGER, Desk, build, demo, run
from tests.kiosk.hall.office import DISTRICT, ORDER, Office, no
from tests.kiosk.hall.test_request_privacy import Kept
from tests.kiosk.upstream.building import to

WORDS, NAME = "窗口的小伙子很耐心canaryseven", "翠屏阿婆canaryeight"
ASKING = dataclasses.replace(demo(), requests=RequestSettings(asks_name=True))


def served(house, clock) -> tuple[Desk, str]:
    """A number that has been served at window 1; its id."""
    desk = Desk(house, clock)
    ticket = desk.take()
    if run(house.counter(CLERK).view("1")).window.state != "open":
        desk.do("open_window", "1")
    desk.do("call_next", "1")
    desk.do("finish", "1")
    return desk, ticket.id


def read(house, most=50) -> list[str]:
    return [one.text for one in run(house.staff(MANAGER).rating_words(most))]


def rows(house, table) -> str:
    return repr(house.commands.ledger.read(lambda tx: [tuple(row) for row in tx.all(Hot(f"SELECT * FROM {table}"))]))


# ---- the one check ---------------------------------------------------------------------------------------------------


@given(st.text(max_size=60), st.integers(1, 40), st.booleans())
def test_words_are_clean_short_enough_and_say_something_or_are_refused(text, most, lines):
    clean = cleaning.clean(text, lines=lines)
    if not cleaning.says_something(clean):
        assert said_if_any(text, most, lines=lines) is None
        with pytest.raises(Declined, match="request-empty"):
            said(text, most, "request-empty", lines=lines)
    elif len(clean) > most:
        with pytest.raises(Declined, match="words-too-many"):
            said_if_any(text, most, lines=lines)
    else:
        assert said_if_any(text, most, lines=lines) == clean == said(text, most, "request-empty", lines=lines)


# ---- ratings ---------------------------------------------------------------------------------------------------------


def test_a_rating_s_words_are_a_manager_s_to_read(house, clock):
    desk, id_ = served(house, clock)
    rating = Rating(id_, 2, ("long-wait",), f" {WORDS}\x07\n")
    assert run(desk.kiosk.rate("once", rating)) is None
    assert run(desk.kiosk.rate("once", dataclasses.replace(rating, text=WORDS))) is None  # the same words
    assert run(desk.kiosk.rate("once", dataclasses.replace(rating, text="别的"))).reason.code == "key-reused"
    (one,) = run(house.staff(MANAGER).rating_words(50))
    assert (one.text, one.level, one.reasons, one.service, one.window) == (WORDS, 2, ("long-wait",), "party", "1")
    assert one.at == clock.now()
    for nobody in (KIOSK, CLERK):
        assert run(house.staff(nobody).rating_words(50)).reason.code == "not-allowed"


@pytest.mark.parametrize(("text", "kept"), [
    (None, []), ("", []), (" \n\t\x00……", []), ("快", ["快"]), ("😀", ["😀"]), ("字" * MOST_RATING_TEXT,) * 2,
    ("灯\x1b[31m亮\u202e了\r\n谢谢", ["灯亮了\n谢谢"]),
])  # fmt: skip
def test_nobody_has_to_write_and_what_is_written_is_cleaned(tmp_path, clock, text, kept):
    house = build(tmp_path, clock=clock)
    desk, id_ = served(house, clock)
    assert run(desk.kiosk.rate("r", Rating(id_, 5, text=text))) is None
    assert read(house) == (kept if isinstance(kept, list) else [kept])
    house.close()


def test_too_many_words_are_refused_and_nothing_is_rated(tmp_path, clock):
    house = build(tmp_path, clock=clock)
    desk, id_ = served(house, clock)
    refused = no(run(desk.kiosk.rate("r", Rating(id_, 5, text="字" * (MOST_RATING_TEXT + 1)))), "words-too-many")
    assert refused.kind == "rule"
    assert refused.reason.facts == {"most": MOST_RATING_TEXT, "found": MOST_RATING_TEXT + 1}
    assert (read(house), "[]") == ([], rows(house, "rating"))
    assert run(desk.kiosk.rate("again", Rating(id_, 5, text="字"))) is None
    house.close()


def test_the_newest_words_stand_first_and_die_seven_days_after(house, clock):
    (desk, first), (_desk, second) = served(house, clock), served(house, clock)
    run(desk.kiosk.rate("1", Rating(first, 5, text="先")))
    clock.advance(timedelta(hours=1))
    run(desk.kiosk.rate("2", Rating(second, 1, text="后")))
    filed = Office(house, clock).file()
    assert (read(house), read(house, 1)) == (["后", "先"], ["后"])

    def purge() -> None:
        keeping.purge(house.commands.ledger, clock.now(), house.commands.source)

    clock.advance(timedelta(days=7, minutes=-1))
    purge()
    assert read(house) == ["后"]
    clock.advance(timedelta(minutes=2))
    purge()
    assert read(house) == []
    assert all(id_ in rows(house, "rating") for id_ in (first, second)), "the register stays"
    assert run(house.counter(CLERK).request_by_id(filed.id)).request.text == ORDER.text, "a request's words live on"


# ---- names -----------------------------------------------------------------------------------------------------------


def test_a_name_is_for_clerks_on_one_case_and_sealed_for_upstream(tmp_path, url, clock):
    house = build(tmp_path, url, clock=clock, settings=dataclasses.replace(ASKING, upstream=(DISTRICT,)))
    house.commands.outbox = outbox = Kept()
    office = Office(house, clock)
    order = dataclasses.replace(ORDER, name=f" {NAME}\n")
    filed = office.file(order)
    assert run(office.kiosk.file_request("x", dataclasses.replace(order, name="字" * (MOST_NAME + 1)))
               ).reason.code == "words-too-many"  # fmt: skip
    assert NAME not in repr(filed), "whoever holds the slip reads no name"
    assert NAME not in repr(office.look(filed.code))
    assert run(office.clerk.request_by_id(filed.id)).name == NAME
    (listed,) = run(office.clerk.requests())
    assert (listed.name, run(office.clerk.requests("all", NAME))) == (None, ())
    private = {"text": ORDER.text, "place": ORDER.place, "phone": ORDER.phone, "name": NAME}
    assert outbox.kept == [("cn.hall.request.filed.v1", private, 1)]
    office.desk("strike_off", filed.id, "办好了", at=office.manager)
    clock.advance(timedelta(days=7, minutes=1))
    keeping.purge(house.commands.ledger, clock.now(), house.commands.source)
    assert run(office.clerk.request_by_id(filed.id)).name is None
    assert rows(house, "request_text") == "[]"
    house.close()


def test_a_name_leaves_sealed_or_not_at_all():
    private = {"text": "灯坏了", "phone": "13912345678", "name": NAME}
    assert leaving(to("http://127.0.0.1:1/", clear=("text", "place", "name")), private) == {"text": "灯坏了"}
    mine, public = new_pair()
    sealed = leaving(to("http://127.0.0.1:1/", public_key=public), private)
    assert (set(sealed), unseal(sealed["sealed"], private_key(mine))) == ({"sealed"}, private)


@pytest.mark.parametrize("name", [None, "", " \t", "——"])
def test_nobody_has_to_say_a_name(tmp_path, clock, name):
    house = build(tmp_path, clock=clock, settings=ASKING)
    office = Office(house, clock)
    assert run(office.clerk.request_by_id(office.file(dataclasses.replace(ORDER, name=name)).id)).name is None
    house.close()


def test_a_hall_that_does_not_ask_keeps_no_name(office):
    filed = office.file(dataclasses.replace(ORDER, name=NAME))
    assert run(office.clerk.request_by_id(filed.id)).name is None


# ---- canaries --------------------------------------------------------------------------------------------------------


def test_the_words_stand_in_no_event_answer_log_or_file(tmp_path, clock, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    house = build(tmp_path / "data", clock=clock, settings=ASKING)
    desk, id_ = served(house, clock)
    for text in (WORDS, WORDS * 20):  # kept, and refused
        run(desk.kiosk.rate(desk.key(), Rating(id_, 1, text=text)))
    office = Office(house, clock)
    for name in (NAME, NAME * 5):
        run(office.kiosk.file_request(office.key(), RequestOrder("work", "想找工作", name=name)))
    assert read(house) == [WORDS]
    tables = ("event", "command", "rating", "request", "request_step", "request_text", "ticket", "slip", "mark")
    said_ = {table: rows(house, table) for table in tables} | {"log": caplog.text + "".join(capsys.readouterr())}
    house.close()
    said_ |= {path.name: path.read_bytes().decode(errors="replace") for path in (tmp_path / "data").rglob("*")
              if path.is_file()}  # fmt: skip
    assert "hall.db" in said_
    for canary in (WORDS, NAME, "canaryseven", "canaryeight"):
        assert not [place for place, text in said_.items() if canary in text], canary
