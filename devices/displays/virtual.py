"""Virtual number displays, shipped: boards of every protocol behind a real pseudo-terminal, shown as text.

They can fall silent one by one, be unplugged and plugged in again under a new name, stop reading, mutter, hear
themselves, and sit on a wire as slow as a real one. The entry point `virtual` puts the real driver on such boards in
the hall's own process; `python -m devices.displays.virtual` is a program of its own. It knows no halls.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pty
import select
import sys
import tempfile
import threading
import time
import tty
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Self

from devices.displays.boards import BOARDS, Panels
from devices.displays.plug import open_displays as open_real
from devices.displays.port import DisplayPlan, Displays, Hears, Showing
from devices.ports import DeviceStatus
from devices.transport import BadConnection, parse

_IDLE_S = 0.05
_DRIVERS = {"modbus-dm36": ("modbus-led485", {"map": "dm36"})}


class VirtualDisplays:
    """Boards at `path`, a link to a pseudo-terminal as /dev/serial/by-id has them. `shown` is called in its thread when
    a display shows something else. Controls may be used from any thread."""

    def __init__(self, path: Path, protocol: str, addresses: Iterable[int], *, baud: int = 0,
                 shown: Callable[[Mapping[int, str]], None] | None = None) -> None:
        self.path = path
        self.panels = Panels.at(addresses)
        self.frame_ends: list[float] = []
        """When the last byte of each chunk that changed something had passed the wire (perf_counter)."""
        self._board = BOARDS[protocol](self.panels)
        self._byte_s = 10 / baud if baud else 0.0
        self._shown = shown
        self._reads = threading.Event()
        self._reads.set()
        self._echo = False
        self._delay = 0.0
        self._noise = b""
        self._ends: tuple[int, int] | None = None
        self._thread: threading.Thread | None = None
        self.plug_in()

    # ---- what can be done to them ------------------------------------------------------------------------------------

    def silence(self, *addresses: int) -> None:
        """These neither hear nor answer any more."""
        self.panels.silent.update(addresses)

    def wake(self, *addresses: int) -> None:
        """These are well again, as after power was lost: dark, until they are told."""
        for address in addresses:
            self.panels.silent.discard(address)
            self.panels.all[address].text = ""

    def plug_in(self) -> None:
        """Appear, under a new device name each time as USB does; what they showed is gone."""
        ours, theirs = pty.openpty()
        tty.setraw(theirs)
        link = self.path.with_name(self.path.name + ".new")
        link.unlink(missing_ok=True)
        link.symlink_to(os.ttyname(theirs))
        link.replace(self.path)
        for panel in self.panels.all.values():
            panel.text = ""
        self._ends = (ours, theirs)
        self._thread = threading.Thread(target=self._loop, args=(ours,), name="virtual-displays", daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        if self._ends is None:
            return
        ends, self._ends = self._ends, None
        self.path.unlink(missing_ok=True)
        self._reads.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(5)
        for end in ends:
            os.close(end)

    def stall(self) -> None:
        """Stop taking bytes, as an adapter that hangs."""
        self._reads.clear()

    def flow(self) -> None:
        """Take bytes again."""
        self._reads.set()

    def echo(self, on: bool = True) -> None:
        """Hear themselves, as cheap RS-485 adapters do."""
        self._echo = on

    def answer_late(self, seconds: float) -> None:
        self._delay = seconds

    def mutter(self, noise: bytes) -> None:
        """Put `noise` before every answer."""
        self._noise = noise

    def text(self, address: int) -> str:
        return self.panels.all[address].text

    def close(self) -> None:
        self.unplug()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_gone: object) -> None:
        self.close()

    # ---- their thread ------------------------------------------------------------------------------------------------

    def _loop(self, end: int) -> None:
        while self._ends is not None and self._ends[0] == end:
            if not self._reads.wait(_IDLE_S):
                continue
            if not select.select([end], [], [], _IDLE_S)[0]:
                self._board.idle()
                continue
            try:
                self._hear(end, os.read(end, 64 if self._byte_s else 4096))
            except OSError:
                return

    def _hear(self, end: int, data: bytes) -> None:
        if self._echo:
            os.write(end, data)
        if self._byte_s:
            time.sleep(len(data) * self._byte_s)
        before = sum(panel.told for panel in self.panels.all.values())
        said = self._board.feed(data)
        if sum(panel.told for panel in self.panels.all.values()) > before:
            self.frame_ends.append(time.perf_counter())
            if self._shown is not None:
                self._shown({address: panel.text for address, panel in self.panels.all.items()})
        if said:
            time.sleep(self._delay)
            said = self._noise + said
            if self._byte_s:
                time.sleep(len(said) * self._byte_s)
            os.write(end, said)


# ---- the entry point -------------------------------------------------------------------------------------------------


class DemoDisplays:
    """The real driver on virtual boards, both in this process. With the option `out` a file says what they show."""

    def __init__(self, plan: DisplayPlan, changed: Callable[[], None]) -> None:
        options = {**plan.options, **parse(plan.port).options}
        protocol = options.get("protocol", "modbus-led485")
        if protocol not in BOARDS:
            raise BadConnection(f"protocol = {protocol}: {', '.join(BOARDS)}")
        self._plan = plan
        self._out = Path(options["out"]) if "out" in options else None
        self._folder = tempfile.TemporaryDirectory(prefix="hall-kiosk-displays-")
        self._boards = VirtualDisplays(Path(self._folder.name) / "port", protocol, plan.addresses.values(),
                                       shown=self._write)
        driver, more = _DRIVERS.get(protocol, (protocol, {}))
        real = DisplayPlan(plan.name, driver, str(self._boards.path), plan.baud, plan.addresses, {**more, **options})
        self._real: Displays = open_real(real, changed)

    @property
    def name(self) -> str:
        return self._plan.name

    @property
    def status(self) -> DeviceStatus:
        return self._real.status

    @property
    def hears(self) -> Mapping[str, Hears]:
        return self._real.hears

    def show(self, window: str, showing: Showing, *, call: bool = False) -> None:
        self._real.show(window, showing, call=call)

    def close(self) -> None:
        self._real.close()
        self._boards.close()
        self._folder.cleanup()

    def _write(self, texts: Mapping[int, str]) -> None:
        if self._out is None:
            return
        with contextlib.suppress(OSError):  # a full disk must not darken the displays
            self._out.parent.mkdir(parents=True, exist_ok=True)
            new = self._out.with_name(self._out.name + ".new")
            new.write_text(rendered({window: texts[at] for window, at in self._plan.addresses.items()}), "utf-8")
            new.replace(self._out)


def rendered(texts: Mapping[str, str]) -> str:
    """What stands on the displays, each in a frame under its window's name."""
    rows = {name: text.split("\n") for name, text in texts.items()}
    width = max((len(row) for lines in rows.values() for row in lines), default=0) or 4
    high = max((len(lines) for lines in rows.values()), default=1)
    out = ["  ".join(f"{name:^{width + 4}}" for name in rows), "  ".join(f"╭{'─' * (width + 2)}╮" for _ in rows)]
    out += ["  ".join(f"│ {(lines[at] if at < len(lines) else ''):^{width}} │" for lines in rows.values())
            for at in range(high)]
    out.append("  ".join(f"╰{'─' * (width + 2)}╯" for _ in rows))
    return "\n".join(line.rstrip() for line in out) + "\n"


