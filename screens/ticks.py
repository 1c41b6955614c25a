"""Cards to tick, on every page that offers phrases."""

from __future__ import annotations

from screens.widgets import Item


def tick(choice: str, said: str, *, on: bool) -> Item:
    """A box to tick: ticked or not, the card takes the same room, so that nothing moves under the finger."""
    return Item(choice, said, (), "tick-on" if on else "tick-off", chosen=on)
