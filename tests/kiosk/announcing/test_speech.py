"""What is still to be spoken when the voice has time again: also for a process that takes the voice over."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path

from devices.ports import DeviceStatus, Health
from devices.voice.port import Sentence, VoicePlan
from kiosk.announcing.faces import called, ended
from kiosk.announcing.queue import Call
from kiosk.announcing.speech import Speech
from kiosk.claims import Claim
from kiosk.clock import FakeClock
from tests.kiosk.hall.building import MONDAY, Desk, build


class SlowVoice:
    """Speaks until it is told that it has spoken."""

    name, status = "语音", DeviceStatus(Health.OK)

    def __init__(self) -> None:
        self.said: list[tuple[str, Future[bool]]] = []

    def say(self, sentence: Sentence) -> Future[bool]:
        self.said.append((sentence.text, Future()))
        return self.said[-1][1]

    def close(self) -> None: ...


def test_a_number_sent_on_before_it_was_spoken_is_called_where_it_is_now(tmp_path: Path):
    clock = FakeClock(MONDAY)
    house = build(tmp_path, clock=clock)
    desk, ledger = Desk(house, clock), house.commands.ledger

    def speaks(holder: str) -> tuple[Speech, SlowVoice]:
        voice = SlowVoice()
        speech = Speech(VoicePlan("语音", "slow"), Claim(ledger, clock, "voice", holder), ledger, clock, {}, (),
                        lambda _plan, _changed: voice, lambda: None)  # fmt: skip
        speech.keep()
        return speech, voice

    speech, voice = speaks("one")
    speech.pump()
    after = 0
    for verb, window, more in (
        ("open_window", "1", {}), ("open_window", "2", {}), ("open_window", "3", {}), ("call_next", "1", {}),
        ("call_next", "2", {}), ("transfer", "2", {"to": "3"}), ("call_next", "3", {}),
    ):  # fmt: skip
        if verb == "call_next" and window != "3":
            desk.take("party" if window == "1" else "civil-affairs")
        desk.do(verb, window, **more)
        for logged in ledger.log(after, 100):
            after = logged.seq
            if (call := called(logged.event)) is not None:
                speech.heard(Call(logged.seq, *call, clock.now()))
                speech.pump()
            elif (over := ended(logged.event)) is not None:
                speech.ended(*over)
    begun = [said for said, _end in voice.said]
    assert len(begun) == 1, "one sentence at a time"
    other, late = speaks("two")
    voice.said[0][1].set_result(True)
    speech.pump()
    assert [said for said, _end in voice.said][1:] == ["请B零零一号，到三号窗口"], "not to the window that sent it on"
    ledger.write(lambda _tx: None).result()  # what was spoken is marked
    speech.close()
    clock.advance(timedelta(seconds=20))
    other.keep()
    other.pump()
    assert [said for said, _end in late.said] == ["请B零零一号，到三号窗口"], "it was not spoken to the end"
    house.close()
