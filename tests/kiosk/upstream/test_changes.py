"""What has become of requests, pulled from a destination that is slow, wrong, forgetful or of another time."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import formatdate

import httpx
import pytest

from kiosk.door import Change, Reason, Refusal
from kiosk.ledger import Hot, LedgerTrouble
from kiosk.upstream import changes, signing
from kiosk.upstream.changes import Puller
from kiosk.web.onward import taker
from tests.kiosk.upstream.building import ZONE, Node, to

SECRET = signing.new_secret()
_ROW = Hot("SELECT after, why FROM change_cursor")


def told(seq: int, **more: object) -> dict[str, object]:
    return {"seq": seq, "id": f"d:{seq}", "request": "r1", "kind": "doing", "at": "2026-11-23T09:30:00+08:00", **more}


@dataclass
class Clock:
    """`off_s`: how wrong it goes."""

    off_s: float = 0.0

    def now(self) -> datetime:
        return datetime.now(ZONE) + timedelta(seconds=self.off_s)

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass
class Claim:
    """Ours, until it is taken away."""

    held: bool = True

    def keep(self, *, useful: bool) -> bool:
        return useful and self.held

    def fenced(self, _tx: object) -> bool:
        return self.held

    def let_go(self) -> None:
        pass


@dataclass
class District:
    """Answers as it is told to; believes only what is signed now."""

    listed: list[dict[str, object]] = field(default_factory=list)
    nonsense: Callable[[], httpx.Response] | None = None
    statuses: list[int] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        date = {"date": formatdate(time.time(), usegmt=True)}
        try:
            signing.verify([signing.key_of(SECRET)], request.headers, b"", time.time())
        except signing.Unsigned:
            self.statuses.append(401)
            return httpx.Response(401, headers=date)
        self.statuses.append(200)
        if self.nonsense is not None:
            return self.nonsense()
        after = int(request.url.params["after"])
        self.asked.append(after)
        newest = max((int(str(one["seq"])) for one in self.listed), default=0)
        return httpx.Response(200, headers=date, json={
            "changes": [one for one in self.listed if int(str(one["seq"])) > after][:200], "newest": newest,
        })  # fmt: skip


class Hall:
    """A puller on a ledger, and what it handed over."""

    def __init__(self, folder, district: District) -> None:
        self.node = Node(folder, [to("http://district.example/api/v1/events", SECRET)])
        self.clock, self.claim = Clock(), Claim()
        self.district = district
        self.took: list[object] = []
        self.trouble = 0
        means = replace(self.node.means, clock=self.clock, chance=lambda: 0.0)
        there = self.node.destinations[0]
        self.puller = Puller(there, str(there.changes), means, self.claim, self._apply)

    def _apply(self, change: object) -> None:
        if self.trouble:
            self.trouble -= 1
            raise LedgerTrouble("full")
        self.took.append(change)

    @property
    def cursor(self) -> tuple[int, str] | None:
        return self.node.ledger.read(lambda tx: tx.one(_ROW))

    def pull(self, until: Callable[[], object], monkeypatch: pytest.MonkeyPatch, every: float = 0.01) -> None:
        """Run it until something is so."""
        def reached(_tls: object) -> httpx.AsyncClient:
            return httpx.AsyncClient(transport=httpx.MockTransport(self.district))

        monkeypatch.setattr(changes, "client", reached)
        monkeypatch.setattr(changes, "_EVERY_S", every)

        async def go() -> None:
            running = asyncio.create_task(self.puller.run())
            end = time.monotonic() + 20
            while not until():
                assert time.monotonic() < end, "it never came to be"
                await asyncio.sleep(0.01)
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running

        asyncio.run(go())


@pytest.fixture
def hall(tmp_path):
    made = Hall(tmp_path, District())
    yield made
    made.node.ledger.close()


def test_each_is_handed_over_in_order_and_the_cursor_follows(hall, monkeypatch):
    hall.district.listed = [told(n) for n in range(1, 451)]
    hall.pull(lambda: hall.cursor == (450, ""), monkeypatch)
    assert [change.id for change in hall.took] == [f"d:{n}" for n in range(1, 451)]


def test_what_could_not_be_written_down_is_handed_over_again(hall, monkeypatch):
    hall.district.listed, hall.trouble = [told(1), told(2)], 3
    hall.pull(lambda: hall.cursor == (2, ""), monkeypatch)
    assert [change.id for change in hall.took] == ["d:1", "d:2"]
    assert hall.district.asked.count(0) >= 4, "the cursor went before what it stands for"


def test_who_has_lost_the_claim_writes_nothing(hall, monkeypatch):
    hall.district.listed = [told(1)]
    monkeypatch.setattr(hall.claim, "fenced", lambda _tx: False)
    hall.pull(lambda: len(hall.took) > 2, monkeypatch)
    assert hall.cursor is None


def test_a_clock_that_goes_wrong_and_right_again(hall, monkeypatch):
    for n, off_s in enumerate((600.0, 0.0, -600.0, 90.0), 1):
        hall.clock.off_s = off_s
        hall.district.listed.append(told(n))
        hall.pull(lambda n=n: hall.cursor == (n, ""), monkeypatch)
    assert len(hall.took) == 4
    assert hall.district.statuses.count(401) <= 4


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (lambda: httpx.Response(200, text="<html>sign in</html>"), "upstream-nonsense"),
        (lambda: httpx.Response(200, json={"changes": [told(2), told(1)]}), "upstream-nonsense"),
        (lambda: httpx.Response(200, content=b"[" + b"1," * 2_000_000), "upstream-nonsense"),
        (lambda: httpx.Response(404), "upstream-not-there 404"),
        (lambda: httpx.Response(302, headers={"location": "http://other.example/"}), "upstream-redirects 302"),
        (lambda: httpx.Response(403), "upstream-not-believed 403"),
    ],
)  # fmt: skip
def test_nonsense_is_told_and_nothing_is_lost(hall, monkeypatch, answer, why):
    hall.district.listed, hall.district.nonsense = [told(1)], answer
    hall.pull(lambda: hall.cursor == (0, why), monkeypatch)
    assert not hall.took
    hall.district.nonsense = None
    hall.pull(lambda: hall.cursor == (1, ""), monkeypatch)
    assert [change.id for change in hall.took] == ["d:1"]


def test_an_answer_without_end_is_not_kept(hall, monkeypatch):
    sent = []

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self):
            for _ in range(10_000):
                sent.append(65536)
                yield b"x" * 65536

    hall.district.nonsense = lambda: httpx.Response(200, stream=Endless())
    hall.pull(lambda: hall.cursor is not None, monkeypatch)
    assert sum(sent) < 8 * 1024 * 1024


def test_one_that_cannot_be_read_is_for_staff_and_long_words_are_cut(hall, monkeypatch):
    hall.district.listed = [told(1, request=7), told(2, kind="x" * 99), told(3, text="长" * 5000), told(4, at="noon")]
    hall.pull(lambda: hall.cursor == (4, ""), monkeypatch)
    assert [change.kind for change in hall.took] == ["unreadable", "unreadable", "doing", "unreadable"]
    assert len({change.id for change in hall.took}) == 4
    assert hall.took[2].text == "长" * 2000


def test_a_district_put_back_to_an_older_copy_is_heard_from_its_beginning(hall, monkeypatch):
    hall.district.listed = [told(n) for n in range(1, 9)]
    hall.pull(lambda: hall.cursor == (8, ""), monkeypatch)
    hall.district.listed = [told(1), told(2), told(3, id="d:new")]
    hall.pull(lambda: hall.cursor == (3, ""), monkeypatch)
    assert [change.id for change in hall.took[8:]] == ["d:1", "d:2", "d:new"], "each is known by its id"


def test_a_district_that_is_away_is_asked_ever_more_seldom_and_staff_are_told(hall, monkeypatch):
    waits: list[float] = []
    real = asyncio.sleep

    async def slept(seconds: float) -> None:
        if seconds != 0.01:  # our own
            waits.append(seconds)
        await real(0)

    def away() -> httpx.Response:
        raise httpx.ConnectError("no")

    hall.district.nonsense = away
    monkeypatch.setattr(changes.asyncio, "sleep", slept)
    hall.pull(lambda: len(waits) > 8, monkeypatch, every=2.0)
    assert waits[:5] == [2, 4, 8, 16, 30]
    assert max(waits) == 30, "half a minute to a minute, by chance"
    assert hall.cursor == (0, "upstream-away")


def test_a_change_that_the_hall_cannot_write_down_is_no_change_taken():
    async def go(answer: str | Refusal) -> None:
        async def apply(_change: Change) -> str | Refusal:
            return answer

        take = taker(apply, asyncio.get_running_loop())
        await asyncio.to_thread(take, Change("d:1", "r1", "doing", Clock().now()))

    for taken in ("applied", "again", "late", "aside"):
        asyncio.run(go(taken))
    with pytest.raises(LedgerTrouble):
        asyncio.run(go(Refusal("broken", Reason("ledger-full"))))
