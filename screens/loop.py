"""The kiosk's main loop: the main thread sleeps in SDL until a touch, a timer or a `post` wakes it, then dispatches and
draws in the same turn. It never polls, never sleeps by frame rate, and is the only file that touches Kivy's private
parts and Kivy's environment; so Kivy is pinned exactly and a mismatch is named at the start.

Kivy's own loop sleeps, dispatches, draws and only then looks for input, 60 times a second (facts: 20 ms from touch to
handler, 2–3 % of a core when idle). This one: about 1 ms and 0.00 %.
"""

from __future__ import annotations

import ctypes
import logging
import os
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from math import ceil
from pathlib import Path
from typing import Any

KIVY = "2.3.1"
_FRAME = 1 / 60
_SETTLE = 0.3  # s after a frame was submitted
_LONGEST_SLEEP = 5.0
_TROUBLES_IN_A_MINUTE = 6
_SDL_USEREVENT, _SDL_MOUSEMOTION, _SDL_MOUSEDOWN, _SDL_MOUSEUP = 0x8000, 0x400, 0x401, 0x402

log = logging.getLogger("hall.loop")


class KivyMismatch(RuntimeError):
    """The installed Kivy is not the one this loop was written against."""


class TooManyTroubles(RuntimeError):
    """The pages fail again and again; the process should end and be started afresh."""


def prepare_environment(home: Path, *, offscreen: bool = False, verbose: bool = False) -> None:
    """Everything Kivy reads from the environment, in one place. To be called before the first import of Kivy.

    `home` is a folder of ours for what Kivy insists on writing; nothing of the user's own Kivy settings is read.
    """
    home.mkdir(parents=True, exist_ok=True)
    settings = {
        "KIVY_HOME": str(home),
        "KIVY_NO_ARGS": "1",
        "KIVY_NO_CONFIG": "1",
        "KIVY_NO_ENV_CONFIG": "1",
        "KIVY_NO_FILELOG": "1",
        "KIVY_LOG_MODE": "PYTHON",
        "KIVY_CLIPBOARD": "dummy",
        "KIVY_WINDOW": "sdl2",
        "KIVY_TEXT": "sdl2",
        "KIVY_IMAGE": "sdl2",  # without it Kivy imports Pillow on the way to the first page
        "KIVY_AUDIO": "sdl2",
        "KIVY_SPELLING": "",
    }
    if offscreen:
        settings["SDL_VIDEODRIVER"] = "offscreen"
    os.environ.update(settings)
    kivy = logging.getLogger("kivy")
    kivy.setLevel(logging.INFO if verbose else logging.WARNING)
    # Kivy tries every input it knows and shouts about a library that nobody here wants (facts: libmtdev)
    kivy.addFilter(lambda record: "MTDev" not in record.getMessage())


def check_kivy() -> None:
    """Raises `KivyMismatch` naming what was found and what is needed."""
    import kivy

    if kivy.__version__ != KIVY:
        msg = f"screens/loop.py needs Kivy {KIVY} exactly and found {kivy.__version__}: run `make setup` again"
        raise KivyMismatch(msg)
    from kivy.base import EventLoop
    from kivy.cache import Cache
    from kivy.clock import Clock

    wanted = [(Cache, "_purge_by_timeout"), (Clock, "_max_fps"), (Clock, "get_min_timeout"), (EventLoop, "idle"),
              (EventLoop, "input_providers")]
    lost = [f"{type(thing).__name__}.{name}" for thing, name in wanted if not hasattr(thing, name)]
    if lost:
        msg = f"this Kivy {KIVY} lacks {', '.join(lost)}: it is not the published build"
        raise KivyMismatch(msg)


def _sdl() -> ctypes.CDLL:
    """The SDL that Kivy has already loaded (its wheel brings its own), found among this process's mapped files."""
    for line in Path("/proc/self/maps").read_text(encoding="utf-8").splitlines():
        path = line.rsplit(" ", 1)[-1]
        if "libSDL2-2" in path or path.endswith("libSDL2.so"):
            return ctypes.CDLL(path)
    msg = "SDL2 is not loaded: no window has been made yet"
    raise RuntimeError(msg)


def _watched() -> Callable[[], None]:
    """What says that the pages live, where somebody listens for it (`kiosk.watchdog`)."""
    if "NOTIFY_SOCKET" not in os.environ:
        return lambda: None
    from kiosk.watchdog import Watchdog

    return Watchdog(os.environ).turned


