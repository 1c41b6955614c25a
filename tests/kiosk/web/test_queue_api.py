"""The queue over HTTP, against the real hall: each route as its document says, each no with its status and a way on."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from kiosk.web.queue_routes import QUEUE_ROUTES
from tests.kiosk.hall.building import MONDAY, PHONE, at
from tests.kiosk.web.world import World, code


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path / "data")
    yield world
    world.close()


def test_a_morning_from_number_to_rating_over_every_route(world) -> None:
    first = world.take(matter="交党费")
    assert (first["number"], first["state"], first["ahead"], first["wait"]) == ("A001", "waiting", 0, None)
    assert first["matter"] == "党费收缴"
    second = world.take()
    assert (second["number"], second["ahead"]) == ("A002", 1)
    listed = world.ask("GET", "/services").json()["services"]
    assert [(s["id"], s["letter"]) for s in listed][:2] == [("party", "A"), ("civil-affairs", "b")]
    assert listed[0]["waiting"] == 2
    assert {s["id"] for s in world.ask("GET", "/services/bookable").json()["services"]} == {
        "civil-affairs", "social-security",
    }  # fmt: skip
    assert world.at_window("open").json()["window"]["services"] == ["party"]
    assert world.ask("GET", "/windows", role="clerk").json()["windows"][0]["state"] == "open"
    called = world.at_window("call-next", {"serving": ""}).json()["ticket"]
    assert (called["number"], called["state"], called["window"]) == ("A001", "called", "1")
    assert called["why"]["text"]
    assert world.at_window("recall").json()["ticket"]["recalls"] == 1
    assert world.at_window("hold").json()["ticket"]["state"] == "held"
    assert world.at_window("return", {"ticket": "A001"}).json()["ticket"]["state"] == "waiting"
    assert world.at_window("call", {"ticket": "A002"}).json()["ticket"]["number"] == "A002"
    sent = world.at_window("transfer", {"service": "health"}).json()["ticket"]
    assert (sent["state"], sent["number"]) == ("waiting", "A002")
    assert world.at_window("call-next").json()["ticket"]["number"] == "A001"
    assert world.at_window("finish").json()["ticket"]["state"] == "done"
    rating = {"subject": first["qr"], "level": 5, "text": "字" * 201}
    assert code(world.post("/ratings", rating), 422) == "words-too-many"
    assert world.post("/ratings", {**rating, "text": "办得快，谢谢"}).status_code == 204
    assert code(world.post("/ratings", {"subject": first["id"], "level": 1}), 409) == "already-rated"
    assert world.at_window("call-next").status_code == 204
    for wrong in ({}, {"reason": " \n"}):
        assert code(world.at_window("pause", wrong), 422) == "pause-why"
    for back_at in (MONDAY, MONDAY - timedelta(minutes=1), MONDAY.replace(hour=0) + timedelta(days=1)):
        wrong = {"reason": "开会", "back_at": back_at.isoformat()}
        assert code(world.at_window("pause", wrong), 422) == "pause-back-at"
    assert world.ask("GET", "/windows/1", role="clerk").json()["window"]["state"] == "open"
    assert world.at_window("pause", {"reason": "开会"}).json()["window"]["reason"] == "开会"
    later = {"reason": "开会", "back_at": (MONDAY + timedelta(minutes=1)).astimezone(UTC).isoformat()}
    assert world.at_window("pause", later).json()["window"]["back_at"] == "2026-11-23T09:31:00+08:00"
    assert world.at_window("resume").json()["window"]["state"] == "open"
    third = world.take()
    assert world.ask("GET", f"/tickets/{third['id']}").json()["number"] == "A003"
    assert world.post(f"/tickets/{third['qr']}/reprint").json()["number"] == "A003"
    assert world.at_window("call-next").json()["ticket"]["number"] == "A003"
    assert world.at_window("no-show").json()["ticket"]["state"] == "no-show"
    view = world.ask("GET", "/windows/1", role="clerk").json()
    assert (view["window"]["served_today"], view["waiting"], view["counts"]["health"]) == (1, [], 1)
    assert world.at_window("close").json()["window"]["state"] == "closed"
    assert world.asked == {(route.method, route.path) for route in QUEUE_ROUTES}


def test_the_same_telephone_gets_the_same_number_while_it_waits(world) -> None:
    first = world.take(phone=PHONE)
    again = world.post("/tickets", {"service": "party", "phone": "139 1234 5678"})
    assert (again.status_code, again.json()["number"], again.json()["same"]) == (200, "A001", True)
    assert world.take("health", phone=PHONE)["number"] == "C001"
    assert world.take()["number"] == "A002"
    world.at_window("open")
    world.at_window("call-next")
    assert world.take(phone=PHONE)["number"] == "A003"
    assert first["id"] != again.json()["id"] or again.json()["same"]


def test_the_same_key_is_one_number_and_one_call(world) -> None:
    body = {"service": "party"}
    first, again = (world.post("/tickets", body, key="tap") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert code(world.post("/tickets", {"service": "health"}, key="tap"), 422) == "key-reused"
    assert world.take()["number"] == "A002"
    world.at_window("open")
    called = [world.at_window("call-next", key="next").json()["ticket"]["number"] for _ in range(3)]
    assert called == ["A001"] * 3
    assert world.at_window("call-next", key="other").json()["ticket"]["number"] == "A002"
    assert [world.at_window("call-next", key="empty").status_code for _ in range(2)] == [204, 204]


def test_a_bounced_key_finishes_nobody(world) -> None:
    world.take()
    world.take()
    world.at_window("open")
    for nobody in ({"serving": ""}, {"serving": None}):
        world.at_window("call-next", nobody)
    bounced = world.at_window("call-next", {"serving": ""})
    assert code(bounced, 409) == "serving-other"
    assert bounced.json()["next"]
    assert world.ask("GET", "/windows/1", role="clerk").json()["window"]["serving"]["number"] == "A001"
    assert world.at_window("call-next", {"serving": "A001"}).json()["ticket"]["number"] == "A002"


@pytest.mark.parametrize(("verb", "more"), [
    ("finish", {}), ("recall", {}), ("no-show", {}), ("hold", {}), ("transfer", {"service": "health"}),
    ("call", {"ticket": "A002"}), ("call-next", {}),
])  # fmt: skip
def test_whoever_is_behind_touches_nobody(world, verb, more) -> None:
    for _ in range(2):
        world.take()
    world.at_window("open")
    world.at_window("call-next")
    for behind in ("A002", "", None):
        no = world.at_window(verb, {**more, "serving": behind})
        assert code(no, 409) == "serving-other"
        assert "A001" in no.json()["detail"], "whom it serves is named"
        assert no.json()["next"]
    assert world.ask("GET", "/windows/1", role="clerk").json()["window"]["serving"]["number"] == "A001"
    assert world.at_window(verb, {**more, "serving": "A001"}).status_code == 200


def test_two_windows_never_have_one_ticket(world) -> None:
    world.take()
    for window in ("1", "2"):
        world.at_window("open", {"services": ["party"]}, window)
    world.at_window("call-next")
    taken = world.at_window("call", {"ticket": "A001"}, "2")
    assert code(taken, 409) == "elsewhere"
    assert taken.json()["reason"]["facts"]["window"]["zh"] == "1号窗口"
    assert world.at_window("call-next", window="2").status_code == 204


@pytest.mark.parametrize(("when", "codes"), [
    (at(8, 29), "numbers-not-yet"), (at(17, 30), "numbers-over"), (at(10, days=5), "closed-weekend"),
])  # fmt: skip
def test_outside_the_hours_a_number_is_refused_with_a_way_on(world, when, codes) -> None:
    world.clock.set(when)
    answer = world.post("/tickets", {"service": "civil-affairs"})
    assert code(answer, 409) == codes
    assert answer.json()["next"][0]["start"]
    assert any(offer.get("facility") == "civil-affairs" for offer in answer.json()["next"])


def test_numbers_are_given_from_half_an_hour_before_through_lunch_to_the_end(world) -> None:
    for when in (at(8, 30), at(9), at(12, 59), at(17, 29)):
        world.clock.set(when)
        world.take()
    world.clock.set(at(8, 30, days=1))
    assert world.take()["number"] == "A001", "a new day begins anew"


@pytest.mark.parametrize(("path", "body", "status", "codes"), [
    ("/tickets", {"service": "nowhere"}, 404, "unknown-service"),
    ("/tickets", {"service": "party", "matter": "钓鱼"}, 422, "unknown-matter"),
    ("/tickets", {"service": "party", "phone": "123"}, 422, "phone-mobile-prefix"),
    ("/tickets", {"service": "party", "priority": "yes"}, 400, "malformed"),
    ("/tickets", {"service": "party", "age": 60}, 400, "malformed"),
    ("/ratings", {"subject": "HKT:A009261123:AAAAAAAA", "level": 5}, 404, "code-foreign"),
    ("/ratings", {"subject": "nobody", "level": 9}, 422, "rating-level"),
    ("/ratings", {"subject": "nobody", "level": 5, "text": 5}, 400, "malformed"),
    ("/ratings", {"subject": "nobody", "level": 5, "text": "a\0"}, 400, "malformed"),
    ("/ratings", {"subject": "nobody", "level": 5}, 404, "ticket-unknown"),
    ("/windows/9/open", {}, 404, "unknown-window"),
    ("/windows/1/open", {"services": ["nowhere"]}, 404, "unknown-service"),
    ("/windows/1/call-next", {}, 409, "window-closed"),
    ("/windows/1/finish", {}, 409, "window-closed"),
    ("/windows/1/call", {"ticket": "A001"}, 409, "window-closed"),
])  # fmt: skip
def test_what_cannot_be_is_refused(world, path, body, status, codes) -> None:
    answer = world.post(path, body, role="clerk" if path.startswith("/windows") else "kiosk")
    assert code(answer, status) == codes


def test_a_kiosk_is_no_clerk(world) -> None:
    for route in QUEUE_ROUTES:
        if route.path.startswith("/windows"):
            path = route.path.replace("{id}", "1")
            answer = world.ask(route.method, path, {} if route.method == "POST" else None)
            assert (answer.status_code, answer.json()["code"]) == (403, "not-your-role")
    assert world.at_window("open", role="manager").status_code == 200


def test_an_appointment_at_a_window_is_booked_like_a_room_and_gives_a_number_at_check_in(world) -> None:
    start = at(11).isoformat()
    booked = world.post("/appointments", {"facility": "civil-affairs", "start": start, "phone": PHONE})
    assert booked.status_code == 201
    world.clock.set(at(10, 50))
    found = world.post("/appointments/find", {"phone": PHONE}).json()["found"]
    assert found[0]["facility_name"]["zh"] == "窗口预约"
    assert "civil" not in str(found)
    arrived = world.post(f"/appointments/{booked.json()['code']}/check-in")
    ticket = arrived.json()["ticket"]
    assert (ticket["number"], ticket["state"], ticket["appointment"]) == ("b001", "waiting", start)
    again = world.post(f"/appointments/{booked.json()['code']}/check-in")
    assert code(again, 409) == "checked-in-number"
    assert "b001" in again.json()["detail"]
    assert world.ask("GET", f"/appointments/{booked.json()['code']}").json()["ticket"]["number"] == "b001"


def test_a_room_gives_no_number(world) -> None:
    room = world.post("/appointments", {"facility": "reading-room", "start": at(10).isoformat(), "phone": PHONE})
    world.clock.set(at(9, 50))
    assert "ticket" not in world.post(f"/appointments/{room.json()['code']}/check-in").json()


def test_an_appointment_more_than_ten_minutes_late_waits_as_everybody_does(world) -> None:
    booked = world.post("/appointments", {"facility": "civil-affairs", "start": at(11).isoformat(), "phone": PHONE})
    world.clock.set(at(11, 5))
    world.take("civil-affairs")
    world.clock.set(at(11) + timedelta(minutes=10, seconds=1))
    late = world.post(f"/appointments/{booked.json()['code']}/check-in").json()["ticket"]
    assert late["appointment"] is not None
    world.at_window("open", window="2")
    assert world.at_window("call-next", window="2").json()["ticket"]["number"] == "b001", "who came first"
