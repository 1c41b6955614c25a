"""The frame in which pages stand: header above, bar below, one page between them. It hands touches to targets, steps to
pages, and the pages' answers to whoever listens. It decides nothing about flows and never holds what was typed.

Touches: one finger. A target is pressed on touch-down and fires when let go inside it; on a surface the finger draws. A
second finger or a palm is ignored, as is the first 0.15 s of a page (a tap meant for the page before) and a second tap
on the same target within 0.3 s (a tremor).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from kivy.core.window import Window
from kivy.event import EventDispatcher
from kivy.lang import Builder, global_idmap
from kivy.properties import ObjectProperty
from kivy.uix.widget import Widget

import screens.widgets  # noqa: F401  makes the widgets known to Kivy's language
from kiosk.words import Words
from screens.kit import Kit, rgb
from screens.page import Emit, House, Page
from screens.pages import PAGES
from screens.tokens import Tokens
from screens.widgets.frame import BarButton, BottomBar, Header
from screens.widgets.piece import Surface, Target
from screens.widgets.turning import PageButton

SETTLE = 0.15  # s: taps so soon after a page came up were meant for the one before
PALM = 30.0  # mm: a touch this wide is no finger (where the panel tells)


def _other(words: Words) -> Callable[[str], str]:
    """What the waiting page says a second time for who reads the other language."""
    return Words("en" if words.language == "zh" else "zh").say


class Speaker(EventDispatcher):
    """`app` in the .kv files: `app.say('…')` is re-read when the language changes; `app.other('…')` says it in the
    language that is not chosen."""

    say = ObjectProperty(None)
    other = ObjectProperty(None)


class Shell(Widget):
    """The root widget. `emit(answer)` receives every answer; `touched()` hears of touches that hit nothing.

    `now` gives the hall's time for the header, `monotonic` the time in seconds by which taps are judged.
    """

    def __init__(
        self, kit: Kit, house: House, emit: Emit, now: Callable[[], datetime], *,
        touched: Callable[[], None] | None = None, monotonic: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        super().__init__()
        self.kit, self.house, self._emit, self._now, self._monotonic = kit, house, emit, now, monotonic
        self._touched = touched or (lambda: None)
        self.speaker = Speaker(say=kit.words.say, other=_other(kit.words))
        global_idmap["app"] = self.speaker
        self.header, self.bar = Header(), BottomBar()
        self._pages: dict[type, Page] = {}
        self.page: Page | None = None
        self.step: object = None
        self._shown_at = 0.0
        self._finger: Any = None
        self._pressed: Target | None = None
        self._fired: tuple[Target | None, float] = (None, -1.0)
        self._focus: Target | None = None
        self.add_widget(self.bar)
        Window.bind(on_key_down=self._key)

    # ---- showing -------------------------------------------------------------------------------------------------

    def show(self, step: object) -> None:
        """Show the page of this step. The same page again takes the new step over in place."""
        page = self.build(type(step))
        fresh = page is not self.page
        self.step = step
        if fresh:
            self._let_go()
            if self.page is not None:
                self.remove_widget(self.page)
                self.page.wipe()
            self.page = page
            self.add_widget(page)
            self._shown_at = self._monotonic()
            self._focus_on(None)
        page.show(step, self.kit, fresh=fresh)
        self.lay()

    def build(self, kind: type) -> Page:
        """The page for a kind of step, built at its first use."""
        if kind not in self._pages:
            module, name = PAGES[kind]
            file = Path(__file__).with_name(f"{module}.kv")
            page_class = getattr(import_module(f"screens.{module}"), name)
            if str(file) not in Builder.files:  # read twice, a page would have everything twice
                Builder.load_file(str(file))
            page = cast("Page", page_class())
            page.emit, page.house = self._emit, self.house
            self._pages[kind] = page
        return self._pages[kind]

    def warm(self) -> bool:
        """Build one page that is not yet built; False when all are. To be called while nobody is there."""
        self.kit.learn()
        kind = next((kind for kind in PAGES if kind not in self._pages), None)
        if kind is None:
            return False
        self.build(kind)
        return True

    def look(self, tokens: Tokens, words: Words) -> None:
        """Change look, reach or language; the step stays."""
        if self._take(tokens, words) and self.page is not None and self.step is not None:
            self.page.show(self.step, self.kit, fresh=False)
            self.lay()

    def turn(self, step: object, tokens: Tokens, words: Words) -> None:
        """Show a step in this look and language. What stands already is not laid again: a kiosk that waits hears from
        its hall four times a minute, and mostly nothing new."""
        if self._take(tokens, words) or step != self.step:
            self.show(step)

    def _take(self, tokens: Tokens, words: Words) -> bool:
        if tokens == self.kit.tokens and words.language == self.kit.words.language:
            return False
        self.kit = self.kit.changed(tokens, words)
        self.speaker.say, self.speaker.other = words.say, _other(words)
        return True

    def lay(self) -> None:
        """Put everything into its place."""
        page, kit = self.page, self.kit
        if page is None:
            return
        width, height = kit.tokens.panel.width, kit.tokens.panel.height
        self.pos, self.size = (0, 0), (width, height)
        Window.clearcolor = (*rgb(kit.colours.paper), 1)
        high, low = kit.tokens.header, kit.tokens.bar
        self.bar.say(kit.words, page.without)
        self.bar.put(kit, 0, 0, width, low)
        if page.bare and self.header.parent:
            self.remove_widget(self.header)
        elif not page.bare and not self.header.parent:
            self.add_widget(self.header)
        self._time()
        page.lay(kit, width, low, height if page.bare else height - high)

    def tick(self) -> None:
        """The minute has changed, perhaps."""
        if self.page is not None and self.page.bare:
            self.lay()
        else:
            self._time()

    def _time(self) -> None:
        words, now = self.kit.words, self._now()
        if self.page is not None and self.page.bare:
            self.page.clock(now, words, words.name(self.house.name))
        self.header.say(words, self.house.name, now)
        if self.header.parent:
            tokens = self.kit.tokens
            self.header.put(self.kit, 0, tokens.panel.height - tokens.header, tokens.panel.width, tokens.header)

    def wipe(self) -> None:
        """Nothing of the last resident is left in any page: texts, textures, focus."""
        self._let_go()
        self._focus_on(None)
        self._fired = (None, -1.0)
        for page in self._pages.values():
            page.wipe()
        self.step = None

    # ---- touching ------------------------------------------------------------------------------------------------

    def targets(self) -> list[Target]:
        """Everything that can be touched now, in reading order; the bar last."""
        page = self.page.targets() if self.page else []
        return [target for target in (*page, *self.bar.buttons) if not target.off]

    def on_touch_down(self, touch: Any) -> bool:
        if self._finger is not None or getattr(touch, "button", "left") != "left":
            return True
        shape = getattr(touch, "shape", None)
        wide = max(getattr(shape, "width", 0), getattr(shape, "height", 0)) if shape else 0
        if wide > self.kit.tokens.mm(PALM):
            return True
        self._finger = touch.uid
        if self._monotonic() - self._shown_at < SETTLE:
            return True
        self._pressed = next((target for target in self.targets() if target.collide_point(*touch.pos)), None)
        if self._pressed is not None:
            self._focus_on(None)
            self._pressed.pressed = True
            if isinstance(self._pressed, Surface):
                self._pressed.begin(*touch.pos)
        else:
            self._touched()
        return True

    def on_touch_move(self, touch: Any) -> bool:
        if touch.uid == self._finger and isinstance(self._pressed, Surface):
            self._pressed.follow(*touch.pos)
        elif touch.uid == self._finger and self._pressed is not None:
            self._pressed.pressed = self._pressed.collide_point(*touch.pos)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        if touch.uid != self._finger:
            return True
        if isinstance(self._pressed, Surface):
            self._drawn(self._pressed, touch)
            return True
        target, inside = self._pressed, bool(self._pressed and self._pressed.collide_point(*touch.pos))
        self._let_go()
        if target is not None and inside:
            self._fire(target)
        return True

    def _drawn(self, surface: Surface, touch: Any) -> None:
        """The line stands until the page shows what became of it. Two dots may be as quick as a tremor."""
        answer = surface.end(*touch.pos)
        if answer is None:
            self._touched()
        elif self.page is not None:
            self.page.emit(answer)
        self._let_go()

    def _let_go(self) -> None:
        self._finger = None
        if self._pressed is not None:
            if isinstance(self._pressed, Surface):
                self._pressed.drop()
            self._pressed.pressed = False
            self._pressed = None

    def _fire(self, target: Target) -> None:
        now = self._monotonic()
        last, when = self._fired
        if target.off or (last is target and now - when < target.rest):
            return
        self._fired = (target, now)
        if isinstance(target, PageButton):
            cast("Any", target.parent).turn(target.by)
            self.lay()
        elif isinstance(target, BarButton):
            self._emit(target.answer)
        elif self.page is not None:
            self.page.fire(target)

    # ---- keys: a path without touching ---------------------------------------------------------------------------

    def _focus_on(self, target: Target | None) -> None:
        if self._focus is not None:
            self._focus.focused = False
        self._focus = target
        if target is not None:
            target.focused = True

    def _key(self, _window: object, key: int, *_rest: object) -> bool:
        """Tab or an arrow moves the ring, Enter or space presses: an external keypad reaches everything."""
        targets = self.targets()
        forward, backward, press = {9, 274, 275}, {273, 276}, {13, 32, 271}
        if key in press and self._focus in targets:
            self._fire(cast("Target", self._focus))
        elif key in forward | backward and targets:
            self._touched()
            at = targets.index(self._focus) if self._focus in targets else (-1 if key in forward else 0)
            self._focus_on(targets[(at + (1 if key in forward else -1)) % len(targets)])
        return True
