"""Bodies of HTTP requests, bounded before they are read: by size, and by the time a sender may take."""

from __future__ import annotations

import asyncio

from kiosk.web.pouring import Receive


class TooLarge(Exception):
    """The body is larger than it may be. What is left of it is for `swallow`."""


class Unfinished(Exception):
    """The body did not come whole in its time, or its sender went."""


async def read(length: bytes, receive: Receive, most: int, seconds: float | None) -> bytes:
    """All of a body of at most `most` bytes. `length`: what its sender announced; `seconds`: how long it may take, None
    for one that is already here. Raises `TooLarge`, `Unfinished`."""
    if length.isdigit() and int(length) > most:
        raise TooLarge
    if seconds is None:
        return await _all(receive, most)
    try:
        async with asyncio.timeout(seconds):
            return await _all(receive, most)
    except TimeoutError as slow:
        raise Unfinished from slow


async def _all(receive: Receive, most: int) -> bytes:
    parts, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Unfinished
        parts += message.get("body", b"")
        more = bool(message.get("more_body"))
        if len(parts) > most:
            raise TooLarge
    return parts


async def swallow(receive: Receive, most: int, seconds: float) -> None:
    """Read the rest of a body that is too large, up to a limit: who is still sending cannot hear the answer."""
    left = most
    try:
        async with asyncio.timeout(seconds):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body"):
                    return
    except TimeoutError:
        return
