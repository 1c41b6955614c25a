"""Drives the real screens without a panel: an off-screen window, touches through SDL's own queue, frames by hand,
pixels as pictures. For tests, journeys and the tour; it fakes no widget and skips no code between finger and handler.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.door import Name
from kiosk.words import Language, Words
from screens import fonts, icons
from screens.front import House
from screens.loop import Loop, prepare_environment
from screens.tokens import STANDARD, Panel, Tokens

if TYPE_CHECKING:
    from PIL.Image import Image

    from screens.shell import Shell
    from screens.widgets.piece import Target

CHINA = timezone(timedelta(hours=8))


class Driver:
    """One window for the whole process (SDL allows no more): make it once, change its panel, look and language.

    `answers` collects what the pages emitted unless `emit` is given. Time for taps is the driver's own: `wait` lets it
    pass, so that debouncing is exact and nothing sleeps.
    """

    def __init__(
        self, panel: Panel | None = None, *, emit: Callable[[Any], None] | None = None,
        house: House | None = None, cache: Path | None = None, now: Callable[[], datetime] | None = None,
        unseen: bool = False,
    ) -> None:  # fmt: skip
        """`unseen`: nobody looks but by `pixels`, so other frames go through all of drawing, yet colour one pixel only.
        Without a graphics card colouring is more than half of what a page costs."""
        self._unseen = unseen
        if "KIVY_HOME" not in os.environ or os.environ.get("SDL_VIDEODRIVER") != "offscreen":
            prepare_environment(Path(tempfile.gettempdir()) / f"hall-kivy-{os.getuid()}", offscreen=True)
        self.panel = panel or Panel()
        self.answers: list[Any] = []
        self.clock = 100.0
        self.hall_time = datetime(2026, 11, 23, 9, 30, tzinfo=CHINA)
        self.loop = Loop(self.panel.width, self.panel.height)
        cache = cache or fonts.default_cache()
        self._cache = cache
        from screens.kit import Kit
        from screens.shell import Shell

        tokens = Tokens(self.panel)
        kit = Kit(tokens, fonts.load(cache), icons.load(cache, tokens.icons), Words("zh"))
        self.shell: Shell = Shell(
            kit, house or House(Name("园区党群服务中心", "Park Community Service Centre")),
            emit or self.answers.append,
            now or (lambda: self.hall_time), monotonic=lambda: self.clock,
        )  # fmt: skip
        kit.learn()
        self.loop.window.add_widget(self.shell)

    # ---- the room ------------------------------------------------------------------------------------------------

    def use(
        self, *, panel: Panel | None = None, look: str = STANDARD, low: bool = False, language: Language = "zh"
    ) -> None:
        """Another panel, look, reach or language; the step stays."""
        from screens.kit import Kit

        self.panel = panel or self.panel
        if tuple(self.loop.window.size) != (self.panel.width, self.panel.height):
            self.loop.window.size = (self.panel.width, self.panel.height)
        tokens = Tokens(self.panel, look, low)
        words = Words(language)
        if tokens.scale != self.shell.kit.tokens.scale:
            self.shell.kit = Kit(
                self.shell.kit.tokens, self.shell.kit.fonts, icons.load(self._cache, tokens.icons), words
            )
            self.shell.kit.learn()
        self.shell.look(tokens, words)
        self.frame()

    def show(self, step: object) -> None:
        """Show a step, and let the page settle so that taps count."""
        self.shell.show(step)
        self.wait(1.0)
        self.frame()

    def wait(self, seconds: float) -> None:
        """Let the time of taps pass."""
        self.clock += seconds

    def frame(self, count: int = 1) -> None:
        from kivy.graphics.opengl import GL_SCISSOR_TEST, glEnable, glScissor

        for _ in range(count):
            if self._unseen:
                glEnable(GL_SCISSOR_TEST)
                glScissor(0, 0, 1, 1)
            self.loop.turn()

    # ---- the finger ----------------------------------------------------------------------------------------------

    def touch_down(self, where: Target | tuple[float, float]) -> None:
        self.loop.touch(*self._spot(where), "down")
        self.frame()

    def touch_move(self, where: Target | tuple[float, float]) -> None:
        self.loop.touch(*self._spot(where), "move")
        self.frame()

    def touch_up(self, where: Target | tuple[float, float]) -> None:
        self.loop.touch(*self._spot(where), "up")
        self.frame()

    def tap(self, where: str | Target | tuple[float, float]) -> None:
        """Tap a target, a place, or the target with this label."""
        spot = self.target(where) if isinstance(where, str) else where
        self.touch_down(spot)
        self.touch_up(spot)
        self.wait(0.5)

    @staticmethod
    def _spot(where: Target | tuple[float, float]) -> tuple[float, float]:
        return where if isinstance(where, tuple) else (where.center_x, where.center_y)

    # ---- the eye -------------------------------------------------------------------------------------------------

    def targets(self) -> list[Target]:
        return self.shell.targets()

    def target(self, label: str) -> Target:
        """The target whose label is or begins with or contains `label`. Raises LookupError naming what there is."""
        targets = self.targets()
        for fits in (str.__eq__, str.startswith, str.__contains__):
            for target in targets:
                if fits(target.label, label):
                    return target
        there = ", ".join(target.label for target in targets)
        msg = f"nothing here is called {label!r}; there is: {there}"
        raise LookupError(msg)

    def words(self) -> list[str]:
        """Every text that stands on the page."""
        from screens.widgets.wording import Wording

        found = [w for w in self.shell.walk(restrict=True) if isinstance(w, Wording) and w.text and w.height > 0]
        return [w.text for w in found]

    def pixels(self) -> Image:
        """What a resident sees, as a Pillow image."""
        from PIL import Image

        return Image.frombytes("RGB", self.loop.window.size, self.colours(), "raw", "RGB", 0, -1)

    def colours(self) -> bytes:
        """What a resident sees, as three bytes a pixel, the lowest row first."""
        from kivy.graphics.opengl import GL_RGB, GL_SCISSOR_TEST, GL_UNSIGNED_BYTE, glDisable, glReadPixels

        glDisable(GL_SCISSOR_TEST)
        self.loop.draw()
        colours: bytes = glReadPixels(0, 0, *self.loop.window.size, GL_RGB, GL_UNSIGNED_BYTE)
        return colours
