"""One voice on one thread: sentences in order, one at a time, each made into sound and handed to whatever plays it.

Both voices are this one with another way to play. A sentence that cannot be said is a state and a False, never an
exception, and the next one is tried again.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future

from devices.ports import DeviceStatus, Health
from devices.voice.port import Sentence, VoicePlan
from devices.voice.sound import CannotSpeak, missing, spoken

Play = Callable[[Sentence, bytes, threading.Event], None]
"""Play a sound to its end, or until the event is set. Raises `CannotSpeak`. Called in the voice's thread."""


class Mouth:
    """See `devices.voice.port.Voice`. `ready`: how it stands before the first sentence."""

    def __init__(
        self, plan: VoicePlan, play: Play, ready: DeviceStatus, changed: Callable[[DeviceStatus], None]
    ) -> None:
        self._plan, self._play, self._changed = plan, play, changed
        self._program = plan.options.get("espeak", "espeak-ng")
        self._status = self._well(ready)
        self._queue: queue.SimpleQueue[tuple[Sentence, Future[bool]] | None] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name=f"voice {plan.name}", daemon=True)
        self._thread.start()

    @property
    def name(self) -> str:
        return self._plan.name

    @property
    def status(self) -> DeviceStatus:
        return self._status

    def say(self, sentence: Sentence) -> Future[bool]:
        end: Future[bool] = Future()
        if self._stop.is_set():
            end.set_result(False)
        else:
            self._queue.put((sentence, end))
        return end

    def close(self) -> None:
        self._stop.set()
        self._queue.put(None)
        self._thread.join(5)

    def _loop(self) -> None:
        while (work := self._queue.get()) is not None:
            sentence, end = work
            end.set_result(False if self._stop.is_set() else self._say(sentence))

    def _say(self, sentence: Sentence) -> bool:
        plan = self._plan
        try:
            sound = spoken(sentence.text, sentence.clips, plan.clips, plan.times, self._program)
            self._play(sentence, sound, self._stop)
        except CannotSpeak as error:
            self._set(DeviceStatus(Health.BROKEN, "voice-failed", str(error)))
            return False
        except Exception as error:  # noqa: BLE001 - the next call must still be tried
            self._set(DeviceStatus(Health.BROKEN, "driver-failed", f"{type(error).__name__}: {error}"))
            return False
        self._set(self._well(DeviceStatus(Health.OK)))
        return True

    def _well(self, ready: DeviceStatus) -> DeviceStatus:
        """`ready`, or that clips are missing for some of what this hall will say."""
        if ready.health is not Health.OK or self._plan.clips is None:
            return ready
        gaps = missing(self._plan.clips, self._plan.expected)
        if not gaps:
            return ready
        named = " ".join(gaps[:20]) + (" …" if len(gaps) > 20 else "")
        return DeviceStatus(Health.WARNING, "voice-clips-missing", f"{self._plan.clips}: {named}")

    def _set(self, status: DeviceStatus) -> None:
        told = (status.health, status.reason) != (self._status.health, self._status.reason)
        self._status = status
        if told:
            self._changed(status)
