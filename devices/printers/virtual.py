"""The virtual printer, shipped with the product: a network printer on this machine that prints pictures.

It listens on TCP as port 9100 printers do, takes one client at a time, keeps what it printed as PNG and raw bytes, and
can be told to run out of paper, open its cover, jam, fall silent, hang up, die at a byte or crawl like a slow wire.
`virtual://` and pseudo-terminals reach the same machine by `attach`. It shows nothing and knows no halls.
"""

from __future__ import annotations

import argparse
import os
import selectors
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Self

from devices.glyphs import Typeface
from devices.ports import DevicePlan
from devices.printers.virtual_machine import FULL, MODELS, Machine, Model, World
from devices.printers.virtual_paper import PrintedSlip
from devices.transport import Address, Wire, WireLost, parse, socket_wire

FAULTS: dict[str, dict[str, object]] = {
    "paper-out": {"paper": "out"},
    "near-end": {"paper": "near"},
    "cover-open": {"cover": True},
    "cutter": {"cutter": True},
    "jam": {"jam": True},
    "overheated": {"head_hot": True},
}
_MOST_KEPT = 200


class VirtualPrinter:
    """One printer on one thread. Its controls may be used from any thread and have taken effect when they return."""

    def __init__(self, model: Model = FULL, out: Path | None = None,
                 on_slip: Callable[[PrintedSlip], None] | None = None) -> None:
        self.slips: deque[PrintedSlip] = deque(maxlen=_MOST_KEPT)
        self.received = 0
        self.first_byte_at: float | None = None
        self._machine = Machine(model, Typeface(), self._fell)
        self._out, self._on_slip, self._count = out, on_slip, 0
        self._selector = selectors.DefaultSelector()
        self._wake, self._wakes = os.pipe()
        os.set_blocking(self._wake, False)
        self._selector.register(self._wake, selectors.EVENT_READ)
        self._orders: deque[tuple[Callable[[], None], threading.Event]] = deque()
        self._listener: socket.socket | None = None
        self._clients: list[int] = []
        self._owned: dict[int, socket.socket] = {}
        self._unsent = bytearray()
        self._query_trap: tuple[int, Callable[[], None]] | None = None
        self._traps: list[tuple[int, Callable[[], None]]] = []
        self._hung = self._dead = False
        self._byte_time = 0.0
        self._running = True
        self._thread = threading.Thread(target=self._loop, name="virtual-printer", daemon=True)
        self._thread.start()

    # ---- where it is reached ---------------------------------------------------------------------------------------

    def listen(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Start listening; the port in use. Raises OSError if it is taken."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # a printer's buffer is small: let a slow one push back
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        listener.bind((host, port))
        listener.listen(4)
        listener.setblocking(False)
        self._do(lambda: self._set_listener(listener))
        return int(listener.getsockname()[1])

    def attach(self, fd: int | None = None) -> socket.socket | None:
        """Speak over `fd` (a pseudo-terminal's master), or over a new socket pair whose other end is returned."""
        if fd is not None:
            os.set_blocking(fd, False)
            self._do(lambda: self._join(fd))
            return None
        ours, theirs = socket.socketpair()
        ours.setblocking(False)

        def join() -> None:
            if self._dead:
                ours.close()
                return
            self._owned[ours.fileno()] = ours
            self._join(ours.fileno())

        self._do(join)
        return theirs

    # ---- what can be done to it ------------------------------------------------------------------------------------

    def fault(self, name: str) -> None:
        """One of `FAULTS`, now; "silent", "hang", "disconnect" or "die" as the methods below."""
        self._do(self._action(name))

    def at_byte(self, n: int, fault: str) -> None:
        """`fault` when `n` more bytes have come in (real-time requests are not counted)."""
        self._do(lambda: self._traps.append((self.received + n, self._action(fault))))

    def at_query(self, n: int, fault: str) -> None:
        """`fault` at the `n`th real-time request from now, before it is answered."""
        self._do(lambda: setattr(self, "_query_trap", (n, self._action(fault))))

    def at_fence(self, fault: str) -> None:
        """`fault` when the next fence (GS ( H or GS r) is reached, before it is answered."""

        def trap() -> None:
            self._machine.fence_reached = None
            self._action(fault)()

        self._do(lambda: setattr(self._machine, "fence_reached", trap))

    def pace(self, baud: int) -> None:
        """Take and give bytes no faster than a serial line of `baud` (10 bits a byte); 0: as fast as it goes."""
        self._do(lambda: setattr(self, "_byte_time", 10 / baud if baud else 0.0))

    def recover(self) -> None:
        """Everything is well again; it goes on with what it had in its buffer, and listens."""

        def well() -> None:
            self._hung = self._dead = False
            self._traps.clear()
            self._query_trap = None
            self._machine.fence_reached = None
            self._machine.becomes(World())

        self._do(well)

    def power_cycle(self) -> None:
        """Off and on: the buffer is lost, the connection drops."""

        def cycle() -> None:
            self._hang_up()
            self._machine.power_cycle()

        self._do(cycle)

    def mutter(self, data: bytes) -> None:
        """Say bytes nobody asked for: line noise, a status frame out of turn."""
        self._do(lambda: self._unsent.extend(data))

    @property
    def world(self) -> World:
        return self._machine.world

    @property
    def waiting(self) -> int:
        """Bytes taken and not printed yet."""
        return self._machine.waiting

    def settle(self, seconds: float = 2.0) -> None:
        """Wait until its buffer is empty, at most `seconds`."""
        until = time.monotonic() + seconds
        while self.waiting and time.monotonic() < until:
            time.sleep(0.005)

    def tear(self) -> None:
        """Pull out what stands printed and uncut; it counts as a torn slip."""
        self._do(self._machine.tear)

    def close(self) -> None:
        if self._running:
            self._do(lambda: setattr(self, "_running", False))
            self._thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_gone: object) -> None:
        self.close()

    # ---- its thread ------------------------------------------------------------------------------------------------

    def _do(self, order: Callable[[], None]) -> None:
        if threading.current_thread() is self._thread:
            order()
            return
        done = threading.Event()
        self._orders.append((order, done))
        os.write(self._wakes, b"!")
        done.wait(5)

    def _action(self, name: str) -> Callable[[], None]:
        if name in FAULTS:
            return lambda: self._machine.becomes(replace(self._machine.world, **FAULTS[name]))  # type: ignore[arg-type]
        return {"silent": self._go_mute, "hang": self._hang, "disconnect": self._hang_up, "die": self._die,
                "recover": self.recover}[name]

    def _go_mute(self) -> None:
        self._machine.becomes(replace(self._machine.world, mute=True))

    def _hang(self) -> None:
        self._hung = True

    def _die(self) -> None:
        self._dead = True
        self._hang_up()

    def _hang_up(self) -> None:
        self._unsent.clear()
        self._machine.reset_wire()
        for fd in list(self._clients):
            self._leave(fd)

    def _set_listener(self, listener: socket.socket) -> None:
        if self._listener is not None:
            self._selector.unregister(self._listener)
            self._listener.close()
        self._listener = listener
        self._selector.register(listener, selectors.EVENT_READ)

    def _join(self, fd: int) -> None:
        self._clients.append(fd)
        if len(self._clients) == 1:
            self._selector.register(fd, selectors.EVENT_READ)

    def _leave(self, fd: int) -> None:
        if fd == self._clients[0]:
            self._selector.unregister(fd)
            self._machine.reset_wire()
            self._unsent.clear()
        self._clients.remove(fd)
        own = self._owned.pop(fd, None)
        if own is not None:
            own.close()
        else:
            os.close(fd)
        if self._clients and self._clients[0] not in self._selector.get_map():
            self._selector.register(self._clients[0], selectors.EVENT_READ)

    def _loop(self) -> None:
        while self._running:
            for key, _events in self._selector.select(None if not self._byte_time else 0.2):
                if key.fd == self._wake:
                    os.read(self._wake, 4096)
                elif self._listener is not None and key.fd == self._listener.fileno():
                    self._accept()
                elif not self._hung:
                    self._read(key.fd)
            while self._orders:
                order, done = self._orders.popleft()
                try:
                    order()
                finally:
                    done.set()
            self._say()
            if self._hung or (self._machine.room == 0 and self._clients):
                time.sleep(0.005)
        self._hang_up()
        if self._listener is not None:
            self._listener.close()
        self._selector.close()

    def _accept(self) -> None:
        assert self._listener is not None
        client, _address = self._listener.accept()
        if self._dead:
            client.close()
            return
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._owned[client.fileno()] = client
        self._join(client.fileno())

    def _read(self, fd: int) -> None:
        most = min(self._machine.room, 65536)
        if self._byte_time:
            most = min(most, max(1, int(0.01 / self._byte_time)))
        if most == 0:
            return
        try:
            data = os.read(fd, most)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._leave(fd)
            return
        now = time.perf_counter()
        if self._byte_time:
            time.sleep(len(data) * self._byte_time)
        self._take(data, now)

    def _take(self, data: bytes, now: float) -> None:
        """Hand bytes over, stopping exactly where a trap lies."""
        if data[:2] == b"\x10\x04" and len(data) <= 3:
            self._count_query()
            if not self._clients or self._hung:
                return
            self._machine.take(data)
            return
        if self.first_byte_at is None:
            self.first_byte_at = now
        while data:
            trap = min(self._traps, key=lambda t: t[0], default=None)
            step = len(data) if trap is None else max(0, trap[0] - self.received)
            part, data = data[:step], data[step:]
            self.received += len(part)
            self._machine.take(part)
            if trap is not None and self.received >= trap[0]:
                self._traps.remove(trap)
                trap[1]()
                if self._dead or not self._clients:
                    return

    def _count_query(self) -> None:
        if self._query_trap is not None:
            left, action = self._query_trap
            self._query_trap = (left - 1, action) if left > 1 else None
            if left <= 1:
                action()

    def _say(self) -> None:
        self._unsent += self._machine.answers()
        while self._unsent and self._clients and not self._hung:
            piece = bytes(self._unsent[:1] if self._byte_time else self._unsent)
            try:
                sent = os.write(self._clients[0], piece)
            except BlockingIOError:
                return
            except OSError:
                self._leave(self._clients[0])
                return
            del self._unsent[:sent]
            if self._byte_time:
                time.sleep(sent * self._byte_time)
        if not self._clients:
            self._unsent.clear()

    def _fell(self, slip: PrintedSlip) -> None:
        self.slips.append(slip)
        self._count += 1
        if self._out is not None:
            self._out.mkdir(parents=True, exist_ok=True)
            name = f"{self._count:03d}" + ("" if slip.cut else "-torn")
            (self._out / f"{name}.png").write_bytes(slip.png())
            (self._out / f"{name}.bin").write_bytes(slip.raw)
        if self._on_slip is not None:
            self._on_slip(slip)


