"""An outside judge of our Open311 posts: PyPI's GeoReport client reads back, over real HTTP, what a city kept of them.

That client knows services and requests; of tokens, which a city may answer a post with, it knows nothing: that a token
counts as taken is seen by our own eyes only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from georeport import GeoReport

from kiosk.claims import Claim
from kiosk.clock import FakeClock, SystemClock
from kiosk.ledger import Hot
from kiosk.upstream.destinations import destination
from kiosk.upstream.outbox import Outbox
from kiosk.upstream.posting import Means
from kiosk.upstream.running import Upstream
from tests.kiosk.hall.building import MONDAY, PHONE, build, demo
from tests.kiosk.hall.office import ORDER, Office
from tests.kiosk.upstream.building import QUICK, ZONE, settings, until
from tests.peers.city import JURISDICTION, KEY, City

TEXT = "楼道灯坏了 & 50% 的住户 + 门牌=3；<看不见>路"
ORDERS = (
    replace(ORDER, text=TEXT), replace(ORDER, category="mediation", text="楼上漏水", place="5 号楼"),
    replace(ORDER, text="垃圾没人收", place="食堂后门"),
)  # fmt: skip
_CURSOR = Hot("SELECT why, took_at FROM relay_cursor")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def city(**more) -> City:
    return City({one.id: one.name.zh for one in demo().categories}, **more)


@contextmanager
def posting(folder: Path, there: City, *, key: str = KEY, clear: tuple[str, ...] = ("text", "place")) -> Iterator:
    """The demo hall with `there` upstream: its office, and what its relay posts as it is filed."""
    to = settings(there.url, kind="open311", clear=clear, options={"api_key": key, "jurisdiction_id": JURISDICTION})
    house, clock = build(folder, clock=FakeClock(MONDAY), settings=replace(demo(), upstream=(to,))), SystemClock(ZONE)
    ledger, vault = house.commands.ledger, house.commands.vault
    there_ = destination(to, ZONE)
    house.commands.outbox = Outbox([there_], vault)
    upstream = Upstream([there_], Means(ledger, vault, clock, pace=QUICK),
                        lambda name: Claim(ledger, clock, f"relay:{name}", "one"))
    upstream.start()
    try:
        yield Office(house, house.clock)
    finally:
        upstream.close()
        house.close()


@pytest.mark.parametrize("form", ["json", "xml"])
def test_an_open311_client_lists_the_services_and_reads_our_requests_back(tmp_path, form):
    with city() as there, posting(tmp_path, there) as office:
        filed = [office.file(order) for order in ORDERS]
        until(lambda: len(there.requests) == len(filed))
        client = GeoReport(there.url, jurisdiction=JURISDICTION, output_format=form)
        codes = {one["service_code"]: one["service_name"] for one in client.get_service_list()}
        found = client.get_service_requests()
        assert len(found) == len(filed)
        by_text = {one["description"]: one for one in found}
        for order in ORDERS:  # of different subjects: their order is nobody's promise
            one = by_text[order.text]
            assert (one["service_code"], one["address"], one["status"]) == (order.category, order.place, "open")
            assert one["service_name"] == codes[one["service_code"]], "not a code of that city's list"
            assert datetime.now(UTC) - datetime.fromisoformat(one["requested_datetime"]) < timedelta(minutes=5)
            assert client.get_service_request(one["service_request_id"])["description"] == order.text
        assert len(client.get_service_requests(service_code="environment", status="open")) == 2
        assert not there.refused
        assert PHONE not in str(there.posted) + str(found)
        with pytest.raises(requests.HTTPError):
            GeoReport(there.url, jurisdiction="elsewhere").get_service_requests()


def test_without_clear_the_client_reads_neither_text_nor_place(tmp_path):
    with city() as there, posting(tmp_path, there, clear=()) as office:
        filed = office.file(ORDERS[0])
        until(lambda: there.requests)
        (one,) = GeoReport(there.url, jurisdiction=JURISDICTION).get_service_requests()
        assert (one["service_code"], one["address"]) == ("environment", ORDER.grid)
        assert one["description"] == f"environment, {filed.id}"
        assert not any(word in str(there.posted) for word in (TEXT, ORDER.place, PHONE))


def test_a_city_that_answers_with_a_token_has_taken_the_request_once(tmp_path):
    with city(tokens=True) as there, posting(tmp_path, there) as office:
        office.file(ORDERS[0])
        ledger = office.house.commands.ledger
        until(lambda: (ledger.read(lambda tx: tx.one(_CURSOR)) or (0, 0))[1])
        office.file(ORDERS[1])
        until(lambda: len(there.requests) >= 2)
        found = GeoReport(there.url, jurisdiction=JURISDICTION).get_service_requests()
        assert [one["description"] for one in found] == [ORDERS[0].text, ORDERS[1].text]


def test_a_key_that_the_city_does_not_know_files_nothing_and_is_told(tmp_path):
    with city() as there, posting(tmp_path, there, key="another") as office:
        office.file(ORDERS[0])
        ledger = office.house.commands.ledger
        until(lambda: (ledger.read(lambda tx: tx.one(_CURSOR)) or ("",))[0])
        assert set(there.refused) == {403}
        assert GeoReport(there.url, jurisdiction=JURISDICTION).get_service_requests() == []
