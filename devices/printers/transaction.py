"""One slip onto paper, once: ask how the printer stands, send one buffer, wait for the fence (facts/devices.md
§4).

It ends PRINTED (the fence answered after everything before it), FAILED with the reason (a fault was seen, or
part of the slip never left), or UNKNOWN. It sends a slip at most once and never again, whatever happens.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from devices.printers.conversation import Conversation, NoAnswer
from devices.printers.encode import Encoded, fence, fence_letters
from devices.printers.port import Ending, PrintEnd
from devices.printers.replies import Automatic, Fence, Queued, RealTime, Reply
from devices.transport import WireLost

MM_PER_SECOND = 60
_SPARE_SECONDS = 3.0
_POLL_SECONDS = 0.5
_QUEUED_VALUES = frozenset({0x00, 0x03, 0x0C, 0x0F})


@dataclass(slots=True)
class Sent:
    """How far a job got. `owed`: the most a printer may still wait for if it stopped in the middle of a raster."""

    begun: bool = False
    bytes: int = 0
    owed: int = 0


class Transaction:
    """One job over one conversation. `spare`: seconds beyond what wire and paper need; `speed` of the paper in mm/s."""

    def __init__(self, talk: Conversation, number: int, *, spare: float = _SPARE_SECONDS,
                 speed: float = MM_PER_SECOND) -> None:
        self._talk = talk
        self._letters = fence_letters(2 * number)
        self._sync = fence_letters(2 * number + 1)
        self._spare = spare
        self._speed = speed
        self._asked: int | None = None
        self._asked_at = 0.0
        self.sent = Sent()

    def run(self, encode: Callable[[], Encoded], begun: Callable[[], None], owed: int = 0) -> PrintEnd:
        """`encode` and `begun` are called while the printer thinks about its first answer, before any byte of the
        slip. `owed`: NULs that complete whatever an earlier job may have left open; nothing is sent after them
        before the printer has answered."""
        try:
            slip = self._ready(encode, begun)
            if self._talk.sensed.fault() is not None and self._talk.capability.realtime:
                self._talk.quiet()  # a fault is asked about twice: line noise can look like one
                self._talk.sense()
            fault = self._talk.sensed.fault()
            if fault is not None:
                return self._end(Ending.FAILED, fault)
            if owed:
                fault = self._clear(owed)
                if fault is not None:
                    return self._end(Ending.FAILED, fault)
            self._talk.forget()
            data = slip.data + self._fence(self._letters)
            deadline = self._deadline(slip, len(data))
            fault = self._send(data, slip, deadline)
            if fault is not None:
                return self._end(Ending.FAILED, fault)
        except NoAnswer:
            return self._end(Ending.FAILED, "no-answer")
        except WireLost:
            return self._lost(slip) if self.sent.begun else self._end(Ending.FAILED, "offline")
        try:
            return self._wait(deadline)
        except WireLost:
            return self._end(Ending.UNKNOWN, "unknown-ending")

    # ---- before ----------------------------------------------------------------------------------------------------

    def _ready(self, encode: Callable[[], Encoded], begun: Callable[[], None]) -> Encoded:
        if not self._talk.capability.realtime:
            begun()
            return encode()
        self._talk.ask(2)
        begun()
        slip = encode()
        self._talk.answer(2)
        for n in (3, 4):
            self._talk.ask(n)
            self._talk.answer(n)
        return slip

    def _clear(self, owed: int) -> str | None:
        """Finish a raster an earlier job may have left open, and see that the printer listens again. What had been
        waiting in it comes out first; a fault that shows is returned. Raises `NoAnswer`."""
        can = self._talk.capability
        seconds = self._talk.wire.seconds(owed) + self._spare
        self._talk.wire.write_all(bytes(owed) + self._fence(self._sync), seconds)
        until = time.monotonic() + seconds
        while can.fence or can.queued:
            for reply in self._talk.listen(max(0.0, until - time.monotonic())):
                if isinstance(reply, Automatic) and (fault := self._talk.sensed.fault()) is not None:
                    return fault
                if reply == Fence(self._sync) or (isinstance(reply, Queued) and not can.fence):
                    self._talk.quiet()
                    return None
            if time.monotonic() >= until:
                raise NoAnswer("fence")
        return None

    def _fence(self, letters: bytes) -> bytes:
        can = self._talk.capability
        if can.fence:
            return fence(letters)
        return b"\x1dr\x01" if can.queued else b""

    def _deadline(self, slip: Encoded, count: int) -> float:
        return time.monotonic() + self._talk.wire.seconds(count) + slip.length_mm / self._speed + self._spare

    # ---- while -----------------------------------------------------------------------------------------------------

    def _send(self, data: bytes, slip: Encoded, deadline: float) -> str | None:
        """All of `data`; the fault if one shows first. Raises `WireLost`."""
        rest = memoryview(data)
        moved = time.monotonic()
        while rest:
            heard, taken = self._talk.wire.exchange(rest, 0.1)
            now = time.monotonic()
            if taken:
                rest, moved = rest[taken:], now
                self.sent.bytes += taken
                self.sent.begun, self.sent.owed = True, slip.longest_block
            if any(isinstance(reply, Automatic) for reply in self._talk.hear(heard)):
                fault = self._talk.sensed.fault()
                if fault is not None:
                    return fault
            if rest and (now - moved > self._spare or now > deadline):
                return "died-half-way" if self.sent.begun else "no-answer"
        return None

    def _lost(self, slip: Encoded) -> PrintEnd:
        """The wire went while sending. What never left cannot be on paper; what left may be."""
        if self.sent.bytes < slip.ink_end:
            return self._end(Ending.FAILED, "died-half-way")
        return self._end(Ending.UNKNOWN, "unknown-ending")

    # ---- after -----------------------------------------------------------------------------------------------------

    def _wait(self, deadline: float) -> PrintEnd:
        """For the fence, a fault, or the deadline."""
        can = self._talk.capability
        estimate = deadline - self._spare + min(self._spare, 1.0)
        while time.monotonic() < deadline:
            for reply in self._talk.listen(min(0.1, max(0.0, deadline - time.monotonic()))):
                end = self._judge(reply)
                if end is not None:
                    return end
            if not (can.fence or can.queued) and time.monotonic() >= estimate:
                break
            self._poll()
        return self._last_word()

    def _judge(self, reply: Reply) -> PrintEnd | None:
        can = self._talk.capability
        if isinstance(reply, Fence) and can.fence and reply.letters == self._letters:
            return PrintEnd(Ending.PRINTED, begun=True)
        if isinstance(reply, Queued) and not can.fence and can.queued and reply.bits & 0x0F in _QUEUED_VALUES:
            if reply.bits & 0x0C:
                return self._end(Ending.FAILED, "paper-out")
            return PrintEnd(Ending.PRINTED, begun=True)
        if isinstance(reply, RealTime) and self._asked is not None:
            self._asked = 3 if self._asked == 2 and reply.bits & 0x40 else None
            if self._asked == 3:  # an error: which one?
                self._talk.ask(3)
                return None
        elif not isinstance(reply, Automatic):
            return None
        fault = self._talk.sensed.fault()
        return None if fault is None else self._end(Ending.FAILED, fault)

    def _poll(self) -> None:
        """Ask again how it stands, one question at a time; a question nobody answered is asked no second time."""
        if not self._talk.capability.realtime or self._asked is not None:
            return
        if time.monotonic() - self._asked_at >= _POLL_SECONDS:
            self._asked, self._asked_at = 2, time.monotonic()
            self._talk.ask(2)

    def _last_word(self) -> PrintEnd:
        """No fence. A fault is a fault; a printer without fences that stands well, all asked, has printed."""
        can = self._talk.capability
        unknown = self._end(Ending.UNKNOWN, "unknown-ending")
        if not can.realtime:
            return unknown
        try:
            if self._asked is not None:
                self._talk.answer(self._asked)
            fault = self._talk.sense().fault()
        except NoAnswer:
            return unknown
        for reply in self._talk.listen(0):
            if (end := self._judge(reply)) is not None:
                return end
        if fault is not None:
            return self._end(Ending.FAILED, fault)
        return unknown if can.fence or can.queued else PrintEnd(Ending.PRINTED, begun=True)

    def _end(self, ending: Ending, reason: str) -> PrintEnd:
        return PrintEnd(ending, reason, self.sent.begun)
