"""/rate/{window}: the tablet at a window. After a finished service it asks for one of five levels, and never presses:
none is chosen beforehand, 不评价 is always there, and the question goes by itself with the next call or a minute."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.door import Rating, Refusal, Role
from kiosk.hall.callers import Caller
from kiosk.hall.feed import Feed, Logged
from kiosk.hall.rating_due import ASKED_FOR
from kiosk.web.pages.gate import Gate, fields, same_origin
from kiosk.web.pages.stream import stream

LEVELS = ((5, "非常满意"), (4, "满意"), (3, "基本满意"), (2, "不满意"), (1, "非常不满意"))
"""GB/T 39735—2020 (政务服务评价工作指南): five levels, the same words everywhere."""


class RatePages:
    """The page of every window's tablet."""

    def __init__(self, gate: Gate, feed: Feed) -> None:
        self._gate = gate
        self._feed = feed

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._gate.add(app, "/rate/{window}", self._page, self._rate)
        self._gate.add(app, "/rate/{window}/now", self._now)
        self._gate.add(app, "/rate/{window}/stream", self._stream)

    async def _page(self, request: Request) -> Response:
        values = await self._values(request.path_params["window"], thanks=False)
        return self._gate.show("rate.html", values, 200 if values["name"] else 404)

    async def _now(self, request: Request) -> Response:
        values = await self._values(request.path_params["window"], thanks=False)
        return self._gate.show("rate-now.html", values, 200 if values["name"] else 404)

    async def _stream(self, request: Request) -> Response:
        window = request.path_params["window"]

        def wanted(logged: Logged) -> bool:
            event = logged.event
            return event.type.startswith(("cn.hall.ticket.", "cn.hall.rating.")) and (
                event.data.get("window") == window or event.type.startswith("cn.hall.rating.")
            )

        return await stream(self._feed, wanted)

    async def _values(self, window: str, *, thanks: bool) -> dict[str, object]:
        words = self._gate.words
        name = next((one.name for one in self._gate.house.settings.windows if one.id == window), None)
        now = self._gate.house.clock.now()
        served = None if name is None or thanks else await self._gate.house.to_rate(window, now - ASKED_FOR)
        return {
            "window": window, "name": "" if name is None else words.name(name), "levels": LEVELS, "thanks": thanks,
            "ticket": None if served is None else served[0], "number": "" if served is None else served[1],
            "board": {"iso": now.isoformat(timespec="seconds"), "day": words.day(now), "time": words.time(now)},
        }  # fmt: skip

    async def _rate(self, request: Request) -> Response:
        form = {name: values[0] for name, values in (await fields(request)).items()}
        same_origin(request)
        window, ticket, level = request.path_params["window"], form.get("ticket", ""), form.get("level", "")
        skipped = level == "skip"
        if ticket and (skipped or level in {"1", "2", "3", "4", "5"}):
            tablet = Caller(f"rate-{window}", f"rate-{window}", Role.KIOSK)
            if skipped:
                await self._gate.house.skip_rating(ticket, window)
            else:
                rated = await self._gate.house.door(tablet).rate(f"rate:{ticket}", Rating(ticket, int(level)))
                if isinstance(rated, Refusal) and rated.kind in {"broken", "busy"}:
                    return self._gate.trouble(rated.reason.code)
        values = await self._values(window, thanks=not skipped)
        page = "rate-now.html" if request.headers.get("x-live") is not None else "rate.html"
        return self._gate.show(page, values, 200 if values["name"] else 404)
