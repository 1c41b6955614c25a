"""From the finger's lifting to candidates on the page, and from a key to them, with this machine's own data: the
shipped page and place on a window of an X server, in a process of its own. And what the data take of memory, and how
long to load.

The baseline is a digit's key on the same page: everything but reading what was written. "Submitted" as in `touch`: the
frame is handed to GL; without a GPU the drawing comes on top, and is reported. Beside other work the wall tells of that
work; so the main thread's time on a processor has a row too.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from bench.display import x_server
from bench.figures import Figure, percentile
from bench.hall import resident_mb
from bench.halls import DEMO, ROOT

STROKE_MS, KEY_MS, MEMORY_MB, LOAD_MS = 30.0, 16.0, 40.0, 100.0
ALL_MB = 260.0
WRITTEN = 200  # characters
Drawings = dict[str, tuple[tuple[tuple[float, float], ...], ...]]
SENTENCES = ("loudaodenghuaile", "meirenguan", "xiashuidaodule", "woyaobandibao", "wanshangtaichao")


class Desk:
    """In the child: one page, one place, one finger."""

    def __init__(self, drawings: Drawings) -> None:
        from screens import driver as drivers
        from screens.loop import prepare_environment

        def on_the_display(home: Any, **_where: object) -> None:
            prepare_environment(home)

        vars(drivers)["prepare_environment"] = on_the_display
        self.driver = drivers.Driver()
        self.driver.frame(3)
        self.place: Any = None
        self._drawings = drawings
        self._moment = self._busy = 0.0
        self.driver.loop.window.bind(on_flip=self._submitted)

    def _submitted(self, *_: object) -> None:
        self._moment, self._busy = time.perf_counter(), time.thread_time()

    def pages(self, shown: list[object]) -> float:
        """Every page of `bench.memory`, as a kiosk of some hours has shown them; resident MB."""
        for _round in range(10):
            for step in shown:
                self.driver.show(step)
            self._rest()
        return resident_mb(os.getpid())

    def _rest(self) -> None:
        """Nobody touches: what was submitted is drawn (`Loop`)."""
        time.sleep(0.35)
        self.driver.frame()

    def data(self) -> dict[str, list[float]]:
        """Load them and put them to use; milliseconds and MB. Afterwards the collector rests as in a kiosk."""
        from kiosk.config import load
        from kiosk.config.words import hall_words

        words, before = hall_words(load(DEMO)), resident_mb(os.getpid())
        from kiosk.flows import pens

        begun = time.perf_counter()
        pen, missing = pens.open_pen(words)
        loaded = 1000 * (time.perf_counter() - begun)
        if missing:
            raise SystemExit(str(missing))
        for strokes in self._drawings.values():
            pen.read(strokes, "")
        for letters in SENTENCES:
            pen.spelt(pen.listen(), letters, "")
        self.place = pen.place("", 500, str)  # type: ignore[arg-type]
        taken = resident_mb(os.getpid()) - before
        gc.collect()
        gc.freeze()
        return {"load": [loaded], "memory": [taken]}

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

    def lifted(self, x: float, y: float) -> tuple[float, float, float]:
        """Milliseconds from the finger's lifting to the frame handed to GL, of them on the processor, and to the frame
        drawn. What the finger did before has been drawn: it is slower than a frame."""
        self._rest_briefly()
        self.driver.loop.touch(x, y, "up")
        begun, busy = time.perf_counter(), time.thread_time()
        self.driver.loop.turn()
        took = 1000 * (self._moment - begun), 1000 * (self._busy - busy)
        self._finish()
        drawn = 1000 * (time.perf_counter() - begun)
        self.driver.wait(1)
        self.driver.frame()
        return *took, drawn

    def _rest_briefly(self) -> None:
        self._finish()
        time.sleep(0.02)

    @staticmethod
    def _finish() -> None:
        from kivy.graphics.opengl import glFinish

        glFinish()

    def write(self, characters: int) -> float:
        """So many of them, by turns by finger and by pinyin, each chosen; resident MB."""
        from kiosk.flows.steps import Draw, Pick, Press

        length = len(self.place.text)
        ways = [lambda: self._by_hand(Draw, Pick), lambda: self._by_pinyin(Press, Pick)]
        turn = 0
        while len(self.place.text) < length + characters:
            ways[turn % 2]()
            turn += 1
            self.driver.frame()
        self._rest()
        return resident_mb(os.getpid())

    def _by_hand(self, draw: Any, pick: Any) -> None:
        self.answer(pick("hand"))
        for strokes in self._drawings.values():
            for stroke in strokes:
                self.answer(draw(0, stroke))
            self.answer(pick("0"))

    def _by_pinyin(self, press: Any, pick: Any) -> None:
        self.answer(pick("pinyin"))
        for letters in SENTENCES:
            for key in letters:
                self.answer(press(key))
                self.driver.frame()
            while self.place.typed:
                self.answer(pick("0"))

    def keys(self, way: str, keys: str) -> list[tuple[float, float, float]]:
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

    def strokes(self) -> list[tuple[float, float, float]]:
        from kiosk.flows.steps import Pick, Press

        self.answer(Pick("hand"))
        took = []
        for strokes in self._drawings.values():
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


def run(rounds: int, given: Path) -> dict[str, Any]:
    """In the child: milliseconds by what was done, and MB."""
    drawings, shown = pickle.loads(given.read_bytes())
    desk = Desk(drawings)
    without = desk.pages(shown)
    took: dict[str, Any] = desk.data() | {"stroke": [], "key": [], "digit": []}
    desk.open()
    for _round in range(rounds):
        took["stroke"] += desk.strokes()
        for letters in SENTENCES:
            took["key"] += desk.keys("pinyin", letters.upper())
        took["digit"] += desk.keys("signs", "1234567890")
    return took | {"all": [without, desk.write(WRITTEN)]}


def measure(*, rounds: int) -> Iterator[Figure]:
    """Figures, or one that says what is missing."""
    from bench.memory import steps
    from screens.tour.writing import STROKES  # not in the child: the tour brings a whole hall along

    with tempfile.TemporaryDirectory() as folder, x_server() as display:
        given = Path(folder) / "given"
        given.write_bytes(pickle.dumps((STROKES, asyncio.run(steps(Path(folder))))))
        done = subprocess.run([sys.executable, "-m", "bench.writing", str(2 * rounds), str(given)], cwd=ROOT,
                              check=False, capture_output=True, text=True, env={**os.environ, "DISPLAY": display})
    if done.returncode:
        yield Figure("writing", "the data are there", "", done.stderr.strip().rpartition("\n")[2][:60], met=False)
        return
    took = json.loads(done.stdout.splitlines()[-1])
    wall, busy, drawn = ({name: [one[at] for one in took[name]] for name in ("stroke", "key", "digit")}
                         for at in range(3))
    for name, what, goal in (("stroke", "stroke → candidates on the page", STROKE_MS),
                             ("key", "pinyin key → candidates on the page", KEY_MS)):
        for how, times in (("", wall), (", on the processor", busy)):
            more = percentile(times[name], 0.5) / percentile(times["digit"], 0.5)
            yield Figure(f"{what}{how}, p50 / p95", f"p95 ≤ {goal:.0f} ms", f"{_both(times['digit'])} (a digit)",
                         f"{_both(times[name])} ({more:.1f}×)", percentile(times[name], 0.95) <= goal)
        yield Figure(f"{what}, drawn", "reported", f"{_both(drawn['digit'])} (a digit)", _both(drawn[name]), None)
    (memory,), (load,), (without, everything) = took["memory"], took["load"], took["all"]
    yield Figure("writing: its data in memory, in use, with numpy", f"≤ {MEMORY_MB:.0f} MB more", "",
                 f"{memory:.1f} MB", memory <= MEMORY_MB)
    yield Figure(f"memory in all, {WRITTEN} characters written", f"≤ {ALL_MB:.0f} MB",
                 f"{without:.1f} MB (all pages, no writing)", f"{everything:.1f} MB", everything <= ALL_MB)
    yield Figure("writing: loading, imported before", f"≤ {LOAD_MS:.0f} ms", "", f"{load:.0f} ms", load <= LOAD_MS)


def _both(values: list[float]) -> str:
    return f"{percentile(values, 0.5):.1f} / {percentile(values, 0.95):.1f} ms"


if __name__ == "__main__":
    print(json.dumps(run(int(sys.argv[1]), Path(sys.argv[2]))))
