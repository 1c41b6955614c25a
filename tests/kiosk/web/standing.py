"""A hall behind real HTTP on a clock that the test holds: uvicorn in a thread of this process, on any free port. It can
be taken away and stood up again on the same port and data, as a cut network or a restart looks."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import structlog
import uvicorn

from kiosk.clock import FakeClock
from kiosk.door import Role, TicketOrder
from kiosk.hall import Caller, HallHouse
from kiosk.hall.accounts import Account
from kiosk.web.app import create_app
from tests.kiosk.hall.building import MONDAY, build

T = TypeVar("T")
PASSWORD = "correct horse battery"
KIOSK = Caller("kiosk-1", "kiosk-1", Role.KIOSK)


class RunningClock(FakeClock):
    """Stands on the Monday morning of the tests and goes at the world's own pace; `advance` jumps."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._began = time.monotonic()

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=time.monotonic() - self._began)

    def monotonic(self) -> float:
        return super().monotonic() + time.monotonic() - self._began


class Standing:
    """One hall process in a thread."""

    def __init__(self, data: Path, clock: FakeClock | None = None, port: int = 0, **more: Any) -> None:
        self.data, self._more = data, more
        self.clock = clock or RunningClock(MONDAY)
        self._port = port
        self.also = contextlib.ExitStack()  # what is closed with it: browsers, listeners, other halls
        self.start()

    def start(self) -> None:
        """Stand up (again)."""
        self.house: HallHouse = build(self.data, clock=self.clock, **self._more)
        self.house.commands.prepare()
        listening = socket.create_server(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.app = create_app(self.house, structlog.get_logger(), "test", self.data / "first-sign-in")
        config = uvicorn.Config(self.app, ws="none", log_config=None, access_log=False, lifespan="off",
                                timeout_graceful_shutdown=1)  # fmt: skip
        self._server = uvicorn.Server(config)
        self._server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign]
        ready = threading.Event()

        def serve() -> None:
            async def run() -> None:
                self.loop = asyncio.get_running_loop()
                ready.set()
                await self._server.serve(sockets=[listening])

            asyncio.run(run())
            listening.close()

        self._thread = threading.Thread(target=serve, name="standing-hall", daemon=True)
        self._thread.start()
        assert ready.wait(30)
        until = time.monotonic() + 30
        while not self._server.started:
            assert time.monotonic() < until
            time.sleep(0.005)

    def stop(self) -> None:
        """Take it away: connections are cut, the port is closed."""
        self._server.should_exit = True
        self.loop.call_soon_threadsafe(self.app.close)
        self._server.force_exit = True
        self._thread.join(30)
        assert not self._thread.is_alive()
        self.house.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Something of the house, on its own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def account(self, name: str, role: Role = Role.CLERK) -> Account:
        """Somebody who may sign in."""
        self.house.accounts.add(name, role, PASSWORD, must_change=False)
        return next(one for one in self.house.accounts.accounts() if one.name == name)

    def numbers(self, service: str, count: int, **more: Any) -> list[str]:
        """Residents take numbers."""
        door = self.house.door(KIOSK)

        async def take() -> list[str]:
            taken = []
            for _ in range(count):
                ticket = await door.take_ticket(f"n-{time.monotonic_ns()}", TicketOrder(service, **more))
                taken.append(ticket.number)  # type: ignore[union-attr]
            return taken

        return self.run(take())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.also.close()
        if self._thread.is_alive():
            self.stop()


def soon(true: Callable[[], T | None], within_s: float = 30.0) -> T:
    """Wait until something is so, or there."""
    until = time.monotonic() + within_s
    while not (come := true()):
        assert time.monotonic() < until, "it never came to be so"
        time.sleep(0.01)
    return come