class _MouseEvent(ctypes.Structure):
    """SDL_MouseButtonEvent (SDL 2.30, SDL_events.h), padded to the 56 bytes of an SDL_Event."""

    _fields_ = (
        ("type", ctypes.c_uint32), ("timestamp", ctypes.c_uint32), ("window", ctypes.c_uint32),
        ("which", ctypes.c_uint32), ("button", ctypes.c_uint8), ("state", ctypes.c_uint8),
        ("clicks", ctypes.c_uint8), ("padding", ctypes.c_uint8), ("x", ctypes.c_int32), ("y", ctypes.c_int32),
        ("rest", ctypes.c_uint8 * 28),
    )  # fmt: skip


class _MotionEvent(ctypes.Structure):
    """SDL_MouseMotionEvent, padded likewise."""

    _fields_ = (
        ("type", ctypes.c_uint32), ("timestamp", ctypes.c_uint32), ("window", ctypes.c_uint32),
        ("which", ctypes.c_uint32), ("state", ctypes.c_uint32), ("x", ctypes.c_int32), ("y", ctypes.c_int32),
        ("xrel", ctypes.c_int32), ("yrel", ctypes.c_int32), ("rest", ctypes.c_uint8 * 20),
    )  # fmt: skip


class Loop:
    """One window and the turns of its life. Made on the main thread; only `post` and `stop` are for other threads.

    `on_trouble(exception)` is called on the main thread when a handler or a posted callable raised: it should leave
    the waiting page standing. More than six troubles in a minute end the loop with `TooManyTroubles`.
    """

    def __init__(
        self, width: int, height: int, *, fullscreen: bool = False, cursor: bool = False, title: str = "Hall Kiosk"
    ) -> None:
        check_kivy()
        from kivy.config import Config

        graphics = {
            "width": width, "height": height, "resizable": 0, "borderless": int(fullscreen), "multisamples": 0,
            "fullscreen": "auto" if fullscreen else 0, "maxfps": 0, "show_cursor": int(cursor), "vsync": "0",
        }  # fmt: skip
        for key, value in graphics.items():
            Config.set("graphics", key, str(value))
        for key, value in {"exit_on_escape": "0", "keyboard_mode": "", "log_level": "warning"}.items():
            Config.set("kivy", key, value)
        for name, _ in Config.items("input"):
            Config.remove_option("input", name)
        Config.set("input", "mouse", "mouse,disable_multitouch,disable_hover")

        asked = os.environ.get("SDL_VIDEODRIVER")
        from kivy.base import EventLoop, runTouchApp
        from kivy.cache import Cache
        from kivy.clock import Clock
        from kivy.core.window import Window

        self._events, self._clock = EventLoop, Clock
        self.window: Any = Window
        Window.title = title
        if tuple(Window.size) != (width, height) and not fullscreen:
            Window.size = (width, height)
        runTouchApp(embedded=True)
        Clock._max_fps = 0  # noqa: SLF001  tick() must not sleep: waiting is this loop's business
        # Kivy looks every second whether something in its caches has grown old; nothing here uses them
        Clock.unschedule(Cache._purge_by_timeout)  # noqa: SLF001
        self._posted: deque[Callable[[], object]] = deque()
        self._rung = False
        self._stopping = False
        self._last_turn = 0.0
        self._troubles: deque[float] = deque(maxlen=_TROUBLES_IN_A_MINUTE)
        self.on_trouble: Callable[[Exception], None] | None = None
        self.turned = _watched()
        """Called after every turn of `run`: at least every five seconds, for as long as the pages live."""
        self._sdl = _sdl()
        self._sdl.SDL_GetCurrentVideoDriver.restype = ctypes.c_char_p
        self._sdl.SDL_RegisterEvents.restype = ctypes.c_uint32
        # SDL can only sleep on a window system; without one it would look every millisecond, so a bell of ours rings
        hidden = self._sdl.SDL_GetCurrentVideoDriver() in {b"offscreen", b"dummy"}
        self._bell = threading.Event() if hidden else None
        self.seen = not hidden or asked is not None
        """Whether somebody can see the window. SDL draws nowhere, without a word, where it finds no display (or a
        `DISPLAY` that nobody answers at), unless it was told to (`SDL_VIDEODRIVER`)."""
        self._wake = _MouseEvent(type=self._sdl.SDL_RegisterEvents(1))
        self._settle = Clock.create_trigger(self._settled, _SETTLE)
        Window.bind(on_flip=lambda *_: self._settle())

    # ---- for any thread ------------------------------------------------------------------------------------------

    def post(self, fn: Callable[[], object]) -> None:
        """Run `fn()` on the main thread, soon and in order. The one way by which anything reaches the screen."""
        self._posted.append(fn)
        if not self._rung:
            self._rung = True
            self._ring()

    def stop(self) -> None:
        """Leave `run` after the present turn."""
        self._stopping = True
        self._ring()

    def _ring(self) -> None:
        if self._bell is not None:
            self._bell.set()
        else:
            self._sdl.SDL_PushEvent(ctypes.byref(self._wake))

    # ---- for the main thread -------------------------------------------------------------------------------------

    def run(self) -> None:
        """Turn until `stop`, or until the window is closed. Raises `TooManyTroubles`."""
        while not self._stopping and not self._events.quit and self._events.status == "started":
            self.sleep()
            self.turn()
            self.turned()
        self._stopping = False

    def sleep(self) -> None:
        """Block until there is something to do, at most five seconds."""
        clock = self._clock
        due, now = clock.get_min_timeout(), clock.time()
        if self._posted or self.window.canvas.needs_redraw:
            wait = 0.0
        elif due is None or due > 1e17:
            wait = _LONGEST_SLEEP
        else:
            wait = min(max(due - now, 0.0), _LONGEST_SLEEP)
            if due <= now:  # a callback for every frame: no more than 60 of them a second
                wait = max(0.0, self._last_turn + _FRAME - now)
        if wait <= 0 or self._stopping:
            return
        if self._bell is not None:
            self._bell.wait(wait)
            self._bell.clear()
        else:
            self._sdl.SDL_WaitEventTimeout(None, ceil(wait * 1000))  # ctypes lets the other threads run meanwhile

    def turn(self) -> None:
        """One turn: posted callables, then input, timers, layout and drawing. Troubles are handed on, never lost."""
        self._last_turn = self._clock.time()
        self._rung = False
        for _ in range(len(self._posted)):
            fn = self._posted.popleft()
            try:
                fn()
            except Exception as trouble:  # noqa: BLE001  whatever it is, the waiting page must stand afterwards
                self._troubled(trouble)
        try:
            self.window.mainloop()
            self._events.idle()
        except Exception as trouble:  # noqa: BLE001
            self._troubled(trouble)

    @staticmethod
    def _settled(_passed: float) -> None:
        """Wait for what was submitted to be drawn. Without a graphics card Mesa keeps every texture of up to eight
        frames that nobody waited for: 80 MB and more after many pages. Not at once: a touch comes first."""
        from kivy.graphics.opengl import glFinish

        glFinish()

    @staticmethod
    def give_back() -> None:
        """Give the system what the C library keeps free: after a page of many letters some 10 MB. Takes milliseconds,
        so while nobody is there."""
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # not every C library has it
        if trim is not None:
            trim(0)

    def draw(self) -> None:
        """Draw now, whether or not anything asked for it (tests and pictures)."""
        self.window.canvas.ask_update()
        self.window.dispatch("on_draw")

    def _troubled(self, trouble: Exception) -> None:
        # where, not what: a message could quote something a resident typed
        where = "".join(traceback.format_tb(trouble.__traceback__))
        log.error("%s in a handler\n%s", type(trouble).__name__, where)
        now = time.monotonic()
        full = len(self._troubles) == self._troubles.maxlen
        if self.on_trouble is None:
            raise trouble
        if full and now - self._troubles[0] < 60:
            msg = f"{len(self._troubles)} troubles in a minute, the last a {type(trouble).__name__}"
            raise TooManyTroubles(msg) from None
        self._troubles.append(now)
        self.on_trouble(trouble)

    def touch(self, x: float, y: float, kind: str, *, button: int = 1) -> None:
        """Push a touch into SDL's queue as a touch panel's driver would: `kind` "down", "move" or "up"; pixels from the
        lower left, as Kivy counts. For the driver of tests and tour, and the bench."""
        top = int(self.window.height - 1 - y)
        event: ctypes.Structure
        if kind == "move":
            event = _MotionEvent(type=_SDL_MOUSEMOTION, state=1, x=int(x), y=top)
        else:
            down = kind == "down"
            event = _MouseEvent(
                type=_SDL_MOUSEDOWN if down else _SDL_MOUSEUP, button=button, state=int(down), clicks=1, x=int(x), y=top
            )
        self._sdl.SDL_PushEvent(ctypes.byref(event))
        if self._bell is not None:
            self._bell.set()

    def desktop(self) -> tuple[int, int]:
        """Width and height of the display in pixels, (0, 0) where there is none."""
        mode = (ctypes.c_int32 * 8)()  # SDL_DisplayMode: format, width, height, rate, driver data
        if self._bell is not None or self._sdl.SDL_GetDesktopDisplayMode(0, ctypes.byref(mode)) != 0:
            return 0, 0
        return mode[1], mode[2]

    def close(self) -> None:
        """Let go of the window. A process has one; there is no other after it."""
        self._stopping = True
        self._events.close()
        self.window.close()
