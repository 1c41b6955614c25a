"""An officer of a district, pressing its forms as a browser without scripts does; and a case that a hall has posted."""

from __future__ import annotations

import re
import time
from zoneinfo import ZoneInfo

import httpx

from kiosk.ledger import Event
from kiosk.upstream import envelope, sealing
from tests.kiosk.upstream.districts import DistrictProcess

ZONE = ZoneInfo("Asia/Shanghai")
WORDS = {"text": "楼道灯坏了", "place": "3 号楼 2 单元", "phone": "13912345678", "name": "陈阿婆"}


def event(n: str, what: str = "request.filed", hall: str = "test", **data: object) -> bytes:
    content = {"category": "environment", "grid": "g1", "due": "2040-01-02", **data}
    return envelope.put(
        Event(f"{n}-{what}", f"cn.hall.{what}.v1", f"/halls/{hall}/1", f"case-{n}", int(time.time() * 1000), content),
        ZONE,
    )


def post(district: DistrictProcess, n: str, words: dict[str, str] | None = None, **data: object) -> None:
    box = sealing.seal(words or WORDS, sealing.public_key(district.told()["public_key"]))
    assert district.post(event(n, sealed=box, **data)).json()["stored"] == 1


class Officer:
    """Somebody signed in, pressing forms as a browser without scripts does."""

    def __init__(self, url: str, name: str, password: str, language: str = "zh") -> None:
        self.client = httpx.Client(base_url=url, follow_redirects=True, trust_env=False, timeout=30,
                                   headers={"accept-language": language})
        self.came = self.client.post("/office/sign-in", data={"name": name, "password": password})

    def csrf(self, path: str = "/office") -> str:
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', self.client.get(path).text)
        assert found is not None
        return found[1]

    def own(self, old: str, new: str) -> None:
        form = {"csrf": self.csrf("/office/password"), "old": old, "new": new, "again": new}
        assert self.client.post("/office/password", data=form).status_code == 200

    def press(self, path: str, **form: object) -> httpx.Response:
        page = path if path.startswith("/office/register") else path.rpartition("/")[0]
        turn = re.search(r'name="turn" value="(\d+)"', self.client.get(page).text) if "cases" in path else None
        return self.client.post(path, data={"csrf": self.csrf(), "turn": turn[1] if turn else "", **form})
