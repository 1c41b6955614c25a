"""Upstream: how fast the relay posts to a receiver that only says yes, how fast a district takes signed batches into a
durable PostgreSQL, and how long a request takes from its commit to the district's ledger.

Baselines of the same run: the same bodies posted by a plain loop; the same rows by bare inserts, a batch a transaction.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.figures import Figure, median, percentile
from bench.postgres import postgres

ROOT = Path(__file__).resolve().parent.parent
ZONE = ZoneInfo("Asia/Shanghai")
BATCH = 100
LINES = 4
WORDS = {"text": "楼道灯坏了，晚上看不见路，老人上下楼不方便。", "place": "3 号楼 2 单元", "phone": "13912345678"}
AT = 1_795_000_000_000
KINDS = ("filed", "accepted", "answered", "confirmed")

_SINK = """
import asyncio
class Sink(asyncio.Protocol):
    def connection_made(self, transport): self.t, self.left, self.head = transport, 0, b""
    def data_received(self, data):
        while data:
            if self.left:
                taken = min(self.left, len(data)); self.left -= taken; data = data[taken:]
                if not self.left: self.t.write(b"HTTP/1.1 204 x\\r\\n\\r\\n")
                continue
            self.head += data; head, found, data = self.head.partition(b"\\r\\n\\r\\n")
            if not found: return
            self.head = b""
            self.left = next(int(l[15:]) for l in head.lower().split(b"\\r\\n") if l.startswith(b"content-length:"))
async def main():
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


@contextlib.contextmanager
def sink() -> Iterator[str]:
    """The address of a receiver that takes everything and keeps nothing."""
    process = subprocess.Popen([sys.executable, "-c", _SINK], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/hook"
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def district(folder: Path, ledger: str) -> Iterator[tuple[str, dict[str, str]]]:
    """A district process: its address, and what its hall's file says."""
    log = folder / "district.log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, str(ROOT / "main.py"), "district", "--port", "0",
                                    "--ledger", ledger, "--data", str(folder / "district")], stdout=out, stderr=out)
    try:
        until = time.monotonic() + 60
        while not (said := re.search(r"http://127.0.0.1:(\d+)", log.read_text(encoding="utf-8"))):
            if time.monotonic() > until or process.poll() is not None:
                raise RuntimeError(log.read_text(encoding="utf-8"))
            time.sleep(0.05)
        (file,) = (folder / "district" / "halls").glob("*.toml")
        yield said[0], tomllib.loads(file.read_text(encoding="utf-8"))["upstream"][0]
    finally:
        process.terminate()
        process.wait()


def _event(n: int, hall: str, run: str, more: dict[str, object] | None = None) -> bytes:
    from kiosk.ledger import Event
    from kiosk.upstream import envelope

    data = {"category": "environment", "grid": "east-wind", "due": "2026-12-02", "unit": "environment"}
    what = KINDS[n % len(KINDS)]
    made = Event(f"{run}-{n}-0", f"cn.hall.request.{what}.v1", f"/halls/{hall}/1", f"{run}-{n // len(KINDS)}",
                 int(time.time() * 1000), data)
    return envelope.put(made, ZONE, more)


# ---- the relay -------------------------------------------------------------------------------------------------------


