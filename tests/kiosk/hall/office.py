"""A kiosk, clerks and a manager who have to do with requests, in plain calls."""

from __future__ import annotations

from kiosk.config.settings import UpstreamSettings
from kiosk.door import Refusal, Request, RequestCase, RequestOrder, Role
from kiosk.hall import Caller
from tests.kiosk.hall.building import CLERK, KIOSK, MANAGER, OTHER, PHONE, run

ORDER = RequestOrder("environment", "楼道灯不亮，三楼", "dormitory-1", "三单元门口", PHONE)
TEMP = Caller("clerk-2", "小李", Role.CLERK)
_URL = "http://127.0.0.1:1/api/v1/events"
DISTRICT = UpstreamSettings("district", "cloudevents", _URL, None, None, ("request.*",), None, (), {})


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
