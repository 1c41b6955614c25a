"""A case handed up to the tier above and asked back: whoever has taken it up has it, and both tiers agree who that is,
in whatever order words go between them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.ledger import Hot
from kiosk.upstream import envelope, sealing
from kiosk.upstream.case_rows import ASKED_BACK, HANDED, HERE, TAKEN
from kiosk.upstream.cases import Cases, No
from tests.kiosk.upstream.tier import NOW, Two


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    made = Two(tmp_path)
    made.district.receive("filed")
    yield made
    made.close()


def handed(two: Two) -> None:
    two.district.do("escalate", "r1", NOW, "要市里定")
    two.up()


def may(two: Two) -> set[str]:
    return set(two.district.ledger.read(lambda tx: two.district.cases.one(tx, "r1", NOW)).may)


def test_what_nobody_above_has_taken_up_comes_back_and_is_answered_here(two: Two) -> None:
    handed(two)
    assert may(two) == {"recall"}
    two.district.do("recall", "r1", NOW)
    assert (two.district.case().above, may(two)) == (ASKED_BACK, set()), "until the tier above has said so it has it"
    two.up()
    assert two.city.case().state == "returned"
    two.down()
    assert two.district.case().above == HERE
    assert two.district.case().state == "registered", "nobody has accepted it yet: the resident is to hear who does"
    assert may(two) >= {"accept", "escalate"}
    assert [one["kind"] for one in two.district.changes()] == ["escalated"], "the hall is not troubled with it"
    assert two.district.told()[-2:] == [("recall", ""), ("above-returned", "")]
    two.district.do("accept", "r1", "陈刚", NOW)
    handed(two)
    assert two.city.case().state == "registered", "and it can be handed up once more"


def test_what_the_tier_above_took_up_meanwhile_stays_there(two: Two) -> None:
    handed(two)
    two.city.do("accept", "r1", "周敏", NOW)
    two.district.do("recall", "r1", NOW)  # nothing is known of that here yet
    two.up()
    assert two.city.case().state == "accepted"
    assert two.city.told()[-1] == ("kept", ""), "its officer sees that it was wanted back"
    two.down()
    assert (two.district.case().above, two.district.case().state) == (TAKEN, "accepted")
    assert [one["kind"] for one in two.district.changes()] == ["escalated", "accepted"]
    two.city.do("answer", "r1", "周敏", NOW, "批了")
    two.down()
    assert two.district.changes()[-1]["text"] == "批了"


@pytest.mark.parametrize("what", ["accept", "escalate"])
def test_once_it_is_known_to_be_taken_up_it_is_refused_with_a_reason(two: Two, what: str) -> None:
    handed(two)
    if what == "accept":
        two.city.do("accept", "r1", "周敏", NOW)
    else:
        two.city.cases = type(two.city.cases)(two.city.settings, two.city.vault, tier_above=True)
        two.city.do("escalate", "r1", NOW, "要省里定")
    two.down()
    assert may(two) == set()
    with pytest.raises(No) as no:
        two.district.do("recall", "r1", NOW)
    assert no.value.code == "case-taken"


def test_one_that_never_arrived_comes_back_and_does_not_arrive_later(two: Two) -> None:
    two.district.do("escalate", "r1", NOW, "要市里定")
    event = two.district.ledger.log(0)[-1].event
    two.up(lost="escalated")  # the tier above refused it: it is set aside
    two.district.do("recall", "r1", NOW)
    two.up()
    two.down()
    assert two.district.case().above == HERE
    # ... and somebody has it sent once more after all
    two.post(envelope.Arrival(event.id, event.source, event.type, event.subject, event.at - 1, event.data))
    assert two.city.case().state == "returned"


def test_what_ended_at_the_hall_stays_ended_whatever_the_tier_above_says_later(two: Two) -> None:
    handed(two)
    two.city.do("accept", "r1", "周敏", NOW)
    two.district.receive("struck-off", id_="e-9")
    two.down()
    assert two.district.case().state == "confirmed"
    two.up()
    assert two.city.case().state == "confirmed"


def test_brought_home_and_not_solved_after_all_it_begins_here(two: Two) -> None:
    handed(two)
    two.district.do("recall", "r1", NOW)
    two.district.receive("brought-home", id_="e-8")
    while two.up() + two.down():
        pass
    two.district.receive("reopened", id_="e-9")
    while two.up() + two.down():
        pass
    assert (two.district.case().state, two.district.case().above) == ("doing", HERE)
    assert two.city.case().state == "returned"


def test_given_back_and_asked_back_at_once_it_can_be_handed_up_anew(two: Two) -> None:
    """What the tier above says of the one must not come after the other."""
    handed(two)
    two.city.do("send_back", "r1", NOW, "区里能办")
    two.district.do("recall", "r1", NOW)
    two.up()
    two.down(1)
    two.district.do("escalate", "r1", NOW, "还是要市里定")
    two.down()
    two.up()
    assert (two.district.case().above, two.city.case().state) == (HANDED, "registered")


def test_no_hall_ends_above_what_another_hall_filed(two: Two) -> None:
    handed(two)
    two.district.receive("confirmed", hall="other", id_="e-9")
    assert two.up() == 0
    assert two.city.case().state == "registered"


def test_what_the_hall_brings_home_is_taken_from_the_tier_above_too(two: Two) -> None:
    handed(two)
    two.district.receive("brought-home", id_="e-9")
    two.up()
    assert (two.district.case().state, two.city.case().state) == ("returned", "returned")


def test_sent_back_by_who_had_accepted_it_the_hall_hears_who_answers_now(two: Two) -> None:
    two.district.do("accept", "r1", "陈刚", NOW)
    handed(two)
    two.city.do("accept", "r1", "周敏", NOW)
    two.city.do("send_back", "r1", NOW, "区里能办")
    two.down()
    told = [(one["kind"], one["officer"]) for one in two.district.changes()]
    assert told == [("accepted", "陈刚"), ("escalated", "陈刚"), ("accepted", "周敏"), ("accepted", "陈刚")]
    two.down()
    assert len(two.district.changes()) == len(told)


def test_why_it_is_handed_up_is_read_above_each_time(two: Two) -> None:
    handed(two)
    event = two.district.ledger.log(0)[-1].event
    kept = two.district.ledger.read(lambda tx: tx.one(Hot("SELECT content FROM outbox WHERE event = :id"), id=event.id))
    more = json.loads(two.district.vault.open(bytes(kept[0]), f"outbox district {event.id}"))
    assert sealing.unseal(more["sealed"], two.city.ring.private)["why"] == "要市里定"
    two.city.do("send_back", "r1", NOW, "区里能办")
    two.down()
    two.district.do("escalate", "r1", NOW, "还是要市里定")
    two.up(why="还是要市里定")
    assert two.city.told()[-1] == ("filed", "还是要市里定")


def test_once_there_is_no_tier_above_any_more_it_is_answered_here(two: Two) -> None:
    handed(two)
    cases = Cases(two.district.settings, two.district.vault)
    shown = two.district.ledger.read(lambda tx: cases.one(tx, "r1", NOW))
    assert (shown.case.above, "accept" in shown.may) == (HERE, True)
    two.district.ledger.write(lambda tx: cases.accept(tx, "r1", "陈刚", NOW)).result()
    assert two.district.case().above == HERE


def test_what_help_the_resident_asks_for_is_known_at_both_tiers(two: Two) -> None:
    handed(two)
    two.district.receive("help-asked", id_="e-7", kind="home-visit")
    two.district.receive("help-settled", id_="e-8", kind="home-visit")
    two.district.receive("help-asked", id_="e-9", kind="<b>")
    two.up()
    for tier in (two.district, two.city):
        shown = tier.ledger.read(lambda tx, tier=tier: tier.cases.one(tx, "r1", NOW))
        told = [(one.code, one.facts.get("kind")) for one, _text in shown.steps if one.code.startswith("help")]
        assert told == [("help-asked", "home-visit"), ("help-settled", "home-visit"), ("help-asked", None)]


def test_what_a_hall_repeats_of_being_handed_up_opens_nothing(two: Two) -> None:
    """A hall that was cut off tells late that it heard of the handing up, when the case has long been sent back."""
    handed(two)
    two.city.do("send_back", "r1", NOW, "区里能办")
    two.down()
    two.district.do("send_back", "r1", NOW, "不归区里")
    two.district.receive("escalated", id_="e-9", **{"from": "upstream"})
    assert two.district.case().state == "returned"


@pytest.mark.parametrize("seed", [4, 21, 22, 35, 60, 98])
def test_both_tiers_agree_whose_it_is_whatever_happens_when(two: Two, seed: int) -> None:
    chance = random.Random(seed)

    def tries(tier: object, what: str, *given: object) -> None:
        try:
            tier.do(what, "r1", *given)  # type: ignore[attr-defined]
        except No:
            return

    acts = [
        lambda: tries(two.district, "escalate", NOW, "要市里定"), lambda: tries(two.district, "recall", NOW),
        lambda: tries(two.district, "accept", "陈刚", NOW), lambda: tries(two.city, "accept", "周敏", NOW),
        lambda: tries(two.city, "send_back", NOW, "区里能办"), lambda: two.up(1), lambda: two.down(1),
    ]  # fmt: skip
    for turn in range(60):
        chance.choice(acts)()
        if not chance.randrange(20):  # what happens at the hall, where "not solved" comes days after what was said
            two.down()
            two.district.receive(chance.choice(["brought-home", "reopened"]), id_=f"h-{turn}")
    if not chance.randrange(4):
        two.district.receive("struck-off", id_="end")
    while two.up() + two.down():
        pass
    mine, theirs = two.district.case(), two.city.case()
    if mine.state in {"confirmed", "returned"}:
        assert theirs is None or theirs.state in {"returned", mine.state}, (mine, theirs)
        return
    at_city = theirs is not None and theirs.state != "returned"
    assert mine.above in ({HANDED, TAKEN} if at_city else {HERE}), (mine, theirs)
