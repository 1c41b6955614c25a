"""The spoken calls: the shipping `Speech` (its claim, its queue, its mark in the ledger) over a voice that takes time.

Window displays are left out: their ports live on real time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta

from devices.ports import DeviceStatus, Health
from devices.voice.port import Sentence, VoicePlan
from kiosk.announcing.faces import CALLS, ENDS
from kiosk.announcing.queue import Call
from kiosk.announcing.speech import Speech
from kiosk.announcing.wording import sentence
from kiosk.claims import Claim
from kiosk.ledger import LedgerTrouble
from kiosk.simulation.mirror import Event
from kiosk.simulation.script import Do, Script, Sleep
from kiosk.simulation.town import Town

_SAYS_S = 10  # a call, twice
_STALE = timedelta(minutes=2, seconds=1)


class _Throat:
    """A voice (see `devices.voice.port.Voice`). `says` is told every sentence."""

    name = "语音"
    status = DeviceStatus(Health.OK)

    def __init__(self, says: Callable[[Sentence, Future[bool]], None]) -> None:
        self._says = says

    def say(self, sentence: Sentence) -> Future[bool]:
        end: Future[bool] = Future()
        self._says(sentence, end)
        return end

    def close(self) -> None:
        """There is nothing to stop."""


class Loudspeaker:
    """One hall's, for as long as its process lives; `restart` makes the next one's."""

    def __init__(self, town: Town) -> None:
        self.said = 0
        self._town = town
        self._fresh: list[Call] = []
        self._called: dict[str, datetime] = {}
        self._over: set[str] = set()
        self._spoken: set[tuple[str, datetime, int]] = set()
        voice = town.settings.voice
        self._quiet = () if voice is None else voice.quiet
        self._names = {window.id: window.name.zh for window in town.settings.windows}
        self._until: datetime | None = None
        self._life = 0
        self._speech: Speech
        self.restart()

    def restart(self) -> None:
        """A new process speaks; what the last one had not spoken it takes over."""
        town, ledger = self._town, self._town.site.house.commands.ledger
        self._life += 1
        self._until = None  # the old one fell silent in the middle of a word
        claim = Claim(ledger, town.clock, "voice", f"life {self._life}")
        self._speech = Speech(
            VoicePlan("语音", "simulated"), claim, ledger, town.clock,
            self._names, self._quiet, lambda _plan, _changed: _Throat(self._says), lambda: None,
        )  # fmt: skip
        town.spawn(self._pumps(self._life))

    def hear(self, event: Event, at: datetime) -> None:
        """Something stands in the log."""
        if event.type in CALLS:
            data = json.loads(event.data)
            call = Call(event.seq, data["number"], data["window"], at)
            self._fresh.append(call)
            self._called[self._words(call)] = at
            self._over.discard(self._words(call))
            self._town.spawn(self._pumps(self._life))
        elif event.type in ENDS:
            data = json.loads(event.data)
            call = Call(event.seq, data["number"], data["window"] or "", at)
            self._over.add(self._words(call))
            self._fresh = [other for other in self._fresh if self._words(other) != self._words(call)]
            self._speech.ended(call.number, call.window)

    def _words(self, call: Call) -> str:
        return sentence(call.number, call.window, self._names.get(call.window, "")).text

    def _pumps(self, life: int) -> Script:
        """Begin the next sentence, if there is one and none is being spoken."""

        async def pump() -> None:
            for call in self._fresh:
                self._speech.heard(call)
            self._fresh.clear()
            self._speech.keep()
            try:
                self._speech.pump()
            except LedgerTrouble:
                return  # the next beat

        if life == self._life:
            yield Do(pump)
            yield Sleep(16)  # a lease left behind runs out in fifteen
            if life == self._life:
                yield Do(pump)

    def _says(self, words: Sentence, end: Future[bool]) -> None:
        town, now, findings, text = self._town, self._town.now, self._town.watcher.findings, words.text
        at = self._called.get(text, now - timedelta(days=1))
        self.said += 1
        findings.check(self._until is None or now >= self._until, "voice", now, f"{text}: into another sentence")
        findings.check(now - at <= _STALE, "voice", now, f"{text}: called {at:%H:%M:%S}")
        findings.check(text not in self._over, "voice", now, f"{text}: nobody waits for it any more")
        call = text, at, town.site.troubles  # after trouble a call is heard once more rather than not at all
        findings.check(call not in self._spoken, "voice", now, f"{text}: once more")
        hush = any(a <= town.clock.now().time() < b for a, b in self._quiet)
        findings.check(not hush, "voice", now, f"{text}: in quiet hours")
        self._spoken.add(call)
        self._until = now + timedelta(seconds=_SAYS_S)
        town.spawn(self._ends(end, self._life))

    def _ends(self, end: Future[bool], life: int) -> Script:
        yield Sleep(_SAYS_S)
        end.set_result(True)
        yield from self._pumps(life)
