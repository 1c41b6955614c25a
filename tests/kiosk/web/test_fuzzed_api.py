"""The API against its own /openapi.json, by schemathesis: whatever fits the document or does not, sent with each role's
token, a foreign one and none, brings no 5xx, and every answer is one the document told of. A little of it in `make
test`, always the same; much more in `make fuzz`. What ids and codes are needed to get past the first look is put in."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kiosk.door import Booking, RequestOrder, Role
from kiosk.hall import Caller
from kiosk.sheets import YEARS
from kiosk.web.api import PREFIX, Route
from kiosk.web.routes import ROUTES
from tests.kiosk.hall.building import PHONE, at
from tests.kiosk.web.standing import Standing

ENDLESS = "/events"  # an answer without an end: its own tests hold it to its word
FUZZED = [route for route in ROUTES if route.path != ENDLESS]
POSTS = [route for route in FUZZED if route.method == "POST"]
NAMES = [f"{route.method} {route.path}" for route in FUZZED]
PROBLEM = {"type", "title", "status", "detail", "code", "next"}
QUICK, LONG = 20, 1500
# A rule may say no (422) to what is well formed; that is no fault in the document.
WELL_FORMED = ["2xx", "401", "403", "404", "409", "422", "429"]
CONFIG = {
    "checks": {"positive_data_acceptance": {"expected-statuses": WELL_FORMED}},
    # No text of ours may hold NUL (tests/badluck sends it all the same); tokens are put in here.
    "generation": {"allow-x00": False, "with-security-parameters": False},
}
# Moments and days as the document asks for them: with an offset, in years that can be meant.
MOMENTS = st.datetimes(*(datetime(year, 1, 1) for year in (YEARS[0] + 1, YEARS[1])), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
schemathesis.openapi.format("date-time", MOMENTS.map(datetime.isoformat))
schemathesis.openapi.format("date", st.dates(at(9, days=-3).date(), at(9, days=40).date()).map(str))


class Fuzzed:
    """A hall at work: windows open, residents waiting, served and finished, a booking; and what they are called."""

    def __init__(self, hall: Standing) -> None:
        self.hall = hall
        self.tokens = {role.value: hall.house.accounts.make_token(f"a {role.value}", role) for role in Role}
        self.tokens |= {"foreign": "hk_nobody", "none": ""}
        self.keys = itertools.count()
        waiting = hall.numbers("civil-affairs", 40) + hall.numbers("party", 20)
        clerk = Caller("c", "c", Role.CLERK)
        counter, door = hall.house.counter(clerk), hall.house.door(clerk)
        for window in ("1", "2", "3"):
            hall.run(counter.open_window(f"open-{window}", window, ("civil-affairs", "party")))
        done = hall.run(counter.call_next("first", "1"))
        hall.run(counter.finish("done", "1"))
        for verb, window in (("hold", "1"), ("recall", "2")):
            hall.run(counter.call_next(f"before-{verb}", window))
            hall.run(getattr(counter, verb)(verb, window))
        booked = [hall.run(door.book(f"b-{n}", Booking("gym", at(14 + n), PHONE[:-1] + str(n))))
                  for n in range(3)]  # fmt: skip
        asked = [hall.run(door.file_request(f"r-{n}", RequestOrder("work", "想找工作"))) for n in range(4)]
        hall.run(counter.answer("r-answered", asked[0].id, "好了"))
        codes = [one.code for one in (*booked, *asked)] + [booked[0].qr, asked[0].qr]
        self.known: dict[str, list[object]] = {
            "code": [*codes], "key": ["k-0", "first"], "service": ["party", "civil-affairs", "health"],
            "facility": ["gym", "civil-affairs", "reading-room"], "window": ["1", "2", "3", "4"],
            "ticket": [done.id, done.qr, *waiting[:9]], "subject": [done.id, done.qr], "phone": [PHONE],
            "services": [["party"], []], "serving": [None, "", *waiting[:3]], "level": [1, 5],
            "category": ["work", "environment"], "grid": ["admin", "market"], "text": ["灯不亮"], "why": ["还是不亮"],
            "request": [one.id for one in asked], "days": [1, 3], "to": ["a clerk", "a manager"],
            "start": [at(14).isoformat(), at(9, days=1).isoformat()], "people": [1], "back_at": [at(11).isoformat()],
        }  # fmt: skip
        config = schemathesis.Config.from_dict(CONFIG)
        self.schema = schemathesis.openapi.from_url(f"{hall.url}/openapi.json", config=config)

    def fuzz(self, route: Route, examples: int, *, always_the_same: bool) -> None:
        """One route, so many times."""
        operation = self.schema[PREFIX + route.path][route.method]
        modes = st.sampled_from((schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE))
        who = st.sampled_from((*[role.value for role in sorted(route.roles)] * 2, *self.tokens))

        @settings(max_examples=examples, derandomize=always_the_same, database=None, print_blob=True,
                  phases=[Phase.generate] if always_the_same else [Phase.generate, Phase.shrink],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(st.data())
        def one(data: st.DataObject) -> None:
            mode = data.draw(modes)
            case = data.draw(operation.as_strategy(generation_mode=mode))
            if mode.is_positive:
                self._put_in_what_is_known(route, case, data)
            head = {"Authorization": f"Bearer {self.tokens[data.draw(who)]}"}
            self._holds(case, head)

        one()

    def _put_in_what_is_known(self, route: Route, case: Any, data: st.DataObject) -> None:
        def some(name: str) -> object:
            return data.draw(st.sampled_from(self.known[name]), label=name)

        often = st.sampled_from((True, True, False))
        for name in list(case.path_parameters or {}):
            kind = route.path.split("/")[1].removesuffix("s").replace("facilitie", "facility") if name == "id" else name
            if kind in self.known and data.draw(often):
                case.path_parameters[name] = some(kind)
        if isinstance(case.body, dict):
            for name in sorted(case.body.keys() & self.known.keys()):
                if data.draw(often):
                    case.body[name] = some(name)
        if route.method == "POST" and data.draw(often):
            case.headers["Idempotency-Key"] = f"k-{next(self.keys)}"

    @staticmethod
    def _holds(case: Any, head: dict[str, str]) -> None:
        answer = case.call_and_validate(headers=head)
        if answer.status_code >= 400:
            said = answer.json()
            assert said.keys() >= PROBLEM, said
            assert said["status"] == answer.status_code


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    with Standing(tmp_path_factory.mktemp("fuzzed") / "data") as hall:
        yield Fuzzed(hall)


@pytest.mark.parametrize("route", FUZZED, ids=NAMES)
def test_every_answer_is_one_the_document_tells_of(fuzzed: Fuzzed, route: Route) -> None:
    fuzzed.fuzz(route, QUICK, always_the_same=True)


@pytest.mark.parametrize("route", POSTS, ids=[route.path for route in POSTS])
def test_a_megabyte_is_too_large_everywhere(fuzzed: Fuzzed, route: Route) -> None:
    path = f"{fuzzed.hall.url}{PREFIX}{route.path}".replace("{id}", "1").replace("{code}", "482761")
    head = {"Authorization": f"Bearer {fuzzed.tokens[min(route.roles)]}", "Idempotency-Key": "large"}
    whole = b'{"page": "' + b"a" * 2**20 + b'"}'
    for body in (whole, (whole[n : n + 4096] for n in range(0, len(whole), 4096))):  # with a length, and without
        answer = httpx.post(path, headers=head, content=body, timeout=20)
        assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.long("fuzz")
@pytest.mark.parametrize("route", FUZZED, ids=NAMES)
def test_every_answer_is_one_the_document_tells_of_for_long(fuzzed: Fuzzed, route: Route) -> None:
    fuzzed.fuzz(route, LONG, always_the_same=False)