def open_displays(plan: DisplayPlan, changed: Callable[[], None]) -> DemoDisplays:
    """The entry point `virtual`: `port = "virtual://?protocol=ascii-dollar"`. Raises `BadConnection`."""
    return DemoDisplays(plan, changed)


# ---- a program of its own --------------------------------------------------------------------------------------------


def watch(path: Path, seconds: float | None = None) -> None:
    """Print a running hall's virtual displays (a file, or the folder of them) whenever they change."""
    until = None if seconds is None else time.monotonic() + seconds
    last = ""
    while until is None or time.monotonic() < until:
        files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
        said = "\n".join(file.read_text("utf-8") for file in files if file.exists())
        if said != last:
            print(said, flush=True)
            last = said
        time.sleep(0.1)


def main(arguments: list[str] | None = None) -> int:
    """`--watch .data/displays` looks on; `--protocol binary4 --port /tmp/led` is displays for a hall.toml to name."""
    parser = argparse.ArgumentParser(description="Number displays that show text. 虚拟窗口屏")
    parser.add_argument("--watch", type=Path, metavar="PATH", help="print what a demo hall's displays show")
    parser.add_argument("--protocol", choices=sorted(BOARDS), default="modbus-led485")
    parser.add_argument("--port", type=Path, default=Path(tempfile.gettempdir()) / "virtual-displays")
    parser.add_argument("--addresses", default="1,2,3,4,5,6")
    parser.add_argument("--baud", type=int, default=9600)
    chosen = parser.parse_args(arguments)
    if chosen.watch is not None:
        watch(chosen.watch)
        return 0

    def shown(texts: Mapping[int, str]) -> None:
        print(rendered({str(address): text for address, text in texts.items()}), flush=True)

    with VirtualDisplays(chosen.port, chosen.protocol, map(int, chosen.addresses.split(",")), baud=chosen.baud,
                         shown=shown) as boards:
        print(f'port = "{chosen.port}"\ntype: silent N, wake N, unplug, plug, stall, flow, quit', flush=True)
        for line in sys.stdin:
            word, _, rest = line.strip().partition(" ")
            if word == "quit":
                return 0
            controls: dict[str, Callable[[str], object]] = {
                "silent": lambda which: boards.silence(int(which)), "wake": lambda which: boards.wake(int(which)),
                "unplug": lambda _: boards.unplug(), "plug": lambda _: boards.plug_in(),
                "stall": lambda _: boards.stall(), "flow": lambda _: boards.flow()}
            try:
                controls[word](rest)
            except (KeyError, ValueError):
                print(f"? {line.strip()}", flush=True)
        threading.Event().wait()  # standard input is closed: a service runs until it is stopped
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(0) from None
