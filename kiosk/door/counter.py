"""The `Counter` protocol: what clerks do at their windows, and what staff and the public see of the queue.

Every command takes a `key` as the `Hall`'s do. All answer with a `Refusal` when the hall says no.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from kiosk.door.queue import BoardView, QueueView, Ticket, Window
from kiosk.door.requests import CounterRequests
from kiosk.door.said import Refusal


class Counter(CounterRequests, Protocol):
    """The windows of a hall for one clerk. `window` is always a window's id; `ticket` an id, a QR text, or a number of
    today. Every method may raise `HallAway` where it crosses a wire.

    `serving`, where a command touches whom the window serves: what the caller believes that to be (id or number, "" for
    nobody). If it is not so (a bounced key, a page that is behind), nothing is done and it is refused, naming whom the
    window serves. None: not checked."""

    async def windows(self) -> tuple[Window, ...] | Refusal:
        """Every window of the hall."""
        ...

    async def view(self, window: str) -> QueueView | Refusal:
        """A window's page."""
        ...

    async def board(self) -> BoardView | Refusal:
        """The hall's board."""
        ...

    async def open_window(
        self, key: str, window: str, services: tuple[str, ...] = (), from_: str | None = None
    ) -> Window | Refusal:
        """Open it for a set of services; none means what hall.toml says. An open window changes its set so, and is its
        opener's from now on. `from_`: whose the caller believes it to be ("" for nobody's); another's is then not taken
        over. None: not checked."""
        ...

    async def close_window(self, key: str, window: str, serving: str | None = None) -> Window | Refusal:
        """Close it, finishing whom it serves; what it held goes back to waiting."""
        ...

    async def call_next(self, key: str, window: str, serving: str | None = None) -> Ticket | Refusal | None:
        """Finish whom it serves and call the next; None when nobody waits (then the one being served is finished all
        the same)."""
        ...

    async def call(self, key: str, window: str, ticket: str, serving: str | None = None) -> Ticket | Refusal:
        """Call a certain one, finishing whom it serves. Refused, and named, when another window has it."""
        ...

    async def recall(self, key: str, window: str, serving: str | None = None) -> Ticket | Refusal:
        """Call the one being served again. After three recalls it is parked instead: look at the answer's state."""
        ...

    async def no_show(self, key: str, window: str, serving: str | None = None) -> Ticket | Refusal:
        """Nobody came: an end."""
        ...

    async def hold(self, key: str, window: str, serving: str | None = None) -> Ticket | Refusal:
        """Set aside whom it serves (gone to fetch something); the window is free."""
        ...

    async def resume_held(self, key: str, window: str, ticket: str) -> Ticket | Refusal:
        """A held one is back and waits again by its old time; a parked one, once, three places behind the first."""
        ...

    async def transfer(
        self, key: str, window: str, *, service: str | None = None, to: str | None = None, come_back: bool = False,
        serving: str | None = None,
    ) -> Ticket | Refusal:  # fmt: skip
        """Send whom it serves on to a service or a window (`to`), by its old time. `come_back`: when it is finished
        there it waits for this window again."""
        ...

    async def finish(self, key: str, window: str, serving: str | None = None) -> Ticket | Refusal:
        """Whom it serves is done (or waits for the window it was to come back to)."""
        ...

    async def pause(self, key: str, window: str, reason: str, back_at: datetime | None = None) -> Window | Refusal:
        """Pause, with a reason that the public reads. Whom it serves stays."""
        ...

    async def resume(self, key: str, window: str) -> Window | Refusal:
        """End the pause."""
        ...

    async def set_notice(self, key: str, text: str) -> Refusal | None:
        """What the board says below; empty for nothing."""
        ...
