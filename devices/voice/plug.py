"""Finds the voice hall.toml names among the entry points and opens it; what cannot be opened is a state, and silent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import cast

from devices.plugs import Find, find
from devices.ports import DeviceStatus, Health
from devices.voice.port import OpenVoice, Sentence, Voice, VoicePlan

VOICES = "hall_kiosk.voices"


class NoVoice:
    """In the place of a voice that could not be loaded or opened."""

    def __init__(self, plan: VoicePlan, status: DeviceStatus) -> None:
        self._plan, self._status = plan, status

    @property
    def name(self) -> str:
        return self._plan.name

    @property
    def status(self) -> DeviceStatus:
        return self._status

    def say(self, sentence: Sentence) -> Future[bool]:
        del sentence
        end: Future[bool] = Future()
        end.set_result(False)
        return end

    def close(self) -> None:
        """Nothing is held."""


def open_voice(plan: VoicePlan, changed: Callable[[DeviceStatus], None], find: Find = find) -> Voice:
    """The voice `plan` describes, or a stand-in that says why not."""
    try:
        point = find(VOICES, plan.driver)
        if point is None:
            return NoVoice(plan, DeviceStatus(Health.BROKEN, "driver-missing", plan.driver))
        return cast("OpenVoice", point.load())(plan, changed)
    except Exception as error:  # noqa: BLE001 - a driver of anyone's may raise anything
        return NoVoice(plan, DeviceStatus(Health.BROKEN, "driver-failed", f"{type(error).__name__}: {error}"))
