"""Guards of the relay and the district, each of which could be taken away without any other test saying so."""

from __future__ import annotations

import asyncio
import time
from datetime import datetime, timedelta
from types import SimpleNamespace

import httpx
import pytest

from kiosk.clock import SystemClock
from kiosk.ledger import Hot
from kiosk.upstream import answering, signing, standing
from kiosk.upstream.case_rows import said
from kiosk.upstream.running import Upstream
from kiosk.web.district import serve
from tests.kiosk.upstream.building import ZONE, Node, event, fill, to, until
from tests.kiosk.upstream.chaos import Chaos
from tests.kiosk.upstream.test_cases import NOW, WORDS, Tier

_CURSOR = Hot("SELECT after, why FROM relay_cursor")
_KEEP = Hot("INSERT INTO outbox (destination, event, content, kept_until) VALUES ('district', :id, :content, :until)")
_KEPT = Hot("SELECT event FROM outbox")


def posted(answer) -> tuple[answering.Answer, float]:
    """What comes of one post to whoever answers so, and how long it took."""
    async def go() -> answering.Answer:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            return await answering.post(http, "http://there.example/", b"{}", {})

    begun = time.monotonic()
    return asyncio.run(go()), time.monotonic() - begun


def test_a_redirection_is_never_followed(tmp_path):
    with Chaos() as elsewhere, Chaos(trouble=1.0) as chaos:
        chaos._chance = SimpleNamespace(random=lambda: 0.0, choice=lambda _of: "302")
        moved = f"location: {elsewhere.url}\r\n"
        answer = chaos._answer
        chaos._answer = lambda line, _status, _more="": answer(line, 307, moved)
        with Node(tmp_path, [to(chaos.url, chaos.secret)]) as node:
            fill(node.ledger, [event(0)])
            until(lambda: (node.ledger.read(lambda tx: tx.one(_CURSOR)) or (0, ""))[1] == "upstream-redirects 307")
            until(lambda: chaos.posts > 2)
        assert elsewhere.posts == 0


