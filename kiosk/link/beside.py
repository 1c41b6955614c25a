"""The hall beside a kiosk: finds one already answering for the data folder, else starts one that ends with the kiosk.

The started hall's standard input is a pipe whose other end only this process holds: when the kiosk ends in whatever
way, the pipe closes and the hall ends too. A hall that dies is started again, at first at once, then ever more slowly;
one that was found and falls silent is replaced. Standard library only, and nothing here makes the first page wait.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from kiosk.link import notes

MAIN = Path(__file__).resolve().parent.parent.parent / "main.py"
ASK_S = 1.0
UNWELL_S = 30.0  # a hall that takes connections and does not answer is waited for so long: a second one would not help
POLL_S = 0.05
WATCH_S = 2.0  # between two looks at the process of a hall that is not our child
ASK_EVERY_S = 10.0  # between two questions to it while its process stands
TOKEN_S = 30.0  # how often the kiosk's token is tried
NO_TOKEN_S = 1.0
START_S = 30.0  # a first start makes keys, tables and a password hash; whoever needs longer has twice as long next time
PAUSES_S = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_S = 60.0  # who has stood this long starts again at once
DEFAULT_PORT = 8765
HOST = "127.0.0.1"  # where `main.py hall` stands unless told otherwise


@dataclass(frozen=True, slots=True)
class Standing:
    """A hall that answers for a folder. `certificate` is the PEM to trust it by, None without TLS."""

    url: str
    certificate: Path | None
    pid: int


def answering(data: Path) -> Standing | None:
    """The first hall that answers for this folder now, asked and compared by its instance: ports are re-used.
    Whether it is well is no matter: also one that says 503 is there."""
    return looked_for(data)[0]


def looked_for(data: Path) -> tuple[Standing | None, bool]:
    """The same, and, where none answers, whether one is there all the same: it takes connections (a busy disk, a
    stopped process), and its process lives."""
    there = False
    for line in notes.read(data).lines:
        answered = _answers(line)
        if answered:
            return Standing(line.url, Path(line.certificate) if line.certificate else None, line.pid), True
        there = there or (answered is None and notes.alive(line.pid))
    return None, there


def trust(certificate: Path | None) -> ssl.SSLContext:
    """Trust exactly this certificate, whatever name it is reached by; the system's authorities without one."""
    context = ssl.create_default_context(cafile=None if certificate is None else str(certificate))
    context.check_hostname = certificate is None
    return context


def _answers(line: notes.Line) -> bool | None:
    """Is this hall there? None: somebody takes the connection and says nothing."""
    where = urlsplit(line.url)
    host, port = where.hostname or "", where.port or 0
    try:
        if where.scheme == "https":
            context = trust(Path(line.certificate))
            asked: http.client.HTTPConnection = http.client.HTTPSConnection(host, port, timeout=ASK_S, context=context)
        else:
            asked = http.client.HTTPConnection(host, port, timeout=ASK_S)
        try:
            asked.request("GET", "/healthz")
            said = json.loads(asked.getresponse().read(100_000))
        finally:
            asked.close()
    except TimeoutError:
        return None
    except (OSError, http.client.HTTPException, ValueError):
        return False
    return isinstance(said, dict) and said.get("instance") == line.instance


