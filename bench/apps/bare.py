"""The baseline: a Kivy app of one button that fills the window, on Kivy's own loop, as its documentation shows it."""

from __future__ import annotations

import os

# The leanest start that Kivy's own switches give, so that no ratio is flattered.
os.environ |= {"KIVY_NO_ARGS": "1", "KIVY_NO_CONFIG": "1", "KIVY_NO_FILELOG": "1", "KIVY_NO_CONSOLELOG": "1",
               "KIVY_CLIPBOARD": "dummy", "KIVY_WINDOW": "sdl2", "KIVY_TEXT": "sdl2", "KIVY_IMAGE": "sdl2"}

from kivy.config import Config

Config.set("graphics", "width", "1080")
Config.set("graphics", "height", "1920")
Config.set("graphics", "borderless", "1")
Config.set("graphics", "position", "custom")
Config.set("graphics", "left", "0")
Config.set("graphics", "top", "0")
Config.remove_section("input")  # no touch devices are looked for: the cheapest start Kivy has
Config.add_section("input")
Config.set("input", "mouse", "mouse,disable_multitouch")

from kivy.app import App  # noqa: E402
from kivy.uix.button import Button  # noqa: E402

from bench.apps import probe  # noqa: E402


class Bare(App):
    """One button."""

    def build(self) -> Button:
        from kivy.core.window import Window

        probe.attach(Window)
        return Button(text="OK")


if __name__ == "__main__":
    Bare().run()
