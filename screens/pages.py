"""Which page shows which step: one line a page, (module, class). The .kv stands beside the module under its name."""

from __future__ import annotations

from kiosk.flows import steps

PAGES: dict[type, tuple[str, str]] = {
    steps.Waiting: ("waiting", "WaitingPage"),
    steps.Home: ("home", "HomePage"),
}