def test_who_never_answers_and_who_never_ends_is_waited_for_so_long_and_no_longer(monkeypatch):
    monkeypatch.setattr(answering, "WHOLE_S", 0.2)

    async def silent(_request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(30)
        return httpx.Response(204)

    class Dripping(httpx.AsyncByteStream):
        async def __aiter__(self):
            while True:
                await asyncio.sleep(0.01)
                yield b"x"

    for answer in (silent, lambda _request: httpx.Response(200, stream=Dripping())):
        found, took = posted(answer)
        assert (found.status, found.why) == (None, "upstream-slow")
        assert took < 10


def test_of_an_answer_without_end_little_is_read():
    read = []

    class Endless(httpx.AsyncByteStream):
        async def __aiter__(self):
            for _ in range(1000):
                read.append(65536)
                yield b"x" * 65536

    found, _took = posted(lambda _request: httpx.Response(200, stream=Endless()))
    assert found.status == 200
    assert sum(read) < 1024 * 1024


def test_who_has_lost_the_claim_writes_nothing(tmp_path):
    claim = SimpleNamespace(held=True, keep=lambda **_: True, fenced=lambda _tx: False, let_go=lambda: None)
    with Chaos() as chaos:
        node = Node(tmp_path, [to(chaos.url, chaos.secret)])
        fill(node.ledger, [event(0)])
        upstream = Upstream(node.destinations, node.means, lambda _name: claim)
        upstream.start()
        until(lambda: chaos.posts > 1)
        upstream.close()
        assert node.ledger.read(lambda tx: tx.one(_CURSOR)) is None
        node.ledger.close()


class Jumping(SystemClock):
    """A minute later each time it is looked at."""

    def __init__(self, zone) -> None:
        super().__init__(zone)
        self.late = 0

    def now(self) -> datetime:
        self.late += 60
        return super().now() + timedelta(seconds=self.late)


def test_every_attempt_is_signed_afresh(tmp_path):
    with Chaos() as chaos:
        tried: list[tuple[dict[str, str], bytes]] = []
        chaos._take = lambda headers, body: (tried.append((dict(headers), body)), 503)[1]
        node = Node(tmp_path, [to(chaos.url, chaos.secret)])
        node.means = type(node.means)(node.ledger, node.vault, Jumping(ZONE), pace=node.means.pace)
        fill(node.ledger, [event(0)])
        with node:
            until(lambda: len(tried) >= 4)
    stamps = [int(headers["webhook-timestamp"]) for headers, _body in tried]
    assert stamps == sorted(set(stamps)), "an old signature was sent again"
    for headers, body in tried:
        signing.verify([signing.key_of(chaos.secret)], headers, body, int(headers["webhook-timestamp"]))


def test_what_went_with_an_event_set_aside_dies_after_thirty_days_by_the_relay_itself(tmp_path):
    with Chaos() as chaos:
        node = Node(tmp_path, [to(chaos.url, chaos.secret)])
        now = round(time.time() * 1000)
        for id_, kept in (("over", now - 1000), ("not-yet", now + 3_600_000), ("waits", None)):
            node.ledger.write(lambda tx, i=id_, k=kept: tx.run(_KEEP, id=i, content=b"x", until=k)).result()
        with node:
            until(lambda: {row[0] for row in node.ledger.read(lambda tx: tx.all(_KEPT))} == {"not-yet", "waits"})


def test_a_district_forgets_words_by_itself(tmp_path):
    tier = Tier(tmp_path, "sqlite:///d.db")
    tier.receive("filed", private=WORDS)
    tier.receive("confirmed", id_="e-1")

    async def later(days: int) -> None:
        clock = SimpleNamespace(now=lambda: NOW + timedelta(days=days))
        purging = asyncio.create_task(serve._purge(SimpleNamespace(ledger=tier.ledger, clock=clock)))
        await asyncio.sleep(0.3)
        purging.cancel()

    asyncio.run(later(6))
    assert tier.ledger.read(lambda tx: said(tx, tier.vault, "r1")) == WORDS
    asyncio.run(later(8))
    assert tier.ledger.read(lambda tx: said(tx, tier.vault, "r1")) == {}
    tier.ledger.close()


def test_what_has_ended_is_not_opened_again_by_what_comes_late(tmp_path):
    tier = Tier(tmp_path, "sqlite:///d.db")
    tier.receive("filed")
    tier.receive("confirmed", id_="e-1")
    for n, what in enumerate(("reopened", "handed-over", "escalated", "filed"), 2):
        tier.receive(what, id_=f"e-{n}")
    assert (tier.case().state, tier.case().reopened) == ("confirmed", 0)
    tier.ledger.close()


@pytest.mark.parametrize(("more", "code"), [
    ({"skew": 61.0}, "upstream-skew"), ({"skew": -61.0}, "upstream-skew"), ({"skew": 59.0}, None), ({}, None),
    ({"changes": "upstream-away"}, "upstream-no-changes"), ({"aside": 2}, "upstream-aside"),
    ({"state": "paused", "why": "upstream-gone 410"}, "upstream-gone"),
])  # fmt: skip
def test_staff_are_told(more, code):
    well = {"name": "d", "state": "ok", "why": "", "since": None, "waiting": 0, "aside": 0, "skew": None,
            "took_at": None, "changes": ""}
    one = standing.Standing(**{**well, **more})
    assert [note.code for note in standing.notes([one])] == ([] if code is None else [code])
    (body,) = standing.body([one])
    assert (body["skew_s"], body["aside"]) == (one.skew, one.aside)


def test_more_time_for_what_is_late_counts_from_today(tmp_path):
    tier = Tier(tmp_path, "sqlite:///d.db")
    tier.receive("filed", due="2026-11-18")
    tier.do("accept", "r1", "陈刚", NOW)
    assert tier.do("extend", "r1", 3, NOW, "要等配件").due == "2026-11-26", "Monday and three working days"
    tier.ledger.close()
