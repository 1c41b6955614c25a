"""The officers' doorway: who sits there, of which unit, and what they may see. A manager sees every unit; an officer
the cases of their own unit and those in their own hands; somebody of no unit sees none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from fastapi import Request

from kiosk.door import Role
from kiosk.hall.accounts import Account, Accounts
from kiosk.hall.patience import Patience
from kiosk.ledger import Tx
from kiosk.upstream.case_rows import Case, said_of
from kiosk.upstream.district import Unit
from kiosk.upstream.lists import Scope
from kiosk.web.district.app import District
from kiosk.web.district.case_lines import CaseWords, Line
from kiosk.web.pages.doorway import Doorway, Premises, Press, Said
from kiosk.web.problems import language
from kiosk.web.sessions import Session
from kiosk.words import Words

T = TypeVar("T")

ROOT = "/office"
COOKIE = "district_session"
SESSION_HOURS = 10


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks, and in which language they read."""

    session: Session
    account: Account
    unit: Unit | None
    words: Words
    now: datetime

    @property
    def manager(self) -> bool:
        """Whether every unit is theirs."""
        return self.account.role is Role.MANAGER

    def scope(self, state: str = "", narrowed: str = "") -> Scope:
        """Which cases are theirs to see, and of these which were asked for."""
        unit = "" if self.unit is None else self.unit.id
        return Scope(self.account.name, unit, self.manager, state, narrowed)

    def sees(self, case: Case) -> bool:
        """Whether this case is theirs to see; the same as `scope`, of one."""
        mine = self.unit is not None and case.unit == self.unit.id
        return self.manager or mine or case.officer == self.account.name


class Office(Doorway):
    """Shared by every page of one district process."""

    def __init__(self, district: District, readers: Executor) -> None:
        self.district = district
        super().__init__(
            Premises(
                Accounts(district.ledger, district.clock), Patience(district.ledger, district.vault, district.clock),
                district.vault, district.clock, SESSION_HOURS, ROOT, COOKIE, district.settings.name,
            ), readers,
        )  # fmt: skip
        self._words = {one: Words(one) for one in ("zh", "en")}

    def words_for(self, request: Request) -> Words:
        return self._words[language(request.headers.get("accept-language", ""))]

    async def desk(self, request: Request, *, manager: bool = False) -> Desk:
        """Who sits there. Raises `Elsewhere` towards the sign-in, or (of a manager's page) towards the cases."""
        session, account = await (self.manager(request) if manager else self.signed_in(request))
        return self._desk(request, session, account)

    async def pressed_desk(self, request: Request, *, manager: bool = False) -> tuple[Desk, Press]:
        """A form of ours, and who pressed it."""
        press = await self.pressed(request, manager=manager)
        return self._desk(request, press.session, press.account), press

    def _desk(self, request: Request, session: Session, account: Account) -> Desk:
        units = self.district.settings.units
        unit = next((unit for unit in units for one in unit.officers if one.name == account.name), None)
        now = self.district.clock.now().astimezone(self.district.settings.calendar.zone)
        return Desk(session, account, unit, self.words_for(request), now)

    def frame(self, desk: Desk, here: str, said: Said | None) -> dict[str, object]:
        """What every page shows around itself."""
        words = desk.words
        return {
            "csrf": self.csrf(desk.session), "said": said, "here": here, "manager": desk.manager,
            "above": bool(self.district.settings.upstream),
            "who": desk.account.name, "unit": "" if desk.unit is None else words.name(desk.unit.name),
            "nobody": desk.unit is None and not desk.manager,
            "iso": desk.now.isoformat(timespec="seconds"), "day": words.day(desk.now), "time": words.time(desk.now),
        }  # fmt: skip

    def lines(self, tx: Tx, found: Sequence[Case], words: CaseWords, now: datetime) -> list[Line]:
        """Cases as lines of a list, with the words that came with them."""
        known = said_of(tx, self.district.vault, [case.id for case in found])
        return [words.line(self.district.cases.shown(case, now), known[case.id]) for case in found]

    async def read(self, query: Callable[[Tx], T]) -> T:
        """Look into the ledger."""
        return await self.beside(lambda: self.district.ledger.read(query))

    async def write(self, command: Callable[[Tx], T]) -> T:
        """Change the ledger."""
        return await asyncio.wrap_future(self.district.ledger.write(command))
