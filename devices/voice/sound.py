"""A sentence as sound: the hall's own recorded clips joined in order, or espeak-ng where a clip is missing.

espeak-ng runs as a subprocess (GPL-3) with the voice `cmn-latn-pinyin`: plain `cmn` of 1.51 reads Chinese as English
(facts on devices §10). It never plays anything. All sound is uncompressed WAV.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from collections.abc import Iterable
from pathlib import Path

VOICE = "cmn-latn-pinyin"
_ESPEAK_S = 10.0
_BETWEEN_S = 0.7
_LONGEST_CLIP = 20 << 20


class CannotSpeak(Exception):
    """No sound could be made of a sentence; the text says why."""


def clip_path(folder: Path, name: str) -> Path:
    """Where a clip lies: 请.wav, A.wav, 零.wav."""
    return folder / f"{name}.wav"


def missing(folder: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Which of these clips are not there."""
    return tuple(sorted({name for name in names if not clip_path(folder, name).is_file()}))


def joined(pieces: Iterable[bytes], pause_s: float = 0.0) -> bytes:
    """WAV files one after the other as one, `pause_s` of silence between. Raises `CannotSpeak` unless all have the same
    rate, width and number of channels."""
    sound, form = [], None
    for piece in pieces:
        try:
            with wave.open(io.BytesIO(piece)) as file:
                this = (file.getnchannels(), file.getsampwidth(), file.getframerate())
                frames = file.readframes(file.getnframes())
        except (wave.Error, EOFError) as error:
            raise CannotSpeak(f"not a WAV file: {error}") from error
        if form is not None and this != form:
            raise CannotSpeak(f"clips differ: {form} and {this} (channels, bytes, rate)")
        form = this
        sound.append(frames)
    if form is None:
        raise CannotSpeak("nothing to say")
    channels, width, rate = form
    still = (b"\x80" if width == 1 else bytes(width)) * channels * round(pause_s * rate)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(still.join(sound))
    return out.getvalue()


def from_clips(folder: Path, names: Iterable[str]) -> bytes:
    """The clips as one sound. Raises `CannotSpeak`, also when one is missing."""
    pieces = []
    for name in names:
        path = clip_path(folder, name)
        try:
            if path.stat().st_size > _LONGEST_CLIP:
                raise CannotSpeak(f"{path.name} is larger than 20 MB")
            pieces.append(path.read_bytes())
        except OSError as error:
            raise CannotSpeak(f"{path.name}: {error.strerror}") from error
    return joined(pieces)


def from_espeak(text: str, program: str = "espeak-ng") -> bytes:
    """The text as espeak-ng says it, 22.05 kHz mono. Raises `CannotSpeak`."""
    if shutil.which(program) is None:
        raise CannotSpeak(f"{program} is not installed")
    try:
        # the text goes in by standard input: a name that begins with a hyphen is no option
        done = subprocess.run([program, "-v", VOICE, "--stdin", "--stdout"], input=text.encode(), check=True,  # noqa: S603 - a fixed program
                              capture_output=True, timeout=_ESPEAK_S)
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotSpeak(f"{program}: {error}") from error
    return _whole(done.stdout)


def _whole(stream: bytes) -> bytes:
    """espeak-ng writes to a pipe, so its header has made-up lengths; the same sound with true ones."""
    at = stream.find(b"data")
    if at < 0 or stream[:4] != b"RIFF" or len(stream) < at + 8:
        raise CannotSpeak("espeak-ng gave no sound")
    channels, rate = int.from_bytes(stream[22:24], "little"), int.from_bytes(stream[24:28], "little")
    width = int.from_bytes(stream[34:36], "little") // 8
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(stream[at + 8:])
    return out.getvalue()


def spoken(text: str, clips: tuple[str, ...], folder: Path | None, times: int, program: str = "espeak-ng") -> bytes:
    """A sentence said `times` times: from clips when every one is there and they fit together, else by espeak-ng.
    Raises `CannotSpeak`."""
    once = None
    if folder is not None and clips:
        try:
            once = from_clips(folder, clips)
        except CannotSpeak:
            once = None
    if once is None:
        once = from_espeak(text, program)
    return joined([once] * times, _BETWEEN_S)


def seconds(sound: bytes) -> float:
    """How long it takes to play."""
    with wave.open(io.BytesIO(sound)) as file:
        frames, rate = int(file.getnframes()), int(file.getframerate())
        return frames / rate
