"""Finding by initials, pinyin and characters, in every flow that looks for something."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from kiosk.door import Name, Reason, Refusal, RequestOrder, TicketOrder
from kiosk.flows.booking import MANY
from kiosk.flows.steps import (
    AskPriority,
    Bar,
    CheckRequest,
    ChooseCategory,
    ChooseDay,
    ChooseFacility,
    ChooseMatter,
    ChoosePhrases,
    ChoosePlace,
    EnterPhone,
    Find,
    Help,
    Pick,
    Press,
    Refused,
    RequestDone,
    TicketTaken,
    Trail,
)
from kiosk.writing.search import MOST
from tests.kiosk.flows.test_requesting import BEGIN, PHONE, TO_CHECK
from tests.kiosk.flows.test_requesting import orders as filed
from tests.kiosk.flows.test_ticketing import TO_SERVICE, orders
from tests.kiosk.flows.walk import Walk


@pytest.fixture
def walk() -> Walk:
    return Walk()


def test_a_matter_by_its_initials_and_by_what_people_call_it():
    walk = Walk()
    page = walk.path(*TO_SERVICE, Pick("search"), Find)
    assert (page.found, page.typed) == ((), "")
    assert set("DZG") <= set(page.letters)
    assert "V" not in page.letters
    page = walk.path(Press("D"), Find)
    assert [(found.name.zh, found.called) for found in page.found][:3] == [
        ("党员服务", ""), ("党费收缴", ""), ("最低生活保障申请", "低保")], "of whole services too"
    page = walk.path(Press("B"), Find)
    assert [(found.name.zh, found.called) for found in page.found] == [("最低生活保障申请", "低保")]
    assert page.letters == "AQSZ", "DBAO goes on, and any letter of 生活保障申请 may follow"
    assert walk.path(Press("X"), Find).found == ()
    assert walk.path(Press("back"), Find).typed == "DB"
    assert walk.path(Press("clear"), Press("7"), Press("d"), Press("DB"), Find).typed == ""
    walk.path(Press("D"), Press("B"), Pick("1"), Find, Pick("0"), AskPriority, Pick("no"), Pick("skip"),
              TicketTaken)
    assert orders(walk) == [TicketOrder("civil-affairs", "最低生活保障申请")]


def test_initials_never_grow_without_end():
    walk = Walk()
    walk.path(*TO_SERVICE, Pick("search"), *[Press("D")] * 40, Find)
    assert len(walk.page.typed) == MOST


@pytest.mark.parametrize("typed", ["ZDSH", "DIBAO", "DIB", "ZSHBZ", "MLA", "LIVING"])
def test_a_matter_by_all_that_it_may_be_looked_for_by(typed):
    walk = Walk()
    page = walk.path(*TO_SERVICE, Pick("search"), Find)
    for letter in typed:
        assert letter in page.letters, "a key that is off cannot be pressed"
        page = walk.path(Press(letter), Find)
    assert page.found[0].name.zh == "最低生活保障申请"


def test_a_whole_service_by_its_initials():
    walk = Walk()
    page = walk.path(*TO_SERVICE, Pick("search"), Press("M"), Press("Z"), Find)
    assert page.found[0].name.zh == "民政服务"
    walk.path(Pick("0"), ChooseMatter)


class Pad:
    """A writer of whom any choice is what was written; "back" leaves."""

    ways = ("hand",)

    def place(self, text, most, then, prompt):
        assert (text, prompt.way) == ("", "hand")
        assert most >= 4
        return Written(then, prompt.leave)


@dataclass(frozen=True)
class Written:
    then: object
    leave: object
    scans: bool = False
    over: bool = False

    def step(self, _world):
        return Refused(Trail(), Refusal("rule", Reason("pad")))

    def answer(self, answer, _world):
        return self.leave(self, "低") if answer.choice == "back" else self.then(answer.choice)


def test_by_characters_where_people_can_write_by_hand():
    walk = Walk()
    page = walk.path(*TO_SERVICE, Pick("search"), Find)
    assert not page.writing
    assert walk.path(Pick("write"), Find) == page, "no card leads to a page that does not exist"
    walk.visit.writer = Pad()
    assert walk.path(Press("back"), Find).writing
    walk.path(Press("G"), Pick("write"), Refused)
    assert walk.path(Pick("back"), Find).typed == "G"
    page = walk.path(Pick("write"), Pick("抵保"), Find)
    assert (page.typed, page.found[0].name.zh) == ("抵保", "最低生活保障申请"), "what sounds the same will do"
    assert walk.path(Press("back"), Find).typed == "抵"
    assert walk.path(Press("D"), Find).typed == "D", "a letter begins anew"
    walk.path(Pick("write"), Pick("低保"), Find, Pick("0"), AskPriority, Bar("back"), Find)
    assert walk.page.typed == "低保"


def test_a_found_place_says_what_lies_around_it(walk):
    page = walk.path(*BEGIN, Pick("environment"), Pick("search"), Press("N"), Find)
    assert [(found.name.zh, found.about.zh) for found in page.found] == [("农贸市场1号楼", "园区社区")]
    assert set("MO") <= set(page.letters), "NM, NONG"
    page = walk.path(Press("clear"), *map(Press, "CAISHI"), Find)
    assert (page.found[0].name.zh, page.found[0].called) == ("农贸市场1号楼", "菜市场")
    assert walk.path(Press("clear"), Find).found == ()


def test_what_it_is_about_by_initials(walk):
    page = walk.path(*BEGIN, Pick("search"), Find)
    assert (page.what, page.found) == ("category", ())
    page = walk.path(Press("L"), Press("D"), Find)
    assert [(found.name.zh, found.about.zh) for found in page.found] == [
        ("环境卫生", "垃圾、路灯"), ("路灯不亮", "环境卫生")]
    walk.path(Pick("unsure"), Help, Pick("ok"), Find)
    walk.path(Pick("0"), ChoosePlace, Pick("none"), ChoosePhrases, Bar("back"), ChoosePlace, Bar("back"), Find)
    page = walk.path(Press("clear"), *map(Press, "XSD"), Find)
    assert [(found.name.zh, found.about.zh) for found in page.found] == [("下水道堵了", "环境卫生")]
    walk.path(Pick("0"), ChoosePlace, Pick("none"), EnterPhone, Pick("skip"), CheckRequest, Pick("yes"), RequestDone)
    assert filed(walk) == [RequestOrder("environment", "下水道堵了", None)], "a phrase says at once what is the matter"


def test_another_phrase_by_initials_changes_it(walk):
    walk.path(*TO_CHECK, CheckRequest, Pick("change"), Pick("category"), ChooseCategory, Pick("search"), Press("L"),
              Press("D"), Pick("1"), CheckRequest, Pick("yes"), RequestDone)
    assert filed(walk) == [RequestOrder("environment", "路灯不亮", "admin", None, PHONE)]


def test_among_many_rooms_by_its_initials(walk):
    page = walk.path(Pick("start"), Pick("book"), ChooseFacility)
    assert not page.search, "a few cards are read sooner"
    walk.path(Pick("search"), ChooseFacility, Bar("home"))
    gym = walk.hall.rooms["gym"]
    walk.hall.rooms |= {f"hall-{n}": replace(gym, id=f"hall-{n}", name=Name(f"{n}号会议室")) for n in range(MANY)}
    assert walk.path(Pick("book"), ChooseFacility).search
    page = walk.path(Pick("search"), Press("J"), Press("S"), Find)
    assert [(found.name.zh, found.about) for found in page.found] == [("健身房", gym.place)]
    assert walk.path(Pick("0"), ChooseDay).facility == gym
    walk.path(Bar("back"), Find, Pick("unsure"), Help)
