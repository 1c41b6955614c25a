"""The driver `cd5220`: customer displays of two lines of twenty characters (VFD), one on each port.

Source: POS-X XP8200 manual (facts on devices §6): `1B 40` begins, `0C` clears, `1B 51 41 … 0D` writes the upper line,
`1B 51 42 … 0D` the lower, ASCII only. It never answers. Options: `upper` ("{number}"), `lower` ("WINDOW {window}"),
`free` (">"), `paused` ("- - - -"), `closed` ("CLOSED"), `brightness` (1–4), `refresh`, `repeat`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from devices.displays.bus import Bus, number
from devices.displays.faces import Faces
from devices.displays.port import DisplayPlan, Face, Showing
from devices.displays.serial_line import open_sent_only
from devices.transport import BadConnection

COLUMNS = 20
_FACES = Faces(free=">", paused="- - - -", closed="CLOSED")


def line(text: str) -> bytes:
    """Twenty characters, centred; what is not ASCII becomes a question mark."""
    return text[:COLUMNS].center(COLUMNS).encode("ascii", "replace")


def frame(upper: str, lower: str) -> bytes:
    """Both lines."""
    return b"\x1bQA" + line(upper) + b"\r" + b"\x1bQB" + line(lower) + b"\r"


def _filled(template: str, facts: Mapping[str, str]) -> str:
    for key, value in facts.items():
        template = template.replace("{" + key + "}", value)
    return template


def open_displays(plan: DisplayPlan, changed: Callable[[], None]) -> Bus:
    """The entry point `cd5220`. Raises `BadConnection`, also for two windows on one port: it has no address."""
    if len(plan.addresses) > 1:
        raise BadConnection(f"windows = {sorted(plan.addresses)}: one window a port, a cd5220 has no address")
    faces = Faces.of(plan.options, _FACES)
    upper, lower = plan.options.get("upper", "{number}"), plan.options.get("lower", "WINDOW {window}")
    bright = round(number(plan.options, "brightness", 4, 1, 4))
    hello = b"\x1b@\x0c\x1b*" + bytes((bright,))

    def made(window: str, _address: int, showing: Showing) -> bytes:
        text = faces.text(showing)
        facts = {"number": text, "window": window}
        return frame(_filled(upper, facts) if showing.face is Face.NUMBER else text, _filled(lower, facts))

    return open_sent_only(plan, changed, made, hello)
