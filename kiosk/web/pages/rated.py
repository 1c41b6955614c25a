"""/manage/ratings: what people wrote with their ratings, in their own words, as long as it is kept. For managers."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.door import Refusal
from kiosk.hall.figures import PLEASED
from kiosk.hall.ratings import Written
from kiosk.web.pages.gate import Gate
from kiosk.web.pages.saying import near
from kiosk.words import PRAISE, RATING_LEVELS

MOST_LISTED = 200


class RatedPages:
    """The page of one hall process."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def add_to(self, app: FastAPI) -> None:
        """Put the page into the application."""
        self._gate.add(app, "/manage/ratings", self._page)

    async def _page(self, request: Request) -> Response:
        gate = self._gate
        session, account = await gate.manager(request)
        found = await gate.house.staff(account.caller).rating_words(MOST_LISTED)
        said = gate.say(found) if isinstance(found, Refusal) else gate.said(request)
        values = {
            "csrf": gate.csrf(session), "said": said, "manager": True, "here": "manage", "sub": "ratings",
            "board": await gate.board(account), "days": gate.house.settings.privacy.days,
            "written": [] if isinstance(found, Refusal) else [self._row(one) for one in found],
        }  # fmt: skip
        return gate.show("ratings.html", values)

    def _row(self, one: Written) -> dict[str, object]:
        words, settings = self._gate.words, self._gate.house.settings
        services = {service.id: service.name for service in settings.services}
        windows = {window.id: window.name for window in settings.windows}
        where = [words.name(services[one.service]) if one.service in services else one.service]
        if one.window is not None:
            where.append(words.name(windows[one.window]) if one.window in windows else one.window)
        return {
            "level": words.say(RATING_LEVELS[one.level]), "mark": "good" if one.level >= PLEASED else "care",
            "at": near(one.at, self._gate.house.clock.now(), words), "where": "、".join(where), "text": one.text,
            "reasons": "、".join(words.say(PRAISE[reason][1]) for reason in one.reasons if reason in PRAISE),
        }  # fmt: skip
