"""The pages of requests in every state, as the flows would give them. `test_request_pages` measures them: beside
`samples.STEPS`, each of which is measured in every variant there is, their number would cost a minute."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from kiosk.config import load
from kiosk.door import Category, Grid, HelpKind, Name, Reason, Request, RequestState, Step
from kiosk.flows.following import STILL
from kiosk.flows.steps import (
    CheckRequest,
    ChooseCategory,
    ChooseHelp,
    ChoosePhrases,
    ChoosePlace,
    ConfirmSolved,
    EnterCode,
    EnterPhone,
    Find,
    FoundName,
    Help,
    RequestDone,
    ShowRequest,
    Trail,
    WhyNotSolved,
)
from main import DEMO

Z = timezone(timedelta(hours=8))
DUE = date(2026, 12, 2)
_demo = load(DEMO)
CATEGORIES = tuple(Category(one.id, one.name, one.hint, one.phrases, one.days) for one in _demo.categories)
GRIDS = tuple(Grid(one.id, one.name, one.also, one.within) for one in _demo.grids)
_by = {grid.id: grid for grid in GRIDS}
ENV = next(one for one in CATEGORIES if one.id == "environment")
INSIDE = tuple(grid for grid in GRIDS if grid.within == "east-wind")
MARKET = _by["market"]
UNIT = Name("城管环卫办", "Environment Office")


def trail(at: int = 0) -> Trail:
    return Trail(("反映诉求", ENV.name) if at != 1 else ("反映诉求",), at, 5 if at else 0)


def told(day: int, code: str, **facts: object) -> Step:
    return Step(datetime(2026, 11, day, 9, 30, tzinfo=Z), Reason(code, facts))


STORY = (
    told(23, "request-filed", due=DUE),
    told(23, "request-accepted", unit=UNIT, officer="王志强", due=DUE),
    told(25, "request-doing", unit=UNIT, officer="王志强"),
    told(26, "request-done", officer="王志强", words="下水道已经疏通，井盖也换了新的。"),
)


def request(state: RequestState = RequestState.REGISTERED, steps: int = 1, **more: object) -> Request:
    given = dict(  # noqa: C408 - the names read better so
        id="r1", code="4827610395", qr="HKR:4827610395:ABCDEFGH", category=ENV.name, place_name=MARKET.name,
        state=state, due=DUE, filed_at=STORY[0].at, steps=STORY[:steps], unit=UNIT, officer="王志强",
        phone_tail="5678", may=frozenset({"help", "reprint"}), text="下水道堵了；垃圾没有人清",
        category_id="environment", grid="market")  # fmt: skip
    return Request(**{**given, **more})  # type: ignore[arg-type]


ANSWERED = request(RequestState.DONE, 4, answer="下水道已经疏通，井盖也换了新的。以后堵了请打 8888 8888。",
                   may=frozenset({"help", "reprint", "confirm", "not-solved"}))
LONG = request(
    RequestState.DONE, 4, answer="经现场查看，该处下水道因油污堆积堵塞，已安排疏通车清理管道。" * 16,
    may=ANSWERED.may, text="家门口的下水道一下雨就往上返水，味道很大。" * 20)
MINE = Trail(("我的诉求",))
REQUEST_STEPS = dict(  # noqa: C408
    category=ChooseCategory(trail(1), CATEGORIES),
    where=ChoosePlace(trail(2), tuple(grid for grid in GRIDS if grid.within is None), None, _by["admin"]),
    where2=ChoosePlace(trail(2), INSIDE, _by["east-wind"]),
    place0=Find(trail(), "place", "", (), "CDFGKLNQSXYZ", True),
    place1=Find(trail(), "place", "DF", tuple(FoundName(grid.name, _by["east-wind"].name) for grid in INSIDE), "DQXSJ"),
    place2=Find(trail(), "place", "菜市", (FoundName(MARKET.name, _by["culture"].name, "菜市场"),), "CDFGKLNQS", True),
    matter0=Find(Trail(("取号排队",)), "matter", "", (), "BCDFGHJKLMQSTYZ"),
    matter1=Find(Trail(("取号排队",)), "matter", "DIBAOSQ", (FoundName(Name("最低生活保障申请"), None, "低保"),), "I"),
    room=Find(trail(1), "facility", "JSF", (FoundName(Name("健身房", "Gym"), Name("一楼东侧", "Ground floor")),), "A"),
    topic0=Find(trail(1), "category", "", (), "CDFGKLNQSXYZ", True),
    topic1=Find(trail(1), "category", "LD", (
        FoundName(ENV.name, ENV.hint), *(FoundName(ENV.phrases[at], ENV.name) for at in (1, 2))), "BTU"),
    topic2=Find(trail(1), "category", "ZUIDISHENGHUOBAOZHANGSHE", (), "", True),
    phrases=ChoosePhrases(trail(3), ENV),
    phrases2=ChoosePhrases(trail(3), ENV, (3, 0), own="楼道里有一辆旧车", ways=("hand", "pinyin")),
    tell2=EnterPhone(trail(4), "request", "13912345678", 0, None, True),
    asked=CheckRequest(trail(5), ENV, MARKET.name, (ENV.phrases[3],), "139 **** 5678"),
    asked2=CheckRequest(trail(5), ENV, None, (ENV.phrases[4], ENV.phrases[6]), None),
    called=CheckRequest(trail(5), ENV, MARKET.name, (ENV.phrases[3],), "139 **** 5678", name="王阿姨"),
    recalling=CheckRequest(trail(5), ENV, MARKET.name, (ENV.phrases[3],), None, True, name=""),
    mending=CheckRequest(trail(5), ENV, MARKET.name, (ENV.phrases[3],), None, True),
    filing=RequestDone("filed", request(), "printing", 20),
    filed=RequestDone("filed", request(place_name=None), "printed", 20),
    filed0=RequestDone("filed", request(), "screen", 60, Reason("paper-out")),
    solved=RequestDone("solved", request(RequestState.CONFIRMED, 4), "none", 20),
    again=RequestDone("not-solved", request(RequestState.DOING, 4), "none", 20),
    standing0=ShowRequest(MINE, request()),
    standing1=ShowRequest(MINE, request(RequestState.DOING, 3)),
    answered=ShowRequest(MINE, ANSWERED),
    answered2=ShowRequest(MINE, LONG),
    over=ShowRequest(MINE, request(RequestState.CONFIRMED, 4, may=frozenset(), text=None, place_name=None)),
    really=ConfirmSolved(MINE, ANSWERED),
    whynot=WhyNotSolved(MINE, ANSWERED, tuple(STILL)),
    whynot2=WhyNotSolved(MINE, ANSWERED, tuple(STILL), own="修了两天又坏了，楼上也一样漏水", ways=("hand", "pinyin")),
    kinds=ChooseHelp(MINE, request(), tuple(HelpKind)),
    codelong=EnterCode(MINE, "4827", 6, None, request=True, scanner=True),
    writing=Help("rung", "write"),
)
