"""The cable between a kiosk and its hall, with a hand on it: lets HTTP through, holds it, cuts it, and counts it."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from typing import Self

THROUGH, HOLD_REQUEST, HOLD_ANSWER, CUT_ANSWER, CUT = "through", "hold-request", "hold-answer", "cut-answer", "cut"


class Cable:
    """Listens on a port of its own and carries each request on to `port`. `mode` is for requests that begin with
    `what`; all others go through, except under `CUT`. A `times` of n takes hold of the next n only."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.mode, self.what, self.times, self._cuts = THROUGH, b"", 0, 0
        self.requests: list[bytes] = []
        self.answered: list[tuple[bytes, bytes]] = []
        self._sockets: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._open = True
        threading.Thread(target=self._accept, daemon=True).start()

    def take(self, mode: str, what: bytes = b"POST /api/v1/appointments ", times: int = 10**6) -> None:
        """Lay a hand on the cable."""
        self.what, self.times, self.mode = what, times, mode
        self._cuts += mode == CUT

    def let_go(self) -> None:
        """Everything goes through."""
        self.mode = THROUGH

    def count(self, what: bytes) -> int:
        """Requests seen that begin so."""
        return sum(line.startswith(what) for line in list(self.requests))

    def _accept(self) -> None:
        while self._open:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._sockets.add(client)
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        hall: socket.socket | None = None
        try:
            while (request := _message(client)) is not None:
                self.requests.append(request.partition(b"\r\n")[0])
                mode, cuts = self._mode(request), self._cuts
                if mode == CUT:
                    return
                self._hold_while(lambda: self.mode == HOLD_REQUEST, mode == HOLD_REQUEST)
                if self._cuts != cuts:  # what was held is lost, also if all goes through again by now
                    return
                if hall is None:
                    hall = socket.create_connection(("127.0.0.1", self.to), 30)
                    self._sockets.add(hall)
                hall.sendall(request)
                answer = _message(hall)
                if answer is None:
                    return
                self.answered.append((request.partition(b"\r\n")[0], answer.partition(b"\r\n")[0]))
                if mode == CUT_ANSWER:
                    return
                self._hold_while(lambda: self.mode == HOLD_ANSWER, mode == HOLD_ANSWER)
                client.sendall(answer)
        except OSError:
            return
        finally:
            for end in (client, hall):
                if end is not None:
                    self._sockets.discard(end)
                    end.close()

    def _mode(self, request: bytes) -> str:
        if self.mode == CUT:
            return CUT
        if self.mode == THROUGH or not request.startswith(self.what) or self.times <= 0:
            return THROUGH
        self.times -= 1
        return self.mode

    def _hold_while(self, held: Callable[[], bool], wanted: bool) -> None:
        while wanted and held() and self._open:
            time.sleep(0.005)

    def close(self) -> None:
        self._open = False
        for end in (self._listener, *list(self._sockets)):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_gone: object) -> None:
        self.close()


def _message(end: socket.socket) -> bytes | None:
    """One HTTP/1.1 message with a Content-Length; None when the other side has hung up."""
    got = b""
    while b"\r\n\r\n" not in got:
        part = end.recv(65536)
        if not part:
            return None
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].split(b":")[1]) if lengths else 0
    while len(body) < length:
        part = end.recv(65536)
        if not part:
            return None
        body += part
    return head + b"\r\n\r\n" + body
