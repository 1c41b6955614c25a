"""The window of tests/screens, and whole kiosks as the journeys walk them."""

from __future__ import annotations

from tests.journeys.conftest import stand, stands
from tests.screens.conftest import driver, window

__all__ = ["driver", "stand", "stands", "window"]
