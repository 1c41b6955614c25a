"""What leaves the hall sealed: a narrow port, so that a command need not know which destinations there are.

The use cases say what an event has beside it that is private; whoever stands behind the port keeps it, in the command's
own transaction, for each destination that takes the event, sealed to that destination's key. None: nobody takes any.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from kiosk.ledger import Event, Tx


class Outbox(Protocol):
    """Keeps what destinations are to get."""

    def keep(self, tx: Tx, event: Event, private: Mapping[str, str]) -> None:
        """Keep the private fields of an event that has just been appended: of "text", "place", "phone", "name" those
        that there are."""
        ...
