"""What the conductor promises whatever flow runs: bar, languages and looks, times, help, wiping, the waiting page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.door import Facility, Reason, Refusal
from kiosk.flows.steps import (
    Away,
    Bar,
    CheckBooking,
    ChooseDay,
    ChooseFacility,
    ChoosePeople,
    ChooseTime,
    ConfirmCancel,
    Display,
    EnterPhone,
    Finished,
    Help,
    HelpComing,
    Home,
    HowToFind,
    PaperEnded,
    Pick,
    Press,
    Refused,
    Replied,
    Scanned,
    ShowAppointment,
    Step,
    StillThere,
    Waiting,
)
from kiosk.flows.visit import Defaults
from tests.kiosk.flows.small_hall import SmallHall
from tests.kiosk.flows.walk import TO_CHECK, Walk, digits
from tests.memory import living

SLIP = Scanned("HKA:482761:ABCDEFGH")
WAYS = {
    "home": (Pick("start"), Home),
    "facility": (*TO_CHECK[:2], ChooseFacility),
    "day": (*TO_CHECK[:3], ChooseDay),
    "time": (*TO_CHECK[:4], ChooseTime),
    "people": (*TO_CHECK[:5], ChoosePeople),
    "phone": (*TO_CHECK[:6], digits("139"), EnterPhone),
    "check": (*TO_CHECK, CheckBooking),
    "refused": (*TO_CHECK[:3], Pick("2026-11-28"), Refused),
    "how": (Pick("start"), Pick("mine"), HowToFind),
    "shown": (*TO_CHECK, Pick("yes"), Bar("home"), SLIP, ShowAppointment),
    "cancel": (*TO_CHECK, Pick("yes"), Bar("home"), SLIP, Pick("cancel"), ConfirmCancel),
    "finished": (*TO_CHECK, Pick("yes"), Finished),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_display_language_and_help_come_back_to_the_same_page_with_the_same_state(way):
    walk = Walk()
    before = walk.path(*way)
    assert walk.path(Bar("display"), Display, Pick("elder"), Pick("low"), Display).low
    assert walk.path(Pick("standard"), Pick("low"), Pick("done"), type(before)) == before
    assert walk.path(Bar("display"), Bar("display"), type(before)) == before
    assert walk.path(Bar("help"), Help, Bar("display"), Display, Bar("back"), Help, Bar("back"), type(before)) == before
    assert walk.path(Bar("language"), type(before)) == before
    assert walk.visit.language == "en"
    assert walk.path(Bar("language"), Bar("nonsense"), type(before)) == before
    assert walk.visit.language == "zh"


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_home_drops_what_was_typed_and_back_leads_home_at_last(way):
    walk = Walk()
    walk.path(*way, Bar("home"), Home)
    walk.path(Pick("book"), ChooseFacility, Bar("back"), Home)
    walk = Walk()
    walk.path(*way)
    for _n in range(20):
        if isinstance(walk.page, Waiting):
            break
        walk.do(Bar("back"))
    walk.path(Waiting)
    assert walk.left == 1


def test_back_shows_each_page_again_as_it_was():
    walk, seen = Walk(), []
    for answer in TO_CHECK:
        walk.do(*(answer if isinstance(answer, tuple) else (answer,)))
        if not seen or type(seen[-1]) is not type(walk.page):
            seen.append(walk.page)
        seen[-1] = walk.page
    for page in reversed(seen[:-1]):
        assert walk.do(Bar("back")) == page


def test_the_first_touch_only_opens_the_first_page():
    walk = Walk()
    walk.path(Waiting, Pick("book"), Home, Pick("book"), ChooseFacility)
    walk = Walk()
    walk.path(Waiting, Bar("help"), Help, Bar("back"), Home)
    walk = Walk()
    walk.path(Waiting, Bar("language"), Home)
    assert walk.visit.language == "en"


# ---- times ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("look", "idle"), [("standard", 60), ("elder", 120), ("contrast", 60)])
def test_an_idle_page_warns_and_then_leaves(look, idle):
    walk = Walk(defaults=Defaults(look=look))
    walk.path(*TO_CHECK, CheckBooking)
    walk.wait(idle - 0.001)
    walk.path(CheckBooking)
    walk.wait(0.001)
    assert walk.path(StillThere).seconds == 30
    assert isinstance(walk.visit.under(walk.now), CheckBooking)
    walk.wait(29.5)
    assert walk.path(StillThere).seconds == 1
    walk.wait(0.5)
    walk.path(Waiting)
    assert walk.left == 1
    assert not walk.commands


def test_any_touch_goes_on_from_the_warning_without_pressing_what_lies_below():
    for touch in (Pick("yes"), Press("1"), Bar("home"), Pick("stay")):
        walk = Walk()
        walk.path(*TO_CHECK, CheckBooking)
        for _n in range(12):
            walk.wait(61)
            walk.path(StillThere, touch, CheckBooking)
        walk.wait(59)
        walk.path(CheckBooking)
        walk.visit.touch(walk.now)
        walk.wait(59)
        walk.path(CheckBooking)
    walk.wait(2)
    walk.path(StillThere, Pick("leave"), Waiting)


def test_the_countdown_of_the_warning_is_ticked_every_second():
    walk = Walk()
    walk.path(*TO_CHECK)
    walk.wait(60)
    seen = []
    for _n in range(29):
        walk.wait((walk.visit.due(walk.now) - walk.now).total_seconds())
        seen.append(walk.path(StillThere).seconds)
    assert len(seen) == 29  # the waiting page's questions wake it in between, and do no harm
    assert seen[-1] <= 3


@pytest.mark.parametrize(("look", "paper", "stands"), [
    ("standard", "printed", 20), ("elder", "printed", 40), ("contrast", "printed", 20), ("standard", "failed", 60),
    ("elder", "unknown", 60)])
def test_a_finished_page_counts_and_clears_itself(look, paper, stands):
    walk = Walk(defaults=Defaults(look=look), paper=paper)
    page = walk.path(*TO_CHECK, Pick("yes"), Finished)
    assert page.clears_in == stands
    walk.wait(stands - 1)
    assert walk.path(Finished).clears_in == 1
    walk.wait(1)
    walk.path(Waiting)
    assert walk.left == 1


def test_the_count_begins_when_the_paper_is_out():
    walk = Walk(paper=None)
    walk.path(*TO_CHECK, Pick("yes"), Finished)
    walk.wait(12)
    walk.path(PaperEnded(walk.slips[0].job, "printed"), Finished)
    walk.wait(19)
    walk.path(Finished)


def test_a_clock_set_back_leaves_no_page_standing():
    walk = Walk()
    walk.path(*TO_CHECK, CheckBooking)
    walk.wait(30)
    walk.now -= timedelta(hours=3)
    walk.wait(0)
    walk.wait(29)
    walk.path(CheckBooking)
    walk.wait(2)
    walk.path(StillThere)
    walk.now -= timedelta(hours=3)
    walk.wait(0)
    walk.wait(30)
    walk.path(Waiting)


def test_a_silent_hall_does_not_keep_a_page_standing():
    walk = Walk()
    walk.path(*TO_CHECK)
    walk.wire = "down"
    walk.path(Pick("yes"), Away)
    walk.wait(60)
    walk.path(StillThere)
    walk.wait(31)
    walk.path(Waiting)
    asked = len(walk.commands)
    walk.wait(30)
    assert len(walk.commands) == asked


# ---- the next person ------------------------------------------------------------------------------------------------


def test_the_next_person_finds_the_halls_own_look_and_language():
    walk = Walk(defaults=Defaults("zh", "elder", low=True))
    walk.path(Pick("start"), Bar("language"), Bar("display"), Pick("contrast"), Pick("low"), Bar("home"))
    assert (walk.visit.language, walk.visit.look, walk.visit.low) == ("en", "contrast", False)
    walk.path(Bar("back"), Waiting)
    assert (walk.visit.language, walk.visit.look, walk.visit.low) == ("zh", "elder", True)


def canary() -> tuple[Press, ...]:
    return digits("".join(map(str, [1, 3, 7, 5, 5, 5, 0, 0, 1, 9, 9])))


def lives() -> list[str]:
    """Where the number stands; given backwards, so that the search is not what it finds."""
    return living("".join(reversed("99100555731")), shorter_than=500)


@pytest.mark.parametrize("end", ["time-out", "done", "home", "wipe", "away", "find"])
def test_nothing_typed_is_left_in_any_live_object(end):
    walk = Walk()
    if end == "find":
        walk.path(Pick("start"), Pick("mine"), Pick("phone"), canary(), Pick("ok"), EnterPhone)
    else:
        walk.path(*TO_CHECK[:6], canary(), Pick("ok"), CheckBooking)
    assert lives(), "the search itself must be able to find it"
    if end == "time-out":
        walk.wait(91)
    elif end == "done":
        walk.path(Pick("yes"), Finished)
        walk.wait(21)
    elif end == "wipe":
        walk.visit.wipe()
    elif end == "away":
        walk.wire = "down"
        walk.path(Pick("yes"), Away)
        walk.wait(91)
    else:
        walk.path(Bar("home"), Home)
    assert isinstance(walk.page, Home if end in ("home", "find") else Waiting)
    walk.sent.clear()  # the station's business, not the visit's
    walk.asked.clear()
    walk.hall = SmallHall()
    assert lives() == []


# ---- help -----------------------------------------------------------------------------------------------------------


def test_help_rings_once_and_tells_that_somebody_comes():
    walk = Walk()
    walk.path(*TO_CHECK[:6], digits("139"))
    assert walk.path(Bar("help"), Help).state == "rung"
    walk.path(Bar("help"), Bar("back"), EnterPhone, Bar("help"), Help)
    assert walk.hall.rings == ["EnterPhone"]
    walk.path(HelpComing("another"), Help)
    assert walk.page.state == "rung"
    assert walk.path(HelpComing(walk.commands[0].key), Help).state == "coming"
    assert walk.path(Bar("back"), Bar("help"), Help).state == "coming"
    walk.path(Pick("ok"), EnterPhone)


def test_help_that_cannot_ring_says_so_and_keeps_trying():
    walk = Walk()
    walk.do(Pick("start"))
    walk.wire = "slow"
    assert walk.path(Bar("help"), Help).state == "ringing"
    walk.wire = "down"
    walk.deliver()
    assert walk.path(Help).state == "failed"
    walk.wire = "up"
    walk.wait(6)
    assert walk.path(Help).state == "rung"
    assert len({ask.key for ask in walk.commands}) == 1
    assert walk.hall.rings == ["Home"]


def test_nobody_waits_for_the_bell():
    walk = Walk()
    walk.do(Pick("start"))
    walk.wire = "slow"
    walk.path(Bar("help"), Help, Bar("back"), Home)
    walk.wait(1)
    walk.path(Home, Pick("mine"), HowToFind)


def test_help_that_is_refused_may_be_rung_again():
    walk = Walk()
    walk.do(Pick("start"))
    walk.wire = "slow"
    walk.do(Bar("help"))
    number = walk.asked.pop().number
    assert walk.path(Replied(number, Refusal("broken", Reason("ledger-full"))), Help).state == "failed"
    walk.wire = "up"
    assert walk.path(Bar("back"), Bar("help"), Help).state == "rung"


def test_help_is_at_hand_while_an_order_is_on_its_way():
    walk = Walk()
    walk.path(*TO_CHECK)
    walk.wire = "slow"
    walk.path(Pick("yes"), Bar("help"), Help)
    walk.wire = "up"
    walk.deliver()
    walk.path(Help, Bar("back"), Finished)
    assert walk.page.clears_in == 20


# ---- the waiting page -----------------------------------------------------------------------------------------------


def test_the_waiting_page_stands_before_the_hall_and_says_when_it_is_away():
    walk = Walk(wire="down")
    assert walk.path(Waiting) == Waiting(None, Reason("starting")), "who presses now is served in a moment"
    walk.wait(16)
    assert walk.path(Waiting).away == Reason("hall-away")
    assert walk.path(Waiting).shut, "nothing to press that leads nowhere"
    walk.wire = "up"
    walk.wait(1)
    page = walk.path(Waiting)
    assert page.away is None
    assert not page.shut
    assert page.facts.name.zh == "党群服务中心"
    walk.wire = "down"
    walk.wait(15)
    page = walk.path(Waiting)
    assert (page.away, page.facts is None) == (Reason("hall-away"), False)


def test_a_shut_waiting_page_is_read_in_the_other_language_for_a_while():
    walk = Walk(wire="down")
    walk.wait(16)
    assert walk.path(Bar("language"), Waiting).shut
    assert walk.visit.language == "en"
    walk.wait(59)
    assert walk.visit.language == "en"
    walk.wait(2)
    assert walk.visit.language == "zh", "the next one reads Chinese"
    walk.path(Waiting, Bar("help"), Help)


def test_a_lost_slip_is_told_for_a_minute():
    walk = Walk()
    walk.visit.slip_lost(walk.now)
    walk.wait(59)
    assert walk.path(Waiting).lost_slip
    walk.wait(1)
    assert not walk.path(Waiting).lost_slip


def test_a_kiosk_clock_that_is_wrong_is_shown_and_the_halls_time_counts():
    walk = Walk()
    walk.hall.now += timedelta(hours=24)
    walk.wait(15)
    assert walk.path(Waiting).away == Reason("kiosk-clock")
    page = walk.path(Pick("start"), Pick("book"), ChooseFacility)
    assert page.now == walk.hall.now


# ---- anything at all ------------------------------------------------------------------------------------------------

CHOICES = ["start", "book", "mine", "help", "gym", "reading-room", "2026-11-23", "2026-11-24", "2026-11-28", "yes",
           "no", "2026-11-24T09:00:00+08:00", "2026-11-23T09:00:00+08:00", "2026-11-23T11:00:00+08:00", "0", "1", "2",
           "ok", "change", "keep", "time", "day", "facility", "people", "phone", "code", "cancel", "undo", "check-in",
           "reprint", "no-phone", "done", "elder", "low", "leave", "²", "-1", ""]
DEEDS = st.one_of(
    st.sampled_from([Pick(choice) for choice in CHOICES]),
    st.sampled_from([Bar(button) for button in ("back", "home", "display", "language", "help", "")]),
    st.sampled_from([SLIP, Scanned("noodles"), Scanned("HKA:999999:AAAAAAAA"), Scanned("\x00")]),
    st.sampled_from(["type", "touch", "up", "down", "deaf", "slow", "deliver", "full", "deliver", "wait", "short",
                     "late"]),
    st.builds(Press, st.sampled_from(["0", "1", "3", "9", "back", "clear", "x"])),
    st.builds(PaperEnded, st.sampled_from(["key-1", "key-3", "none"]),
              st.sampled_from(["printed", "failed", "unknown"])),
    st.builds(Replied, st.integers(-3, 2_000_010), st.sampled_from([None, (), 3, Refusal("rule", Reason("past"))])),
)


@settings(max_examples=250, deadline=None)
@given(st.lists(DEEDS, max_size=60), st.integers(0, 8))
def test_whatever_is_done_a_page_stands_and_no_confirmation_has_two_keys(deeds, head_start):
    walk = Walk(paper=None)
    walk.path(*TO_CHECK[:head_start])
    for deed in deeds:
        confirmed = {ask.key for ask in walk.commands}
        if deed == "type":
            walk.do(*digits("13912345678"))
        elif deed == "touch":
            walk.visit.touch(walk.now)
        elif deed in ("up", "down", "deaf", "slow"):
            walk.wire = deed
        elif deed == "deliver":
            walk.deliver()
        elif deed == "full":
            walk.hall.free = dict.fromkeys(map(walk.hall.at, range(9, 17)), 0)
        elif isinstance(deed, str):
            walk.wait({"wait": 45, "short": 0.2, "late": 5}[deed])
        else:
            walk.do(deed)
        assert isinstance(walk.page, Step)
        assert walk.visit.due(walk.now) is not None
        # One answer of the resident makes at most one order, and waiting or retrying makes none.
        assert len({ask.key for ask in walk.commands} - confirmed) <= (0 if isinstance(deed, str) else 1)
    by_key: dict[str, set[object]] = {}
    for ask in walk.commands:
        by_key.setdefault(str(ask.key), set()).add((ask.method, ask.args))
    assert all(len(contents) == 1 for contents in by_key.values())
    assert len({slip.job for slip in walk.slips}) == len(walk.slips)


def test_a_facility_that_is_gone_is_refused():
    walk = Walk()
    walk.path(*TO_CHECK, Pick("yes"), Finished, Bar("home"), SLIP, ShowAppointment)
    walk.hall.rooms = {"reading-room": walk.hall.rooms["reading-room"]}
    assert isinstance(walk.hall.rooms["reading-room"], Facility)
    walk.path(Pick("change"), Refused, Pick("ok"), ShowAppointment)
