"""/staff/requests: the register of requests (诉求) as clerks hold it, one case at a time, filing one for a caller.

A search may hold a code: it is a POST, and its answer is the page itself. Telephone and name stand on one case's page
and nowhere else. Whatever is refused keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.door import MOST_NAME, Counter, Grid, HelpKind, Refusal, RequestCase, RequestOrder, Role, View
from kiosk.hall.accounts import Account
from kiosk.hall.feed import Feed, Logged
from kiosk.rules.deadline import MOST_DAYS
from kiosk.web.pages.gate import Gate, NotOurs, Press, Said
from kiosk.web.pages.request_lines import case_page, line
from kiosk.web.pages.stream import stream
from kiosk.web.sessions import Session
from kiosk.words import Words

VIEWS: Mapping[str, str] = {"open": "待办", "mine": "我的", "late": "快到期", "all": "全部"}
MOST_LISTED = 200
_VIEW: Mapping[str, View] = {"open": "open", "mine": "mine", "late": "late", "all": "all"}
_KINDS = frozenset(kind.value for kind in HelpKind)
# Acts with a form to fill in.
_PANELS = frozenset({"answer", "call-back", "hand-over", "extend", "bring-home", "strike-off"})
_EMPTY = {
    "open": "没有待办的诉求。居民在自助机上登记，会自己显示在这里。",
    "mine": "您手里没有诉求。到「待办」里接手，或替来电的居民登记。",
    "late": "没有快到期的诉求。离到期两个工作日起会列在这里。",
    "all": "还没有诉求。",
}


@dataclass(frozen=True, slots=True)
class Act:
    """A form of a case's page: who presses, on what, and how the hall's key for it is made."""

    press: Press
    counter: Counter
    id: str

    def key(self, what: str) -> str:
        """The command's key."""
        return self.press.key(f"{what}:{self.id}")

    def field(self, name: str) -> str:
        """What was typed."""
        return self.press.form.get(name, "")


Answered = RequestCase | Refusal | Said


