"""/manage/people: accounts and roles. A new password is made here, shown once, and must be changed at its first use."""

from __future__ import annotations

import secrets

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.door import Role
from kiosk.hall.accounts import Account, NameTaken
from kiosk.web.pages.attention import ROLES
from kiosk.web.pages.gate import Gate, Press, Said
from kiosk.web.sessions import Session

MOST_NAME = 30
_EASY = "abcdefghjkmnpqrstuvwxyz23456789"


def fresh_password() -> str:
    """Twelve letters and digits that nobody mistakes for another: 59 bits."""
    return "-".join("".join(secrets.choice(_EASY) for _ in range(4)) for _ in range(3))


class PeoplePages:
    """The page and its buttons."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._accounts = gate.house.accounts

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._gate.add(app, "/manage/people", self._page)
        self._gate.add(app, "/manage/people/add", None, self._add)
        self._gate.add(app, "/manage/people/{id}/{act}", None, self._act)

    async def _page(self, request: Request) -> Response:
        session, account = await self._gate.manager(request)
        return await self._show(session, account, self._gate.said(request))

    async def _show(
        self, session: Session, account: Account, said: Said | None, name: str = "", password: str = "",
        status: int = 200,
    ) -> Response:  # fmt: skip
        gate = self._gate
        people = await gate.beside(self._accounts.accounts)
        values = {
            "csrf": gate.csrf(session), "said": said, "manager": True, "here": "manage", "sub": "people",
            "board": await gate.board(account),
            "people": [{"id": one.id, "name": one.name, "role": ROLES[one.role], "is_manager": one.role is Role.MANAGER,
                        "disabled": one.disabled, "fresh": one.must_change, "me": one.id == account.id}
                       for one in people],
            "shown_name": name, "shown_password": password,
        }  # fmt: skip
        return gate.show("people.html", values, status)

    async def _add(self, request: Request) -> Response:
        press = await self._gate.pressed(request, manager=True)
        name = " ".join(press.form.get("name", "").split())[:MOST_NAME]
        role = Role.MANAGER if press.form.get("role") == "manager" else Role.CLERK
        if not name:
            return await self._no(press, "请写名字，比如工号 012。")
        password = fresh_password()
        try:
            async with self._gate.hashing:
                await self._gate.beside(lambda: self._accounts.add(name, role, password))
        except NameTaken:
            return await self._no(press, f"「{name}」已经有了，请换一个名字，或给他重设密码。")
        said = Said(True, f"加好了：{name}。请把下面的密码告诉本人，只显示这一次。")
        return await self._show(press.session, press.account, said, name, password)

    async def _act(self, request: Request) -> Response:
        press = await self._gate.pressed(request, manager=True)
        id_, act = request.path_params["id"], request.path_params["act"]
        account = await self._gate.beside(lambda: self._accounts.account(id_, disabled=True))
        if account is None:
            return await self._no(press, "没有这个人，可能已经改过了。")
        if account.id == press.account.id and act in {"disable", "clerk"}:
            return await self._no(press, "不能停用或降级自己，请另一位主管来做。")
        if act == "reset":
            password = fresh_password()
            async with self._gate.hashing:
                await self._gate.beside(lambda: self._accounts.set_password(account.name, password, must_change=True))
            said = Said(True, f"{account.name} 的密码重设了，在别处的登录都结束了。新密码只显示这一次。")
            return await self._show(press.session, press.account, said, account.name, password)
        if act in {"disable", "enable"}:
            off = act == "disable"
            await self._gate.beside(lambda: self._accounts.set_disabled(id_, disabled=off))
            return self._gate.back("/manage/people", Said(True, f"{account.name} {'停用' if off else '恢复'}了。"))
        if act in {"clerk", "manager"}:
            await self._gate.beside(lambda: self._accounts.set_role(id_, Role(act)))
            return self._gate.back("/manage/people", Said(True, f"{account.name} 现在是{ROLES[Role(act)]}。"))
        return await self._no(press, "没有这个操作。")

    async def _no(self, press: Press, why: str) -> Response:
        return await self._show(press.session, press.account, Said(False, why), status=422)
