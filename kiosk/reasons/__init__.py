"""The sentence for every reason code: what happened, why, and what to do next, in words a 70-year-old uses every day.

It holds sentences and nothing else; `kiosk.words` picks, translates and fills them. A code maps to a tuple, the most
telling sentence first: the first whose every {fact} is at hand is said, so the last one needs none. A test scans the
source for codes and fails on one that has no sentence here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kiosk.reasons.booking import BOOKING, OFFERS
from kiosk.reasons.devices import DEVICES
from kiosk.reasons.house import CODES, HOUSE, WIRE
from kiosk.reasons.queue import QUEUE, WINDOWS
from kiosk.reasons.ratings import PRAISE, RATING_LEVELS
from kiosk.reasons.requests import REQUESTS
from kiosk.reasons.sentence import Sentences, _
from kiosk.reasons.upstream import UPSTREAM

__all__ = ["PRAISE", "RATING_LEVELS", "REASONS", "Sentences", "_"]

REASONS: Mapping[str, Sentences] = MappingProxyType(
    {**BOOKING, **OFFERS, **QUEUE, **WINDOWS, **REQUESTS, **CODES, **HOUSE, **WIRE, **DEVICES,
     **UPSTREAM})
"""Every code, with its sentences. `unknown` is said for a code that is not here: a page never breaks over one."""
