"""The driver `speaker`: plays through this machine's sound card with the player it finds (aplay, paplay, pw-play).

Without a player, or with neither clips nor espeak-ng, it is absent, and says so. Options: `player`, a command that
takes a WAV file's name last; `espeak`, the synthesiser's program.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import threading
import time
from collections.abc import Callable

from devices.ports import DeviceStatus, Health
from devices.voice.mouth import Mouth
from devices.voice.port import Sentence, VoicePlan
from devices.voice.sound import CannotSpeak, missing, seconds

PLAYERS = ("aplay -q", "paplay", "pw-play")
_SPARE_S = 5.0


def found(plan: VoicePlan) -> tuple[tuple[str, ...], DeviceStatus]:
    """The player's command, and how the voice stands before its first word."""
    wished = plan.options.get("player")
    players = [shlex.split(player) for player in ((wished,) if wished else PLAYERS)]
    player = next((player for player in players if player and shutil.which(player[0])), None)
    if player is None:
        names = " ".join(words[0] for words in players if words)
        return (), DeviceStatus(Health.ABSENT, "voice-absent", f"no player: {names}")
    clips = plan.clips is not None and bool(plan.expected) and not missing(plan.clips, plan.expected)
    if not clips and shutil.which(plan.options.get("espeak", "espeak-ng")) is None:
        return (), DeviceStatus(Health.ABSENT, "voice-absent", "neither all clips nor espeak-ng")
    return tuple(player), DeviceStatus(Health.OK)


def play(player: tuple[str, ...], sound: bytes, stop: threading.Event) -> None:
    """To its end, or until `stop`. Raises `CannotSpeak` when the player fails or does not come to an end. The sound
    is a file in memory alone: what a resident wrote may be read aloud, and no disk hears of it."""
    if not player:
        raise CannotSpeak("no player")
    with os.fdopen(os.memfd_create("sound.wav"), "wb") as file:
        file.write(sound)
        file.flush()
        until = time.monotonic() + seconds(sound) + _SPARE_S
        try:
            process = subprocess.Popen([*player, f"/dev/fd/{file.fileno()}"], stdin=subprocess.DEVNULL,  # noqa: S603 - the hall's own hall.toml names it
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, pass_fds=(file.fileno(),),
                                       env={**os.environ, "LC_ALL": "C"})
        except OSError as error:
            raise CannotSpeak(f"{player[0]}: {error.strerror}") from error
        while process.poll() is None and not stop.is_set() and time.monotonic() < until:
            stop.wait(0.02)
        late = process.poll() is None
        if late:
            process.kill()
        _out, said = process.communicate()
        if stop.is_set():
            return
        if late:
            raise CannotSpeak(f"{player[0]} does not come to an end")
        if process.returncode != 0:
            raise CannotSpeak(f"{player[0]}: {said.decode(errors='replace').strip()[-200:]}")


def open_voice(plan: VoicePlan, changed: Callable[[DeviceStatus], None]) -> Mouth:
    """The entry point `speaker`."""
    player, ready = found(plan)

    def played(_sentence: Sentence, sound: bytes, stop: threading.Event) -> None:
        play(player, sound, stop)

    return Mouth(plan, played, ready, changed)
