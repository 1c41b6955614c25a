"""The promises, as the watcher names them, and what it found broken: which one, at what moment, by what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

PROMISES = {
    "places": ("约好的位子就是位子", "no slot above its capacity, no confirmed place taken away"),
    "numbers": ("一个号只发一次", "no number twice, no gap"),
    "calls": ("一个号不会两个窗口叫", "no ticket called by two windows, one open call for a window"),
    "once": ("按一次就是一次", "one key, one effect; the answer again equals the first"),
    "way-on": ("不行也有办法", "no refusal without a way on"),
    "order": ("先来后到", "first come, first served; overtaking is bounded"),
    "nobody": ("一个人也不丢", "every ticket and appointment ends, once, at its time"),
    "log": ("台账和登记一致", "event log and state rows agree"),
    "privacy": ("电话不外露", "no telephone number in an event or in the clear in the file"),
    "waits": ("说的时间靠得住", "every promised wait is sane"),
    "paper": ("凭条不会多打，没打出来有人知道", "no slip on paper twice; staff know of each that failed"),
    "voice": ("叫号一次只说一句", "one spoken call at a time, none twice, none too late or in quiet hours"),
    "answers": ("每次都有答复", "no command ends without an answer"),
}
_MOST = 200


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that was broken."""

    promise: str
    at: datetime
    what: str

    def __str__(self) -> str:
        zh, en = PROMISES[self.promise]
        return f"{self.at:%Y-%m-%d %H:%M:%S}  {self.promise}  {zh} / {en}: {self.what}"


@dataclass(slots=True)
class Findings:
    """What was found, in order; each thing once."""

    broken: list[Broken] = field(default_factory=list)
    checks: int = 0
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def find(self, promise: str, at: datetime, what: str) -> None:
        """A promise was broken."""
        if (promise, what) not in self._seen and len(self.broken) < _MOST:
            self._seen.add((promise, what))
            self.broken.append(Broken(promise, at, what))

    def check(self, kept: object, promise: str, at: datetime, what: str) -> bool:
        """Whether it was kept; if not, that is found."""
        self.checks += 1
        if not kept:
            self.find(promise, at, what)
        return bool(kept)
