"""A body is waited for as long as it may take, and only where it has not come with its head."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from kiosk.web import bodies
from kiosk.web.one_write import WHOLE, OneWrite

REQUEST = b"POST /x HTTP/1.1\r\nHost: hall\r\nContent-Length: 4\r\n\r\nbody"


class Line(asyncio.Transport):
    """A connection on which nothing is heard of what is written."""

    def write(self, data: Any) -> None:
        pass

    def is_closing(self) -> bool:
        return False


def test_a_body_that_does_not_come_is_not_waited_for_for_ever() -> None:
    async def never() -> Any:
        await asyncio.Event().wait()

    with pytest.raises(bodies.Unfinished):
        asyncio.run(bodies.read(b"4", never, 10, 0.01))


@pytest.mark.parametrize("pieces", [(REQUEST,), (REQUEST[:-2], REQUEST[-2:]), (REQUEST[:-4], REQUEST[-4:])])
def test_a_request_is_whole_once_its_last_byte_has_come(pieces) -> None:
    seen: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(WHOLE in scope["state"])
        assert await bodies.read(b"4", receive, 10, None) == b"body"
        seen.append(WHOLE in scope["state"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async def hear() -> None:
        config = uvicorn.Config(app, http=OneWrite, ws="none", log_config=None, lifespan="off")
        config.load()
        protocol = OneWrite(config, ServerState(), {})
        protocol.connection_made(Line())
        for piece in pieces:
            protocol.data_received(piece)
            await asyncio.sleep(0)  # the application begins with the head
        await asyncio.gather(*protocol.tasks)

    asyncio.run(hear())
    assert seen == [len(pieces) == 1, True]
