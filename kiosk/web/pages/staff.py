"""/staff, the clerk's console: windows opened, residents called, finished, set aside, sent on; every button a form.

Each form carries what its page believed the window to serve and a key made when it was rendered. A press meant for
another than the window serves is refused by the counter; one for a number that came up a moment ago does nothing here.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from kiosk.door import Counter, QueueView, Reason, Refusal, Role, Ticket, TicketState, Window, WindowState
from kiosk.hall.accounts import Account
from kiosk.hall.feed import Feed
from kiosk.web.pages.console import console, tabs
from kiosk.web.pages.gate import Gate, NotOurs, Press, Said
from kiosk.web.pages.saying import number_typed, time_typed
from kiosk.web.pages.stream import stream
from kiosk.web.sessions import Session

BOUNCE = timedelta(milliseconds=600)
"""Nobody has been served this quickly: the press was meant for the one before."""

REASONS = ("马上回来", "办理上门服务", "整理材料", "午间休息", "系统故障")
MOST_REASON = 30
ENDS_SERVING = frozenset({"call-next", "call", "no-show", "hold", "transfer", "finish"})

Done = Ticket | Window | Refusal | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A window's page as it was before a press."""

    press: Press
    counter: Counter
    window: str
    view: QueueView

    @property
    def serving(self) -> Ticket | None:
        """Whom it serves."""
        return self.view.window.serving

    @property
    def believed(self) -> str:
        """The number that its page showed."""
        return self.press.form.get("serving", "")


