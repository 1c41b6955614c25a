"""What a notifier is to the rest of the house: something that takes a text message for a telephone, and says how it
stands.

Plain values and a protocol. A third party's driver needs this module and an entry point in `hall_kiosk.notifiers`.

Reason codes: notifier-failed, notifier-folder, notifier-busy, driver-missing, driver-failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from devices.ports import DeviceStatus


class Delivery(StrEnum):
    """What became of a message. SENT: whoever carries it has it. FAILED: nothing has left, and it is to be tried again,
    it and those behind it. REFUSED: this one will never be taken, others may. UNKNOWN means just that: it may have
    gone, so it is never sent again. What a driver raises counts as UNKNOWN."""

    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class NotifierPlan:
    """What hall.toml says of one notifier. `options`: the driver's own keys, as words."""

    name: str
    driver: str
    options: Mapping[str, str] = field(default_factory=dict)


class Notifier(Protocol):
    """Sends messages, one after the other. `send` and `status` may be used from any thread and never block."""

    @property
    def name(self) -> str: ...

    @property
    def status(self) -> DeviceStatus: ...

    def send(self, number: str, words: str) -> Future[Delivery]:
        """Send `words` to the telephone `number` (digits, a landline with its area code), once. A driver keeps neither
        in any log."""
        ...

    def close(self) -> None:
        """Finish what was handed over, then let go."""
        ...


class OpenNotifier(Protocol):
    """What an entry point in `hall_kiosk.notifiers` names. `changed` is called in the driver's thread."""

    def __call__(self, plan: NotifierPlan, changed: Callable[[DeviceStatus], None]) -> Notifier: ...
