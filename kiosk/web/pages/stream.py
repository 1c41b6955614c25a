"""Word to open pages that something has changed, as server-sent events: the page then asks for itself anew.

A page hears no content here, only that it is time to look; so nobody sees more than their page shows. A beat every few
seconds lets a page notice a dead line.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi.responses import Response, StreamingResponse

from kiosk.hall.feed import Ear, Feed, Logged

BEAT_S = 5.0
MOST_EARS = 300  # open streams of one process; a hall has some dozens of pages
CHECK_S = 30.0

Wanted = Callable[[Logged], bool]


async def stream(
    feed: Feed, wanted: Wanted, still: Callable[[], Awaitable[bool]] | None = None, most: int = MOST_EARS
) -> Response:
    """An endless answer: "change" when an event that is `wanted` was written, "beat" in between, "over" when the page
    may not look any more (`still` says no; asked twice a minute, however busy the hall is)."""
    if feed.ears >= most:
        return Response(status_code=503, headers={"Retry-After": "5"})
    ear = await feed.listen()
    return StreamingResponse(
        _told(ear, wanted, still), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _told(ear: Ear, wanted: Wanted, still: Callable[[], Awaitable[bool]] | None) -> AsyncIterator[bytes]:
    clock = asyncio.get_running_loop().time
    asked = told = clock()
    try:
        yield b"retry: 1000\nevent: hello\ndata: \n\n"
        while True:
            heard = await ear.hear(BEAT_S)
            if heard is None:
                return
            if still is not None and clock() - asked >= CHECK_S:
                asked = clock()
                if not await still():
                    yield b"event: over\ndata: \n\n"
                    return
            if any(wanted(logged) for logged in heard):
                told = clock()
                yield b"event: change\nid: %d\ndata: \n\n" % ear.after
            elif not heard or clock() - told >= BEAT_S:
                told = clock()
                yield b"event: beat\ndata: \n\n"
    finally:
        ear.close()
