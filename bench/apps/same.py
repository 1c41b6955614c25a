"""The same one button as `bench.apps.bare`, on our loop: what the loop alone is worth, without our pages."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.apps import probe


def main() -> None:
    from screens.loop import Loop, prepare_environment

    with tempfile.TemporaryDirectory() as home:
        prepare_environment(Path(home))
        loop = Loop(1080, 1920)
        from kivy.core.window import Window
        from kivy.uix.button import Button

        probe.attach(Window)
        Window.add_widget(Button(text="OK"))
        loop.run()


if __name__ == "__main__":
    main()
