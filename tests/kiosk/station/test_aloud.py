"""Reading aloud: the text by standard input alone, the sound in memory alone, one text at a time, silence at once."""

from __future__ import annotations

import gc
import stat
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.voice.port import VoicePlan
from kiosk.station.aloud import open_aloud

SPARE = 30.0
_PIECES = ("碧螺", "巷尾")  # put together at run time


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + SPARE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def program(path: Path, source: str) -> str:
    path.write_text(f"#!{sys.executable}\n{source}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def plan(tmp_path: Path) -> VoicePlan:
    """Programs that note how they were called; the player takes as long as the file `long` is there."""
    sound = tmp_path / "given.wav"
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(1600))
    speak = program(tmp_path / "speak", f"""
import hashlib, sys
text = sys.stdin.buffer.read()
note = hashlib.sha256(text).hexdigest() + " " + " ".join(sys.argv[1:])
open({str(tmp_path / "said")!r}, "a").write(note + "\\n")
sys.stdout.buffer.write(open({str(sound)!r}, "rb").read())
""")
    play = program(tmp_path / "play", f"""
import os, pathlib, sys, time
place = os.path.realpath(sys.argv[1])
open({str(tmp_path / "played")!r}, "a").write(f"{{place}} {{len(open(sys.argv[1], 'rb').read())}}\\n")
while pathlib.Path({str(tmp_path / "long")!r}).exists():
    time.sleep(0.01)
""")
    return VoicePlan("aloud", "speaker", times=1, options={"espeak": speak, "player": play})


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def test_a_text_goes_in_by_standard_input_and_out_of_memory(plan: VoicePlan, tmp_path: Path) -> None:
    voice = open_aloud(lambda: None, plan)
    assert voice is not None
    text = "".join(_PIECES)
    voice.say(text)
    until(lambda: lines(tmp_path / "played"))
    (called,) = lines(tmp_path / "said")
    assert text not in called
    (played,) = lines(tmp_path / "played")
    assert "memfd" in played, "no file on any disk"
    assert not [path for path in tmp_path.iterdir() if text.encode() in path.read_bytes()]
    voice.close()


def test_the_next_text_takes_the_place_of_the_one_being_said_and_hush_ends_it(plan: VoicePlan, tmp_path: Path) -> None:
    (tmp_path / "long").touch()
    voice = open_aloud(lambda: None, plan)
    assert voice is not None
    voice.say("一")
    until(lambda: len(lines(tmp_path / "played")) == 1)
    voice.say("二")
    until(lambda: len(lines(tmp_path / "played")) == 2)
    voice.hush()
    voice.say("三")
    until(lambda: len(lines(tmp_path / "played")) == 3)
    voice.close()
    until(lambda: not any("aloud" in thread.name for thread in threading.enumerate()))


def test_what_is_hushed_before_its_turn_is_not_spoken_and_before_its_sound_not_played(
    plan: VoicePlan, tmp_path: Path
) -> None:
    slow = program(tmp_path / "slow", f"""
import pathlib, time
pathlib.Path({str(tmp_path / "asked")!r}).touch()
while not pathlib.Path({str(tmp_path / "go")!r}).exists():
    time.sleep(0.01)
import runpy
runpy.run_path({plan.options["espeak"]!r})
""")
    failed: list[str] = []
    voice = open_aloud(lambda: failed.append("failed"), VoicePlan(
        "aloud", "speaker", times=1, options={**plan.options, "espeak": slow}))
    assert voice is not None
    try:
        voice.say("一")
        until((tmp_path / "asked").exists)
        voice.say("二")
        voice.hush()
        (tmp_path / "go").touch()
        voice._queue.put(None)
        voice._thread.join(SPARE)
        assert not voice._thread.is_alive()
        assert len(lines(tmp_path / "said")) == 1, "the second was hushed before its turn"
        assert lines(tmp_path / "played") == [], "the first was hushed before it had a sound"
        assert failed == []
    finally:
        voice.close()


def test_nothing_of_it_is_held_while_it_is_silent(plan: VoicePlan, tmp_path: Path) -> None:
    voice = open_aloud(lambda: None, plan)
    assert voice is not None
    voice.say("".join(_PIECES))
    until(lambda: lines(tmp_path / "played"))

    def held() -> list[str]:
        gc.collect()
        needle = "".join(_PIECES)
        return [text for thing in gc.get_objects() for text in gc.get_referents(thing)
                if type(text) is str and text == needle and text is not needle]

    until(lambda: not held())
    voice.close()


def test_what_cannot_be_heard_is_told(plan: VoicePlan, tmp_path: Path) -> None:
    failed = threading.Event()
    voice = open_aloud(failed.set, plan)
    assert voice is not None
    (tmp_path / "speak").unlink()
    voice.say("一")
    assert failed.wait(SPARE)
    voice.close()


def test_a_machine_without_sound_has_no_voice() -> None:
    assert open_aloud(lambda: None, VoicePlan("a", "speaker", options={"player": "no-such-player"})) is None


def test_espeak_reads_it_where_there_is_one() -> None:
    from devices.voice.sound import CannotSpeak, from_espeak, seconds

    try:
        subprocess.run(["espeak-ng", "--version"], check=True, capture_output=True)
    except OSError:
        with pytest.raises(CannotSpeak):
            from_espeak("楼道灯坏了")
        return
    assert seconds(from_espeak("楼道灯坏了")) > 0.5
