"""The same key is the same command: one effect, one answer, whoever sends it again and however often."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from kiosk.door import Appointment, Booking, Refusal
from kiosk.hall import keeping
from kiosk.ledger import Hot
from tests.kiosk.hall.building import KIOSK, OTHER, PHONE, Resident, at, build, run

_COUNT = Hot("SELECT count(*) FROM appointment")


def count(house) -> int:
    return house.commands.ledger.read(lambda tx: tx.one(_COUNT))[0]


def test_a_repeat_gets_the_first_answer_whatever_has_happened_since(resident, clock, house):
    booked = resident.book(phone=PHONE, key="k")
    cancelled = resident.cancel(booked.code, key="c")
    clock.advance(timedelta(minutes=30))
    assert resident.book(phone=PHONE, key="k") == booked
    assert resident.cancel(booked.code, key="c") == cancelled
    assert run(resident.door.outcome("k")) == booked
    assert run(resident.door.outcome("never")) is None
    assert count(house) == 1
    assert len(house.commands.ledger.log(0)) == 2


def test_the_same_key_for_something_else_is_refused_and_changes_nothing(resident, house):
    booked = resident.book(key="k")
    for other in (
        resident.book(start=at(15), key="k"),
        resident.book(phone=PHONE, key="k"),
        resident.cancel(booked.code, key="k"),
    ):
        assert (other.kind, other.reason.code) == ("rule", "key-reused")
        assert [offer.reason.code for offer in other.next] == ["ask-clerk"], "no refusal without a way on"
    assert resident.look(booked.code).state == "booked"
    assert count(house) == 1


def test_a_key_belongs_to_its_token(resident, house):
    mine = resident.book(key="k")
    theirs = Resident(house.door(OTHER)).book(key="k")
    assert mine.id != theirs.id


def test_a_refusal_is_kept_too(resident, house):
    first = [resident.book("gym", at(15), people=2) for _ in range(5)]
    refused = resident.book("gym", at(15), key="k")
    assert isinstance(refused, Refusal)
    resident.cancel(first[0].code)
    assert resident.book("gym", at(15), key="k") == refused
    assert isinstance(resident.book("gym", at(15), key="another"), Appointment)


def test_answers_are_kept_for_thirty_days(resident, clock, house):
    resident.book(key="k")
    clock.advance(timedelta(days=29))
    keeping.purge(house.commands.ledger, clock.now(), "test")
    assert run(resident.door.outcome("k")) is not None
    clock.advance(timedelta(days=2))
    keeping.purge(house.commands.ledger, clock.now(), "test")
    assert run(resident.door.outcome("k")) is None


def test_the_same_key_from_many_hands_at_once_has_one_effect_and_one_answer(tmp_path, url, house, clock):
    """Two houses on one ledger stand for two processes: they share nothing but the database."""
    second = build(tmp_path, url, clock=clock)
    doors = [house.door(KIOSK), second.door(KIOSK)]

    def send(number: int):
        return asyncio.run(doors[number % 2].book(f"key-{number // 16}", Booking("gym", at(14), None)))

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(send, range(160)))
    second.close()
    for key in range(10):
        assert len({answer.id for answer in answers[key * 16 : key * 16 + 16]}) == 1
    assert count(house) == 10


def test_the_fingerprint_kept_cannot_be_guessed_from_the_telephone(resident, house):
    import hashlib
    import json

    resident.book(phone=PHONE, key="k")
    ((stored,),) = house.commands.ledger.read(lambda tx: tx.all(Hot("SELECT fingerprint FROM command")))
    content = ("book", "gym", round(at(14).timestamp() * 1000), PHONE, 1, False)
    guesses = [json.dumps(content), json.dumps(content, ensure_ascii=False)]
    assert bytes(stored) not in [hashlib.sha256(guess.encode()).digest() for guess in guesses]
