"""Cards to tick, on every page that offers phrases."""

from __future__ import annotations

from kiosk.words import Words, _
from screens.widgets import Item

_SHOWN = 16  # characters of one's own words on their card


def tick(choice: str, said: str, *, on: bool) -> Item:
    """A box to tick: ticked or not, the card takes the same room, so that nothing moves under the finger."""
    return Item(choice, said, (), "tick-on" if on else "tick-off", chosen=on)


def own_tick(choice: str, own: str, words: Words) -> Item:
    """One's own words: not written yet, or the beginning of them, to be changed where they were written."""
    return tick(choice, own_words(own, words), on=bool(own))


def own_words(own: str, words: Words) -> str:
    """What a card says that leads to one's own words."""
    if not own:
        return words.say(_("自己写"))
    return words.say(_("自己写的：{words}"), words=own if len(own) <= _SHOWN else own[:_SHOWN - 1] + "…")
