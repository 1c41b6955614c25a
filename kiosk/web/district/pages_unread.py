"""/office/unread: what came in that this version cannot read: from which hall, how many, since when, what to do. For
managers; what they have seen to is shown no more until more of it comes."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.upstream import unread
from kiosk.upstream.unread import Unread
from kiosk.web.district.case_lines import CaseWords
from kiosk.web.district.office import ROOT, Desk, Office
from kiosk.web.pages.doorway import NotOurs, Said
from kiosk.words import _

AT = f"{ROOT}/unread"


class UnreadPages:
    """The page and its button."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._office.add(app, AT, self._page)
        self._office.add(app, f"{AT}/seen", None, self._seen)

    async def _page(self, request: Request) -> Response:
        desk = await self._office.desk(request, manager=True)
        found = await self._office.read(unread.listed)
        words = CaseWords(self._office.district.settings, desk.words, desk.now)
        values = {**self._office.frame(desk, "unread", self._office.said(request)),
                  "kinds": [self._kind(one, words, desk) for one in found]}  # fmt: skip
        return self._office.show("district/unread.html", values, 200, desk.words)

    def _kind(self, one: Unread, words: CaseWords, desk: Desk) -> dict[str, object]:
        return {
            "hall": words.hall(one.source.split("/")[2]), "type": one.type, "source": one.source,
            "count": desk.words.plural("{n} 条", one.count), "first": words.near(one.first),
            "newest": words.near(one.last), "last": one.last,
        }  # fmt: skip

    async def _seen(self, request: Request) -> Response:
        desk, press = await self._office.pressed_desk(request, manager=True)
        source, type_, last = (press.form.get(name, "") for name in ("source", "type", "last"))
        if not (last.isascii() and last.isdecimal() and len(last) < 16):
            raise NotOurs
        done = await self._office.write(lambda tx: unread.see(tx, source, type_, int(last)))
        told = _("记下了，再来才会再列出来。") if done else _("这一条已经处理过了。")
        return self._office.back(AT, Said(done, desk.words.say(told)))
