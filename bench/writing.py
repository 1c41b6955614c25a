"""From the finger's lifting to candidates on the page, and from a key to them, with this machine's own data: the
shipped page and place on a window of an X server, in a process of its own. And what the data take of memory, and how
long to load.

The baseline is a digit's key on the same page: everything but reading what was written.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from bench.display import x_server
from bench.figures import Figure, percentile
from bench.hall import resident_mb
from bench.halls import DEMO, ROOT

STROKE_MS, KEY_MS, MEMORY_MB, LOAD_MS = 30.0, 16.0, 40.0, 100.0
SENTENCES = ("loudaodenghuaile", "meirenguan", "xiashuidaodule", "woyaobandibao", "wanshangtaichao")


class Desk:
    """In the child: one page, one place, one finger."""

    def __init__(self) -> None:
        from screens import driver as drivers
        from screens.loop import prepare_environment

        def on_the_display(home: Any, **_where: object) -> None:
            prepare_environment(home)

        vars(drivers)["prepare_environment"] = on_the_display
        self.driver = drivers.Driver()
        self.driver.frame(3)
        self.place: Any = None

    def data(self) -> dict[str, list[float]]:
        """Load them and put them to use; milliseconds and MB."""
        from kiosk.config import load
        from kiosk.config.words import hall_words
        from screens.tour.writing import STROKES

        words, before = hall_words(load(DEMO)), resident_mb(os.getpid())
        from kiosk.flows import pens

        begun = time.perf_counter()
        pen, missing = pens.open_pen(words)
        loaded = 1000 * (time.perf_counter() - begun)
        if missing:
            raise SystemExit(str(missing))
        for strokes in STROKES.values():
            pen.read(strokes, "")
        for letters in SENTENCES:
            pen.spelt(letters, "")
        self.place = pen.place("", 500, str)  # type: ignore[arg-type]
        return {"load": [loaded], "memory": [resident_mb(os.getpid()) - before]}

    def open(self) -> None:
        """The page stands, with the place behind it."""
        self._show()
        self.page: Any = self.driver.shell.page
        vars(self.page)["emit"] = self.answer

    def _show(self) -> None:
        from kiosk.flows.places import World

        self.world = World(datetime.now(UTC))
        self.driver.shell.show(self.place.step(self.world))

    def answer(self, answer: Any) -> None:
        from kiosk.flows.steps import Draw

        move = self.place.draw(answer) if isinstance(answer, Draw) else self.place.answer(answer, self.world)
        self.place = getattr(move, "place", self.place)
        self._show()

    def lifted(self, x: float, y: float) -> float:
        """Milliseconds from the finger's lifting to the frame handed to GL."""
        self.driver.loop.touch(x, y, "up")
        moment = time.perf_counter()
        self.driver.loop.turn()
        took = 1000 * (time.perf_counter() - moment)
        self.driver.wait(1)
        self.driver.frame()
        return took

    def keys(self, way: str, keys: str) -> list[float]:
        from kiosk.flows.steps import Pick, Press

        self.answer(Pick(way))
        took = []
        for key in keys:
            target = next(each for each in self.driver.targets() if each.answer == Press(key))
            self.driver.touch_down(target)
            took.append(self.lifted(target.center_x, target.center_y))
        for _key in keys:
            self.answer(Press("back"))
        return took

    def strokes(self) -> list[float]:
        from kiosk.flows.steps import Pick, Press
        from screens.tour.writing import STROKES

        self.answer(Pick("hand"))
        took = []
        for strokes in STROKES.values():
            for stroke in strokes:
                box = self.page.ids.pad.boxes[0]
                side = min(box.width, box.height)
                spots = [(box.center_x + (x - 0.5) * side, box.center_y + (0.5 - y) * side) for x, y in stroke]
                self.driver.touch_down(spots[0])
                for (x0, y0), (x1, y1) in pairwise(spots):
                    for part in range(1, 11):
                        self.driver.touch_move((x0 + (x1 - x0) * part / 10, y0 + (y1 - y0) * part / 10))
                took.append(self.lifted(*spots[-1]))
            self.answer(Press("clear"))
        return took


def run(rounds: int) -> dict[str, list[float]]:
    """In the child: milliseconds by what was done, and MB."""
    desk = Desk()
    took = desk.data() | {"stroke": [], "key": [], "digit": []}
    desk.open()
    for _round in range(rounds):
        took["stroke"] += desk.strokes()
        for letters in SENTENCES:
            took["key"] += desk.keys("pinyin", letters.upper())
        took["digit"] += desk.keys("signs", "1234567890")
    return took


def measure(*, rounds: int) -> Iterator[Figure]:
    """Figures, or one that says what is missing."""
    with x_server() as display:
        done = subprocess.run([sys.executable, "-m", "bench.writing", str(4 * rounds)], cwd=ROOT, check=False,
                              capture_output=True, text=True, env={**os.environ, "DISPLAY": display})
    if done.returncode:
        yield Figure("writing", "the data are there", "", done.stderr.strip().rpartition("\n")[2][:60], met=False)
        return
    took = json.loads(done.stdout.splitlines()[-1])
    digit = _both(took["digit"])
    for name, what, goal in (("stroke", "stroke → candidates on the page", STROKE_MS),
                             ("key", "pinyin key → candidates on the page", KEY_MS)):
        yield Figure(f"{what}, p50 / p95", f"p95 ≤ {goal:.0f} ms", f"{digit} (a digit)", _both(took[name]),
                     percentile(took[name], 0.95) <= goal)
    (memory,), (load,) = took["memory"], took["load"]
    yield Figure("writing: its data in memory, in use, with numpy", f"≤ {MEMORY_MB:.0f} MB more", "",
                 f"{memory:.1f} MB", memory <= MEMORY_MB)
    yield Figure("writing: loading, imported before", f"≤ {LOAD_MS:.0f} ms", "", f"{load:.0f} ms", load <= LOAD_MS)


def _both(values: list[float]) -> str:
    return f"{percentile(values, 0.5):.1f} / {percentile(values, 0.95):.1f} ms"


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]))))
