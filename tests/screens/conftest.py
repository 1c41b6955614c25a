"""One off-screen window for the tests of a process: SDL allows no more. The environment is set before Kivy is
imported."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from screens.loop import prepare_environment

prepare_environment(Path(tempfile.gettempdir()) / "hall-kivy-tests", offscreen=True)


@pytest.fixture(scope="session")
def window():
    """The process's driver; use `driver`, which puts it back in order."""
    from screens.driver import Driver
    from screens.tokens import Panel

    # an off-screen surface never grows: large enough to stand and to lie
    return Driver(Panel(width=1920, height=1920), unseen=True)


@pytest.fixture
def driver(window):
    """The driver in the standard look, with nothing emitted and nothing fired."""
    from screens.tokens import Panel

    window.use(panel=Panel())
    window.answers.clear()
    window.shell.wipe()
    return window
