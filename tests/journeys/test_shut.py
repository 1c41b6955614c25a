"""A kiosk whose hall.toml cannot be read: the usual pages, no button that does nothing, and words that say where to
go."""

from __future__ import annotations

import pytest

from kiosk.clock import SystemClock
from kiosk.door import Reason
from kiosk.flows.steps import Away, Bar, Help, Home, Waiting
from screens.app import KioskApp
from screens.front import Front, Shut
from screens.widgets.frame import BarButton

pytestmark = pytest.mark.window


@pytest.fixture
def app(window):
    window.loop.window.remove_widget(window.shell)
    app = KioskApp(window.loop, window.panel, Front.nameless(), SystemClock(), monotonic=lambda: window.clock)
    kept, window.shell = window.shell, app.shell
    app.attach(Shut(Reason("config-broken"), window.loop.post, app.emit))
    app.start()
    window.frame(2)
    yield app
    app.close()
    window.shell = kept
    window.loop.window.add_widget(kept)


def test_every_touch_leads_to_words(window, app) -> None:
    assert isinstance(app.shell.step, Waiting)
    assert all(isinstance(target, BarButton) for target in window.targets()), "nothing can be begun"
    assert any("设置有错误" in words and "窗口" in words for words in window.words())
    window.wait(1)
    window.tap("English")
    assert any("window" in words for words in window.words()), "in place"
    assert isinstance(app.shell.step, Waiting)
    window.wait(1)
    window.tap("中文")
    window.wait(1)
    window.tap("帮助")
    window.frame(3)
    assert isinstance(app.shell.step, Help)
    assert app.shell.step.state == "failed"
    app.emit(Bar("home"))
    assert isinstance(app.shell.step, Home)
    window.wait(1)
    window.tap("预约")
    window.frame(3)
    assert isinstance(app.shell.step, Away)
    assert any("窗口" in words for words in window.words())
