"""The driver `ascii-dollar`: LED boards that read `$001,A023#` (Armfly LED-485 in its ASCII mode and clones).

Source of the frame: the LED-485 production test (facts on devices §6); three decimal digits of address, a comma, the
text, `#`. The boards never answer. Options: `cells` (4), `free`, `paused`, `closed`, `refresh`, `repeat`.
"""

from __future__ import annotations

from collections.abc import Callable

from devices.displays.bus import Bus, number
from devices.displays.faces import Faces, fitted, segments
from devices.displays.port import DisplayPlan, Showing
from devices.displays.serial_line import open_sent_only


def frame(address: int, text: str) -> bytes:
    """`$001,A023#`."""
    return f"${address:03d},{text}#".encode("ascii")


def open_displays(plan: DisplayPlan, changed: Callable[[], None]) -> Bus:
    """The entry point `ascii-dollar`. Raises `BadConnection`."""
    cells = round(number(plan.options, "cells", 4, 1, 16))
    faces = Faces.of(plan.options)

    def made(_window: str, address: int, showing: Showing) -> bytes:
        return frame(address, fitted(segments(faces.text(showing)), cells))

    return open_sent_only(plan, changed, made)
