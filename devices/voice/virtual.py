"""The virtual voice, shipped: it writes what it says into a folder, as text and as WAV files, and makes no noise.

Option `out`: the folder (without it nothing is written); `pace`: how much of a sentence's own time it takes to say it
(0 unless set, 1 is a real voice). It knows no halls.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from devices.ports import DeviceStatus, Health
from devices.voice.mouth import Mouth
from devices.voice.port import Sentence, VoicePlan
from devices.voice.sound import CannotSpeak, seconds

_KEPT = 50
_LOG = "spoken.txt"


class Folder:
    """Where the sentences go: `spoken.txt` with one line each (when it began and ended, seconds; the text), and the
    last fifty sounds."""

    def __init__(self, out: Path, pace: float) -> None:
        self._out, self._pace = out, pace
        self._count = 0

    def play(self, sentence: Sentence, sound: bytes, stop: threading.Event) -> None:
        begun = time.time()
        stop.wait(seconds(sound) * self._pace)
        try:
            self._out.mkdir(parents=True, exist_ok=True)
            (self._out / f"{self._count % _KEPT:02d}.wav").write_bytes(sound)
            with (self._out / _LOG).open("a", encoding="utf-8") as log:
                log.write(f"{begun:.3f} {time.time():.3f} {sentence.text}\n")
        except OSError as error:
            raise CannotSpeak(f"{self._out}: {error.strerror}") from error
        self._count += 1


def open_voice(plan: VoicePlan, changed: Callable[[DeviceStatus], None]) -> Mouth:
    """The entry point `virtual`. Absent where a real one would have nothing to speak with."""
    pace = float(plan.options.get("pace", "0"))

    def pretend(_sentence: Sentence, sound: bytes, stop: threading.Event) -> None:
        stop.wait(seconds(sound) * pace)

    where = plan.options.get("out")
    play = Folder(Path(where), pace).play if where else pretend
    able = plan.clips is not None or shutil.which(plan.options.get("espeak", "espeak-ng")) is not None
    ready = DeviceStatus(Health.OK) if able else DeviceStatus(Health.ABSENT, "voice-absent", "espeak-ng")
    return Mouth(plan, play, ready, changed)
