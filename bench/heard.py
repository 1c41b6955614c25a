"""From a clerk's press to the line in another's browser: a call over HTTP until it stands in `/api/v1/events`.

In one hall process, and from one to another over one ledger: a SQLite file, a PostgreSQL. One call at a time, as clerks
press. The baseline is an answer to a question that does nothing, asked of the same process in the same run.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from bench import http_load
from bench.figures import Figure, median, percentile
from bench.hall import Standing, some_halls
from bench.halls import ROOT
from bench.postgres import postgres

CALLS = 100
_CALLED = b"event: cn.hall.ticket.called."


def measure(*, rounds: int) -> Iterator[Figure]:
    yield _figure("in one process, SQLite", 20, 1, None, rounds)
    yield _figure("across two processes, SQLite", 250, 2, None, rounds)
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder, postgres(Path(folder)) as uri:
        yield _figure("across two processes, PostgreSQL", 50, 2, uri, rounds)


def _figure(where: str, goal_ms: float, count: int, ledger: str | None, rounds: int) -> Figure:
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as folder, some_halls(
        Path(folder), "clerk", count, ledger
    ) as halls:
        bare, heard = uvloop.run(_heard(halls[0], halls[-1], CALLS * rounds))
    return Figure(f"call to server-sent event {where}, p50 / p99", f"p99 ≤ {goal_ms} ms",
                  f"{median(bare):.1f} / {percentile(bare, 0.99):.1f} ms (healthz)",
                  f"{median(heard):.1f} / {percentile(heard, 0.99):.1f} ms", percentile(heard, 0.99) <= goal_ms)


async def _heard(calls: Standing, listens: Standing, many: int) -> tuple[list[float], list[float]]:
    """Milliseconds of a question that does nothing, and from each call to its event."""
    reader, writer = await asyncio.open_connection("127.0.0.1", calls.port)
    ears, mouth = await asyncio.open_connection("127.0.0.1", listens.port)
    mouth.write(http_load.get("/api/v1/events", listens.token))
    await ears.readuntil(b": hello")

    async def ask(request: bytes) -> None:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 2"):
            raise RuntimeError(head.decode())
        await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r")[0] or 0))

    def press(path: str, key: str, body: object) -> bytes:
        return http_load.post(f"/api/v1{path}", calls.token, key, body)

    bare, heard = [], []
    await ask(press("/windows/1/open", "open", {"services": ["party"]}))
    for n in range(-5, many):
        await ask(press("/tickets", f"take-{n}", {"service": "party"}))
        began = time.perf_counter()
        await ask(http_load.get("/healthz"))
        between = time.perf_counter()
        called = asyncio.ensure_future(ask(press("/windows/1/call-next", f"call-{n}", {})))
        await ears.readuntil(_CALLED)
        arrived = time.perf_counter()
        await called
        if n >= 0:  # the first few warm the hall
            bare.append((between - began) * 1000)
            heard.append((arrived - between) * 1000)
        await asyncio.sleep(0.02)
    writer.close()
    mouth.close()
    return bare, heard