class StaffPages:
    """The console of one hall process."""

    def __init__(self, gate: Gate, feed: Feed) -> None:
        self._gate = gate
        self._feed = feed
        self._names = {service.id: service.name for service in gate.house.settings.services}
        self._windows = {window.id: window.name for window in gate.house.settings.windows}
        self._letters = tuple(service.letter for service in gate.house.settings.services)
        self._acts: dict[str, Callable[[Seen], Awaitable[Said]]] = {
            "call-next": self._call_next, "call": self._call, "recall": self._recall, "no-show": self._no_show,
            "hold": self._hold, "rejoin": self._rejoin, "transfer": self._transfer, "finish": self._finish,
            "pause": self._pause, "resume": self._resume, "close": self._close,
        }  # fmt: skip

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._gate.add(app, "/staff", self._page)
        self._gate.add(app, "/staff/now", self._now, part=True)
        self._gate.add(app, "/staff/stream", self._stream, part=True)
        self._gate.add(app, "/staff/open", None, self._open)
        self._gate.add(app, "/staff/windows/{id}/{act}", None, self._press)
        self._gate.add(app, "/staff/help/{id}", None, self._help)

    # ---- showing -----------------------------------------------------------------------------------------------------

    async def _page(self, request: Request) -> Response:
        session, account = await self._gate.signed_in(request)
        window, opening = request.query_params.get("window", ""), "open" in request.query_params
        values = await self._values(session, account, window, self._gate.said(request), opening=opening)
        return self._gate.show("staff.html", values)

    async def _now(self, request: Request) -> Response:
        session, account = await self._gate.signed_in(request)
        window, opening = request.query_params.get("window", ""), "open" in request.query_params
        return self._gate.show("console.html", await self._values(session, account, window, None, opening=opening))

    async def _stream(self, request: Request) -> Response:
        session, _account = await self._gate.signed_in(request)
        return await stream(self._feed, lambda _logged: True, lambda: self._gate.holds(session))

    async def _values(
        self, session: Session, account: Account, window: str, said: Said | None, *, opening: bool = False
    ) -> dict[str, object]:
        gate, now = self._gate, self._gate.house.clock.now()
        counter = gate.house.counter(account.caller)
        windows = await counter.windows()
        shown = await gate.board(account)
        if isinstance(windows, Refusal):
            said, windows = gate.say(windows), ()
        own = [one for one in windows if one.state is not WindowState.CLOSED and one.clerk == account.name]
        chosen = next((one.id for one in own if one.id == window), own[0].id if own else "")
        page, counts = None, dict[str, int]()
        if chosen and not opening:
            view = await counter.view(chosen)
            if isinstance(view, Refusal):
                said = said or gate.say(view)
            else:
                page, counts = console(view, self._names, now, gate.words), dict(view.counts)
        elif own:
            view = await counter.view(own[0].id)
            counts = {} if isinstance(view, Refusal) else dict(view.counts)
        return {
            "csrf": gate.csrf(session), "said": said, "board": shown, "console": page,
            "tabs": tabs(own, chosen if page else "", counts, self._names, gate.words),
            "windows": [] if page else [self._offered(one, account) for one in windows],
            "services": [(id_, gate.words.name(name)) for id_, name in self._names.items()],
            "targets": [(one.id, gate.words.name(one.name)) for one in windows
                        if one.state is not WindowState.CLOSED and one.id != chosen],
            "reasons": REASONS, "window": chosen if page else "", "opening": opening,
            "manager": account.role is Role.MANAGER, "here": "staff",
        }  # fmt: skip

    def _offered(self, window: Window, account: Account) -> dict[str, str | bool]:
        usual = "、".join(self._gate.words.name(self._names[one]) for one in window.services if one in self._names)
        taken = window.state is not WindowState.CLOSED
        mine = window.clerk == account.name
        state = "您开着" if taken and mine else f"{window.clerk} 开着" if taken else "没有开"
        return {"id": window.id, "name": self._gate.words.name(window.name), "usual": usual, "state": state,
                "taken": taken, "clerk": (window.clerk or "") if taken and not mine else ""}  # fmt: skip

    async def _answer(self, request: Request, press: Press, window: str, said: Said) -> Response:
        if request.headers.get("x-live") is not None:
            values = await self._values(press.session, press.account, window, said)
            page = self._gate.show("console.html", values)
            assert isinstance(page, HTMLResponse)
            return page
        return self._gate.back(f"/staff?window={quote(window, safe='')}" if window else "/staff", said)

    # ---- what the buttons do -----------------------------------------------------------------------------------------

    async def _open(self, request: Request) -> Response:
        press = await self._gate.pressed(request)
        window = press.form.get("window", "")
        if not window:
            return await self._answer(request, press, "", Said(False, "请先选一个窗口。"))
        services = tuple(one for one in press.many.get("services", []) if one)
        unknown = [one for one in services if one not in self._names]
        if unknown:
            return await self._answer(request, press, "", Said(False, "没有这项服务，请在列出的服务里选。"))
        counter = self._gate.house.counter(press.account.caller)
        knew = press.form.get(f"clerk-{window}", "")
        done = await counter.open_window(press.key(f"open:{window}"), window, services, knew)
        if isinstance(done, Refusal):
            return await self._answer(request, press, "", self._gate.say(done))
        name = self._gate.words.name(done.name)
        return await self._answer(request, press, window, Said(True, f"{name}开了。按空格呼叫第一位。"))

    async def _press(self, request: Request) -> Response:
        press = await self._gate.pressed(request)
        window, act = request.path_params["id"], self._acts.get(request.path_params["act"])
        if act is None:
            raise NotOurs
        counter = self._gate.house.counter(press.account.caller)
        view = await counter.view(window)
        if isinstance(view, Refusal):
            return await self._answer(request, press, "", self._gate.say(view))
        seen = Seen(press, counter, window, view)
        said = self._meant(seen, request.path_params["act"]) or await act(seen)
        return await self._answer(request, press, window, said)

    async def _help(self, request: Request) -> Response:
        press, call = await self._gate.pressed(request), request.path_params["id"]
        done = await self._gate.house.staff(press.account.caller).answer_help(f"help:{call}", call)
        said = Said(True, "居民那边已经显示「工作人员马上就来」。") if done is None else self._gate.say(done)
        if press.form.get("from") == "todo":
            return self._gate.back("/staff/todo", said)
        return await self._answer(request, press, press.form.get("window", ""), said)

    def _meant(self, seen: Seen, act: str) -> Said | None:
        """None when this press may have been meant; else what is so."""
        window, account = seen.view.window, seen.press.account
        if window.state is WindowState.CLOSED:
            return Said(False, "这个窗口已经关了（可能在别处关的，或过了零点）。要接着办，请重新开窗口。")
        if window.clerk != account.name and account.role is not Role.MANAGER:
            return Said(False, f"这个窗口现在由 {window.clerk} 开着。")
        if act in ENDS_SERVING and seen.serving is not None and seen.serving.called_at is not None:
            since = self._gate.house.clock.now() - seen.serving.called_at
            if timedelta(0) <= since < BOUNCE and seen.believed == seen.serving.number:
                return Said(False, f"{seen.serving.number} 刚刚叫到，按键太快，没有动它。")
        return None

    async def _call_next(self, seen: Seen) -> Said:
        done = await seen.counter.call_next(seen.press.key("call-next"), seen.window, seen.believed)
        if done is None:
            return Said(True, f"{seen.believed} 办完了。现在没有人在等。" if seen.believed else "现在没有人在等。")
        return self._called(done, seen.believed)

    async def _call(self, seen: Seen) -> Said:
        ticket = number_typed(seen.press.form.get("ticket", ""), self._letters)
        if not ticket:
            return Said(False, "请写要叫的号，比如 A023。")
        done = await seen.counter.call(seen.press.key("call"), seen.window, ticket, seen.believed)
        if isinstance(done, Refusal) and done.reason.code == "ticket-unknown":
            return Said(False, f"今天没有 {ticket[:8]} 这个号。号是一个字母和几个数字，比如 A023。")
        return self._called(done, seen.believed)

    def _called(self, done: Done, before: str) -> Said:
        """`before`: whom this finished; a key pressed by mistake must not pass unseen."""
        if isinstance(done, Ticket):
            return Said(True, f"叫到 {done.number}。{before} 记为完成。" if before else f"叫到 {done.number}。")
        return self._gate.say(done) if isinstance(done, Refusal) else Said(True, "好了。")

    def _told(self, done: Done, good: str) -> Said:
        return self._gate.say(done) if isinstance(done, Refusal) else Said(True, good)

    async def _recall(self, seen: Seen) -> Said:
        done = await seen.counter.recall(seen.press.key("recall"), seen.window, seen.believed)
        if isinstance(done, Refusal):
            return self._gate.say(done)
        if done.state is TicketState.PARKED:
            return Said(True, f"{done.number} 叫了几次都没有来，记为过号；来了可以重新叫。")
        return Said(True, f"又叫了 {done.number} 一次。")

    async def _no_show(self, seen: Seen) -> Said:
        done = await seen.counter.no_show(seen.press.key("no-show"), seen.window, seen.believed)
        return self._told(done, f"{seen.believed} 没有来，结束了。")

    async def _hold(self, seen: Seen) -> Said:
        done = await seen.counter.hold(seen.press.key("hold"), seen.window, seen.believed)
        return self._told(done, f"{seen.believed} 挂起了，回来时按「接着办」。")

    async def _rejoin(self, seen: Seen) -> Said:
        ticket = seen.press.form.get("ticket", "")
        done = await seen.counter.resume_held(seen.press.key("rejoin"), seen.window, ticket)
        if isinstance(done, Refusal):
            return self._gate.say(done)
        return Said(True, f"{done.number} 重新排队了，前面 {done.ahead} 位。")

    async def _transfer(self, seen: Seen) -> Said:
        kind, _colon, target = seen.press.form.get("target", "").partition(":")
        if kind not in {"service", "window"} or not target:
            return Said(False, "请选转到哪项服务或哪个窗口。")
        done = await seen.counter.transfer(
            seen.press.key("transfer"), seen.window, service=target if kind == "service" else None,
            to=target if kind == "window" else None, come_back="come_back" in seen.press.form,
            serving=seen.believed,
        )  # fmt: skip
        names = self._names if kind == "service" else self._windows
        where = self._gate.words.name(names[target]) if target in names else target
        after = "，办完再回来" if "come_back" in seen.press.form else ""
        return self._told(done, f"{seen.believed} 转到{where}{after}。")

    async def _finish(self, seen: Seen) -> Said:
        done = await seen.counter.finish(seen.press.key("finish"), seen.window, seen.believed)
        if isinstance(done, Ticket) and done.state is TicketState.WAITING:
            name = self._windows.get(done.window or "")
            where = "排队" if name is None else self._gate.words.name(name)
            return Said(True, f"{seen.believed} 这里办完了，回到{where}。")
        return self._told(done, f"{seen.believed} 办完了。")

    async def _pause(self, seen: Seen) -> Said:
        form, now = seen.press.form, self._gate.house.clock.now()
        reason = (form.get("other", "").strip() or form.get("reason", "").strip())[:MOST_REASON]
        back_at = None
        if form.get("back", "").strip():
            back_at = time_typed(form["back"], now)
            if back_at is None:
                return self._gate.say(Refusal("rule", Reason("pause-back-at")))
        elif form.get("minutes", "").isdigit() and 0 < int(form["minutes"]) <= 240:
            back_at = now + timedelta(minutes=int(form["minutes"]))
        done = await seen.counter.pause(seen.press.key("pause"), seen.window, reason, back_at)
        return self._told(done, "窗口暂停了，大屏上看得到。")

    async def _resume(self, seen: Seen) -> Said:
        return self._told(await seen.counter.resume(seen.press.key("resume"), seen.window), "窗口恢复了。")

    async def _close(self, seen: Seen) -> Said:
        done = await seen.counter.close_window(seen.press.key("close"), seen.window, seen.believed)
        return self._told(done, "窗口关了。挂起的人回到队里，别的窗口可以叫。")
