"""What a kiosk's pages need to stand before a hall has said a word, and what stands in for a machine room where there
is none. It asks nobody, decides nothing and imports no Kivy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from kiosk.config import ScreenSettings, Settings
from kiosk.door import HallAway, Name, Reason
from kiosk.flows.steps import Answer, Ask, PrintSlip, Replied


@dataclass(frozen=True, slots=True)
class House:
    """What pages say of the hall itself: its name, who keeps telephone numbers (the hall where empty), and for how many
    days after the matter ends."""

    name: Name
    keeper: Name = Name("")  # noqa: RUF009 - a frozen value
    days: int = 7


@dataclass(frozen=True, slots=True)
class Front:
    """What the pages show of a hall before it has said a word: from hall.toml, or where that cannot be read."""

    house: House
    screen: ScreenSettings
    windows: Mapping[str, Name] = field(default_factory=dict)
    scanner: bool = False
    requests: bool = True
    names: bool = False

    @staticmethod
    def of(settings: Settings) -> Front:
        keeper, days = settings.privacy.keeper, settings.privacy.days
        windows = {window.id: window.name for window in settings.windows}
        return Front(House(settings.hall.name, keeper, days), settings.screen, windows, bool(settings.scanners),
                     bool(settings.categories), settings.requests.asks_name)

    @staticmethod
    def nameless() -> Front:
        return Front(House(Name("大厅", "Hall")), ScreenSettings(21.5, 800, 600, "standard", "zh"))


class MachineRoom(Protocol):
    """What an app asks and prints with: a `Station`, or `Shut`."""

    def ask(self, ask: Ask) -> None: ...

    def print(self, effect: PrintSlip) -> None: ...

    def close(self) -> None: ...


class Aloud(Protocol):
    """Reads to whoever stands here, and stops at once."""

    def say(self, text: str) -> None: ...

    def hush(self) -> None: ...


class Shut:
    """A machine room without a hall: every question comes back unanswered, with the same reason. So the pages of a
    kiosk that cannot work are the usual ones, and each touch leads to words."""

    def __init__(
        self, why: Reason, post: Callable[[Callable[[], object]], None], emit: Callable[[Answer], None]
    ) -> None:
        self._why, self._post, self._emit = why, post, emit

    def ask(self, ask: Ask) -> None:
        self._post(partial(self._emit, Replied(ask.number, HallAway("", self._why))))

    def print(self, effect: PrintSlip) -> None:
        """Nothing is ever booked here."""

    def close(self) -> None:
        """Nothing was opened."""
