"""How a process of ours, a hall's or a district's, stands on the network: its socket, its certificate, the address it
goes by, and uvicorn around an application until it is asked to end. What is served is no matter here."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import uvicorn

from kiosk.web.one_write import OneWrite
from kiosk.web.tls import fingerprint, is_loopback, own_certificate

FIRST_SIGN_IN = "first-sign-in"
GRACE_S = 10  # for what is in work when the process is asked to end
_WAITING = 1024  # connections that the kernel keeps for a moment in which nobody takes them


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A socket that listens. `tls`: certificate and key, None where it speaks plainly; `url`: how it is reached from
    this machine; `from_elsewhere`: how from others, where that is another address and known."""

    listening: socket.socket
    tls: tuple[Path, Path] | None
    url: str
    from_elsewhere: str | None = None

    def tell(self) -> None:
        """Where other computers find it, and what they have to compare."""
        if self.from_elsewhere is not None:
            say(f"从别的电脑 / from other computers: {self.from_elsewhere}")
        if self.tls is not None:
            say(f"证书指纹 / certificate SHA-256: {fingerprint(self.tls[0])}")


def open_endpoint(host: str, port: int, data: Path, certificate: Path | None, key: Path | None) -> Endpoint | None:
    """Listen on `host` and `port` (0: any free one), with a certificate of the house's own under `data` where none is
    given and others than this machine reach it. None where that cannot be: why has been said."""
    try:
        listening = _listen(host, port)
    except OSError as error:
        say(
            f"不能在 {host}:{port} 上开门：{error.strerror} / "
            f"cannot listen on {host}:{port}: {error.strerror}. --port 0 takes any free port"
        )
        return None
    tls = None
    if certificate is not None and key is not None:
        tls = (certificate, key)
    elif not is_loopback(host):
        tls = own_certificate(data / "tls", host)
    everywhere = host in {"0.0.0.0", "::", ""}  # noqa: S104 - compared, not bound
    far = _own_address() if everywhere else None

    def url(address: str) -> str:
        shown = f"[{address}]" if ":" in address else address
        return f"{'https' if tls else 'http'}://{shown}:{listening.getsockname()[1]}"

    return Endpoint(listening, tls, url("127.0.0.1" if everywhere else host), None if far is None else url(far))


def _own_address() -> str | None:
    """This machine's address on its network, as the kernel would choose it for a packet to elsewhere (192.0.2.1 is
    nobody's, RFC 5737; nothing is sent); None on a network that leads nowhere else."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address: str = asking.getsockname()[0]
        return address


def _listen(host: str, port: int) -> socket.socket:
    family, kind, _proto, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    made = socket.socket(family, kind)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
    except OSError:
        made.close()
        raise
    made.listen(_WAITING)
    return made


class Server(uvicorn.Server):
    """uvicorn without its own signal handlers: they would raise the signal again and end the process unkindly."""

    def __init__(self, app: Callable[..., Any], endpoint: Endpoint, lifespan: Literal["auto", "off"] = "auto") -> None:
        tls = endpoint.tls
        super().__init__(uvicorn.Config(
            app, loop="uvloop", http=OneWrite, ws="none", log_config=None, access_log=False, server_header=False,
            proxy_headers=False, timeout_graceful_shutdown=GRACE_S, timeout_keep_alive=75, backlog=_WAITING,
            lifespan=lifespan, ssl_certfile=None if tls is None else str(tls[0]),
            ssl_keyfile=None if tls is None else str(tls[1]),
        ))  # fmt: skip
        self._listening = endpoint.listening

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def begin(self) -> asyncio.Task[None]:
        """Serve from now on, once this returns (unless `started` says that it could not): a task that ends with it."""
        serving = asyncio.create_task(self.serve(sockets=[self._listening]))
        while not self.started and not serving.done():  # noqa: ASYNC110 - uvicorn offers no event to wait for
            await asyncio.sleep(0.01)
        return serving


def when_asked_to_end(end: Callable[[], None]) -> None:
    """Call `end` in the running loop when systemd or a terminal wants this process to end."""
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, end)


def tell_first_sign_in(made: tuple[str, str] | None, kept: Path | None) -> None:
    """Name and password of an account that was made now, to whoever set the house up; or the file they are in."""
    if made is None:
        return
    if kept is None:
        say(f"第一次登录 / first sign-in: {made[0]}  {made[1]}  （登录后要改密码 / to be changed at first use）")
    else:
        say(f"第一次登录的名字和密码在 / the first sign-in is in {kept}")


def say(sentence: str) -> None:
    """A line for whoever started this process."""
    print(sentence, flush=True)  # noqa: T201 - the terminal, or systemd's journal
