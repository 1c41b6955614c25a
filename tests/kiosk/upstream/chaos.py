"""A receiver on a real socket that misbehaves from a seed, and one that remembers what took effect."""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from dataclasses import dataclass, field
from email.utils import formatdate

from kiosk.upstream.signing import Unsigned, key_of, new_secret, verify


@dataclass
class Chaos:
    """`trouble`: the share of posts that go wrong. `off_s`: how wrong its clock is. `refuses`: ids it will never take.
    Everything that took effect is in `effects`, in order."""

    seed: int = 1
    trouble: float = 0.0
    off_s: float = 0.0
    refuses: frozenset[str] = frozenset()
    secret: str = field(default_factory=new_secret)
    effects: list[dict] = field(default_factory=list)
    known: set[tuple[str, str]] = field(default_factory=set)
    bodies: dict[str, set[bytes]] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    posts: int = 0
    unsigned: int = 0

    def __post_init__(self):
        self._chance = random.Random(self.seed)
        self._lock = threading.Lock()
        self._key = key_of(self.secret)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self._open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._open = False
        self._listening.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _accept(self):
        while self._open:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket):
        line.settimeout(30)
        with line, line.makefile("rb") as reading:
            try:
                while self._open and self._one(line, reading):
                    pass
            except (OSError, ValueError):
                return

    def _one(self, line: socket.socket, reading) -> bool:
        first = reading.readline()
        if not first:
            return False
        headers = {}
        self.heads.append(first.decode("latin-1"))
        while (raw := reading.readline().decode("latin-1").strip()):
            name, _, value = raw.partition(":")
            headers[name.lower()] = value.strip()
            self.heads.append(raw)
        body = reading.read(int(headers.get("content-length", "0")))
        with self._lock:
            self.posts += 1
            wrong = self._chance.random() < self.trouble
            what = self._chance.choice(
                ["drop", "500", "503", "slow", "twice", "reset-after", "302", "nonsense", "429", "cut"]
            ) if wrong else "take"
        if what == "drop":
            return False
        if what == "slow":
            time.sleep(0.03)
        if what in {"500", "503", "302", "429"}:
            more = "location: http://127.0.0.1:1/\r\n" if what == "302" else ""
            return self._answer(line, int(what), more + ("retry-after: 0\r\n" if what == "429" else ""))
        if what == "nonsense":
            line.sendall(b"\x00\xff nonsense \r\n\r\n")
            return False
        status = self._take(headers, body)
        if what == "twice":
            self._take(headers, body)
        if what == "reset-after":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            return False
        if what == "cut":
            line.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nhalf")
            return False
        return self._answer(line, status)

    def _answer(self, line: socket.socket, status: int, more: str = "") -> bool:
        date = formatdate(time.time() + self.off_s, usegmt=True)
        line.sendall(f"HTTP/1.1 {status} x\r\ndate: {date}\r\n{more}content-length: 0\r\n\r\n".encode())
        return True

    def _take(self, headers: dict[str, str], body: bytes) -> int:
        with self._lock:
            try:
                id_ = verify([self._key], headers, body, time.time() + self.off_s)
            except Unsigned:
                self.unsigned += 1
                return 401
            self.bodies.setdefault(id_, set()).add(body)
            found = json.loads(body)
            events = found if isinstance(found, list) else [found]
            if len(events) == 1 and not isinstance(found, list):
                assert headers["idempotency-key"] == headers["ce-id"] == id_ == found["id"]
            else:
                assert id_ == f"batch:{events[0]['id']}:{len(events)}"
            if any(event["id"] in self.refuses for event in events):
                return 422
            for event in events:
                if (event["source"], event["id"]) not in self.known:
                    self.known.add((event["source"], event["id"]))
                    self.effects.append(event)
            return 204
