"""Two real hall processes on one ledger, the driver `file`, and kill −9: each message once, whoever is left."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from tests.halls import Hall, halls

TOML = """
[hall]
name = "测试大厅"
hours = { mon-sun = ["0:00-23:59"] }
[[categories]]
id = "lamps"
name = "路灯"
unit = "城管科"
[[notifiers]]
driver = "file"
options = { folder = "sent" }
"""
PHONE = "13912345678"


def until(true: Callable[[], bool], seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def written(folder: Path) -> list[dict]:
    lines = [line for path in sorted((folder / "sent").glob("*.jsonl")) for line in path.read_bytes().split(b"\n")]
    return [json.loads(line) for line in lines if line]


def notifier(hall: Hall) -> str:
    devices = httpx.get(f"{hall.url}/healthz", timeout=20).json()["devices"]
    return next(one["state"] for one in devices if (one["name"], one["kind"]) == ("短信", "notifier"))


def test_of_two_halls_each_message_is_written_once_though_one_is_killed(tmp_path: Path):
    toml = tmp_path / "hall.toml"
    toml.write_text(TOML, encoding="utf-8")
    with halls(tmp_path / "data", toml, 2) as (first, second):
        kiosk, clerk = first.token("kiosk-1"), first.token("小王", "clerk")
        assert until(lambda: notifier(second) == "ok")
        with second.client(kiosk) as resident, second.client(clerk) as desk:
            order = {"category": "lamps", "text": "灯不亮", "phone": PHONE}
            made = resident.post("/requests", json=order, headers={"Idempotency-Key": "f"})
            assert made.status_code == 201, made.text
            filed = made.json()
            id_ = filed["id"]

            def do(verb: str, **body: str) -> None:
                key = {"Idempotency-Key": verb}
                done = desk.post(f"/requests/by-id/{id_}/{verb}", json=body or None, headers=key)
                assert done.status_code == 200, done.text

            do("accept")
            assert until(lambda: len(written(tmp_path)) == 1)
            first.kill()  # one of the two holds the lease; either may be left
            do("doing")
            do("answer", text="换好了")
            assert until(lambda: len(written(tmp_path)) == 3)
        told = written(tmp_path)
        assert [one["words"].partition("）")[2][:4] for one in told] == ["已经受理", "由城管科", "办完了。"]
        assert {one["number"] for one in told} == {PHONE}
        said = "".join(path.read_text("utf-8") for path in (tmp_path / "data").glob("*.log"))
        assert PHONE not in said
        assert filed["code"] not in said
