"""Sentences a fifth longer than ours: what another language, or the next edit, will do to a page."""

from __future__ import annotations

from math import ceil
from typing import Any

from kiosk.words import Words


def longer(text: str) -> str:
    """Its own beginning once more at its end."""
    return text + text[:ceil(len(text) / 5)]


class LongWords(Words):
    """Numbers, names, days and times stay as they are."""

    def say(self, msgid: str, /, now: Any = None, **facts: object) -> str:
        return longer(super().say(msgid, now, **facts))

    def plural(self, msgid: str, n: int, /, now: Any = None, **facts: object) -> str:
        return longer(super().plural(msgid, n, now, **facts))

    def reason(self, reason: Any, now: Any = None) -> str:
        return longer(super().reason(reason, now))
