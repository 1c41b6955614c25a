"""The whole of a hall's HTTP as one application: the API in front, pages and health behind. Wires, decides nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from kiosk.hall import HallHouse
from kiosk.hall.feed import Feed
from kiosk.web.api import PREFIX, Api, Scope
from kiosk.web.health import Health, add_health
from kiosk.web.logs import Log
from kiosk.web.openapi import document
from kiosk.web.pages.desk import DeskPages
from kiosk.web.pages.door import DoorPages
from kiosk.web.pages.files import FilePages
from kiosk.web.pages.gate import Gate
from kiosk.web.pages.manage import ManagePages
from kiosk.web.pages.paper import PaperPages
from kiosk.web.pages.people import PeoplePages
from kiosk.web.pages.plans import PlanPages
from kiosk.web.pages.rate import RatePages
from kiosk.web.pages.rated import RatedPages
from kiosk.web.pages.requests import RequestPages
from kiosk.web.pages.screen import ScreenPages
from kiosk.web.pages.staff import StaffPages
from kiosk.web.pages.todo import TodoPages
from kiosk.web.pages.upstream import UpstreamPages
from kiosk.web.pouring import Receive, Send
from kiosk.web.problems import Stop, stopped
from kiosk.web.routes import ROUTES
from kiosk.web.tokens import TokenDesk
from kiosk.web.watch import Watch

VERSION = "0.1.0"


class HallApp:
    """The ASGI application: takes what is for the API before any framework has looked at it; the rest is `pages`."""

    def __init__(self, pages: FastAPI, api: Api, feed: Feed) -> None:
        self._api = api
        self._app = pages
        self._feed = feed

    def close(self) -> None:
        """The hall ends: answers that would go on for ever end now."""
        self._feed.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(PREFIX + "/"):
            await self._api(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def create_app(house: HallHouse, log: Log, instance: str, first_sign_in: Path) -> HallApp:
    """A hall behind HTTP. `instance` names this process; `first_sign_in` is the file to delete once it is used."""
    readers = ThreadPoolExecutor(4, thread_name_prefix="web-reader")
    watch = Watch(log)
    desk = TokenDesk(house.accounts, house, readers)
    feed = Feed(house.commands.ledger)
    api = Api(ROUTES, desk, house.clock, watch, feed=feed)
    app = FastAPI(title="Hall Kiosk", docs_url=None, redoc_url=None, openapi_url=None)
    told = document(ROUTES, VERSION)

    async def openapi() -> Response:
        return JSONResponse(told)

    app.add_api_route("/openapi.json", openapi, methods=["GET"], include_in_schema=False)
    add_health(app, Health(house, instance), watch, desk)
    gate = Gate(house, readers)
    for pages in (
        FilePages(gate), DoorPages(gate, first_sign_in), StaffPages(gate, feed), TodoPages(gate), DeskPages(gate),
        RequestPages(gate, feed), UpstreamPages(gate), RatedPages(gate), PaperPages(gate),
        ManagePages(gate), PlanPages(gate), PeoplePages(gate), ScreenPages(gate, feed), RatePages(gate, feed),
    ):  # fmt: skip
        pages.add_to(app)

    async def lost(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        page = gate.lost(request) if status == 404 else None
        if page is not None:
            return page
        code = "no-such-method" if status == 405 else "no-such-page"
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        raw: dict[bytes, bytes] = dict(request.scope["headers"])
        answer = stopped(Stop(status if status in {404, 405} else 400, code), api.voice(raw))
        return Response(answer.content(), answer.status, headers, media_type=answer.kind.decode())

    async def broke(request: Request, error: Exception) -> Response:
        watch.broke("page", error)
        raw: dict[bytes, bytes] = dict(request.scope["headers"])
        answer = stopped(Stop(500, "broken"), api.voice(raw))
        return Response(answer.content(), answer.status, media_type=answer.kind.decode())

    handlers: dict[Any, Any] = {HTTPException: lost, Exception: broke}
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
    return HallApp(app, api, feed)
