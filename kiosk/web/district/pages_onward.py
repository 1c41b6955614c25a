"""/office/onward: how handing up to the tier above stands, what it refused, and what to do about it. For managers.

Nothing set aside is ever dropped here: it is sent once more.
"""

from __future__ import annotations

from datetime import datetime

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.door import Reason
from kiosk.ledger import Tx
from kiosk.upstream import standing
from kiosk.upstream.standing import Aside, Standing
from kiosk.web.district.office import ROOT, Desk, Office
from kiosk.web.pages.doorway import NotOurs, Said
from kiosk.web.pages.saying import near
from kiosk.words import _

AT = f"{ROOT}/onward"


class OnwardPages:
    """The page and its buttons."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._above = office.district.settings.upstream

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._office.add(app, AT, self._page)
        self._office.add(app, f"{AT}/{{act}}", None, self._press)

    async def _page(self, request: Request) -> Response:
        desk = await self._office.desk(request, manager=True)
        seen = await self._office.read(self._look)
        values = {
            **self._office.frame(desk, "onward", self._office.said(request)),
            "destinations": [self._destination(one, desk) for one, _asides in seen],
            "asides": [self._aside(to.name, one, desk) for to, asides in seen for one in asides],
        }
        return self._office.show("district/onward.html", values, 200, desk.words)

    def _look(self, tx: Tx) -> list[tuple[Standing, tuple[Aside, ...]]]:
        return [(one, standing.aside(tx, one.name)) for one in standing.look(tx, self._above)]

    def _destination(self, one: Standing, desk: Desk) -> dict[str, object]:
        notes = [desk.words.reason(note, desk.now) for note in standing.notes([one])]
        return {"name": one.name, "paused": one.state == "paused", "well": not notes, "waiting": one.waiting,
                "notes": notes}  # fmt: skip

    def _aside(self, to: str, one: Aside, desk: Desk) -> dict[str, object]:
        code, _blank, status = one.why.partition(" ")
        why = desk.words.say(_("正在再发一次")) if one.why == standing.AGAIN else (
            desk.words.say(_("上一级没有收（{status}）"), None, status=status) if status
            else desk.words.reason(Reason(code))
        )  # fmt: skip
        at = datetime.fromtimestamp(one.at / 1000, desk.now.tzinfo)
        return {"to": to, "event": one.event, "id": one.subject, "why": why, "again": one.why == standing.AGAIN,
                "at": near(at, desk.now, desk.words)}  # fmt: skip

    async def _press(self, request: Request) -> Response:
        desk, press = await self._office.pressed_desk(request, manager=True)
        act, to, event = request.path_params["act"], press.form.get("to", ""), press.form.get("event", "")
        if to not in {one.name for one in self._above} or act not in {"go-on", "send-again"}:
            raise NotOurs
        if act == "go-on":
            done = await self._office.write(lambda tx: standing.go_on(tx, to))
            told = _("继续上报了，停下以后的会一条条补报。") if done else _("它没有停着，不用点。")
        else:
            done = await self._office.write(lambda tx: standing.send_again(tx, to, event))
            told = _("正在再发一次，收下了会从这里消失。") if done else _("这一条已经处理过了。")
        return self._office.back(AT, Said(done, desk.words.say(told)))
