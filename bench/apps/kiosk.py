"""The real kiosk, as `main.py run --window` starts it, with the probe on its window: `… bench.apps.kiosk DATA`."""

from __future__ import annotations

import sys
from typing import Any


def main() -> int:
    """Everything is the kiosk's own but the marks."""
    from bench.apps import probe
    from screens import loop

    made = loop.Loop.__init__

    def with_probe(self: loop.Loop, *args: Any, **options: Any) -> None:
        made(self, *args, **options)
        probe.attach(self.window)

    loop.Loop.__init__ = with_probe  # type: ignore[method-assign]
    import main as roof

    return roof.main(["run", "--window", "--data", sys.argv[1]])


if __name__ == "__main__":
    sys.exit(main())
