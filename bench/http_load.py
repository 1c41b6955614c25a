"""A raw-socket HTTP client that keeps N connections busy, for rates of a hall. Measures; never judges.

Each client is one asyncio Protocol on one kept connection: it writes a request prepared as bytes and waits for the
whole answer (Content-Length framing only: our server sends no other). uvloop; 30 µs of client time a request.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

import uvloop

Request = Callable[[int], bytes]


@dataclass(slots=True)
class Tally:
    """What came back. `taken_s` are the seconds from send to whole answer, of all clients."""

    statuses: Counter[int] = field(default_factory=Counter)
    taken_s: list[float] = field(default_factory=list)
    elapsed_s: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.taken_s) / self.elapsed_s if self.elapsed_s else 0.0

    def at(self, share: float) -> float:
        """The time that this share of the requests stayed under, in milliseconds."""
        ordered = sorted(self.taken_s)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 if ordered else 0.0


class _Client(asyncio.Protocol):
    def __init__(self, ask: Callable[[], bytes | None], tally: Tally, done: asyncio.Future[None]) -> None:
        self._ask, self._tally, self._done = ask, tally, done
        self._buffer = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one, but not by inheritance
        self._next()

    def _next(self) -> None:
        request = self._ask()
        if request is None:
            self._transport.close()
            if not self._done.done():
                self._done.set_result(None)
            return
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._buffer) < end + 4 + length:
            return
        self._tally.taken_s.append(time.perf_counter() - self._sent)
        self._tally.statuses[int(self._buffer[9:12])] += 1
        self._buffer = self._buffer[end + 4 + length :]
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(ConnectionError("the hall closed the connection") if exc is None else exc)


async def load(host: str, port: int, clients: int, total: int, request: Request) -> Tally:
    """Send `total` requests over `clients` kept connections; `request(n)` gives the n-th one's bytes."""
    tally, loop, sent = Tally(), asyncio.get_running_loop(), 0

    def ask() -> bytes | None:
        nonlocal sent
        if sent >= total:
            return None
        sent += 1
        return request(sent - 1)

    waits: list[asyncio.Future[None]] = []
    began = time.perf_counter()
    for _ in range(clients):
        done: asyncio.Future[None] = loop.create_future()
        waits.append(done)
        await loop.create_connection(lambda done=done: _Client(ask, tally, done), host, port)
    await asyncio.gather(*waits)
    tally.elapsed_s = time.perf_counter() - began
    return tally


def post(path: str, token: str, key: str, body: object) -> bytes:
    """The bytes of a POST."""
    content = json.dumps(body).encode()
    return (
        f"POST {path} HTTP/1.1\r\nHost: hall\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    ).encode() + content


def get(path: str, token: str = "") -> bytes:
    """The bytes of a GET."""
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: hall\r\n{bearer}\r\n".encode()


def say(name: str, tally: Tally) -> None:
    """One line of a table."""
    print(
        f"{name:<28} {tally.rate:>8.0f}/s  p50 {tally.at(0.5):6.2f} ms  p99 {tally.at(0.99):6.2f} ms  "
        f"{dict(sorted(tally.statuses.items()))}"
    )


def main() -> None:
    """Load one path of a running hall with GETs."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("path")
    words.add_argument("--port", type=int, required=True)
    words.add_argument("--token", default="")
    words.add_argument("--clients", type=int, default=16)
    words.add_argument("--total", type=int, default=5000)
    given = words.parse_args()
    tally = uvloop.run(
        load("127.0.0.1", given.port, given.clients, given.total, lambda _n: get(given.path, given.token))
    )
    say(given.path, tally)


if __name__ == "__main__":
    main()
