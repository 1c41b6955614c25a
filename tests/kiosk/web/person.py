"""Somebody signed in at a hall's pages, pressing their forms without a script."""

from __future__ import annotations

import re

import httpx

from kiosk.door import Role
from tests.kiosk.web.standing import PASSWORD, Standing


class Person:
    """One account and its browser."""

    def __init__(self, hall: Standing, name: str, role: Role) -> None:
        hall.account(name, role)
        self.client = hall.also.enter_context(httpx.Client(base_url=hall.url, follow_redirects=True))
        assert self.client.post("/staff/sign-in", data={"name": name, "password": PASSWORD}).status_code == 200

    def press(self, path: str, **form: object) -> httpx.Response:
        csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', self.client.get("/staff/todo").text)
        assert csrf is not None
        return self.client.post(path, data={"csrf": csrf[1], **form})
