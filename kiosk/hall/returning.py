"""Brings answers from the ledger's threads home to an event loop: one wake-up for all that came since the last one.

`asyncio.wrap_future` wakes the loop once for each answer; of a group that was committed together all come at once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Home:
    """One event loop's."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._came: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._woken = False

    def wait(self, answer: Future[T]) -> asyncio.Future[T]:
        """The same answer, to be awaited on the loop. Who stops waiting calls nothing off."""
        waiting: asyncio.Future[T] = self.loop.create_future()
        answer.add_done_callback(lambda done: self._bring(waiting, done))
        return waiting

    def _bring(self, waiting: asyncio.Future[Any], done: Future[Any]) -> None:
        self._came.append((waiting, done))
        if not self._woken:  # two threads may both find it so: one wake-up too many, never one too few
            self._woken = True
            with contextlib.suppress(RuntimeError):  # the loop ended first: nobody waits any more
                self.loop.call_soon_threadsafe(self._hand_out)

    def _hand_out(self) -> None:
        self._woken = False  # before looking: what comes from here on wakes the loop again
        while self._came:
            waiting, done = self._came.popleft()
            if waiting.done():
                continue
            failure = done.exception()
            if failure is None:
                waiting.set_result(done.result())
            else:
                waiting.set_exception(failure)
