"""A real hall and a real district: a request filed here is a case there, and what becomes of it there is read here."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

from kiosk.clock import SystemClock
from kiosk.ledger import Vault, open_ledger
from kiosk.upstream import lists
from kiosk.upstream.cases import Cases
from kiosk.upstream.district import load_district
from kiosk.upstream.lists import Scope
from tests.halls import HALL, Hall
from tests.kiosk.upstream.building import until
from tests.kiosk.upstream.districts import DistrictProcess

REQUESTS = """
[[categories]]
id = "environment"
name = "环境卫生"
name_en = "Environment"

[[grids]]
id = "estate"
name = "文化小区"

[requests]
name = "ask"

[[upstream]]
name = "district"
url = "{url}"
secret = "{secret}"
public_key = "{public_key}"
events = ["request.*"]
"""


class Desk:
    """The district's officers, on its ledger beside its process."""

    def __init__(self, district: DistrictProcess) -> None:
        self.settings = load_district(district.toml)
        self.ledger = open_ledger("sqlite:///district.db", district.data)
        vault = Vault(district.data / "hall.key")
        vault.prepare(self.ledger)
        self.cases = Cases(self.settings, vault)
        self.clock = SystemClock("Asia/Shanghai")

    def all(self):
        found, _count = self.ledger.read(lambda tx: lists.register(tx, Scope("", "", everyone=True), most=100))
        return [self.cases.shown(case, self.clock.now()) for case in found]

    def one(self, id_: str):
        return self.ledger.read(lambda tx: self.cases.one(tx, id_, self.clock.now()))

    def do(self, what: str, *given):
        return self.ledger.write(lambda tx: getattr(self.cases, what)(tx, *given)).result()


def hall_toml(folder: Path, district: DistrictProcess) -> Path:
    told = {**district.told(), "url": f"{district.url}/api/v1/events"}
    path = folder / "hall.toml"
    path.write_text(HALL + REQUESTS.format(**told), encoding="utf-8")
    return path


def key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


def test_a_request_goes_up_and_its_answer_comes_back(tmp_path):
    with (
        DistrictProcess(tmp_path / "up") as district, ExitStack() as closing,
        Hall(tmp_path / "hall", hall_toml(tmp_path, district)) as hall,
    ):  # fmt: skip
        client = closing.enter_context(hall.client(hall.token("kiosk-1")))
        desk = Desk(district)
        order = {"category": "environment", "text": "楼道灯坏了，晚上看不见路", "grid": "estate", "place": "3 号楼",
                 "phone": "13912345678", "name": "陈阿婆"}
        filed = client.post("/requests", json=order, headers=key())
        assert filed.status_code == 201, filed.text
        until(desk.all)
        (shown,) = desk.all()
        case = shown.case
        assert (case.hall, case.category, case.unit, case.officer) == ("test", "environment", "environment", "陈刚")
        assert case.due == filed.json()["due"]
        assert desk.one(case.id).words == {part: order[part] for part in ("text", "place", "phone", "name")}

        def state() -> str:
            return client.get(f"/requests/{filed.json()['code']}").json()["state"]

        desk.do("accept", case.id, "吴霞", desk.clock.now())
        until(lambda: state() == "accepted")
        desk.do("answer", case.id, "吴霞", desk.clock.now(), "灯已经换好了。")
        until(lambda: state() == "done")
        seen = client.get(f"/requests/{filed.json()['code']}").json()
        assert "灯已经换好了" in str(seen)
        assert seen["officer"] == "吴霞"
        answered = client.post(f"/requests/{filed.json()['code']}/answer", json={"solved": True}, headers=key())
        assert answered.status_code == 200, answered.text
        until(lambda: desk.one(case.id).case.state == "confirmed")
        until(lambda: client.get(f"{hall.url}/healthz").json()["upstream"][0]["waiting"] == 0)
        (health,) = client.get(f"{hall.url}/healthz").json()["upstream"]
        assert (health["name"], health["state"], health["aside"], health["changes"]) == ("district", "ok", 0, "ok")
        desk.ledger.close()


def test_with_the_district_away_nothing_changes_in_the_hall_and_everything_arrives_later(tmp_path):
    with (
        DistrictProcess(tmp_path / "up") as district, ExitStack() as closing,
        Hall(tmp_path / "hall", hall_toml(tmp_path, district)) as hall,
    ):  # fmt: skip
        client = closing.enter_context(hall.client(hall.token("kiosk-1")))
        district.kill()
        for n in range(5):
            sent = client.post("/requests", headers=key(), json={"category": "environment", "text": f"第 {n} 件"})
            assert sent.status_code == 201, sent.text
        until(lambda: client.get(f"{hall.url}/healthz").json()["upstream"][0]["state"] == "waiting")
        time.sleep(0.2)
        district.start()
        desk = Desk(district)
        until(lambda: len(desk.all()) == 5, 90)
        desk.ledger.close()
