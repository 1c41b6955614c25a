"""The wire to a device: TCP, a serial line, a USB printer's file, or a virtual device in this process.

A `Wire` is a file descriptor with deadlines: nothing here blocks longer than it is told, everything that goes wrong is
`WireLost`. It knows no protocol and never reconnects by itself; whoever owns it does.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import serial

_CHUNK = 4096
_SEND_BUFFER = 16384


class WireLost(OSError):
    """The other end is gone, or was never there."""


class BadConnection(ValueError):
    """The connection in hall.toml is not one of tcp://, serial://, usb://, virtual://."""


@dataclass(frozen=True, slots=True)
class Address:
    """A connection taken apart. `options` are what stands after the "?"."""

    kind: str
    host: str
    port: int
    path: str
    baud: int
    options: dict[str, str]


def parse(connection: str) -> Address:
    """Raises `BadConnection` with what would be right."""
    try:
        url = urlsplit(connection)
        options = {key: values[-1] for key, values in parse_qs(url.query).items()}
        if url.scheme == "tcp" and url.hostname:
            return Address("tcp", url.hostname, url.port or 9100, "", 0, options)
        if url.scheme == "serial" and url.path.startswith("/"):
            return Address("serial", "", 0, url.path, int(options.get("baud", "115200")), options)
        if url.scheme == "usb" and url.path.startswith("/"):
            return Address("usb", "", 0, url.path, 0, options)
        if url.scheme == "virtual":
            return Address("virtual", "", 0, "", 0, options)
    except ValueError as error:
        raise BadConnection(f"{connection}: {error}") from None
    raise BadConnection(
        f"{connection}: tcp://host:9100, serial:///dev/ttyS0?baud=115200, usb:///dev/usb/lp0 or virtual://")


class Wire:
    """An open connection. For one thread. `baud` is 0 where the wire is as fast as its printer."""

    def __init__(self, fd: int, close: Callable[[], None], baud: int = 0) -> None:
        self._fd = fd
        self._close = close
        self.baud = baud

    def fileno(self) -> int:
        return self._fd

    def seconds(self, count: int) -> float:
        """How long `count` bytes are on the wire (10 bits a byte)."""
        return count * 10 / self.baud if self.baud else 0.0

    def read(self, seconds: float) -> bytes:
        """What has come, waiting at most `seconds` for the first byte; b"" if nothing. Raises `WireLost`."""
        if not self._ready(seconds, write=False)[0]:
            return b""
        try:
            data = os.read(self._fd, _CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise WireLost(error.errno, error.strerror) from error
        if not data:
            raise WireLost("hung up")
        return data

    def write(self, data: bytes | memoryview, seconds: float) -> int:
        """Hand over as much of `data` as is taken at once, waiting at most `seconds`; 0 if none. Raises `WireLost`."""
        if not self._ready(seconds, write=True)[1]:
            return 0
        try:
            return os.write(self._fd, data[:_CHUNK])
        except BlockingIOError:
            return 0
        except OSError as error:
            raise WireLost(error.errno, error.strerror) from error

    def exchange(self, data: memoryview, seconds: float) -> tuple[bytes, int]:
        """Read what has come and write what is taken, whichever is possible first. Raises `WireLost`."""
        readable, writable = self._ready(seconds, write=True, read=True)
        return (self.read(0) if readable else b""), (self.write(data, 0) if writable else 0)

    def write_all(self, data: bytes, seconds: float) -> None:
        """All of a short `data` within `seconds`. Raises `WireLost`, also when it stalls."""
        until = time.monotonic() + seconds
        rest = memoryview(data)
        while rest:
            rest = rest[self.write(rest, max(0.0, until - time.monotonic())):]
            if rest and time.monotonic() >= until:
                raise WireLost("stalled")

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._close()

    def _ready(self, seconds: float, *, write: bool, read: bool = False) -> tuple[bool, bool]:
        poller = select.poll()
        poller.register(self._fd, (select.POLLOUT if write else 0) | (select.POLLIN if read or not write else 0))
        try:
            events = dict(poller.poll(max(0.0, seconds) * 1000)).get(self._fd, 0)
        except OSError as error:
            raise WireLost(error.errno, error.strerror) from error
        if events & select.POLLNVAL:
            raise WireLost("closed")
        broken = bool(events & (select.POLLHUP | select.POLLERR))
        if broken and write and not events & (select.POLLIN | select.POLLOUT):
            raise WireLost("hung up")
        return bool(events & select.POLLIN) or (broken and not write), bool(events & select.POLLOUT)


def open_wire(address: Address, seconds: float) -> Wire:
    """Connect within `seconds`. Raises `WireLost`. A virtual device is attached by whoever has it, not here."""
    try:
        match address.kind:
            case "tcp":
                return _tcp(address, seconds)
            case "serial":
                return _serial(address)
            case "usb":
                return _usb(address)
    except (OSError, serial.SerialException) as error:
        raise WireLost(getattr(error, "errno", None), str(error)) from error
    raise WireLost(address.kind)


def socket_wire(end: socket.socket) -> Wire:
    """A wire over a connected socket."""
    end.setblocking(False)
    return Wire(end.fileno(), end.close)


def _tcp(address: Address, seconds: float) -> Wire:
    connection = socket.create_connection((address.host, address.port), timeout=seconds)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    # a small buffer here: what we call sent is then near what the printer has
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
    return socket_wire(connection)


def _serial(address: Address) -> Wire:
    line = serial.Serial(
        address.path, address.baud, timeout=0, write_timeout=0, exclusive=True,
        rtscts=address.options.get("flow") == "rtscts", xonxoff=address.options.get("flow") == "xonxoff")
    return Wire(line.fileno(), line.close, address.baud)


def _usb(address: Address) -> Wire:
    fd = os.open(address.path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        raise
    return Wire(fd, lambda: os.close(fd))
