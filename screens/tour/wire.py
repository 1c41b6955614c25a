"""The wire between a kiosk and its hall, with everything that can happen to one: it is cut, an answer is lost on its
way back, or it is so slow that somebody sees the waiting. It changes nothing that it carries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from kiosk.door import Hall, HallAway

UP, DOWN, DEAF, SLOW = "up", "down", "deaf", "slow"
_LOOK_AGAIN = 0.002


class Wire:
    """A `Hall` whose every call goes through `state`: "up"; "down": the hall hears nothing; "deaf": it hears and does,
    its answer is lost; "slow": nothing moves until the state changes. `about` (the waiting page's) is only ever cut.

    `state` is set from any thread; the calls run in the station's loop.
    """

    def __init__(self, hall: Hall) -> None:
        self._hall = hall
        self.state = UP
        self.carried: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., Awaitable[Any]]:
        method = getattr(self._hall, name)

        async def call(*given: Any) -> Any:
            while self.state == SLOW and name not in {"about", "report"}:  # noqa: ASYNC110 - set from another thread
                await asyncio.sleep(_LOOK_AGAIN)
            if self.state == DOWN:
                raise HallAway("the wire is cut")
            answer = await method(*given)
            self.carried.append(name)
            if self.state == DEAF and name not in {"about", "report"}:
                raise HallAway("the answer was lost")
            return answer

        return call
