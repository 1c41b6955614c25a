"""A ledger with events, and a relay of one process on it, for tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from kiosk.claims import Claim
from kiosk.clock import SystemClock
from kiosk.config.settings import UpstreamSettings
from kiosk.ledger import Event, Ledger, Vault, open_ledger
from kiosk.upstream.destinations import Destination, destination
from kiosk.upstream.posting import Means
from kiosk.upstream.relay import Pace
from kiosk.upstream.running import Upstream

ZONE = ZoneInfo("Asia/Shanghai")
QUICK = Pace(first_s=0.01, most_s=0.1, batch=20)
AT = 1_795_000_000_000


def settings(url: str, secret: str | None = None, **more: object) -> UpstreamSettings:
    known = {"kind": "cloudevents", "events": ("request.*",), "public_key": None, "clear": (), "options": {}}
    return UpstreamSettings(name="district", url=url, secret=secret, secret_file=None, **{**known, **more})


def to(url: str, secret: str | None = None, **more: object) -> Destination:
    return destination(settings(url, secret, **more), ZONE)


def event(n: int, subjects: int = 7, what: str = "request.filed") -> Event:
    return Event(f"c{n}-0", f"cn.hall.{what}.v1", "/halls/test/1", f"s-{n % subjects}", AT + n, {"n": n})


def fill(ledger: Ledger, events: Sequence[Event]) -> None:
    for start in range(0, len(events), 500):
        ledger.write(lambda tx, s=start: tx.append(events[s : s + 500])).result()


class Node:
    """A ledger, its key, and a relay that can be ended and begun again."""

    def __init__(self, folder: Path, destinations: Sequence[Destination], url: str = "sqlite:///hall.db", **more):
        self.clock = SystemClock(ZONE)
        self.ledger = open_ledger(url, folder)
        self.vault = Vault(folder / "hall.key")
        self.vault.prepare(self.ledger)
        self.means = Means(self.ledger, self.vault, self.clock, pace=more.pop("pace", QUICK))
        self.destinations, self.more = destinations, more
        self.upstream: Upstream | None = None

    def start(self) -> Upstream:
        holder = str(uuid4())
        self.upstream = Upstream(
            self.destinations, self.means, lambda name: Claim(self.ledger, self.clock, f"relay:{name}", holder),
            **self.more,
        )  # fmt: skip
        self.upstream.start()
        return self.upstream

    def stop(self) -> None:
        if self.upstream is not None:
            self.upstream.close()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        self.ledger.close()


def until(what: Callable[[], object], patience_s: float = 30.0) -> None:
    """Wait for a state, not for a time."""
    end = time.monotonic() + patience_s
    while not what():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)