def relay(folder: Path, count: int) -> tuple[float, float]:
    """(plain loop, relay) in events a second."""
    import httpx

    from kiosk.claims import Claim
    from kiosk.clock import SystemClock
    from kiosk.config.settings import UpstreamSettings
    from kiosk.ledger import Event, Hot, Vault, open_ledger
    from kiosk.upstream import envelope, sealing, signing
    from kiosk.upstream.destinations import destination
    from kiosk.upstream.outbox import Outbox
    from kiosk.upstream.posting import Means
    from kiosk.upstream.running import Upstream

    with sink() as url:
        secret, clock = signing.new_secret(), SystemClock(ZONE)
        ledger, vault = open_ledger("sqlite:///hall.db", folder), Vault(folder / "hall.key")
        vault.prepare(ledger)
        there = destination(UpstreamSettings("district", "cloudevents", url, secret, None, ("request.*",),
                                             sealing.new_pair()[1], (), {}), ZONE)
        keep = Outbox([there], vault).keep
        for first in range(0, count, 500):
            events = [Event(f"c{n}-0", f"cn.hall.request.{KINDS[n % 4]}.v1", "/halls/yuanqu/1", f"r{n // 4}", AT + n,
                            {"category": "environment", "grid": "east-wind", "due": "2026-12-02"})
                      for n in range(first, first + 500)]

            def command(tx, events=events):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
                tx.append(events)
                for one in events[::4]:
                    keep(tx, one, WORDS)

            ledger.write(command).result()
        bodies = [envelope.put_batch([_event(n, "yuanqu", "x") for n in range(first, first + BATCH)])
                  for first in range(0, count, BATCH)]
        with httpx.Client(trust_env=False) as http:
            begun = time.perf_counter()
            for body in bodies:
                http.post(url, content=body, headers=signing.headers(there.key or b"", "x", int(time.time()), body))
            plain = count / (time.perf_counter() - begun)
        upstream = Upstream([there], Means(ledger, vault, clock), lambda name: Claim(ledger, clock, name, "bench"))
        after = Hot("SELECT after FROM relay_cursor")
        begun = time.perf_counter()
        upstream.start()
        while (row := ledger.read(lambda tx: tx.one(after))) is None or row[0] < count:
            time.sleep(0.01)
        ours = count / (time.perf_counter() - begun)
        upstream.close()
        ledger.close()
    return plain, ours


# ---- the district ----------------------------------------------------------------------------------------------------


def _requests(url: str, told: dict[str, str], bodies: Sequence[bytes], name: str) -> list[bytes]:
    from kiosk.upstream import envelope, signing

    key, host = signing.key_of(told["secret"]), url.partition("//")[2]
    made = []
    for n, body in enumerate(bodies):
        headers = {**signing.headers(key, f"{name}-{n}", int(time.time()), body), "host": host,
                   "content-type": envelope.BATCH, "content-length": str(len(body))}
        head = "".join(f"{key_}: {value}\r\n" for key_, value in headers.items())
        made.append(f"POST /api/v1/events HTTP/1.1\r\n{head}\r\n".encode() + body)
    return made


def _pour(port: int, requests: Sequence[bytes]) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rb") as reading:
        for request in requests:
            line.sendall(request)
            head = reading.readline()
            length = 0
            while (text := reading.readline().strip()):
                if text.lower().startswith(b"content-length:"):
                    length = int(text.split(b":")[1])
            body = reading.read(length)
            if b" 200 " not in head:
                raise RuntimeError(f"{head!r} {body!r}")


