"""A hall whose residents are told by text message: its tellers, a notifier that answers as it is told to, and time."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from devices.notifiers.port import Delivery, NotifierPlan
from devices.ports import DeviceStatus, Health
from kiosk.announcing.queue import Periods
from kiosk.announcing.telling import Teller, Told
from kiosk.clock import FakeClock
from kiosk.door import DeviceReport, Request, RequestCase
from kiosk.ledger import Hot
from tests.kiosk.announcing import passing
from tests.kiosk.hall.building import MONDAY, build, demo, run
from tests.kiosk.hall.office import Office

HALL = demo().hall.name.zh


class Post:
    """A notifier (`devices.notifiers.port.Notifier`) that answers what it is told to: a Delivery, an exception, or
    nothing until `land`."""

    def __init__(self, answer: object = Delivery.SENT) -> None:
        self.name, self.status, self.answer = "短信", DeviceStatus(Health.OK), answer
        self.sent: list[tuple[str, str]] = []
        self.tries = 0
        self.flying: list[Future[Delivery]] = []

    def send(self, number: str, words: str) -> Future[Delivery]:
        self.tries += 1
        end: Future[Delivery] = Future()
        match self.answer:
            case None:
                self.flying.append(end)
            case Exception() as error:
                end.set_exception(error)
            case answer:
                end.set_result(answer)
        if self.answer is None or self.answer is Delivery.SENT:
            self.sent.append((number, words))
        return end

    def close(self) -> None:
        """Nothing is held."""


class Evening:
    """A hall, its tellers, what they sent and what staff were told; time goes by when it is waited."""

    def __init__(self, folder: Path, url: str = "sqlite:///hall.db") -> None:
        self.folder = folder
        self.clock = FakeClock(MONDAY)
        self.house = build(folder / "data", url, clock=self.clock)
        self.office = Office(self.house, self.clock)
        self.reports: dict[str, tuple[DeviceReport, ...]] = {}
        self.tellers: list[Teller] = []

    def teller(self, post: Post | None = None, holder: str = "one", quiet: Periods = ()) -> Teller:
        plan = NotifierPlan("短信", "file", {"folder": str(self.folder / "out")})
        more = {} if post is None else {"open_notifier": lambda _plan, _changed: post}
        made = Teller(Told(plan, quiet), HALL, self.house.notices, self.house.commands.ledger, self.clock, holder,
                      self.reports.__setitem__, **more)  # fmt: skip
        made.start()
        self.tellers.append(made)
        return made

    def ready(self, post: Post | None = None, **more) -> Teller:
        made = self.teller(post, **more)
        assert self.until(lambda: bool(self.mark()))
        return made

    def mark(self) -> str:
        asked = Hot("SELECT value FROM mark WHERE name = 'told:短信'")
        rows = self.house.commands.ledger.read(lambda tx: tx.all(asked))
        return rows[0][0] if rows else ""

    def until(self, true: Callable[[], bool], seconds: float = 25.0) -> bool:
        return passing.until(self.clock, true, seconds)

    def settled(self) -> bool:
        """Every message of the log is dealt with: the mark stands at the last of them."""
        log = self.house.commands.ledger.read(lambda tx: tx.log(0, 5000))
        told = [one.seq for one in log if one.event.type.split(".")[3] in {"accepted", "doing", "extended", "answered"}]
        after, _, begun = self.mark().partition(" ")
        return bool(after) and not begun and int(after) >= max(told, default=0)

    def written(self) -> list[str]:
        files = sorted((self.folder / "out").glob("*.jsonl"))
        return [json.loads(line)["words"] for path in files for line in path.read_text("utf-8").splitlines()]

    def case(self, request: Request) -> RequestCase:
        found = run(self.office.clerk.request_by_id(request.id))
        assert isinstance(found, RequestCase)
        return found

    def close(self) -> None:
        for made in self.tellers:
            made.close()
        self.house.close()


def three(request: Request, due: str = "12月2日") -> list[str]:
    begin = f"【{HALL}】您的诉求（号码尾号 {request.code[-4:]}）"
    return [f"{begin}已经受理，{due}以前答复。", f"{begin}由城管环卫办小王办理，{due}以前答复。",
            f"{begin}办完了。请到大厅自助机上看答复，再告诉我们解决了没有。"]  # fmt: skip


def do(evening: Evening, request: Request, *verbs: str) -> None:
    for verb in verbs:
        words = ("修好了，在三单元canarywords",) if verb == "answer" else ()
        assert isinstance(evening.office.desk(verb, request.id, *words), RequestCase)
