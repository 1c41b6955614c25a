"""An answer without an end over ASGI: pieces go out as they come, until there are no more or nobody reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any

from kiosk.web.problems import Answer

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def pour(receive: Receive, send: Send, answer: Answer, now: datetime) -> None:
    """Send an answer's stream."""
    pieces = answer.stream
    assert pieces is not None
    headers = [(b"hall-time", now.isoformat().encode()), (b"cache-control", b"no-store"),
               (b"content-type", answer.kind), *answer.headers]  # fmt: skip

    async def flow() -> None:
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = [asyncio.ensure_future(flow()), asyncio.ensure_future(gone())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