def intake(folder: Path, batches: int) -> tuple[float, float]:
    """(bare inserts, district) in events a second, both durable on PostgreSQL."""
    import psycopg

    from kiosk.upstream import envelope, sealing

    with postgres(folder) as uri:
        rows = [(f"/halls/bare/{n % 3}", f"{n}-0", "cn.hall.request.filed.v1", f"r{n}", n, n, 1, json.dumps(WORDS))
                for n in range(batches * BATCH)]
        with district(folder, uri) as (url, told), psycopg.connect(uri, autocommit=True) as bare:
            bare.execute("CREATE TABLE bare (LIKE received INCLUDING ALL)")
            begun = time.perf_counter()
            for first in range(0, len(rows), BATCH):
                with bare.transaction(), bare.cursor() as cursor:
                    cursor.executemany("INSERT INTO bare VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                                       rows[first : first + BATCH])
            plain = len(rows) / (time.perf_counter() - begun)
            key = sealing.public_key(told["public_key"])
            boxes: list[dict[str, object]] = [{"sealed": sealing.seal(WORDS, key)} for _ in range(BATCH)]
            made = [
                _requests(url, told, [envelope.put_batch([
                    _event(n, "yuanqu", f"l{line}", boxes[n % BATCH] if n % 4 == 0 else None)
                    for n in range(first, first + BATCH)
                ]) for first in range(0, batches * BATCH // LINES, BATCH)], f"l{line}")
                for line in range(LINES)
            ]  # fmt: skip
            threads = [threading.Thread(target=_pour, args=(int(url.rpartition(":")[2]), one)) for one in made]
            begun = time.perf_counter()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            took = time.perf_counter() - begun
            (stored,) = bare.execute("SELECT count(*) FROM received").fetchone() or (0,)
            (cases,) = bare.execute("SELECT count(*) FROM case_").fetchone() or (0,)
            if (stored, cases) != (sum(map(len, made)) * BATCH, sum(map(len, made)) * BATCH // 4):
                raise RuntimeError(f"{stored} stored, {cases} cases")
    return plain, stored / took


def visible(folder: Path, count: int) -> list[float]:
    """Milliseconds from a request's commit in the hall to its commit at the district (on PostgreSQL), one by one."""
    import psycopg

    from kiosk.claims import Claim
    from kiosk.clock import SystemClock
    from kiosk.config.settings import UpstreamSettings
    from kiosk.ledger import Event, Vault, open_ledger
    from kiosk.upstream.destinations import destination
    from kiosk.upstream.outbox import Outbox
    from kiosk.upstream.posting import Means
    from kiosk.upstream.running import Upstream

    with postgres(folder) as uri, district(folder, uri) as (url, told), psycopg.connect(uri, autocommit=True) as seen:
        clock = SystemClock(ZONE)
        ledger, vault = open_ledger("sqlite:///hall.db", folder), Vault(folder / "hall.key")
        vault.prepare(ledger)
        there = destination(UpstreamSettings("district", "cloudevents", f"{url}/api/v1/events", told["secret"], None,
                                             ("request.*",), told["public_key"], (), {}), ZONE)
        upstream = Upstream([there], Means(ledger, vault, clock), lambda name: Claim(ledger, clock, name, "bench"))
        upstream.start()
        keep = Outbox([there], vault).keep
        found = []
        for n in range(count + 5):
            event = Event(f"v{n}-0", "cn.hall.request.filed.v1", "/halls/yuanqu/1", f"v{n}", int(time.time() * 1000),
                          {"category": "environment", "grid": "east-wind", "due": "2026-12-02"})
            ledger.write(lambda tx, e=event: (tx.append([e]), keep(tx, e, WORDS))).result()  # type: ignore[misc]
            begun = time.perf_counter()
            while seen.execute("SELECT 1 FROM case_ WHERE id = %s", (f"v{n}",)).fetchone() is None:
                time.sleep(0.001)
            found.append((time.perf_counter() - begun) * 1000)
            time.sleep(0.02)
        upstream.close()
        ledger.close()
    return found[5:]  # the first ones wait for the claim and the connection


def measure(*, rounds: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".bench-") as at:
        folders = [Path(at) / name for name in ("relay", "intake", "visible")]
        for folder in folders:
            folder.mkdir()
        Path(at).chmod(0o755)
        plain, ours = relay(folders[0], 10_000 * rounds)
        yield Figure("relay, events/s in batches", "≥ 2,000", f"{plain:,.0f} plain posts", f"{ours:,.0f}", ours >= 2000)
        plain, ours = intake(folders[1], 100 * rounds)
        yield Figure("district intake, durable events/s on PostgreSQL", "≥ 5,000", f"{plain:,.0f} bare inserts",
                     f"{ours:,.0f}", ours >= 5000)
        waits = visible(folders[2], 100 * rounds)
        yield Figure("request committed → seen at the district, p99", "≤ 300 ms", f"p50 {median(waits):.0f} ms",
                     f"{percentile(waits, 0.99):.0f} ms", percentile(waits, 0.99) <= 300)
