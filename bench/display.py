"""A screen and a finger for measurements: an X server of its own, and real taps through XTEST from another process than
the one that is tapped. It never uses the display it is started from."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

ROOT = Path(__file__).resolve().parent.parent
WIDTH, HEIGHT = 1080, 1920


@contextmanager
def x_server() -> Iterator[str]:
    """An Xvfb of the kiosk's size; gives its display name. It picks a free number itself."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


class Finger:
    """Taps on a display. Moments are `time.monotonic_ns`, one clock for all processes of a machine."""

    def __init__(self, name: str) -> None:
        self._display: Any = Display(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_gone: object) -> None:
        self._display.close()

    def press(self, x: int, y: int) -> int:
        """Move there, wait until that has gone through, press; gives the moment just before pressing."""
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        self._display.sync()
        time.sleep(0.03)
        moment = time.monotonic_ns()
        xtest.fake_input(self._display, X.ButtonPress, 1)
        self._display.flush()
        return moment

    def release(self, x: int, y: int) -> None:
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        xtest.fake_input(self._display, X.ButtonRelease, 1)
        self._display.sync()

    def tap(self, x: int, y: int) -> int:
        moment = self.press(x, y)
        time.sleep(0.03)
        self.release(x, y)
        return moment


@dataclass
class Watched:
    """A process under `bench.apps.probe`: its marks arrive as lines "WORD NANOSECONDS" on its standard output."""

    process: subprocess.Popen[str]
    begun: int
    marks: list[tuple[str, int]] = field(default_factory=list)

    @classmethod
    def start(cls, module: str, *arguments: str, display: str, environment: Mapping[str, str] | None = None) -> Self:
        begun = time.monotonic_ns()
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], cwd=ROOT, text=True, bufsize=1,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "DISPLAY": display, "SDL_VIDEODRIVER": "x11", **(environment or {})},
        )
        return cls(process, begun)

    def wait_for(self, word: str, *, most: int = 200_000) -> int:
        """Read on until `word`; gives its moment. The process's end, or too many other marks, is an error."""
        assert self.process.stdout is not None
        for _ in range(most):
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError(f"{self.process.args!r} ended before it said {word!r}")
            mark = line.split()
            if len(mark) == 2 and mark[1].isdigit():
                self.marks.append((mark[0], int(mark[1])))
                if mark[0] == word:
                    return int(mark[1])
        raise RuntimeError(f"no {word!r} among {most} lines")

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
