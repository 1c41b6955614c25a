"""/office/units: the units and their people as district.toml has them, and who of them can sign in. For managers; a
password is made here, shown once, and must be changed at its first use."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.door import Role
from kiosk.hall.accounts import Account, NameTaken
from kiosk.upstream import officers
from kiosk.web.district.office import ROOT, Desk, Office
from kiosk.web.pages.doorway import NotOurs, Said
from kiosk.web.pages.people import fresh_password
from kiosk.words import _

_ACTS = frozenset({"open", "reset", "disable", "enable"})


class UnitPages:
    """The page and its buttons."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._accounts = office.premises.accounts
        units = office.district.settings.units
        self._people = {one.name: one for unit in units for one in unit.officers}

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._office.add(app, f"{ROOT}/units", self._page)
        self._office.add(app, f"{ROOT}/units/{{act}}", None, self._press)

    async def _page(self, request: Request) -> Response:
        desk = await self._office.desk(request, manager=True)
        return await self._show(desk, self._office.said(request))

    async def _show(
        self, desk: Desk, said: Said | None, *, name: str = "", password: str = "", status: int = 200
    ) -> Response:
        accounts = {one.name: one for one in await self._office.beside(self._accounts.accounts)}
        settings, words = self._office.district.settings, desk.words
        in_hand = await self._office.read(officers.in_hand)
        values = {
            **self._office.frame(desk, "units", said), "shown_name": name, "shown_password": password,
            "units": [(words.name(unit.name), [_line(one.name, accounts.get(one.name), desk, in_hand,
                                                     manager=one.role == "manager") for one in unit.officers],
                       [self._scope(route.categories, desk) + (" · " + self._scope(route.grids, desk)
                                                               if route.grids else "")
                        for route in settings.routes if route.unit == unit.id])
                      for unit in settings.units],
            "others": [_line(name, one, desk, in_hand, manager=one.role is Role.MANAGER)
                       for name, one in accounts.items() if name not in self._people],
        }  # fmt: skip
        return self._office.show("district/units.html", values, status, words)

    def _scope(self, ids: frozenset[str], desk: Desk) -> str:
        labels = self._office.district.settings.labels
        names = [desk.words.name(labels[one]) if one in labels else one for one in sorted(ids)]
        return "、".join(names) if names else desk.words.say(_("各类"))

    async def _press(self, request: Request) -> Response:
        desk, press = await self._office.pressed_desk(request, manager=True)
        act, name, say = request.path_params["act"], press.form.get("name", ""), desk.words.say
        if act not in _ACTS:
            raise NotOurs
        known = {one.name: one for one in await self._office.beside(self._accounts.accounts)}
        account = known.get(name)
        if (account is None) != (act == "open") or (act == "open" and name not in self._people):
            return await self._show(desk, Said(False, say(_("没有这个人，或刚刚改过了，请看一眼再按。"))), status=422)
        if act in {"open", "reset"}:
            password = fresh_password()
            async with self._office.hashing:
                if account is None:
                    role = Role.MANAGER if self._people[name].role == "manager" else Role.CLERK
                    try:
                        await self._office.beside(lambda: self._accounts.add(name, role, password))
                    except NameTaken:
                        return await self._show(desk, Said(False, say(_("这个名字已经有账号了。"))), status=422)
                else:
                    await self._office.beside(
                        lambda: self._accounts.set_password(name, password, must_change=True)
                    )  # fmt: skip
            told = Said(True, say(_("请把下面的密码告诉{name}，只显示这一次。"), None, name=name))
            return await self._show(desk, told, name=name, password=password)
        assert account is not None
        if account.id == desk.account.id:
            return await self._show(desk, Said(False, say(_("不能停用自己，请另一位主管来做。"))), status=422)
        off = act == "disable"
        await self._office.beside(lambda: self._accounts.set_disabled(account.id, disabled=off))
        done = say(_("{name} 停用了。") if off else _("{name} 恢复了。"), None, name=name)
        return self._office.back(f"{ROOT}/units", Said(True, done))


def _line(
    name: str, account: Account | None, desk: Desk, in_hand: Mapping[str, int], *, manager: bool
) -> Mapping[str, object]:
    cases = in_hand.get(name, 0)
    return {
        "name": name, "cases": desk.words.plural("手里 {n} 件", cases) if cases else "",
        "manager": manager, "has": account is not None,
        "fresh": account is not None and account.must_change, "disabled": account is not None and account.disabled,
        "me": account is not None and account.id == desk.account.id,
    }  # fmt: skip
