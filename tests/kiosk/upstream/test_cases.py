"""What officers do with cases, what halls then hear, and a tier above that answers in their place."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta

import pytest

from kiosk.clock import FakeClock
from kiosk.config.reader import ConfigError
from kiosk.door import Change, Role
from kiosk.hall.accounts import Accounts
from kiosk.ledger import Event, Hot
from kiosk.upstream import envelope, sealing, tiers
from kiosk.upstream.case_rows import said
from kiosk.upstream.cases import No
from kiosk.upstream.changes import read
from kiosk.upstream.district import ONWARD, load_district
from kiosk.upstream.intake import Believed
from tests.kiosk.upstream.districts import district_toml
from tests.kiosk.upstream.tier import NOW, WORDS, Tier, arrival, posted

_LOG = Hot("SELECT type, source, data FROM event ORDER BY seq")


@pytest.fixture(params=["sqlite", "postgresql"])
def tier(request, tmp_path):
    url = "sqlite:///d.db" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    made = Tier(tmp_path / "upper", url)
    yield made
    made.ledger.close()


def test_accept_work_extend_answer_and_the_hall_hears_each_in_order(tier):
    assert tier.receive("filed", private=WORDS) == 1
    assert tier.receive("filed", private=WORDS) == 0
    assert tier.case().came_at == int(NOW.timestamp() * 1000)
    tier.do("accept", "r1", "吴霞", NOW)
    tier.do("doing", "r1", "吴霞", NOW)
    tier.do("extend", "r1", 3, NOW, "要等配件")
    tier.do("answer", "r1", "吴霞", NOW, "灯换好了")
    found = read(json.dumps({"changes": tier.changes()}).encode(), 0)
    told = [one.change for one in found]
    assert [(one.kind, one.officer, one.unit) for one in told] == [
        (kind, "吴霞", "城管局") for kind in ("accepted", "doing", "extended", "done")
    ]
    assert told[2].due == date(2026, 12, 7)  # three working days after Wednesday, a weekend between
    assert [one.text for one in told] == [None, None, "要等配件", "灯换好了"]
    assert tier.changes("other") == []
    assert tier.changes(after=found[-1].seq) == []
    shown = tier.ledger.read(lambda tx: tier.cases.one(tx, "r1", NOW))
    assert shown.words == WORDS
    assert [(one.code, text) for one, text in shown.steps] == [
        ("given-first", ""), ("accepted", ""), ("doing", ""), ("extended", "要等配件"), ("done", "灯换好了"),
    ]  # fmt: skip


def test_nobody_here_strikes_a_case_off_and_not_solved_opens_it_again(tier):
    tier.receive("filed")
    tier.do("accept", "r1", "陈刚", NOW)
    tier.do("answer", "r1", "陈刚", NOW, "好了")
    cases = tier.cases
    for act, given in (
        (cases.accept, ("x", NOW)), (cases.doing, ("x", NOW)), (cases.answer, ("x", NOW, "y")),
        (cases.extend, (1, NOW, "y")), (cases.escalate, (NOW, "y")), (cases.send_back, (NOW, "y")),
    ):  # fmt: skip
        with pytest.raises(No):
            tier.ledger.write(lambda tx, a=act, g=given: a(tx, "r1", *g)).result()
    tier.receive("reopened", id_="e-1", due="2026-12-10")
    assert (tier.case().state, tier.case().reopened, tier.case().due) == ("doing", 1, "2026-12-10")
    tier.receive("confirmed", id_="e-2", hall="other")
    assert tier.case().state == "doing", "another hall ended it"
    tier.receive("confirmed", id_="e-3")
    assert tier.case().state == "confirmed"


def test_the_officer_reads_why_it_is_not_solved_and_why_it_was_struck_off(tier):
    tier.receive("filed", private=WORDS)
    tier.do("accept", "r1", "陈刚", NOW)
    tier.do("answer", "r1", "陈刚", NOW, "好了")
    tier.receive("reopened", id_="e-1", private={"text": "只亮了一半"})
    tier.receive("struck-off", id_="e-2", private={"text": "重复登记"})
    assert tier.told()[1:] == [("done", "好了"), ("reopened", "只亮了一半"), ("struck-off", "重复登记")]
    assert tier.ledger.read(lambda tx: tier.cases.one(tx, "r1", NOW)).words == WORDS


@pytest.mark.parametrize(
    ("first", "state"), [("reopened", "doing"), ("confirmed", "confirmed"), ("struck-off", "confirmed")]
)
def test_filed_that_comes_late_neither_opens_what_has_ended_nor_loses_its_words(tier, first, state):
    tier.receive(first, id_="e-5")
    assert tier.case().state == state
    assert tier.receive("filed", id_="e-1", private=WORDS) == 1
    assert tier.case().state == state
    assert tier.ledger.read(lambda tx: tier.cases.one(tx, "r1", NOW)).words == WORDS
    tier.receive("filed", id_="e-6", private={"text": "别的"})
    assert tier.ledger.read(lambda tx: tier.cases.one(tx, "r1", NOW)).words == WORDS


def test_what_is_refused_has_its_code(tier):
    tier.receive("filed")
    for what, given, code in (
        ("accept", ("nowhere", "x", NOW), "case-unknown"), ("answer", ("r1", "x", NOW, "y"), "case-not-now"),
        ("send_back", ("r1", NOW, "  "), "case-words"), ("send_back", ("r1", NOW, "字" * 501), "case-words"),
        ("extend", ("r1", 0, NOW, "y"), "case-days"), ("give", ("r1", "nobody", "x", NOW), "case-nobody"),
        ("escalate", ("r1", NOW, "y"), "case-no-tier"),
    ):  # fmt: skip
        with pytest.raises(No) as no:
            tier.do(what, *given)
        assert no.value.code == code, what
    assert tier.changes() == []


def test_the_due_clock_turns_amber_and_red(tier):
    tier.receive("filed", due="2026-11-27")
    seen = [tier.cases.shown(tier.case(), NOW + timedelta(days=d)).overdue for d in range(6)]
    assert seen == ["fine", "fine", "amber", "amber", "amber", "red"]


def test_words_die_a_week_after_the_end(tier):
    tier.receive("filed", private=WORDS)
    tier.do("accept", "r1", "陈刚", NOW)
    tier.do("answer", "r1", "陈刚", NOW, "好了")
    tier.receive("confirmed", id_="e-1")
    for days, left in ((6, True), (8, False)):
        tier.ledger.write(lambda tx, d=days: tiers.purge(tx, NOW + timedelta(days=d))).result()
        assert bool(tier.ledger.read(lambda tx: said(tx, tier.vault, "r1"))) is left
    assert tier.changes()[-1]["text"] is None
    assert tier.case().state == "confirmed"


def test_handed_up_it_is_answered_above_and_the_hall_hears_it(tmp_path):
    city = Tier(tmp_path / "city", "sqlite:///d.db", name="city")
    district = Tier(tmp_path / "district", "sqlite:///d.db", above=city, name="upper")
    district.receive("filed", private=WORDS)
    district.do("accept", "r1", "陈刚", NOW)
    district.do("escalate", "r1", NOW, "要市里定")
    assert district.ledger.read(lambda tx: district.cases.one(tx, "r1", NOW)).may == {"recall"}
    handed = district.ledger.log(0)[-1].event
    assert handed.type == "cn.hall.request.escalated.v1"
    content = district.ledger.read(lambda tx: tx.one(Hot("SELECT content FROM outbox")))[0]
    more = json.loads(district.vault.open(bytes(content), f"outbox district {handed.id}"))
    assert sealing.unseal(more["sealed"], city.ring.private) == WORDS | {"why": "要市里定"}
    city.ledger.write(lambda tx: city.intake.store(tx, Believed("upper", (envelope.Arrival(
        handed.id, handed.source, handed.type, handed.subject, handed.at, handed.data),), (WORDS,)), NOW)).result()
    assert (city.case().hall, city.case().state) == ("upper", "registered")
    city.do("accept", "r1", "周敏", NOW)
    city.do("answer", "r1", "周敏", NOW, "市里批了")
    apply = tiers.applier(district.cases, district.ledger, lambda: NOW)
    for numbered in read(json.dumps({"changes": city.changes("upper")}).encode(), 0):
        assert apply(numbered.change) == "applied"
        assert apply(numbered.change) == "again"
    told = district.changes()
    assert [one["kind"] for one in told] == ["accepted", "escalated", "accepted", "done"]
    assert told[-1]["text"] == "市里批了"
    assert apply(Change("x", "nowhere", "done", NOW)) == "case-unknown"
    assert apply(Change("y", "r1", "nonsense", NOW)) == "case-not-now"
    district.receive("confirmed", id_="e-9")
    assert district.ledger.log(0)[-1].event.type == "cn.hall.request.confirmed.v1"
    assert isinstance(district.ledger.log(0)[-1].event, Event)
    logged = district.ledger.read(lambda tx: tx.all(_LOG))
    assert not any(word in str(logged) for word in WORDS.values())
    city.ledger.close()
    district.ledger.close()


def officers_of(tier, *ids: str) -> list[str]:
    return [tier.case(id_).officer for id_ in ids]


def test_each_case_goes_to_whoever_has_the_fewest_open(tier):
    tier.receive_all(*"abcd")
    assert officers_of(tier, *"abcd") == ["陈刚", "吴霞", "陈刚", "吴霞"]
    tier.do("accept", "b", "吴霞", NOW)
    tier.do("answer", "b", "吴霞", NOW, "好了")  # answered is no longer in her hands
    tier.receive_all("e", "f")
    assert officers_of(tier, "e", "f") == ["吴霞", "陈刚"]
    tier.receive_all("g", category="anything")
    assert officers_of(tier, "g") == ["周敏"], "a unit's own"
    shown = tier.ledger.read(lambda tx: tier.cases.one(tx, "e", NOW))
    (why, text) = shown.steps[0]
    assert (why.n, why.code, text) == (0, "given-first", "")
    assert why.facts == {"unit": "environment", "officer": "吴霞", "open": 1, "among": 2}


def test_what_one_batch_ends_is_counted_in_it(tier):
    tier.receive_all("a", "b")
    struck, filed = arrival("struck-off", "a"), arrival("filed", "c")
    tier.take(struck, filed, arrival("filed", "d"))
    assert officers_of(tier, "c", "d") == ["陈刚", "陈刚"], "struck off, the first of them had none"


def test_who_was_shut_out_is_given_nothing(tier):
    accounts = Accounts(tier.ledger, FakeClock(NOW))
    for name in ("陈刚", "吴霞"):
        accounts.add(name, Role.CLERK, "a long password")
    gone = next(one for one in accounts.accounts() if one.name == "陈刚")
    accounts.set_disabled(gone.id, disabled=True)
    tier.receive_all("a", "b")
    assert officers_of(tier, "a", "b") == ["吴霞", "吴霞"]
    with pytest.raises(No) as no:
        tier.do("give", "a", "environment", "陈刚", NOW)
    assert no.value.code == "case-left"
    accounts.set_disabled(gone.id, disabled=False)
    assert tier.do("give", "a", "environment", "", NOW).officer == "陈刚", "given to the unit: the fewest, as at intake"
    for one in accounts.accounts():
        accounts.set_disabled(one.id, disabled=True)
    tier.receive_all("c")
    assert (tier.case("c").unit, tier.case("c").officer) == ("environment", "")


def test_intakes_at_once_share_evenly(tier):
    """Sixteen transactions that all saw nobody busy would all choose the first."""
    answers = [tier.ledger.write(lambda tx, n=n: tier.intake.store(tx, posted(arrival("filed", f"r{n}")), NOW))
               for n in range(16)]
    assert [answer.result() for answer in answers] == [1] * 16
    assert Counter(officers_of(tier, *(f"r{n}" for n in range(16)))) == {"陈刚": 8, "吴霞": 8}


def test_sent_back_by_the_tier_above_it_can_be_handed_up_again_and_reasons_go_up_too(tmp_path):
    city = Tier(tmp_path / "city", "sqlite:///d.db", name="city")
    district = Tier(tmp_path / "district", "sqlite:///d.db", above=city, name="upper")
    district.receive("filed", private=WORDS)
    apply = tiers.applier(district.cases, district.ledger, lambda: NOW)
    for turn in range(2):
        district.do("escalate", "r1", NOW, "要市里定")
        assert district.handed_up(city, WORDS) == 1
        assert city.case().state == "registered", turn
        if turn == 0:
            city.do("send_back", "r1", NOW, "区里能办")
            for numbered in read(json.dumps({"changes": city.changes("upper")}).encode(), 0):
                assert apply(numbered.change) == "applied"
            assert district.case().above == 0
    assert city.told() == [("returned", "区里能办"), ("filed", "")]
    city.do("accept", "r1", "周敏", NOW)
    city.do("answer", "r1", "周敏", NOW, "批了")
    district.receive("reopened", id_="e-7", private={"text": "没有人来"})
    handed = district.ledger.log(0)[-1].event
    content = district.ledger.read(lambda tx: tx.one(Hot("SELECT content FROM outbox WHERE event = :id"), id=handed.id))
    more = json.loads(district.vault.open(bytes(content[0]), f"outbox district {handed.id}"))
    assert sealing.unseal(more["sealed"], city.ring.private) == {"text": "没有人来"}
    assert district.handed_up(city, {"text": "没有人来"}) == 1
    assert city.told()[-1] == ("reopened", "没有人来")
    city.ledger.close()
    district.ledger.close()


def test_a_tier_above_that_takes_cases_hears_what_becomes_of_them_whatever_district_toml_names(tmp_path):
    above = '[[upstream]]\nname = "city"\nurl = "https://city.example/api/v1/events"\nsecret = "x"\nevents = [{}]\n'
    after = ONWARD | {"request.recalled"}
    assert after > {"request.reopened", "request.confirmed", "request.struck-off"}
    for named, heard in (
        ('"request.escalated"', {"request.escalated"} | after),
        ('"request.escalated", "request.confirmed"', {"request.escalated"} | after),
        ('"request.*"', {"request.*"}), ('"case.*"', {"case.*"}),
    ):  # fmt: skip
        taken = load_district(district_toml(tmp_path, above.format(named))).upstream[0].events
        assert (set(taken), len(taken)) == (heard, len(heard)), named


def test_one_tier_above_takes_cases(tmp_path):
    above = '[[upstream]]\nname = "{0}"\nurl = "https://{0}.example/api/v1/events"\nsecret = "x"\nevents = ["{1}"]\n'
    one = above.format("city", "request.*")
    assert load_district(district_toml(tmp_path, one + above.format("archive", "appointment.*"))).upstream
    with pytest.raises(ConfigError, match="only one tier above"):
        load_district(district_toml(tmp_path, one + above.format("province", "request.escalated")))
