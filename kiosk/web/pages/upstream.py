"""/manage/upstream: how posting upstream stands, what was set aside on the way there or back, and what to do about it.

Nothing set aside is ever dropped here: it is sent once more, or noted as looked at.
"""

from __future__ import annotations

from datetime import datetime

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.config.settings import UpstreamSettings
from kiosk.door import Reason, Refusal
from kiosk.hall.accounts import Account
from kiosk.upstream import standing
from kiosk.upstream.standing import Standing
from kiosk.web.pages.attention import advice
from kiosk.web.pages.gate import Gate, Said
from kiosk.web.pages.saying import near
from kiosk.web.sessions import Session

STATES = {
    "ok": ("good", "正常"),
    "waiting": ("care", "连不上"),
    "paused": ("care", "停下了"),
    "silent": ("off", "没有要报的"),
}
CHANGES = {
    "accepted": "受理", "doing": "办理", "done": "答复", "extended": "延期", "escalated": "转上级", "returned": "退回",
}  # fmt: skip
EVENTS = CHANGES | {
    "filed": "登记", "answered": "答复", "reopened": "没有解决", "confirmed": "居民销号", "struck-off": "主管销号",
    "handed-over": "转交", "taken-over": "接手", "called-back": "回访", "help-asked": "申请帮助",
    "help-settled": "帮助安排好", "brought-home": "收回大厅", "reprinted": "补打",
}  # fmt: skip

SAID = {
    "not-sealed-for-us": "密封内容对方打不开，请和对方核对 public_key；已经密封的不能改，请收回由大厅办",
    "not-an-event": "对方说这不是一条事件", "too-long": "对方说内容太长", "too-large": "对方说内容太大",
    "content-type": "对方不认这种格式", "not-one-source": "对方说不是同一家发来的",
}
"""What districts of ours call what is wrong, in words."""


class UpstreamPages:
    """The page and its buttons."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._upstream = gate.house.settings.upstream

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._gate.add(app, "/manage/upstream", self._page)
        self._gate.add(app, "/manage/upstream/go-on", None, self._go_on)
        self._gate.add(app, "/manage/upstream/send-again", None, self._send_again)
        self._gate.add(app, "/manage/upstream/settle", None, self._settle)

    async def _page(self, request: Request) -> Response:
        session, account = await self._gate.manager(request)
        return self._gate.show("upstream.html", await self._values(session, account, self._gate.said(request)))

    async def _values(self, session: Session, account: Account, said: Said | None) -> dict[str, object]:
        gate, now = self._gate, self._gate.house.clock.now()
        seen = await gate.house.commands.ask(lambda tx: [
            (one, stands, standing.aside(tx, one.name))
            for one, stands in zip(self._upstream, standing.look(tx, self._upstream), strict=True)
        ])  # fmt: skip
        changes = await gate.house.counter(account.caller).changes_aside()
        if isinstance(seen, Refusal):
            said, seen = gate.say(seen), []
        return {
            "csrf": gate.csrf(session), "said": said, "manager": True, "here": "manage", "sub": "upstream",
            "board": await gate.board(account),
            "destinations": [self._destination(settings, stands, now) for settings, stands, _aside in seen],
            "asides": [
                {"to": settings.name, "event": one.event, "what": _event_words(one.type), "id": one.subject,
                 "request": ".request." in one.type, "why": self._why(one.why), "again": one.why == standing.AGAIN,
                 "at": near(_moment(one.at, now), now, gate.words)}
                for settings, _stands, asides in seen for one in asides
            ],
            "changes": [] if isinstance(changes, Refusal) else [
                {"id": one.id, "request": one.request, "what": CHANGES.get(one.kind, one.kind[:40]),
                 "why": gate.words.reason(one.why, now), "at": near(one.at, now, gate.words)}
                for one in changes
            ],
        }  # fmt: skip

    def _destination(self, settings: UpstreamSettings, one: Standing, now: datetime) -> dict[str, object]:
        mark, state = STATES.get(one.state, ("care", one.state))
        notes = standing.notes([one])
        words = self._gate.words
        took = "" if one.took_at is None else f"{near(_moment(one.took_at, now), now, words)} 收过"
        return {
            "name": settings.name, "mark": mark, "state": state, "paused": one.state == "paused", "took": took,
            "waiting": one.waiting,
            "notes": [(words.reason(note, now), advice(note.code)) for note in notes if note.code != "upstream-aside"],
        }  # fmt: skip

    async def _go_on(self, request: Request) -> Response:
        press = await self._gate.pressed(request, manager=True)
        name = press.form.get("to", "")
        if name not in {one.name for one in self._upstream}:
            return self._back(Said(False, "hall.toml 里没有这个去处了，请看下面列出的。"))
        ledger = self._gate.house.commands.ledger
        went = await self._gate.beside(lambda: ledger.write(lambda tx: standing.go_on(tx, name)).result())
        return self._back(Said(went, "继续上报了，停下以后的会一条条补报。" if went else "它没有停着，不用点。"))

    async def _send_again(self, request: Request) -> Response:
        press = await self._gate.pressed(request, manager=True)
        name, event = press.form.get("to", ""), press.form.get("event", "")
        ledger = self._gate.house.commands.ledger
        sent = await self._gate.beside(
            lambda: ledger.write(lambda tx: standing.send_again(tx, name, event)).result()
        )  # fmt: skip
        return self._back(Said(sent, "正在再发一次，收下了会从这里消失。" if sent else "这一条已经处理过了。"))

    async def _settle(self, request: Request) -> Response:
        press = await self._gate.pressed(request, manager=True)
        change = press.form.get("change", "")
        counter = self._gate.house.counter(press.account.caller)
        done = await counter.settle_change(press.key(f"settle:{change[:60]}"), change)
        if done is not None and done.kind in {"broken", "busy"}:
            return self._gate.trouble(done.reason.code)
        return self._back(Said(True, "记下了：看过了。") if done is None else Said(False, "这一条已经处理过了。"))

    def _why(self, why: str) -> str:
        code, _blank, status = why.partition(" ")
        if why == standing.AGAIN:
            return "正在再发一次"
        if not status:
            return self._gate.words.reason(Reason(code))
        status, _blank, theirs = status.partition(" ")
        said = SAID.get(theirs, theirs)
        return f"对方没有收这一条（{status}）" + (f"：{said}" if said else "")

    def _back(self, said: Said) -> Response:
        return self._gate.back("/manage/upstream", said)


def _event_words(type_: str) -> str:
    """诉求 · 登记; what is not a request's, as it is called."""
    what = type_.removeprefix("cn.hall.").removesuffix(".v1")
    name = EVENTS.get(what.removeprefix("request."))
    return f"诉求 · {name}" if what.startswith("request.") and name else what or "（记录已过期）"


def _moment(at: int, now: datetime) -> datetime:
    return datetime.fromtimestamp(at / 1000, now.tzinfo)
