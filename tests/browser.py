"""Today's Chromium for the tests of the pages: the system's own, or, where there is none (Ubuntu's package is a door to
the snap store), the one that set-up had Playwright bring."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright


def todays(play: Playwright) -> Browser:
    """Start it. deploy/setup.sh looks for the same names."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    return play.chromium.launch(executable_path=program, args=["--no-sandbox"])