def _is_free(port: int) -> bool:
    """Whether a hall could listen there now."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError:
            return False
    return True


class HallBeside:
    """Keeps a hall answering for one data folder. `url()` is None until it does; safe to ask from any thread.

    `options` go to `main.py hall` as they are (`--hall PATH`, `--ledger URL`).
    """

    def __init__(
        self,
        data: Path,
        options: Sequence[str] = (),
        *,
        port: int = DEFAULT_PORT,
        program: Sequence[str] = (sys.executable, str(MAIN)),
    ) -> None:
        self._data = data
        self._options = tuple(options)
        self._port = port
        self._program = tuple(program)
        self._down: Callable[[], None] = lambda: None
        self._standing: Standing | None = None
        self._child: subprocess.Popen[bytes] | None = None
        self._token: str | None = None
        self._enough = threading.Event()
        self._stir = threading.Event()  # our child has ended, or it is enough
        self._thread = threading.Thread(target=self._watch, name="hall-beside", daemon=True)

    def on_down(self, call: Callable[[], None]) -> None:
        """What to call, in the watching thread, when the hall that stood is gone. To be said before `start`."""
        self._down = call

    def start(self) -> None:
        """Begin looking; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking, and end the hall if it is ours: its input closes, it finishes what it has begun."""
        self._enough.set()
        self._stir.set()
        self._thread.join(timeout=15)

    def url(self) -> str | None:
        """Where the hall answers."""
        return None if self._standing is None else self._standing.url

    def certificate(self) -> Path | None:
        """What to trust it by."""
        return None if self._standing is None else self._standing.certificate

    def token(self) -> str | None:
        """The kiosk's token, None until there is one."""
        return self._token

    def ready(self, within_s: float) -> bool:
        """Wait until the hall answers and the kiosk has a token."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if self.url() and self.token():
                return True
            time.sleep(POLL_S)
        return False

    # ---- the watching thread ----------------------------------------------------------------------------------------

    def _watch(self) -> None:
        fails = 0
        try:
            while not self._enough.is_set():
                began = time.monotonic()
                self._standing = self._found() or self._begin(START_S * 2 ** min(fails, 4))
                stood = self._standing is not None
                if stood:
                    self._keep_token()
                    self._stand_by()
                    self._standing = None
                    if not self._enough.is_set():
                        self._down()
                fails = 0 if stood and time.monotonic() - began > STEADY_S else fails + 1
                self._enough.wait(PAUSES_S[min(fails, len(PAUSES_S)) - 1] if fails else 0)
        finally:
            self._end_child()

    def _found(self) -> Standing | None:
        """A hall that answers already. One that is there and does not answer is waited for."""
        until = time.monotonic() + UNWELL_S
        while True:
            standing, there = looked_for(self._data)
            if standing is not None or not there or time.monotonic() >= until or self._enough.wait(WATCH_S):
                return standing

    def _begin(self, patience_s: float) -> Standing | None:
        """Start the hall and wait until it answers. At the usual port, for staff have its address by heart; where
        something else stands there, at another, which the hall then says."""
        port = self._port if _is_free(self._port) else 0
        command = [*self._program, "hall", "--data", str(self._data), "--port", str(port), "--beside"]
        self._end_child()
        self._child = subprocess.Popen([*command, *self._options], stdin=subprocess.PIPE)  # noqa: S603 - our own program
        threading.Thread(target=self._await, args=(self._child,), name="hall-child", daemon=True).start()
        until = time.monotonic() + patience_s
        while not self._enough.is_set() and self._child.poll() is None and time.monotonic() < until:
            standing = answering(self._data)
            if standing is not None:
                return standing
            time.sleep(POLL_S)
        return None

    def _await(self, child: subprocess.Popen[bytes]) -> None:
        """In a thread of its own: the kernel tells of a child's end, nobody has to ask."""
        child.wait()
        self._stir.set()

    def _stand_by(self) -> None:
        """Return when the hall that stands answers no more. Wakes rarely: a kiosk at rest uses no processor."""
        token_at = ask_at = heard_at = time.monotonic()
        token_at += TOKEN_S if self._token else NO_TOKEN_S
        misses = 0
        while not self._enough.is_set():
            now = time.monotonic()
            if now >= token_at:
                self._keep_token()
                token_at = now + (TOKEN_S if self._token else NO_TOKEN_S)
            if self._child is not None:
                if self._child.poll() is not None:
                    return
                self._stir.wait(max(0.0, token_at - time.monotonic()))
                self._stir.clear()
                continue
            if misses or now >= ask_at or not (self._standing and notes.alive(self._standing.pid)):
                ask_at = now + ASK_EVERY_S
                standing, there = looked_for(self._data)
                if standing is not None:
                    misses, heard_at = 0, now
                elif not there or now - heard_at > UNWELL_S:
                    misses += 1
                if misses >= 2:
                    return
            self._enough.wait(WATCH_S)

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if child.stdin is not None:
            child.stdin.close()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()

    # ---- the kiosk's token ------------------------------------------------------------------------------------------

    def _keep_token(self) -> None:
        """A token the hall knows: its ledger may have been begun anew, or an older copy stand in its place."""
        if self._token is None or not self._is_known(self._token):
            self._token = self._fetch_token()

    def _fetch_token(self) -> str | None:
        """The token in DATA/kiosk/token, or a new one made by `main.py token`."""
        kept = self._data / "kiosk" / "token"
        try:
            found = kept.read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            found = ""
        if found and self._is_known(found):
            return found
        for name in ("kiosk-1", *(f"kiosk-{n}" for n in range(2, 10)), f"kiosk-{os.urandom(4).hex()}"):
            command = [*self._program, "token", name, "--role", "kiosk", "--data", str(self._data)]
            made = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
            token = made.stdout.strip()
            if made.returncode == 0 and token:
                kept.parent.mkdir(parents=True, exist_ok=True)
                fresh = kept.with_name(f".token.{os.getpid()}")
                with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                    file.write(token + "\n")
                fresh.replace(kept)
                return token
            if made.returncode != 1:
                return None
        return None

    def _is_known(self, token: str) -> bool:
        """Does the hall that stands know this token? Only a clear no counts as no."""
        standing = self._standing
        if standing is None:
            return True
        where = urlsplit(standing.url)
        try:
            asked: http.client.HTTPConnection = (
                http.client.HTTPSConnection(
                    where.hostname or "", where.port, timeout=ASK_S, context=trust(standing.certificate)
                )
                if where.scheme == "https"
                else http.client.HTTPConnection(where.hostname or "", where.port, timeout=ASK_S)
            )
            try:
                asked.request("GET", "/api/v1/facilities", headers={"Authorization": f"Bearer {token}"})
                return asked.getresponse().status != http.client.UNAUTHORIZED
            finally:
                asked.close()
        except (OSError, http.client.HTTPException):
            return True
