"""What a program says to whoever watches it: READY=1 once it serves, WATCHDOG=1 while it does (systemd's sd_notify(3)),
a datagram to the socket that NOTIFY_SOCKET names. Without that variable nothing is said, nothing sleeps and nothing
wakes. It never waits and never fails: a watcher that is gone is no trouble of ours.

`python -m kiosk.watchdog COMMAND…` runs a command and hands on what it and its children say. The kiosk's service needs
it: a PAM session moves all but the service's first process into a scope of its own, where systemd does not hear them
as this service (systemd.exec(5), PAMName=).
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence

_MOST = 4096


class Watchdog:
    """One process's. `every`: after how many seconds it is to be heard again, half of what WATCHDOG_USEC allows; None
    where nobody counts. WATCHDOG_PID is not looked at: see above."""

    def __init__(self, environ: Mapping[str, str], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._to = environ.get("NOTIFY_SOCKET", "")
        allowed = environ.get("WATCHDOG_USEC", "")
        self.every = int(allowed) / 2e6 if self._to and allowed.isdecimal() and int(allowed) else None
        self._monotonic = monotonic
        self._ready, self._due = False, 0.0

    def ready(self) -> None:
        """It serves. Said once."""
        if not self._ready:
            self._ready = True
            self._say(b"READY=1")

    def alive(self) -> None:
        """What matters has just been seen to work."""
        if self.every is not None:
            self._say(b"WATCHDOG=1")

    def turned(self) -> None:
        """For a loop to call at the end of each of its turns: says both, each when it is due, and costs next to
        nothing in between."""
        if not self._to or (self._ready and (self.every is None or self._monotonic() < self._due)):
            return
        self.ready()
        self.alive()
        self._due = self._monotonic() + (self.every or 0.0)

    def ending(self) -> None:
        """It was asked to end, and does."""
        self._say(b"STOPPING=1")

    def _say(self, what: bytes) -> None:
        if self._to:
            _send(self._to, what)


def hand_on(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run a command and hand on what is said there; its exit code. Asked to end, it asks the command to end."""
    to = environ.get("NOTIFY_SOCKET", "")
    with tempfile.TemporaryDirectory(prefix="hall-watchdog-") as folder, contextlib.ExitStack() as stack:
        own = dict(environ)
        if to:
            ear = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
            own["NOTIFY_SOCKET"] = f"{folder}/notify"
            ear.bind(own["NOTIFY_SOCKET"])
            threading.Thread(target=_hear, args=(ear, to), name="handing-on", daemon=True).start()
        child = subprocess.Popen(list(command), env=own)  # noqa: S603 - what the service's unit says
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(name, lambda _number, _frame: child.terminate())
        code = child.wait()
    return code if code >= 0 else 128 - code


def _hear(ear: socket.socket, to: str) -> None:
    with contextlib.suppress(OSError):  # closed: the command has ended
        while True:
            _send(to, ear.recv(_MOST))


def _send(to: str, what: bytes) -> None:
    address = f"\0{to[1:]}" if to.startswith("@") else to
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mouth:
        mouth.setblocking(False)
        mouth.sendto(what, address)


if __name__ == "__main__":
    sys.exit(hand_on(sys.argv[1:], os.environ))
