"""The kiosk: a visit, the pages that show it, and the machine room, wired together. It decides nothing itself.

The first page stands before there is a machine room: until then what the visit asks is kept in order, and the waiting
page says that the machine is getting ready.
"""

from __future__ import annotations

import gc
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kiosk.clock import Clock
from kiosk.config import ScreenSettings
from kiosk.flows.places import Writer
from kiosk.flows.steps import Answer, Ask, Effect, Leave, PrintSlip, Speak, StillThere, Waiting, Write
from kiosk.flows.visit import Defaults, Turn, Visit
from kiosk.words import Language, Words
from screens import fonts, icons
from screens.front import Aloud, Front, House, MachineRoom
from screens.loop import Loop
from screens.tokens import Panel, Tokens

if TYPE_CHECKING:
    from screens.shell import Shell

_PREWARM = 0.05  # s between two pages built while nobody is there


def panel_of(screen: ScreenSettings, size: tuple[int, int]) -> Panel:
    """The panel as hall.toml describes it, at the resolution the window got."""
    return Panel(screen.inches, *size, float(screen.lower_edge_mm), float(screen.distance_mm))


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
