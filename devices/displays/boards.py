"""The boards of the virtual displays: bytes in, what the windows show and the answers out. One class for each protocol.

Written from the protocols' sources (facts on devices §6), not from our drivers, so that each can find the other out.
Pure but for what they remember; wires and threads are `virtual`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

_MOST_HELD = 256


@dataclass(slots=True)
class Panel:
    """One display: what it shows, how often it was told."""

    text: str = ""
    told: int = 0


@dataclass(slots=True)
class Panels:
    """The displays on one bus by address. `silent`: those that neither hear nor answer. `frames`: the whole frames that
    were understood, the last hundred."""

    all: dict[int, Panel]
    silent: set[int] = field(default_factory=set)
    frames: list[bytes] = field(default_factory=list)
    refuse: bool = False

    @staticmethod
    def at(addresses: Iterable[int]) -> Panels:
        return Panels({address: Panel() for address in addresses})

    def heard(self, address: int, frame: bytes) -> Panel | None:
        """Note a frame; the display it is for, unless that one is silent or not there."""
        self.frames.append(frame)
        del self.frames[:-100]
        return None if address in self.silent else self.all.get(address)

    def write(self, address: int, frame: bytes, text: str) -> None:
        panel = self.heard(address, frame)
        if panel is not None:
            panel.text, panel.told = text, panel.told + 1


class Board(Protocol):
    """One protocol. `feed` takes bytes and gives what goes back; `idle` is called when the line falls silent."""

    def feed(self, data: bytes) -> bytes: ...

    def idle(self) -> None: ...


def crc16(data: bytes) -> int:
    """Modbus over serial line V1.02 §6.2.2."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


class ModbusBoard:
    """LED-485 and DM36 displays as Modbus RTU servers: FC03, FC06, FC16. Unknown addresses stay silent."""

    def __init__(self, panels: Panels, text_at: int = 0x0070, number_at: int = 0x0000, *, single: bool = False) -> None:
        self._panels, self._text_at, self._number_at, self._single = panels, text_at, number_at, single
        self._held = bytearray()
        self._registers: dict[tuple[int, int], int] = {}

    def feed(self, data: bytes) -> bytes:
        self._held += data
        del self._held[:-_MOST_HELD]
        said = b""
        while (length := self._length()) is not None and len(self._held) >= length:
            frame = bytes(self._held[:length])
            if int.from_bytes(frame[-2:], "little") == crc16(frame[:-2]):
                del self._held[:length]
                said += self._take(frame)
            else:
                del self._held[:1]  # noise: look for a frame one byte further on
        return said

    def idle(self) -> None:
        self._held.clear()

    def _length(self) -> int | None:
        if len(self._held) < 2:
            return None
        if self._held[1] == 16:
            return None if len(self._held) < 7 else 9 + self._held[6]
        return 8

    def _take(self, frame: bytes) -> bytes:
        address, function = frame[0], frame[1]
        panel = self._panels.heard(address, frame)
        if panel is None:
            return b""
        first, value = int.from_bytes(frame[2:4], "big"), int.from_bytes(frame[4:6], "big")
        if function not in (3, 6, 16) or self._panels.refuse:
            return _sealed(bytes((address, function | 0x80, 1 if function not in (3, 6, 16) else 2)))
        if function == 3:
            held = [self._registers.get((address, first + at), 0) for at in range(value)]
            body = b"".join(one.to_bytes(2, "big") for one in held)
            return _sealed(bytes((address, 3, len(body))) + body)
        values = [value] if function == 6 else [
            int.from_bytes(frame[at:at + 2], "big") for at in range(7, 7 + frame[6], 2)]
        for at, one in enumerate(values):
            self._registers[address, first + at] = one
        if first == self._text_at and function == 16:
            raw = bytes(one & 0xFF for one in values) if self._single else b"".join(
                one.to_bytes(2, "big") for one in values)
            panel.text, panel.told = raw.decode("ascii", "replace"), panel.told + 1
        elif first == self._number_at:
            panel.text, panel.told = str(value), panel.told + 1
        return _sealed(frame[:6])


def _sealed(body: bytes) -> bytes:
    return body + crc16(body).to_bytes(2, "little")


class DollarBoard:
    """`$001,A023#`; says nothing."""

    def __init__(self, panels: Panels) -> None:
        self._panels = panels
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        self._held = (self._held + data)[-_MOST_HELD:]
        while match := re.search(rb"\$(\d{3}),([^$#]*)#", self._held):
            self._panels.write(int(match[1]), match[0], match[2].decode("ascii", "replace"))
            self._held = self._held[match.end():]
        return b""

    def idle(self) -> None:
        self._held = b""


class FourByteBoard:
    """`ID hi lo sum8`; says nothing."""

    def __init__(self, panels: Panels) -> None:
        self._panels = panels
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        self._held = (self._held + data)[-_MOST_HELD:]
        while len(self._held) >= 4:
            frame = self._held[:4]
            if sum(frame[:3]) & 0xFF == frame[3] and frame[0] in self._panels.all:
                self._panels.write(frame[0], frame, str(frame[1] << 8 | frame[2]))
                self._held = self._held[4:]
            else:
                self._held = self._held[1:]
        return b""

    def idle(self) -> None:
        self._held = b""


class TwentyColumns:
    """CD5220 customer display: two lines of twenty, one display whatever its address; says nothing."""

    def __init__(self, panels: Panels) -> None:
        self._panels = panels
        self._address = next(iter(panels.all), 0)
        self._lines = [" " * 20, " " * 20]
        self._held = b""

    def feed(self, data: bytes) -> bytes:
        self._held = (self._held + data)[-_MOST_HELD:]
        while self._held:
            if self._held[0] != 0x1B:
                if self._held[0] == 0x0C:
                    self._show(self._held[:1], [" " * 20, " " * 20])
                self._held = self._held[1:]
                continue
            length = {b"@": 2, b"Q": 4, b"*": 3, b"l": 4}.get(self._held[1:2], 1)
            if self._held[1:2] == b"Q":
                end = self._held.find(b"\r")
                if end < 0:
                    return b""
                row = {b"A": 0, b"B": 1}.get(self._held[2:3])
                if row is not None:
                    text = self._held[3:end].decode("ascii", "replace")[:20].ljust(20)
                    self._show(self._held[:end + 1], [text if at == row else old for at, old in enumerate(self._lines)])
                length = end + 1
            if len(self._held) < max(length, 2):
                return b""
            self._held = self._held[length:]
        return b""

    def idle(self) -> None:
        self._held = b""

    def _show(self, frame: bytes, lines: list[str]) -> None:
        if self._address in self._panels.silent:
            return
        self._lines = lines
        self._panels.write(self._address, frame, "\n".join(lines))


BOARDS: dict[str, Callable[[Panels], Board]] = {
    "modbus-led485": ModbusBoard,
    "modbus-dm36": lambda panels: ModbusBoard(panels, text_at=0, number_at=7, single=True),
    "ascii-dollar": DollarBoard,
    "binary4": FourByteBoard,
    "cd5220": TwentyColumns,
}
