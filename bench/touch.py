"""Tap to handler and tap to frame, idle CPU, and start to first page: Kivy's own loop and the kiosk, turn and turn
about on one X server, tapped by another process through XTEST.

"Submitted" is the moment the first frame after the tap has been handed to GL; without a GPU the drawing itself comes
on top and is reported. Panel and touch controller come on top of both.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from bench.display import HEIGHT, WIDTH, Finger, Watched, x_server
from bench.figures import Figure, median, percentile
from bench.hall import resident_mb

ROUNDS = 3
TAPS = 40
MILLION = 1_000_000


class App(NamedTuple):
    """One side of a comparison: how it is started, where it is tapped, and how many taps bring it to that page."""

    name: str
    start: Callable[..., Watched]
    spot: tuple[int, int]
    before: tuple[tuple[int, int], ...] = ()


@dataclass
class Side:
    """All samples of one side, in milliseconds."""

    handler: list[float] = field(default_factory=list)
    frame: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)
    start: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)  # per cent of a core
    resident: list[float] = field(default_factory=list)  # MB


def after(marks: Sequence[tuple[str, int]], word: str, moment: int) -> int | None:
    """The first `word` at or after `moment`."""
    return next((at for said, at in marks if said == word and at >= moment), None)


def taps(app: App, display: str, side: Side, *, drawn: bool = False) -> None:
    """Start, settle, tap; the pauses are random so that no loop's beat can be met by chance."""
    watched = app.start(display, drawn=drawn)
    try:
        first = watched.wait_for("frame")
        if not drawn:
            side.start.append((first - watched.begun) / MILLION)
        finger, pauses = Finger(display), random.Random(app.name)
        time.sleep(3)
        for spot in app.before:
            finger.tap(*spot)
            time.sleep(1.5)
        pressed = []
        for _ in range(TAPS):
            pressed.append(finger.press(*app.spot))
            time.sleep(0.06)
            finger.release(WIDTH - 3, 3)  # let go elsewhere: a page shows the press, and nothing is chosen
            time.sleep(0.12 + pauses.random() / 20)
    finally:
        watched.process.terminate()
        marks = [*watched.marks, *rest(watched)]
    for moment in pressed:
        handled = after(marks, "touch", moment)
        if handled is None:
            raise RuntimeError(f"{app.name}: a tap never reached a handler")
        frame = after(marks, "frame", handled)
        if not drawn:
            side.handler.append((handled - moment) / MILLION)
            if frame is not None:
                side.frame.append((frame - moment) / MILLION)
        elif (done := after(marks, "drawn", handled)) is not None:
            side.drawn.append((done - moment) / MILLION)


def rest(watched: Watched) -> list[tuple[str, int]]:
    """The marks that were not read yet, up to the process's end."""
    output, _ = watched.process.communicate(timeout=20)
    pairs = (line.split() for line in output.splitlines())
    return [(pair[0], int(pair[1])) for pair in pairs if len(pair) == 2 and pair[1].isdigit()]


def cpu_seconds(pid: int) -> float:
    """Time on a processor of all threads of a process (scheduler statistics, in nanoseconds)."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def idle(app: App, display: str, side: Side, seconds: float) -> None:
    """Share of a core used while nobody touches anything, over whole minutes: the clock's turn is in each once. The
    marks stay in the pipe: an idle app makes few."""
    watched = app.start(display, drawn=False)
    try:
        watched.wait_for("frame")
        time.sleep(20)  # the kiosk builds its pages ahead while nobody is there
        before = cpu_seconds(watched.process.pid)
        time.sleep(seconds)
        side.idle.append((cpu_seconds(watched.process.pid) - before) / seconds * 100)
        side.resident.append(resident_mb(watched.process.pid))
    finally:
        watched.end()


def starter(module: str, *arguments: str) -> Callable[..., Watched]:
    def start(display: str, *, drawn: bool) -> Watched:
        return Watched.start(module, *arguments, display=display, environment={"BENCH_DRAWN": "1"} if drawn else {})
    return start


MIDDLE = (WIDTH // 2, HEIGHT // 2)


def measure(apps: Sequence[App], *, rounds: int = ROUNDS, idle_seconds: float = 60) -> dict[str, Side]:
    sides = {app.name: Side() for app in apps}
    with x_server() as display:
        for app in apps:  # the first start of each fills the page cache and is not counted
            warm = app.start(display, drawn=False)
            warm.wait_for("frame")
            warm.end()
        for _ in range(rounds):
            for app in apps:
                taps(app, display, sides[app.name])
        for app in apps:
            taps(app, display, sides[app.name], drawn=True)
            idle(app, display, sides[app.name], idle_seconds)
    return sides


def both(values: Sequence[float]) -> str:
    return f"{median(values):.1f} / {percentile(values, 0.95):.1f} ms"


def compared(name: str, bare: Side, ours: Side) -> list[Figure]:
    """The figures of one of our sides against the baseline."""
    sooner = median(bare.handler) / median(ours.handler)
    frames = median(bare.frame) / median(ours.frame)
    return [
        Figure(f"{name}: tap → handler, p50 / p95", "≥ 8× sooner, p95 ≤ 4 ms", both(bare.handler),
               f"{both(ours.handler)} ({sooner:.1f}×)", sooner >= 8 and percentile(ours.handler, 0.95) <= 4),
        Figure(f"{name}: tap → frame submitted", "≥ 4× sooner, p95 ≤ 12 ms", both(bare.frame),
               f"{both(ours.frame)} ({frames:.1f}×)", frames >= 4 and percentile(ours.frame, 0.95) <= 12),
        Figure(f"{name}: tap → drawn", "reported", both(bare.drawn), both(ours.drawn), None),
        Figure(f"{name}: idle CPU", "≤ 0.1 % of a core", f"{median(bare.idle):.2f} %", f"{median(ours.idle):.3f} %",
               median(ours.idle) <= 0.1),
    ]


def weighed(name: str, bare: Side, ours: Side) -> Figure:
    heaviest = max(ours.resident)
    return Figure(f"{name}: memory on software GL, with what one writes with", "≤ 260 MB",
                  f"{max(bare.resident):.0f} MB", f"{heaviest:.0f} MB", heaviest <= 260)


def started(name: str, bare: Side, ours: Side) -> Figure:
    ratio = median(ours.start) / median(bare.start)
    return Figure(f"{name}: start → first touchable page", "≤ 1.6×", f"{median(bare.start):.0f} ms",
                  f"{median(ours.start):.0f} ms ({ratio:.2f}×)", ratio <= 1.6)


BARE = App("Kivy's own loop", starter("bench.apps.bare"), MIDDLE)
SAME = App("one button on our loop", starter("bench.apps.same"), MIDDLE)


def the_kiosk(data: Path) -> App:
    """The kiosk itself: the waiting page is tapped away, then cards of the home page are pressed."""
    return App("kiosk", starter("bench.apps.kiosk", str(data)), (WIDTH // 2, HEIGHT * 2 // 5),
               before=((WIDTH // 2, HEIGHT * 13 // 15),))
