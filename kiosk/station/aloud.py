"""Reads aloud, at a kiosk, what whoever stands there has written: one text at a time, and it stops at once. The text
goes to espeak-ng by standard input and the sound to the player in memory; nothing is kept of either.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from devices.ports import Health
from devices.voice.port import VoicePlan
from devices.voice.sound import CannotSpeak, from_espeak
from devices.voice.speaker import found, play

PLAN = VoicePlan("aloud", "speaker", times=1)


class Aloud:
    """One thread. `failed` is called in it when nothing could be heard."""

    def __init__(self, player: tuple[str, ...], program: str, failed: Callable[[], None]) -> None:
        self._player, self._program, self._failed = player, program, failed
        self._queue: queue.SimpleQueue[tuple[str, threading.Event] | None] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="aloud", daemon=True)
        self._thread.start()

    def say(self, text: str) -> None:
        """This, instead of whatever is being said."""
        self._stop.set()
        self._stop = threading.Event()
        self._queue.put((text, self._stop))

    def hush(self) -> None:
        self._stop.set()

    def close(self) -> None:
        self._stop.set()
        self._queue.put(None)
        self._thread.join(5)

    def _loop(self) -> None:
        while (said := self._queue.get()) is not None:
            self._say(*said)
            del said  # while nothing is to be said, nothing of it is held

    def _say(self, text: str, stop: threading.Event) -> None:
        if stop.is_set():
            return
        try:
            sound = from_espeak(text, self._program)
            if not stop.is_set():
                play(self._player, sound, stop)
        except CannotSpeak:
            self._failed()


def open_aloud(failed: Callable[[], None], plan: VoicePlan = PLAN) -> Aloud | None:
    """None on a machine without a player or a synthesiser."""
    player, status = found(plan)
    program = plan.options.get("espeak", "espeak-ng")
    return Aloud(player, program, failed) if status.health is Health.OK else None
