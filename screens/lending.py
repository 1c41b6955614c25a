"""What comes after the first page and before anybody touches it: the residents' paths, the data one writes with, and
what reads it aloud. In the opening thread, for it takes a fifth of a second and nobody waits for it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import kiosk.flows.paths  # noqa: F401 - what the first touch will want
from kiosk.config.words import hall_words
from kiosk.flows.pens import open_pen
from kiosk.station.aloud import open_aloud

if TYPE_CHECKING:
    from kiosk.config import Settings
    from screens.app import KioskApp


def lend(app: KioskApp, settings: Settings) -> None:
    """Load it, with the hall's own words, and hand it over to the app, on its own thread."""
    words = hall_words(settings)
    pen, _missing = open_pen(words, fuzzy=settings.writing.fuzzy)
    app.loop.post(partial(app.shell.kit.learn, words))
    app.loop.post(partial(app.lend, pen, open_aloud(lambda: app.loop.post(app.mute))))
