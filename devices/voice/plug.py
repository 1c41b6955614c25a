"""Finds the voice hall.toml names among the entry points and opens it; what cannot be opened is a state, and silent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import cast

from devices.plugs import Absent, Find, find, plugged
from devices.ports import DeviceStatus
from devices.voice.port import OpenVoice, Sentence, Voice, VoicePlan

VOICES = "hall_kiosk.voices"


class NoVoice(Absent):
    """In the place of a voice that could not be loaded or opened."""

    def say(self, sentence: Sentence) -> Future[bool]:
        del sentence
        end: Future[bool] = Future()
        end.set_result(False)
        return end


def open_voice(plan: VoicePlan, changed: Callable[[DeviceStatus], None], find: Find = find) -> Voice:
    """The voice `plan` describes, or a stand-in that says why not."""

    def opened(driver: object) -> Voice:
        return cast("OpenVoice", driver)(plan, changed)

    return plugged(VOICES, plan.driver, opened, partial(NoVoice, plan.name), find)
