"""The spoken calls of one hall: a claim on the voice, a queue of calls, one sentence at a time.

What was spoken last is marked in the ledger under the lease's fence, so whoever takes the voice over goes on from
there: a call is heard once more rather than not at all. It decides neither what is called nor when it is quiet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime, time

from devices.ports import DeviceStatus, Health
from devices.voice.port import Voice, VoicePlan
from kiosk.announcing.faces import called, ended
from kiosk.announcing.queue import Call, Calls
from kiosk.announcing.wording import sentence
from kiosk.claims import Claim
from kiosk.clock import Clock
from kiosk.ledger import Hot, Ledger, Tx

_MARK = Hot("SELECT value FROM mark WHERE name = 'spoken'")
_SET_MARK = Hot(
    "INSERT INTO mark (name, value) VALUES ('spoken', :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_NEWEST = Hot("SELECT seq FROM event ORDER BY seq DESC LIMIT 1")
_BACK = 500  # events looked back at when the voice is taken over
_REPORT_S = 10.0

OpenVoicePlan = Callable[[VoicePlan, Callable[[DeviceStatus], None]], Voice]


class Speech:
    """`heard` and `pump` belong to the reader's thread, `keep` to the keeper's. `nudge` wakes the reader."""

    def __init__(
        self, plan: VoicePlan, claim: Claim, ledger: Ledger, clock: Clock, names: Mapping[str, str],
        quiet: Sequence[tuple[time, time]], open_voice: OpenVoicePlan, nudge: Callable[[], None],
    ) -> None:
        self._claim, self._ledger, self._clock, self._names, self._nudge = claim, ledger, clock, names, nudge
        self._calls = Calls(quiet)
        self._voice = open_voice(plan, self._changed)
        self._speaking: tuple[Call, Future[bool]] | None = None
        self._mine = False
        self._report_at = 0.0

    @property
    def name(self) -> str:
        return self._voice.name

    @property
    def voice(self) -> Voice:
        return self._voice

    def heard(self, call: Call) -> None:
        """A call was made. It is remembered also while another process speaks: that one may be about to end."""
        self._calls.add(call)

    def ended(self, number: str, window: str) -> None:
        """A call is over before it was spoken: the number was sent elsewhere, or is served already."""
        self._calls.drop(number, window)

    def pump(self) -> None:
        """Begin the next sentence if none is being spoken. Raises `LedgerTrouble` while taking over."""
        if self._claim.held and not self._mine:
            self._take_over()
        elif not self._claim.held and self._mine:
            self._mine = False
        if self._speaking is not None:
            call, said = self._speaking
            if not said.done():
                return
            self._speaking = None
            self._ledger.write(lambda tx: self._mark(tx, call.seq))
        call_now = self._calls.next(self._clock.now()) if self._mine else None
        if call_now is not None:
            words = sentence(call_now.number, call_now.window, self._names.get(call_now.window, call_now.window))
            end = self._voice.say(words)
            self._speaking = (call_now, end)
            end.add_done_callback(lambda _: self._nudge())

    def keep(self) -> bool:
        """Keep the claim; whether the voice's state is to be told now."""
        self._claim.keep(useful=self._voice.status.health is not Health.ABSENT)
        now = self._clock.monotonic()
        if self._claim.held and not self._mine:
            self._nudge()
        if not self._claim.held or now < self._report_at:
            return False
        self._report_at = now + _REPORT_S
        return True

    def close(self) -> None:
        self._voice.close()
        self._claim.let_go()

    def _take_over(self) -> None:
        """Take in what was called and not spoken, as the mark has it; the very first time, what was heard here."""

        def missed(tx: Tx) -> tuple[int, Calls | None]:
            row, newest = tx.one(_MARK), tx.one(_NEWEST)
            top = 0 if newest is None else int(newest[0])
            if row is None:
                return top, None
            zone = self._clock.now().tzinfo
            calls = Calls(self._calls.periods)
            for logged in tx.log(max(int(row[0]), top - _BACK), _BACK):
                if (told := called(logged.event)) is not None:
                    calls.add(Call(logged.seq, *told, datetime.fromtimestamp(logged.event.at / 1000, zone)))
                elif (over := ended(logged.event)) is not None:
                    calls.drop(*over)
            calls.last = top
            return top, calls

        top, calls = self._ledger.read(missed)
        if calls is not None:
            self._calls = calls
        before = self._calls.waiting[0].seq - 1 if self._calls.waiting else top
        self._ledger.write(lambda tx: self._mark(tx, before))
        self._mine = True

    def _mark(self, tx: Tx, seq: int) -> None:
        if self._claim.fenced(tx):
            tx.run(_SET_MARK, value=str(seq))

    def _changed(self, _status: DeviceStatus) -> None:
        self._report_at = 0.0

