"""One printer's end of the wire: asks one question at a time, keeps what was heard, finds out what the printer can do.

It never prints. A question that is not answered in time ends the conversation (the answer may still come and would
then be taken for another's), so a late reply can never make a bad state look good.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from devices.printers.encode import fence, fence_letters
from devices.printers.replies import Automatic, Fence, Named, Queued, RealTime, Replies, Reply, Sensed
from devices.transport import Wire, WireLost

ANSWER_SECONDS = 0.5
_OPTIONAL_SECONDS = 0.25
_QUIET_SECONDS = 0.15
_PROBE = 999_983


class NoAnswer(Exception):
    """The printer said nothing in time."""


@dataclass(frozen=True, slots=True)
class Capability:
    """What this printer, on this interface, was seen to do. None: not found out yet; only True counts as can."""

    realtime: bool | None = None
    queued: bool | None = None
    fence: bool | None = None
    status: bool | None = None
    bit7: bool = False
    maker: str = ""
    model: str = ""

    @property
    def known(self) -> bool:
        return None not in (self.realtime, self.queued, self.fence, self.status)

    @property
    def title(self) -> str:
        return " ".join(part for part in (self.maker, self.model) if part)


class Conversation:
    """Over one open `wire`. For one thread. Any method may raise `WireLost`."""

    def __init__(self, wire: Wire, capability: Capability) -> None:
        self.wire = wire
        self.capability = capability
        self.sensed = Sensed()
        self.replies = Replies(bit7=capability.bit7)
        self._asked: int | None = None
        # Word that a slip is done may come just as something else is asked: it is kept for whoever listens next.
        self._overheard: list[Reply] = []

    def listen(self, seconds: float) -> list[Reply]:
        """What has come within `seconds`; status frames and answers are noted as well as returned."""
        if self._overheard:
            kept, self._overheard = self._overheard, []
            return kept
        return self.hear(self.wire.read(seconds))

    def forget(self) -> None:
        """What was overheard until now is of an earlier job: no word that the next one is done."""
        self._overheard.clear()

    def hear(self, data: bytes) -> list[Reply]:
        heard = self.replies.feed(data)
        for reply in heard:  # in the order in which they were said: an answer may be older than the frame after it
            if isinstance(reply, Automatic):
                self.sensed = Sensed.automatic(reply.frame)
            elif isinstance(reply, RealTime) and self._asked is not None:
                self.sensed = self.sensed.real_time(self._asked, reply.bits)
                self._asked = None
        return heard

    def quiet(self) -> None:
        """Hear out whatever is still coming, so that nothing old answers the next question."""
        until = time.monotonic() + 10 * _QUIET_SECONDS
        while self.wire.read(_QUIET_SECONDS) and time.monotonic() < until:
            pass
        self.replies.forget()
        self._asked = None
        self.forget()

    def ask(self, n: int) -> None:
        """Send DLE EOT `n`; its answer must be heard before the next. What was answered before is no answer to this."""
        self._overhear(self.hear(self.wire.read(0)))
        self._asked = n
        self.wire.write_all(bytes([0x10, 0x04, n]), ANSWER_SECONDS)

    def answer(self, n: int, seconds: float = ANSWER_SECONDS) -> None:
        """Wait for the answer to DLE EOT `n`. Raises `NoAnswer`."""
        until = time.monotonic() + seconds + self.wire.seconds(4)
        while (left := until - time.monotonic()) > 0:
            heard = self.hear(self.wire.read(left))
            self._overhear(heard)
            if any(isinstance(reply, RealTime) for reply in heard):
                return
        raise NoAnswer(f"DLE EOT {n}")

    def _overhear(self, heard: list[Reply]) -> None:
        self._overheard += [reply for reply in heard if isinstance(reply, Fence | Queued)]

    def sense(self) -> Sensed:
        """Cover, errors, paper: DLE EOT 2, 3, 4, one after another. Raises `NoAnswer`."""
        self.sensed = Sensed()
        for n in (2, 3, 4):
            self.ask(n)
            self.answer(n)
        return self.sensed

    def probe(self) -> Capability:
        """Find out, moving no paper, what the printer can do. Raises `NoAnswer` if it is silent altogether.

        From what every printer knows to what few do: one that does not know GS r is not asked GS ( H, whose letters a
        simple printer would print.
        """
        self.quiet()
        self.replies.bit7 = True  # only while finding out whether this is such a printer
        self.ask(1)
        try:
            self.answer(1)
        finally:
            self.replies.bit7 = self.capability.bit7
        self.sense()
        found = replace(self.capability, realtime=True)
        if self.sensed.fault() is not None:
            self.capability = found  # GS r is silent without paper: the rest is found out when all is well
            return found
        found = replace(found, queued=self._queued())
        if not found.queued:
            found = replace(found, fence=False, status=False)
        else:
            found = replace(found, fence=self._fences(), maker=self._named(0x42), model=self._named(0x43))
            found = replace(found, status=self._status())
        self.capability = found
        return found

    def _queued(self) -> bool:
        self.wire.write_all(b"\x1dr\x01", ANSWER_SECONDS)
        return self._heard(Queued) is not None

    def _fences(self) -> bool:
        letters = fence_letters(_PROBE)
        self.wire.write_all(fence(letters), ANSWER_SECONDS)
        return self._heard(Fence) == Fence(letters)

    def _named(self, which: int) -> str:
        self.replies.naming = True
        self.wire.write_all(bytes([0x1D, 0x49, which]), ANSWER_SECONDS)
        named = self._heard(Named)
        self.replies.naming = False
        text = named.text.decode("ascii", "replace") if isinstance(named, Named) else ""
        return "".join(c for c in text if c.isprintable())

    def _status(self) -> bool:
        self.wire.write_all(b"\x1da\xff", ANSWER_SECONDS)
        return self._heard(Automatic) is not None

    def _heard(self, kind: type[Reply]) -> Reply | None:
        until = time.monotonic() + _OPTIONAL_SECONDS + self.wire.seconds(20)
        while (left := until - time.monotonic()) > 0:
            for reply in self.listen(left):
                if isinstance(reply, kind):
                    return reply
        return None


__all__ = ["ANSWER_SECONDS", "Capability", "Conversation", "NoAnswer", "WireLost"]
