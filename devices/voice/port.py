"""What a voice is to the rest of the house: something that says one sentence at a time, and says how it stands.

Plain values and a protocol. A third party's driver needs this module and an entry point in `hall_kiosk.voices`.

Reason codes: voice-absent, voice-failed, voice-clips-missing, driver-missing, driver-failed, bad-connection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from devices.ports import DeviceStatus


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something to say. `clips`: the same in pieces that a hall may have recorded, by name, in order."""

    text: str
    clips: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VoicePlan:
    """What hall.toml says of the voice. `clips`: the folder of the hall's own recordings. `times`: how often a sentence
    is said. `expected`: every clip this hall's sentences can need, so that a missing one is known beforehand."""

    name: str
    driver: str
    clips: Path | None = None
    times: int = 2
    expected: frozenset[str] = frozenset()
    options: Mapping[str, str] = field(default_factory=dict)


class Voice(Protocol):
    """Says sentences, one after the other, never two at once. `say` and `status` may be used from any thread."""

    @property
    def name(self) -> str: ...

    @property
    def status(self) -> DeviceStatus: ...

    def say(self, sentence: Sentence) -> Future[bool]:
        """Say it, as often as the plan has it, after what was asked before. Whether it could be said; never raises."""
        ...

    def close(self) -> None:
        """Stop at once, also within a sentence."""
        ...


class OpenVoice(Protocol):
    """What an entry point in `hall_kiosk.voices` names. `changed` is called in the driver's thread."""

    def __call__(self, plan: VoicePlan, changed: Callable[[DeviceStatus], None]) -> Voice: ...
