"""What a kiosk does once every page stands and nobody is there."""

from __future__ import annotations

import gc
import time

import pytest

from kiosk.clock import SystemClock
from screens.app import KioskApp
from screens.front import Front
from screens.opening import at_rest
from screens.pages import PAGES

pytestmark = pytest.mark.window


def test_the_pages_are_built_ahead_and_then_left_alone(window) -> None:
    kept = window.shell
    window.loop.window.remove_widget(kept)
    app = KioskApp(window.loop, window.panel, Front.nameless(), SystemClock(), monotonic=lambda: window.clock)
    called: list[int] = []
    app.when_warm = lambda: called.append(len(app.shell._pages))
    try:
        app.start()
        until = time.monotonic() + 30
        while not called and time.monotonic() < until:
            time.sleep(0.01)
            window.frame()
        assert called == [len(PAGES)], "once, when all stand"
        at_rest()
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()
        app.close()
        window.loop.window.add_widget(kept)
