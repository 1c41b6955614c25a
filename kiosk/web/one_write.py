"""What is whole goes as one piece: an answer's head and body together, not as two packets and two calls of the kernel,
and a request that has come is read without a timer.

uvicorn writes the head when an answer begins and the body when it comes, and with Nagle off each is sent at once; at a
thousand bookings a second that is a tenth of the hall's processor. What is written within one turn of the loop is
joined here. Nothing waits longer than that turn.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

WHOLE = "whole"
"""In a request's state once all of it is here."""


class _Joined:
    """A transport whose `write`s of one turn of the loop are one write. All else is the transport's own."""

    __slots__ = ("_loop", "_parts", "_to")

    def __init__(self, to: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._to = to
        self._loop = loop
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(data)

    def close(self) -> None:
        self._flush()
        self._to.close()

    def _flush(self) -> None:
        if self._parts:
            joined = b"".join(self._parts)
            self._parts.clear()
            self._to.write(joined)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the transport has
        return getattr(self._to, name)


class OneWrite(HttpToolsProtocol):
    """uvicorn's protocol on such a transport."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(_Joined(transport, self.loop))  # type: ignore[arg-type]

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.scope["state"][WHOLE] = True
