"""The virtual printer's inside: ESC/POS bytes in, paper and status bytes out, by the manuals named in
facts/devices.

No sockets, no threads, no time: it is fed bytes and told about the world (no paper, cover open). Real-time
requests (DLE EOT) are answered at once even inside image data; everything else waits its turn, and while a
fault stands the queue stands too, as a real printer's does, and goes on where it stopped when the fault is
gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from devices.glyphs import Typeface
from devices.printers.virtual_paper import PrintedSlip, Sheet, Style


@dataclass(frozen=True, slots=True)
class Model:
    """What this make of printer can do. The default answers everything; `KP628` is the kiosk printer of the manual."""

    name: str = "HK-80"
    maker: str = "HALL"
    width: int = 576
    asb: bool = True
    gs_r: bool = True
    fence: bool = True
    identify: bool = True
    realtime: bool = True
    near_end_sensor: bool = True
    slip_sensor_bit7: bool = False
    buffer: int = 65536


FULL = Model()
KP628 = Model("KP-628E", asb=False, gs_r=False, fence=False, identify=False, slip_sensor_bit7=True)
SIMPLE = Model("GS-R", fence=False, identify=False, asb=False)
ONE_WAY = Model("LP", asb=False, gs_r=False, fence=False, identify=False, realtime=False)
MODELS = {"full": FULL, "kp628": KP628, "simple": SIMPLE, "one-way": ONE_WAY}


@dataclass(frozen=True, slots=True)
class World:
    """How things stand around the machine. `paper`: "ok", "near", "out". `mute`: it works but answers nothing."""

    paper: str = "ok"
    cover: bool = False
    cutter: bool = False
    jam: bool = False
    head_hot: bool = False
    mute: bool = False

    @property
    def stopped(self) -> bool:
        return self.paper == "out" or self.cover or self.cutter or self.jam or self.head_hot


class Machine:
    """One printer. `fell` is called with each slip that was cut."""

    def __init__(self, model: Model, face: Typeface, fell: Callable[[PrintedSlip], None]) -> None:
        self.model = model
        self.world = World()
        self.fence_reached: Callable[[], None] | None = None
        self._fell = fell
        self._sheet = Sheet(model.width, face)
        self._queue = bytearray()
        self._raw = bytearray()
        self._tail = b""
        self._out = bytearray()
        self._asb = 0
        self._style = Style()
        self._hanzi = False
        self._working = self._question = self._cut_now = False
        self._slip_waiting = False
        self._qr = (3, 0, b"")
        self._kept: tuple[int, bytes, tuple[int, int]] | None = None

    # ---- the wire --------------------------------------------------------------------------------------------------

    @property
    def room(self) -> int:
        """How many bytes it would still take."""
        return max(0, self.model.buffer - len(self._queue))

    @property
    def waiting(self) -> int:
        """Bytes taken and not yet worked."""
        return len(self._queue)

    def take(self, data: bytes) -> None:
        """Bytes from the wire: real-time requests are answered, all else queues and is worked if nothing is wrong."""
        self._realtime(data)
        self._queue += data
        self.work()

    def answers(self) -> bytes:
        """What it says since last asked."""
        said = bytes(self._out)
        self._out.clear()
        return b"" if self.world.mute else said

    def reset_wire(self) -> None:
        """The other end is gone: what it had asked for is forgotten, the paper stays as it is."""
        self._tail, self._asb = b"", 0
        self._out.clear()

    def power_cycle(self) -> None:
        """Queue and settings are lost; what is on paper stays in the slot and falls as a torn slip."""
        self._queue.clear()
        self.reset_wire()
        self.tear()
        self._reset()

    def tear(self) -> None:
        """Whatever stands printed but uncut comes out as a torn slip."""
        if self._sheet.inked:
            self._fell(self._sheet.tear(bytes(self._raw), cut=False))
        self._raw.clear()

    def becomes(self, world: World) -> None:
        """The world changed; tell it if status is sent by itself, and go on if nothing stands in the way."""
        changed = replace(world, mute=False) != replace(self.world, mute=False)
        self.world = world
        if changed:
            self._send_asb()
        self.work()

    def _realtime(self, data: bytes) -> None:
        seen = self._tail + data
        at = seen.find(b"\x10")
        while at >= 0:
            request = seen[at:at + 3]
            if len(request) == 3 and at + 3 > len(self._tail):
                if request[1] == 0x04 and self.model.realtime:
                    self._out += self._dle_eot(request[2])
                elif request[1] == 0x05 and request[2] == 2:
                    self._queue.clear()
            at = seen.find(b"\x10", at + 1)
        self._tail = seen[-2:]

    def _dle_eot(self, n: int) -> bytes:
        w = self.world
        bits = {
            1: 0x08 * w.stopped | 0x80 * (self.model.slip_sensor_bit7 and self._slip_waiting),
            2: 0x04 * w.cover | 0x20 * (w.paper == "out") | 0x40 * (w.cutter or w.jam or w.head_hot),
            3: 0x08 * w.cutter | 0x20 * w.jam | 0x40 * w.head_hot,
            4: self._paper_bits(0x0C, 0x60),
        }.get(n)
        return b"" if bits is None else bytes([0x12 | bits])

    def _paper_bits(self, near: int, out: int) -> int:
        if self.world.paper == "out":
            return out | near * self.model.near_end_sensor
        return near if self.world.paper == "near" and self.model.near_end_sensor else 0

    def _send_asb(self) -> None:
        if not self._asb or not self.model.asb:
            return
        w = self.world
        self._out += bytes([
            0x10 | 0x08 * w.stopped | 0x20 * w.cover,
            0x08 * w.cutter | 0x20 * w.jam | 0x40 * w.head_hot,
            self._paper_bits(0x03, 0x0C),
            0x0F,
        ])

    # ---- the queue -------------------------------------------------------------------------------------------------

    def work(self) -> None:
        """Work the queue until it is empty, a command is not whole yet, or a fault stands."""
        if self._working:  # a fence that is reached may change the world
            return
        self._working = True
        try:
            while self._queue and not self.world.stopped:
                self._question = self._cut_now = False
                used = self._command(self._queue)
                if used == 0:
                    return
                if not self._question:
                    self._raw += self._queue[:used]
                del self._queue[:used]
                if self._cut_now:
                    self._slip_waiting = True
                    self._fell(self._sheet.tear(bytes(self._raw), cut=True))
                    self._raw.clear()
        finally:
            self._working = False

    def _command(self, q: bytearray) -> int:
        """Work the command at the head of the queue; how many bytes it took, 0 when it is not whole yet."""
        lead = q[0]
        if lead in (0x10, 0x1B, 0x1C, 0x1D):
            if len(q) < 2:
                return 0
            return {0x10: self._dle, 0x1B: self._esc, 0x1C: self._fs, 0x1D: self._gs}[lead](q)
        if lead == 0x0A:
            self._sheet.line_feed()
        elif lead >= 0x81 and self._hanzi:
            return self._double_byte(q)
        elif lead >= 0x20:
            self._sheet.letter(chr(lead) if lead < 0x7F else "?", self._style)
        return 1

    def _double_byte(self, q: bytearray) -> int:
        if len(q) < 2:
            return 0
        try:
            self._sheet.letter(bytes(q[:2]).decode("gbk"), self._style)
        except UnicodeDecodeError:
            self._sheet.letter("?", self._style)
        return 2

    def _dle(self, q: bytearray) -> int:
        self._question = True
        if len(q) < 3:
            return 0
        return {0x04: 3, 0x05: 3, 0x14: 5}.get(q[1], 1)

    def _esc(self, q: bytearray) -> int:  # noqa: C901, PLR0912 - a table of commands, one case each
        op = q[1]
        if op == 0x40:
            self._reset()
            return 2
        if op == 0x32:
            self._sheet.spacing = 30
            return 2
        size = {0x2A: 5, 0x24: 4, 0x5C: 4, 0x70: 5, 0x63: 4, 0x42: 4, 0x44: 0, 0x69: 2, 0x6D: 2}.get(op, 3)
        if op == 0x44:
            end = q.find(b"\0", 2)
            return end + 1 if end >= 0 else 0
        if len(q) < size:
            return 0
        if op == 0x2A:
            return self._bit_image(q)
        n = q[2] if size > 2 else 0
        match op:
            case 0x33:
                self._sheet.spacing = n
            case 0x61:
                self._sheet.align = n % 48 if n % 48 < 3 else 0
            case 0x45:
                self._style = replace(self._style, bold=bool(n & 1))
            case 0x21:
                self._style = replace(self._style, bold=bool(n & 8), high=1 + bool(n & 16), wide=1 + bool(n & 32))
            case 0x64:
                if not self._sheet.at_line_start:
                    self._sheet.line_feed()
                self._sheet.feed(n * self._sheet.spacing)
            case 0x4A:
                if not self._sheet.at_line_start:
                    self._sheet.line_feed()
                self._sheet.feed(n)
            case 0x74:
                self._hanzi = False
            case 0x69 | 0x6D:
                self._cut_now = True
        return size

    def _bit_image(self, q: bytearray) -> int:
        columns = q[3] + 256 * q[4]
        high = 3 if q[2] in (32, 33) else 1
        return 5 + columns * high if len(q) >= 5 + columns * high else 0

    def _fs(self, q: bytearray) -> int:
        op = q[1]
        if op in (0x26, 0x2E):
            self._hanzi = op == 0x26
            return 2
        if op == 0x28:
            return self._sized(q)
        size = {0x53: 4, 0x43: 3, 0x21: 3, 0x2D: 3, 0x57: 3}.get(op, 3)
        return size if len(q) >= size else 0

    def _gs(self, q: bytearray) -> int:  # noqa: C901, PLR0912 - a table of commands, one case each
        op = q[1]
        if op == 0x28:
            return self._sized(q)
        if op == 0x76:
            return self._raster(q)
        if op == 0x38:
            return self._large_graphics(q)
        if op == 0x56:
            size = 4 if len(q) > 2 and q[2] in (65, 66, 97, 98) else 3
            if len(q) < size:
                return 0
            if size == 4:
                self._sheet.feed(q[3])
            self._cut_now = True
            return size
        if op == 0x6B:
            return self._barcode(q)
        size = {0x4C: 4, 0x57: 4, 0x50: 4, 0x24: 4, 0x5C: 4}.get(op, 3)
        if len(q) < size:
            return 0
        match op:
            case 0x21:
                self._style = replace(self._style, wide=1 + (q[2] >> 4 & 7), high=1 + (q[2] & 7))
            case 0x42:
                self._style = replace(self._style, reverse=bool(q[2] & 1))
            case 0x61:
                self._asb = q[2]
                self._send_asb()
            case 0x72 if self.model.gs_r:
                self._fence()
                if not self.world.stopped:
                    self._out += bytes([self._paper_bits(0x03, 0x0C) if q[2] in (1, 49) else 0])
            case 0x49 if self.model.identify:
                self._question = True
                said = {0x42: self.model.maker, 0x43: self.model.name}.get(q[2])
                if said is not None:
                    self._out += b"\x5f" + said.encode("ascii") + b"\0"
        return size

    def _sized(self, q: bytearray) -> int:
        """GS ( and FS ( commands carry their length."""
        if len(q) < 5:
            return 0
        length = q[3] + 256 * q[4]
        if len(q) < 5 + length:
            return 0
        kind, body = q[2], bytes(q[5:5 + length])
        if q[0] == 0x1D and kind == 0x48 and body[:2] in (b"00", b"\x00\x00") and self.model.fence:
            self._fence()
            if not self.world.stopped:
                self._out += b"\x37\x22" + body[2:6] + b"\0"
        elif q[0] == 0x1D and kind == 0x6B and len(body) >= 2:
            self._native_qr(body)
        elif q[0] == 0x1D and kind == 0x4C:
            self._graphics(body)
        return 5 + length

    def _large_graphics(self, q: bytearray) -> int:
        """GS 8 L: as GS ( L with a length of four bytes."""
        if len(q) < 7:
            return 0
        length = int.from_bytes(q[3:7], "little")
        if len(q) < 7 + length:
            return 0
        self._graphics(bytes(q[7:7 + length]))
        return 7 + length

    def _graphics(self, body: bytes) -> None:
        """Function 112 keeps a raster, 50 prints it."""
        if body[:2] == b"\x30\x70" and len(body) > 10:
            row = (int.from_bytes(body[6:8], "little") + 7) // 8
            self._kept = (row, body[10:], (body[3], body[4]))
        elif body[1:2] in (b"\x32", b"\x02") and self._kept is not None:
            self._sheet.raster(*self._kept)
            self._kept = None

    def _fence(self) -> None:
        self._question = True
        if self.fence_reached is not None:
            self.fence_reached()

    def _native_qr(self, body: bytes) -> None:
        dots, level, content = self._qr
        match body[1]:
            case 67:
                dots = body[2]
            case 69:
                level = {48: 1, 49: 0, 50: 3, 51: 2}.get(body[2], 0)
            case 80:
                content = body[3:]
            case 81 if content:
                self._sheet.qr(content, dots, level)
        self._qr = (dots, level, content)

    def _raster(self, q: bytearray) -> int:
        if len(q) < 8:
            return 0
        row, rows = q[4] + 256 * q[5], q[6] + 256 * q[7]
        if len(q) < 8 + row * rows:
            return 0
        scale = (1 + (q[3] & 1), 1 + (q[3] >> 1 & 1))
        self._sheet.raster(row, bytes(q[8:8 + row * rows]), scale)
        return 8 + row * rows

    def _barcode(self, q: bytearray) -> int:
        if len(q) < 4:
            return 0
        if q[2] >= 65:
            return 4 + q[3] if len(q) >= 4 + q[3] else 0
        end = q.find(b"\0", 3)
        return end + 1 if end >= 0 else 0

    def _reset(self) -> None:
        self._style, self._hanzi, self._asb = Style(), False, 0
        self._sheet.align, self._sheet.spacing = 0, 30
