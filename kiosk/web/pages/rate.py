"""/rate/{window}: the tablet at a window. After a finished service it asks for one of five levels, and never presses:
none is chosen beforehand, 不评价 is always there, and the question goes by itself with the next call or a minute. Who
would like to write a few words (写几句) has five; what is written goes with the level or not at all."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.door import MOST_RATING_TEXT, Rating, Refusal, Role
from kiosk.hall.callers import Caller
from kiosk.hall.feed import Feed, Logged
from kiosk.hall.rating_due import ASKED_FOR, WRITTEN_FOR
from kiosk.rules.cleaning import clean
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
        values = await self._values(request.path_params["window"], request.query_params.get("write", ""))
        return self._gate.show("rate.html", values, 200 if values["name"] else 404)

    async def _now(self, request: Request) -> Response:
        values = await self._values(request.path_params["window"], request.query_params.get("write", ""))
        return self._gate.show("rate-now.html", values, 200 if values["name"] else 404)

    async def _stream(self, request: Request) -> Response:
        window = request.path_params["window"]

        def wanted(logged: Logged) -> bool:
            event = logged.event
            return event.type.startswith(("cn.hall.ticket.", "cn.hall.rating.")) and (
                event.data.get("window") == window or event.type.startswith("cn.hall.rating.")
            )

        return await stream(self._feed, wanted)

    async def _values(self, window: str, writes: str = "", *, thanks: bool = False) -> dict[str, object]:
        """`writes`: the ticket whose holder is writing."""
        words, house = self._gate.words, self._gate.house
        name = next((one.name for one in house.settings.windows if one.id == window), None)
        now = house.clock.now()
        served = None if name is None or thanks else await house.to_rate(window, now - WRITTEN_FOR)
        writing = served is not None and served[0] == writes
        if served is not None and not writing:
            served = await house.to_rate(window, now - ASKED_FOR)
        return {
            "window": window, "name": "" if name is None else words.name(name), "levels": LEVELS, "thanks": thanks,
            "ticket": None if served is None else served[0], "number": "" if served is None else served[1],
            "writing": writing, "most": MOST_RATING_TEXT,
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
                text = clean(form.get("text", ""))[:MOST_RATING_TEXT] or None  # as the field itself would have it
                rating = Rating(ticket, int(level), text=text)
                rated = await self._gate.house.door(tablet).rate(f"rate:{ticket}", rating)
                if isinstance(rated, Refusal) and rated.kind in {"broken", "busy"}:
                    return self._gate.trouble(rated.reason.code)
        values = await self._values(window, thanks=not skipped)
        page = "rate-now.html" if request.headers.get("x-live") is not None else "rate.html"
        return self._gate.show(page, values, 200 if values["name"] else 404)
