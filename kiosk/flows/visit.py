"""The conductor of one kiosk's visits: it holds the pages, the language and the look, what is pending, what times out.

`Visit` is a plain state holder without threads, clock, I/O or pixels. Whoever owns it hands it answers and the time and
gets back the page to show and what to do. All that a resident types lives in its stack of places and what it has asked,
and `wipe` drops both; what it keeps between visits (the hall's public facts, until when codes wait) names nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from kiosk.door import HallAway, HallFacts, Name, Reason, Refusal
from kiosk.flows import timing
from kiosk.flows.asking import VISIBLE_AFTER, Asking, Pending
from kiosk.flows.ending import Ending
from kiosk.flows.helping import LOOKS, Bell, DisplayPlace, HelpPlace
from kiosk.flows.places import (
    Aloud,
    Back,
    Begin,
    CallHelp,
    Command,
    End,
    Fetch,
    Finish,
    FinishedPlace,
    Go,
    HomePlace,
    Move,
    Place,
    Stay,
    World,
    Writer,
)
from kiosk.flows.porch import Porch
from kiosk.flows.steps import (
    Answer,
    Away,
    Bar,
    Draw,
    Effect,
    HelpComing,
    Leave,
    PaperEnded,
    Pick,
    Press,
    Replied,
    Scanned,
    Speak,
    Step,
    StillThere,
    Working,
)
from kiosk.words import Language

_WORKING = {"book": "booking", "reschedule": "changing", "cancel": "cancelling", "check_in": "checking-in",
            "reprint": "printing", "take_ticket": "queueing", "reprint_ticket": "printing", "rate": "rating",
            "file_request": "filing", "answer_request": "sending", "ask_help": "sending",
            "reprint_request": "printing"}
_DEEPEST = 40  # pages remembered for 返回; the oldest go first
_MOST_PHONES = 3


@dataclass(frozen=True, slots=True)
class Defaults:
    """How the next person finds the kiosk."""

    language: Language = "zh"
    look: str = "standard"
    low: bool = False


class Turn(NamedTuple):
    """What to show now, and what to do."""

    step: Step
    effects: tuple[Effect, ...]


class Visit:
    """One kiosk's resident, or nobody. `new_id` makes keys and print jobs (a UUID each); `scanner`: one is plugged in;
    `windows`: what the hall's windows are called; `requests`: the hall takes requests; `writer`: how people write, None
    where they cannot (yet); `names`: the hall asks what to call them; `voice`: the machine can read aloud. What a
    machine has may change at any time.

    Call `start` once, `handle` with every answer, `touch` for a touch that hit nothing, and `tick` at `due`. `step`,
    `language`, `look`, `low` and `facts` are there to be shown.
    """

    def __init__(
        self, new_id: Callable[[], str], defaults: Defaults | None = None, *, scanner: bool = True,
        windows: Mapping[str, Name] | None = None, requests: bool = True, writer: Writer | None = None,
        names: bool = False,
    ) -> None:
        self._new_id = new_id
        self._defaults = defaults = defaults or Defaults()
        self.scanner = scanner
        self._windows = windows or {}
        self.writer = writer
        self.voice = False
        self.names = names
        self.language: Language = defaults.language
        self.look = defaults.look
        self.low = defaults.low
        self._porch = Porch(requests=requests)
        self._asking = Asking(new_id)
        self._last: datetime | None = None
        self._codes_wait: datetime | None = None
        self._stack: list[Place] = []
        self._salt = ""
        self._phones: set[str] = set()
        self._ending = Ending()
        self._bell = Bell()
        self._warned: datetime | None = None
        self._touched = datetime.min.replace(tzinfo=UTC)

    # ---- what is shown ---------------------------------------------------------------------------------------------

    @property
    def facts(self) -> HallFacts | None:
        """The hall's public facts, None until it answered once."""
        return self._porch.facts

    @property
    def warned(self) -> bool:
        """The idle warning stands; `under` is the page below it."""
        return self._warned is not None

    def hall_now(self, now: datetime) -> datetime:
        """The hall's time: the kiosk's own, unless they were found more than 60 s apart."""
        return now + self._porch.offset

    def step(self, now: datetime) -> Step:
        """The page to show."""
        if not self._stack:
            return self._porch.step(now)
        if self._warned is not None:
            return StillThere(timing.seconds_left(self._warned + timing.WARNING, now))
        return self.under(now)

    def under(self, now: datetime) -> Step:
        """The page without the idle warning."""
        if not self._stack:
            return self.step(now)
        top = self._stack[-1]
        waits = None if top.over else self._asking.waiting()
        if waits and waits.away:
            return Away(Reason("hall-away"), waits.command)
        if waits and now - waits.since >= VISIBLE_AFTER:
            return Working(_WORKING.get(waits.method, "asking"))
        if isinstance(top, FinishedPlace):
            return self._ending.step(top.step(self._world(now)), top, self.look, now)
        return top.step(self._world(now))

    def due(self, now: datetime) -> datetime | None:
        """When to call `tick` next; None only before `start`."""
        if not self._stack:
            moments = self._porch.due()
            if self.language != self._defaults.language:
                moments.append(self._touched + timing.idle(self.look))
            return min(moments, default=None)
        moments = [*self._porch.due(), *self._asking.due(now)]
        top = self._stack[-1]
        if isinstance(top, FinishedPlace):
            moments.append(self._ending.due(top, self.look, now))
        elif self._warned is not None:
            moments.append(timing.next_second(self._warned + timing.WARNING, now))
        else:
            moments.append(self._touched + timing.idle(self.look))
        if self._codes_wait is not None:
            moments.append(self._codes_wait - self._porch.offset)
        return min(moments)

    # ---- what happens ----------------------------------------------------------------------------------------------

    def start(self, now: datetime) -> Turn:
        """The kiosk is on: the waiting page, and the first question to the hall."""
        return self.tick(now)

    def slip_lost(self, now: datetime) -> Turn:
        """A slip of a visit before a crash was never begun: say so for 60 s, naming nothing."""
        self._porch.slip_lost(now)
        return Turn(self.step(now), ())

    def hall_silent(self, now: datetime) -> Turn:
        """The hall was heard to be silent: the waiting page asks it now, not at its next turn."""
        if self._porch.away is None:
            self._porch.refresh(now)
        return self.tick(now)

    def touch(self, now: datetime) -> Turn:
        """A touch anywhere: somebody is still there."""
        self._keep_time(now)
        if self._stack:
            self._touched, self._warned = now, None
        return Turn(self.step(now), ())

    def handle(self, answer: Answer, now: datetime) -> Turn:
        """Take an answer of the resident, the hall, the printer or a clerk."""
        self._keep_time(now)
        if isinstance(answer, Replied):
            effects = self._replied(answer, now)
        elif isinstance(answer, PaperEnded):
            effects = self._show_ended(self._ending.ended(answer, now))
        elif isinstance(answer, HelpComing):
            effects = self._rung(self._bell.coming(answer.help))
        else:
            effects = self._resident(answer, now)
        return Turn(self.step(now), effects)

    def tick(self, now: datetime) -> Turn:
        """Let time pass."""
        self._keep_time(now)
        effects: tuple[Effect, ...] = (*self._porch.tick(now), *self._asking.again(now))
        if self._codes_wait is not None and self.hall_now(now) >= self._codes_wait:
            self._codes_wait = None
        if not self._stack:
            if now >= self._touched + timing.idle(self.look):
                self.language = self._defaults.language
            return Turn(self.step(now), effects)
        top = self._stack[-1]
        if isinstance(top, FinishedPlace):
            if now >= self._ending.clears_at(top, self.look):
                ended = self._ending.silent(top, now)
                effects += self._show_ended(ended) if ended else self._leave(now)
        elif self._warned is not None:
            if now >= self._warned + timing.WARNING:
                effects += self._leave(now)
        elif now >= self._touched + timing.idle(self.look):
            self._warned = now
        return Turn(self.step(now), effects)

    def wipe(self) -> None:
        """Drop everything of the visit: pages, what was typed, what is pending, language and look."""
        self._stack = []
        self._asking.forget()
        self._salt = ""
        self._phones = set()
        self._ending.forget()
        self._bell = Bell()
        self._warned = None
        self.language, self.look, self.low = self._defaults.language, self._defaults.look, self._defaults.low

    # ---- the resident ----------------------------------------------------------------------------------------------

    def _resident(self, answer: Pick | Press | Draw | Bar | Scanned, now: datetime) -> tuple[Effect, ...]:
        if not self._stack:
            if self._porch.shut and answer == Bar("language"):  # there is only this page to read
                self._touched = now
                self._turn_language()
                return ()
            self._begin(now)
            if isinstance(answer, Pick | Press | Draw):
                return ()
        warned, self._warned, self._touched = self._warned, None, now
        if isinstance(self._stack[-1], FinishedPlace) and self._stack[-1].paper != "printing":
            self._ending.shown = now
        if warned is not None and not isinstance(answer, Scanned):
            return self._leave(now) if answer == Pick("leave") else ()
        if isinstance(answer, Bar):
            return self._bar(answer.button, now)
        if isinstance(answer, Scanned):
            return self._scanned(answer.text, now)
        top = self._stack[-1]
        if isinstance(top, DisplayPlace) and isinstance(answer, Pick):
            self._show_as(answer.choice)
        if self._asking.waiting() and not top.over:
            return ()  # a second tap while the first is on its way
        move = _answered_by(top, answer, self._world(now))
        return self._follow(move, len(self._stack) - 1, now) if move else ()

    def _begin(self, now: datetime) -> None:
        self.wipe()
        self._salt = self._new_id()
        self._stack = [HomePlace(self._porch.cards())]
        self._touched = self._ending.shown = now

    def _bar(self, button: str, now: datetime) -> tuple[Effect, ...]:
        top = self._stack[-1]
        match button:
            case "language":
                self._turn_language()
            case "display":
                self._stack = self._stack[:-1] if isinstance(top, DisplayPlace) else [
                    *self._stack, DisplayPlace(self.look, self.low)]
                self._ending.shown = now
            case "help" if not isinstance(top, HelpPlace):
                return self._call_help("help", now)
            case "home":
                self._go_home()
            case "back":
                return self._back(now)
        return ()

    def _turn_language(self) -> None:
        self.language = "en" if self.language == "zh" else "zh"

    def _back(self, now: datetime) -> tuple[Effect, ...]:
        from kiosk.flows import paths  # noqa: PLC0415 - not on the way to the first page

        top, waits = self._stack[-1], self._asking.waiting()
        if top.over:
            self._stack = self._stack[:-1]
            self._ending.shown = now
        elif (waits and waits.command) or isinstance(top, FinishedPlace):
            self._go_home()  # what is ordered cannot be taken back by going back
        elif waits:
            self._asking.leave()
        elif isinstance(top, paths.WritePlace):
            return self._follow(top.back(), len(self._stack) - 1, now)
        elif len(self._stack) > 1:
            self._stack = self._stack[:-1]
        else:
            return self._leave(now)
        return ()

    def _go_home(self) -> None:
        self._asking.leave()
        self._stack = self._stack[:1]

    def _scanned(self, text: str, now: datetime) -> tuple[Effect, ...]:
        from kiosk.flows import paths  # noqa: PLC0415 - not on the way to the first page

        stack = list(self._stack)
        while stack[-1].over:
            stack.pop()
        if not stack[-1].scans or self._asking.waiting():
            return ()
        self._stack = stack
        return self._follow(paths.scanned(text, stack[-1]), len(stack) - 1, now)

    def _show_as(self, choice: str) -> None:
        if choice in LOOKS:
            self.look = choice
        elif choice == "low":
            self.low = not self.low
        self._stack = [*self._stack[:-1], DisplayPlace(self.look, self.low)]

    # ---- moves -----------------------------------------------------------------------------------------------------

    def _follow(self, move: Move, depth: int, now: datetime) -> tuple[Effect, ...]:
        """Do what the place at `depth` wants; pages that lie over it stay there."""
        below, over = self._stack[:depth + 1], self._stack[depth + 1:]
        move = _begun(move)
        match move:
            case Go(place):
                below = [below[0], *below[1:][-_DEEPEST:], place]
            case Stay(place):
                below = [*below[:-1], place]
            case Back():
                below = below[:-1] or below
                self._ending.shown = now
            case CallHelp(why):
                return self._call_help(why, now)
            case Aloud(text):
                return (Speak(text),)
            case End():
                return self._leave(now)
            case Finish():
                return self._finish(move, self._new_id(), now)
            case Fetch("find", (str(phone),), then) if self._too_many(phone):
                return self._follow(then(Refusal("rule", Reason("three-phones")), self._world(now)), depth, now)
            case Fetch(method, args, then) | Command(method, args, then):
                return self._asking.ask(method, args, then, depth, now, command=isinstance(move, Command))[1]
        self._stack = [*below, *over]
        return ()

    def _too_many(self, phone: str) -> bool:
        """Whether this is a fourth number in this visit. Kept as salted digests: going home drops what was typed."""
        digest = hashlib.sha256((self._salt + phone).encode()).hexdigest()
        if digest not in self._phones and len(self._phones) >= _MOST_PHONES:
            return True
        self._phones.add(digest)
        return False

    def _finish(self, move: Finish, key: str, now: datetime) -> tuple[Effect, ...]:
        place, effects = self._ending.finish(move, key, self.language, now)
        self._asking.leave()
        self._stack = [self._stack[0], place, *(lying for lying in self._stack if lying.over)]
        self._touched, self._warned = now, None
        return effects

    def _leave(self, now: datetime) -> tuple[Effect, ...]:
        self.wipe()
        self._porch.refresh(now)
        return (Leave(), *self._porch.tick(now))

    # ---- help ------------------------------------------------------------------------------------------------------

    def _call_help(self, why: str, now: datetime) -> tuple[Effect, ...]:
        page = type(self.under(now)).__name__
        rings = self._bell.key is None
        if not rings:  # one ring is enough; how it stands is shown again
            self._stack = [*self._stack, HelpPlace(self._bell.state, why)]
            return ()
        pending, effects = self._asking.ask("call_help", (page,), None, 0, now, command=True)
        pending.left = True  # the resident does not wait for it
        self._bell = Bell(pending.key, "ringing")
        self._stack = [*self._stack, HelpPlace(self._bell.state, why)]
        return effects

    def _rung(self, bell: Bell) -> tuple[Effect, ...]:
        self._bell = bell
        self._stack = [
            replace(place, state=bell.state) if isinstance(place, HelpPlace) else place for place in self._stack]
        return ()

    # ---- the hall and the printer ----------------------------------------------------------------------------------

    def _replied(self, reply: Replied, now: datetime) -> tuple[Effect, ...]:
        if reply.ask < 0:
            self._porch.replied(reply.ask, reply.value, now)
            return ()
        if isinstance(reply.value, HallAway):
            self._asking.missed(reply.ask, now)
            ringing = self._asking.helping()
            return self._rung(self._bell.unheard()) if ringing and ringing.away else ()
        pending = self._asking.replied(reply.ask)
        if pending is None:
            return ()  # of a former visit, or a question that was dropped
        if pending.method == "call_help":
            return self._rung(self._bell.answered(refused=isinstance(reply.value, Refusal)))
        self._notice_codes_wait(reply.value, now)
        return self._answered(pending, reply.value, now)

    def _answered(self, pending: Pending, value: object, now: datetime) -> tuple[Effect, ...]:
        if pending.then is None:
            return ()
        move = pending.then(value, self._world(now))
        self._touched = max(self._touched, now) if pending.away else self._touched
        if isinstance(move, Finish):
            return self._finish(move, pending.key or self._new_id(), now)
        return () if pending.left else self._follow(move, min(pending.depth, len(self._stack) - 1), now)

    def _notice_codes_wait(self, value: object, now: datetime) -> None:
        if isinstance(value, Refusal) and value.reason.code == "codes-wait":
            until = value.reason.facts.get("until")
            wait = value.retry_after or timedelta(minutes=5)
            self._codes_wait = until if isinstance(until, datetime) else self.hall_now(now) + wait

    def _show_ended(self, ended: FinishedPlace | None) -> tuple[Effect, ...]:
        """Show how the slip ended; one who walked on without paper is brought back to the number."""
        stands = ended and any(isinstance(place, FinishedPlace) and place.job == ended.job for place in self._stack)
        if ended and (stands or ended.paper == "screen"):
            if not stands:
                self._asking.leave()
            self._stack = [self._stack[0], ended, *(place for place in self._stack if place.over)]
        return ()

    # ---- time ------------------------------------------------------------------------------------------------------

    def _world(self, now: datetime) -> World:
        return World(self.hall_now(now), self.scanner, self._codes_wait, self._windows, self.writer,
                     self.voice, self.names)

    def _keep_time(self, now: datetime) -> None:
        """A clock set back must not keep a resident's page standing: every moment goes back with it."""
        if self._last is not None and now < self._last:
            by = now - self._last
            self._asking.shift(by)
            self._porch.shift(by)
            if self._stack:
                self._touched += by
                self._ending.shift(by)
            self._warned = self._warned + by if self._warned else None
        self._last = now


def _answered_by(place: Place, answer: Pick | Press | Draw, world: World) -> Move | None:
    """A stroke means something on the page to write on alone."""
    if isinstance(answer, Draw):
        from kiosk.flows import paths  # noqa: PLC0415 - not on the way to the first page

        return place.draw(answer) if isinstance(place, paths.WritePlace) else None
    return place.answer(answer, world)


def _begun(move: Move) -> Move:
    """The first move of the flow that is to begin; any other move as it is."""
    from kiosk.flows import paths  # noqa: PLC0415 - not on the way to the first page

    return paths.begun(move) if isinstance(move, Begin) else move
