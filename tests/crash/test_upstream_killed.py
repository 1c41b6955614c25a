"""kill −9 of the relay, of the district, of both, at random moments: every event arrives once, in order per subject,
and the outbox is empty. Ten times in `make test`, a thousand in `make crash`."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import socket
import time
from pathlib import Path

import pytest

from kiosk.claims import Claim
from kiosk.ledger import Hot, Ledger, open_ledger
from kiosk.upstream import sealing
from kiosk.upstream.district import load_district
from kiosk.upstream.keys import ready
from kiosk.upstream.outbox import Outbox
from kiosk.upstream.running import Upstream
from kiosk.web.district.serve import Where, serve_district
from tests.kiosk.upstream.building import Node, event, to, until
from tests.kiosk.upstream.districts import district_toml

EACH = 80
WORDS = {"text": "楼道灯坏了", "phone": "13912345678"}
_RECEIVED = Hot("SELECT source, id, subject, received_at, data FROM received")
_COUNT = Hot("SELECT count(*) FROM received")
_OUTBOX = Hot("SELECT count(*) FROM outbox")
_ASIDE = Hot("SELECT count(*) FROM relay_aside")


def node(folder: Path, port: int) -> Node:
    told = ready(folder / "district", ["test", "other"], f"http://127.0.0.1:{port}", "upper")
    secret = (folder / "district" / "halls" / "test.toml").read_text().split('secret = "')[1].split('"')[0]
    there = to(f"http://127.0.0.1:{port}/api/v1/events", secret, public_key=told.public)
    return Node(folder, [there])


def relay(folder: Path, port: int) -> None:
    made = node(folder, port)
    # The same holder after each death: nobody has to wait for a dead process's claim to run out.
    upstream = Upstream(made.destinations, made.means, lambda name: Claim(made.ledger, made.clock, name, "relay"))
    upstream.start()
    time.sleep(3600)


def district(folder: Path, port: int) -> None:
    settings = load_district(district_toml(folder))
    serve_district(settings, Where("127.0.0.1", port, folder / "district", "sqlite:///district.db"))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def number(ledger: Ledger, what: Hot) -> int:
    return int(ledger.read(lambda tx: tx.one(what))[0])


def crash(folder: Path, times: int) -> None:
    seed = random.randrange(10**9)
    print("seed", seed)
    chance = random.Random(seed)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.test_upstream_killed"])
    port = free_port()
    source = node(folder, port)
    outbox = Outbox(source.destinations, source.vault)
    theirs = open_ledger("sqlite:///district.db", folder / "district")
    there: dict[str, multiprocessing.Process] = {}

    def start(what: str) -> None:
        there[what] = context.Process(target={"relay": relay, "district": district}[what], args=(folder, port))
        there[what].start()

    def file(first: int) -> None:
        def command(tx):
            events = [event(n, 11) for n in range(first, first + EACH)]
            tx.append(events)
            for one in events[::8]:
                outbox.keep(tx, one, WORDS)

        source.ledger.write(command).result()

    try:
        start("district")
        start("relay")
        for cycle in range(times):
            before = number(theirs, _COUNT)
            file(cycle * EACH)
            until(lambda b=before: number(theirs, _COUNT) > b, 60)
            time.sleep(chance.uniform(0, 0.06))
            for victim in chance.choice([("relay",), ("district",), ("relay", "district")]):
                assert there[victim].is_alive(), f"the {victim} ended by itself"
                os.kill(there[victim].pid, signal.SIGKILL)
                there[victim].join()
                start(victim)
        until(lambda: number(theirs, _COUNT) >= times * EACH, 120)
        until(lambda: number(source.ledger, _OUTBOX) == 0, 60)
        rows = theirs.read(lambda tx: tx.all(_RECEIVED))
        assert len({row[:2] for row in rows}) == len(rows) == times * EACH
        last: dict[str, int] = {}
        for _n, subject, at in sorted((json.loads(row[4])["n"], row[2], row[3]) for row in rows):
            assert at >= last.get(subject, 0), "out of order"
            last[subject] = at
        assert number(source.ledger, _ASIDE) == 0
        assert sealing.public_of((folder / "district" / "district.private").read_text().strip())
    finally:
        for process in there.values():
            process.kill()
            process.join()
        theirs.close()
        source.ledger.close()


def test_killed_ten_times_everything_arrives_once(tmp_path):
    crash(tmp_path, 10)


@pytest.mark.long("crash")
@pytest.mark.timeout(7200)
def test_killed_a_thousand_times_everything_arrives_once(tmp_path):
    for part in range(20):
        folder = tmp_path / str(part)
        folder.mkdir()
        crash(folder, 50)
