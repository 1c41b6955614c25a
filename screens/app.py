"""The kiosk: a visit, the pages that show it, and the machine room, wired together. It decides nothing itself.

The way to the first page imports only Kivy, the standard library and ours, and waits for nothing: the hall is found
or started, the printer opened and the journal read by a thread that begins after the first frame. Until then what
the visit asks is kept in order, and the waiting page says that the machine is getting ready.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from kiosk.clock import Clock, SystemClock
from kiosk.config import ConfigError, ScreenSettings, Settings, load
from kiosk.door import Reason
from kiosk.flows.steps import Answer, Ask, Effect, Leave, PrintSlip, Speak, StillThere, Waiting, Write, Writer
from kiosk.flows.visit import Defaults, Turn, Visit
from kiosk.words import Language, Words
from screens import fonts, icons
from screens.front import Aloud, Front, House, MachineRoom, Shut
from screens.loop import Loop, prepare_environment
from screens.tokens import Panel, Tokens

if TYPE_CHECKING:
    from kiosk.link.beside import HallBeside
    from screens.shell import Shell

MAIN = Path(__file__).resolve().parent.parent / "main.py"
DEMO = MAIN.parent / "assets" / "demo" / "hall.toml"
PORTRAIT = (1080, 1920)
_PREWARM = 0.05  # s between two pages built while nobody is there
_LOOK_AGAIN = 5.0  # s between two looks at a hall.toml that was broken


def panel_of(screen: ScreenSettings, size: tuple[int, int]) -> Panel:
    """The panel as hall.toml describes it, at the resolution the window got."""
    return Panel(screen.inches, *size, float(screen.lower_edge_mm), float(screen.distance_mm))


def open_window(screen: ScreenSettings, data: Path, *, window: bool) -> tuple[Loop, Panel]:
    """The whole screen; or a window of the panel's shape, half the size where the desktop is lower than the panel."""
    prepare_environment(data.resolve() / "kiosk" / "kivy")
    loop = Loop(*PORTRAIT, fullscreen=not window, cursor=window)
    _wide, high = loop.desktop()
    if window and 0 < high < PORTRAIT[1]:
        loop.window.size = (PORTRAIT[0] // 2, PORTRAIT[1] // 2)
    width, height = loop.window.size
    return loop, panel_of(screen, (int(width), int(height)))


def make_shell(
    panel: Panel, house: House, language: Language, emit: Callable[[Any], None], now: Callable[[], datetime],
    touched: Callable[[], None], monotonic: Callable[[], float] = time.monotonic,
) -> Shell:  # fmt: skip
    """The frame for this panel, with fonts and icons from the cache."""
    from screens.kit import Kit
    from screens.shell import Shell

    cache = fonts.default_cache()
    tokens = Tokens(panel)
    kit = Kit(tokens, fonts.load(cache), icons.load(cache, tokens.icons), Words(language))
    return Shell(kit, house, emit, now, touched=touched, monotonic=monotonic)


class KioskApp:
    """One kiosk, between a `Visit` and a `Shell`. `attach` gives it a station once there is one."""

    def __init__(
        self, loop: Loop, panel: Panel, front: Front, clock: Clock, *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        from kivy.clock import Clock as Timer

        self._timer = Timer
        self.loop, self._panel, self._clock = loop, panel, clock
        language: Language = "en" if front.screen.language == "en" else "zh"
        defaults = Defaults(language, front.screen.look)
        self.visit = Visit(lambda: str(uuid.uuid4()), defaults, scanner=front.scanner, windows=front.windows,
                           requests=front.requests, names=front.names)
        self._words: dict[Language, Words] = {"zh": Words("zh"), "en": Words("en")}
        self.station: MachineRoom | None = None
        self._kept: list[Ask | PrintSlip] = []
        self._due: Any = None
        self._aloud: Aloud | None = None
        self._warm = False
        self.when_warm: Callable[[], None] = lambda: None
        self.shell = make_shell(panel, front.house, language, self.emit, self._hall_now, self._touched, monotonic)
        loop.window.add_widget(self.shell)
        loop.on_trouble = self._troubled

    def start(self) -> None:
        """The waiting page stands after this, and the first frame is drawn."""
        self._apply(self.visit.start(self._clock.now()))
        self._minute()
        self.loop.turn()
        self._timer.schedule_once(self._prewarm, _PREWARM)

    def attach(self, station: MachineRoom) -> None:
        """The machine room is ready: hand over what was kept. On the main thread."""
        self.station = station
        kept, self._kept = self._kept, []
        for effect in kept:
            self._do(effect)

    def lend(self, writer: Writer, aloud: Aloud | None = None) -> None:
        """From now on people can write, if there is a way, and have it read aloud. On the main thread."""
        self.visit.writer = writer if writer.ways else None
        self._aloud, self.visit.voice = aloud, aloud is not None
        self.tick()
        if self._warm and isinstance(self.shell.step, Waiting):
            self.when_warm()  # what came late is looked through no more, either

    def mute(self) -> None:
        """What was to be read aloud could not be heard: nobody is offered it again. On the main thread."""
        self._hush()
        self._aloud, self.visit.voice = None, False
        self.tick()

    def _hush(self) -> None:
        if self._aloud is not None:
            self._aloud.hush()

    def close(self) -> None:
        """Nothing of this kiosk is left on the window, nor any timer."""
        for timer in (self.tick, self._minute, self._prewarm):
            self._timer.unschedule(timer)
        self._hush()
        self.visit.wipe()
        self.shell.wipe()
        self.loop.window.remove_widget(self.shell)

    # ---- from the pages and from the machine room ----------------------------------------------------------------

    def emit(self, answer: Answer) -> None:
        """An answer of the page, the hall, the printer, the scanner or a clerk."""
        self._apply(self.visit.handle(answer, self._clock.now()))

    def on_event(self, event: Any) -> None:
        """What the station says, by `post` and therefore on the main thread."""
        from kiosk.station.events import DevicesChanged, HallFound, HallSilent, SlipLost

        if isinstance(event, SlipLost):
            self._apply(self.visit.slip_lost(self._clock.now()))
        elif isinstance(event, DevicesChanged):
            self.visit.scanner = event.scanner
            self._apply(self.visit.tick(self._clock.now()))
        elif isinstance(event, HallFound):
            self._apply(self.visit.tick(self._clock.now()))
        elif isinstance(event, HallSilent):
            self._apply(self.visit.hall_silent(self._clock.now()))
        else:
            self.emit(event)

    def _touched(self) -> None:
        self._apply(self.visit.touch(self._clock.now()))

    def tick(self, _passed: float = 0.0) -> None:
        """Time has passed."""
        self._apply(self.visit.tick(self._clock.now()))

    def _apply(self, turn: Turn) -> None:
        visit = self.visit
        if any(isinstance(effect, Leave) for effect in turn.effects):
            self.shell.wipe()
        if not isinstance(turn.step, Write | StillThere):
            self._hush()  # what is read aloud ends with the page
        tokens = Tokens(self._panel, visit.look, visit.low)
        self.shell.turn(turn.step, tokens, self._words[visit.language])
        for effect in turn.effects:
            self._do(effect)
        now = self._clock.now()
        due = visit.due(now)
        if self._due is not None:
            self._due.cancel()
        if due is not None:
            self._due = self._timer.schedule_once(self.tick, max(0.005, (due - now).total_seconds()))

    def _do(self, effect: Effect) -> None:
        if isinstance(effect, Leave):
            self._timer.schedule_once(lambda _passed: (gc.collect(), self.loop.give_back()), 0.5)  # no cycle waits
        elif isinstance(effect, Speak):
            if self._aloud is not None:
                self._aloud.say(effect.text)
        elif self.station is None:
            self._kept.append(effect)
        elif isinstance(effect, Ask):
            self.station.ask(effect)
        else:
            self.station.print(effect)

    # ---- by itself -----------------------------------------------------------------------------------------------

    def _hall_now(self) -> datetime:
        return self.visit.hall_now(self._clock.now())

    def _minute(self, _passed: float = 0.0) -> None:
        self.shell.tick()
        now = self._hall_now()
        left = 60 - now.second - now.microsecond / 1e6
        self._timer.schedule_once(self._minute, left + 0.01)

    def _prewarm(self, _passed: float) -> None:
        idle = isinstance(self.shell.step, Waiting)
        if not idle or self.shell.warm():
            self._timer.schedule_once(self._prewarm, _PREWARM if idle else 1.0)
            return
        self._warm = True
        self.when_warm()

    def _troubled(self, _trouble: Exception) -> None:
        """A page failed: nobody is left before a broken one, and nothing of the visit stays."""
        self._hush()
        self.visit.wipe()
        self.shell.wipe()
        self._apply(self.visit.tick(self._clock.now()))


# ---- the machine room --------------------------------------------------------------------------------------------


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


def run_kiosk(
    hall: Path | None, data: Path, *, window: bool, connect: str | None, hall_beside: Callable[[], HallBeside]
) -> int:
    """What `main.py run` does. 0 when the window was closed, 1 when there was a reason not to go on."""
    path = hall or DEMO
    try:
        settings = load(path)
    except (ConfigError, OSError) as wrong:
        return _broken(path, data, wrong, window=window)
    clock = SystemClock(settings.hall.zone)
    loop, panel = open_window(settings.screen, data, window=window)
    if not loop.seen:
        _tour_instead(path, data)
    app = KioskApp(loop, panel, Front.of(settings), clock)
    app.when_warm = _at_rest
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


def _at_rest() -> None:
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
