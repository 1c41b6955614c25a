"""What `main.py run` does, from the window to the last event of it.

The way to the first page imports only Kivy, the standard library and ours, and waits for nothing: the hall is found
or started, the printer opened and the journal read by a thread that begins after the first frame.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from kiosk.clock import Clock, SystemClock
from kiosk.config import ConfigError, ScreenSettings, Settings, load
from kiosk.door import Reason
from screens.app import KioskApp, panel_of
from screens.front import Front, Shut
from screens.loop import Loop, prepare_environment
from screens.tokens import Panel

if TYPE_CHECKING:
    from kiosk.link.beside import HallBeside

MAIN = Path(__file__).resolve().parent.parent / "main.py"
PORTRAIT = (1080, 1920)
_LOOK_AGAIN = 5.0  # s between two looks at a hall.toml that was broken


def run_kiosk(
    hall: Path, data: Path, *, window: bool, connect: str | None, hall_beside: Callable[[], HallBeside]
) -> int:
    """What `main.py run` does. 0 when the window was closed, 1 when there was a reason not to go on."""
    try:
        settings = load(hall)
    except (ConfigError, OSError) as wrong:
        return _broken(hall, data, wrong, window=window)
    clock = SystemClock(settings.hall.zone)
    loop, panel = open_window(settings.screen, data, window=window)
    if not loop.seen:
        _tour_instead(hall, data)
    app = KioskApp(loop, panel, Front.of(settings), clock)
    app.when_warm = at_rest
    app.start()
    beside = None if connect else hall_beside()
    ended: list[str] = []
    room = threading.Thread(
        target=_machine_room, args=(app, settings, data, clock, connect, beside, ended), name="opening", daemon=True
    )
    room.start()
    try:
        loop.run()
    finally:
        if app.station is not None:
            app.station.close()
        if beside is not None and beside.url() is not None:
            beside.stop()
    for sentence in ended:
        _say(sentence)
    return 1 if ended else 0


def open_window(screen: ScreenSettings, data: Path, *, window: bool) -> tuple[Loop, Panel]:
    """The whole screen; or a window of the panel's shape, half the size where the desktop is lower than the panel."""
    prepare_environment(data.resolve() / "kiosk" / "kivy")
    loop = Loop(*PORTRAIT, fullscreen=not window, cursor=window)
    _wide, high = loop.desktop()
    if window and 0 < high < PORTRAIT[1]:
        loop.window.size = (PORTRAIT[0] // 2, PORTRAIT[1] // 2)
    width, height = loop.window.size
    return loop, panel_of(screen, (int(width), int(height)))


def _machine_room(app: KioskApp, settings: Settings, data: Path, clock: Clock, connect: str | None,
                  beside: HallBeside | None, ended: list[str]) -> None:
    """In a thread of its own: the slow imports, the hall, the station."""
    from kiosk.door import Hall, HallAway
    from kiosk.ledger.journal import KioskInUse
    from kiosk.link.beside import trust
    from kiosk.link.http import HttpHall
    from kiosk.station.events import HallSilent
    from kiosk.station.station import Station
    from screens.lending import lend

    async def find_door() -> Hall:
        if beside is None:
            certificate = data / "kiosk" / "hall.pem"
            token = (data / "kiosk" / "token").read_text(encoding="ascii").strip()
            return HttpHall(connect or "", token, trust=lambda: trust(certificate if certificate.exists() else None))
        if not beside.url() or not beside.token():
            msg = "not answering yet"
            raise HallAway(msg)
        return HttpHall(beside.url, beside.token, trust=lambda: trust(beside.certificate()))

    try:
        station = Station(settings, find_door, data, clock, app.loop.post, app.on_event)
    except KioskInUse as taken:
        ended.append(f"这个数据文件夹已经有一台终端在用 / another kiosk uses this data folder: {taken.holder}")
        app.loop.stop()
        return
    if beside is not None:
        beside.on_down(lambda: app.loop.post(partial(app.on_event, HallSilent())))
        beside.start()
    station.start()
    app.loop.post(partial(app.attach, station))
    lend(app, settings)


def at_rest() -> None:
    """Every page stands for good: the collector need never look through them again, least of all under a finger (some
    40 ms). For a process that is one kiosk; who looks for what a visit left must see every object."""
    gc.collect()
    Loop.give_back()
    gc.freeze()


def _say(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")


def _tour_instead(path: Path, data: Path) -> NoReturn:
    """There is nothing to show on: walk the tour off-screen in this process's place, and say so."""
    out = data / "tour"
    _say(f"没有显示屏，改为在屏幕外走一遍，图片在 {out}")
    _say(f"no display here: running the tour off-screen instead, pictures in {out}")
    sys.stderr.flush()
    # a process has one window, and this one's is already opened
    os.execv(sys.executable, [sys.executable, str(MAIN), "tour", "--hall", str(path), "--out", str(out)])  # noqa: S606


def _broken(path: Path, data: Path, wrong: Exception, *, window: bool) -> int:
    """hall.toml cannot be read: residents are told, staff see why, and the kiosk starts by itself when it is mended."""
    problems = wrong.problems if isinstance(wrong, ConfigError) else ()
    for problem in problems:
        _say(f"{path}: {problem.key}\n    现在 found:  {problem.found}\n    应为 wanted: {problem.wanted}")
    if not problems:
        _say(f"{path}: {wrong}")
    front = Front.nameless()
    loop, panel = open_window(front.screen, data, window=window)
    if not loop.seen:
        return 1
    from kivy.clock import Clock as Timer

    app = KioskApp(loop, panel, front, SystemClock())
    app.attach(Shut(Reason("config-broken"), loop.post, app.emit))
    app.start()
    mended: list[bool] = []

    def look(_passed: float) -> None:
        with suppress(ConfigError, OSError):
            load(path)
            mended.append(True)
            loop.stop()

    Timer.schedule_interval(look, _LOOK_AGAIN)
    loop.run()
    if mended:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  ourselves, with the same words
    return 1