def connect_virtual(plan: DevicePlan) -> Callable[[Address, float], Wire]:
    """For `virtual://`: a printer of its own in this process, `?out=DIR` keeps its pictures, `?paper=58` its roll."""
    options = {**plan.options, **parse(plan.connection).options}
    model = replace(MODELS.get(options.get("model", ""), FULL), width=384 if options.get("paper") == "58" else 576)
    printer = VirtualPrinter(model, Path(options["out"]) if "out" in options else None)

    def connect(_address: Address, _seconds: float) -> Wire:
        end = printer.attach()
        if end is None:
            raise WireLost("virtual")
        return socket_wire(end)

    return connect


def main(arguments: list[str] | None = None) -> int:
    """`python -m devices.printers.virtual --port 9100 --out DIR`: run one, and type what shall happen to it."""
    parser = argparse.ArgumentParser(description="A thermal printer that prints pictures. 虚拟打印机")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--out", type=Path, default=Path("slips"))
    parser.add_argument("--model", choices=sorted(MODELS), default="full")
    parser.add_argument("--paper", choices=("58", "80"), default="80")
    chosen = parser.parse_args(arguments)
    model = replace(MODELS[chosen.model], width=384 if chosen.paper == "58" else 576)
    with VirtualPrinter(model, chosen.out, lambda slip: print(f"{'slip' if slip.cut else 'torn slip'}: "
                                                              f"{slip.image.height // 8} mm", flush=True)) as printer:
        try:
            port = printer.listen(chosen.host, chosen.port)
        except OSError as error:
            print(f"cannot listen on {chosen.host}:{chosen.port}: {error.strerror}", file=sys.stderr)
            return 1
        print(f"tcp://{chosen.host}:{port} → {chosen.out}\n"
              f"type: {' '.join(FAULTS)} silent hang disconnect die recover quit", flush=True)
        for line in sys.stdin:
            word = line.strip()
            if word == "quit":
                return 0
            try:
                printer.fault(word)
            except KeyError:
                print(f"? {word}", flush=True)
        threading.Event().wait()  # standard input is closed: a service runs until it is stopped
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(0) from None
