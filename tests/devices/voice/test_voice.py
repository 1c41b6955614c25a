"""The voice: recorded clips joined, espeak-ng kept from its broken self, one sentence at a time, absent as a state."""

from __future__ import annotations

import io
import os
import re
import subprocess
import threading
import time
import wave
from pathlib import Path

import pytest

from devices.ports import DeviceStatus, Health
from devices.voice.mouth import Mouth
from devices.voice.plug import open_voice
from devices.voice.port import Sentence, Voice, VoicePlan
from devices.voice.sound import VOICE, CannotSpeak, from_espeak, joined, missing, seconds, spoken
from kiosk.announcing.wording import expected, sentence
from kiosk.config.loading import LETTERS
from tests.devices.helpers import until

CALL = sentence("A023", "2", "二号窗口")
HANZI = "[一-鿿]"


def tone(ms: int, rate: int = 16_000, value: int = 7) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(value.to_bytes(2, "little") * (rate * ms // 1000))
    return out.getvalue()


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    """Each clip is 10 ms of a value of its own, so that the order can be read from the sound."""
    folder = tmp_path / "clips"
    folder.mkdir()
    for at, name in enumerate(sorted(expected(LETTERS, [("2", "二号窗口")])), 1):
        (folder / f"{name}.wav").write_bytes(tone(10, value=at))
    return folder


def phonemes(text: str, voice: str = VOICE) -> str:
    return subprocess.run(["espeak-ng", "-v", voice, "-x", "-q", text], check=True, capture_output=True,
                          text=True).stdout


# ---- espeak-ng -------------------------------------------------------------------------------------------------------


def test_the_phonemes_are_chinese():
    said = phonemes(CALL.text)
    assert CALL.text == "请A零二三号，到二号窗口"
    for syllable in ("tS;h'i21N", "'ei51", "l'i35N", "'@r51", "s'a55n", "X'Au51", "t'Au51", "ts.hw'A55N", "kh'ou214"):
        assert syllable in said
    assert said.index("l'i35N") < said.index("'@r51") < said.index("s'a55n"), "digit by digit"
    assert "s.'i.35" not in said, "not twenty-three"


@pytest.mark.parametrize("letter", LETTERS)
def test_no_letter_or_number_is_read_as_english(letter: str):
    for number in (f"{letter}023", f"{letter}1000"):
        said = phonemes(sentence(number, "12", "十二号窗口").text)
        assert "(en)" not in said
        assert "(cmn)" not in said


def test_the_plain_voice_would_be_broken():
    """Why the voice is named: should this fail one day, espeak-ng has mended it."""
    assert "(en)" in phonemes("请A零二三号，到二号窗口", "cmn")


def test_espeak_gives_a_whole_wav_file():
    once = from_espeak(CALL.text)
    assert 1.5 < seconds(once) < 8
    twice = spoken(CALL.text, (), None, 2)
    assert seconds(twice) == pytest.approx(2 * seconds(once) + 0.7, abs=0.02)


def test_a_text_is_never_an_option():
    assert seconds(from_espeak("-v en --version")) > 0.2


def test_no_espeak_is_said():
    with pytest.raises(CannotSpeak, match="not installed"):
        from_espeak("请", "espeak-nowhere")


# ---- recorded clips --------------------------------------------------------------------------------------------------


def test_clips_are_joined_in_order_twice(clips: Path):
    sound = spoken(CALL.text, CALL.clips, clips, 2, "espeak-nowhere")
    with wave.open(io.BytesIO(sound)) as file:
        frames = file.readframes(file.getnframes())
    values = [int.from_bytes(frames[at:at + 2], "little") for at in range(0, len(frames), 2)]
    order = [value for at, value in enumerate(values) if at == 0 or values[at - 1] != value]
    names = sorted(expected(LETTERS, [("2", "二号窗口")]))
    # two clips beside each other with the same value would be one run; none are in this sentence
    once = [names.index(clip) + 1 for clip in CALL.clips]
    assert order == [*once, 0, *once]


def test_a_missing_clip_or_a_misfit_leaves_the_sentence_to_espeak(clips: Path):
    (clips / "三.wav").unlink()
    assert missing(clips, CALL.clips) == ("三",)
    assert seconds(spoken(CALL.text, CALL.clips, clips, 1)) > 1
    (clips / "三.wav").write_bytes(tone(10, rate=8000))
    assert seconds(spoken(CALL.text, CALL.clips, clips, 1)) > 1
    (clips / "三.wav").write_bytes(b"no sound at all")
    with pytest.raises(CannotSpeak):
        spoken(CALL.text, CALL.clips, clips, 1, "espeak-nowhere")


def test_clips_must_fit():
    with pytest.raises(CannotSpeak, match="differ"):
        joined([tone(10), tone(10, rate=8000)])
    with pytest.raises(CannotSpeak, match="nothing"):
        joined([])


# ---- players ---------------------------------------------------------------------------------------------------------


def player(tmp_path: Path, script: str) -> str:
    path = tmp_path / "player"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


def speaking(plan: VoicePlan, heard: list[DeviceStatus]) -> Voice:
    return open_voice(plan, heard.append)


def test_sentences_never_overlap_and_keep_their_order(tmp_path: Path, clips: Path):
    log = tmp_path / "log"
    program = player(tmp_path, f'echo begin >> {log}; sleep 0.05; test -s "$1" && echo end >> {log}')
    voice = speaking(VoicePlan("语音", "speaker", clips, options={"player": program}), [])
    said = [voice.say(CALL) for _ in range(5)]
    assert [end.result(30) for end in said] == [True] * 5
    assert log.read_text().split() == ["begin", "end"] * 5
    voice.close()


def test_a_player_that_fails_is_a_state_and_the_next_sentence_is_tried(tmp_path: Path, clips: Path):
    heard: list[DeviceStatus] = []
    marker = tmp_path / "well"
    program = player(tmp_path, f"test -e {marker} || {{ echo no sound card >&2; exit 1; }}")
    voice = speaking(VoicePlan("语音", "speaker", clips, options={"player": program}), heard)
    assert voice.say(CALL).result(30) is False
    assert (voice.status.health, voice.status.reason) == (Health.BROKEN, "voice-failed")
    assert "no sound card" in voice.status.detail
    marker.touch()
    assert voice.say(CALL).result(30) is True
    assert voice.status.health is Health.OK
    assert [status.reason for status in heard] == ["voice-failed", None]
    voice.close()


def test_a_player_that_hangs_is_ended(tmp_path: Path, clips: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("devices.voice.speaker._SPARE_S", 0.2)
    program = player(tmp_path, "exec sleep 60")
    voice = speaking(VoicePlan("语音", "speaker", clips, options={"player": program}), [])
    begun = time.monotonic()
    assert voice.say(CALL).result(30) is False
    assert time.monotonic() - begun < 30
    voice.close()


def test_closing_ends_a_sentence_at_once(tmp_path: Path, clips: Path):
    started = tmp_path / "started"
    program = player(tmp_path, f"touch {started}; exec sleep 60")
    (clips / "请.wav").write_bytes(tone(20_000))
    voice = speaking(VoicePlan("语音", "speaker", clips, options={"player": program}), [])
    end = voice.say(CALL)
    assert until(started.exists)
    begun = time.monotonic()
    voice.close()
    assert time.monotonic() - begun < 10
    assert end.done()
    assert voice.say(CALL).result(30) is False


def test_absent_is_a_state(tmp_path: Path, clips: Path):
    nowhere = {"player": "no-such-player -q"}
    voice = speaking(VoicePlan("语音", "speaker", clips, options=nowhere), [])
    assert (voice.status.health, voice.status.reason) == (Health.ABSENT, "voice-absent")
    assert voice.say(CALL).result(30) is False
    voice.close()
    mute = speaking(VoicePlan("语音", "speaker", options={"player": "true", "espeak": "espeak-nowhere"}), [])
    assert mute.status.reason == "voice-absent"
    mute.close()
    assert speaking(VoicePlan("语音", "gramophone"), []).status.reason == "driver-missing"


def test_missing_clips_are_known_before_the_first_call(clips: Path):
    (clips / "七.wav").unlink()
    wanted = expected(LETTERS, [("2", "二号窗口")])
    voice = speaking(VoicePlan("语音", "virtual", clips, expected=wanted), [])
    assert (voice.status.health, voice.status.reason) == (Health.WARNING, "voice-clips-missing")
    assert "七" in voice.status.detail
    voice.close()


def test_the_virtual_voice_writes_what_it_says(tmp_path: Path):
    out = tmp_path / "voice"
    voice = speaking(VoicePlan("语音", "virtual", options={"out": str(out), "pace": "0.02"}), [])
    for window in ("2", "3"):
        assert voice.say(sentence("A023", window, "")).result(30) is True
    lines = [line.split(" ") for line in (out / "spoken.txt").read_text("utf-8").splitlines()]
    assert [line[2] for line in lines] == ["请A零二三号，到二号窗口", "请A零二三号，到三号窗口"]
    assert float(lines[0][1]) <= float(lines[1][0]), "never two at once"
    assert seconds((out / "00.wav").read_bytes()) > 3
    voice.close()


def test_whatever_a_voice_raises_is_a_state():
    def burst(_sentence: Sentence, _sound: bytes, _stop: threading.Event) -> None:
        raise ZeroDivisionError("boom")

    voice = Mouth(VoicePlan("语音", "x"), burst, DeviceStatus(Health.OK), lambda _status: None)
    assert voice.say(CALL).result(30) is False
    assert voice.status.reason == "driver-failed"
    voice.close()


def test_hanzi_reach_espeak_as_utf_8_in_any_locale(monkeypatch: pytest.MonkeyPatch):
    whole = seconds(from_espeak(CALL.text))
    monkeypatch.setitem(os.environ, "LC_ALL", "C")
    assert seconds(from_espeak(CALL.text)) == pytest.approx(whole, abs=0.05)
    assert re.search(HANZI, CALL.text)
