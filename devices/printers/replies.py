"""What a printer says back, byte by byte: real-time answers, automatic status frames, queued answers, blocks.

A pure parser: bytes in, replies out, whatever is interleaved with what. Classes by mask (Bematech MP-4000 manual p. 83;
KP-628E manual for bit 7): DLE EOT `0xx1xx10`, ASB head `0xx1xx00` and three bytes with bit 4 clear, GS r `0xx0xxxx`,
blocks `37 22 … 00` (GS ( H) and `5F … 00` (GS I), XON 11, XOFF 13. It never guesses: what fits no class is dropped.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

FENCE_LETTERS = bytes(b for b in range(0x21, 0x70) if not b & 0x10)
"""Bit 4 clear: a fence's letters can be mistaken neither for a real-time answer nor for the head of a status frame."""
_NAME_MOST = 80


@dataclass(frozen=True, slots=True)
class RealTime:
    """An answer to DLE EOT. `taken`: bit 7 of the KP-628E, the last slip is still in the mouth."""

    bits: int
    waiting_slip: bool = False


@dataclass(frozen=True, slots=True)
class Automatic:
    """A whole ASB frame."""

    frame: bytes


@dataclass(frozen=True, slots=True)
class Queued:
    """An answer to GS r: bits 0–1 near end, 2–3 end."""

    bits: int


@dataclass(frozen=True, slots=True)
class Fence:
    """The answer to GS ( H: all before it is done."""

    letters: bytes


@dataclass(frozen=True, slots=True)
class Named:
    """The answer to GS I."""

    text: bytes


Reply = RealTime | Automatic | Queued | Fence | Named


class Replies:
    """The parser. `bit7`: this printer sets bit 7 in real-time answers. `naming`: an answer to GS I is awaited."""

    def __init__(self, *, bit7: bool = False) -> None:
        self.bit7 = bit7
        self.naming = False
        self._frame: bytearray | None = None
        self._block: bytearray | None = None
        self._name: bytearray | None = None

    def feed(self, data: bytes) -> list[Reply]:
        return [reply for byte in data if (reply := self._byte(byte)) is not None]

    def forget(self) -> None:
        """Drop whatever was half heard."""
        self._frame = self._block = self._name = None

    def _byte(self, b: int) -> Reply | None:
        if self._name is not None:
            return self._in_name(b)
        if b & 0x90 == 0x10 or (self.bit7 and b & 0x93 == 0x92):
            return self._head(b)
        if b & 0x80:
            self._block = None
            return None
        return self._continuation(b)

    def _head(self, b: int) -> Reply | None:
        """Bit 4 set: something begins here, or it is an answer by itself."""
        kind = b & 0x03
        if kind == 0x02:
            return RealTime(b & 0x7F, bool(b & 0x80))
        if kind == 0x00:
            self._frame = bytearray([b])
        elif b == 0x37:
            self._block = bytearray([b])
        elif b == 0x5F and self.naming:
            self._name = bytearray()
        return None

    def _continuation(self, b: int) -> Reply | None:
        if self._frame is not None:
            self._frame.append(b)
            if len(self._frame) < 4:
                return None
            frame, self._frame = bytes(self._frame), None
            return Automatic(frame)
        if self._block is not None:
            return self._in_block(b)
        return Queued(b)

    def _in_block(self, b: int) -> Reply | None:
        assert self._block is not None
        self._block.append(b)
        at = len(self._block)
        if (at == 2 and b != 0x22) or (2 < at < 7 and not 0x20 <= b <= 0x7E) or (at == 7 and b != 0):
            self._block = None
            return None
        if at < 7:
            return None
        letters, self._block = bytes(self._block[2:6]), None
        return Fence(letters)

    def _in_name(self, b: int) -> Reply | None:
        assert self._name is not None
        if b == 0 or len(self._name) >= _NAME_MOST:
            text, self._name, self.naming = bytes(self._name), None, False
            return Named(text)
        self._name.append(b)
        return None


@dataclass(frozen=True, slots=True)
class Sensed:
    """What is known of the printer's state; None is not known, and not known is never fine."""

    offline: bool | None = None
    cover: bool | None = None
    paper_out: bool | None = None
    near_end: bool | None = None
    cutter: bool | None = None
    jam: bool | None = None
    head_hot: bool | None = None
    error: bool | None = None

    def fault(self) -> str | None:
        """Why nothing can be printed, the thing to mend first first; None when nothing known stands in the way."""
        for reason, stands in (
            ("cover-open", self.cover), ("paper-out", self.paper_out), ("cutter", self.cutter),
            ("jam", self.jam), ("overheated", self.head_hot), ("jam", self.error), ("offline", self.offline),
        ):
            if stands:
                return reason
        return None

    @property
    def paper_known(self) -> bool:
        return self.paper_out is not None

    def real_time(self, n: int, bits: int) -> Sensed:
        """With the answer `bits` to DLE EOT `n`."""
        match n:
            case 1:
                return replace(self, offline=bool(bits & 0x08))
            case 2:
                stop = bool(bits & 0x20)
                return replace(self, cover=bool(bits & 0x04), paper_out=stop or self.paper_out,
                               error=bool(bits & 0x40))
            case 3:
                cutter, jam, hot = bool(bits & 0x08), bool(bits & 0x20), bool(bits & 0x40)
                unnamed = bool(self.error and not (cutter or hot))
                return replace(self, cutter=cutter, jam=jam, head_hot=hot, error=unnamed)
            case 4:
                return replace(self, near_end=bool(bits & 0x0C), paper_out=bool(bits & 0x60) or bool(self.paper_out))
        return self

    @staticmethod
    def automatic(frame: bytes) -> Sensed:
        """From a whole ASB frame."""
        head, errors, paper = frame[0], frame[1], frame[2]
        return Sensed(
            offline=bool(head & 0x08), cover=bool(head & 0x20),
            paper_out=bool(paper & 0x0C), near_end=bool(paper & 0x03),
            cutter=bool(errors & 0x08), jam=bool(errors & 0x20), head_hot=bool(errors & 0x40), error=False)
