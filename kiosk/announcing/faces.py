"""What each window's display is to show, from the windows as the hall has them and from calls as they happen. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from devices.displays.port import Face, Showing
from kiosk.door import Window, WindowState
from kiosk.ledger import Event

CALLS = ("cn.hall.ticket.called.v1", "cn.hall.ticket.recalled.v1")
_MATTERS = ("cn.hall.ticket.", "cn.hall.window.")
ENDS = tuple(f"cn.hall.ticket.{end}.v1" for end in ("finished", "no-show", "held", "parked", "transferred"))
_WAITING = "cn.hall.ticket.issued.v1"


def face(window: Window) -> Showing:
    """A window's display as things stand. A paused one says so, also while the last one is still being served."""
    if window.state is WindowState.CLOSED:
        return Showing(Face.CLOSED)
    if window.state is WindowState.PAUSED:
        return Showing(Face.PAUSED)
    if window.serving is None:
        return Showing(Face.FREE)
    return Showing(Face.NUMBER, window.serving.number)


def faces(windows: Sequence[Window]) -> Mapping[str, Showing]:
    """Every window's, by id."""
    return {window.id: face(window) for window in windows}


def called(event: Event) -> tuple[str, str] | None:
    """The number and the window of a call; None if the event is not one, or does not say."""
    if event.type not in CALLS:
        return None
    number, window = event.data.get("number"), event.data.get("window")
    return (number, window) if isinstance(number, str) and isinstance(window, str) and number and window else None


def ended(event: Event) -> tuple[str, str] | None:
    """The number and the window of a call that is over: finished, set aside, sent on; None for any other event."""
    if event.type not in ENDS:
        return None
    number, window = event.data.get("number"), event.data.get("window")
    return (number, window) if isinstance(number, str) and isinstance(window, str) else None


def changes_windows(event: Event) -> bool:
    """Whether the windows are to be looked at again after this event."""
    return event.type.startswith(_MATTERS) and event.type != _WAITING and called(event) is None
