"""/board: what the television in the hall shows. No sign-in, public facts only: numbers, windows, how many wait, one
notice. Never a name, a telephone or what anybody came for."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.responses import Response

from kiosk.door import BoardView, Refusal, Role, Window, WindowState
from kiosk.hall.callers import Caller
from kiosk.hall.feed import Feed, Logged
from kiosk.web.pages.gate import Gate
from kiosk.web.pages.saying import together
from kiosk.web.pages.stream import stream

PUBLIC = ("cn.hall.ticket.", "cn.hall.window.", "cn.hall.board.", "cn.hall.calendar.", "cn.hall.notice.")
SCREEN = Caller("board", "board", Role.CLERK)
"""Asks the counter for what the board shows; it is never given to anybody and makes no command."""
LAST_CALLS = 4
MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call: the number, the window. `fresh`: called within the last half minute."""

    number: str
    window: str
    fresh: bool
    again: bool


class ScreenPages:
    """The board and its stream."""

    def __init__(self, gate: Gate, feed: Feed) -> None:
        self._gate = gate
        self._feed = feed

    def add_to(self, app: FastAPI) -> None:
        """Put the pages into the application."""
        self._gate.add(app, "/board", self._page)
        self._gate.add(app, "/board/now", self._now)
        self._gate.add(app, "/board/stream", self._stream)

    async def _page(self, _request: Request) -> Response:
        return self._gate.show("board.html", await self._values())

    async def _now(self, _request: Request) -> Response:
        return self._gate.show("board-now.html", await self._values())

    async def _stream(self, _request: Request) -> Response:
        return await stream(self._feed, is_public)

    async def _values(self) -> dict[str, object]:
        gate, words, now = self._gate, self._gate.words, self._gate.house.clock.now()
        counter = gate.house.counter(SCREEN)
        seen, windows = await counter.board(), await counter.windows()
        trouble = ""
        if isinstance(seen, Refusal):
            trouble, seen = words.reason(seen.reason, now), BoardView(now, (), (), ())
        if isinstance(windows, Refusal):
            windows = ()
        calls = [
            CallLine(call.number, words.name(call.window_name), (now - call.at).total_seconds() < 30, call.again > 0)
            for call in seen.calls
        ]
        about = gate.house.schedule.opens_closes(now)
        return {
            "board": {"iso": now.isoformat(timespec="seconds"), "day": words.day(now), "time": words.time(now)},
            "last": calls[0] if calls else None, "calls": calls[1 : 1 + LAST_CALLS],
            # a time that has gone by would be a promise broken in large type
            "paused": [(words.name(p.window_name), p.reason,
                        words.time(p.back_at) if p.back_at is not None and p.back_at > now else "")
                       for p in seen.paused],
            "closed": together([words.name(one.name) for one in windows if one.state is WindowState.CLOSED]),
            "none_open": not any(is_open(one) for one in windows),
            "lines": [(words.name(line.name), line.waiting) for line in
                      sorted(seen.lines, key=lambda line: -line.waiting)[:MOST_LINES]],
            "opens": "" if about[0] is None else words.moment(about[0], now),
            "notice": seen.notice, "trouble": trouble,
        }  # fmt: skip


def is_open(window: Window) -> bool:
    """Whether somebody serves there now."""
    return window.state is WindowState.OPEN


def is_public(logged: Logged) -> bool:
    """Whether the board changes with this event."""
    return logged.event.type.startswith(PUBLIC)
