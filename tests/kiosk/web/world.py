"""A demo hall behind the bare API, where every answer is held against /openapi.json."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import anyio
import httpx
import jsonschema_rs

from kiosk.clock import FakeClock
from kiosk.door import Role
from kiosk.web.api import Api
from kiosk.web.openapi import document
from kiosk.web.routes import ROUTES
from kiosk.web.tokens import TokenDesk
from tests.kiosk.hall.building import MONDAY, build
from tests.kiosk.web.scripted import Seen

DOCUMENT = document(ROUTES, "test")


class World:
    """A demo hall at half past nine behind the bare API. A request has a key of its own unless one is given."""

    def __init__(self, folder) -> None:
        self.clock = FakeClock(MONDAY)
        self.house = build(folder, clock=self.clock)
        self.house.commands.prepare()
        self.tokens = {role.value: self.house.accounts.make_token(f"a {role.value}", role) for role in Role}
        self.readers = ThreadPoolExecutor(2)
        self.seen = Seen()
        self.api = Api(ROUTES, TokenDesk(self.house.accounts, self.house, self.readers), self.clock, self.seen)
        self.asked: set[tuple[str, str]] = set()
        self.keys = 0

    def close(self) -> None:
        self.readers.shutdown()
        self.house.close()

    def ask(self, method: str, path: str, body: Any = None, *, role: str = "kiosk", key: str = "") -> httpx.Response:
        self.keys += 1
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        if method == "POST":
            headers["Idempotency-Key"] = key or f"k-{self.keys}"

        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.api), base_url="http://hall/api/v1") as one:
                return await one.request(method, path, headers=headers, json=body)

        answer = anyio.run(send)
        assert self.seen.broken == []
        self._holds(method, path, answer)
        return answer

    def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return self.ask("POST", path, {} if body is None else body, **more)

    def at_window(self, verb: str, body: Any = None, window: str = "1", **more: Any) -> httpx.Response:
        return self.post(f"/windows/{window}/{verb}", body, **{"role": "clerk", **more})

    def take(self, service: str = "party", **more: Any) -> dict[str, Any]:
        answer = self.post("/tickets", {"service": service, **more})
        assert answer.status_code == 201
        return answer.json()

    def _holds(self, method: str, path: str, answer: httpx.Response) -> None:
        """The answer is what /openapi.json says of it."""
        path = path.partition("?")[0]
        parts = path.strip("/").split("/")
        for route in ROUTES:
            wanted = route.path.strip("/").split("/")
            if route.method == method and len(wanted) == len(parts) and all(
                want.startswith("{") or want == part for want, part in zip(wanted, parts, strict=True)
            ):
                break
        self.asked.add((route.method, route.path))
        content = DOCUMENT["paths"][f"/api/v1{route.path}"][method.lower()]["responses"][str(answer.status_code)]
        if content.get("content") is None:
            assert answer.content == b""
            return
        (kind,) = content["content"]
        assert answer.headers["content-type"] == kind
        schema = {**content["content"][kind]["schema"], "components": DOCUMENT["components"]}
        jsonschema_rs.validate(schema, answer.json())
        if answer.status_code in {404, 409, 422} and answer.json()["code"] != "key-reused":
            assert answer.json()["detail"]
            assert answer.json()["detail"] != answer.json()["code"]


def code(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    return answer.json()["code"]
