"""Requests over HTTP, against the real hall: each route as its document says, each no with its status and a way on."""

from __future__ import annotations

import anyio
import pytest

from kiosk.door import Change, Role
from kiosk.web.request_routes import REQUEST_ROUTES
from tests.kiosk.hall.building import PHONE
from tests.kiosk.web.world import World, code

LAMP = {"category": "environment", "text": "楼道灯不亮"}


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path / "data")
    yield world
    world.close()


def file(world, **more):
    answer = world.post("/requests", {**LAMP, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def desk(world, id_, verb, body=None, role="clerk"):
    return world.post(f"/requests/by-id/{id_}/{verb}", body, role=role)


def test_a_request_from_the_kiosk_to_the_end_over_every_route(world) -> None:
    assert [one["name"] for one in world.ask("GET", "/categories").json()["categories"]][:2] == ["生活保障", "劳动就业"]
    here = [one["id"] for one in world.ask("GET", "/grids").json()["grids"] if one["here"]]
    assert here == ["admin"]
    filed = file(world, grid="dormitory-1", place="三楼", phone=PHONE, name="陈阿婆")
    assert (filed["state"], filed["due"], filed["phone_tail"]) == ("registered", "2026-12-02", PHONE[-4:])
    assert filed["steps"][0]["what"]["text"] == "已经登记，12月2日 星期三 以前答复。"
    assert world.ask("GET", f"/requests/{filed['code']}").json() == filed
    assert world.post(f"/requests/{filed['code']}/reprint").json()["id"] == filed["id"]
    assert world.post(f"/requests/{filed['code']}/help", {"kind": "teaching"}).status_code == 200
    world.house.accounts.make_token("小李", Role.CLERK)
    id_ = filed["id"]
    assert desk(world, id_, "take-over").json()["holder"] == "a clerk"
    assert desk(world, id_, "settle-help", {"kind": "teaching"}).json()["helps"][0]["settled_at"]
    assert desk(world, id_, "call-back", {"text": "说好"}).status_code == 200
    assert desk(world, id_, "accept").json()["request"]["state"] == "accepted"
    assert desk(world, id_, "doing").json()["request"]["officer"] == "a clerk"
    assert desk(world, id_, "extend", {"days": 1, "why": "等灯"}).json()["request"]["due"] == "2026-12-03"
    assert desk(world, id_, "answer", {"text": "修好了"}).json()["request"]["answer"] == "修好了"
    reopened = world.post(f"/requests/{filed['qr']}/answer", {"solved": False, "why": "又灭了"}).json()
    assert (reopened["state"], reopened["reopened"]) == ("doing", 1)
    assert desk(world, id_, "hand-over", {"to": "小李", "why": "他管灯"}).json()["holder"] == "小李"
    found = world.post("/requests/find", {"view": "open", "search": filed["code"]}, role="clerk").json()["requests"]
    assert [(one["request"]["id"], one["phone"]) for one in found] == [(id_, None)]
    whole = world.ask("GET", f"/requests/by-id/{id_}", role="clerk").json()
    assert (whole["phone"], whole["name"]) == (PHONE, None), "this hall asks for no name"
    assert code(desk(world, id_, "strike-off", {"why": "好了"}), 403) == "not-your-role"
    assert code(desk(world, id_, "bring-home", {"why": "没人收"}, role="manager"), 409) == "request-already"
    struck = desk(world, id_, "strike-off", {"why": "一并解决"}, role="manager").json()
    assert (struck["request"]["state"], struck["may"]) == ("confirmed", [])

    async def change() -> None:
        await world.house.apply_change(Change("d:1", "nobody", "done", world.clock.now()))

    anyio.run(change)
    (aside,) = world.ask("GET", "/requests/aside", role="clerk").json()["changes"]
    assert aside["why"]["code"] == "change-unknown-request"
    assert world.post(f"/requests/aside/{aside['id']}/settle", role="clerk").status_code == 204
    assert world.asked == {(route.method, route.path) for route in REQUEST_ROUTES}
    watched = repr(world.seen.requests)  # what metrics and the log are told
    assert "/requests/{code}" in watched
    assert not [part for part in (filed["code"], filed["qr"], PHONE, LAMP["text"], "三楼") if part in watched]


@pytest.mark.parametrize(("location", "grid", "place"), [
    ("dormitory-1", "dormitory-1", None), ("职工公寓1号楼", "dormitory-1", None), ("菜市场", "market", None),
    ("菜市场门口第三家", None, "菜市场门口第三家"), (None, None, None),
])  # fmt: skip
def test_a_location_is_a_grid_or_a_place(world, location, grid, place) -> None:
    filed = file(world, location=location)
    assert (filed["grid"], filed["place"]) == (grid, place)


def test_every_no_has_its_status_and_a_way_on(world) -> None:
    filed = file(world)
    at, by = f"/requests/{filed['code']}", f"/requests/by-id/{filed['id']}"
    for answer, status, why in [
        (world.post("/requests", {**LAMP, "category": "x"}), 404, "unknown-category"),
        (world.post("/requests", {**LAMP, "grid": "x"}), 404, "unknown-grid"),
        (world.post("/requests", {**LAMP, "text": "\x07 "}), 422, "request-empty"),
        (world.post("/requests", {**LAMP, "text": "字" * 501}), 422, "words-too-many"),
        (world.ask("GET", "/requests/0000000000"), 404, "code-unknown"),
        (world.ask("GET", "/requests/482761"), 422, "code-not-request"),
        (world.post(f"{at}/answer", {"solved": True}), 409, "request-not-answered"),
        (world.post(f"{at}/answer", {"solved": True}, role="clerk"), 403, "only-resident-confirms"),
        (world.post("/requests/by-id/x/accept", role="clerk"), 404, "request-unknown"),
        (world.post(f"{by}/hand-over", {"to": "谁", "why": "忙"}, role="clerk"), 404, "unknown-colleague"),
        (world.post(f"{by}/extend", {"days": 99, "why": "忙"}, role="clerk"), 422, "extension-invalid"),
    ]:
        assert code(answer, status) == why
        assert answer.json()["next"], why
    for body in ({**LAMP, "odd": 1}, {"category": "work"}, {**LAMP, "text": 5}, {**LAMP, "text": "字" * 5000}):
        assert code(world.post("/requests", body), 400) == "malformed"
    assert code(world.post(f"{at}/help", {"kind": "money"}), 400) == "malformed"
    for route in REQUEST_ROUTES:
        if Role.KIOSK not in route.roles:
            path = route.path.replace("{id}", filed["id"])
            assert code(world.ask(route.method, path, {}), 403) == "not-your-role"


def test_the_same_key_files_once_and_another_body_is_refused(world) -> None:
    first, again = (world.post("/requests", LAMP, key="once") for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert code(world.post("/requests", {**LAMP, "text": "别的"}, key="once"), 422) == "key-reused"
    assert world.ask("GET", "/commands/once").json()["outcome"]["request"]["id"] == first.json()["id"]
