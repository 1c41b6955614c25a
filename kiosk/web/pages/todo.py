"""/staff/todo: what wants a person: calls for help, slips that did not come out, devices, people to telephone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.door import HelpKind, Refusal, Role
from kiosk.hall.accounts import Account
from kiosk.hall.closures import Untold
from kiosk.web.pages.gate import Gate, NotOurs, Press, Said
from kiosk.web.sessions import Session


@dataclass(frozen=True, slots=True)
class ToldLine:
    """Somebody whose booking the hall cancelled, to be told by telephone."""

    id: str
    phone: str
    what: str
    when: str
    why: str


class TodoPages:
    """The page and its buttons."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._gate.add(app, "/staff/todo", self._page)
        self._gate.add(app, "/staff/todo/now", self._now, part=True)
        self._gate.add(app, "/staff/slips/{job}/reprint", None, self._reprint)
        self._gate.add(app, "/staff/slips/{job}/aside", None, self._aside)
        self._gate.add(app, "/staff/told/{id}", None, self._told)
        self._gate.add(app, "/staff/hit/{id}", None, self._strike)
        self._gate.add(app, "/staff/helps/{id}/{kind}", None, self._settle)
        self._gate.add(app, "/staff/clock", None, self._clock)

    async def _page(self, request: Request) -> Response:
        session, account = await self._gate.signed_in(request)
        return self._gate.show("todo.html", await self._values(session, account, self._gate.said(request)))

    async def _now(self, request: Request) -> Response:
        session, account = await self._gate.signed_in(request)
        return self._gate.show("todo-now.html", await self._values(session, account, None))

    async def _values(self, session: Session, account: Account, said: Said | None) -> dict[str, object]:
        untold = await self._gate.house.closing(account.caller).untold()
        return {
            "board": await self._gate.board(account),
            "told": [] if isinstance(untold, Refusal) else [self._line(one) for one in untold],
            "csrf": self._gate.csrf(session), "said": said, "manager": account.role is Role.MANAGER, "here": "todo",
        }  # fmt: skip

    def _line(self, one: Untold) -> ToldLine:
        words, now = self._gate.words, self._gate.house.clock.now()
        return ToldLine(
            one.id, words.phone(one.phone or ""), words.name(one.facility_name), words.moment(one.start, now), one.why
        )

    async def _do(
        self, request: Request, act: Callable[[Press], Awaitable[Refusal | None]], good: str, *, manager: bool = False
    ) -> Response:
        press = await self._gate.pressed(request, manager=manager)
        done = await act(press)
        if done is not None and done.kind in {"broken", "busy"}:
            return self._gate.trouble(done.reason.code)
        said = Said(True, good) if done is None else self._gate.say(done)
        if request.headers.get("x-live") is not None:
            return self._gate.show("todo-now.html", await self._values(press.session, press.account, said))
        return self._gate.back("/staff/todo", said)

    async def _reprint(self, request: Request) -> Response:
        job = request.path_params["job"]

        async def act(press: Press) -> Refusal | None:
            # One button on one slip is one command, whoever presses it however often.
            at = press.form.get("kiosk") or None
            return await self._gate.house.staff(press.account.caller).print_slip_again(f"print:{job}:{at}", job, at)

        return await self._do(request, act, "已经叫那台自助机补打。")

    async def _aside(self, request: Request) -> Response:
        job = request.path_params["job"]

        async def act(press: Press) -> Refusal | None:
            return await self._gate.house.staff(press.account.caller).drop_slip(f"aside:{job}", job)

        return await self._do(request, act, "这张不打了。")

    async def _told(self, request: Request) -> Response:
        id_ = request.path_params["id"]

        async def act(press: Press) -> Refusal | None:
            return await self._gate.house.closing(press.account.caller).told(f"told:{id_}", id_)

        return await self._do(request, act, "记下了：已经告诉。")

    async def _strike(self, request: Request) -> Response:
        id_ = request.path_params["id"]

        async def act(press: Press) -> Refusal | None:
            closing = self._gate.house.closing(press.account.caller)
            return await closing.strike(press.key("strike"), id_, press.form.get("why", ""))

        return await self._do(request, act, "取消了，请打电话告诉居民。", manager=True)

    async def _settle(self, request: Request) -> Response:
        id_, kind = request.path_params["id"], request.path_params["kind"]

        async def act(press: Press) -> Refusal | None:
            if kind not in {one.value for one in HelpKind}:
                raise NotOurs
            counter = self._gate.house.counter(press.account.caller)
            done = await counter.settle_help(press.key(f"settle-help:{id_}:{kind}"), id_, HelpKind(kind))
            return done if isinstance(done, Refusal) else None

        return await self._do(request, act, "记下了：帮助安排好了。居民查进度时会看到。")

    async def _clock(self, request: Request) -> Response:
        async def act(press: Press) -> Refusal | None:
            key = f"clock:{self._gate.house.clock.now().isoformat(timespec='seconds')}"
            return await self._gate.house.staff(press.account.caller).declare_time(key)

        return await self._do(request, act, "从现在起按这个时间算。", manager=True)