class RequestPages:
    """The requests of one hall process."""

    def __init__(self, gate: Gate, feed: Feed) -> None:
        self._gate = gate
        self._feed = feed
        # act: (what does it, the page that says so afterwards)
        self._acts: dict[str, tuple[Callable[[Act], Awaitable[Answered]], str]] = {
            "take-over": (self._take_over, "这件在您手里了。"),
            "hand-over": (self._hand_over, "转交好了，首问责任人不变。"),
            "call-back": (self._call_back, "回访记下了。"),
            "accept": (self._accept, "受理了，居民查进度时会看到由谁办。"),
            "doing": (self._doing, "记下了：正在办。"),
            "answer": (self._answer, "答复好了，等居民说解决没有。"),
            "extend": (self._extend, "延期了，居民查进度时会看到原因和新的日子。"),
            "bring-home": (self._bring_home, "收回来了，由大厅答复。"),
            "strike-off": (self._strike_off, "销号了，理由居民看得到。"),
            "help": (self._help, "记下了：帮助安排好了。"),
        }

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._gate.add(app, "/staff/requests", self._page, self._search)
        self._gate.add(app, "/staff/requests/now", self._now, part=True)
        self._gate.add(app, "/staff/requests/stream", self._stream, part=True)
        self._gate.add(app, "/staff/requests/new", self._form, self._file)
        self._gate.add(app, "/staff/requests/{id}", self._case)
        self._gate.add(app, "/staff/requests/{id}/{act}", None, self._press)

    # ---- the register ------------------------------------------------------------------------------------------------

    async def _page(self, request: Request) -> Response:
        session, account = await self._gate.signed_in(request)
        return self._gate.show("requests.html", await self._values(request, session, account, self._gate.said(request)))

    async def _now(self, request: Request) -> Response:
        session, account = await self._gate.signed_in(request)
        return self._gate.show("requests-now.html", await self._values(request, session, account, None))

    async def _stream(self, request: Request) -> Response:
        """Word of requests only: with every number called the whole register would be read anew on every desk."""
        session, _account = await self._gate.signed_in(request)
        return await stream(self._feed, _is_request, lambda: self._gate.holds(session))

    async def _search(self, request: Request) -> Response:
        press = await self._gate.pressed(request)
        text = press.form.get("text", "")[:80]
        values = await self._values(request, press.session, press.account, None, text, press.form.get("view", "all"))
        return self._gate.show("requests.html", values)

    async def _values(
        self, request: Request, session: Session, account: Account, said: Said | None, search: str = "", view: str = ""
    ) -> dict[str, object]:
        gate, now = self._gate, self._gate.house.clock.now()
        view = view or request.query_params.get("view", "open")
        chosen = _VIEW.get(view, "open")
        counter = gate.house.counter(account.caller)
        found = await counter.requests(chosen, search)
        if isinstance(found, Refusal):
            said, found = gate.say(found), ()
        calendar = gate.house.schedule.calendar
        lines = [line(one, now, calendar, gate.words) for one in found]
        if chosen != "all":
            lines.sort(key=lambda one: one.ended)  # what waits for the resident waits below
        empty = f"没有找到「{search}」。可以搜查询号、类别、地点和内容里的字。" if search else _EMPTY[chosen]
        return {
            **await self._frame(session, account, said), "view": chosen, "views": VIEWS, "search": search,
            "lines": lines, "more": len(lines) >= MOST_LISTED, "empty": empty,
        }  # fmt: skip

    async def _frame(self, session: Session, account: Account, said: Said | None) -> dict[str, object]:
        return {
            "csrf": self._gate.csrf(session), "said": said, "board": await self._gate.board(account),
            "manager": account.role is Role.MANAGER, "here": "requests",
        }  # fmt: skip

    # ---- one case ----------------------------------------------------------------------------------------------------

    async def _case(self, request: Request) -> Response:
        session, account = await self._gate.signed_in(request)
        paper = request.query_params.get("paper") is not None
        return await self._show(session, account, request.path_params["id"], self._gate.said(request), paper=paper)

    async def _show(
        self, session: Session, account: Account, id_: str, said: Said | None, *, opened: str = "",
        typed: Mapping[str, str] | None = None, status: int = 200, paper: bool = False,
    ) -> Response:  # fmt: skip
        gate, now = self._gate, self._gate.house.clock.now()
        found = await gate.house.counter(account.caller).request_by_id(id_)
        if isinstance(found, Refusal):
            if found.kind in {"broken", "busy"}:
                return gate.trouble(found.reason.code)
            return gate.back("/staff/requests", gate.say(found))
        people = await gate.beside(gate.house.accounts.accounts)
        values = {
            **await self._frame(session, account, said),
            "case": case_page(found, now, gate.house.schedule.calendar, gate.words),
            "people": [one.name for one in people if not one.disabled and one.name != found.holder],
            "at": f"/staff/requests/{quote(id_, safe='')}", "opened": opened, "typed": typed or {},
            "panels": found.may & _PANELS,
            "paper": paper, "most_days": MOST_DAYS, "mine": found.holder == account.name,
        }  # fmt: skip
        return gate.show("request.html", values, status)

    async def _press(self, request: Request) -> Response:
        press = await self._gate.pressed(request)
        id_, name = request.path_params["id"], request.path_params["act"]
        if name not in self._acts:
            raise NotOurs
        does, good = self._acts[name]
        done = await does(Act(press, self._gate.house.counter(press.account.caller), id_))
        if isinstance(done, Refusal):
            if done.kind in {"broken", "busy"}:
                return self._gate.trouble(done.reason.code)
            done = self._gate.say(done)
        if isinstance(done, Said):
            return await self._show(
                press.session, press.account, id_, done, opened=name, typed=press.form, status=422
            )  # fmt: skip
        return self._gate.back(f"/staff/requests/{quote(id_, safe='')}", Said(True, good))

    async def _take_over(self, act: Act) -> Answered:
        return await act.counter.take_over(act.key("take-over"), act.id)

    async def _hand_over(self, act: Act) -> Answered:
        if not act.field("to").strip():
            return Said(False, "请选转交给谁。")
        return await act.counter.hand_over(act.key("hand-over"), act.id, act.field("to"), act.field("why"))

    async def _call_back(self, act: Act) -> Answered:
        return await act.counter.note_call_back(act.key("call-back"), act.id, act.field("text"))

    async def _accept(self, act: Act) -> Answered:
        return await act.counter.accept(act.key("accept"), act.id)

    async def _doing(self, act: Act) -> Answered:
        return await act.counter.doing(act.key("doing"), act.id)

    async def _answer(self, act: Act) -> Answered:
        return await act.counter.answer(act.key("answer"), act.id, act.field("text"))

    async def _extend(self, act: Act) -> Answered:
        days = act.field("days").strip()
        if not (days.isascii() and days.isdigit() and 1 <= int(days[:4]) <= MOST_DAYS):
            return Said(False, f"延几个工作日？请写 1 到 {MOST_DAYS} 的整数。")
        return await act.counter.extend(act.key("extend"), act.id, int(days), act.field("why"))

    async def _bring_home(self, act: Act) -> Answered:
        return await act.counter.bring_home(act.key("bring-home"), act.id, act.field("why"))

    async def _strike_off(self, act: Act) -> Answered:
        return await act.counter.strike_off(act.key("strike-off"), act.id, act.field("why"))

    async def _help(self, act: Act) -> Answered:
        if act.field("kind") not in _KINDS:
            return Said(False, "请选安排好的是哪一种帮助。")
        kind = HelpKind(act.field("kind"))
        return await act.counter.settle_help(act.key(f"help:{kind.value}"), act.id, kind)

    # ---- filing one for a caller -------------------------------------------------------------------------------------

    async def _form(self, request: Request) -> Response:
        session, account = await self._gate.signed_in(request)
        return await self._ask(session, account, self._gate.said(request))

    async def _ask(
        self, session: Session, account: Account, said: Said | None, typed: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> Response:  # fmt: skip
        door, words = self._gate.house.door(account.caller), self._gate.words
        categories, grids = await door.categories(), await door.grids()
        values = {
            **await self._frame(session, account, said), "typed": typed or {},
            "categories": [(one.id, words.name(one.name), words.name(one.hint), one.days) for one in categories],
            "phrases": [(words.name(one.name), [words.name(phrase) for phrase in one.phrases]) for one in categories],
            "grids": _by_community(grids, words), "most_name": MOST_NAME,
            "asks_name": self._gate.house.settings.requests.asks_name,
        }  # fmt: skip
        return self._gate.show("request-new.html", values, status)

    async def _file(self, request: Request) -> Response:
        press = await self._gate.pressed(request)
        form = press.form
        text = form.get("text", "").strip() or form.get("phrase", "")
        order = RequestOrder(
            form.get("category", ""), text, form.get("grid") or None, form.get("place", "").strip() or None,
            form.get("phone", "").strip() or None, form.get("name", "").strip() or None,
        )  # fmt: skip
        if not order.category:
            said = Said(False, "请选是哪一类的事。")
            return await self._ask(press.session, press.account, said, form, 422)
        done = await self._gate.house.door(press.account.caller).file_request(press.key("request"), order)
        if isinstance(done, Refusal):
            if done.kind in {"broken", "busy"}:
                return self._gate.trouble(done.reason.code)
            return await self._ask(press.session, press.account, self._gate.say(done), form, 422)
        told = f"登记好了，{self._gate.words.date(done.due)}以前答复。请把查询号告诉居民。"
        return self._gate.back(f"/staff/requests/{quote(done.id, safe='')}?paper=1", Said(True, told))


def _is_request(logged: Logged) -> bool:
    return logged.event.type.startswith("cn.hall.request.")


def _by_community(grids: Sequence[Grid], words: Words) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every place under the outermost one around it, as (id, name); places within places a step to the right."""
    known = {grid.id: grid for grid in grids}
    groups: dict[str, list[tuple[str, str]]] = {}
    for grid in grids:
        top, depth = grid, 0
        while top.within in known and depth < 9:
            top, depth = known[top.within], depth + 1
        mark = "（就是大厅这里）" if grid.here else ""
        groups.setdefault(words.name(top.name), []).append((grid.id, "　" * depth + words.name(grid.name) + mark))
    return list(groups.items())
