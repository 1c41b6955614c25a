"""The driver `binary4`: small LED boards that read four bytes: address, number high, number low, sum of the three.

Source: a vendor's page (facts on devices §6): `05 03 E7 EF` makes board 5 show 999. They show numbers only, so
a ticket's letter is left out, and never answer. Options: `free`, `paused`, `closed` (numbers, 0 unless set), `refresh`,
`repeat`.
"""

from __future__ import annotations

from collections.abc import Callable

from devices.displays.bus import Bus
from devices.displays.faces import Faces
from devices.displays.port import DisplayPlan, Showing
from devices.displays.serial_line import open_sent_only

MOST = 0xFFFF


def frame(address: int, value: int) -> bytes:
    """Four bytes; of a number beyond 16 bits the last four digits."""
    shown = value if 0 <= value <= MOST else value % 10_000
    head = bytes((address & 0xFF, shown >> 8, shown & 0xFF))
    return head + bytes((sum(head) & 0xFF,))


def open_displays(plan: DisplayPlan, changed: Callable[[], None]) -> Bus:
    """The entry point `binary4`. Raises `BadConnection`."""
    faces = Faces.of(plan.options)

    def made(_window: str, address: int, showing: Showing) -> bytes:
        return frame(address, faces.value(showing))

    return open_sent_only(plan, changed, made)
